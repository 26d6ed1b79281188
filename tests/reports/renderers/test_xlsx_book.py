"""A workbook whose rows are written at once is, part by part, the file that xlsxwriter writes cell by cell."""

from __future__ import annotations

import io
import math
import zipfile

import pytest
import xlsxwriter

from reports.renderers.xlsx_book import ReportBook

LOOKS: dict[str, str | float] = {"font_name": "Arial", "font_size": 12}
WIDE = 30  # columns: more than letters
# Rows and columns that are left out, more than sixteen rows, signs that XML writes otherwise, figures of all lengths.
ROWS: dict[int, dict[int, str | float]] = {
    3: {0: 'a <b> & "c"', 1: 0.1 + 0.2, 4: " kept "},
    4: {1: 1e21, 2: -3.0, WIDE: "last"},
    18: {2: "a\nb", 3: 1234567.891},
    40: {0: 'a <b> & "c"', 5: 1 / 3},
    41: {},
}
LONG = "x" * 40_000  # longer than a cell


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(rows: dict[int, dict[int, str | float]], height: float | None = None) -> dict[str, bytes]:
    stream = io.BytesIO()
    with ReportBook(stream, "ckb", LOOKS) as book:
        look, sheet = book.add_format({"bold": True}), book.sheet("One")
        if height:
            sheet.set_row(3, height)
        for row, cells in rows.items():
            sheet.fill(row, ((column, said, look) for column, said in cells.items()))
    return parts(stream.getvalue())


def expected(rows: dict[int, dict[int, str | float]], height: float | None = None) -> dict[str, bytes]:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "default_format_properties": dict(LOOKS)}) as book:
        look, sheet = book.add_format({"bold": True}), book.add_worksheet("One")
        if height:
            sheet.set_row(3, height)
        for row, cells in rows.items():
            for column, said in cells.items():
                if isinstance(said, str):
                    sheet.write_string(row, column, said, look)
                else:
                    sheet.write_number(row, column, said, look)
    return parts(stream.getvalue())


def test_every_part_but_the_properties_is_the_same():
    own, other = written(ROWS), expected(ROWS)
    assert list(own) == list(other)
    assert {name for name in own if own[name] != other[name]} == {"docProps/core.xml"}


def test_a_text_longer_than_a_cell_is_cut_as_the_library_cuts_it():
    own, other = written({0: {0: LONG}}), expected({0: {0: LONG}})
    assert own["xl/sharedStrings.xml"] == other["xl/sharedStrings.xml"]


def test_the_language_is_among_the_properties():
    assert b"<dc:language>ckb</dc:language></cp:coreProperties>" in written(ROWS)["docProps/core.xml"]


def test_a_row_with_a_height_of_its_own_is_written_by_the_library():
    own, other = written(ROWS, height=40), expected(ROWS, height=40)
    assert (
        own["xl/worksheets/sheet1.xml"]
        == other["xl/worksheets/sheet1.xml"]
        != written(ROWS)["xl/worksheets/sheet1.xml"]
    )


def test_a_written_sheet_holds_no_cells_any_more():
    with ReportBook(io.BytesIO(), "ckb", LOOKS) as book:
        sheet = book.sheet("One")
        sheet.fill(3, [(0, "a text", book.add_format({"bold": True}))])
        assert sheet.table
    assert not sheet.table


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_what_is_no_number_is_refused(number: float):
    with pytest.raises(ValueError, match="no number"):
        written({0: {0: number}})
