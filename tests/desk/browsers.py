"""A browser without scripts for tests of the desk: Django's client, signed in as one of the invented people."""

from __future__ import annotations

import html
from functools import cache
from pathlib import Path

from django.test import Client

from desk.identity.accounts import INVENTED
from ingestion.people.roster import parse_roster
from languages.words import Words
from samples import invented_people

_PEOPLE = Path(invented_people.__file__).with_name("people") / "people.yml"


def browser(person: str = "", language: str = "en", password: str = "") -> Client:
    """Return a client that speaks a language; with a person, signed in through the page."""
    client = Client(headers={"Accept-Language": language, "Host": "localhost"})
    if person:
        answer = client.post("/sign-in", {"name": person, "password": password or INVENTED.format(person=person)})
        assert answer.status_code == 302, answer.content.decode()
    return client


@cache
def roles(person: str) -> frozenset[str]:
    """Return the roles of an invented person."""
    return frozenset(parse_roster(_PEOPLE.read_bytes(), _PEOPLE).people[person].roles)


def says(content: bytes, key: str, **arguments: str | float) -> bool:
    """Return whether a page in English says this."""
    return Words.load("en").text(key, **arguments) in html.unescape(content.decode())
