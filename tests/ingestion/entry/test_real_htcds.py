"""HTCDS 2.0's own workbooks, as they are published: empty ones are no bad files, filled ones land or are refused."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import openpyxl
import pytest

from ingestion.entry.file_check import examine
from tests.ingestion.workbooks import TODAY

pytestmark = pytest.mark.real_input

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "data" / "htcds"
WORKBOOKS = ["HTCDS_Excel_Spreadsheet_v2.0.xlsx", "HTCDS_Excel_single_select_with_validation_v2.0.xlsx"]
CASE = {
    "Gender": "Feminine",
    "Citizenship": "Iraq",
    "Methods of Control": "Debt bondage",
    "Type of Exploitation": "Forced labour",
    "Incoming Referral Date": "30/7/2024",
}


def _filled(name: str, **more: str) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl does not keep every extension
        book = openpyxl.load_workbook(FOLDER / name)
    sheet = book.worksheets[0]
    place = {str(cell.value).strip(): cell.column for cell in sheet[2] if cell.value}
    for heading, value in {**CASE, **more}.items():
        sheet.cell(3, place[heading]).value = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("name", WORKBOOKS)
def test_an_empty_workbook_of_htcds_is_no_bad_file(name: str) -> None:
    examination = examine((FOLDER / name).read_bytes(), name, "iom_caseload", today=TODAY)
    assert (examination.verdict, examination.rows_in) == ("accepted", 0), examination.findings


@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_filled_workbook_of_htcds_lands(name: str) -> None:
    examination = examine(_filled(name), name, "iom_caseload", today=TODAY)
    assert (examination.verdict, examination.rows_landed, examination.rows_quarantined) == ("accepted", 1, 0)
    [table] = examination.tables
    assert [table.columns[field] for field in ("sex_code", "exploitation_codes", "means_codes", "row_number")] == [
        ["F"],
        ["FORCED_LABOUR"],
        ["MEANS_COERCION"],
        [3],
    ]


@pytest.mark.parametrize(
    ("heading", "value"),
    [("First Name", "x"), ("Birthdate", "12/3/2007"), ("Mobile Phone", "1"), ("Email", "nobody@example.org")],
)
@pytest.mark.parametrize("name", WORKBOOKS)
def test_a_filled_column_of_personal_data_refuses_the_workbook(name: str, heading: str, value: str) -> None:
    examination = examine(_filled(name, **{heading: value}), name, "iom_caseload", today=TODAY)
    assert examination.verdict == "refused"
    assert examination.is_personal
