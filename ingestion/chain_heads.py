"""Heads of logs: the line count and last hash of a log, stored in two other files to detect a shortened log.

Belongs here: storing a head and finding that a log has lost lines, which a chain of hashes cannot show by itself.
Does not belong here: the logs (`hash_chain.py`, `expectations/published/ledger.py`).

    <log>.head            next to the log
    backups/<log>.head    the same in another folder: a log and the head next to it may be lost together

The line is written first, then the head, then its copy: a process killed in between leaves a head that is one line
behind, which is accepted. A log of one line may have no head yet; a longer one without any has lost both.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingestion.home import json_bytes, write_bytes
from ingestion.storage import parse_json


def copy_of(path: Path) -> Path:
    """Return the path of a head's copy."""
    return path.parent / "backups" / path.name


def keep_head(path: Path, lines: int, last: str) -> None:
    """Store how many lines a log has and the hash of the last one."""
    for place in (path, copy_of(path)):
        write_bytes(place, json_bytes({"lines": lines, "last": last}))


def first_lost_line(heads: Sequence[tuple[int, str]], hashes: Sequence[str]) -> int | None:
    """Return the number of the first line that a log has lost; None if it holds all lines that its heads record.

    Args:
        heads: from `read_heads`, called before the lines were read: a writer may add lines meanwhile.
        hashes: of the lines now in the log, oldest first.
    """
    lost = [number for lines, last in heads if (number := _lost_line(lines, last, hashes)) is not None]
    return min(lost, default=None)


def has_lost_heads(path: Path, lines: int) -> bool:
    """Return whether a log has neither head although it has more than the one line that may lack them.

    Args:
        path: of the head.
        lines: of the log, read before: the head follows each line.
    """
    return lines > 1 and not path.exists() and not copy_of(path).exists()


def is_behind(path: Path, lines: int, last: str, before: str) -> bool:
    """Return whether either head of a sound log lacks the log's last line, which `keep_head` can correct.

    A head that is further behind is a finding, and an unreadable one is not overwritten.

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
    """Return the contents of the head at `path` and its copy, leaving out a missing or unreadable one."""
    return [head for place in (path, copy_of(path)) if (head := read_head(place)) is not None]


def read_head(path: Path) -> tuple[int, str] | None:
    """Return line count and last hash of a head; None if missing or unreadable (`damaged_files` tells which)."""
    try:
        head: Any = parse_json(path.read_bytes())
        return int(head["lines"]), str(head["last"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def damaged_files(path: Path) -> list[Path]:
    """Return which of a head and its copy exist but cannot be read."""
    return [place for place in (path, copy_of(path)) if place.exists() and read_head(place) is None]


def _lost_line(lines: int, last: str, hashes: Sequence[str]) -> int | None:
    if lines > len(hashes):
        return len(hashes) + 1
    return None if lines == 0 or hashes[lines - 1] == last else lines
