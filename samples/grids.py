"""A sheet before it is written: its lines, the kind of each line, and writing it to files.

Belongs here: the grid made from an agency's tables, which the dirt may still change, and its bytes as xlsx or text.
Does not belong here: the content of an agency's sheet (`workbooks.py`), what makes it dirty (`dirt/`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

import xlsxwriter

from samples.layouts import SheetColumn
from samples.life.spelling import Cell

LineKind = Literal["title", "header", "data", "total", "other"]
_CREATED = datetime(2016, 1, 1)  # a fixed day inside the file, so that the bytes stay the same


class MergedSpan(NamedTuple):
    """A block of merged cells that begins in a line: first and last column from 0, and its height in lines."""

    column: int
    last_column: int
    height: int = 1


@dataclass(eq=False)
class SheetLine:
    """One row of a sheet; two lines are never equal, whatever they hold."""

    kind: LineKind
    cells: list[Cell]
    spans: list[MergedSpan] = field(default_factory=list[MergedSpan])


@dataclass
class SheetGrid:
    """A sheet.

    Args:
        sheet: name of the sheet.
        table: the table of the source's card that it holds.
        columns: content of each column of the sheet; None for a running number and the like.
        lines: rows of the sheet.
    """

    sheet: str
    table: str
    columns: list[SheetColumn | None] = field(default_factory=list[SheetColumn | None])
    lines: list[SheetLine] = field(default_factory=list[SheetLine])
    is_right_to_left: bool = True
    is_first_row_hidden: bool = False
    hidden_columns: set[int] = field(default_factory=set[int])

    def add(self, kind: LineKind, cells: Sequence[Cell], *spans: MergedSpan) -> SheetLine:
        """Append a line and return it."""
        line = SheetLine(kind, [*cells], [*spans])
        self.lines.append(line)
        return line

    def lines_of_kind(self, kind: LineKind) -> list[SheetLine]:
        """Return the lines of a kind, in order."""
        return [line for line in self.lines if line.kind == kind]

    @property
    def width(self) -> int:
        """The number of columns of its widest line."""
        return max((len(line.cells) for line in self.lines), default=0)


def write_workbook(grids: Sequence[SheetGrid]) -> bytes:
    """Return the grids as the sheets of an xlsx workbook; the same grids give the same bytes."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        head = book.add_format(
            {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#DDE6EE"}
        )
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for grid in grids:
            _write_sheet(book.add_worksheet(grid.sheet), grid, head, day)
    return buffer.getvalue()


def _write_sheet(sheet: Any, grid: SheetGrid, head: Any, day: Any) -> None:  # noqa: ANN401 - xlsxwriter's
    if grid.is_right_to_left:
        sheet.right_to_left()
    if grid.is_first_row_hidden:
        sheet.set_row(0, None, None, {"hidden": True})
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, 24, 20)
    for column in sorted(grid.hidden_columns):
        sheet.set_column(column, column, 20, None, {"hidden": True})
    last_of_head = -1
    for place, line in enumerate(grid.lines):
        style = None if line.kind == "data" else head
        for span in line.spans:
            last = place + span.height - 1
            last_of_head = last_of_head if line.kind == "data" else max(last_of_head, last)
            if (place, span.column) != (last, span.last_column):
                sheet.merge_range(place, span.column, last, span.last_column, "", style)
    for place, line in enumerate(grid.lines):
        _write_row(sheet, place, line.cells, head if place <= last_of_head else None, day)


def _write_row(sheet: Any, place: int, row: Sequence[Cell], style: Any, day: Any) -> None:  # noqa: ANN401 - xlsxwriter's
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(place, column, cell, style)
        elif isinstance(cell, date):
            sheet.write_datetime(place, column, datetime(cell.year, cell.month, cell.day), day)
        elif cell is not None:
            sheet.write_number(place, column, cell, style)


def write_text(grid: SheetGrid, *, delimiter: str = ";", encoding: str = "windows-1256") -> bytes:
    """Return the grid as delimited text with the line ends of Windows, by default as an Arabic office saves it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    width = grid.width
    for line in grid.lines:
        cells = [f"{cell.day}/{cell.month}/{cell.year}" if isinstance(cell, date) else cell for cell in line.cells]
        writer.writerow([*cells, *[None] * (width - len(cells))])
    return buffer.getvalue().encode(encoding)
