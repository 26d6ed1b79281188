"""Which code made an edition: the version of the project, and the commit if it runs from a git checkout.

Belongs here: reading both without calling git, so that the result is the same on a machine without it. Does not belong
here: where they are printed (`chapters/closing.py`).
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
_DIGITS = 12


def code_version(root: Path = HOUSE) -> str:
    """Return `0.1.0`, or `0.1.0+0123456789ab` in a checkout; uncommitted changes are not shown."""
    commit_id = commit(root)
    return version("marsad") + (f"+{commit_id[:_DIGITS]}" if commit_id else "")


def commit(root: Path) -> str:
    """Return the current commit of a checkout, 40 hexadecimal digits; empty if there is no checkout."""
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
    """Return the git folder: `.git` itself, or the one that the file `.git` of a linked worktree points to."""
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
