"""A browser without scripts for tests of the desk: Django's client, signed in as one of the invented people."""

from __future__ import annotations

from django.test import Client

from desk.identity.accounts import INVENTED


def browser(person: str = "", language: str = "en") -> Client:
    """Return a client that speaks a language; with a person, signed in through the page."""
    client = Client(headers={"Accept-Language": language})
    if person:
        answer = client.post("/sign-in", {"name": person, "password": INVENTED.format(person=person)})
        assert answer.status_code == 302, answer.content.decode()
    return client
