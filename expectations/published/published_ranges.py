"""Ranges over link thresholds as they are out: what is told of each year, read by hash.

Here: their form, reading them from released files, and of which years none could be told. Not here: making them
(`estimates/range_release.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expectations.published import estimate_folders, ledger
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home
from ingestion.seals import read_sealed
from ingestion.storage import parse_json
from methods.linkage.told_range import ToldRange

if TYPE_CHECKING:
    import pandas as pd

FILE = COUNTED = "link_range.json"
"""What is told, in a released folder; and what was counted, sealed beside the candidates."""
NOT_CARRIED, WITHDRAWN = "not_carried", "withdrawn"
"""The first stands for every reason that depends on true counts: which one it is would tell of them."""


@dataclass(frozen=True)
class YearRange:
    """What is told of the total of one year: two ends, or a reason.

    Attributes:
        year: of first contact.
        reason: why nothing is told; empty where something is.
        ends: what is told; None with a reason.
    """

    year: str
    reason: str = ""
    ends: ToldRange | None = None


@dataclass(frozen=True)
class RangeRelease:
    """The ranges that are out, or why none are.

    Attributes:
        version: as the ledger names it; empty where nothing was released.
        years: in order.
    """

    version: str
    years: tuple[YearRange, ...]


def latest(home: Home, log: ReleaseLog | None = None) -> RangeRelease | None:
    """Return what is out, read by hash; None before the first, and after it was withdrawn.

    Raises:
        Refusal: `bytes_changed`, `file_missing`, `ledger_broken`.
    """
    entry = estimate_folders.standing_version(log or ReleaseLog.read_log(home), ledger.LINK_RANGE)
    return RangeRelease(entry.version, _years(home, entry)) if entry else None


def refused_years(home: Home, log: ReleaseLog) -> dict[str, str]:
    """Return the years of which no range could be told, and why; none while a version is out, or before a count.

    Raises:
        Refusal: `seal_broken`.
    """
    path = home.candidates / COUNTED
    if latest(home, log) or not path.exists():
        return {}
    gone = withdrawn_years(home, log)
    return {year: WITHDRAWN if year in gone else NOT_CARRIED for year in sorted(parse_json(read_sealed(home, path)))}


def published_figures(home: Home, log: ReleaseLog) -> Iterator[tuple[YearRange, pd.DataFrame]]:
    """Return every range that was told and not withdrawn, the newest first, with the sealed counts of its version."""
    for entry in estimate_folders.published_versions(log, ledger.LINK_RANGE):
        ranges = [year_range for year_range in _years(home, entry) if year_range.ends is not None]
        if ranges:
            sealed = ledger.sealed_of(home, entry)
            yield from ((year_range, sealed) for year_range in ranges)


def withdrawn_years(home: Home, log: ReleaseLog) -> set[str]:
    """Return the years of which a range was told that was withdrawn: none is told again."""
    return {str(row["time_period"]) for row in estimate_folders.withdrawn_rows(home, log, ledger.LINK_RANGE)}


def _years(home: Home, entry: ledger.LedgerEntry) -> tuple[YearRange, ...]:
    return tuple(map(_year, estimate_folders.read_estimate_file(home, entry, FILE)))


def _year(content: dict[str, Any]) -> YearRange:
    ends: dict[str, Any] | None = content.pop("ends")
    return YearRange(**content, ends=ToldRange(**ends) if ends else None)
