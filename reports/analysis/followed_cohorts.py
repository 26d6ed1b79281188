"""How far a year's suspects came in the courts: the released shares convicted, and the released median of days.

Belongs here: which cells of PRS-19 and PRS-20 are shown, and why a year has none. A year is published only if all its
suspects were followed to the horizon: a share is then that of Aalen and Johansen, with all pending suspects in its
denominator. Nothing is added up: a share that no release holds would have an interval that nobody can look up.
Does not belong here: words, or the counts themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from expectations.cards.areas import FEDERAL
from expectations.cards.cells import DIMENSIONS, TOTAL
from reports.analysis.printed_counts import PrintedCount, printed_count
from reports.released.release_memo import once
from reports.released.released_tables import ABSENT, ReleasedCell
from reports.released.report_model import Report, ReportedRelease

CONVICTED, SUSPECTS, WAITING = "PRS-19", "PRS-03", "PRS-20"
DELAYS = ("CONVICTED_YEAR_1", "CONVICTED_YEAR_2", "CONVICTED_YEAR_3")
"""In which year after the contact a suspect was convicted; the total of a year is all of its three years."""
_BREAKDOWN, _LONGEST = "cust_breakdown", "D_GE_731"
REASONS = ("too_few_at_risk", "median_not_reached")
"""Why there is no median; each reason has a sentence in every language."""


@dataclass(frozen=True)
class CohortShares:
    """The released shares of a year's suspects who were convicted: in each of `DELAYS`, then within all of them."""

    year: str
    cells: tuple[ReleasedCell, ...]


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
        shares: by year; a year without any figure has none.
        medians: by year.
        waiting: years whose suspects are not yet followed to the horizon.
        withheld: years whose convictions are withheld.
    """

    shares: tuple[CohortShares, ...] = ()
    medians: tuple[CohortMedian, ...] = ()
    waiting: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


def _cohorts(report: Report) -> FollowedCohorts:
    release = report.headline
    if release is None or CONVICTED not in release.manifest["indicators"]:
        return FollowedCohorts()
    shares = tuple(_shares(release, year) for year in report.headline_years)
    shares = tuple(row for row in shares if all(cell.value is not None for cell in row.cells))
    medians = tuple(median for year in report.headline_years if (median := _median(release, year)))
    asked = [year for year in report.headline_years if report.cell(SUSPECTS, "COUNT", FEDERAL, year).value is not None]
    marks = {year: _marks(release, year) for year in asked}
    waiting = tuple(year for year in asked if marks[year] & {"x", "n"}) if shares else ()
    return FollowedCohorts(shares, medians, waiting, tuple(year for year in asked if "c" in marks[year]))


cohorts = once(_cohorts)
"""How far each year came; empty if the release has no cohorts."""


def _marks(release: ReportedRelease, year: str) -> set[str]:
    """Return the marks that stand in place of the convictions of a year of contact."""
    return {_convicted(release, "NUMERATOR", year, code).mark for code in DELAYS}


def _shares(release: ReportedRelease, year: str) -> CohortShares:
    return CohortShares(year, tuple(_convicted(release, "SHARE", year, code) for code in (*DELAYS, TOTAL)))


def _convicted(release: ReportedRelease, measure: str, year: str, code: str) -> ReleasedCell:
    band = (code if name == _BREAKDOWN else TOTAL for name in DIMENSIONS)
    return release.cells.get((CONVICTED, measure, FEDERAL, year, *band), ABSENT)


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
