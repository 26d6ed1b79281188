"""The template of HTCDS: no case leaves, and what an agency fills in comes through our own door."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from ingestion.entry.file_check import examine
from languages.words import Words, languages
from reports.exchange import htcds
from reports.exchange.htcds_words import EXPLOITATION, FIELDS, GENDER, PICKLISTS
from reports.released.released_folder import ReleasedFolder
from tests.ingestion.workbooks import TODAY
from tests.reports.exchange.invented import release, row

ENGLISH = Words.load("en")
CASES = (
    ("Feminine", "Iraq", "False promises", "Sexual exploitation", "2025-01-15"),
    ("Masculine", None, "Physical threats", "Forced adoption", "2025-01-16"),
    ("NonSpecifiedUnknown", None, None, "Forced begging", "2025-01-17"),
)
HEADINGS = ("Gender", "Citizenship", "Methods of Control", "Type of Exploitation", "Incoming Referral Date")


@pytest.fixture
def released(tmp_path: Path) -> ReleasedFolder:
    return release(tmp_path, [row("PRT-02", 50)])


def _template(released: ReleasedFolder, tag: str = "en") -> bytes:
    return htcds.export(released, Words.load(tag)).files["htcds.xlsx"]


def _sheets(data: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def test_the_template_holds_no_case(released: ReleasedFolder):
    export = htcds.export(released, ENGLISH)
    assert len(_sheets(export.files["htcds.xlsx"])[htcds.CASES]) == 2  # field names and headings
    assert [remark.key for remark in export.remarks] == ["export.htcds.empty"]
    examination = examine(export.files["htcds.xlsx"], "htcds.xlsx", "iom_caseload", today=TODAY)
    assert (examination.verdict, examination.rows_in) == ("accepted", 0)
    assert {finding.severity for finding in examination.findings} == {"flag"}


@pytest.mark.parametrize("tag", languages())
def test_what_an_agency_fills_in_comes_through_our_own_door(released: ReleasedFolder, tag: str):
    book = openpyxl.load_workbook(io.BytesIO(_template(released, tag)))
    sheet, stream = book[htcds.CASES], io.BytesIO()
    columns = {field.heading: column for column, field in enumerate(FIELDS, start=2)}
    for line, case in enumerate(CASES, start=3):
        for heading, value in zip(HEADINGS, case, strict=True):
            sheet.cell(line, columns[heading], value)
    book.save(stream)
    examination = examine(stream.getvalue(), "htcds.xlsx", "iom_caseload", today=TODAY)
    assert (examination.verdict, examination.rows_landed, examination.rows_quarantined) == ("accepted", 3, 0)
    [table] = examination.tables
    back = {name: table.columns[name] for name in ("sex_code", "citizenship_code", "exploitation_codes", "means_codes")}
    assert back == {
        "sex_code": ["F", "M", "_U"],
        "citizenship_code": ["IRQ", None, None],
        "exploitation_codes": ["SEXUAL", "CHILD_SALE", "BEGGING"],
        "means_codes": ["MEANS_DECEPTION", "MEANS_FORCE_THREAT", None],
    }


def test_every_form_and_gender_of_the_lists_is_read():
    assert all(htcds.codes_by_value(EXPLOITATION).values())
    assert all(htcds.codes_by_value(GENDER).values())


def test_the_dictionary_and_the_code_map_stand_beside_the_cases(released: ReleasedFolder):
    sheets = _sheets(_template(released))
    dictionary = {line[0] for line in sheets["Dictionary"]}
    assert {field.name for field in FIELDS if not field.is_personal} <= dictionary
    codes = {(line[1], line[2]) for line in sheets["Our codes"]}
    assert {("Forced adoption", "CHILD_SALE"), ("Surrogacy", "OTHER")} <= codes
    assert any("prs_FirstName" in str(line[0]) for line in sheets["About"])


@pytest.mark.real_input
def test_headings_and_lists_are_those_of_the_standards_own_workbook(real_input: Path):
    book = CalamineWorkbook.from_path(real_input / "htcds" / "HTCDS_Excel_single_select_with_validation_v2.0.xlsx")
    names, headings = book.get_sheet_by_name(htcds.CASES).to_python(skip_empty_area=False)[:2]
    assert [str(text) for text in headings if text] == [field.heading for field in FIELDS]
    misspelt = {"vic_TraffickinStatusDecisionMakingOrg"}
    assert {str(name) for name in names if name} - misspelt <= {field.name for field in FIELDS}
    lists = book.get_sheet_by_name("validation").to_python(skip_empty_area=False)[2:]
    theirs = {
        str(column[0]): [str(value).strip() for value in column[1:] if value] for column in zip(*lists, strict=True)
    }
    for field in FIELDS:
        if field.heading in theirs:
            assert list(PICKLISTS[field.name]) == theirs[field.heading], field.name


def test_the_same_release_gives_the_same_workbook(released: ReleasedFolder):
    assert _template(released) == _template(released)
