"""Published ranges over link thresholds: the ends of each year, read by hash.

Belongs here: their form, reading them from released files, and the years of which none could be published. Does not
belong here: making them (`estimates/range_release.py`).
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
"""The published ranges, in a released folder; and the counts, sealed with the candidates."""
NOT_CARRIED, WITHDRAWN = "not_carried", "withdrawn"
"""The first replaces every reason that depends on true counts: naming the reason would reveal something of them."""


@dataclass(frozen=True)
class YearRange:
    """The published range of one year's total: two ends, or a reason.

    Attributes:
        year: year of first contact.
        reason: why nothing is published; empty if something is.
        ends: the published ends; None with a reason.
    """

    year: str
    reason: str = ""
    ends: ToldRange | None = None


@dataclass(frozen=True)
class RangeRelease:
    """The published ranges, or why there are none.

    Attributes:
        version: as the ledger names it; empty if nothing was released.
        years: ranges by year, in order.
    """

    version: str
    years: tuple[YearRange, ...]


def latest(home: Home, log: ReleaseLog | None = None) -> RangeRelease | None:
    """Return the current ranges, read by hash; None before the first, and after a withdrawal.

    Raises:
        Refusal: `bytes_changed`, `file_missing`, `ledger_broken`.
    """
    entry = estimate_folders.standing_version(log or ReleaseLog.read_log(home), ledger.LINK_RANGE)
    return RangeRelease(entry.version, _years(home, entry)) if entry else None


def refused_years(home: Home, log: ReleaseLog) -> dict[str, str]:
    """Return the years without a publishable range, and why; empty while a version is published, or before a count.

    Raises:
        Refusal: `seal_broken`.
    """
    path = home.candidates / COUNTED
    if latest(home, log) or not path.exists():
        return {}
    gone = withdrawn_years(home, log)
    return {year: WITHDRAWN if year in gone else NOT_CARRIED for year in sorted(parse_json(read_sealed(home, path)))}


def published_figures(home: Home, log: ReleaseLog) -> Iterator[tuple[YearRange, pd.DataFrame]]:
    """Return every published range not withdrawn, the newest first, with the sealed counts of its version."""
    for entry in estimate_folders.published_versions(log, ledger.LINK_RANGE):
        ranges = [year_range for year_range in _years(home, entry) if year_range.ends is not None]
        if ranges:
            sealed = ledger.sealed_of(home, entry)
            yield from ((year_range, sealed) for year_range in ranges)


def withdrawn_years(home: Home, log: ReleaseLog) -> set[str]:
    """Return the years with a withdrawn range: none is published again."""
    return {str(row["time_period"]) for row in estimate_folders.withdrawn_rows(home, log, ledger.LINK_RANGE)}


def _years(home: Home, entry: ledger.LedgerEntry) -> tuple[YearRange, ...]:
    return tuple(map(_year, estimate_folders.read_estimate_file(home, entry, FILE)))


def _year(content: dict[str, Any]) -> YearRange:
    ends: dict[str, Any] | None = content.pop("ends")
    return YearRange(**content, ends=ToldRange(**ends) if ends else None)
