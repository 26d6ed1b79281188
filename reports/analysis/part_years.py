"""Which years of an indicator were covered only in part by an agency: their figures are compared with nothing.

Belongs here: the one question of every form whether the rest of a year is still to come, as the status of released rows
says it, and which years a chart does not join.
Does not belong here: what agencies delivered (`ingestion/submissions/agency_years.py`), agencies that sent nothing
(`nonreporting.py`), years to which late cases are added (`growing_years.py`), words.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from expectations.cards.cells import PART
from expectations.cards.series_breaks import select_spanned_breaks
from reports.released.release_memo import once
from reports.released.report_model import ReportedRelease


def is_part(release: ReportedRelease, indicator: str, area: str, year: str) -> bool:
    """Return whether a figure of an indicator covers a part of the year for an agency that holds it."""
    return (indicator, area, year) in _places_in_part(release)


def part_years(
    release: ReportedRelease, indicators: Collection[str], area: str, years: Sequence[str]
) -> tuple[str, ...]:
    """Return those of some years that one of the indicators covers only in part."""
    return tuple(year for year in years if any(is_part(release, indicator, area, year) for indicator in indicators))


def years_apart(
    release: ReportedRelease, indicators: Collection[str], area: str, years: Sequence[str]
) -> tuple[str, ...]:
    """Return the years that no line joins with the year before: counted in another way, or one of the two is a part."""
    parts = part_years(release, indicators, area, years)
    return tuple(
        now
        for before, now in pairwise(years)
        if {before, now}.intersection(parts) or select_spanned_breaks(release.breaks, indicators, area, before, now)
    )


@once
def _places_in_part(release: ReportedRelease) -> frozenset[tuple[str, str, str]]:
    """Return indicator, area and year of every figure of a part."""
    rows = release.frame.loc[release.frame["obs_status"] == PART, ["indicator", "ref_area", "time_period"]]
    return frozenset(rows.astype(str).drop_duplicates().itertuples(index=False, name=None))
