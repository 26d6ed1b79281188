"""The reader gives the cells as the file holds them, with the file's own row numbers."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ingestion.files import limited_child
from ingestion.files.cell_marks import UNCALCULATED
from ingestion.files.reader import read_workbook
from tests.ingestion import hostile

NAME = "ضحايا 2024"


def test_a_workbook_is_read_with_its_row_numbers_and_merged_title():
    read = read_workbook(hostile.workbook(), "x.xlsx")
    sheet = read.sheets[0]
    assert (sheet.name, read.encoding, read.findings) == ("الضحايا", "", [])
    assert sheet.rows[1] == [None] * 7
    assert sheet.rows[2] == list(hostile.HEADERS)
    assert sheet.rows[3] == list(hostile.ROWS[0])
    assert sheet.merged == [(1, 1, 1, 7)]


def test_numbers_dates_errors_and_leading_empty_rows_come_as_they_are():
    def write(book: Workbook, sheet: Worksheet) -> None:
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(8, 2, [12.0, 2.5, True, "#N/A", "٣"])
        sheet.write_datetime(8, 7, datetime.datetime(2024, 2, 29), date)
        other = book.add_worksheet("2")
        other.write(3, 1, "x")

    read = read_workbook(hostile.workbook(write), "x.xlsx")
    assert read.sheets[0].rows[8] == [None, None, 12, 2.5, True, "#N/A", "٣", datetime.date(2024, 2, 29)]
    assert isinstance(read.sheets[0].rows[8][2], int)
    assert read.sheets[1].rows == [[None, None], [None, None], [None, None], [None, "x"]]


def test_a_calculated_formula_is_read_as_its_value_and_flagged():
    read = read_workbook(hostile.calculated_formula(), "x.xlsx")
    assert read.sheets[0].rows[8][0] == 3
    assert [(f.severity, f.kind, f.cell, f.arguments["count"]) for f in read.findings] == [
        ("flag", "formula_read_as_value", "A9", "1")
    ]


@pytest.mark.parametrize("build", [hostile.uncalculated_formula, hostile.formula_to_recalculate])
def test_a_formula_without_a_result_is_no_zero_and_no_blank(build: Callable[[], bytes]):
    assert read_workbook(build(), "x.xlsx").sheets[0].rows[8][0] == UNCALCULATED


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1256"])
def test_a_csv_is_read_in_its_encoding_and_with_its_delimiter(encoding: str, delimiter: str):
    text = hostile.comma_separated(delimiter, hostile.ROWS[:1])  # windows-1256 has no Arabic digits
    read = read_workbook(text.encode(encoding), f"{NAME}.csv")
    assert read.encoding == encoding
    assert read.sheets[0].name == NAME
    assert read.sheets[0].rows[0] == list(hostile.HEADERS)
    assert read.sheets[0].rows[1] == [str(value) for value in hostile.ROWS[0]]


def test_ragged_and_empty_records_keep_their_place():
    read = read_workbook(b'a,b,c\n\n1,2\n"x, ""y""\nz",,3\n', "x.csv")
    assert read.sheets[0].rows == [["a", "b", "c"], [None] * 3, ["1", "2", None], ['x, "y"\nz', None, "3"]]


def test_one_column_is_a_csv_too():
    assert read_workbook("المحافظة\r\nبغداد\r\n".encode(), "x.csv").sheets[0].rows == [["المحافظة"], ["بغداد"]]


def test_french_text_is_not_taken_for_windows_1256():
    data = "Département;Année\r\nHauts-de-Seine à côté;été\r\n".encode("windows-1252")
    assert read_workbook(data, "x.csv").findings[0].kind == "encoding_unclear"


def test_a_sheet_is_named_by_its_number_in_findings():
    assert [finding.sheet for finding in read_workbook(hostile.calculated_formula(), "x.xlsx").findings] == ["#1"]


def test_a_child_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    child = tmp_path / "child.py"
    child.write_text("import os\nos.abort()\n", encoding="utf-8")
    monkeypatch.setattr(limited_child, "_CHILD", child)
    assert read_workbook(hostile.workbook(), "x.xlsx").findings[0].kind == "reader_failed"
    assert read_workbook(b"a,b\n1,2\n", "x.csv").findings[0].kind == "reader_failed"


def test_a_child_that_hangs_is_a_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    child = tmp_path / "child.py"
    child.write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    monkeypatch.setattr(limited_child, "_CHILD", child)
    monkeypatch.setattr(limited_child, "_SECONDS", 0.2)
    assert read_workbook(hostile.workbook(), "x.xlsx").findings[0].kind == "reader_failed"


def test_the_child_may_not_take_more_memory_than_its_limit():
    script = Path(limited_child._CHILD).read_text(encoding="utf-8").replace("3_000_000_000", "200_000_000")
    probe = script.replace("    workbook =", "    bytearray(400_000_000)\n    workbook =")
    answer = subprocess.run(
        [sys.executable, "-c", probe, "workbook", sys.path[-1]], input=b"", capture_output=True, check=False
    )
    assert b"MemoryError" in answer.stderr


def test_reading_imports_no_heavy_library():
    probe = (
        "import sys, ingestion.files.reader;"
        "print([m for m in ('pandas', 'openpyxl', 'numpy', 'dagster') if m in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400))
def test_random_text_files_never_raise(data: bytes):
    read = read_workbook(data, "x.csv")
    assert read.sheets or read.findings
    assert len({len(row) for sheet in read.sheets for row in sheet.rows}) <= 1


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_workbook_damaged_anywhere_is_read_or_refused(data: st.DataObject):
    good = hostile.workbook()
    part = data.draw(st.sampled_from([hostile.SHEET, hostile.STRINGS, "xl/workbook.xml", "xl/styles.xml"]))

    def damage(content: bytes) -> bytes:
        place = data.draw(st.integers(0, len(content)))
        return content[:place] + data.draw(st.binary(max_size=4)) + content[place + 1 :]

    read = read_workbook(hostile.rezip(good, change={part: damage}), "x.xlsx")
    assert read.sheets or read.findings


@pytest.mark.real_input
def test_the_published_table_of_unodc_is_read_whole(real_input: Path):
    read = read_workbook((real_input / "unodc" / "data_glotip_2023-05-30.xlsx").read_bytes(), "glotip.xlsx")
    assert [(len(sheet.rows), len(sheet.rows[0])) for sheet in read.sheets] == [(46_559, 13)]
    assert read.sheets[0].rows[2][:2] == ["Iso3_code", "Country"]
    assert [finding.kind for finding in read.findings] == ["formula_read_as_value", "letters_lost"]


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_child_that_dies_leaves_no_image_of_its_memory():
    program = "import resource; from ingestion.files import workbook_child as c; c._limit(); print(resource.getrlimit(resource.RLIMIT_CORE)[0])"  # noqa: E501
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "0"
