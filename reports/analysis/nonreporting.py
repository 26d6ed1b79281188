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
"""Agency reports: due (`DENOMINATOR`), received (`COUNT`), received on time (`NUMERATOR`)."""
PUBLISHED = "PUBLISHED_FIGURE"  # its source owes Marsad no report


@dataclass(frozen=True)
class MissingReports:
    """Who did not report for a year.

    Attributes:
        bodies: agencies that did not report, by code.
        is_unnamed: some agency did not report, but nothing shows which.
        awaited: agencies whose report is not due yet, by code; they are not silent.
    """

    bodies: tuple[str, ...] = ()
    is_unnamed: bool = False
    awaited: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether any agency may not have reported, or not yet."""
        return bool(self.bodies or self.is_unnamed or self.awaited)


def missing_reports(report: Report, year: str) -> MissingReports:
    """Return who did not report to the national dataset for a year.

    An agency did not report if no report of it was received, or if an indicator that it alone holds has no report in a
    region where one is expected. Whose report is not due yet is not silent.
    """
    if report.headline is None:
        return MissingReports()
    rows = report.headline.frame[report.headline.frame["time_period"] == year]
    awaited = _bodies_not_due(rows)
    silent = {*_bodies_without_report(rows), *_sole_holders(report.headline, rows)} - awaited
    totals = rows[_is_owed(rows)]
    is_short = bool((totals[RECEIVED] < totals[EXPECTED]).any())
    return MissingReports(tuple(sorted(silent)), is_short and not silent and not awaited, tuple(sorted(awaited)))


def _bodies_without_report(rows: pd.DataFrame) -> set[str]:
    """Return the agencies of which no report was received."""
    counts = rows[(rows["indicator"] == REPORTS) & (rows["measure"] == "COUNT") & (rows["holder"] != TOTAL)]
    return set(counts.loc[counts["ref_area"].isin(REGIONS) & (counts["obs_value"] == 0), "holder"].astype(str))


def _bodies_not_due(rows: pd.DataFrame) -> set[str]:
    """Return the agencies that owe a report of which nothing is known yet: it is not due."""
    own = rows[(rows["indicator"] == REPORTS) & (rows["holder"] != TOTAL) & rows["ref_area"].isin(REGIONS)]
    is_known = own["obs_value"].notna()
    owing = set(own.loc[(own["measure"] == "DENOMINATOR") & is_known, "holder"].astype(str))
    return owing & set(own.loc[(own["measure"] == "COUNT") & ~is_known, "holder"].astype(str))


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
