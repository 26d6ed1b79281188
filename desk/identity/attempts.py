"""What is kept of wrong passwords: the account and the address that they are counted by, and a line of the log.

Belongs here: what django-axes asks. Does not belong here: how many are allowed, and for how long (`configuration.py`).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django_otp import user_has_device

from desk.pages.request import Request
from ingestion.people.acts import read_people
from ingestion.people.acts_log import log_look

_SECONDS_BETWEEN_LINES = 900
_logged: dict[str, float] = {}


def name_of_attempt(request: Request | None, credentials: Mapping[str, Any] | None) -> str:
    """Return the account of an attempt, or a keyed hash of what is none: some type their password there."""
    typed = str((credentials or {}).get("username") or (request.POST.get("name", "") if request else "")).strip()
    return typed if User.objects.filter(username=typed).exists() else f"unknown-{_keyed_hash(typed).hex()[:16]}"


def address_of_attempt(request: Request) -> str:
    """Return the address of an attempt as a keyed hash, in the form of an address of no network (RFC 4193)."""
    return str(ipaddress.IPv6Address(b"\xfd" + _keyed_hash(request.META.get("REMOTE_ADDR", ""))[:15]))


def is_never_locked(request: Request | None, credentials: Mapping[str, Any] | None = None) -> bool:
    """Return whether the account has a second factor, which is asked beside the password and has a wait of its own."""
    user = User.objects.filter(username=name_of_attempt(request, credentials)).first()
    return user is not None and user_has_device(user)


def log_attempt(request: Request, name: str) -> None:
    """Log that the password of a person of the house was typed wrong; once a quarter of an hour for each person."""
    now = time.monotonic()
    if name in read_people(request.home).people and now >= _logged.get(name, now):
        _logged[name] = now + _SECONDS_BETWEEN_LINES
        log_look(request.home, name, "desk wrong-password", kind="account")


def _keyed_hash(text: str) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), text.encode("utf-8", "surrogatepass"), hashlib.sha256)
