"""Accounts of persons of the roster: an account holds a password and a second factor, never a role.

Belongs here: making one, its password, the invented people's. Does not belong here: who belongs to the house (an act of
two), or signing in (`views.py`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import call_command

from ingestion.home import Home
from ingestion.people.acts import read_people
from languages.refusal import Refusal

INVENTED = "invented-{person}-2026"
"""The passwords of the five invented people: everybody may know them."""


def make_tables() -> None:
    """Make or update the tables of the desk's own database."""
    call_command("migrate", verbosity=0, interactive=False)


def set_password(home: Home, person: str, password: str) -> None:
    """Give a person of the roster a password, and end all her sessions.

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
    end_sessions(person)


def end_sessions(person: str) -> None:
    """End all sessions of a person."""
    user = User.objects.filter(username=person).first()
    for session in Session.objects.all() if user else ():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):  # type: ignore[union-attr]
            session.delete()


def one_time_password() -> str:
    """Return a password that a person changes when she first signs in."""
    return secrets.token_urlsafe(12)


def enter_invented(home: Home) -> Mapping[str, str]:
    """Give the five invented people their passwords, and return them; in a home of real files nobody gets one."""
    if not home.is_invented:
        return {}
    passwords = {person: INVENTED.format(person=person) for person in read_people(home).people}
    for person, password in passwords.items():
        if not User.objects.filter(username=person).exists():
            set_password(home, person, password)
    return passwords
