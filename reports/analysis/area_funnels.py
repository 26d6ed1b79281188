"""Compare each governorate with all of them together, in the latest year: which lie outside the funnel.

Belongs here: the published counts and residents that are compared, and which governorates lie outside. A governorate is
left out if an agency that should report for it did not.
Does not belong here: the funnel itself (`methods/funnel.py`), words. To lie outside is neither good nor bad.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

import numpy as np
import pandas as pd

from expectations.cards.areas import level_of
from expectations.cards.cells import DIMENSIONS, EXPECTED, RECEIVED, TOTAL
from expectations.cards.population import residents
from methods.funnel import funnel
from reports.analysis.printed_counts import printed_count
from reports.phrases.figure_words import Count
from reports.released.release_memo import once
from reports.released.released_tables import ReleasedCell, sort_codes
from reports.released.report_model import Report, ReportedRelease

MEASURE = "COUNT"


@dataclass(frozen=True)
class FunnelArea:
    """A governorate in the funnel: its published figure, and the whole counts that would lie inside.

    Attributes:
        count: the figure with its rounding.
        expected: its count at the rate of all residents together.
    """

    area: str
    cell: ReleasedCell
    count: Count
    lower: int
    upper: int
    expected: int
    is_high: bool


@dataclass(frozen=True)
class ComparedAreas:
    """The comparison of the governorates of one indicator and year.

    Attributes:
        number: how many were compared.
        reason: why they were not compared, one of `methods.funnel.REASONS`; None if they were.
        outside: those outside, in print order.
        furthest: the one furthest from its expected count, measured by chance alone; None if none was compared.
    """

    dataset: str
    indicator: str
    year: str
    number: int
    reason: str | None
    outside: tuple[FunnelArea, ...]
    furthest: FunnelArea | None


def _funnels(report: Report) -> tuple[ComparedAreas, ...]:
    return tuple(comparison for release in report.releases for comparison in _release_comparisons(release))


funnels = once(_funnels)
"""Every comparison of governorates in a report, by dataset and indicator."""


def _release_comparisons(release: ReportedRelease) -> Iterator[ComparedAreas]:
    frame = release.frame
    totals = (frame[list(DIMENSIONS)] == TOTAL).all(axis=1) & (frame["measure"] == MEASURE)
    here = frame[totals & frame["obs_value"].notna() & (frame["ref_area"].map(level_of) == "governorate")]
    for indicator in sort_codes("indicator", here["indicator"]):
        own = here[here["indicator"] == indicator]
        year = str(own["time_period"].max())
        yield _compare_areas(release, indicator, year, own[own["time_period"] == year])


def _compare_areas(release: ReportedRelease, indicator: str, year: str, rows: pd.DataFrame) -> ComparedAreas:
    whole = rows[rows[RECEIVED] >= rows[EXPECTED]]
    areas = [area for area in sort_codes("area", whole["ref_area"]) if (area, year, TOTAL, TOTAL) in residents()]
    counts = [printed_count(release, f"{indicator}/{MEASURE}", area, year) for area in areas]
    people = [residents()[area, year, TOTAL, TOTAL] for area in areas]
    limits = funnel([count.value for count in counts], people, error=[count.error for count in counts])
    if limits.reason:
        return ComparedAreas(release.dataset, indicator, year, len(areas), limits.reason, (), None)

    def placed(place: int) -> FunnelArea:
        return FunnelArea(
            areas[place],
            release.cells[(indicator, MEASURE, areas[place], year, *(TOTAL for _ in DIMENSIONS))],
            Count(round(counts[place].value), round(counts[place].error)),
            ceil(limits.lower[place]),
            floor(limits.upper[place]),
            round(limits.expected[place]),
            bool(limits.is_high[place]),
        )

    outside = tuple(placed(int(place)) for place in np.flatnonzero(limits.is_high | limits.is_low))
    distances = np.abs(limits.ratio - 1) * np.sqrt(limits.expected)
    return ComparedAreas(release.dataset, indicator, year, len(areas), None, outside, placed(int(np.argmax(distances))))
