"""Which code made an edition: the version of the project, and the commit where it runs from a checkout of git.

Belongs here: reading both without calling git, so that a machine without it tells the same. Does not belong here: where
they are printed (`chapters/closing.py`).
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
_DIGITS = 12


def code_version(root: Path = HOUSE) -> str:
    """Return `0.1.0`, or `0.1.0+0123456789ab` in a checkout; files that were changed since the commit are not told."""
    commit_id = commit(root)
    return version("marsad") + (f"+{commit_id[:_DIGITS]}" if commit_id else "")


def commit(root: Path) -> str:
    """Return the commit that a checkout stands at, 40 hexadecimal digits; empty where there is no checkout."""
    folder = _git_folder(root)
    if folder is None:
        return ""
    head = _line(folder / "HEAD")
    if not head.startswith("ref: "):
        return head
    name = head.removeprefix("ref: ")
    shared = folder / (_line(folder / "commondir") or ".")
    return _line(folder / name) or _line(shared / name) or _packed_commit(shared / "packed-refs", name)


def _git_folder(root: Path) -> Path | None:
    """The folder of git: `.git` itself, or where the file `.git` of a second working tree points."""
    place = root / ".git"
    if place.is_dir():
        return place
    pointed = _line(place).removeprefix("gitdir: ")
    return root / pointed if pointed else None


def _packed_commit(path: Path, name: str) -> str:
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    pairs = (line.split(" ", 1) for line in text.splitlines() if line.endswith(f" {name}"))
    return next((pair[0] for pair in pairs), "")


def _line(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""
