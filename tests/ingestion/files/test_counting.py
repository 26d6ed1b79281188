"""No row of a file is lost: every format, every height, counted by the parser and by other code."""

from __future__ import annotations

import csv
import io
import struct
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from ingestion.files import csv_text, reader
from ingestion.files.reader import read_workbook
from tests.ingestion import hostile, old_excel_files, workbooks
from tests.ingestion.hostile import SHEET
from tests.ingestion.old_excel_files import cell, compound, record, stream
from tests.ingestion.open_documents import package, row, table, tables
from tests.ingestion.workbooks import Grid

BORDERS = (1, 2, 999, 1000, 1001, 1002, 2000, 2001, 2002, 5001)
LAST = ["آخر سطر", "07901234567"]


def _csv(sheets: Mapping[str, Grid]) -> bytes:
    return workbooks.csv(next(iter(sheets.values())), delimiter=",", encoding="utf-8")


WRITERS: dict[str, Callable[[Mapping[str, Grid]], bytes]] = {
    "xlsx": workbooks.xlsx,
    "ods": lambda sheets: package(tables(sheets)),
    "xls": old_excel_files.xls,
    "csv": _csv,
}


def _of_height(height: int) -> Grid:
    return [[f"رمز {number}", number] for number in range(1, height)] + [list(LAST)]


def _kinds(data: bytes, form: str = "xlsx") -> list[tuple[str, str, str]]:
    return [(one.severity, one.kind, one.cell) for one in read_workbook(data, f"x.{form}").findings]


def _assert_all_is_read(form: str, height: int) -> None:
    data = WRITERS[form]({"ورقة": _of_height(height)})
    read = read_workbook(data, f"x.{form}")
    assert read.findings == []
    assert len(read.sheets[0].rows) == height
    assert read.sheets[0].rows[-1] == LAST


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("height", BORDERS)
def test_the_last_row_of_every_height_is_read(form: str, height: int):
    _assert_all_is_read(form, height)


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=4, deadline=None)
@given(height=st.integers(1, 5001))
def test_the_last_row_of_any_height_is_read(form: str, height: int):
    _assert_all_is_read(form, height)


# Two counts


def _losing_the_last_row(parse: Callable[[bytes], list[dict[str, Any]]]) -> Callable[[bytes], list[dict[str, Any]]]:
    """A parser that loses the last row of each sheet, as ours once did."""
    return lambda data: [sheet | {"rows": sheet["rows"][:-1]} for sheet in parse(data)]


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_a_parser_that_loses_a_row_refuses_the_file_and_names_the_row(form: str, monkeypatch: pytest.MonkeyPatch):
    name = "parse_workbook"
    monkeypatch.setattr(reader, name, _losing_the_last_row(getattr(reader, name)))
    data = WRITERS[form]({"ورقة": [["أ", 1], ["ب", 2], ["ج", 3]]})
    (finding,) = read_workbook(data, f"x.{form}").findings
    assert (finding.severity, finding.kind, finding.sheet, finding.cell) == ("refuse", "rows_differ", "#1", "A3")
    assert dict(finding.arguments) == {"read": "2", "held": "3"}


def test_a_reader_of_text_that_loses_a_record_refuses_the_file(monkeypatch: pytest.MonkeyPatch):
    records = csv_text.parse_records
    monkeypatch.setattr(csv_text, "parse_records", lambda text, delimiter: records(text, delimiter)[:-1])
    assert _kinds(b"a,b\r\n1,2\r\n3,4\r\n", "csv") == [("refuse", "rows_differ", "A3")]


@given(
    st.lists(st.lists(st.text('ab",;\r\n\t \u2028\x0b', max_size=6), min_size=2, max_size=3), min_size=1, max_size=6),
    st.sampled_from(["\r\n", "\n"]),
    st.booleans(),
)
def test_the_records_of_any_text_file_are_counted_alike(rows: list[list[str]], ending: str, is_quoted: bool):
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=ending, quoting=csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL)
    writer.writerows([["A", *rows[0]], *rows])
    assert "rows_differ" not in {kind for _, kind, _ in _kinds(out.getvalue().encode(), "csv")}


def _sheet(rows: str) -> bytes:
    """A workbook whose sheet has these rows only."""

    def replace(content: bytes) -> bytes:
        start, end = content.index(b"<sheetData"), content.index(b"</sheetData>")
        return content[:start] + b"<sheetData>" + rows.encode() + content[end:]

    plain = hostile.rezip(workbooks.xlsx({"س": [["", "x", "  ", "\n"]]}))
    return hostile.rezip(plain, change={SHEET: replace})


TEXT = '<c r="{}" t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'
ODD_ROWS = {
    "blank rows on top": ('<row r="7">' + TEXT.format("B7", "x") + "</row>", 7),
    "a gap": ('<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="C9"><v>2</v></c></row>', 9),
    "formatted blanks": ('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" s="0"/></row>', 1),
    "blanks that are no self-closing tag": (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" s="0"></c><c r="B2"><v></v></c></row>',
        1,
    ),
    "rows without a number": (
        f"<row>{TEXT.format('A1', 'x')}</row><row>{TEXT.format('A2', 'y')}</row>",
        2,
    ),
    "rows without attributes behind blank ones": (f'<row/><row r="2"/><row>{TEXT.format("A3", "y")}</row>', 3),
    "only white space": (
        f'<row r="1">{TEXT.format("A1", "x")}</row><row r="2">{TEXT.format("A2", "  &#160;")}</row>',
        2,
    ),
    "rich text": ('<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>', 1),
    "an error": ('<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>', 1),
    "a truth": ('<row r="1"><c r="A1" t="b"><v>0</v></c></row>', 1),
    "a date": ('<row r="1"><c r="A1" t="d"><v>2024-03-05</v></c></row>', 1),
    "an empty result": ('<row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1"><v>1</v></c></row>', 1),
    "only an empty result": (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" t="str"><f>""</f><v></v></c></row>',
        2,
    ),
    "a formula without a result": (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><f>1+1</f></c></row>',
        2,
    ),
    "a line break": (f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2">{TEXT.format("A2", "_x000D_")}</row>', 2),
    "a prefix": (
        '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="1">'
        '<x:c r="A1"><x:v>5</x:v></x:c></x:row>',
        1,
    ),
}


@pytest.mark.parametrize("case", ODD_ROWS)
def test_rows_of_every_make_are_counted_alike(case: str):
    rows, height = ODD_ROWS[case]
    read = read_workbook(_sheet(rows), "x.xlsx")
    assert [one.kind for one in read.findings if one.severity == "refuse"] == []
    assert len(read.sheets[0].rows) == height


def test_an_error_of_the_sheet_is_no_blank():
    (sheet,) = read_workbook(_sheet(ODD_ROWS["an error"][0]), "x.xlsx").sheets
    assert sheet.rows == [["#N/A"]]
    shown = (
        '<table:table-cell office:value-type="string" office:string-value=""><text:p>#REF!</text:p></table:table-cell>'
    )
    (sheet,) = read_workbook(package(table("س", f"<table:table-row>{shown}</table:table-row>")), "x.ods").sheets
    assert sheet.rows == [["#REF!"]]


def test_a_shared_text_that_is_empty_or_white_holds_no_row():
    def write(book: Workbook, sheet: Worksheet) -> None:
        for number, text in enumerate(("", "   ", "\n\t", "\u00a0", "x"), start=10):
            sheet.write_string(number, 0, text)

    data = hostile.workbook(write)
    emptied = hostile.in_part(hostile.STRINGS, b"<t>x</t>", b"<t/>", data)
    assert _kinds(emptied) == []


@pytest.mark.parametrize("repeated", [1, 5, 1500])
def test_repeated_rows_of_an_open_document_are_counted_each(repeated: int):
    rows = row(["أ", 5]) + row(["ب", 6], f'table:number-rows-repeated="{repeated}"') + row([None], 'table:number-rows-repeated="90"')  # fmt: skip  # noqa: E501
    read = read_workbook(package(table("س", rows)), "x.ods")
    assert (read.findings, len(read.sheets[0].rows)) == ([], 1 + repeated)


def test_white_and_blank_cells_of_an_open_document_hold_no_row():
    spaces = '<table:table-cell office:value-type="string"><text:p><text:s text:c="3"/></text:p></table:table-cell>'
    blank = '<table:table-cell office:value-type="string"><text:p></text:p></table:table-cell>'
    rows = row(["أ", 5]) + "".join(f"<table:table-row>{one}</table:table-row>" for one in (spaces, blank)) + row(["ب", 6])  # fmt: skip  # noqa: E501
    read = read_workbook(package(table("س", rows)), "x.ods")
    assert (read.findings, len(read.sheets[0].rows)) == ([], 4)


def test_every_kind_of_cell_of_an_old_workbook_holds_its_row():
    place = [struct.pack("<HHH", number, 0, 0) for number in range(9)]
    text_result = record(6, place[4] + b"\x00\x00\x00\x00\x00\x00\xff\xff" + bytes(6) + b"\x03\x00\x1e\x01\x00")
    no_result = record(6, place[5] + b"\x03\x00\x00\x00\x00\x00\xff\xff" + bytes(6) + b"\x03\x00\x1e\x01\x00")
    rows = (
        cell(0, 0, "x")
        + record(0x0201, place[1])  # formatted and blank
        + record(0x027E, place[2] + struct.pack("<I", 7 << 2 | 2))
        + record(0x0205, place[3] + b"\x00\x01")  # an error
        + text_result
        + record(0x0207, old_excel_files.text("y"))
        + no_result
        + cell(6, 0, "  ")
        + record(0x00BD, struct.pack("<HHHIHIH", 7, 0, 0, 7 << 2 | 2, 0, 9 << 2 | 2, 1))
    )
    read = read_workbook(compound([("Workbook", stream({"س": rows}))]), "x.xls")
    assert [one.kind for one in read.findings] == ["formula_read_as_value"]
    assert [cells[0] for cells in read.sheets[0].rows] == ["x", None, 7, "#NULL!", "y", None, "  ", 7]


# A dimension is no count


def _with_dimension(reference: str) -> bytes:
    data = workbooks.xlsx({"س": [["أ", 1], ["ب", 2], ["ج", 3]]})
    return hostile.in_part(SHEET, b'<dimension ref="A1:B3"/>', f'<dimension ref="{reference}"/>'.encode(), data)


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("A1", ["dimension_too_small"]),
        ("A1:B2", ["dimension_too_small"]),
        ("A1:A3", ["dimension_too_small"]),
        ("A2:B3", ["dimension_too_small"]),
        ("B1:B3", ["dimension_too_small"]),
        ("A1:B3", []),
        ("A1:XFD1048576", []),
    ],
)
def test_a_dimension_smaller_than_the_data_is_told_and_loses_nothing(reference: str, found: list[str]):
    read = read_workbook(_with_dimension(reference), "x.xlsx")
    assert [one.kind for one in read.findings] == found
    assert all(one.severity == "flag" for one in read.findings)
    assert read.sheets[0].rows == [["أ", 1], ["ب", 2], ["ج", 3]]


def test_a_sheet_that_states_no_dimension_is_read_whole():
    data = hostile.in_part(
        SHEET, b'<dimension ref="A1:B3"/>', b"", workbooks.xlsx({"س": [["أ", 1], ["ب", 2], ["ج", 3]]})
    )
    read = read_workbook(data, "x.xlsx")
    assert (read.findings, len(read.sheets[0].rows)) == ([], 3)


def test_a_dimension_of_an_old_workbook_is_no_count_either():
    extent = record(0x0200, struct.pack("<IIHHH", 0, 2, 0, 1, 0))
    data = compound([("Workbook", stream({"س": extent + old_excel_files.cells([["أ"], ["ب"], ["ج"]])}))])
    read = read_workbook(data, "x.xls")
    assert [(one.kind, one.cell) for one in read.findings] == [("dimension_too_small", "A3")]
    assert len(read.sheets[0].rows) == 3
