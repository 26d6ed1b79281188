"""The head of a log: how many lines it had when the last one was written, and that line's hash, in two other files.

Belongs here: keeping a head and finding that a log is shorter than it was, which no chain of hashes tells by itself.
Does not belong here: the logs (`hash_chain.py`, `expectations/published/ledger.py`).

    <log>.head            beside the log
    backups/<log>.head    the same in another folder: a log and the head beside it may be lost together

The line comes first, then the head, then its copy: whoever is killed between leaves one that is a line behind, and that
holds. A home without heads is one of an older house; it gets them with its next lines, or by `marsad upgrade`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingestion.home import json_bytes, write_bytes
from ingestion.storage import parse_json


def copy_of(path: Path) -> Path:
    """Return where the copy of a head stands."""
    return path.parent / "backups" / path.name


def keep_head(path: Path, lines: int, last: str) -> None:
    """Remember how many lines a log has and the hash of the last one."""
    for place in (path, copy_of(path)):
        write_bytes(place, json_bytes({"lines": lines, "last": last}))


def first_lost_line(heads: Sequence[tuple[int, str]], hashes: Sequence[str]) -> int | None:
    """Return the number of the first line that a log has lost; None if it holds all that its heads know.

    Args:
        heads: what `read_heads` said before the lines were read: a writer may add some meanwhile.
        hashes: of the lines that are there, oldest first.
    """
    lost = [number for lines, last in heads if (number := _lost_line(lines, last, hashes)) is not None]
    return min(lost, default=None)


def is_behind(path: Path, lines: int, last: str, before: str) -> bool:
    """Return whether the heads of a sound log lack its last line, or one of the two lacks: `keep_head` puts that right.

    A file of more lines without any head is of an older house, a head that is further behind is a finding, and one that
    cannot be read is not written over.

    Args:
        path: of the head.
        lines: of the log.
        last: hash of its last line.
        before: hash of the line before.
    """
    heads = read_heads(path)
    if damaged_files(path) or not lines:
        return False
    if not heads:
        return lines == 1
    return set(heads) <= {(lines, last), (lines - 1, before)} and heads != [(lines, last)] * 2


def read_heads(path: Path) -> list[tuple[int, str]]:
    """Return what the head at `path` and its copy say, without one that is not there or cannot be read."""
    return [head for place in (path, copy_of(path)) if (head := read_head(place)) is not None]


def read_head(path: Path) -> tuple[int, str] | None:
    """Return lines and last hash of a head; None if none can be read (`damaged_files` tells them apart)."""
    try:
        head: Any = parse_json(path.read_bytes())
        return int(head["lines"]), str(head["last"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def damaged_files(path: Path) -> list[Path]:
    """Return which of a head and its copy are there and cannot be read."""
    return [place for place in (path, copy_of(path)) if place.exists() and read_head(place) is None]


def _lost_line(lines: int, last: str, hashes: Sequence[str]) -> int | None:
    if lines > len(hashes):
        return len(hashes) + 1
    return None if lines == 0 or hashes[lines - 1] == last else lines
