"""Federal Iraq and the Kurdistan Region side by side: one figure of every indicator, for the same year in both.

Belongs here: choosing the year and the measure, and the table of each pillar. Nothing is added or subtracted.
Does not belong here: how the two compare (different agencies report; `coverage` shows which).
"""

from __future__ import annotations

from collections.abc import Iterator

from expectations.cards.areas import FEDERAL, KURDISTAN
from languages import dates
from languages.words import Words
from reports.analysis.indicator_headlines import headline_name, headline_of
from reports.chapters import printed
from reports.chapters.drawings import chief_measure
from reports.chapters.indicators import PILLARS, pillar_of
from reports.editions.edition import Block, Chapter, ItemList, Paragraph, TableColumn, TableRow
from reports.phrases import wording
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import NATIONAL, Report

AREAS = (FEDERAL, KURDISTAN)


def compare_regions(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the chapter on both regions side by side, unless the national dataset is not released."""
    codes = [section.indicator for section in report.sections_of(NATIONAL)]
    sections = tuple(
        _pillar(report, pillar, own, words)
        for pillar in PILLARS
        if (own := [code for code in codes if pillar_of(code) == pillar])
    )
    if sections:
        intro = Paragraph(text=words.text("edition.regions.intro"), tone="lead")
        yield Chapter(id="regions", title=words.text("edition.regions.title"), blocks=(intro,), chapters=sections)


def _pillar(report: Report, pillar: str, codes: list[str], words: Words) -> Chapter:
    measures = {code: chief_measure(report, code) for code in codes}
    years = {code: last_year(report, code, measures[code]) for code in codes}
    with_figure = [code for code in codes if years[code]]
    blocks: list[Block] = []
    if with_figure:
        rows = tuple(_row(report, code, measures[code], years[code], words) for code in with_figure)
        columns = (
            TableColumn(text=words.text("page.demand.year"), code="year"),
            *(TableColumn(text=wording.area(area, words), code=area) for area in AREAS),
        )
        blocks.append(
            printed.ungrouped_table(
                f"regions-{pillar}-table",
                words.text("edition.regions.caption", pillar=words.text(f"pillar.{pillar}")),
                words.text("page.demand.indicator"),
                columns,
                rows,
                sheet=words.text(f"edition.regions.sheet.{pillar}"),
            )
        )
    silent = tuple(wording.title(code, words) for code in codes if code not in with_figure)
    if silent:
        blocks.append(
            ItemList(
                label=words.text("edition.regions.silent", missing=wording.sign("x", words)),
                texts=silent,
                is_titled=True,
            )
        )
    return Chapter(id=f"regions-{pillar}", title=words.text(f"pillar.{pillar}"), blocks=tuple(blocks))


def last_year(report: Report, indicator: str, measure: str) -> str:
    """Return the last year for which a region has a figure, even withheld; empty if neither ever had one."""
    known = (
        year
        for year in reversed(report.headline_years)
        if any(_is_known(report.cell(indicator, measure, area, year, **headline_of(indicator).at)) for area in AREAS)
    )
    return next(known, "")


def _row(report: Report, code: str, measure: str, year: str, words: Words) -> TableRow:
    cells = (report.cell(code, measure, area, year, **headline_of(code).at) for area in AREAS)
    return TableRow(
        label=headline_name(code, measure, words),
        cells=(printed.text(dates.year(words, year)), *(printed.figure(cell, words) for cell in cells)),
        code=code,
    )


def _is_known(cell: ReleasedCell) -> bool:
    return cell.value is not None or cell.mark == "c"
