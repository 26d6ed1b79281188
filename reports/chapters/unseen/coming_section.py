"""The section on late cases: how many of the last year are still to come on each list, or why nobody can tell.

Belongs here: its blocks. Does not belong here: the forecast and whether it may be told (`expectations/estimates`).
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


def coming(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the section, unless no list was ever asked in this home."""
    if not report.nowcasts:
        return
    told = [(one, one.figures) for one in report.nowcasts if one.figures is not None]
    blocks: list[Block] = [Paragraph(text=words.text("edition.coming.lead"), tone="lead")]
    if told:
        blocks += [_chart(one, figures, words) for one, figures in told]
        blocks.append(_table(told, words))
        blocks += [Paragraph(text=words.text(f"edition.coming.{name}"), tone="note") for name in ("units", "tried")]
    refused = tuple(_refused([one for one in report.nowcasts if one.figures is None], words))
    if refused:
        blocks.append(ItemList(label=words.text("edition.coming.refused"), texts=refused, is_titled=True))
    yield Chapter(id="unseen-coming", title=words.text("edition.coming.title"), blocks=tuple(blocks))


def _chart(one: SenderNowcast, figures: ToldNowcast, words: Words) -> ChartBlock:
    """Return the bar of the year: what has arrived stands inside what is expected, so that the rest is marked."""
    year = dates.year(words, one.year)
    title = words.text("edition.coming.chart", body=wording.body(one.source, words), list=_list(one, words), year=year)
    series = tuple(
        ChartSeries(name=words.text(f"edition.coming.chart.{name}"), figures=(printed.plain(value, words),))
        for name, value in (("expected", figures.middle), ("arrived", figures.seen))
    )
    said = words.text("edition.separator").join(
        words.text("edition.chart.series", name=line.name, values=printed.said(line.figures[0])) for line in series
    )
    return ChartBlock(
        id=f"coming-{printed.name_of(one.source)}-{one.shape}",
        shape="forecast",
        title=title,
        alternative=words.text("edition.chart.alternative", title=title, series=said),
        years=(one.year,),
        year_labels=(year,),
        series=series,
        table=_TABLE,
    )


def _table(told: Sequence[tuple[SenderNowcast, ToldNowcast]], words: Words) -> TableBlock:
    return printed.one_group(
        _TABLE,
        words.text("edition.coming.caption"),
        words.text("edition.coming.column.body"),
        (TableColumn(text=words.text(f"edition.coming.column.{name}"), code=name) for name in _COLUMNS),
        (TableRow(label=_label(one, words), cells=_cells(one, figures, words)) for one, figures in told),
    )


def _cells(one: SenderNowcast, figures: ToldNowcast, words: Words) -> tuple[PrintedFigure, ...]:
    between = words.text("edition.hidden.between", lower=figures.lower, upper=figures.upper)
    trial = words.text("edition.coming.trial", cover=figures.cover, compared=figures.compared)
    return (
        printed.text(dates.year(words, one.year)),
        printed.text(dates.day(words, one.as_of)),
        printed.plain(figures.seen, words),
        printed.plain(figures.middle, words),
        printed.text(between),
        printed.text(trial),
    )


def _refused(refused: Sequence[SenderNowcast], words: Words) -> Iterator[str]:
    """Yield each reason with the lists that it is of."""
    for reason in dict.fromkeys(one.reason for one in refused):
        bodies = wording.listed((_label(one, words) for one in refused if one.reason == reason), words)
        yield words.text("edition.coming.none", bodies=bodies, reason=words.text(f"nowcast.reason.{reason}"))


def _label(one: SenderNowcast, words: Words) -> str:
    return words.text("edition.coming.row", body=wording.body(one.source, words), list=_list(one, words))


def _list(one: SenderNowcast, words: Words) -> str:
    return words.text(f"edition.coming.list.{one.shape}")
