"""A request as every view of the desk gets it."""

from __future__ import annotations

from django.http import HttpRequest

from ingestion.home import Home
from ingestion.people.roster import Person
from languages.words import Words


class Request(HttpRequest):
    """A request with what the middleware attached.

    Attributes:
        words: of the language of its answer.
        home: whose desk it is.
        person: of the roster of now; None before somebody has signed in.
        roles: hers of today, with those in which she is a deputy.
        sources: the senders whose files she brings today.
        typed: name and value of each field of a form that a button of the languages sent; None for all other requests.
    """

    words: Words
    home: Home
    person: Person | None
    roles: frozenset[str]
    sources: list[str]
    typed: list[tuple[str, str]] | None
    htmx: bool
