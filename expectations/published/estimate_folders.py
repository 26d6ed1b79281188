"""Estimates of every kind as published and read: a folder of files, a line in the ledger, the pointer.

Belongs here: the folder of one version, publishing it, which version is current, what was withdrawn.
Does not belong here: the content of an estimate (`published_estimates.py`, `published_nowcasts.py`,
`published_ranges.py`), or whether it may be published (`expectations/estimates`).

    releases/<one of ledger.ESTIMATES>/<version>/    manifest.json and the files that it names
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from expectations.cards.cells import DIMENSIONS, TOTAL
from expectations.published import ledger
from expectations.published.ledger import LedgerEntry
from expectations.published.release_formats import FORMAT
from expectations.published.release_log import ReleaseLog
from expectations.published.rounding_key import check_value, series_key
from ingestion.home import Home, read_verified, sha256_of_bytes, write_folder
from ingestion.storage import parse_json

if TYPE_CHECKING:
    import pandas as pd

DATASET, INDICATOR, MEASURE = "four_ps_national", "PRT-01", "COUNT"
"""The printed count that accompanies an estimate of persons: presumed victims by year of first contact."""


def publish(
    home: Home,
    log: ReleaseLog,
    dataset: str,
    files: Mapping[str, bytes],
    *,
    as_of: Mapping[str, str],
    cells: pd.DataFrame,
    sealed: pd.DataFrame,
) -> str:
    """Write the folder and the ledger's files, then the line that makes the estimate published.

    Args:
        home: data home whose lock the caller holds.
        log: the log returned by `release.sweep`.
        dataset: one of `ledger.ESTIMATES`.
        files: name -> bytes of the published files.
        as_of: what it belongs to, by name: a release's version, a list's date.
        cells: the same figures as rows (`ledger_cells`).
        sealed: the true counts behind it.

    Returns:
        The version. The caller makes the pointer name it.
    """
    sequence = len(log.releases_of(dataset)) + 1
    described = {
        "format": FORMAT,
        "kind": "estimate",
        "dataset": dataset,
        "sequence": sequence,
        "as_of": dict(as_of),
        "invented": home.is_invented,
        "files": {name: sha256_of_bytes(data) for name, data in files.items()},
    }
    manifest = (json.dumps(described, indent=2, sort_keys=True) + "\n").encode()
    version = f"{sequence:06d}-{sha256_of_bytes(manifest)[:12]}"
    write_folder(home.releases / dataset / version, {**files, "manifest.json": manifest})
    cells_sha256, sealed_sha256 = ledger.store(home, dataset, version, cells, sealed)
    hashes = {
        "manifest_sha256": sha256_of_bytes(manifest),
        "cells_sha256": cells_sha256,
        "sealed_sha256": sealed_sha256,
        "lineage_sha256": "",
        "key_check": check_value(series_key(home)),
    }
    ledger.append(home, ledger.next_entry(home, dataset, version, **hashes))
    return version


def ledger_cells(rows: list[dict[str, Any]], unit: str) -> pd.DataFrame:
    """Return rows of `row` as cells of the ledger."""
    import pandas as pd  # imported late: the graph is drawn without it

    cells = pd.DataFrame(rows, columns=list(ledger.SEALED_COLUMNS))
    return cells.assign(unit_measure=unit, obs_status="A", conf_status="F", disclosure_method="ESTIMATE")


def row(value: float, **place: str) -> dict[str, Any]:
    """Return one figure as a row of `ledger.SEALED_COLUMNS`; dimensions that are not named are totals."""
    return {**dict.fromkeys(DIMENSIONS, TOTAL), **place, "obs_value": float(value)}


def standing_version(log: ReleaseLog, dataset: str) -> LedgerEntry | None:
    """Return the current version: the last one; None before the first and after a withdrawal."""
    lines = log.releases_of(dataset)
    return lines[-1] if lines and lines[-1].version not in log.withdrawals_of(dataset) else None


def published_versions(log: ReleaseLog, dataset: str) -> list[LedgerEntry]:
    """Return every version that was not withdrawn, the newest first."""
    gone = log.withdrawals_of(dataset)
    return [entry for entry in reversed(log.releases_of(dataset)) if entry.version not in gone]


def withdrawn_rows(home: Home, log: ReleaseLog, dataset: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of every withdrawn version: its folder no longer holds them, the ledger does."""
    gone = log.withdrawals_of(dataset)
    for entry in log.releases_of(dataset):
        if entry.version in gone:
            for row in ledger.cells_of(home, entry).to_dict("records"):
                yield {str(name): value for name, value in row.items()}


def read_estimate_file(home: Home, entry: LedgerEntry, name: str) -> Any:  # noqa: ANN401 - JSON
    """Return the content of a version's file, verified by hash.

    Raises:
        Refusal: `bytes_changed`, `file_missing`.
    """
    folder = home.releases / entry.dataset / entry.version
    manifest = parse_json(read_verified(folder / "manifest.json", entry.manifest_sha256))
    return parse_json(read_verified(folder / name, manifest["files"][name]))
