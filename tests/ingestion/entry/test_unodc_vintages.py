"""UNODC's table of any year: other lines above it, other contacts, duplicate keys, new words, other headings."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from ingestion.entry.file_check import examine
from tests.ingestion.workbooks import xlsx

SOURCE = "unodc_glotip"
TODAY = datetime.date(2026, 1, 31)
HEAD = [
    "Iso3_code", "Country", "Region", "Subregion", "Indicator", "Dimension", "Category", "Sex", "Age", "Year",
    "Unit of measurement", "txtVALUE", "Source",
]  # fmt: skip
TOTAL = ["IRQ", "Iraq", "Asia", "Western Asia", "Detected trafficking victims", "Total", "Total", "Total", "Total",
         2023, "Counts", "1,204", "GLOTIP"]  # fmt: skip


def _row(**other: object) -> list[object]:
    return [other.get(head, cell) for head, cell in zip(HEAD, TOTAL, strict=True)]


def _landed(*rows: list[object]) -> tuple[str, int, int]:
    found = examine(xlsx({"data_glotip_1": list(rows)}), "glotip.xlsx", SOURCE, today=TODAY)
    return found.verdict, found.rows_landed, found.rows_quarantined


@pytest.mark.parametrize(
    "above",
    [
        [],
        [["UNODC", "unodc_ddds@un.org"], ["30/05/2023"]],
        [
            ["UNODC Research", "Contact: unodc-data@un.org"],
            ["Last updated", "24/10/2025"],
            [],
            ["Note: figures may change"],
        ],
        [["Trafficking in persons"], [None, "unodc@un.org"], ["Date of extraction: 2026-01-05"]],
    ],
)
def test_whatever_lines_stand_above_the_table_every_row_lands(above: list[list[object]]) -> None:
    assert _landed(*above, HEAD, _row(), _row(Year=2022)) == ("accepted", 2, 0)


@pytest.mark.parametrize(
    ("heading", "other"), [("txtVALUE", "VALUE"), ("Iso3_code", "ISO3"), ("Unit of measurement", "Unit")]
)
def test_the_headings_of_other_editions_are_read(heading: str, other: str) -> None:
    assert _landed([other if one == heading else one for one in HEAD], _row()) == ("accepted", 1, 0)


@pytest.mark.parametrize(
    "other",
    [
        {"Category": "Solomon Islands"},
        {"Iso3_code": "XKX", "Country": "Kosovo under UNSCR 1244"},
        {"Iso3_code": None, "Country": None},
        {"Category": None},
        {"txtVALUE": "<5"},
    ],
)
def test_new_codes_and_blanks_of_the_publisher_land_as_they_are(other: dict[str, object]) -> None:
    assert _landed(HEAD, _row(**other), _row()) == ("accepted", 2, 0)


def test_a_key_that_stands_twice_lands_twice_and_is_flagged() -> None:
    assert _landed(HEAD, _row(), _row(), _row(txtVALUE="1,205")) == ("accepted", 3, 0)


@pytest.mark.real_input
def test_the_real_table_under_other_lines_and_headings_lands_row_for_row(real_input: Path) -> None:
    book = openpyxl.load_workbook(real_input / "unodc" / "data_glotip_2023-05-30.xlsx", read_only=True)
    rows = [list(row) for row in book.worksheets[0].iter_rows(min_row=3, values_only=True)]
    rows[0] = ["VALUE" if one == "txtVALUE" else one for one in rows[0]]
    assert _landed(["UNODC", "unodc-gps@un.org"], [], ["2025"], *rows, *rows[1:3]) == ("accepted", len(rows) + 1, 0)


@pytest.mark.parametrize("cell", ["زهراء عبد الحسين كاظم", "Contact: Zahra Abdulhussein Kadhim", "+964 770 123 4567"])
@pytest.mark.parametrize("at", [0, 2])
def test_a_line_about_a_person_above_or_in_a_public_table_is_not_read(cell: str, at: int) -> None:
    rows: list[list[object]] = [HEAD, _row(), _row(Year=2022)]
    rows.insert(at, [cell])
    found = examine(xlsx({"data": rows}), "glotip.xlsx", SOURCE, today=TODAY)
    assert (found.verdict, found.rows_landed) == ("accepted", 2)
    assert found.rows_quarantined == (at == 2 and cell.startswith("+"))  # a number between rows may be a row
    assert cell not in found.taken.decode() + repr(found.findings)


def test_another_sheet_of_a_public_file_is_told_by_its_number_and_not_read() -> None:
    book = xlsx({"data_glotip_1": [HEAD, _row()], "Kovalchuk": [["Oluwaseun Adebayo"], ["Kebede Tadesse"]]})
    found = examine(book, "glotip.xlsx", SOURCE, today=TODAY)
    assert (found.verdict, [(one.kind, one.sheet) for one in found.findings]) == ("accepted", [("sheet_unknown", "#2")])
    assert not any(word in found.taken.decode() for word in ("Oluwaseun", "Kebede", "Kovalchuk"))


@pytest.mark.parametrize(
    "other",
    [
        {"Category": "Forced criminality and other new forms"},
        {"Dimension": "by recruitment online"},
        {"Category": "Oleksandr"},
        {"Category": "Zainab"},
        {"Indicator": "Detected by Zainab"},
        {"Source": "Zainab"},
        {"Category": "Zainab Hussein Kadhim"},
        {"Category": "0770 123 4567"},
        {"Source": "zainab@example.org"},
    ],
)
def test_a_text_on_no_list_waits_as_a_row_and_is_not_repeated(other: dict[str, object]) -> None:
    found = examine(xlsx({"data": [HEAD, _row(**other), _row()]}), "glotip.xlsx", SOURCE, today=TODAY)
    waiting = [(one.severity, one.kind, one.cell) for one in found.findings if one.severity != "flag"]
    assert (found.verdict, found.rows_landed, found.rows_quarantined) == ("accepted", 1, 1)
    assert [(severity, kind) for severity, kind, _ in waiting] == [("quarantine", "unlisted_text")]
    assert not any(str(value) in repr(found.findings) + found.taken.decode() for value in other.values())


def test_a_text_in_a_column_that_does_not_land_holds_no_row_back() -> None:
    assert _landed(HEAD, _row(Country="Zainab"), _row()) == ("accepted", 2, 0)
