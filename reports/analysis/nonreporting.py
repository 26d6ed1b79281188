"""Who did not report for a year: agencies by name and regions, as far as released rows show it.

Belongs here: detecting missing reports from the coverage columns, from PAR-07 (reports received, by agency) and from
the holders that a manifest names. Does not belong here: words (`chapters/front.py`), or why an agency did not report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from expectations.cards.areas import REGIONS
from expectations.cards.cells import DIMENSIONS, EXPECTED, RECEIVED, TOTAL
from reports.released.report_model import Report, ReportedRelease

REPORTS = "PAR-07"
"""Agency reports: due (`DENOMINATOR`), received (`COUNT`, not in older releases), received on time (`NUMERATOR`)."""
PUBLISHED = "PUBLISHED_FIGURE"  # its source owes Marsad no report


@dataclass(frozen=True)
class MissingReports:
    """Who did not report for a year.

    Attributes:
        bodies: agencies that did not report, by code.
        perhaps: agencies that did not report on time; an older release does not show whether they did later.
        is_unnamed: some agency did not report, but nothing shows which.
    """

    bodies: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    is_unnamed: bool = False

    def __bool__(self) -> bool:
        """Whether any agency may not have reported."""
        return bool(self.bodies or self.perhaps or self.is_unnamed)


def missing_reports(report: Report, year: str) -> MissingReports:
    """Return who did not report to the national dataset for a year.

    An agency did not report if no report of it was received, or if an indicator that it alone holds has no report in a
    region where one is expected. Older releases show only who was on time: there an agency did not report if it was not
    on
    time and no more agencies reported than were on time.
    """
    if report.headline is None:
        return MissingReports()
    rows = report.headline.frame[report.headline.frame["time_period"] == year]
    pairs = list(_missing_by_region(rows))
    silent = {*(body for missing, _ in pairs for body in missing), *_sole_holders(report.headline, rows)}
    perhaps = {body for _, uncertain in pairs for body in uncertain} - silent
    totals = rows[_is_owed(rows)]
    is_short = bool((totals[RECEIVED] < totals[EXPECTED]).any())
    return MissingReports(tuple(sorted(silent)), tuple(sorted(perhaps)), is_short and not silent and not perhaps)


def _missing_by_region(rows: pd.DataFrame) -> Iterator[tuple[list[str], list[str]]]:
    """Yield for each region the agencies that did not report, and those known only to be late or missing."""
    report_rows = rows[rows["indicator"] == REPORTS]
    for area in REGIONS:
        here = report_rows[report_rows["ref_area"] == area]
        came = _values_by_body(here, "COUNT")
        yield (_bodies_with_none(came), []) if came else _missing_by_punctuality(here)


def _missing_by_punctuality(here: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the same from who was on time and how many reported, if a release lacks the reports received."""
    on_time = _values_by_body(here, "NUMERATOR")
    whole = here[(here["holder"] == TOTAL) & (here["measure"] == "NUMERATOR")]
    if not on_time or whole.empty:
        return [], []
    late = _bodies_with_none(on_time)
    reporting = int(whole[RECEIVED].iloc[0])
    if reporting <= len(on_time) - len(late):
        return late, []
    return [], late if reporting < len(on_time) else []


def _values_by_body(here: pd.DataFrame, measure: str) -> dict[str, float]:
    rows = here[(here["measure"] == measure) & (here["holder"] != TOTAL)]
    return {str(row["holder"]): row["obs_value"] for _, row in rows.iterrows()}


def _bodies_with_none(by_body: dict[str, float]) -> list[str]:
    return [body for body, value in by_body.items() if value == 0]


def _sole_holders(release: ReportedRelease, rows: pd.DataFrame) -> Iterator[str]:
    """Yield the only holder of each indicator that has no report in a region where one is expected."""
    owed = rows[_is_owed(rows)]
    empty = owed[(owed[RECEIVED] == 0) & (owed[EXPECTED] > 0)]
    for indicator in sorted(set(empty["indicator"])):
        holders = release.manifest["indicators"].get(indicator, {}).get("holders", [])
        if len(holders) == 1:
            yield str(holders[0])


def _is_owed(rows: pd.DataFrame) -> pd.Series:
    """Return which rows are totals of a region for which an agency should report to Marsad."""
    are_totals = (rows[list(DIMENSIONS)] == TOTAL).all(axis=1) & rows["ref_area"].isin(REGIONS)
    return are_totals & (rows["unit_measure"] != PUBLISHED)
