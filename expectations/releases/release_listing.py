"""What is published: the release that readers take, and the list of all.

Belongs here: finding releases and estimates by their pointers and logs, and whether the folder of each is complete. It
loads neither rules nor candidates, because the user waits for the answer.
Does not belong here: releasing (`release.py`), or what a complete folder is (`verification.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.cards.dataset_card import dataset_names
from expectations.published import ledger, published_estimates
from expectations.published.release_log import ReleaseLog
from expectations.releases.verification import verify
from ingestion.home import Home, read_verified, sha256_of_bytes
from ingestion.storage import parse_json
from languages.refusal import Refusal


@dataclass(frozen=True)
class ReleaseRecord:
    """A published release: `sha256` is that of its `data.parquet`, `path` its folder."""

    dataset: str
    version: str
    sequence: int
    sha256: str
    manifest_sha256: str
    rows: int
    path: Path


def latest(home: Home, dataset: str, log: ReleaseLog | None = None) -> ReleaseRecord | None:
    """Return the release that readers take; None before the first and after a withdrawal. The pointer is read once."""
    version = _pointed_version(home, dataset, log or ReleaseLog.read_log(home))
    return record_of(home, dataset, version) if version else None


def listing(home: Home, log: ReleaseLog | None = None, *, every_version: bool = False) -> list[dict[str, Any]]:
    """Return what is published, one entry per dataset (or version): dataset, version, verdict, sha256, rows, path.

    A dataset whose last version was withdrawn is listed with that version, verdict `withdrawn` and the day.

    Args:
        home: the data home.
        log: its logs, if the command has read them.
        every_version: whether to include earlier and withdrawn versions.

    Returns:
        Also `withdrawn` (an ISO day, or empty) and `manifest_sha256`; `sha256` is that of the data.
    """
    log = log or ReleaseLog.read_log(home)
    records: list[ReleaseRecord] = []
    for dataset in dataset_names():
        versions = [entry.version for entry in log.releases_of(dataset)]
        if not every_version:
            pointed = _pointed_version(home, dataset, log)
            versions = (
                [pointed]
                if pointed
                else [version for version in versions[-1:] if version in log.withdrawals_of(dataset)]
            )
        records += [_record_or_ruin(home, dataset, version) for version in versions]
    gone = {withdrawal.place: withdrawal.date for withdrawal in log.withdrawals}
    return [
        {
            "dataset": record.dataset,
            "version": record.version,
            "verdict": _record_status(record, gone),
            "withdrawn": gone.get((record.dataset, record.version), ""),
            "sha256": record.sha256,
            "manifest_sha256": record.manifest_sha256,
            "rows": record.rows,
            "path": str(record.path),
        }
        for record in records
    ]


def listing_of_estimates(home: Home, log: ReleaseLog | None = None) -> list[dict[str, Any]]:
    """Return the published estimates, and those whose last version was withdrawn, as `listing` does.

    They have no verdict: `passed` says that the folder is complete and has a figure, `refused` that it has none. `rows`
    is their number of figures; `refused` gives, for each place, list or year without a figure, the reason.
    """
    log = log or ReleaseLog.read_log(home)
    listed: list[dict[str, Any]] = []
    for kind in published_estimates.KINDS:
        for entry in log.releases_of(kind.dataset)[-1:]:
            path, gone = (
                home.releases / kind.dataset / entry.version,
                log.withdrawals_of(kind.dataset).get(entry.version),
            )
            manifest = parse_json(read_verified(path / "manifest.json", entry.manifest_sha256))
            rows = ledger.count_cells(home, entry)
            verdict = ("passed" if rows else "refused") if verify(path).ok else "failed"
            estimates = () if gone else kind.read_version(home, entry)
            listed.append(
                {
                    "dataset": kind.dataset,
                    "version": entry.version,
                    "verdict": "withdrawn" if gone else verdict,
                    "refused": published_estimates.reasons(estimates),
                    "withdrawn": gone.date if gone else "",
                    "sha256": manifest["files"][kind.file],
                    "manifest_sha256": entry.manifest_sha256,
                    "rows": rows,
                    "path": str(path),
                }
            )
    return listed


def _record_status(record: ReleaseRecord, gone: Mapping[tuple[str, str], str]) -> str:
    if (record.dataset, record.version) in gone:
        return "withdrawn"
    return "passed" if verify(record.path).ok else "failed"


def _pointed_version(home: Home, dataset: str, log: ReleaseLog) -> str:
    """Return the version that the pointer names; empty if there is none or it was withdrawn."""
    pointer = home.releases / dataset / "latest"
    version = pointer.read_bytes().decode("utf-8", errors="replace").strip() if pointer.exists() else ""
    return "" if version in log.withdrawals_of(dataset) else version


def record_of(home: Home, dataset: str, version: str) -> ReleaseRecord:
    """Return the record of a version.

    Raises:
        Refusal: `file_missing`, `bytes_changed` of its manifest.
    """
    path = home.releases / dataset / version
    if not (path / "manifest.json").exists():
        raise Refusal("file_missing", where=str(path / "manifest.json"))
    data = (path / "manifest.json").read_bytes()
    if sha256_of_bytes(data)[:12] != version.partition("-")[2]:
        raise Refusal("bytes_changed", where=str(path / "manifest.json"))
    manifest = parse_json(data)
    return ReleaseRecord(
        dataset=dataset,
        version=version,
        sequence=manifest["sequence"],
        sha256=manifest["files"]["data.parquet"],
        manifest_sha256=sha256_of_bytes(data),
        rows=manifest["rows"],
        path=path,
    )


def _record_or_ruin(home: Home, dataset: str, version: str) -> ReleaseRecord:
    """Return the record of a version, without facts if its manifest is damaged, so that a list shows the others."""
    try:
        return record_of(home, dataset, version)
    except Refusal:
        return ReleaseRecord(dataset, version, 0, "", "", 0, home.releases / dataset / version)
