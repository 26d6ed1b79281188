"""The sections on two kinds of estimate, victims whom no agency knows and late cases: figures, or why there are none.

Belongs here: their blocks. Does not belong here: the estimates and whether they may be published
(`expectations/estimates`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.published.published_estimates import PlaceEstimate, SenderNowcast, ToldLinkage
from languages import dates
from languages.numbers import percent
from languages.words import Words
from methods.case_flow.told_nowcast import ToldNowcast
from methods.multiple_systems.told_estimate import ToldEstimate
from reports.analysis.told_estimates import told_estimates
from reports.chapters import printed
from reports.editions.edition import Block, Chapter, ChartBlock, ChartSeries, ItemList, Paragraph, TableRow
from reports.editions.printed_parts import PrintedFigure
from reports.phrases import wording
from reports.released.report_model import Report

_HIDDEN_COLUMNS = ("observed", "estimate", "ci95", "ci80", "hidden", "chao", "stability")
_HIDDEN_NOTES = ("sdg", "units", "doubt")
_COMING_COLUMNS = ("year", "as_of", "seen", "middle", "interval", "trial")
_COMING_NOTES = ("units", "tried")


def hidden_section(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the section on victims whom no agency knows, unless there is neither an estimate nor a refused one."""
    told = told_estimates(report)
    estimated = [(estimate, estimate.figures) for estimate in told if estimate.figures is not None]
    blocks: list[Block] = []
    if estimated:
        rows = (
            TableRow(label=wording.area(estimate.place, words), cells=_hidden_cells(estimate, figures, words))
            for estimate, figures in estimated
        )
        first, _ = estimated[0]
        year = dates.year(words, first.year)
        heading = "edition.hidden.column.area"
        blocks += [
            printed.section_table("edition.hidden", _HIDDEN_COLUMNS, heading, rows, words, year=year),
            *_notes("hidden", _HIDDEN_NOTES, words),
            *_linkage(first.linkage, report, words),
        ]
        if codes := sorted({code for _, figures in estimated for code in figures.warnings}):
            warnings = tuple(words.text(f"edition.hidden.warning.{code}") for code in codes)
            blocks.append(ItemList(label=words.text("edition.hidden.warnings"), texts=warnings, is_titled=True))
    refusals = tuple(_place_refusal(estimate, words) for estimate in told if estimate.figures is None)
    yield from _section("hidden", blocks, refusals, words)


def coming_section(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the section on late cases, unless there is neither a nowcast nor a refused one."""
    estimated = [(nowcast, nowcast.figures) for nowcast in report.nowcasts if nowcast.figures is not None]
    blocks: list[Block] = [_coming_chart(nowcast, figures, words) for nowcast, figures in estimated]
    if estimated:
        rows = (
            TableRow(label=_list_label(nowcast, words), cells=_coming_cells(nowcast, figures, words))
            for nowcast, figures in estimated
        )
        heading = "edition.coming.column.body"
        blocks += [
            printed.section_table("edition.coming", _COMING_COLUMNS, heading, rows, words),
            *_notes("coming", _COMING_NOTES, words),
        ]
    refused = [nowcast for nowcast in report.nowcasts if nowcast.figures is None]
    yield from _section("coming", blocks, tuple(_list_refusals(refused, words)), words)


def _section(name: str, blocks: Sequence[Block], refusals: tuple[str, ...], words: Words) -> Iterator[Chapter]:
    """Yield the section of one kind: its lead, its figures, then its refusals."""
    if not blocks and not refusals:
        return
    lead = Paragraph(text=words.text(f"edition.{name}.lead"), tone="lead")
    listed = ItemList(label=words.text(f"edition.{name}.refused"), texts=refusals, is_titled=True)
    content = (lead, *blocks, listed) if refusals else (lead, *blocks)
    yield Chapter(id=f"unseen-{name}", title=words.text(f"edition.{name}.title"), blocks=content)


def _notes(name: str, notes: Sequence[str], words: Words) -> Iterator[Paragraph]:
    yield from (Paragraph(text=words.text(f"edition.{name}.{note}"), tone="note") for note in notes)


def _linkage(linkage: ToldLinkage | None, report: Report, words: Words) -> Iterator[Paragraph]:
    """Yield how well records of one person are linked, and how that was measured; the same for all areas of a home."""
    if linkage is None:
        return
    recall = percent(linkage.recall / 100, words.numerals)
    if linkage.agreed is None:
        yield Paragraph(text=words.text("edition.hidden.linkage.tokens", recall=recall), tone="note")
        return
    agreed = percent(linkage.agreed / 100, words.numerals)
    yield Paragraph(text=words.text("edition.hidden.linkage.read", recall=recall, agreed=agreed), tone="note")
    if report.is_invented:
        yield Paragraph(text=words.text("edition.hidden.linkage.invented"), tone="note")


def _hidden_cells(estimate: PlaceEstimate, figures: ToldEstimate, words: Words) -> tuple[PrintedFigure, ...]:
    return (
        printed.plain_number(estimate.observed or 0, words),
        printed.plain_number(figures.estimate, words),
        _between(figures.lower95, figures.upper95, words),
        _between(figures.lower80, figures.upper80, words),
        printed.plain_number(estimate.hidden or 0, words),
        printed.plain_number(figures.chao_lower, words),
        printed.text(words.text(f"edition.hidden.stability.{figures.stability}")),
    )


def _place_refusal(estimate: PlaceEstimate, words: Words) -> str:
    reason = words.text(f"edition.hidden.reason.{estimate.reason}")
    if not estimate.year:
        return words.text("edition.hidden.none", area=wording.area(estimate.place, words), reason=reason)
    place = {"area": wording.area(estimate.place, words), "year": dates.year(words, estimate.year)}
    return words.text("edition.hidden.none_of_year", reason=reason, **place)


def _coming_chart(nowcast: SenderNowcast, figures: ToldNowcast, words: Words) -> ChartBlock:
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
        table="coming-table",
    )


def _coming_cells(nowcast: SenderNowcast, figures: ToldNowcast, words: Words) -> tuple[PrintedFigure, ...]:
    trial = words.text("edition.coming.trial", cover=figures.cover, compared=figures.compared)
    return (
        printed.text(dates.year(words, nowcast.year)),
        printed.text(dates.day(words, nowcast.as_of)),
        printed.plain_number(figures.seen, words),
        printed.plain_number(figures.middle, words),
        _between(figures.lower, figures.upper, words),
        printed.text(trial),
    )


def _list_refusals(refused: Sequence[SenderNowcast], words: Words) -> Iterator[str]:
    """Yield each reason with the lists that it applies to."""
    for reason in dict.fromkeys(nowcast.reason for nowcast in refused):
        bodies = wording.list_texts(
            (_list_label(nowcast, words) for nowcast in refused if nowcast.reason == reason), words
        )
        yield words.text("edition.coming.none", bodies=bodies, reason=words.text(f"nowcast.reason.{reason}"))


def _list_label(nowcast: SenderNowcast, words: Words) -> str:
    return words.text("edition.coming.row", body=wording.body(nowcast.source, words), list=_list_name(nowcast, words))


def _list_name(nowcast: SenderNowcast, words: Words) -> str:
    return words.text(f"edition.coming.list.{nowcast.shape}")


def _between(lower: int, upper: int, words: Words) -> PrintedFigure:
    return printed.text(words.text("edition.hidden.between", lower=lower, upper=upper))
