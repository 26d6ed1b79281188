"""How much confidence the number of detected victims deserves, by published rules.

Belongs here: the grade of one released count. It is about victims who were detected, never about undetected ones.
Does not belong here: the sentences (`languages/en.yml`, keys `edition.story.grade.…`).
"""

from __future__ import annotations

from typing import Literal

from expectations.cards.cells import rounding_error
from reports.analysis.revised_totals import revised_totals
from reports.released.report_model import NATIONAL, Report

Grade = Literal["high", "fair_rounded", "fair_links", "fair_revised", "fair_frozen", "low"]
_MOST_MOVED = 0.05  # one in twenty, as the sentences say


def grade_of(report: Report, indicator: str, area: str, year: str) -> Grade | None:
    """Return the grade of a yearly count, by the first rule that holds; None if no figure is published.

    Low: an agency that should report did not. Fair: late cases are not included yet; a year before moved by one in
    twenty or more since the release before; the totals of the release rest on links without a common pseudonymous ID,
    of which no number is published; rounding may move the figure by one in twenty or more. High: none of these.

    Args:
        report: the model.
        indicator: whose count is graded.
        area: of the count.
        year: of the count.
    """
    cell = report.cell(indicator, "COUNT", area, year)
    if not cell.value:
        return None
    if not _is_complete(report, indicator, area, year):
        return "low"
    if report.is_frozen(indicator, year):
        return "fair_frozen"
    if _has_moved(report, indicator, area):
        return "fair_revised"
    if report.headline and report.headline.rests_on_links:
        return "fair_links"
    return "fair_rounded" if rounding_error(cell.method) / cell.value >= _MOST_MOVED else "high"


def _has_moved(report: Report, indicator: str, area: str) -> bool:
    """Return whether rounding leaves no doubt that a year of the series moved by one in twenty."""
    totals = revised_totals(report.headline) if report.headline else ()
    return any(
        total.least / total.before.value >= _MOST_MOVED
        for total in totals
        if (total.indicator, total.area) == (indicator, area) and total.before.value
    )


def _is_complete(report: Report, indicator: str, area: str, year: str) -> bool:
    """Return whether every agency that should report did; False if no agency should."""
    reported = (
        coverage.reported.get(year)
        for section in report.sections_of(NATIONAL)
        if section.indicator == indicator
        for coverage in section.coverage
        if coverage.area == area
    )
    return any(bodies is not None and 0 < bodies.expected <= bodies.received for bodies in reported)
