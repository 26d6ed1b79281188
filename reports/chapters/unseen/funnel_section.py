"""The section on governorates compared: those outside the funnel, and what that does not mean.

Belongs here: its blocks. Does not belong here: the comparison (`reports/analysis/area_funnels.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from languages import dates
from languages.words import Words
from reports.analysis.area_funnels import ComparedAreas, FunnelArea, funnels
from reports.chapters import printed
from reports.editions.edition import Block, Chapter, ItemList, Paragraph, TableRow
from reports.phrases import wording
from reports.phrases.figure_words import count_words
from reports.released.report_model import Report

_COLUMNS = ("area", "year", "figure", "inside", "where")


def funnel_section(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the section, unless no dataset covers governorates."""
    asked = funnels(report)
    if not asked:
        return
    blocks: list[Block] = [Paragraph(text=words.text("edition.funnel.lead"), tone="lead")]
    if any(comparison.outside for comparison in asked):
        rows = (_row(comparison, outside, words) for comparison in asked for outside in comparison.outside)
        blocks.append(printed.section_table("edition.funnel", _COLUMNS, "page.demand.indicator", rows, words))
    silent = tuple(_none_outside(comparison, words) for comparison in asked if not comparison.outside)
    if silent:
        blocks.append(ItemList(label=words.text("edition.funnel.inside"), texts=silent, is_titled=True))
    blocks.append(Paragraph(text=words.text("caveat.residents_estimated"), tone="note"))
    yield Chapter(id="unseen-areas", title=words.text("edition.funnel.title"), blocks=tuple(blocks))


def _row(comparison: ComparedAreas, outside: FunnelArea, words: Words) -> TableRow:
    inside = words.text("edition.funnel.between", least=outside.lower, most=outside.upper)
    return TableRow(
        label=wording.title(comparison.indicator, words),
        cells=(
            printed.text(wording.area(outside.area, words)),
            printed.text(dates.year(words, comparison.year)),
            printed.figure(outside.cell, words),
            printed.text(inside),
            printed.text(words.text(f"edition.funnel.{'above' if outside.is_high else 'below'}")),
        ),
        code=comparison.indicator,
    )


def _none_outside(comparison: ComparedAreas, words: Words) -> str:
    """Return that no governorate of an indicator lies outside, or why none was compared."""
    about = {"indicator": wording.title(comparison.indicator, words), "year": dates.year(words, comparison.year)}
    furthest = comparison.furthest
    if furthest is None:
        return words.text("edition.funnel.reason", reason=words.text(f"funnel.reason.{comparison.reason}"), **about)
    return words.text(
        "edition.funnel.none",
        number=comparison.number,
        area=wording.area(furthest.area, words),
        figure=count_words(furthest.count, words),
        expected=furthest.expected,
        inside=words.text("edition.funnel.between", least=furthest.lower, most=furthest.upper),
        **about,
    )
