"""Old Excel workbooks: received like xlsx, by the same rules."""

from __future__ import annotations

import datetime
import struct
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from ingestion.cards.source_card import FOLDER, source_names
from ingestion.entry.file_check import examine
from ingestion.files.cell_marks import UNCALCULATED
from ingestion.files.reader import read_workbook
from tests.ingestion import workbooks
from tests.ingestion.old_excel_files import (
    cell,
    cells,
    column,
    compound,
    drawn,
    formula,
    note,
    record,
    row,
    stream,
    text,
    xls,
)  # fmt: skip
from tests.ingestion.workbooks import TODAY, case, cases, victim, victims, xlsx

MINISTRY = "iraq_interior_ministry"
GRID = [["رمز", "عدد"], ["أ", 5], ["ب", 6]]
NAME = "زينب حسين علي الجبوري"


def book(more: bytes = b"", **options: object) -> bytes:
    return compound([("Workbook", stream({"س": cells(GRID) + more}, **options))])  # pyright: ignore[reportArgumentType]


def test_a_file_is_received_row_by_row():
    sheets = {"القضايا": cases(case(1), case(2)), "الضحايا": victims(victim(1))}
    here = examine(xls(sheets), "export.xls", MINISTRY, today=TODAY)
    there = examine(xlsx(sheets), "export.xlsx", MINISTRY, today=TODAY)
    assert here.verdict == "accepted"
    assert [one.columns for one in here.tables] == [one.columns for one in there.tables]
    assert here.findings == there.findings


@pytest.mark.needs_calc
@pytest.mark.parametrize("source", source_names())
def test_what_libreoffice_saves_as_xls_lands_like_the_workbook_itself(source: str, tmp_path: Path):
    path = FOLDER / "sources" / source / "sample.xlsx"
    here = examine(workbooks.saved_by_office(path, tmp_path, "xls"), "x.xls", source, today=TODAY)
    there = examine(path.read_bytes(), "export.xlsx", source, today=TODAY)
    assert (here.verdict, here.rows_landed, here.rows_quarantined) == ("accepted", there.rows_landed, 0)
    assert [one.columns for one in here.tables] == [one.columns for one in there.tables]


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "hidden sheet": (lambda: book(state={"س": 1}), "hidden_sheet"),
    "very hidden sheet": (lambda: book(state={"س": 2}), "hidden_sheet"),
    "sheet that the workbook does not list": (
        lambda: compound([("Workbook", stream({"س": cells(GRID)}) + record(0x0809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)))]),  # noqa: E501
        "hidden_sheet",
    ),
    "macro sheet": (lambda: book(kinds={"س": 1}), "macro"),
    "chart sheet": (lambda: book(kinds={"س": 2}), "embedded_content"),
    "hidden row": (lambda: book(row(2, flags=0x20)), "hidden_row"),
    "row without height": (lambda: book(row(2, height=0)), "hidden_row"),
    "rows hidden by default": (lambda: book(record(0x0225, struct.pack("<HH", 2, 300))), "hidden_row"),
    "hidden column": (lambda: book(column(1, 1, flags=1)), "hidden_column"),
    "column without width": (lambda: book(column(1, 200, width=0)), "hidden_column"),
    "columns without width by default": (lambda: book(record(0x0055, b"\x00\x00")), "hidden_column"),
    "picture": (lambda: book(drawn(8)), "embedded_content"),
    "pivot table": (lambda: book(record(0x00B0, bytes(20))), "pivot_cache"),
    "other book": (lambda: book(before=record(0x01AE, struct.pack("<H", 1) + text("file.xls"))), "external_link"),
    "query": (lambda: book(record(0x01AD, bytes(20))), "external_link"),
    "scenario": (lambda: book(record(0x00AF, bytes(20))), "unknown_part"),
    "encrypted": (lambda: book(before=record(0x002F, bytes(54))), "encrypted"),
    "macro by record": (lambda: book(before=record(0x00D3)), "macro"),
    "macro by storage": (lambda: compound([("Workbook", stream({"س": cells(GRID)}))], storages=["_VBA_PROJECT_CUR"]), "macro"),  # noqa: E501
    "embedded object": (lambda: compound([("Workbook", stream({"س": cells(GRID)}))], storages=["MBD0001"]), "embedded_content"),  # noqa: E501
    "history": (lambda: compound([("Workbook", stream({"س": cells(GRID)})), ("Revision Log", b"x")]), "change_history"),
    "unknown stream": (lambda: compound([("Workbook", stream({"س": cells(GRID)})), ("x", b"x")]), "unknown_part"),
    "two workbooks": (lambda: compound([("Workbook", stream({"س": cells(GRID)}))] * 2), "unknown_part"),
    "Excel 95": (lambda: compound([("Book", b"x")]), "format_later"),
    "Excel 95 by version": (lambda: compound([("Workbook", record(0x0809, struct.pack("<HHHH", 0x500, 5, 0, 0)))]), "format_later"),  # noqa: E501
    "Word": (lambda: compound([("WordDocument", b"x")]), "not_a_workbook"),
    "far corner": (lambda: book(cell(65000, 200, 1)), "far_corner"),
    "cut record": (lambda: compound([("Workbook", stream({"س": cells(GRID)}) + b"\x03\x02\xff\xff")]), "unreadable"),
    "no sheet": (lambda: compound([("Workbook", stream({}))]), "unreadable"),
    "chain in a ring": (lambda: _ring(book()), "unreadable"),
}  # fmt: skip


def _ring(data: bytes) -> bytes:
    """The first sector of the workbook follows itself."""
    (table,) = struct.unpack_from("<I", data, 0x4C)
    place = 512 + table * 512
    return data[:place] + struct.pack("<I", 0) + data[place + 4 :]


@pytest.mark.parametrize("case", REFUSED)
def test_what_hides_or_acts_refuses_the_file(case: str):
    build, kind = REFUSED[case]
    found = read_workbook(build(), "x.xls")
    assert ([finding.kind for finding in found.findings], found.sheets) == ([kind], [])


@pytest.mark.parametrize(
    "build",
    [
        lambda: book(before=record(0x005C, text(NAME))),
        lambda: book(before=record(0x0018, struct.pack("<HBBHHHBBBB", 0, 0, len(NAME), 0, 0, 0, 0, 0, 0, 0) + b"\x01" + NAME.encode("utf-16-le"))),  # noqa: E501
        lambda: book(note(1, 1, NAME)),
        lambda: book(record(0x01B6, bytes(18)) + record(0x003C, b"\x01" + NAME.encode("utf-16-le"))),
        lambda: book(record(0x0014, text(NAME))),
        lambda: book(record(0x0899, b"xxx" + NAME.encode("utf-16-le"))),
        lambda: book(before=record(0x00FC, struct.pack("<II", 1, 1) + text(NAME))),
        lambda: compound([("Workbook", stream({"س": cells(GRID)}))], loose=NAME.encode("utf-16-le")),
        lambda: compound([("Workbook", stream({"س": cells(GRID)})), ("\x05SummaryInformation", _author(NAME))]),
    ],
    ids=["last writer", "defined name", "author of a comment", "comment", "page header", "unknown record",
         "text of a deleted cell", "unused sector", "property"],
)  # fmt: skip
def test_a_person_beside_the_cells_refuses_the_file(build: Callable[[], bytes]):
    examination = examine(build(), "x.xls", MINISTRY, today=TODAY)
    assert examination.verdict == "refused"
    assert examination.is_personal


def _author(name: str) -> bytes:
    raw = name.encode("cp1256") + b"\x00"
    value = struct.pack("<II", 0x1E, len(raw)) + raw
    page = struct.pack("<II", 2, 1256)
    section = struct.pack("<IIIIII", 24 + len(page) + len(value), 2, 1, 24, 4, 24 + len(page)) + page + value
    return struct.pack("<HHI16sI16sI", 0xFFFE, 0, 0, bytes(16), 1, bytes(16), 48) + section


def test_a_formula_is_read_by_its_result_and_marked_where_it_awaits_calculation():
    found = read_workbook(book(formula(3, 1, 3.0) + formula(4, 1, 0.0, flags=3)), "x.xls")
    assert [values[1] for values in found.sheets[0].rows] == ["عدد", 5, 6, 3, UNCALCULATED]
    assert [(one.kind, one.cell) for one in found.findings] == [("formula_read_as_value", "B4")]


def test_days_counted_from_1904_are_the_same_days():
    grid = cells(cases(case(1, date=45503 - 1462)))
    data = compound([("Workbook", stream({"القضايا": grid}, before=record(0x0022, b"\x01\x00")))])
    [table] = examine(data, "x.xls", MINISTRY, today=TODAY).tables
    assert table.columns["reported_date"] == [datetime.date(2024, 7, 30)]


def test_hidden_rows_and_columns_that_hold_nothing_are_no_matter():
    found = read_workbook(book(row(900, flags=0x20) + column(5, 255, flags=1)), "x.xls")
    assert (found.sheets[0].rows, found.findings) == (GRID, [])


def test_a_shared_string_that_goes_on_in_the_next_record_is_one_string():
    letters = "أرقام أولية"
    head = struct.pack("<II", 1, 1) + struct.pack("<HB", len(letters), 1)
    before = record(0x00FC, head + letters[:4].encode("utf-16-le"))
    before += record(0x003C, b"\x01" + letters[4:].encode("utf-16-le"))
    found = read_workbook(book(before=before), "x.xls")
    assert letters in {one.text for one in found.beside}


@pytest.mark.needs_calc
@pytest.mark.parametrize("hidden", ["row", "column", "sheet", ""])
def test_what_an_office_program_hides_is_found(hidden: str, tmp_path: Path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for values in GRID:
        sheet.append(values)
    sheet["A2"].comment = Comment("أرقام أولية", "")
    sheet["D1"] = "=B2+1"
    if hidden == "row":
        sheet.row_dimensions[2].hidden = True
    elif hidden == "column":
        sheet.column_dimensions["B"].hidden = True
    elif hidden == "sheet":
        workbook.create_sheet("ص").sheet_state = "hidden"
    path = tmp_path / "book.xlsx"
    workbook.save(path)
    found = read_workbook(workbooks.saved_by_office(path, tmp_path, "xls"), "x.xls")
    expected = [f"hidden_{hidden}"] if hidden else ["formula_read_as_value", "comment_present"]
    assert [one.kind for one in found.findings] == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5500), st.integers(0, 255)), min_size=1, max_size=6))
def test_no_changed_byte_makes_it_fail_or_lose_a_row_without_a_word(changes: list[tuple[int, int]]):
    data = bytearray(xls({"القضايا": cases(case(1), case(2))}))
    for place, value in changes:
        data[place % len(data)] = value
    examination = examine(bytes(data), "x.xls", MINISTRY, today=datetime.date(2026, 1, 1))
    assert examination.rows_in == examination.rows_landed + examination.rows_quarantined
    assert examination.verdict == "accepted" or examination.findings
