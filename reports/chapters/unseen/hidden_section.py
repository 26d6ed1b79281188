"""The section on victims whom no agency knows: the estimate of each area beside the count, or why there is none.

Belongs here: its blocks. Does not belong here: the estimate and whether it may be published (`expectations/estimates`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from expectations.published.published_estimates import PlaceEstimate, ToldLinkage
from languages import dates
from languages.numbers import percent
from languages.words import Words
from methods.multiple_systems.told_estimate import ToldEstimate
from reports.chapters import printed
from reports.editions.edition import Block, Chapter, ItemList, Paragraph, TableBlock, TableRow
from reports.editions.printed_parts import PrintedFigure
from reports.phrases import wording
from reports.released.report_model import Report

_COLUMNS = ("observed", "estimate", "ci95", "ci80", "hidden", "chao", "stability")
_NOTES = ("sdg", "units", "doubt")


def hidden_section(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the section, unless this data home has neither an estimate nor a refused one."""
    if not report.estimates:
        return
    estimated = [estimate for estimate in report.estimates if estimate.figures is not None]
    blocks: list[Block] = [Paragraph(text=words.text("edition.hidden.lead"), tone="lead")]
    if estimated:
        blocks.append(_table(estimated, words))
        blocks += [Paragraph(text=words.text(f"edition.hidden.{name}"), tone="note") for name in _NOTES]
        blocks += _linkage(estimated[0].linkage, report, words)
        codes = sorted({code for estimate in estimated if estimate.figures for code in estimate.figures.warnings})
        warned = tuple(words.text(f"edition.hidden.warning.{code}") for code in codes)
        blocks += (
            [ItemList(label=words.text("edition.hidden.warnings"), texts=warned, is_titled=True)] if warned else []
        )
    refused = tuple(_refusal_reason(estimate, words) for estimate in report.estimates if estimate.figures is None)
    if refused:
        blocks.append(ItemList(label=words.text("edition.hidden.refused"), texts=refused, is_titled=True))
    yield Chapter(id="unseen-hidden", title=words.text("edition.hidden.title"), blocks=tuple(blocks))


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


def _table(estimated: Sequence[PlaceEstimate], words: Words) -> TableBlock:
    rows = (
        TableRow(label=wording.area(estimate.place, words), cells=_cells(estimate, estimate.figures, words))
        for estimate in estimated
        if estimate.figures
    )
    year = dates.year(words, estimated[0].year)
    return printed.section_table("edition.hidden", _COLUMNS, "edition.hidden.column.area", rows, words, year=year)


def _cells(estimate: PlaceEstimate, figures: ToldEstimate, words: Words) -> tuple[PrintedFigure, ...]:
    def between(lower: int, upper: int) -> PrintedFigure:
        return printed.text(words.text("edition.hidden.between", lower=lower, upper=upper))

    return (
        printed.plain_number(estimate.observed or 0, words),
        printed.plain_number(figures.estimate, words),
        between(figures.lower95, figures.upper95),
        between(figures.lower80, figures.upper80),
        printed.plain_number(estimate.hidden or 0, words),
        printed.plain_number(figures.chao_lower, words),
        printed.text(words.text(f"edition.hidden.stability.{figures.stability}")),
    )


def _refusal_reason(estimate: PlaceEstimate, words: Words) -> str:
    reason = words.text(f"edition.hidden.reason.{estimate.reason}")
    if not estimate.year:
        return words.text("edition.hidden.none", area=wording.area(estimate.place, words), reason=reason)
    place = {"area": wording.area(estimate.place, words), "year": dates.year(words, estimate.year)}
    return words.text("edition.hidden.none_of_year", reason=reason, **place)
