"""Cells and tables of the model as figures and blocks of an edition.

Belongs here: turning one released cell into a figure, and one table of the model into a table block. Nothing is chosen
or computed: a figure holds its released value, or none if a reader may not see one.
Does not belong here: which tables stand in which chapter.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from expectations.cards.cells import rounding_base
from languages import dates
from languages.words import Words, isolate
from reports.editions.edition import DefinedTerm, RowGroup, TableBlock, TableColumn, TableRow
from reports.editions.printed_parts import PrintedFigure
from reports.phrases import wording
from reports.released.released_tables import ReleasedCell, ReleasedRow, ReleasedTable, RowsOfMeasure
from reports.released.report_model import IndicatorSection, ReportedRelease


def name_of(code: str) -> str:
    """Return a code as an id: lower case with hyphens."""
    return code.lower().replace("_", "-")


@lru_cache(maxsize=8192)  # most cells of a report are equal and share one figure
def figure(cell: ReleasedCell, words: Words) -> PrintedFigure:
    """Return one cell as printed; it has no value if its mark replaces the figure (`c`, `x`, `n`, `low`)."""
    is_told = cell.value is not None and cell.mark != "low"
    return PrintedFigure(
        text=wording.figure(cell, words),
        mark=cell.mark,
        sign=wording.mark(cell, words),
        value=cell.value if is_told else None,
        is_share=cell.is_share,
        decimals=cell.decimals,
        lower=cell.lower if is_told else None,
        upper=cell.upper if is_told else None,
        interval=_interval(cell, words) if is_told else "",
        standing=words.text(f"edition.standing.{cell.standing}") if cell.standing else "",
    )


def _interval(cell: ReleasedCell, words: Words) -> str:
    """Return the interval of a figure as printed; empty if it has none or no upper limit."""
    if cell.lower is None or cell.upper is None:
        return ""
    return wording.interval(cell, cell.lower, cell.upper, words)


def figure_with_mark(printed_figure: PrintedFigure) -> str:
    """Return a figure as it is read aloud: its text, and its mark in brackets."""
    return printed_figure.told


def marked(mark: str, words: Words) -> PrintedFigure:
    """Return a cell with a mark and nothing else; without a mark an empty one."""
    return PrintedFigure(mark=mark, sign=wording.sign(mark, words))


def text(content: str) -> PrintedFigure:
    """Return a text in a cell: a year, a direction, a pair of agencies."""
    return PrintedFigure(text=content, is_text=True)


def contact(release: ReportedRelease, words: Words) -> DefinedTerm:
    """Return the contact for a release; a name that is not in the reader's language is set left to right."""
    name, language = wording.publisher(release, words)
    _, email = wording.contact(release)
    address = isolate(email) if email and words.direction == "rtl" else email
    text = " ".join(part for part in (name, address) if part)
    return DefinedTerm(term=words.text("page.provenance.contact"), text=text, machine=language != words.tag)


def plain_number(number: int, words: Words) -> PrintedFigure:
    """Return a number that is not a released figure: a count of agencies, indicators or cells."""
    return figure(ReleasedCell(float(number)), words)


def ungrouped_table(
    name: str,
    caption: str,
    row_heading: str,
    columns: Iterable[TableColumn],
    rows: Iterable[TableRow],
    *,
    sheet: str = "",
    unit: str = "",
) -> TableBlock:
    """Return a table without group headings: of words, or of figures with several units.

    Args:
        name: its id.
        caption: as printed.
        row_heading: over the row labels.
        columns: in their order.
        rows: in their order.
        sheet: its short name in a workbook; empty if no workbook has it.
        unit: what is counted; empty if the rows say it.
    """
    return TableBlock(
        id=name,
        caption=caption,
        unit=unit,
        row_heading=row_heading,
        columns=tuple(columns),
        groups=(RowGroup(heading="", rows=tuple(rows)),),
        sheet=sheet,
    )


def section_table(
    stem: str,
    columns: Iterable[str],
    row_heading: str,
    rows: Iterable[TableRow],
    words: Words,
    **about: str,
) -> TableBlock:
    """Return the table of a section: caption, sheet and columns stand under its stem in the catalogue.

    Args:
        stem: `edition.trends` for `edition.trends.caption` and `edition.trends.column.<name>`; the table is
            `trends-table`.
        columns: their names.
        row_heading: key of the heading over the row labels.
        rows: in their order.
        words: of the language.
        about: placeholders of the caption.
    """
    heads = (TableColumn(text=words.text(f"{stem}.column.{name}"), code=name) for name in columns)
    name = f"{stem.rpartition('.')[2]}-table"
    caption, sheet = words.text(f"{stem}.caption", **about), words.text(f"{stem}.sheet")
    return ungrouped_table(name, caption, words.text(row_heading), heads, rows, sheet=sheet)


def table(released_table: ReleasedTable, section: IndicatorSection, words: Words) -> TableBlock:
    """Return a table of the model as a block."""
    return TableBlock(
        id=released_table.id,
        caption=wording.caption(released_table, words),
        unit=words.text(f"unit.{section.unit}"),
        row_heading=wording.row_heading(released_table, words),
        columns=tuple(
            TableColumn(
                text=wording.label(column, words),
                code=column.code,
                is_total=column.is_total,
                why=section.why_missing(released_table.place, released_table.year or column.code),
            )
            for column in released_table.columns
        ),
        groups=tuple(_group(released_table, group, words) for group in released_table.groups)
        if not _is_flat(released_table)
        else _flat_groups(released_table, words),
        notes=(words.text("page.rounded_parts"),) if released_table.has_uneven_total else (),
        earlier=dates.year(words, released_table.year) if released_table.is_earlier else "",
        sheet=wording.sheet(released_table, words),
    )


def few(cells: Iterable[ReleasedCell], words: Words) -> str:
    """Return what is said of a count that rounds to zero (`under 5`); empty if none of the cells is rounded."""
    base = max((rounding_base(cell.method) for cell in cells), default=0)
    return words.text("edition.map.few", least=base) if base else ""


def _is_flat(released_table: ReleasedTable) -> bool:
    """Return whether its rows are measures: the totals of one area over the years."""
    return bool(released_table.place) and not released_table.dimensions


def _flat_groups(released_table: ReleasedTable, words: Words) -> tuple[RowGroup, ...]:
    rows = tuple(
        _row(row, wording.measure(released_table.indicator, group.measure, words), words)
        for group in released_table.groups
        for row in group.rows
    )
    return (RowGroup(heading="", rows=rows),) if rows else ()


def _group(released_table: ReleasedTable, group: RowsOfMeasure, words: Words) -> RowGroup:
    heading = wording.measure(released_table.indicator, group.measure, words) if len(released_table.groups) > 1 else ""
    return RowGroup(
        heading=heading,
        rows=tuple(_row(row, wording.row_label(row, words), words) for row in group.rows),
    )


def _row(row: ReleasedRow, label: str, words: Words) -> TableRow:
    cells = tuple(figure(cell, words) for cell in row.cells)
    return TableRow(label=label, cells=cells, is_total=row.is_total and bool(row.labels))
