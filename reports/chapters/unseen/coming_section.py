"""The section on late cases: how many of the last year are still to come on each list, or why that is not known.

Belongs here: its blocks. Does not belong here: the nowcast and whether it may be published (`expectations/estimates`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.published.published_nowcasts import SenderNowcast
from languages import dates
from languages.words import Words
from methods.case_flow.told_nowcast import ToldNowcast
from reports.chapters import printed
from reports.editions.edition import (
    Block,
    Chapter,
    ChartBlock,
    ChartSeries,
    ItemList,
    Paragraph,
    TableBlock,
    TableColumn,
    TableRow,
)
from reports.editions.printed_parts import PrintedFigure
from reports.phrases import wording
from reports.released.report_model import Report

_COLUMNS = ("year", "as_of", "seen", "middle", "interval", "trial")
_TABLE = "coming-table"


def coming_section(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the section, unless this data home has neither a nowcast nor a refused one."""
    if not report.nowcasts:
        return
    estimated = [(nowcast, nowcast.figures) for nowcast in report.nowcasts if nowcast.figures is not None]
    blocks: list[Block] = [Paragraph(text=words.text("edition.coming.lead"), tone="lead")]
    if estimated:
        blocks += [_chart(nowcast, figures, words) for nowcast, figures in estimated]
        blocks.append(_table(estimated, words))
        blocks += [Paragraph(text=words.text(f"edition.coming.{name}"), tone="note") for name in ("units", "tried")]
    refused = tuple(_refusal_reasons([nowcast for nowcast in report.nowcasts if nowcast.figures is None], words))
    if refused:
        blocks.append(ItemList(label=words.text("edition.coming.refused"), texts=refused, is_titled=True))
    yield Chapter(id="unseen-coming", title=words.text("edition.coming.title"), blocks=tuple(blocks))


def _chart(nowcast: SenderNowcast, figures: ToldNowcast, words: Words) -> ChartBlock:
    """Return the bar of the year: what has arrived stands inside what is expected, so that the rest is visible."""
    year = dates.year(words, nowcast.year)
    title = words.text(
        "edition.coming.chart", body=wording.body(nowcast.source, words), list=_list_name(nowcast, words), year=year
    )
    series = tuple(
        ChartSeries(name=words.text(f"edition.coming.chart.{name}"), figures=(printed.plain_number(value, words),))
        for name, value in (("expected", figures.middle), ("arrived", figures.seen))
    )
    described = words.text("edition.separator").join(
        words.text("edition.chart.series", name=line.name, values=printed.figure_with_mark(line.figures[0]))
        for line in series
    )
    return ChartBlock(
        id=f"coming-{printed.name_of(nowcast.source)}-{nowcast.shape}",
        shape="forecast",
        title=title,
        alternative=words.text("edition.chart.alternative", title=title, series=described),
        years=(nowcast.year,),
        year_labels=(year,),
        series=series,
        table=_TABLE,
    )


def _table(estimated: Sequence[tuple[SenderNowcast, ToldNowcast]], words: Words) -> TableBlock:
    return printed.ungrouped_table(
        _TABLE,
        words.text("edition.coming.caption"),
        words.text("edition.coming.column.body"),
        (TableColumn(text=words.text(f"edition.coming.column.{name}"), code=name) for name in _COLUMNS),
        (
            TableRow(label=_label(nowcast, words), cells=_cells(nowcast, figures, words))
            for nowcast, figures in estimated
        ),
    )


def _cells(nowcast: SenderNowcast, figures: ToldNowcast, words: Words) -> tuple[PrintedFigure, ...]:
    between = words.text("edition.hidden.between", lower=figures.lower, upper=figures.upper)
    trial = words.text("edition.coming.trial", cover=figures.cover, compared=figures.compared)
    return (
        printed.text(dates.year(words, nowcast.year)),
        printed.text(dates.day(words, nowcast.as_of)),
        printed.plain_number(figures.seen, words),
        printed.plain_number(figures.middle, words),
        printed.text(between),
        printed.text(trial),
    )


def _refusal_reasons(refused: Sequence[SenderNowcast], words: Words) -> Iterator[str]:
    """Yield each reason with the lists that it applies to."""
    for reason in dict.fromkeys(nowcast.reason for nowcast in refused):
        bodies = wording.list_texts((_label(nowcast, words) for nowcast in refused if nowcast.reason == reason), words)
        yield words.text("edition.coming.none", bodies=bodies, reason=words.text(f"nowcast.reason.{reason}"))


def _label(nowcast: SenderNowcast, words: Words) -> str:
    return words.text("edition.coming.row", body=wording.body(nowcast.source, words), list=_list_name(nowcast, words))


def _list_name(nowcast: SenderNowcast, words: Words) -> str:
    return words.text(f"edition.coming.list.{nowcast.shape}")
