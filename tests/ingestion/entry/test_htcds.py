"""The workbook of HTCDS 2.0: its hidden row of field names is known, its columns of personal data are not read."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from ingestion.cards.headings import find_header_named, known_headings
from ingestion.cards.source_card import load_source
from ingestion.entry.file_check import examine
from tests.ingestion import workbooks
from tests.ingestion.workbooks import TODAY, token

HEADINGS = {
    "": "Person Token", "prs_FirstName": "First Name", "prs_Birthdate": "Birthdate", "prs_MobilePhone": "Mobile Phone",
    "prs_Gender": "Gender", "vic_TypeOfExploitation": "Type of Exploitation",
    "cas_IncomingReferralDate": "Incoming Referral Date",
}  # fmt: skip


def _case_sheet(**filled: str) -> bytes:
    stream = io.BytesIO()
    case = {"": token(1), "prs_Gender": "Feminine", "vic_TypeOfExploitation": "Forced labour"}
    case |= {"cas_IncomingReferralDate": "30/7/2024"} | filled
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Case Sheet")
        sheet.set_row(0, None, None, {"hidden": True})
        for column, (field, heading) in enumerate(HEADINGS.items()):
            sheet.write(0, column, field or None)
            sheet.write(1, column, heading)
            sheet.write(2, column, case.get(field))
    return stream.getvalue()


def test_a_case_sheet_with_its_hidden_row_lands_and_tells_of_no_contact_with_the_state():
    examination = examine(_case_sheet(), "cases.xlsx", "iom_caseload", today=TODAY)
    assert (examination.verdict, examination.findings) == ("accepted", [])
    [table] = examination.tables
    assert table.columns["row_number"] == [3]
    assert (table.columns["sex_code"], table.columns["exploitation_codes"]) == (["F"], ["FORCED_LABOUR"])
    assert (table.columns["contact_date"], table.columns["presumed_by_code"]) == ([None], [None])


@pytest.mark.parametrize(
    ("field", "value", "column"),
    [
        ("prs_FirstName", "Zainab", "B"),
        ("prs_Birthdate", "12/3/2007", "C"),
        ("prs_MobilePhone", "0770 123 4567", "D"),
    ],
)
def test_a_filled_column_of_personal_data_is_told_and_not_read(field: str, value: str, column: str):
    examination = examine(_case_sheet(**{field: value}), "cases.xlsx", "iom_caseload", today=TODAY)
    assert (examination.verdict, examination.rows_landed) == ("accepted", 1)
    [told] = examination.findings
    assert (told.severity, told.kind, told.cell) == ("flag", "names_not_read", f"{column}2")
    assert value not in examination.taken.decode() + repr(examination.findings)


FORM = {
    "start": "2024-08-01T09:00:00.000+03:00", "case/person/prs_Gender": "Feminine", "case/prs_Citizenship": "BD",
    "group_ab1cd/vic_Methods_of_Control": "DebtBondage FalsePromises",
    "group_ab1cd/vic_Methods_of_Control/DebtBondage": 1, "group_ab1cd/vic_Methods_of_Control/FalsePromises": 1,
    "vic_TypeOfExploitation": "ForcedLabour SexualExploitation", "cas_IncomingReferralDate": "2024-07-30",
    "vic_TraffickingStatusDecisionMakingOrg": "Police", "__version__": "v1", "_index": 1,
}  # fmt: skip


def _form_export(**more: object) -> bytes:
    cells = FORM | more
    return workbooks.xlsx({"Case Sheet": [list(cells), list(cells.values())]})


def test_the_export_of_a_form_with_field_names_and_groups_lands():
    examination = examine(_form_export(), "form.xlsx", "iom_caseload", today=TODAY)
    assert (examination.verdict, examination.findings) == ("accepted", [])
    [table] = examination.tables
    fields = ("sex_code", "citizenship_code", "exploitation_codes", "means_codes", "row_number")
    assert [table.columns[field] for field in fields] == [
        ["F"], ["BGD"], ["FORCED_LABOUR;SEXUAL"], ["MEANS_COERCION;MEANS_DECEPTION"], [2],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [("prs_First_Name", "Zainab"), ("case/prs_Birthdate", "2007-03-12"), ("group_ab1cd/prs_MobilePhone", "0770 123")],
)
def test_a_filled_question_of_personal_data_in_a_form_is_told_and_not_read(name: str, value: str):
    examination = examine(_form_export(**{name: value}), "form.xlsx", "iom_caseload", today=TODAY)
    assert (examination.verdict, examination.rows_landed) == ("accepted", 1)
    assert [one.kind for one in examination.findings] == ["names_not_read"]
    assert value not in examination.taken.decode()
    empty = examine(_form_export(**{name: None}), "form.xlsx", "iom_caseload", today=TODAY)
    assert (empty.verdict, empty.findings) == ("accepted", [])


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("prs_Gender", "Gender"), ("individual_gender", "Gender"), ("case/individual_gender", "Gender"),
        ("victim_sex", "Gender"), ("sex_code", "Gender"), ("intake/citizenship_code", "Citizenship"),
        ("vic_LocationOfExploitation", "Location of Exploitation"), ("person_token", "Person Token"),
        ("prs_FirstName", ""), ("vic_TypeOfExploitation/ForcedLabour", ""), ("case_colour", None),
        ("الجنس/العمر", None),
    ],
)  # fmt: skip
def test_the_name_that_a_form_gives_a_column_is_known(name: str, header: str | None):
    table = load_source("iom_caseload").tables["caseload"]
    assert find_header_named([name], known_headings(table)) == header
