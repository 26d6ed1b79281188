"""Children first: for both regions, the figures on persons under eighteen of every indicator that has them.

Belongs here: gathering them into one table a region, and the indicators that are about children alone. Does not belong
here: any figure that an indicator's own section does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from expectations.cards.areas import FEDERAL, KURDISTAN
from expectations.cards.cells import COUNTED
from languages import dates
from languages.words import Words
from reports.chapters import printed
from reports.chapters.drawings import CHILDREN, PERHAPS_CHILDREN
from reports.chapters.summary.page_figures import count_in
from reports.editions.edition import Block, Chapter, ItemList, Paragraph, RowGroup, TableBlock, TableColumn, TableRow
from reports.phrases import wording
from reports.phrases.figure_words import count_words
from reports.released.release_memo import once
from reports.released.released_tables import ReleasedCell, sort_codes
from reports.released.report_model import NATIONAL, IndicatorSection, Report

AREAS = (FEDERAL, KURDISTAN)
_BOTH = {"presumed": "PRT-01", "identified": "PRT-02"}
ABOUT_CHILDREN = ("PRT-10", "PRT-25", "PRT-26", "NCR-10", "PRV-07", "PRV-08", "PRV-10")
"""Indicators whose total is about children: shelter, school, best interests, charges, work, drivers, screening."""


@dataclass(frozen=True)
class _ChildCells:
    """The child cells of one measure of an indicator, by year; or those of persons who may be children."""

    indicator: str
    measure: str
    cells: tuple[ReleasedCell, ...]
    is_certain: bool = True

    @property
    def has_figure(self) -> bool:
        return any(cell.value is not None or cell.mark == "c" for cell in self.cells)


def children(report: Report, words: Words) -> Iterator[Chapter]:
    """Yield the chapter on children, unless no indicator of the national dataset covers them."""
    sections = [section for section in (_region(report, area, words) for area in AREAS) if section]
    if sections:
        intro = Paragraph(text=words.text("edition.children.intro"), tone="lead")
        title = words.text("edition.children.title")
        yield Chapter(id="children-first", title=title, blocks=(intro,), chapters=tuple(sections))


def _region(report: Report, area: str, words: Words) -> Chapter | None:
    all_cells = _child_cells_by_area(report)[area]
    if not all_cells:
        return None
    with_figures = [child_cells for child_cells in all_cells if child_cells.has_figure]
    blocks: list[Block] = [*presumed_and_identified(report, area, words)]
    blocks += [_table(report, area, with_figures, words)] if with_figures else []
    silent = dict.fromkeys(child_cells.indicator for child_cells in all_cells if not child_cells.has_figure)
    silent = [code for code in silent if code not in {child_cells.indicator for child_cells in with_figures}]
    if silent:
        titles = tuple(wording.title(code, words) for code in silent)
        blocks.append(
            ItemList(
                label=words.text("edition.children.silent", missing=wording.sign("x", words)),
                texts=titles,
                is_titled=True,
            )
        )
    name = wording.area(area, words)
    return Chapter(id=f"children-first-{area}".lower(), title=name, blocks=tuple(blocks))


def presumed_and_identified(report: Report, area: str, words: Words) -> Iterator[Paragraph]:
    """Yield the last year's presumed and identified children side by side, if both are published."""
    year = report.headline_years[-1]
    counts = {name: count_in(report.cell(code, "COUNT", area, year, age=CHILDREN)) for name, code in _BOTH.items()}
    figures = {name: count_words(count, words) for name, count in counts.items() if count is not None and count.value}
    if len(figures) == len(_BOTH):
        yield Paragraph(text=words.text("edition.children.both", year=dates.year(words, year), **figures))


@once
def _child_cells_by_area(report: Report) -> dict[str, list[_ChildCells]]:
    frame = (report.headline or report.releases[0]).frame
    rows = dict(iter(frame.groupby(["indicator", "ref_area"])))
    return {
        area: [
            child_cells
            for section in report.sections_of(NATIONAL)
            if (section.indicator, area) in rows
            for child_cells in _child_cells(report, section, area, rows[section.indicator, area])
        ]
        for area in AREAS
    }


def _child_cells(report: Report, section: IndicatorSection, area: str, here: pd.DataFrame) -> Iterator[_ChildCells]:
    """Yield the measures of an indicator with their child cells, of its rows in an area; none if it has no such."""
    age = {} if section.indicator in ABOUT_CHILDREN else {"age": CHILDREN}
    asked = here if not age else here[here["age"] == CHILDREN]
    for measure in sort_codes("measure", asked["measure"]):
        cells = (report.cell(section.indicator, measure, area, year, **age) for year in report.headline_years)
        yield _ChildCells(section.indicator, measure, tuple(cells))
        if (
            age and measure in COUNTED and (here["age"] == PERHAPS_CHILDREN).any()
        ):  # a share of a range would be a range of shares
            perhaps = (
                report.cell(section.indicator, measure, area, year, age=PERHAPS_CHILDREN)
                for year in report.headline_years
            )
            yield _ChildCells(section.indicator, measure, tuple(perhaps), is_certain=False)


def _label(child_cells: _ChildCells, words: Words) -> str:
    measure = wording.measure(child_cells.indicator, child_cells.measure, words)
    return measure if child_cells.is_certain else words.text("edition.children.perhaps", measure=measure)


def _table(report: Report, area: str, all_cells: list[_ChildCells], words: Words) -> TableBlock:
    years = report.headline_years
    groups = tuple(
        RowGroup(
            heading=wording.title(code, words),
            rows=tuple(
                TableRow(
                    label=_label(child_cells, words),
                    cells=tuple(printed.figure(cell, words) for cell in child_cells.cells),
                )
                for child_cells in all_cells
                if child_cells.indicator == code
            ),
            code=code,
        )
        for code in dict.fromkeys(child_cells.indicator for child_cells in all_cells)
    )
    return TableBlock(
        id=f"children-first-{area}-table".lower(),
        caption=words.text("edition.children.caption", area=wording.area(area, words)),
        unit="",
        row_heading=words.text("page.demand.indicator"),
        columns=tuple(TableColumn(text=dates.year(words, year), code=year) for year in years),
        groups=groups,
        sheet=wording.sheet_of_area(words.text("edition.children.sheet"), area, words),
    )
