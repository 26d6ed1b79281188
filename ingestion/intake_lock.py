"""The lock of what comes in: receipts, decisions and confirmed words are written by one process at a time.

Belongs here: holding that lock.
Does not belong here: the lock of a home that a build holds (`home.py`), what is written.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ingestion import hash_chain, writer_lock
from ingestion.home import Home, make_folder
from ingestion.leftovers import sweep_received

_LOCK_SECONDS = 60


@contextmanager
def lock(home: Home, purpose: str = "marsad receive", *, of_any_format: bool = False) -> Generator[None]:
    """Hold the lock of the receipts alone: a receipt can be written while a build runs.

    What a killed process left of a sender's file is swept away first, and the head of a log learns its last line.

    Args:
        home: whose receipts.
        purpose: the command that writes, for whoever meets the lock.
        of_any_format: as in `Home.lock`.

    Raises:
        Refusal: `lock_held` when another process has held it for a minute, or as `Home.lock`.
    """
    if not of_any_format:
        home.refuse_older()
    make_folder(home.root)
    with writer_lock.hold_lock(path_of(home), purpose, where=home.receipts, wait=_LOCK_SECONDS):
        sweep_received(home.root)
        for log in (home.receipts, home.decisions, home.confirmed_words):
            hash_chain.repair_head(log)
        yield


def path_of(home: Home) -> Path:
    """Return the lock file."""
    return home.root / "receipts.lock"
