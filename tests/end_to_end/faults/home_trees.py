"""Homes as trees of hashes: what a killed command left, beside what an undisturbed one began with and ended with.

Belongs here: what of a home has to be the same bytes, and what a reader may never see. Does not belong here: killing
(`killed_trials.py`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from expectations.published.release_log import ReleaseLog
from expectations.releases import release_listing, verification
from ingestion.home import Home, sha256_of
from ingestion.submissions import decisions, receipts
from languages.refusal import Refusal

CLOCKS = ("dagster/", "build/dbt/", "build/manifest.fingerprint", "lock", "receipts.lock", "inbox.lock")
"""What tells when something ran: Dagster's history, dbt's logs and manifest, and who held a lock last."""
_OTHER_BYTES = ("warehouse.duckdb", "build/fingerprints.json")
"""DuckDB writes the same rows as other bytes, and the hash of that file stands among the fingerprints: the candidates,
which are made of all its rows, have to be the same."""
_WRITTEN_IN_PLACE = {".jsonl", ".duckdb", ".db"}
_WHOLE = ("releases/*/[!.]*/", "reports/*/[!.]*/")
"""Folders that a reader opens as one: they stand whole or not at all."""

Tree = Mapping[str, str]


def copy_home(home: Path, target: Path) -> Path:
    """Copy a home; files that are only ever replaced are linked, which costs nothing. Return the copy."""
    return Path(shutil.copytree(home, target, symlinks=True, copy_function=_linked))


def _linked(source: str, target: str) -> None:
    path = Path(source)
    is_changed = (
        path.suffix in _WRITTEN_IN_PLACE or {"dagster", "inbox", "dbt"} & set(path.parts) or "lock" in path.name
    )
    if is_changed:
        shutil.copy2(source, target)
    else:
        os.link(source, target)


def tree_of(home: Path) -> dict[str, str]:
    """Return place -> SHA-256 of all files of a home but those that tell a clock."""
    paths = ((path.relative_to(home).as_posix(), path) for path in sorted(home.rglob("*")) if path.is_file())
    return {place: sha256_of(path) for place, path in paths if not place.startswith((*CLOCKS, *_OTHER_BYTES))}


def half_visible(home: Home, before: Tree, after: Tree) -> list[str]:
    """Return what a reader of a home would see of a command that was killed: each in a few words, no value of a cell.

    Args:
        home: as the killed command left it.
        before: its tree before the command.
        after: its tree after a command that nobody disturbed.
    """
    now = tree_of(home.root)
    found = [f"half: {place}" for place, sha256 in now.items() if _is_half(place, sha256, before, after)]
    for pattern in _WHOLE:
        for folder in home.root.glob(pattern):
            place = folder.relative_to(home.root).as_posix() + "/"
            if _below(place, now) not in (_below(place, before), _below(place, after)):
                found.append(f"folder in part: {place}")
    return [*found, *_unreadable(home)]


def _is_half(place: str, sha256: str, before: Tree, after: Tree) -> bool:
    """Return whether a file is neither the one before nor the one after; logs and their heads grow line by line."""
    hidden = any(part.startswith(".") for part in Path(place).parts)
    grows = place.endswith((".jsonl", ".head", "latest")) or place.startswith(("build/", "raw/submissions"))
    return not hidden and not grows and sha256 not in (before.get(place), after.get(place))


def _below(place: str, tree: Tree) -> dict[str, str]:
    return {path: sha256 for path, sha256 in tree.items() if path.startswith(place)}


def _unreadable(home: Home) -> Iterator[str]:
    """Yield what the readers of a home refuse: receipts, decisions, the ledger, what is out."""
    try:
        receipts.read_receipts(home)
        decisions.read_decisions(home)
        wrong = [one for one in receipts.verify_files(home) if one.code != "withdrawn_left"]  # swept, and no reader's
        yield from (f"{one.code}: {one.where}" for one in wrong)
        log = ReleaseLog.read_log(home)
        for row in release_listing.listing(home, log):
            if row["verdict"] != "withdrawn" and not verification.verify(Path(row["path"])).ok:
                yield f"release not whole: {row['dataset']}"
    except Refusal as refusal:
        yield f"refused: {refusal.code} {refusal.where}"
