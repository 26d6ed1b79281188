"""The lock of what comes in: receipts, decisions and confirmed words are written by one process at a time.

Belongs here: holding that lock.
Does not belong here: the lock of a home that a build holds (`home.py`), what is written.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from ingestion.home import Home, make_folder
from ingestion.leftovers import sweep_received
from languages.refusal import Refusal

_LOCK_SECONDS = 60


@contextmanager
def lock(home: Home) -> Generator[None]:
    """Hold the lock of the receipts alone: a receipt can be written while a build runs.

    What a killed process left of a sender's file is swept away first.

    Raises:
        Refusal: `lock_held` when another process has held it for a minute.
    """
    make_folder(home.root)
    held = FileLock(home.root / "receipts.lock", mode=0o600)
    try:
        held.acquire(timeout=_LOCK_SECONDS)
    except Timeout as error:
        raise Refusal("lock_held", where=str(home.root), holder="receipts.lock") from error
    try:
        sweep_received(home.root)
        yield
    finally:
        held.release()
