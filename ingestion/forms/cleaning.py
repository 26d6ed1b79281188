"""The sender's own workbook without the parts that nobody needs: `marsad check --clean`.

Belongs here: writing the copy, and listing what was cut off. Does not belong here: what is unneeded
(`tables/unneeded_parts.py`), whether the copy lands the same rows (`marsad/answers/checked_file.py` tests that before
it keeps the copy), a data home: the copy is the sender's own file on the sender's own machine.

The copy is written from the cells as intake reads them, so it holds nothing else: no comment, page header, property,
style name, drop-down, formula. A formula is replaced by its result; one without a result stays a cell that quarantines
its row. Rows keep their numbers. An .xlsx keeps its look: bold, fill, borders, widths, formats of numbers and dates.
"""

from __future__ import annotations

import datetime
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingestion.cards.source_card import SourceCard
from ingestion.files.file_facts import CellBlock
from ingestion.files.reader import CellValue, Sheet, Workbook
from ingestion.files.template_sheets import stamp_on
from ingestion.findings import cell_name, column_letters, sheet_in_words
from ingestion.forms.copies import open_styled
from ingestion.personal.unexplained_words import unexplained_words
from ingestion.privacy.safe_excerpt import HIDDEN, may_be_repeated, safe_sheet_name
from ingestion.tables.header_rows import Row, heading_of
from ingestion.tables.sheets_of_tables import filled_columns
from ingestion.tables.table_finder import blocks_in
from ingestion.tables.totals import is_total
from ingestion.tables.unneeded_parts import SheetParts, unneeded_parts
from languages.spreadsheet_text import WORKBOOK_OPTIONS
from languages.words import Words

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet as OldSheet
    from xlsxwriter.workbook import Workbook as NewBook
    from xlsxwriter.worksheet import Worksheet as NewSheet

_MADE = datetime.datetime(1980, 1, 1)  # a fixed time, so that equal content gives equal bytes
_DAY_FORMAT = "dd/mm/yyyy"
_DAYS = re.compile(r"(?=.*[dmy])[dmyhs/.,: \\-]+", re.IGNORECASE)
_NUMBERS = re.compile(r"General|@|[0#?.,% ]+")
_MOST_STYLED = 300_000  # cells; reading the look of a larger sheet would take minutes
_NARROWEST = 2.0
_FIRST_DAY = datetime.datetime(1900, 3, 1)  # before it programs count days differently
_LONGEST_SHEET_NAME = 31
_COLOUR = re.compile(r"FF[0-9A-F]{6}")


@dataclass(frozen=True)
class CutPart:
    """One part that was cut off; it names no heading and no sheet that may not be repeated.

    Args:
        kind: `column`, `sheet`, `lines` outside the tables of a sheet, or `texts` outside of all cells.
        count: how many cells or texts held something; for texts the comments and the unexplained texts.
        sheet: as findings name it.
        cell: of the heading of a column.
        heading: of a column.
    """

    kind: str
    count: int
    sheet: str = ""
    cell: str = ""
    heading: str = ""

    def in_words(self, words: Words) -> str:
        """Return the part as a line of text."""
        place = " ".join(filter(None, (sheet_in_words(self.sheet, words), self.cell)))
        return words.text(f"desk.cleaned.{self.kind}", place=place, heading=self.heading, count=self.count)


def clean_workbook(data: bytes, workbook: Workbook, card: SourceCard) -> tuple[bytes, list[CutPart]]:
    """Return a workbook without unneeded parts, as the bytes of an .xlsx, and the parts cut off.

    Args:
        data: the bytes of the file, from which the look is taken.
        workbook: as intake read it; it holds a table of the sender.
        card: the sender's.
    """
    parts = unneeded_parts(workbook, card)
    return _Copy(workbook, card, _looks_of(data, workbook)).content(parts), list(_cut_parts(workbook, parts))


def _cut_parts(workbook: Workbook, parts: Sequence[SheetParts]) -> Iterator[CutPart]:
    for number, own in enumerate(parts, start=1):
        label = safe_sheet_name(own.sheet.name, number)
        for column in own.columns:
            cell = cell_name(column.heading_row + 1, column.column + 1)
            heading = column.heading if may_be_repeated(column.heading) else HIDDEN
            yield CutPart("column", own.cells_of(column), label, cell, heading)
        if own.is_whole and (cells := _cells_in(own.sheet)):
            yield CutPart("sheet", cells, label)
        if own.lines:
            yield CutPart("lines", len(own.lines), label)
    if texts := {text for text in workbook.beside if text.cell or unexplained_words(text.text)}:
        yield CutPart("texts", len(texts))


def _cells_in(sheet: Sheet) -> int:
    return sum(value is not None for row in sheet.rows for value in row)


# What stays


def _remaining(parts: SheetParts) -> tuple[list[Row], list[int]]:
    """Return the rows with their unneeded cells blanked, and the columns that stay: those that still hold something.

    A group's name, a total's label or a title in a column that goes moves to one that stays, because it applies to
    other columns too.
    """
    sheet = parts.sheet
    rows = [list(row) for row in sheet.rows]
    marked = {unneeded.column for unneeded in parts.columns}
    for row, column in parts.lines | {(row, unneeded.column) for unneeded in parts.columns for row in unneeded.rows}:
        rows[row][column] = None
    for header in parts.headers:
        _keep_groups(parts, header, rows)
    headers = {row for header in parts.headers for row in header}
    for row in {row for unneeded in parts.columns for row in unneeded.rows} - headers:
        if is_total(sheet.rows[row]):
            _move(filled_columns(sheet.rows[row])[0], sheet.rows[row], rows[row], marked)
    titles = {row for row, _ in parts.titles}
    others = [row for place, row in enumerate(rows) if place not in titles]
    gone = {column for column in marked if all(row[column] is None for row in others)}
    for row, column in parts.titles:
        _move(column, rows[row], rows[row], gone)
    gone = {column for column in gone if all(row[column] is None for row in rows)}
    return rows, [column for column in range(len(rows[0]) if rows else 0) if column not in gone]


def _move(column: int, before: Row, after: Row, marked: set[int]) -> None:
    """Move a cell out of a marked column into the first other one that is blank in its row."""
    free = next((place for place, value in enumerate(after) if place not in marked and value is None), None)
    if column in marked and free is not None:
        after[free], after[column] = before[column], None


def _keep_groups(parts: SheetParts, header: range, rows: list[Row]) -> None:
    """Write a group's name over the first of its remaining columns, if the column that held it was cut off."""
    source: list[tuple[str, bool]] = [("", False)] * len(header)  # per level: the group, and whether its name was cut
    for column in range(len(rows[header.start])):
        own = [heading_of(parts.sheet.rows[row][column]) for row in header]
        is_cut = parts.column_at(header.start, column) is not None
        for level, heading in enumerate(own):
            if heading:
                source[level:] = [(heading, is_cut), *[("", False)] * (len(own) - level - 1)]
            elif any(own[level + 1 :]) and source[level][1] and not is_cut:
                rows[header.start + level][column] = source[level][0]
                source[level] = (source[level][0], False)


def _blocks_left(sheet: Sheet, rows: list[Row], columns: Sequence[int]) -> Iterator[CellBlock]:
    """Yield the merged blocks that remain; a block whose value was cut off is dropped."""
    for block in sheet.merged:
        own = [place for place, column in enumerate(columns, start=1) if block.left <= column + 1 <= block.right]
        if own and rows[block.top - 1][columns[own[0] - 1]] is not None:
            left = block._replace(left=own[0], right=own[-1])
            if left.cells > 1:
                yield left


# The look


@dataclass(frozen=True)
class _SheetLook:
    """The look of one sheet of an .xlsx, from openpyxl's read-only sheet."""

    sheet: OldSheet | None = None

    @property
    def is_right_to_left(self) -> bool:
        return bool(self.sheet and self.sheet.sheet_view.rightToLeft)

    def width(self, column: int) -> float | None:
        """Return the width of a column (from 0), if somebody set one."""
        letters = column_letters(column + 1)
        if self.sheet is None or letters not in self.sheet.column_dimensions:
            return None
        width = self.sheet.column_dimensions[letters].width
        return width if width and width >= _NARROWEST else None

    def format_at(self, row: int, column: int) -> Mapping[str, Any]:
        """Return the format properties of a cell (from 0); theme colours are not copied."""
        if self.sheet is None:
            return {}
        cell: Any = self.sheet.cell(row + 1, column + 1)
        return _properties(cell) if cell.has_style else {}


def _properties(cell: Cell) -> Mapping[str, Any]:
    properties: dict[str, Any] = {"num_format": cell.number_format}
    if cell.font and cell.font.b:
        properties["bold"] = True
    fill = cell.fill.fgColor.rgb if cell.fill and cell.fill.fill_type == "solid" and cell.fill.fgColor else None
    if isinstance(fill, str) and _COLOUR.fullmatch(fill):
        properties["bg_color"] = f"#{fill[2:]}"
    if cell.border and cell.border.left and cell.border.left.style:
        properties["border"] = 1
    if cell.alignment and cell.alignment.wrap_text:
        properties["text_wrap"] = True
    return properties


def _looks_of(data: bytes, workbook: Workbook) -> Mapping[str, _SheetLook]:
    """Return the looks of the sheets of an .xlsx; empty for another format, a very large or a damaged workbook."""
    is_small = sum(len(sheet.rows) * len(sheet.rows[0]) for sheet in workbook.sheets if sheet.rows) <= _MOST_STYLED
    if not data.startswith(b"PK") or b"mimetype" in data[:60] or not is_small:  # an .ods names its type first
        return {}
    book = open_styled(data)
    return {sheet.title: _SheetLook(sheet) for sheet in book.worksheets} if book else {}


# The copy


@dataclass
class _Copy:
    """One copy while it is written."""

    workbook: Workbook
    card: SourceCard
    looks: Mapping[str, _SheetLook]
    formats: dict[str, Any] = field(default_factory=dict[str, Any])

    def content(self, parts: Sequence[SheetParts]) -> bytes:
        import xlsxwriter

        stream = io.BytesIO()
        options = {**WORKBOOK_OPTIONS, "date_1904": self.workbook.from_1904}
        with xlsxwriter.Workbook(stream, options) as book:
            book.set_properties({"created": _MADE})
            for sheet_parts in parts:
                if self._stays(sheet_parts):
                    self._write(book, sheet_parts)
        return stream.getvalue()

    def _stays(self, parts: SheetParts) -> bool:
        if stamp := stamp_on(parts.sheet):
            return stamp.kind == "template"  # it says which template this is
        return not parts.is_whole and _cells_in(parts.sheet) > 0

    def _write(self, book: NewBook, parts: SheetParts) -> None:
        from xlsxwriter.exceptions import OverlappingRange

        look = self.looks.get(parts.sheet.name, _SheetLook())
        sheet = book.add_worksheet(
            self._name(parts.sheet, [str(worksheet.get_name()) for worksheet in book.worksheets()])
        )
        if look.is_right_to_left or (not self.looks and self.card.language != "en"):
            sheet.right_to_left()
        rows, columns = _remaining(parts) if not parts.is_ours else ([[parts.sheet.rows[0][0]]], [0])
        for place, column in enumerate(columns):
            if width := look.width(column):
                sheet.set_column(place, place, width)
        for row, values in enumerate(rows):
            for place, column in enumerate(columns):
                if values[column] is not None:
                    self._write_cell(book, sheet, (row, place), values[column], look.format_at(row, column))
        for top, left, bottom, right in _blocks_left(parts.sheet, rows, columns):
            value, own = rows[top - 1][columns[left - 1]], look.format_at(top - 1, columns[left - 1])
            with suppress(OverlappingRange):  # in a damaged file
                sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "", self._format(book, own, value))
            self._write_cell(book, sheet, (top - 1, left - 1), value, own)

    def _name(self, sheet: Sheet, taken: Sequence[str]) -> str:
        """Return the sheet's name: unchanged; for a text file the card's name for its table's sheet."""
        name = _sheet_of_table(sheet, self.workbook, self.card) if self.workbook.encoding else sheet.name
        name = re.sub(r"[\[\]:*?/\\]", " ", name)[:_LONGEST_SHEET_NAME].strip("' ") or "1"
        while name.casefold() in {other.casefold() for other in taken}:
            name = f"{name[: _LONGEST_SHEET_NAME - 3]} {len(taken) + 1}"
        return name

    def _format(self, book: NewBook, look: Mapping[str, Any], value: CellValue) -> Any:  # noqa: ANN401 - of xlsxwriter
        own = dict(look)
        written = str(own.pop("num_format", "General"))
        if isinstance(value, datetime.date):
            own["num_format"] = written if _DAYS.fullmatch(written) else _DAY_FORMAT
        elif _NUMBERS.fullmatch(written) and written != "General":
            own["num_format"] = written
        key = repr(sorted(own.items()))
        if own and key not in self.formats:
            self.formats[key] = book.add_format(own)
        return self.formats.get(key)

    def _write_cell(
        self, book: NewBook, sheet: NewSheet, place: tuple[int, int], value: CellValue, look: Mapping[str, Any]
    ) -> None:
        own = self._format(book, look, value)
        match value:
            case bool():
                sheet.write_boolean(*place, value, own)
            case datetime.date() if _moment_of(value) >= _FIRST_DAY:
                sheet.write_datetime(*place, _moment_of(value), own)
            case int() | float() if math.isfinite(value):
                sheet.write_number(*place, value, own)
            case None:
                pass
            case _:
                sheet.write_string(*place, str(value), own)


def _moment_of(value: datetime.date) -> datetime.datetime:
    return value if isinstance(value, datetime.datetime) else datetime.datetime(value.year, value.month, value.day)


def _sheet_of_table(sheet: Sheet, workbook: Workbook, card: SourceCard) -> str:
    """Return a sheet name for the table that a text file holds; its own if any sheet may hold that table."""
    table = blocks_in(workbook, card)[0].table
    names = [name for name in table.sheets if name != "*" and "{year}" not in name]
    return names[0] if names else sheet.name
