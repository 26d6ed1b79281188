"""Forms that could not be answered: held in memory for an hour, for the person whose page they were, and nobody else.

A form that is worth it bears a mark of its person ({% typed_by %}), so that it is still hers once her session has
ended. It is shown to her after she has signed in again, and sent by her own button: nothing is done by holding it.

Belongs here: which forms, for whom, how long. Does not belong here: drafts (`desk/editing/drafts.py`); files, words of
files and passwords, whose forms bear no mark.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from django.core import signing

from desk.pages.request import Request

FIELD = "typed_by"
SECONDS = 3600
_SECONDS_OF_PAGE = 24 * 3600
"""How old a page may be that a form comes from."""
_LEFT_OUT = (FIELD, "csrfmiddlewaretoken")


@dataclass(frozen=True)
class TypedForm:
    """A form as it was sent.

    Attributes:
        address: that it was sent to.
        fields: name and value of each.
        until: when it goes, on the clock of this process.
    """

    address: str
    fields: list[tuple[str, str]] = field(repr=False)
    until: float

    @property
    def texts(self) -> list[str]:
        """What a person typed of it: of several words, as neither a choice nor a version is."""
        return [value for _, value in self.fields if len(value.split()) > 1]


_held: dict[str, TypedForm] = {}
_lock = threading.Lock()


def mark_of(person: str) -> str:
    """Return the mark of a person's form."""
    return signing.dumps(person, salt=FIELD)


def hold(request: Request) -> bool:
    """Hold the form of a request in place of the person's earlier one, and return whether it could be held.

    It cannot where it bears no mark, where another person is signed in by now, or where there is a file in it.
    """
    person, signed_in = _whose(request), getattr(request, "person", None)
    if not person or request.FILES or (signed_in and signed_in.person != person):
        return False
    with _lock:
        _held[person] = TypedForm(request.get_full_path(), fields_of(request), time.monotonic() + SECONDS)
    return True


def fields_of(request: Request) -> list[tuple[str, str]]:
    """Return name and value of each field of a form, without those that a page makes anew."""
    return [(name, value) for name, values in request.POST.lists() if name not in _LEFT_OUT for value in values]


def find(person: str) -> TypedForm | None:
    """Return the form that is held for a person."""
    with _lock:
        for name in [name for name, form in _held.items() if form.until <= time.monotonic()]:
            del _held[name]
        return _held.get(person)


def drop(person: str, address: str) -> None:
    """Let a person's form go that comes to its address again."""
    with _lock:
        if person in _held and _held[person].address == address:
            del _held[person]


def _whose(request: Request) -> str:
    """Return whose page a form comes from; empty if nobody can tell."""
    try:
        return signing.loads(request.POST.get(FIELD, ""), salt=FIELD, max_age=_SECONDS_OF_PAGE)
    except signing.BadSignature:
        return ""
