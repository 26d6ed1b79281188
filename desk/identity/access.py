"""What a role may ask for: each view names the roles that it answers, and a view that names none answers nobody.

Belongs here: the mark of a view and its check. Does not belong here: which person has which role (the home's roster),
or signing in (`views.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse

from desk.pages.request import Request
from ingestion.people.roster import ROLES, Person

View = Callable[..., HttpResponse]
EVERYBODY = frozenset({"anybody"})
"""For pages that are answered before somebody has signed in."""
ALL_ROLES = frozenset(ROLES)
_ROLES, _BEFORE_FACTOR, _BEFORE_PASSWORD = "roles", "before_second_factor", "before_own_password"
SIGNERS = frozenset({"prepare", "approve", "recover"})


def allow(*roles: str, before_second_factor: bool = False, before_own_password: bool = False) -> Callable[[View], View]:
    """Mark a view with the roles that it answers.

    Args:
        roles: of the roster; `anybody` for pages that are answered to whoever asks.
        before_second_factor: whether it is answered to a person whose second factor was not asked yet.
        before_own_password: whether it is answered to a person who signed in by a password for one time.
    """

    def mark(view: View) -> View:
        setattr(view, _ROLES, frozenset(roles))
        setattr(view, _BEFORE_FACTOR, before_second_factor)
        setattr(view, _BEFORE_PASSWORD, before_own_password or before_second_factor)
        return view

    return mark


def roles_of(view: Any) -> frozenset[str]:  # noqa: ANN401 - whatever stands at an address
    """Return the roles that a view answers; empty if it names none."""
    return getattr(view, _ROLES, frozenset())


def is_before_second_factor(view: Any) -> bool:  # noqa: ANN401 - as `roles_of`
    """Return whether a view is answered to a person whose second factor was not asked yet."""
    return getattr(view, _BEFORE_FACTOR, False)


def is_before_own_password(view: Any) -> bool:  # noqa: ANN401 - as `roles_of`
    """Return whether a view is answered to a person who signed in by a password for one time."""
    return getattr(view, _BEFORE_PASSWORD, False)


def person_of(request: Request) -> Person:
    """Return who asks, by the roster of now.

    Raises:
        Http404: nobody does.
    """
    if request.person is None:
        raise Http404
    return request.person
