"""The opening chapters of an edition: key results, the four demands, the charts.

Belongs here: their blocks. Does not belong here: which figures are key (`reports/analysis/result_sentences.py`), what
a demand's figures say (`reports/analysis/scoreboard.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from languages import dates
from languages.words import Words
from reports.analysis import result_sentences, scoreboard
from reports.analysis.comparable_trends import trend_in
from reports.analysis.scoreboard import DemandScore, IndicatorStanding
from reports.chapters import drawings, printed
from reports.chapters.picture_blocks import share_pictures
from reports.editions.edition import (
    Block,
    Chapter,
    Paragraph,
    ResultLine,
    ResultList,
    TableBlock,
    TableColumn,
    TableRow,
)
from reports.editions.printed_parts import PictureBlock, PrintedFigure
from reports.phrases import trend_text, wording
from reports.released.report_model import Report


def key_results(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the key results, unless none is released."""
    results = result_sentences.key_results(report, words)
    if not results:
        return
    lines = tuple(ResultLine(figure=result.figure, sentence=result.sentence, note=result.note) for result in results)
    intro = Paragraph(text=_intro(report, words), tone="lead")
    yield Chapter(id="results", title=words.text("page.results.title"), blocks=(intro, ResultList(lines=lines)))


def demands(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the chapter on the four demands with a section for each, unless there are no indicators behind them."""
    scores = [demand for demand in scoreboard.scoreboard(report) if demand.standings]
    if not scores:
        return
    codes = dict.fromkeys(demand.code for demand in scores)
    area, year = result_sentences.results_area(report), result_sentences.latest_year(report)
    drawn = share_pictures.shares_of_demands(report, scores, area, year, words)
    sections = tuple(
        _demand(code, [score for score in scores if score.code == code], drawn.get(code, ()), report, words)
        for code in codes
    )
    intro = Paragraph(text=words.text("page.demand.intro"), tone="lead")
    yield Chapter(id="demands", title=words.text("page.demand.title"), blocks=(intro,), chapters=sections)


def charts(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the two charts of the headline, unless their figures are not released."""
    chart_blocks = drawings.headline_charts(report, words)
    if chart_blocks:
        note = Paragraph(text=words.text("page.chart.gaps"), tone="note")
        yield Chapter(id="charts", title=words.text("page.charts.title"), blocks=(*chart_blocks, note))


def _intro(report: Report, words: Words) -> str:
    arguments: dict[str, str | float] = {
        "year": dates.year(words, result_sentences.latest_year(report)),
        "area": wording.area(result_sentences.results_area(report), words),
    }
    base = result_sentences.rounding_base(report)
    if base:
        return words.text("page.results.intro", base=base, **arguments)
    return words.text("page.results.intro_exact", **arguments)


def _demand(
    code: str, places: list[DemandScore], drawn: Sequence[PictureBlock], report: Report, words: Words
) -> Chapter:
    blocks: list[Block] = [
        block
        for demand in places
        for block in (Paragraph(text=scoreboard.sentence(demand, words)), _standings(demand, report, words))
    ]
    return Chapter(id=f"demand-{code.lower()}", title=words.text(f"demand.{code}"), blocks=(*blocks, *drawn))


def _standings(demand: DemandScore, report: Report, words: Words) -> TableBlock:
    names = ("year", "figure", "interval", "direction", "trend")
    return printed.ungrouped_table(
        f"demand-{demand.code}-{demand.area}".lower(),
        words.text(
            "page.caption.of", first=words.text(f"demand.{demand.code}"), second=wording.area(demand.area, words)
        ),
        words.text("page.demand.indicator"),
        (TableColumn(text=words.text(f"page.demand.{name}"), code=name) for name in names),
        (_standing(standing, report, words) for standing in demand.standings),
    )


def _standing(standing: IndicatorStanding, report: Report, words: Words) -> TableRow:
    title = wording.title(standing.indicator, words)
    if standing.state != "told":
        state = printed.text(words.text(f"page.demand.{standing.state}"))
        mark = PrintedFigure(mark="c" if standing.state == "hidden" else "x")
        none = PrintedFigure(is_text=True)
        return TableRow(label=title, cells=(none, mark, none, state, none), code=standing.indicator)
    asked = trend_in(report, standing.indicator, standing.area)
    label = words.text(
        "edition.measured", indicator=title, measure=wording.measure(standing.indicator, standing.measure, words)
    )
    return TableRow(
        label=label,
        cells=(
            printed.text(dates.year(words, standing.year)),
            printed.figure(standing.cell, words),
            printed.text(wording.interval(standing.cell, standing.lower, standing.upper, words)),
            printed.text(words.text(f"page.demand.{standing.direction}")),
            printed.text(trend_text.word(asked.trend, words) if asked else ""),
        ),
        code=standing.indicator,
    )
