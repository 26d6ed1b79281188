"""What killed processes leave behind: temporary files and half-built warehouses, which may hold a sender's whole file.

Belongs here: finding them, and removing those that no living process writes. Does not belong here: folders of releases
(`expectations/releases/release.py`), or what remains of a withdrawn submission (`submission_withdrawal.py`).

A temporary file is named `.<name>.<process>.tmp` (`home.write_bytes`). Some folders have one writer, who holds the
lock: any temporary file there is a leftover, even if another process has got the number since.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion.access import Stray

LOCKED_ROOMS = (
    "raw",
    "quarantine",
    "links",
    "candidates",
    "verdicts",
    "releases",
    "lineage",
    "ledger",
    "proposal",
    "acts",
    "reports",
)
"""Folders that are written only under the lock of the home. `taken` has the intake lock."""

_LOGS = tuple(f"{log}.{kind}" for log in ("receipts", "decisions") for kind in ("jsonl", "head"))
"""Intake logs and their heads: written only under the intake lock."""

_TEMPORARY = re.compile(r"^\..+\.(?P<process>\d+)\.tmp$")
_ASIDE = re.compile(r"^\.(?P<name>.+)\.before$")
_HALF_BUILT = ("warehouse.duckdb*", "spark")
_OF_THE_INBOX = (".receipt.json", ".receipt.html", ".receipt.html.sig", ".taking", "marsad-note.txt")


@dataclass(frozen=True)
class Tidied:
    """What a writer put right before it began.

    Args:
        swept: removed leftovers of killed processes.
        mended: paths whose permissions were corrected.
    """

    swept: list[Path]
    mended: list[Stray]


def leftovers(root: Path) -> list[Path]:
    """Return what killed processes left in the home at `root`, sorted; files of living processes are excluded."""
    return sorted(path for path in _temporary(root, _rooms(root)) if is_left(path))


def sweep(root: Path) -> list[Path]:
    """Remove the leftovers and return them; the caller holds the lock of the home.

    A folder that was put aside for a new one that never came is put back.
    """
    paths = set(leftovers(root)) | set(_temporary(root, [root / room for room in LOCKED_ROOMS]))
    paths |= {path for half in _HALF_BUILT for path in (root / "build").glob(half)}
    return [*_put_folders_back(root / "reports"), *_remove(paths)]


def sweep_taken(root: Path) -> list[Path]:
    """Remove the leftovers in `taken` and of the intake logs; the caller holds the intake lock."""
    places = (root, root / "backups")  # `backups` holds a copy of each head
    logs = (path for place in places for name in _LOGS for path in place.glob(f".{name}.*.tmp"))
    return _remove([*_temporary(root, [root / "taken"]), *logs])


def _rooms(root: Path) -> list[Path]:
    return [root, *(path for path in root.iterdir() if path.is_dir() and path.name != "dagster")]


def _temporary(root: Path, rooms: Iterable[Path]) -> Iterator[Path]:
    """Yield the temporary files and folders in some folders; for the home itself, only those directly in it."""
    for room in rooms:
        for folder, names, files in os.walk(room):
            for name in [name for name in (*names, *files) if _TEMPORARY.match(name)]:
                if room.name != "inbox" or name.rpartition(".tmp")[0].rpartition(".")[0].endswith(_OF_THE_INBOX):
                    yield Path(folder) / name
            names[:] = [name for name in names if room != root and not _TEMPORARY.match(name)]


def is_left(path: Path) -> bool:
    """Return whether the process that wrote a temporary file or folder has ended."""
    match = _TEMPORARY.match(path.name)
    try:
        os.kill(int(match["process"]) if match else 0, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        return False
    return False


def _put_folders_back(room: Path) -> list[Path]:
    """Put folders back that were left aside, remove those whose replacement came; return what was removed."""
    removed: list[Path] = []
    for aside in sorted(room.rglob(".*.before")):
        match = _ASIDE.match(aside.name)
        own = aside.with_name(match["name"]) if match else aside
        if own.exists():
            removed += _remove([aside])
        else:
            aside.replace(own)
    return removed


def _remove(paths: Iterable[Path]) -> list[Path]:
    gone = sorted(paths)
    for path in gone:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
    return gone
