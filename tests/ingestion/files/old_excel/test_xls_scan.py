"""Old Excel workbooks: read like xlsx, by the same rules."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from ingestion.cards.source_card import FOLDER, source_names
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
from tests.ingestion.workbooks import case, cases, victim, victims, xlsx

GRID = [["رمز", "عدد"], ["أ", 5], ["ب", 6]]


def book(more: bytes = b"", **options: object) -> bytes:
    return compound([("Workbook", stream({"س": cells(GRID) + more}, **options))])  # pyright: ignore[reportArgumentType]


def test_a_file_is_read_like_the_same_workbook():
    sheets = {"القضايا": cases(case(1), case(2)), "الضحايا": victims(victim(1))}
    here, there = read_workbook(xls(sheets), "x.xls"), read_workbook(xlsx(sheets), "x.xlsx")
    assert (here.sheets, here.findings) == (there.sheets, [])


@pytest.mark.needs_calc
@pytest.mark.parametrize("source", source_names())
def test_what_libreoffice_saves_as_xls_is_read_like_the_workbook_itself(source: str, tmp_path: Path):
    path = FOLDER / "sources" / source / "sample.xlsx"
    here = read_workbook(workbooks.saved_by_office(path, tmp_path, "xls"), "x.xls")
    assert [sheet.rows for sheet in here.sheets] == [
        sheet.rows for sheet in read_workbook(path.read_bytes(), "x.xlsx").sheets
    ]


HIDDEN: dict[str, tuple[Callable[[], bytes], set[int]]] = {
    "by a person": (lambda: book(row(2, flags=0x20)), {3}),
    "by no height": (lambda: book(row(2, height=0)), {3}),
    "by default": (lambda: book(row(0) + record(0x0225, struct.pack("<HH", 2, 300))), {2, 3}),
    "without a cell": (lambda: book(row(900, flags=0x20)), set()),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_a_hidden_row_is_read_and_told(case: str):
    build, rows = HIDDEN[case]
    [sheet] = read_workbook(build(), "x.xls").sheets
    assert (sheet.rows, sheet.hidden_rows) == (GRID, rows)


@pytest.mark.parametrize("state", [0, 1, 2])
def test_a_hidden_sheet_is_a_sheet_in_its_place(state: int):
    data = compound([("Workbook", stream({"س": cells(GRID), "ص": cells(GRID)}, state={"ص": state}))])
    sheets = read_workbook(data, "x.xls").sheets
    assert [(sheet.name, sheet.rows, sheet.is_hidden) for sheet in sheets] == [
        ("س", GRID, False),
        ("ص", GRID, state > 0),
    ]


def _with(*streams: tuple[str, bytes], storages: Sequence[str] = ()) -> bytes:
    return compound([("Workbook", stream({"س": cells(GRID)})), *streams], storages=storages)


def _sheets_without_cells() -> bytes:
    sheets = {"رسم": b"", "س": cells(GRID), "أمر": cells([["x"]])}
    return compound([("Workbook", stream(sheets, kinds={"رسم": 2, "أمر": 1}))])


CHART = record(0x0809, struct.pack("<HHHHII", 0x600, 0x20, 0, 0, 0, 0)) + cell(9, 9, 1) + record(0x000A)
BESIDE: dict[str, Callable[[], bytes]] = {
    "sheets of charts and macros": _sheets_without_cells,
    "a sheet that the workbook does not list": lambda: compound(
        [("Workbook", stream({"س": cells(GRID)}) + CHART.replace(b"\x20", b"\x10", 1))]
    ),
    "a chart on a sheet": lambda: book(drawn(5) + CHART),
    "a picture": lambda: book(drawn(8)),
    "a remark": lambda: book(note(1, 1, "قسم") + record(0x01B6, bytes(18)) + record(0x003C, b"\x00x")),
    "a header of pages": lambda: book(record(0x0014, text("نص"))),
    "a hidden column": lambda: book(column(1, 1, flags=1) + record(0x0055, b"\x00\x00")),
    "a pivot table": lambda: book(record(0x00B0, bytes(20))),
    "another book": lambda: book(before=record(0x01AE, struct.pack("<H", 1) + text("file.xls"))),
    "a query": lambda: book(record(0x01AD, bytes(20))),
    "a scenario": lambda: book(record(0x00AF, bytes(20))),
    "macros by a record": lambda: book(before=record(0x00D3)),
    "macros by a storage": lambda: _with(storages=["_VBA_PROJECT_CUR"]),
    "an embedded object": lambda: _with(storages=["MBD0001"]),
    "a history of changes": lambda: _with(("Revision Log", b"x")),
    "properties": lambda: _with(("\x05SummaryInformation", b"x")),
    "a stream of any name": lambda: _with(("x", b"x")),
    "an older book": lambda: _with(("Book", b"x")),
    "loose bytes": lambda: compound([("Workbook", stream({"س": cells(GRID)}))], loose=b"x"),
    "a deleted text": lambda: book(before=record(0x00FC, struct.pack("<II", 1, 1) + text("محذوف"))),
}


@pytest.mark.parametrize("case", BESIDE)
def test_the_rows_of_a_file_that_holds_more_than_cells_are_read(case: str):
    read = read_workbook(BESIDE[case](), "x.xls")
    assert ([sheet.rows for sheet in read.sheets], read.findings) == ([GRID], [])


@pytest.mark.parametrize("is_first", [True, False])
def test_a_workbook_that_is_embedded_is_never_taken_for_the_file(is_first: bool):
    embedded, own = ("Workbook", stream({"س": cells([["x"]] * 3)})), ("Workbook", stream({"س": cells(GRID)}))
    data = compound([embedded, own] if is_first else [own, embedded], storages=["MBD0001"], inside=0 if is_first else 1)
    read = read_workbook(data, "x.xls")
    assert [sheet.rows for sheet in read.sheets] == ([] if is_first else [GRID])
    assert [finding.kind for finding in read.findings] == (["unreadable"] if is_first else [])


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "encrypted": (lambda: book(before=record(0x002F, bytes(54))), "encrypted"),
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
def test_a_hostile_file_is_refused(case: str):
    build, kind = REFUSED[case]
    read = read_workbook(build(), "x.xls")
    assert ([finding.kind for finding in read.findings], read.sheets) == ([kind], [])


def test_a_formula_is_read_by_its_result_and_marked_where_it_awaits_calculation():
    found = read_workbook(book(formula(3, 1, 3.0) + formula(4, 1, 0.0, flags=3)), "x.xls")
    assert [values[1] for values in found.sheets[0].rows] == ["عدد", 5, 6, 3, UNCALCULATED]
    assert [(one.kind, one.cell) for one in found.findings] == [("formula_read_as_value", "B4")]


def test_a_calendar_from_1904_is_told():
    assert read_workbook(book(before=record(0x0022, b"\x01\x00")), "x.xls").from_1904
    assert not read_workbook(book(before=record(0x0022, b"\x00\x00")), "x.xls").from_1904


def test_a_blank_shared_text_that_goes_on_in_the_next_record_holds_no_row():
    head = struct.pack("<II", 2, 2) + struct.pack("<HB", 6, 1)
    before = record(0x00FC, head + "    ".encode("utf-16-le"))
    before += record(0x003C, b"\x01" + "  ".encode("utf-16-le") + text("ج"))
    shared = [record(0x00FD, struct.pack("<HHHI", number, 0, 0, place)) for number, place in ((3, 0), (4, 1))]
    read = read_workbook(book(b"".join(shared), before=before), "x.xls")
    assert (read.findings, read.sheets[0].rows[3:]) == ([], [["      ", None], ["ج", None]])


@pytest.mark.needs_calc
def test_what_an_office_program_hides_is_found(tmp_path: Path):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for values in GRID:
        sheet.append(values)
    sheet["A2"].comment = Comment("أرقام أولية", "")
    sheet.row_dimensions[2].hidden = True
    workbook.create_sheet("ص").sheet_state = "hidden"
    path = tmp_path / "book.xlsx"
    workbook.save(path)
    read = read_workbook(workbooks.saved_by_office(path, tmp_path, "xls"), "x.xls")
    assert [(sheet.hidden_rows, sheet.is_hidden) for sheet in read.sheets] == [({2}, False), (frozenset(), True)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5500), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_changed_byte_makes_it_fail_never(changes: list[tuple[int, int]]):
    data = bytearray(xls({"القضايا": cases(case(1), case(2))}))
    for place, value in changes:
        data[place % len(data)] = value
    read = read_workbook(bytes(data), "x.xls")
    assert read.sheets or [finding.severity for finding in read.findings] == ["refuse"]
