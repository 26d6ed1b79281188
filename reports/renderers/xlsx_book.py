"""A workbook file as xlsxwriter writes it, the same bytes with less work: rows at once, the language among properties.

Belongs here: what xlsxwriter asks again for every cell although no sheet of ours has it (formats of rows, remarks), and
the one property that it cannot write. Does not belong here: what stands in a sheet (`workbook.py`).

A workbook of a report has a quarter of a million cells.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import cache
from io import BytesIO, StringIO
from typing import Any, cast

from xlsxwriter.core import Core
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import CellNumberTuple, CellStringTuple, Worksheet

_SURELY_FITS = 16_000  # signs: a cell holds 32,767 of UTF-16, of which no sign takes more than two
_ROWS_OF_A_SPAN = 16


class ReportBook(Workbook):
    """A workbook in memory that says in which language it is."""

    def __init__(self, stream: BytesIO, language: str, looks: dict[str, str | float]) -> None:
        """Begin one.

        Args:
            stream: takes the file.
            language: its tag.
            looks: of every cell that is told no other.
        """
        super().__init__(stream, {"in_memory": True, "default_format_properties": dict(looks)})
        self._language = language

    def sheet(self, name: str) -> RowSheet:
        """Add a sheet at the end and return it."""
        return cast(RowSheet, self.add_worksheet(name, RowSheet))

    def _get_packager(self) -> Packager:
        """Return what writes the parts; the library asks for it so that it can be another."""
        return _BookParts(self._language, self.doc_properties)


class _BookParts(Packager):
    """The parts of a file."""

    def __init__(self, language: str, properties: dict[str, Any]) -> None:
        super().__init__()
        self._said = properties, language

    def _write_core_file(self) -> None:
        _BookProperties(*self._said).write(self._filename("docProps/core.xml"))


class _BookProperties(Core):
    """What a file says of itself, its language last."""

    def __init__(self, properties: dict[str, Any], language: str) -> None:
        super().__init__()
        self._set_properties(properties)
        self._language = language

    def write(self, part: StringIO | str) -> None:
        """Write the part."""
        self._set_xml_writer(part)
        self._assemble_xml_file()

    def _write_cp_content_status(self) -> None:
        super()._write_cp_content_status()
        self._xml_data_element("dc:language", self._language)


class RowSheet(Worksheet):
    """A sheet whose rows are taken and written one by one."""

    def fill(self, row: int, cells: Iterable[tuple[int, str | float, Format]]) -> None:
        """Write the cells of a row, each with its column, what stands in it, and its look.

        Raises:
            ValueError: for a number that is none.
        """
        shared = _number_of(self.str_table)
        here = self.table[row]
        for column, said, look in cells:
            if isinstance(said, str):
                if len(said) > _SURELY_FITS:
                    self.write_string(row, column, said, look)
                else:
                    here[column] = CellStringTuple(shared(said), look)
            elif math.isfinite(said):
                here[column] = CellNumberTuple(said, look)
            else:
                raise ValueError(f"{said} is no number")
        if here:
            self._check_dimensions(row, min(here))  # remembers how far the sheet reaches
            self._check_dimensions(row, max(here))

    def _write_rows(self) -> None:
        """Write all rows; called by the library, whose own way is taken where a row has more than cells."""
        if self.row_info or self.comments:
            super()._write_rows()
            return
        filled = sorted(row for row, cells in self.table.items() if cells)
        spans = self._spans(filled)
        for row in filled:
            self._write_row(row, spans[row // _ROWS_OF_A_SPAN])
            self._write_cells(row)
            self._xml_end_tag("row")
            del self.table[row]  # sheet and book name each other: a hundred megabytes would wait for the collector

    def _spans(self, rows: Iterable[int]) -> dict[int, str]:
        """Return the first and the last column of every sixteen rows, as the rows name them."""
        reach: dict[int, tuple[int, int]] = {}
        for row in rows:
            cells, block = self.table[row], row // _ROWS_OF_A_SPAN
            first, last = reach.get(block, (min(cells), max(cells)))
            reach[block] = min(first, *cells), max(last, *cells)
        return {block: f"{first + 1}:{last + 1}" for block, (first, last) in reach.items()}

    def _write_cells(self, row: int) -> None:
        for column, cell in sorted(self.table[row].items()):
            kind = type(cell)
            if cell.format is None or kind not in (CellStringTuple, CellNumberTuple):
                self._write_cell(row, column, cell)
                continue
            place = f'<c r="{_name(column)}{row + 1}" s="{cell.format._get_xf_index()}"'
            if kind is CellStringTuple:
                self.fh.write(f'{place} t="s"><v>{cell.string}</v></c>')
            else:
                self.fh.write(f"{place}><v>{cell.number:.16G}</v></c>")


def _number_of(texts: Any) -> Callable[[str], int]:  # noqa: ANN401 - none as long as a sheet is in no book
    """Return what gives a text its number among those that all sheets share."""
    return texts._get_shared_string_index


@cache
def _name(column: int) -> str:
    return xl_col_to_name(column)
