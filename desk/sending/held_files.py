"""Files between their check and their sending: held in memory for a quarter of an hour, then gone.

Belongs here: how many, for whom, how long; how many are checked at a time. Does not belong here: what is in a file
(`marsad/answers/sent_file.py`). Nothing here is ever written to a disk, so a server that stops holds nothing.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.auth.signals import user_logged_out

from ingestion.submissions.receipts import Receipt
from languages.refusal import Refusal
from marsad.answers.sent_file import SentFile

SECONDS = 900
MOST_FILES = 4
MOST_CHECKS = 2
_SECONDS_OF_PATIENCE = 20


@dataclass(frozen=True)
class HeldFile:
    """A file of a session.

    Args:
        token: in the addresses of its pages.
        session: that it was sent in; another one of the same person does not see it.
        person: who sent it.
        until: when it goes, on the clock of this process.
        sent: the file; None once it was received.
        receipt: then, with the places of findings, which the register does not hold.
    """

    token: str
    session: str
    person: str
    until: float
    sent: SentFile | None = field(repr=False)
    receipt: Receipt | None = None


_held: dict[str, HeldFile] = {}
_lock = threading.Lock()
_checks = threading.BoundedSemaphore(MOST_CHECKS)


@contextmanager
def checking() -> Generator[None]:
    """Wait for one of the places in which files are checked.

    Raises:
        Refusal: `desk_busy` if none is free for a while.
    """
    if not _checks.acquire(timeout=_SECONDS_OF_PATIENCE):
        raise Refusal("desk_busy", where="-")
    try:
        yield
    finally:
        _checks.release()


def refuse_full(person: str) -> None:
    """Refuse another file while all places are taken by other persons; a person's own earlier file makes way.

    Raises:
        Refusal: `desk_full`.
    """
    with _lock:
        _refuse_full(person)


def hold(session: str, person: str, sent: SentFile) -> HeldFile:
    """Hold a file in place of the person's earlier one, and return it with its token.

    Raises:
        Refusal: `desk_full`.
    """
    held = HeldFile(secrets.token_urlsafe(16), session, person, time.monotonic() + SECONDS, sent)
    with _lock:
        _refuse_full(person)  # between its check and now others may have taken the last place
        _drop(lambda other: other.person == person)
        _held[held.token] = held
    clock = threading.Timer(SECONDS, drop, (held.token,))
    clock.daemon = True
    clock.start()
    return held


def find(session: str, person: str, token: str) -> HeldFile:
    """Return a held file of this session.

    Raises:
        Refusal: `file_not_held` once it is gone, also for whoever has no right to it.
    """
    with _lock:
        _drop(lambda held: held.until <= time.monotonic())
        held = _held.get(token)
    if held is None or (held.session, held.person) != (session, person):
        raise Refusal("file_not_held", where="-", minutes=SECONDS // 60)
    return held


def mark_received(held: HeldFile, receipt: Receipt) -> None:
    """Let the bytes go, and remember the receipt for whoever presses the button twice, and for the printed page."""
    with _lock:
        if held.token in _held:
            _held[held.token] = replace(held, sent=None, receipt=receipt)


def receipt_in(session: str, submission: str) -> Receipt | None:
    """Return the receipt of a file that was sent in a session a short time ago."""
    with _lock:
        _drop(lambda held: held.until <= time.monotonic())
        received = (held.receipt for held in _held.values() if held.session == session and held.receipt)
        return next((receipt for receipt in received if receipt.submission == submission), None)


def drop(token: str) -> None:
    """Let a file go."""
    with _lock:
        _held.pop(token, None)


def _drop_ended(request: Any, **_named: Any) -> None:  # noqa: ANN401 - as Django calls it
    """Let the files of a session go that ends."""
    session = request.session.session_key if request else None
    with _lock:
        _drop(lambda held: held.session == session)


user_logged_out.connect(_drop_ended)


def _refuse_full(person: str) -> None:
    """Refuse a file while all places are taken by others; the caller holds the lock."""
    _drop(lambda held: held.until <= time.monotonic())
    if sum(held.sent is not None and held.person != person for held in _held.values()) >= MOST_FILES:
        raise Refusal("desk_full", where="-", minutes=SECONDS // 60)


def _drop(goes: Callable[[HeldFile], bool]) -> None:
    """Let files go; the caller holds the lock."""
    for token in [token for token, held in _held.items() if goes(held)]:
        del _held[token]
