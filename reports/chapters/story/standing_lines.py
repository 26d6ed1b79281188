"""Every indicator that has a figure as a line: its latest figure with interval, its series as a small chart, its trend.

Belongs here: joining them by demand, in the order of their codes. An indicator of several demands stands under the
first.
Does not belong here: whether a figure moved (`reports/analysis/scoreboard.py`), the trend
(`reports/analysis/comparable_trends.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from expectations.cards.series_breaks import select_spanned_breaks
from languages import dates
from languages.words import Words
from reports.analysis.comparable_trends import trend_in
from reports.analysis.indicator_headlines import headline_name, headline_of
from reports.analysis.printed_counts import operands_of
from reports.analysis.scoreboard import IndicatorStanding, scoreboard
from reports.chapters import printed
from reports.chapters.picture_blocks.told_picture import CHILD_INDICATORS
from reports.editions.edition import StandingLine
from reports.editions.printed_parts import SmallChart
from reports.phrases import trend_text, wording
from reports.released.report_model import Report

_LEAST_YEARS = 2


def standing_lines(report: Report, area: str, words: Words) -> Iterator[StandingLine]:
    """Yield a line for each indicator of an area that has a figure."""
    listed: set[str] = set()
    for score in scoreboard(report):
        for standing in score.standings if score.area == area else ():
            if standing.state == "told" and standing.indicator not in listed:
                listed.add(standing.indicator)
                yield _line(score.code, standing, report, words)


def _line(demand: str, standing: IndicatorStanding, report: Report, words: Words) -> StandingLine:
    asked = trend_in(report, standing.indicator, standing.area)
    name = headline_name(standing.indicator, standing.measure, words)
    return StandingLine(
        demand=demand,
        name=name,
        year=dates.year(words, standing.year),
        figure=printed.figure(standing.cell, words),
        direction=words.text(f"page.demand.{standing.direction}"),
        trend=trend_text.word(asked.trend, words) if asked else "",
        chart=_chart(standing, name, report, words),
    )


def _chart(standing: IndicatorStanding, name: str, report: Report, words: Words) -> SmallChart | None:
    years = report.headline_years
    at = headline_of(standing.indicator).at
    cells = [report.cell(standing.indicator, standing.measure, standing.area, year, **at) for year in years]
    figures = tuple(printed.figure(cell, words) for cell in cells)
    if report.headline is None or sum(figure.value is not None for figure in figures) < _LEAST_YEARS:
        return None
    labels = tuple(dates.year(words, year) for year in years)
    codes = {
        standing.indicator,
        *(part.partition("/")[0] for part in operands_of(report.headline, standing.indicator, standing.measure)),
    }
    broken = tuple(
        now
        for before, now in pairwise(years)
        if select_spanned_breaks(report.headline.breaks, codes, standing.area, before, now)
    )
    pairs = (
        words.text("edition.measured", indicator=label, measure=printed.figure_with_mark(figure))
        for label, figure in zip(labels, figures, strict=True)
        if figure.text or figure.mark != "x"
    )
    return SmallChart(
        alternative=words.text("edition.measured", indicator=name, measure=wording.list_texts(pairs, words)),
        years=tuple(years),
        year_labels=labels,
        figures=figures,
        broken_before=broken,
        unit="share" if standing.measure == "SHARE" else "count",
        is_of_children=standing.indicator in CHILD_INDICATORS,
    )
