"""Publish an estimate of any kind: seal what was counted, keep what readers have, write the folder and a ledger line.

Belongs here: what both kinds share, from the candidate to the pointer. Does not belong here: counting, computing
and attacking (a module for each kind), when a new figure replaces an earlier one (`EstimateCandidate.revise`, which
differs by kind), reading (`published_estimates.py`), sentences (the reports).

    candidates/<kind>.json                 sealed: the true counts, what was computed, every reason; never leaves
    releases/<kind>/<version>/<file>       figures, or the reason why none is published
    releases/<kind>/<version>/<kind>.csv   the figures by measure, for a kind that has them
    ledger/published/<kind>/               the same as cells; ledger/sealed/<kind>/ the true counts
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Generic

import pandas as pd

from expectations.cards.cells import DIMENSIONS, TOTAL, find_matches, read_parquet
from expectations.published import ledger
from expectations.published.published_estimates import (
    INDICATOR,
    MEASURE,
    E,
    EarlierEstimate,
    EstimateKind,
    EstimateRelease,
    sealed_path,
)
from expectations.published.release_formats import FORMAT
from expectations.published.release_log import ReleaseLog
from expectations.published.rounding_key import check_value, series_key
from expectations.releases import release, release_listing
from ingestion.home import Home, read_verified, sha256_of_bytes, write_folder
from ingestion.seals import write_sealed

Seed = Callable[[str], int]
"""Name -> a number from 0 to 2^64 - 1, secret to this home and the same on every day."""


@dataclass(frozen=True)
class EstimateCandidate(Generic[E]):
    """What one kind would publish, and the true counts behind it.

    Attributes:
        estimates: each as it would be published if readers had nothing of it yet.
        as_of: what they belong to, by name: a release's version, the date of a list.
        counts: the true counts as rows of the ledger (`ledger_row`).
        content: the counts, what was computed and every reason, to be sealed as JSON; None if nothing was counted.
        revise: the estimate and what readers have already -> what is published now.
    """

    estimates: Sequence[E]
    as_of: Mapping[str, str]
    counts: Sequence[Mapping[str, Any]]
    content: object
    revise: Callable[[E, EarlierEstimate[E]], E]


def publish(
    home: Home, kind: EstimateKind[E], make_candidate: Callable[[Home, ReleaseLog], EstimateCandidate[E] | None]
) -> EstimateRelease[E] | None:
    """Compute and publish the estimates of one kind, unless they are published already; the caller holds the lock.

    Args:
        home: data home.
        kind: which estimates.
        make_candidate: computes them; None if this home has nothing to estimate.

    Returns:
        What is published afterwards; None if nothing is.

    Raises:
        Refusal: `warehouse_missing`, `seal_broken`, `ledger_broken`.
    """
    log = release.sweep(home)
    before, candidate = kind.read_latest(home, log), make_candidate(home, log)
    if candidate is None:
        return before
    if candidate.content is not None:
        write_sealed(home, sealed_path(home, kind), _json(candidate.content, indent=1))
    earlier = kind.read_earlier(home, log, candidate.estimates)
    estimates = tuple(map(candidate.revise, candidate.estimates, earlier))
    if not estimates or (before and before.estimates == estimates):
        return before
    return EstimateRelease(_make_public(home, log, kind, estimates, candidate), estimates)


@dataclass(frozen=True)
class NationalRelease:
    """The national dataset as readers have it: its version and its rows."""

    version: str
    frame: pd.DataFrame


def read_national(home: Home, log: ReleaseLog) -> NationalRelease | None:
    """Return the dataset whose count accompanies the estimates; None if it is not published."""
    out = release_listing.latest(home, ledger.NATIONAL, log)
    return (
        NationalRelease(out.version, read_parquet(read_verified(out.path / "data.parquet", out.sha256)))
        if out
        else None
    )


def home_seed(home: Home) -> Seed:
    """Return the random seeds of a home by name: the same on every day, and unknown to outsiders."""
    key = series_key(home)
    return lambda name: int.from_bytes(hmac.digest(key, name.encode(), "sha256")[:8])


def total_counts(frame: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return the count that accompanies the estimates by place and year, where there is one."""
    cells = find_matches(frame, {"indicator": INDICATOR, "measure": MEASURE, **dict.fromkeys(DIMENSIONS, TOTAL)})
    rows = frame[cells & (frame["obs_status"] == "A")].dropna(subset=["obs_value"])
    return {
        (str(area), str(year)): round(value)
        for area, year, value in rows[["ref_area", "time_period", "obs_value"]].itertuples(index=False)
    }


def ledger_row(value: float, **place: str) -> dict[str, Any]:
    """Return one figure as a row of `ledger.SEALED_COLUMNS`; dimensions that are not named are totals."""
    return {**dict.fromkeys(DIMENSIONS, TOTAL), **place, "obs_value": float(value)}


def _make_public(
    home: Home, log: ReleaseLog, kind: EstimateKind[E], estimates: Sequence[E], candidate: EstimateCandidate[E]
) -> str:
    """Write the folder and the ledger's files, the line that makes the estimates published, then the pointer."""
    cells = _ledger_cells(kind, estimates)
    files = {kind.file: _json([asdict(estimate) for estimate in estimates])}
    if kind.place:
        files[f"{kind.dataset}.csv"] = _csv(cells, kind.place)
    sequence = len(log.releases_of(kind.dataset)) + 1
    manifest = _json(
        {
            "format": FORMAT,
            "kind": "estimate",
            "dataset": kind.dataset,
            "sequence": sequence,
            "as_of": dict(candidate.as_of),
            "invented": home.is_invented,
            "files": {name: sha256_of_bytes(data) for name, data in files.items()},
        }
    )
    version = f"{sequence:06d}-{sha256_of_bytes(manifest)[:12]}"
    write_folder(home.releases / kind.dataset / version, {**files, "manifest.json": manifest})
    sealed = pd.DataFrame(candidate.counts, columns=list(ledger.SEALED_COLUMNS))
    cells_sha256, sealed_sha256 = ledger.store(home, kind.dataset, version, cells, sealed)
    hashes = {
        "manifest_sha256": sha256_of_bytes(manifest),
        "cells_sha256": cells_sha256,
        "sealed_sha256": sealed_sha256,
        "lineage_sha256": "",
        "key_check": check_value(series_key(home)),
    }
    ledger.append(home, ledger.next_entry(home, kind.dataset, version, **hashes))
    release.point(home.releases / kind.dataset, version)
    return version


def _ledger_cells(kind: EstimateKind[E], estimates: Sequence[E]) -> pd.DataFrame:
    """Return the published figures as cells of the ledger."""
    rows = [
        ledger_row(value, indicator=kind.indicator, measure=measure, **estimate.cell)
        for estimate in estimates
        for measure, value in estimate.measures.items()
    ]
    cells = pd.DataFrame(rows, columns=list(ledger.SEALED_COLUMNS))
    return cells.assign(unit_measure="VICTIM", obs_status="A", conf_status="F", disclosure_method="ESTIMATE")


def _csv(cells: pd.DataFrame, place: str) -> bytes:
    columns = ["indicator", "measure", place, "time_period", "obs_value", "unit_measure"]
    table = cells.loc[:, columns].astype({"obs_value": "int64"})
    return str(table.to_csv(index=False, lineterminator="\r\n")).encode()


def _json(content: object, indent: int = 2) -> bytes:
    return (json.dumps(content, indent=indent, sort_keys=True) + "\n").encode()
