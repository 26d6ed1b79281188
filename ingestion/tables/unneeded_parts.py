"""Unneeded parts of a file: columns, sheets and lines that no card of its sender reads.

Belongs here: which cells of which sheet these are. Does not belong here: cutting them off (`forms/cleaning.py`), their
findings (`privacy/unneeded_findings.py`), texts outside the cells: none of them is needed.

A part is unneeded if intake certainly does not read it. In doubt it stays: a column whose heading resembles a wanted
one, a sheet with half of the headings of a table, a whole table whose own headings are not complete yet, a title that
states a part of a year, and whatever follows a header that no card recognises.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.cards.headings import nearest_heading, wordings
from ingestion.cards.source_card import SourceCard
from ingestion.files.reader import Sheet, Workbook
from ingestion.files.template_sheets import stamp_on
from ingestion.personal.identifiers import is_token
from ingestion.tables.footnotes import is_dated_line, is_note
from ingestion.tables.header_rows import Row, find_header, header_problems, heading_of
from ingestion.tables.sheet_regions import Block, find_unknown_header
from ingestion.tables.sheets_of_tables import filled_columns
from ingestion.tables.signatures import is_signature_line
from ingestion.tables.table_finder import blocks_in, read_block
from ingestion.tables.template_versions import adapt_to_template
from ingestion.text.folding import is_misspelling
from ingestion.text.periods import read_period, year_in

_LINE_CELLS = 2  # a line outside a table has no more; a row of another table may have
_HALF = 2


@dataclass(frozen=True)
class UnneededColumn:
    """A column that no card reads; rows and columns count from 0.

    Args:
        column: its index.
        rows: from the first row of the header to the one after its last cell.
        heading: as typed, with its group; empty for a column without one.
        heading_row: the row of the heading.
    """

    column: int
    rows: range
    heading: str
    heading_row: int


@dataclass
class SheetParts:
    """The unneeded parts of one sheet.

    Args:
        sheet: the sheet.
        is_ours: Marsad wrote it: guidance, code lists, findings.
        is_whole: all of it is unneeded.
        columns: its unneeded columns.
        lines: the cells of titles, notes and signatures that state nothing that is read.
        titles: the cells of titles that state something that is read.
        headers: the rows of each header, in order.
    """

    sheet: Sheet
    is_ours: bool = False
    is_whole: bool = False
    columns: list[UnneededColumn] = field(default_factory=list[UnneededColumn])
    lines: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    titles: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    headers: list[range] = field(default_factory=list[range])

    def column_at(self, row: int, column: int) -> UnneededColumn | None:
        """Return the unneeded column that holds a cell."""
        return next((unneeded for unneeded in self.columns if unneeded.column == column and row in unneeded.rows), None)

    def cells_of(self, column: UnneededColumn) -> int:
        """Return how many cells of a column hold something, except the heading."""
        below = column.rows[column.heading_row - column.rows.start + 1 :]
        return sum(self.sheet.rows[row][column.column] is not None for row in below)


def unneeded_parts(workbook: Workbook, card: SourceCard) -> list[SheetParts]:
    """Return what is unneeded in each sheet, in the workbook's order; empty if no table of the card is found.

    Nobody may cut a publisher's table.

    Args:
        workbook: as read.
        card: its sender's.
    """
    parts = {sheet.name: SheetParts(sheet, is_ours=stamp_on(sheet) is not None) for sheet in workbook.sheets}
    workbook, card, _ = adapt_to_template(workbook, card)
    blocks = blocks_in(workbook, card) if card.kind == "authority" else []
    for block in blocks:
        _mark_block(parts[block.sheet.name], block, card)
    used = {block.sheet.name for block in blocks}
    for sheet in workbook.sheets if used else ():
        if sheet.name not in used:
            parts[sheet.name].is_whole = not _resembles_wanted(sheet, card)
    return list(parts.values())


def _resembles_wanted(sheet: Sheet, card: SourceCard) -> bool:
    """Return whether a sheet may be one of the card's under another name: by its name or half of the headings."""
    names = [name for table in card.tables.values() for name in table.sheets]
    return any(is_misspelling(sheet.name, name) for name in names) or holds_headings(sheet, card)


def holds_headings(sheet: Sheet, card: SourceCard) -> bool:
    """Return whether a sheet has half of the required headings of a table of the card, and at least two of any."""
    for table in card.tables.values():
        there = set(find_header(sheet, table).columns.values())
        wanted = set(table.required_headers)
        if len(there) > 1 and _HALF * len(there & wanted) >= len(wanted):
            return True
    return False


def _mark_block(parts: SheetParts, block: Block, card: SourceCard) -> None:
    """Mark the unneeded parts of a table and around it; none if the table is refused as it is."""
    if any(problem.severity == "refuse" for problem in header_problems(block.header, block.sheet, block.table)):
        return
    table, _ = read_block(block, card)
    taken = [*table.data_rows, *(total.row for total in table.totals)]
    end = max(taken, default=block.header.first_data_row - 1) + 1
    unknown = find_unknown_header(block)
    rows = range(block.header.row, end if unknown is None else unknown)
    parts.headers.append(range(block.header.row, block.header.first_data_row))
    parts.columns += _columns(block, rows)
    is_year_read = block.table.period_from == "title" and block.table.period_field not in table.columns.values()
    for row, column in _title_cells(block):
        value = block.sheet.rows[row][column]
        is_read = isinstance(value, str) and _states_period(value, card, is_year_read=is_year_read)
        (parts.titles if is_read else parts.lines).add((row, column))
    if unknown is None:
        below = (row for row in range(end, len(block.sheet.rows)) if _is_line(block.sheet.rows[row]))
        parts.lines |= {(row, column) for row in below for column in filled_columns(block.sheet.rows[row])}


def _columns(block: Block, rows: range) -> Iterator[UnneededColumn]:
    header, known = block.header, wordings(block.table)
    needed = {*header.columns, *header.running, *header.twice}
    for column in range(len(block.sheet.rows[0])):
        held = [row for row in rows if block.sheet.rows[row][column] is not None]
        heading = header.extra.get(column, "")
        if column in needed or not held or (heading and nearest_heading([heading], known)):
            continue
        top = [row for row in held if row < header.first_data_row and heading_of(block.sheet.rows[row][column])]
        at = max(top, default=header.first_data_row - 1)
        yield UnneededColumn(column, rows, heading or heading_of(block.sheet.rows[at][column]), at)


def _title_cells(block: Block) -> Iterator[tuple[int, int]]:
    """Yield the filled cells above a header, except in rows that may be another table."""
    rows = block.sheet.rows
    above = range(block.first_row, block.header.row)
    wide = {row for row in above if len(filled_columns(rows[row])) > _LINE_CELLS}
    for row in above:
        if row not in wide or wide.isdisjoint({row - 1, row + 1}):
            yield from ((row, column) for column in filled_columns(rows[row]))


def _states_period(title: str, card: SourceCard, *, is_year_read: bool) -> bool:
    """Return whether a title states a year that is read from it, or a part of a year."""
    if is_dated_line(title):
        return False
    if is_year_read and year_in(title) is not None:
        return True
    reading = read_period(title, day_first=card.day_first)
    return reading.is_unclear or (reading.period is not None and not reading.period.is_whole_year)


def _is_line(row: Row) -> bool:
    """Return whether a row below a table is a note, a signature or another line, and certainly no data."""
    if is_note(row) or is_signature_line(row):
        return True
    there = [row[column] for column in filled_columns(row)]
    return len(there) <= _LINE_CELLS and all(isinstance(cell, str) and not is_token(cell.strip()) for cell in there)
