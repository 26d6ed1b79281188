"""The intake lock: receipts, decisions and confirmed words are written by one process at a time.

Belongs here: holding that lock.
Does not belong here: the lock of a home that a build holds (`home.py`), what is written.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ingestion import hash_chain, writer_lock
from ingestion.home import Home, make_folder
from ingestion.leftovers import sweep_taken

_LOCK_SECONDS = 60


@contextmanager
def lock(home: Home, purpose: str = "marsad receive") -> Generator[None]:
    """Hold the intake lock alone: a receipt can be written while a build runs.

    What a killed process left of a sender's file is removed first, and the head of a log is updated to its last line.

    Args:
        home: whose receipts.
        purpose: the command that writes, named to whoever waits for the lock.

    Raises:
        Refusal: `lock_held` if another process has held it for a minute, or as `Home.lock`.
    """
    home.refuse_other_format()
    make_folder(home.root)
    with writer_lock.hold_lock(path_of(home), purpose, where=home.receipts, wait=_LOCK_SECONDS):
        sweep_taken(home.root)
        for log in (home.receipts, home.decisions):
            hash_chain.repair_head(log)
        yield


def path_of(home: Home) -> Path:
    """Return the path of the lock file."""
    return home.root / "receipts.lock"
