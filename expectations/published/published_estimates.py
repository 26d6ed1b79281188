"""Estimates of the hidden part as they are out: what is told of each place, read by hash.

Here: their form, and reading them from released files. Not here: making them (`estimates/estimate_release.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from expectations.published import ledger
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home, read_verified
from methods.multiple_systems.told_estimate import ToldEstimate

FILE = "estimate.json"


@dataclass(frozen=True)
class PlaceEstimate:
    """What is told of one place: figures, or a reason.

    Attributes:
        place: code of the area.
        year: of the persons.
        reason: why nothing is told; empty where something is.
        observed: persons presumed to be victims, as printed.
        hidden: estimate minus observed.
        figures: the others; None with a reason.
    """

    place: str
    year: str
    reason: str = ""
    observed: int | None = None
    hidden: int | None = None
    figures: ToldEstimate | None = None


@dataclass(frozen=True)
class EstimateRelease:
    """An estimate that is out, figures or reasons.

    Attributes:
        version: as the ledger names it.
        places: the country first.
    """

    version: str
    places: tuple[PlaceEstimate, ...]


def latest(home: Home, log: ReleaseLog | None = None) -> EstimateRelease | None:
    """Return what is out, read by hash; None before the first.

    Raises:
        Refusal: `bytes_changed`, `file_missing`, `ledger_broken`.
    """
    lines = (log or ReleaseLog.read(home)).of(ledger.ESTIMATES)
    return _read(home, lines[-1]) if lines else None


def ever_told(home: Home, log: ReleaseLog) -> Iterator[PlaceEstimate]:
    """Return every figure that was told, the first of a place and year last."""
    for entry in reversed(log.of(ledger.ESTIMATES)):
        yield from (one for one in _read(home, entry).places if one.figures is not None)


def _read(home: Home, entry: ledger.LedgerEntry) -> EstimateRelease:
    folder = home.releases / ledger.ESTIMATES / entry.version
    manifest = json.loads(read_verified(folder / "manifest.json", entry.manifest_sha256))
    told = json.loads(read_verified(folder / FILE, manifest["files"][FILE]))
    return EstimateRelease(entry.version, tuple(map(_place, told)))


def _place(told: dict[str, Any]) -> PlaceEstimate:
    figures: dict[str, Any] | None = told.pop("figures")
    if figures is None:
        return PlaceEstimate(**told)
    warnings: list[str] = figures.pop("warnings")
    return PlaceEstimate(**told, figures=ToldEstimate(**figures, warnings=tuple(warnings)))
