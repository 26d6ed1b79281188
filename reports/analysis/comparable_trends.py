"""Which indicators rise or fall over their comparable years: a word, or why there is none.

Belongs here: which released years of an indicator may be compared, and the published counts of these years. A year is
left out if an agency did not report, if fewer agencies reported than in the newest year, if it is not published, if it
still grows (`growing_years.py`), if it lies before a break of the series, or if the register began then: a register
holds what happens to the cases that it knows, and in its first years those are few (`FIRST_YEARS`). No trend is
computed for an indicator that awaits what happens to its cases later.
Does not belong here: the trend itself (`methods/trends.py`), the comparison of two years
(`reports/answers/figure_directions.py`), words.

Everything is computed from released figures and public numbers of residents, so a reader can compute it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from expectations.cards.areas import COUNTRY, FEDERAL, KURDISTAN
from expectations.cards.cells import EXPECTED, RECEIVED, TOTAL
from expectations.cards.population import residents
from methods.trends import LEAST_YEARS, YearlyTrend, yearly_trend
from reports.analysis.growing_years import awaits_outcomes, growing_years
from reports.analysis.indicator_headlines import is_headline, own_categories
from reports.analysis.printed_counts import PrintedCount, operands_of, printed_count
from reports.released.release_memo import once
from reports.released.report_model import Report, ReportedRelease

MEASURES = ("COUNT", "SHARE", "RATE")
"""Measures that count events, or events among so many: the trend of a median or a gap needs another method."""
AREAS = (COUNTRY, FEDERAL, KURDISTAN)
FIRST_YEARS = 2
"""Years that a register takes until it holds all cases that can have an event: first contact, trial, verdict."""


@dataclass(frozen=True)
class ToldTrend:
    """The trend of an indicator in an area; `measure` is its main one."""

    indicator: str
    measure: str
    area: str
    trend: YearlyTrend

    @property
    def is_word(self) -> bool:
        """Whether the indicator rises or falls."""
        return self.trend.reason is None


def _trends(report: Report) -> tuple[ToldTrend, ...]:
    release = report.headline
    return tuple(_release_trends(release, report.headline_years)) if release else ()


trends = once(_trends)
"""Every trend computed from a report's national dataset, by indicator and area."""


def trends_of(report: Report, indicator: str) -> list[ToldTrend]:
    """Return an indicator's trends in areas with enough comparable years; if no area has enough, its first trend."""
    own_trends = [trend for trend in trends(report) if trend.indicator == indicator]
    return [trend for trend in own_trends if len(trend.trend.years) >= LEAST_YEARS] or own_trends[:1]


def trend_in(report: Report, indicator: str, area: str) -> ToldTrend | None:
    """Return the trend of an indicator in one area; None if none was computed."""
    asked = (trend for trend in trends(report) if (trend.indicator, trend.area) == (indicator, area))
    return next(asked, None)


def _release_trends(release: ReportedRelease, years: Sequence[str]) -> Iterator[ToldTrend]:
    frame = release.frame
    figures = frame[is_headline(frame) & frame["obs_value"].notna()]
    whole = figures[figures[RECEIVED] >= figures[EXPECTED]]
    published = set(figures[["indicator", "ref_area"]].itertuples(index=False, name=None))
    for indicator in sorted({code for code, _ in published}):
        measure = next(iter(release.manifest["indicators"].get(indicator, {}).get("derived", {})), "COUNT")
        own = whole[(whole["indicator"] == indicator) & (whole["measure"] == measure)]
        is_asked = measure in MEASURES and not awaits_outcomes(release, indicator)
        for area in (area for area in AREAS if is_asked and (indicator, area) in published):
            complete = _alike_years(own[own["ref_area"] == area])
            growing = growing_years(release, indicator, measure, area, years)
            compared = [year for year in years if year in complete and year not in growing]
            yield ToldTrend(indicator, measure, area, _trend(release, indicator, measure, area, compared))


def _alike_years(rows: pd.DataFrame) -> set[str]:
    """Return the years of a series in which as many agencies reported as in its newest, without its first years."""
    by_year = rows.set_index("time_period")[RECEIVED].sort_index()
    if by_year.empty:
        return set()
    alike = by_year[by_year >= by_year.iloc[-1]].index
    first = int(str(alike[0])) if len(alike) else 0
    return {str(year) for year in alike if int(str(year)) >= first + FIRST_YEARS}


def _trend(release: ReportedRelease, indicator: str, measure: str, area: str, years: Sequence[str]) -> YearlyTrend:
    operands = operands_of(release, indicator, measure)
    codes = {indicator, *(name.partition("/")[0] for name in operands)}
    breaks = [
        series_break.whole_year
        for series_break in release.breaks
        if any(series_break.touches(code, area) for code in codes)
    ]
    rows = [_row(release, operands, indicator, measure, area, year) for year in years]
    known = [(year, *row) for year, row in zip(years, rows, strict=True) if row]
    when, counts, people, errors = (list(column) for column in zip(*known, strict=True)) if known else ([], [], [], [])
    return yearly_trend([int(year) for year in when], counts, population=people, breaks=breaks, error=errors)


def _row(
    release: ReportedRelease, operands: Sequence[str], indicator: str, measure: str, area: str, year: str
) -> tuple[float, float, float] | None:
    """Return events, their denominator, and the error of the events; None if one of the counts is not published."""
    counts = [
        printed_count(release, name, area, year, of=(indicator, measure), part=own_categories(indicator, name))
        for name in operands
    ]
    if measure == "RATE":
        counts.append(PrintedCount(residents().get((area, year, TOTAL, TOTAL), np.nan), 0.0))
    events, among = counts[0], counts[1] if len(counts) > 1 else PrintedCount(1.0, 0.0)
    if np.isnan(events.value) or np.isnan(among.value) or among.value <= among.error:
        return None
    return events.value, among.value, _error_of_both(events, among)


def _error_of_both(events: PrintedCount, among: PrintedCount) -> float:
    """Return how far the events may lie away if all error of the quotient is theirs."""
    least = max(events.value - events.error, 0.0) * among.value / (among.value + among.error)
    most = (events.value + events.error) * among.value / (among.value - among.error)
    return max(most - events.value, events.value - least)
