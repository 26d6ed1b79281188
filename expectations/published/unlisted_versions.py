"""Compare the ledger with the files in the home: versions that it does not list, and lines that it must have had.

Belongs here: finding both, before protection asks the ledger what readers have. Does not belong here: removing the
draft of a killed release (`release.py`), or reading the ledger (`ledger.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from expectations.published.release_log import ReleaseLog
from ingestion.home import Home
from languages.refusal import Refusal


def list_versions(home: Home, log: ReleaseLog) -> Mapping[str, set[str]]:
    """Return the versions, by dataset, that exist in the home but not in the ledger: at most one, a draft.

    It is the version that would have come next: every release sweeps before it writes.

    Raises:
        Refusal: `ledger_broken` if more than that is unknown to the ledger, or if a pointer or a withdrawal names a
            release unknown to it: the ledger was lost or truncated.
    """
    listed = {name: [entry.version for entry in log.releases_of(name)] for name in _datasets_on_disk(home)}
    for withdrawal in log.withdrawals:
        if withdrawal.version not in listed.get(withdrawal.dataset, ()):
            raise Refusal(
                "ledger_broken", where=f"{withdrawal.dataset}/{withdrawal.version}", line=len(log.entries) + 1
            )
    drafts = {name: _unlisted_versions(home, name, known) for name, known in listed.items()}
    is_lost = sum(len(versions) for versions in drafts.values()) > 1
    for name, known in listed.items():
        pointer = home.releases / name / "latest"
        if pointer.exists() and pointer.read_bytes().decode("utf-8", errors="replace").strip() not in known:
            raise Refusal("ledger_broken", where=str(pointer), line=len(known))
        for version in sorted(drafts[name]):
            if is_lost or not version.startswith(f"{len(known) + 1:06d}-"):
                raise Refusal("ledger_broken", where=f"{name}/{version}", line=len(known) + 1)
    return drafts


def paths_of(home: Home, dataset: str, versions: set[str]) -> list[Path]:
    """Return the existing files and folders of some versions, the folders first."""
    first, *others = _rooms(home)
    paths = [first / dataset / version for version in sorted(versions)]
    paths += [room / dataset / f"{version}.parquet" for room in others for version in sorted(versions)]
    return [path for path in paths if path.exists()]


def _rooms(home: Home) -> list[Path]:
    """Return where versions are stored: as folders in the first, as files in the others."""
    return [home.releases, home.lineage, home.ledger / "published", home.ledger / "sealed"]


def _datasets_on_disk(home: Home) -> list[str]:
    return sorted({path.name for room in _rooms(home) for path in room.glob("*") if path.is_dir()})


def _unlisted_versions(home: Home, dataset: str, known: Sequence[str]) -> set[str]:
    """Return the versions that exist somewhere and that the ledger does not list."""
    folders = {path.name for path in (home.releases / dataset).glob("[!.]*") if path.is_dir()}
    files = {path.stem for room in _rooms(home)[1:] for path in (room / dataset).glob("*.parquet")}
    return (folders | files) - set(known)
