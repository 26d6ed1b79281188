"""Hidden or not, a row is a row; what stands beside the cells is neither refused nor read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ingestion.files.guard import guard
from ingestion.files.reader import read_workbook
from tests.ingestion import hiding, hostile

ROWS = read_workbook(hostile.workbook(), "x.xlsx").sheets[0].rows


@pytest.mark.parametrize("case", hiding.HIDDEN)
def test_a_hidden_row_is_read_and_told(case: str):
    read = read_workbook(hiding.HIDDEN[case](), "x.xlsx")
    assert (read.findings, read.sheets[0].rows, read.sheets[0].hidden_rows) == ([], ROWS, frozenset({4}))


def test_rows_that_are_low_by_default_are_hidden():
    data = hiding.default_of_sheet(b'defaultRowHeight="0" customHeight="1" zeroHeight="1"')
    assert read_workbook(data, "x.xlsx").sheets[0].hidden_rows == {1, 3, 4, 5}


@pytest.mark.parametrize("case", hiding.SHOWN)
def test_what_only_looks_like_hiding_hides_no_row(case: str):
    read = read_workbook(hiding.SHOWN[case](), "x.xlsx")
    assert (read.findings, read.sheets[0].rows, read.sheets[0].hidden_rows) == ([], ROWS, frozenset())


def test_a_hidden_row_of_a_formula_without_a_result_is_told():
    data = hostile.in_part(hostile.SHEET, b'<row r="9"', b'<row hidden="1" r="9"', hostile.uncalculated_formula())
    assert read_workbook(data, "x.xlsx").sheets[0].hidden_rows == {9}


@pytest.mark.parametrize("build", [hostile.hidden_sheet, hostile.very_hidden_sheet])
def test_a_hidden_sheet_is_a_sheet_in_its_place(build: Callable[[], bytes]):
    read = read_workbook(build(), "x.xlsx")
    assert not read.findings
    assert [(sheet.name, sheet.rows, sheet.is_hidden) for sheet in read.sheets] == [
        ("الضحايا", ROWS, False),
        ("x", [["خفي"]], True),
    ]


@pytest.mark.parametrize("case", hiding.BESIDE)
def test_the_rows_of_a_workbook_that_holds_more_than_cells_are_read(case: str):
    read = read_workbook(hiding.BESIDE[case](), "x.xlsx")
    assert (read.findings, [sheet.rows for sheet in read.sheets]) == ([], [ROWS])


@pytest.mark.parametrize("kind", ["chartsheet", "dialogsheet"])
def test_a_sheet_without_cells_is_passed_over(kind: str):
    def write(book: Workbook, _: Worksheet) -> None:
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=الضحايا!$F$4:$F$5"})
        book.add_chartsheet("رسم").set_chart(chart)
        book.add_worksheet("أخرى").write(0, 0, "=1/0")

    data = hostile.workbook(write)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("chartsheet", kind), old.read(name).replace(b"chartsheet", kind.encode()))
    read = read_workbook(stream.getvalue(), "x.xlsx")
    assert [sheet.name for sheet in read.sheets] == ["الضحايا", "أخرى"]
    assert {finding.sheet for finding in read.findings} <= {"", "#2"}


def test_a_value_under_a_merged_cell_is_a_cell():
    data = hostile.in_part(hostile.SHEET, b'<mergeCell ref="A1:G1"/>', b'<mergeCell ref="D4:E4"/>')
    read = read_workbook(data, "x.xlsx")
    assert (read.findings, read.sheets[0].rows, read.sheets[0].merged) == ([], ROWS, [(4, 4, 4, 5)])


def test_more_cells_under_merged_blocks_than_a_sheet_may_have_are_refused():
    blocks = b'<mergeCell ref="A1:G5"/>' * 200_000
    data = hostile.in_part(hostile.SHEET, b'<mergeCell ref="A1:G1"/>', blocks)
    assert guard(data).form == "xlsx"
    assert read_workbook(data, "x.xlsx").findings[0].kind == "unreadable"


def test_what_stands_behind_the_cells_is_bounded():
    behind = b"".join(b'<row a="%d"/>' % number for number in range(1_000_000))
    data = hostile.in_part(hostile.SHEET, b"</sheetData>", b"</sheetData>" + behind)
    assert guard(data).findings[0].kind == "unreadable"
