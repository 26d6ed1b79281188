"""Accounts of persons of the roster: an account holds a password and a second factor, never a role.

Belongs here: making one, its password, the invented people's. Does not belong here: who belongs to the house (an act of
two), or signing in (`views.py`).
"""

from __future__ import annotations

import datetime
import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from axes.utils import reset
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone
from django_otp import user_has_device
from django_otp.plugins.otp_totp.models import TOTPDevice

from desk.identity.access import person_of
from desk.pages.request import Request
from ingestion.home import Home
from ingestion.people.acts import read_people
from languages.refusal import Refusal

INVENTED = "invented-{person}-2026"
"""The passwords of the five invented people: everybody may know them."""

ONCE = "password for one sign-in"
"""The mark of an account, and of its session, until its person has chosen a password of her own."""


_HOLDS = datetime.timedelta(days=1)


@dataclass(frozen=True)
class AccountState:
    """Whether an account has a password and a second factor, and when its person last signed in."""

    has_password: bool = False
    has_second_factor: bool = False
    last_sign_in: datetime.datetime | None = None


def make_tables() -> None:
    """Make or update the tables of the desk's own database."""
    call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)  # drafts have one table, and no history


def set_password(home: Home, person: str, password: str) -> None:
    """Give a person of the roster a password, open her account if it was locked, and end all her sessions.

    Raises:
        Refusal: `account_unknown`; `password_weak`.
    """
    if person not in read_people(home).people:
        raise Refusal("account_unknown", where=person)
    user, _ = User.objects.get_or_create(username=person)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refusal("password_weak", where=person) from error
    user.set_password(password)
    user.save()
    user.groups.clear()
    reset(username=person)
    end_sessions(person)


def end_sessions(person: str) -> None:
    """End all sessions of a person."""
    user = User.objects.filter(username=person).first()
    for session in Session.objects.all() if user else ():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):  # type: ignore[union-attr]
            session.delete()


def give_once(home: Home, person: str) -> str:
    """Give a person a password for one sign-in within a day, after which she is asked for her own, and return it."""
    password = secrets.token_urlsafe(12)
    set_password(home, person, password)
    group, _ = Group.objects.get_or_create(name=ONCE)
    user = User.objects.get(username=person)
    user.groups.add(group)
    user.date_joined = timezone.now()  # when it was given
    user.save()
    return password


def use_once(user: User) -> bool:
    """Use up a password for one sign-in, and return whether it still held: it does for a day after it was given."""
    holds = timezone.now() - user.date_joined < _HOLDS
    user.set_unusable_password()
    user.save()
    return holds


def is_once(user: User) -> bool:
    """Return whether an account has a password for one sign-in only."""
    return user.groups.filter(name=ONCE).exists()


def is_her_password(request: Request, password: str) -> bool:
    """Return whether who asks typed the password of her account: whoever has her session alone changes nothing."""
    return authenticate(request, username=person_of(request).person, password=password) is not None


def remove_second_factor(person: str) -> None:
    """Remove every second factor of a person, and end all her sessions."""
    TOTPDevice.objects.filter(user__username=person).delete()
    end_sessions(person)


def wait_after_wrong_numbers(user: Any, *, confirmed: bool = True) -> Mapping[str, int]:  # noqa: ANN401 - as requests have it
    """Return how long each number of a person's telephone is refused, in seconds and minutes; empty if it is not."""
    device = TOTPDevice.objects.filter(user=user, confirmed=confirmed).last()
    _, refused = device.verify_is_allowed() if device else (True, None)
    if not refused:
        return {}
    until = cast(datetime.datetime, refused["locked_until"])
    seconds = math.ceil((until - timezone.now()).total_seconds())
    return {"seconds": seconds, "minutes": math.ceil(seconds / 60)}


def state_of(person: str) -> AccountState:
    """Return what the account of a person has."""
    user = User.objects.filter(username=person).first()
    if user is None:
        return AccountState()
    return AccountState(
        has_password=user.has_usable_password(), has_second_factor=user_has_device(user), last_sign_in=user.last_login
    )


def enter_invented(home: Home) -> Mapping[str, str]:
    """Give the five invented people their passwords, and return them; in a home of real files nobody gets one."""
    if not home.is_invented:
        return {}
    passwords = {person: INVENTED.format(person=person) for person in read_people(home).people}
    for person, password in passwords.items():
        if not User.objects.filter(username=person).exists():
            set_password(home, person, password)
    return passwords
