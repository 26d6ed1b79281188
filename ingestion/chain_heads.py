"""The head of a log: how many lines it had when the last one was written, and that line's hash, in a file of its own.

Belongs here: keeping a head and finding that a log is shorter than it was, which no chain of hashes tells by itself.
Does not belong here: the logs (`hash_chain.py`, `expectations/published/ledger.py`).

The line comes first, then the head: whoever is killed between leaves a head that is one line behind, and that holds.
A home without heads is one of an older house; it gets them with its next lines, or by `marsad upgrade`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingestion.home import json_bytes, write_bytes


def keep_head(path: Path, lines: int, last: str) -> None:
    """Remember how many lines a log has and the hash of the last one."""
    write_bytes(path, json_bytes({"lines": lines, "last": last}))


def first_lost(known: tuple[int, str] | None, hashes: Sequence[str]) -> int | None:
    """Return the number of the first line that a log has lost; None if it holds all that its head knows.

    Args:
        known: what `read_head` said before the lines were read: a writer may add some meanwhile.
        hashes: of the lines that are there, oldest first.
    """
    if known is None:
        return None
    lines, last = known
    if lines > len(hashes):
        return len(hashes) + 1
    return None if lines == 0 or hashes[lines - 1] == last else lines


def read_head(path: Path) -> tuple[int, str] | None:
    """Return lines and last hash of a head; None if there is none that can be read (`is_damaged` tells them apart)."""
    try:
        found: Any = json.loads(path.read_bytes())
        return int(found["lines"]), str(found["last"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def is_damaged(path: Path) -> bool:
    """Return whether a head is there and cannot be read."""
    return path.exists() and read_head(path) is None
