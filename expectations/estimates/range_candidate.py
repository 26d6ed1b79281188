"""The range of a total over link thresholds: rounded ends beside the printed count of each year, or none.

Belongs here: which years are asked, comparing with the warehouse's count, when an earlier range stands. Does not belong
here: counting at the thresholds (`linked_counts.py`), rounding (`methods/linkage/told_range.py`), publishing
(`estimate_release.py`), sentences (the reports).

The total is PRT-01 of the country. Two ranges of one year that differ by one record would reveal that record. So a
range stands as long as the printed count lies within it and fewer cases differ than a revision of a past year takes
(`LATE_CASES`), and a withdrawn one never returns. If no range can be published, nothing is released: no folder, no
line. Only a version whose ranges no longer stand is followed by one without ranges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from expectations.candidates import candidate
from expectations.cards import areas
from expectations.estimates import estimate_release, linked_counts
from expectations.estimates.estimate_release import EstimateCandidate
from expectations.protection.constraint_systems import LATE_CASES
from expectations.published.ledger import NATIONAL
from expectations.published.published_estimates import (
    INDICATOR,
    LINK_RANGES,
    NOT_CARRIED,
    WITHDRAWN,
    EarlierEstimate,
    EstimateRelease,
    YearRange,
)
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home
from ingestion.persons import link_store
from methods.linkage.person_groups import THRESHOLDS
from methods.linkage.told_range import Chance, told_range

Counts = Mapping[float, int]
"""Threshold -> true count."""


def publish(home: Home) -> EstimateRelease[YearRange] | None:
    """Count, round and publish the ranges of all printed years; the caller holds the lock."""
    return estimate_release.publish(home, LINK_RANGES, _make_candidate)


def _make_candidate(home: Home, log: ReleaseLog) -> EstimateCandidate[YearRange] | None:
    """Return the ranges; None if nothing was ever linked, or the national dataset is not published."""
    national = estimate_release.read_national(home, log)
    if national is None or link_store.path_of(home) is None:
        return None
    printed = _totals(national.frame)
    counted = linked_counts.read_linked_counts(home)
    true, chance = _totals(candidate.read_cells(home, NATIONAL)), _chance(home)

    def revise(new: YearRange, before: EarlierEstimate[YearRange]) -> YearRange:
        """Keep what was published until enough cases differ; publish nothing if it cannot stand."""
        if before.is_withdrawn:
            return YearRange(new.year, WITHDRAWN)
        if before.estimate is None or before.sealed is None:
            return new
        if _is_enough_changed(list(_counts(new.year, counted.get(new.year, {}))), before.sealed, new.year):
            return new
        ends = before.estimate.ends
        stands = ends is not None and ends.lower <= printed[new.year] <= ends.upper
        return before.estimate if stands else YearRange(new.year, NOT_CARRIED)

    return EstimateCandidate(
        [
            _compute_range(year, counted.get(year, {}), true.get(year), shown, chance)
            for year, shown in sorted(printed.items())
        ],
        {NATIONAL: national.version},
        [row for year, counts in counted.items() for row in _counts(year, counts)],
        {year: {str(at): count for at, count in counts.items()} for year, counts in counted.items()},
        revise,
    )


def _totals(frame: pd.DataFrame) -> dict[str, int]:
    """Return the count of the country by year, if there is one."""
    counts = estimate_release.total_counts(frame)
    return {year: count for (area, year), count in counts.items() if area == areas.COUNTRY}


def _chance(home: Home) -> Chance:
    """Return the random source of a name: 48 bits of its seed."""
    seed = estimate_release.home_seed(home)
    return lambda name: (seed(f"link range {name}") >> 16) / (1 << 48)


def _compute_range(year: str, counts: Counts, true: int | None, printed: int, chance: Chance) -> YearRange:
    """Return the range of a year; none if the second count at the main threshold differs from the warehouse's."""
    if not counts or true is None or counts[link_store.MAIN] != true:
        return YearRange(year, NOT_CARRIED)
    ends = told_range(list(counts.values()), true, printed, lambda name: chance(f"{year} {name}"))
    return YearRange(year, "" if ends else NOT_CARRIED, ends)


def _is_enough_changed(rows: list[dict[str, Any]], sealed: pd.DataFrame, year: str) -> bool:
    """Return whether a count differs from that behind the earlier range, and each that differs by enough cases."""
    was = {
        str(row["measure"]): round(row["obs_value"]) for row in sealed.to_dict("records") if row["time_period"] == year
    }
    now = {str(row["measure"]): round(row["obs_value"]) for row in rows}
    moved = [abs(now.get(name, 0) - was.get(name, 0)) for name in {*was, *now}]
    return any(moved) and all(cases == 0 or cases >= LATE_CASES for cases in moved)


def _counts(year: str, counts: Counts) -> Iterator[dict[str, Any]]:
    """Yield the true counts as rows, with the threshold in the measure's name."""
    place = {"indicator": INDICATOR, "ref_area": areas.COUNTRY, "time_period": year}
    yield from (
        estimate_release.ledger_row(counts[at], measure=f"LINKS_{at}", **place) for at in THRESHOLDS if at in counts
    )
