"""The workbook of HTCDS 2.0: its hidden row of field names is known, its columns of personal data must be empty."""

from __future__ import annotations

import io

import pytest
import xlsxwriter

from ingestion import landing
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
    examination = landing.examine(_case_sheet(), "cases.xlsx", "iom_caseload", today=TODAY)
    assert (examination.verdict, examination.findings) == ("accepted", [])
    [table] = examination.tables
    assert table.columns["row_number"] == [3]
    assert (table.columns["sex_code"], table.columns["exploitation_codes"]) == (["F"], ["FORCED_LABOUR"])
    assert (table.columns["contact_date"], table.columns["presumed_by_code"]) == ([None], [None])


@pytest.mark.parametrize(
    ("field", "value"),
    [("prs_FirstName", "x"), ("prs_Birthdate", "12/3/2007"), ("prs_MobilePhone", "1")],
)
def test_a_filled_column_of_personal_data_refuses_the_file(field: str, value: str):
    examination = landing.examine(_case_sheet(**{field: value}), "cases.xlsx", "iom_caseload", today=TODAY)
    assert examination.verdict == "refused"
    assert {finding.severity for finding in examination.findings} == {"refuse"}
    assert examination.tables == []
