"""The marked copy: findings in place, nothing repeated, and a file mended from its marks is received."""

from __future__ import annotations

import datetime
import io
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook import Workbook

from ingestion.cards.source_card import FOLDER, load_source, source_names
from ingestion.entry.file_check import examine
from ingestion.files.guard import guard
from ingestion.files.reader import read_workbook
from ingestion.files.template_sheets import HOUSE_AUTHOR, stamp_of
from ingestion.findings import Finding
from ingestion.forms.marking import COLOURS, mark
from ingestion.home import Home
from ingestion.submissions import landing
from ingestion.tables.table_finder import find_tables
from languages.refusal import Refusal
from languages.words import Words
from tests.ingestion import hostile, workbooks

TODAY = datetime.date(2026, 11, 1)
MINISTRY = "iraq_interior_ministry"
SAMPLE = FOLDER / "sources" / MINISTRY / "sample.xlsx"


def bytes_of(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def dirtied(source: str) -> tuple[bytes, Mapping[tuple[str, str], object]]:
    """The source's sample with the period of the first row of each table spoilt, and what stood there.

    Of a table whose year stands in its title, the first figure is spoilt.
    """
    data = (FOLDER / "sources" / source / "sample.xlsx").read_bytes()
    tables, _ = find_tables(read_workbook(data, "sample.xlsx"), load_source(source))
    book = openpyxl.load_workbook(io.BytesIO(data))
    stood: dict[tuple[str, str], object] = {}
    for table in tables:
        periods = (place for place, name in table.columns.items() if name == table.card.period_field)
        column = next(periods, min(table.cells, default=0))
        cell = book[table.sheet.name].cell(table.data_rows[0] + 1, column + 1)
        stood[table.sheet.name, cell.coordinate] = cell.value
        cell.value = "قريبا"
    return bytes_of(book), stood


def marked(data: bytes, folder: Path, *, source: str = MINISTRY, tag: str = "ar", name: str = "marked.xlsx") -> Path:
    examination = examine(data, "sent.xlsx", source, today=TODAY)
    mark(folder / "sent.xlsx", data, examination.findings, "verdict", folder / name, Words.load(tag))
    return folder / name


def comments_of(book: Workbook) -> dict[tuple[str, str], Comment]:
    cells = ((sheet.title, cell) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row)
    return {(title, cell.coordinate): cell.comment for title, cell in cells if cell.comment}


@pytest.mark.parametrize("source", source_names())
@pytest.mark.parametrize("marks", ["left", "deleted"])
def test_a_file_that_is_checked_marked_and_mended_from_its_marks_is_received(source: str, marks: str, tmp_path: Path):
    data, stood = dirtied(source)
    book = openpyxl.load_workbook(marked(data, tmp_path, source=source))
    found = comments_of(book)
    assert set(found) == set(stood)
    for (title, place), comment in found.items():
        assert comment.author == HOUSE_AUTHOR
        book[title][place].value = stood[title, place]
        if marks == "deleted":
            book[title][place].comment = None
    if marks == "deleted":
        book.remove(book.worksheets[0])
    mended = tmp_path / "mended.xlsx"
    book.save(mended)
    receipt = landing.receive(Home.at(tmp_path / "home").open(), source, mended, today=TODAY)
    assert (receipt.verdict, receipt.rows_quarantined, receipt.findings) == ("accepted", 0, ())
    whole = examine((FOLDER / "sources" / source / "sample.xlsx").read_bytes(), "x.xlsx", source, today=TODAY)
    assert receipt.rows_landed == whole.rows_landed


def test_the_sheet_in_front_lists_all_findings_with_links_from_right_to_left(tmp_path: Path):
    data, stood = dirtied(MINISTRY)
    book = openpyxl.load_workbook(marked(data, tmp_path))
    first = book.worksheets[0]
    assert stamp_of(first["A1"].value) is not None
    assert {(row[1].value, row[2].value) for row in first.iter_rows(min_row=6)} == set(stood)
    assert {row[2].hyperlink.location for row in first.iter_rows(min_row=6)} == {
        f"'{sheet}'!{cell}" for sheet, cell in stood
    }
    assert all(sheet.sheet_view.rightToLeft for sheet in book.worksheets)
    assert [bool(sheet.sheet_view.tabSelected) for sheet in book.worksheets[1:]] == [False] * len(book.worksheets[1:])


@pytest.mark.parametrize("severity", COLOURS)
def test_each_severity_has_its_colour_in_the_cell(severity: str, tmp_path: Path):
    finding = Finding(severity, "date_in_future", "الضحايا", "C6", {"column": "x"})
    mark(tmp_path / "a.xlsx", SAMPLE.read_bytes(), [finding], "v", tmp_path / "b.xlsx", Words.load("en"))
    [formats] = openpyxl.load_workbook(tmp_path / "b.xlsx")["الضحايا"].conditional_formatting
    assert (str(formats.sqref), formats.rules[0].dxf.fill.bgColor.rgb) == ("C6", COLOURS[severity])


def test_a_second_marking_takes_the_first_away_and_leaves_what_is_the_senders(tmp_path: Path):
    data, stood = dirtied(MINISTRY)
    book = openpyxl.load_workbook(io.BytesIO(data))
    place = next(cell for sheet, cell in stood if sheet == "الضحايا")
    book["الضحايا"][place].comment = Comment("روجع", "")
    book["الضحايا"].conditional_formatting.add(
        "G6:G9", CellIsRule("greaterThan", ["17"], fill=PatternFill(bgColor="FF00FF00"))
    )
    once = openpyxl.load_workbook(marked(bytes_of(book), tmp_path))
    assert once["الضحايا"][place].comment.text.endswith("روجع")
    for sheet, cell in stood:
        once[sheet][cell].value = stood[sheet, cell]
    twice = openpyxl.load_workbook(marked(bytes_of(once), tmp_path, name="again.xlsx"))
    assert [stamp_of(sheet["A1"].value) is not None for sheet in twice.worksheets].count(True) == 1
    assert {key: comment.text for key, comment in comments_of(twice).items()} == {
        ("الضحايا", place): next(iter(comments_of(twice).values())).text
    }
    assert twice["الضحايا"][place].comment.text.endswith("روجع")
    assert [str(formats.sqref) for formats in twice["الضحايا"].conditional_formatting if "G6" in str(formats.sqref)]


def test_the_copy_of_a_file_with_a_name_in_it_repeats_nothing_and_is_for_its_owner_only(tmp_path: Path):
    data = workbooks.xlsx({"الضحايا": workbooks.victims(workbooks.victim(1, charge="زيد عمرو بكر حسين"))})
    path = marked(data, tmp_path)
    book = openpyxl.load_workbook(path)
    [(key, comment)] = comments_of(book).items()
    assert key == ("الضحايا", "J4")
    told = comment.text + "".join(str(value) for row in book.worksheets[0].values for value in row)
    assert "زيد" not in told
    assert path.stat().st_mode & 0o077 == 0


def test_a_sheet_named_after_a_person_is_marked_by_its_number(tmp_path: Path):
    grid = workbooks.glotip(("IRQ", "Total", 2022, 1), ("IRQ", "زيد عمرو", 2022, 1))
    book = openpyxl.load_workbook(marked(workbooks.xlsx({"أحمد علي حسين": grid}), tmp_path, source="unodc_glotip"))
    assert set(comments_of(book)) == {("أحمد علي حسين", "G5")}
    assert "أحمد" not in "".join(str(value) for row in book.worksheets[0].values for value in row)


def test_a_cell_under_a_merged_one_is_marked_where_it_shows(tmp_path: Path):
    book = openpyxl.load_workbook(SAMPLE)
    book["الضحايا"].merge_cells("D6:D8")
    finding = Finding("flag", "date_in_future", "الضحايا", "D7", {"column": "x"})
    mark(tmp_path / "a.xlsx", bytes_of(book), [finding], "v", tmp_path / "b.xlsx", Words.load("en"))
    assert set(comments_of(openpyxl.load_workbook(tmp_path / "b.xlsx"))) == {("الضحايا", "D6")}


@pytest.mark.parametrize("data", [b"a,b\r\n1,2\r\n", hostile.far_corner(), hostile.encrypted()])
def test_what_the_guard_refuses_is_never_opened(data: bytes, tmp_path: Path):
    with pytest.raises(Refusal, match="mark_unopened"):
        marked(data, tmp_path)
    assert not list(tmp_path.iterdir())


_ONLY_INTAKE_READS = [
    hostile.rezip(SAMPLE.read_bytes(), change={"[Content_Types].xml": lambda _: b""}),
    hostile.in_part("xl/worksheets/sheet1.xml", b' s="', b' s="999', SAMPLE.read_bytes()),
]


@pytest.mark.parametrize("data", _ONLY_INTAKE_READS, ids=["types", "style"])
def test_a_workbook_that_intake_reads_and_openpyxl_cannot_is_not_marked(data: bytes, tmp_path: Path):
    assert guard(data).form == "xlsx"
    with pytest.raises(Refusal, match="mark_unopened"):
        marked(data, tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_copy_never_goes_into_a_home_or_over_the_file(tmp_path: Path):
    home = Home.at(tmp_path / "home").open()
    for output in (home.inbox / "marked.xlsx", SAMPLE, tmp_path / "marked.csv"):
        with pytest.raises(Refusal, match="mark_output"):
            mark(SAMPLE, SAMPLE.read_bytes(), [], "v", output, Words.load("en"))
    assert not list(home.inbox.iterdir())


@pytest.mark.needs_calc
def test_a_marked_file_with_formulas_gets_its_results_back_from_libreoffice(tmp_path: Path):
    data, stood = dirtied(MINISTRY)
    book = openpyxl.load_workbook(io.BytesIO(data))
    for (sheet, cell), value in stood.items():
        book[sheet][cell].value = value
    book["القضايا"]["T1"].value = "=1+1"
    path = marked(bytes_of(book), tmp_path)
    recalculated = workbooks.saved_by_office(path, tmp_path / "office")
    examination = examine(recalculated, "x.xlsx", MINISTRY, today=TODAY)
    assert (examination.verdict, examination.rows_quarantined) == ("accepted", 0)
