"""Who did not report for a year: bodies by name and regions, as far as released rows tell it.

Belongs here: reading silence from the coverage columns, from PAR-07 (reports that came, body by body) and from the
holders that a manifest names. Does not belong here: words (`chapters/front.py`), or why somebody was silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from expectations.cards.areas import REGIONS
from expectations.cards.cells import DIMENSIONS, EXPECTED, RECEIVED, TOTAL
from reports.released.report_model import Report, ReportedRelease

REPORTS = "PAR-07"
"""Reports of bodies: owed (`DENOMINATOR`), come (`COUNT`, not in older releases), come in time (`NUMERATOR`)."""
PUBLISHED = "PUBLISHED_FIGURE"  # its source owes the house no report


@dataclass(frozen=True)
class MissingReports:
    """Who did not report for a year.

    Attributes:
        bodies: that did not report, by code.
        perhaps: that did not report on time; whether they did later cannot be seen, in an older release.
        is_unnamed: somebody was silent whom nothing names.
    """

    bodies: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    is_unnamed: bool = False

    def __bool__(self) -> bool:
        """Whether anybody may have been silent."""
        return bool(self.bodies or self.perhaps or self.is_unnamed)


def missing_reports(report: Report, year: str) -> MissingReports:
    """Return who did not report to the national dataset for a year.

    A body is silent if no report of it came, or if an indicator that it alone holds has no report in a region where one
    is expected. Older releases tell only who was on time: there a body is silent if it was not, and as few bodies
    reported as were.
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
    """Yield for each region the bodies that did not report, and those of whom only "late or never" is known."""
    report_rows = rows[rows["indicator"] == REPORTS]
    for area in REGIONS:
        here = report_rows[report_rows["ref_area"] == area]
        came = _values_by_body(here, "COUNT")
        yield (_bodies_with_none(came), []) if came else _missing_by_punctuality(here)


def _missing_by_punctuality(here: pd.DataFrame) -> tuple[list[str], list[str]]:
    """The same from who was on time and how many reported, where a release does not tell who came."""
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
    """Yield the one holder of each indicator that nobody reported in a region where somebody should."""
    owed = rows[_is_owed(rows)]
    empty = owed[(owed[RECEIVED] == 0) & (owed[EXPECTED] > 0)]
    for indicator in sorted(set(empty["indicator"])):
        holders = release.manifest["indicators"].get(indicator, {}).get("holders", [])
        if len(holders) == 1:
            yield str(holders[0])


def _is_owed(rows: pd.DataFrame) -> pd.Series:
    """Which rows are totals of a region that a body of the house should report."""
    are_totals = (rows[list(DIMENSIONS)] == TOTAL).all(axis=1) & rows["ref_area"].isin(REGIONS)
    return are_totals & (rows["unit_measure"] != PUBLISHED)
