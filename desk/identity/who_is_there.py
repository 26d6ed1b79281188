"""Who asks: the person of the home's roster behind a session, read anew at each request, and the check of each view.

Does not belong here: what a role may ask for (`access.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from desk.identity import access, accounts
from desk.pages import typed_forms
from desk.pages.request import Request
from ingestion.home import Home
from ingestion.people.acts import read_people
from ingestion.people.roster import Person, roster_path

Answer = Callable[[Request], HttpResponse]
_OPEN = ("/static/",)


class WhoIsThere:
    """Attach home, person and roles to a request, and refuse each view that does not answer one of these roles."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Return the answer for who asks; a session of somebody who left the roster ends here."""
        home = Home.at().existing()
        request.home = home
        person = _person(home, request)
        if person is None and request.user.is_authenticated:
            logout(request)
        request.person = person
        today = datetime.datetime.now(tz=datetime.UTC).date()
        request.roles = frozenset(read_people(home).roles_on(person.person, today) if person else ())
        request.sources = read_people(home).sources_on(person.person, today) if person else []
        return self._answer(request)

    def process_view(self, request: Request, view: Any, args: object, kwargs: object) -> HttpResponse | None:  # noqa: ANN401
        """Let a view answer who has one of its roles; to all others there is no such page."""
        roles = access.roles_of(view)
        if roles == access.EVERYBODY:
            return None
        if request.person is None:
            typed_forms.hold(request)
            return redirect_to_login(request.get_full_path())
        if _awaits_second_factor(request) and not access.is_before_second_factor(view):
            return redirect("second_factor")
        if request.session.get(accounts.ONCE) and not access.is_before_own_password(view):
            return redirect("change_password")
        if _owes_second_factor(request) and not access.is_before_own_password(view):
            return redirect("enter_second_factor")
        if not roles & request.roles:
            raise Http404
        if request.method == "POST":
            typed_forms.drop(request.person.person, request.get_full_path())
        return None


def _person(home: Home, request: Request) -> Person | None:
    if not request.user.is_authenticated or not roster_path(home).exists():
        return None
    return read_people(home).people.get(request.user.get_username())


def _awaits_second_factor(request: Request) -> bool:
    from django_otp import user_has_device

    verified: bool = request.user.is_verified()  # pyright: ignore[reportAttributeAccessIssue] - django-otp adds it
    return user_has_device(request.user) and not verified


def _owes_second_factor(request: Request) -> bool:
    """Return whether who asks gives others their passwords, and has no telephone of her own yet."""
    from django_otp import user_has_device

    is_asked = "administer" in request.roles and not request.home.is_invented
    match = request.resolver_match
    return is_asked and not user_has_device(request.user) and (match is None or match.url_name != "enter_second_factor")
