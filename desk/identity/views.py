"""Signing in and out, the second factor, and the first page: the tasks of who is there.

Does not belong here: accounts (`accounts.py`), what a role may ask for (`access.py`).
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_otp import login as verify_device
from django_otp import match_token

from desk.configuration import ATTEMPTS, MINUTES_LOCKED
from desk.identity import accounts, attempts
from desk.identity.access import ALL_ROLES, EVERYBODY, allow, person_of
from desk.pages import typed_forms
from desk.pages.request import Request
from desk.pages.showing import show
from ingestion.people.acts import read_people
from ingestion.people.acts_log import log_look

TASKS = (
    ("receive", "send"),
    ("prepare", "owed"),
    ("approve", "owed"),
    ("prepare", "figures"),
    ("approve", "figures"),
    ("edit", "edit"),
    ("prepare", "build"),
    ("recover", "build"),
    ("prepare", "acts"),
    ("approve", "acts"),
    ("recover", "acts"),
    ("administer", "accounts"),
    ("administer", "people"),
    ("prepare", "people"),
    ("recover", "people"),
    ("administer", "log"),
    ("approve", "log"),
)
"""Role -> the address of a task, in the order of the first page."""


@allow(*EVERYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Ask for name and password; a sign-in is a line of the log, written before anything is shown."""
    name, back = request.POST.get("name", "").strip(), request.POST.get("next") or request.GET.get("next") or "/"
    if request.method != "POST":
        return _show_form(request, back)
    user = cast(User | None, authenticate(request, username=name, password=request.POST.get("password", "")))
    if user is None or user.get_username() not in read_people(request.home).people:
        attempts.log_attempt(request, name)
        return _show_form(request, back, status=422, name=name, has_failed=True)
    is_once = accounts.is_once(user)
    if is_once and not accounts.use_once(user):
        return _show_form(request, back, status=422, name=name, has_expired=True)
    log_look(request.home, user.get_username(), "desk sign-in", kind="signed_in")
    login(request, user)
    request.session[accounts.ONCE] = is_once
    if typed_forms.find(user.get_username()):
        return redirect("typed")
    return redirect(back if _is_ours(back) else "/")


def locked_out(request: Request, *_arguments: Any, **_named: Any) -> HttpResponse:  # noqa: ANN401 - as axes calls it
    """Return the page for an account that was tried too often."""
    return _show_form(request, "/", status=429, is_locked=True)


@allow(*ALL_ROLES, before_second_factor=True)
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: Request) -> HttpResponse:
    """Ask for the number that the person's telephone shows."""
    if request.method == "POST":
        earlier = accounts.wait_after_wrong_numbers(request.user)
        device = None if earlier else match_token(request.user, request.POST.get("token", "").strip())
        if device is not None:
            verify_device(request, device)
            request.session.cycle_key()  # who knew the key of before gets nothing of what is opened now
            return redirect("typed" if typed_forms.find(person_of(request).person) else "tasks")
        wait = earlier or accounts.wait_after_wrong_numbers(request.user)
        return show(request, "second_factor.html", status=422, has_failed=not earlier, wait=wait)
    return show(request, "second_factor.html")


@allow(*ALL_ROLES, before_second_factor=True)
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("sign_in")


@allow(*ALL_ROLES)
@require_safe
def tasks(request: Request) -> HttpResponse:
    """Show the tasks of who is there."""
    mine = list(dict.fromkeys(task for role, task in TASKS if role in request.roles))
    state: dict[str, Any] = {
        "has_enrolled": "telephone" in request.GET,
        "typed": typed_forms.find(person_of(request).person),
    }
    return show(request, "tasks.html", tasks=mine, **state)


def _show_form(request: Request, back: str, status: int = 200, name: str = "", **state: bool) -> HttpResponse:
    limits = {"attempts": ATTEMPTS, "minutes": MINUTES_LOCKED}
    return show(request, "sign_in.html", status=status, back=back, name=name, **limits, **state)


def _is_ours(address: str) -> bool:
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
