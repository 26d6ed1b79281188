"""How far a year's suspects came in the courts, from released counts: convicted within one, two and three years.

Belongs here: adding up the published counts of PRS-19 as shares of PRS-03, and when half of the cases of PRS-20 had a
verdict. A year is published only if all its suspects were followed to the horizon: the share is then that of Aalen and
Johansen, with all pending suspects in its denominator.
Does not belong here: words, or the counts themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from expectations.cards.areas import FEDERAL
from expectations.cards.cells import DIMENSIONS, TOTAL
from methods.intervals import wilson
from reports.analysis.printed_counts import PrintedCount, printed_count
from reports.released.release_memo import once
from reports.released.released_tables import ABSENT, ReleasedCell
from reports.released.report_model import Report, ReportedRelease

CONVICTED, SUSPECTS, WAITING = "PRS-19", "PRS-03", "PRS-20"
MONTHS = (12, 24, 36)
_DELAYS = tuple(f"CONVICTED_YEAR_{step}" for step, _ in enumerate(MONTHS, start=1))
_BREAKDOWN, _LONGEST = "cust_breakdown", "D_GE_731"
REASONS = ("too_few_at_risk", "median_not_reached")
"""Why there is no median; each reason has a sentence in every language."""


@dataclass(frozen=True)
class CohortShare:
    """The share of a year's suspects convicted within so many months, from 0 to 1.

    Its limits hold for every count that rounding allows.
    """

    year: str
    months: int
    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class CohortMedian:
    """The released median of the days from report to verdict of a year, cases without a verdict included.

    Attributes:
        lower: lower limit; NaN if there is none.
        upper: upper limit; NaN if there is none.
        reason: why there is no median: one of `REASONS`, or `withheld` with its counts.
    """

    year: str
    cell: ReleasedCell
    lower: float
    upper: float
    reason: str | None = None


@dataclass(frozen=True)
class FollowedCohorts:
    """How far each year came.

    Attributes:
        shares: by year and months.
        medians: by year.
        waiting: years whose suspects are not yet followed to the horizon.
        withheld: years whose convictions are withheld.
    """

    shares: tuple[CohortShare, ...] = ()
    medians: tuple[CohortMedian, ...] = ()
    waiting: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


def _cohorts(report: Report) -> FollowedCohorts:
    release = report.headline
    if release is None or CONVICTED not in release.manifest["indicators"]:
        return FollowedCohorts()
    shares = tuple(share for year in report.headline_years for share in _shares(release, year))
    medians = tuple(median for year in report.headline_years if (median := _median(release, year)))
    asked = [year for year in report.headline_years if report.cell(SUSPECTS, "COUNT", FEDERAL, year).value is not None]
    marks = {year: _marks(release, year) for year in asked}
    waiting = tuple(year for year in asked if marks[year] & {"x", "n"}) if shares else ()
    return FollowedCohorts(shares, medians, waiting, tuple(year for year in asked if "c" in marks[year]))


cohorts = once(_cohorts)
"""How far each year came; empty if the release has no cohorts."""


def _marks(release: ReportedRelease, year: str) -> set[str]:
    """Return the marks that stand in place of the convictions of a year of contact."""
    bands = ((year, *(code if name == _BREAKDOWN else TOTAL for name in DIMENSIONS)) for code in _DELAYS)
    return {release.cells.get((CONVICTED, "NUMERATOR", FEDERAL, *band), ABSENT).mark for band in bands}


def _shares(release: ReportedRelease, year: str) -> Iterator[CohortShare]:
    whole = printed_count(release, f"{SUSPECTS}/COUNT", FEDERAL, year)
    delays = [_part(release, f"{CONVICTED}/NUMERATOR", year, code) for code in _DELAYS]
    if not whole.value >= release.minimum_base or any(np.isnan(delay.value) for delay in delays):
        return
    for step, months in enumerate(MONTHS, start=1):
        value, error = (sum(column) for column in zip(*delays[:step], strict=True))
        limits = wilson(value, whole.value, numerator_error=error, denominator_error=whole.error)
        yield CohortShare(year, months, min(value / whole.value, 1.0), *(float(limit) for limit in limits))


def _median(release: ReportedRelease, year: str) -> CohortMedian | None:
    key = (WAITING, "MEDIAN", FEDERAL, year, *(TOTAL for _ in DIMENSIONS))
    cell = release.cells.get(key, ABSENT)
    if cell.mark in ("x", "n"):
        return None
    if cell.value is None:
        whole = printed_count(release, f"{WAITING}/COUNT", FEDERAL, year)
        if np.isnan(whole.value):
            return CohortMedian(year, cell, float("nan"), float("nan"), "withheld")
        longest = _part(release, f"{WAITING}/COUNT", year, _LONGEST)
        is_open = 2 * (longest.value - longest.error) > whole.value + whole.error
        reason = "median_not_reached" if is_open else "too_few_at_risk"
        return CohortMedian(year, cell, float("nan"), float("nan"), reason)
    frame = release.frame
    own = frame[(frame["indicator"] == WAITING) & (frame["measure"] == "MEDIAN") & (frame["time_period"] == year)]
    here = own[(own["ref_area"] == FEDERAL) & (own[list(DIMENSIONS)] == TOTAL).all(axis=1)].iloc[0]
    return CohortMedian(year, cell, float(here["lower"]), float(here["upper"]))


def _part(release: ReportedRelease, operand: str, year: str, code: str) -> PrintedCount:
    return printed_count(release, operand, FEDERAL, year, part={_BREAKDOWN: code})
