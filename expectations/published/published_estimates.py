"""Published estimates of victims whom no agency knows: the figures of each place, read by hash.

Belongs here: their form, and reading them from released files. Does not belong here: making them
(`estimates/estimate_release.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from expectations.published import estimate_folders, ledger
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home
from methods.multiple_systems.told_estimate import ToldEstimate

FILE = "estimate.json"


@dataclass(frozen=True)
class ToldLinkage:
    """How well the records behind an estimate are linked, in whole per cent rounded down.

    Attributes:
        recall: lower 95 % limit of the share of true pairs that are found.
        agreed: share of sampled pairs on which two readers agree; None if pseudonymous IDs measured it.
    """

    recall: int
    agreed: int | None = None


@dataclass(frozen=True)
class PlaceEstimate:
    """The published estimate of one place: figures, or a reason.

    Attributes:
        place: code of the area.
        year: year of the persons.
        reason: why nothing is published; empty if something is.
        observed: presumed victims, as printed.
        hidden: estimate minus observed.
        figures: the other figures; None with a reason.
        linkage: measured quality of linkage; None with a reason, and in estimates by older versions.
    """

    place: str
    year: str
    reason: str = ""
    observed: int | None = None
    hidden: int | None = None
    figures: ToldEstimate | None = None
    linkage: ToldLinkage | None = None


@dataclass(frozen=True)
class EstimateRelease:
    """A published estimate: figures or reasons.

    Attributes:
        version: as the ledger names it.
        places: the estimates by place, the country first.
    """

    version: str
    places: tuple[PlaceEstimate, ...]


def latest(home: Home, log: ReleaseLog | None = None) -> EstimateRelease | None:
    """Return the current estimate, read by hash; None before the first, and after a withdrawal.

    Raises:
        Refusal: `bytes_changed`, `file_missing`, `ledger_broken`.
    """
    entry = estimate_folders.standing_version(log or ReleaseLog.read_log(home), ledger.HIDDEN_PART)
    return EstimateRelease(entry.version, _places(home, entry)) if entry else None


def published_figures(home: Home, log: ReleaseLog) -> Iterator[PlaceEstimate]:
    """Return every published figure that was not withdrawn, the first of a place and year last."""
    for entry in estimate_folders.published_versions(log, ledger.HIDDEN_PART):
        yield from (estimate for estimate in _places(home, entry) if estimate.figures is not None)


def withdrawn_places(home: Home, log: ReleaseLog) -> set[tuple[str, str]]:
    """Return the places and years with a withdrawn figure: none is published again."""
    rows = estimate_folders.withdrawn_rows(home, log, ledger.HIDDEN_PART)
    return {(str(row["ref_area"]), str(row["time_period"])) for row in rows}


def _places(home: Home, entry: ledger.LedgerEntry) -> tuple[PlaceEstimate, ...]:
    return tuple(map(_parse_place, estimate_folders.read_estimate_file(home, entry, FILE)))


def _parse_place(content: dict[str, Any]) -> PlaceEstimate:
    figures: dict[str, Any] | None = content.pop("figures")
    if figures is None:
        return PlaceEstimate(**content)
    warnings: list[str] = figures.pop("warnings")
    linkage: dict[str, Any] | None = content.pop("linkage", None)
    return PlaceEstimate(
        **content,
        figures=ToldEstimate(**figures, warnings=tuple(warnings)),
        linkage=ToldLinkage(**linkage) if linkage else None,
    )
