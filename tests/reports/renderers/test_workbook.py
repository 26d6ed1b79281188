"""The workbook: read back, it holds the tables, figures, marks and notes of the edition, and nothing else."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.cell import range_boundaries
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from expectations.cards.cells import DIMENSIONS
from languages import dates
from languages.words import Words, languages
from reports.chapters import build_edition
from reports.editions.edition import Chapter, Edition, Paragraph, RowGroup, TableBlock, TableColumn, TableRow
from reports.editions.printed_parts import PrintedFigure
from reports.editors.editorial_inputs import EditorialInputs
from reports.phrases import wording
from reports.released.released_tables import ReleasedTable
from reports.released.report_model import Report
from reports.renderers import workbook
from reports.renderers.xlsx_tables import LONGEST_NAME, cell_text, content, plain_text, tables_in_place
from tests.ingestion import workbooks
from tests.reports.invented_editions import invented

SHEET = {"en": "PRT-01 Sex", "ar": "PRT-01 الجنس"}
HOSTILE = '=HYPERLINK("http://x","y")'


def read(edition: Edition) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook.render(edition)))


def tables(edition: Edition) -> Iterator[TableBlock]:
    return (block for section in edition.walk() for block in section.blocks if isinstance(block, TableBlock))


def lines(sheet: Worksheet) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def body(sheet: Worksheet) -> list[tuple[Any, ...]]:
    """The cells of the one marked-up table of a sheet."""
    [table] = sheet.tables.values()
    left, top, right, bottom = range_boundaries(table.ref)
    return list(sheet.iter_rows(top, bottom, left, right))


def marked_up(sheet: Worksheet) -> list[tuple[Any, ...]]:
    """The rows of the one marked-up table of a sheet, its heading first."""
    return [tuple(cell.value for cell in row) for row in body(sheet)]


def with_tables(edition: Edition, *found: TableBlock) -> Edition:
    """The edition with these tables alone."""
    return edition.model_copy(update={"chapters": (Chapter(id="all", title="All", code="PRT-01", blocks=found),)})


def table(name: str, *rows: TableRow, columns: tuple[str, ...] = ("2024",), **changes: object) -> TableBlock:
    block = TableBlock(
        id=name,
        caption="Caption",
        unit="victims",
        row_heading="Sex",
        columns=tuple(TableColumn(text=text, code=text) for text in columns),
        groups=(RowGroup(heading="", rows=rows),),
    )
    return block.model_copy(update=changes)


def one(figure: PrintedFigure, label: str = "Female") -> TableRow:
    return TableRow(label=label, cells=(figure,))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_sheets_are_cover_contents_notes_and_one_for_each_table_in_the_order_of_reading(language: str):
    edition = invented(language)
    names = read(edition).sheetnames
    labels = edition.labels
    assert names == [labels["sheet_cover"], labels["contents"], labels["notes"], labels["sheet_all"], SHEET[language]]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_table_read_back_has_the_figures_as_numbers_and_the_marks_where_there_is_none(language: str):
    edition = invented(language)
    [block] = tables(edition)
    found = marked_up(read(edition)[SHEET[language]])
    assert [line[1:4] for line in found[1:]] == [(1240, 130, 145), (40, "[c]", "[low]"), (1280, "[x]", 150)]
    assert [line[4] for line in found[1:]] == ["[p]", "[low]", None]
    assert [line[0] for line in found[1:]] == [row.label for row in block.groups[0].rows]
    assert found[0][:4] == (block.row_heading, *(column.text for column in block.columns))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_title_unit_marks_notes_and_source_stand_above_the_table_without_an_empty_row(language: str):
    edition = invented(language)
    [block] = tables(edition)
    sheet = read(edition)[SHEET[language]]
    first = [plain_text(str(line[0])) for line in lines(sheet)]
    assert first[0] == block.caption
    assert block.unit in first[1]
    assert f"[c] {'withheld' if language == 'en' else 'محجوب'}" in first[2]
    assert {*block.notes} <= set(first)
    assert any(edition.publisher in text for text in first[:8])
    assert "None" not in first


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_cell_is_merged_what_is_empty_is_blank_and_every_sheet_runs_as_its_language_does(language: str):
    edition = invented(language)
    for sheet in read(edition):
        assert not sheet.merged_cells.ranges
        assert bool(sheet.sheet_view.rightToLeft) == (language == "ar")
        assert sheet.print_options is not None
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert int(sheet.page_setup.paperSize or 0) == 9
        if sheet.tables:
            assert "" not in [value for line in marked_up(sheet) for value in line]
            assert not any(cell.value is None for cell in sheet["A"])


def test_the_contents_list_every_table_by_its_id_and_lead_to_its_sheet():
    edition = invented()
    book = read(edition)
    contents = book[edition.labels["contents"]]
    assert [line[-1] for line in marked_up(contents)[1:]] == [block.id for block in tables(edition)]
    assert contents["A5"].hyperlink.location == "'PRT-01 Sex'!A1"
    [name] = book[SHEET["en"]].tables
    assert name == "table_four_ps_national_prt_01_sex"


def test_the_notes_explain_every_mark_first_and_hold_terms_and_definitions():
    edition = invented()
    found = marked_up(read(edition)[edition.labels["notes"]])[1:]
    assert found[0][1:] == ("[c]", "withheld to protect persons")
    assert ("Presumed victims", "Notes", "Persons that a body presumed to be victims.") in found
    assert ("How to read", "Version", "2-0123456789ab") in found


def test_what_stands_above_stays_in_sight_and_the_heading_is_printed_on_every_page():
    sheet = read(invented())[SHEET["en"]]
    [found] = sheet.tables.values()
    head = int(re.findall(r"\d+", found.ref)[0])
    assert sheet.freeze_panes == f"B{head + 1}"
    assert sheet.print_title_rows == f"${head}:${head}"


def test_measures_are_a_column_and_shares_are_shown_as_percentages():
    share = PrintedFigure(text="35%", value=0.347, is_share=True)
    rate = PrintedFigure(text="1.25", value=1.25, decimals=2)
    groups = (
        RowGroup(heading="Share of children", rows=(one(share),)),
        RowGroup(heading="Rate per 100,000", rows=(one(rate),)),
    )
    edition = with_tables(invented(), table("a", groups=groups))
    sheet = read(edition)[SHEET["en"]]
    found = marked_up(sheet)
    assert found[1:] == [("Share of children", "Female", 0.347), ("Rate per 100,000", "Female", 1.25)]
    assert [row[2].number_format for row in body(sheet)[1:]] == ["0%", "#,##0.00"]


def test_a_figure_that_is_not_printed_is_not_written():
    low = PrintedFigure(mark="low", sign="[low]", value=0.0)
    hidden = PrintedFigure(mark="c", sign="[c]")
    words = PrintedFigure(text="falling", is_text=True)
    rows = (one(low, "a"), one(hidden, "b"), one(words, "c"))
    found = marked_up(read(with_tables(invented(), table("a", *rows)))[SHEET["en"]])
    assert found[1:] == [("a", "[low]"), ("b", "[c]"), ("c", "falling")]


def test_one_sheet_holds_every_figure_with_years_and_intervals_as_numbers():
    share = PrintedFigure(text="35%", value=0.347, is_share=True, lower=0.31, upper=0.39)
    edition = with_tables(
        invented(), table("now", one(share), one(PrintedFigure(mark="c", sign="[c]"), "Male"), earlier="2023")
    )
    sheet = read(edition)["All figures"]
    head, *found = marked_up(sheet)
    assert head[7:] == ("Figure", "Interval from", "Interval to", "Mark")
    assert found == [
        ("now", "Caption", "victims", 2023, None, "Female", 2024, 0.347, 0.31, 0.39, None),
        ("now", "Caption", "victims", 2023, None, "Male", 2024, "[c]", None, None, "[c]"),
    ]
    assert [cell.number_format for cell in body(sheet)[1][7:10]] == ["0%", "0%", "0%"]


def test_of_too_many_tables_the_earlier_years_are_in_the_sheet_of_all_figures_alone(monkeypatch: pytest.MonkeyPatch):
    figure = PrintedFigure(text="1,240", value=1240.0, mark="p", sign="[p]")
    found = [
        table("now", one(figure)),
        table("then", one(figure), one(PrintedFigure(mark="c", sign="[c]")), earlier="2023"),
    ]
    edition = with_tables(invented(), *found, table("before", one(figure), earlier="2022"))
    own = ["PRT-01 Sex", "PRT-01 Sex 2023", "PRT-01 Sex 2022"]
    front = [edition.labels[name] for name in ("sheet_cover", "contents", "notes", "sheet_all")]
    assert read(edition).sheetnames == [*front, *own]
    monkeypatch.setattr(workbook, "MOST_SHEETS", 6)
    book = read(edition)
    assert book.sheetnames == [*front, *own[:1]]
    places = [book["Contents"][f"A{row}"].hyperlink.location for row in (5, 6, 7)]
    assert places == ["'PRT-01 Sex'!A1", "'All figures'!A6", "'All figures'!A8"]
    assert [book["All figures"][cell].value for cell in ("A5", "A6", "A8")] == ["now", "then", "before"]
    assert book["Contents"]["A3"].hyperlink.location == "'All figures'!A1"


def test_hostile_texts_are_texts():
    nasty = table(
        "=1+1/[x]:a" * 20,
        one(PrintedFigure(text=HOSTILE, is_text=True), HOSTILE),
        one(PrintedFigure(text="5", value=5.0), "\x07bell _x0041_\n<b>"),
        columns=(HOSTILE,),
        caption="+1 " + "long " * 9000,
        row_heading="",
        notes=("@SUM(A1)", "-2", "\u2066isolated\u2069"),
    )
    twice = nasty.model_copy(
        update={"id": "=1+1/[x]:a" * 20 + "b", "columns": (TableColumn(text=nasty.row_heading, code=""),)}
    )
    edition = with_tables(invented(), nasty, twice)
    edition = edition.model_copy(
        update={"title": "\u2066=A1\u2069 & 'x'", "labels": edition.labels | {"sheet_cover": "'History:*?/[]\\" * 4}}
    )
    edition = edition.model_copy(
        update={"chapters": (edition.chapters[0].model_copy(update={"code": "'[PRT]:01" * 9}),)}
    )
    data = workbook.render(edition)
    book = openpyxl.load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if isinstance(cell.value, str) and re.search("[\u2066-\u2069]", cell.value)]
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in book.sheetnames)
    assert len({name.lower() for name in book.sheetnames}) == len(book.sheetnames)
    assert book.properties.title == "=A1 & 'x'"
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]
        assert not [name for name in parts.namelist() if b'TargetMode="External"' in parts.read(name)]


def test_a_table_without_rows_has_its_heading_alone():
    groups = (RowGroup(heading="Number", rows=()),)
    sheet = read(with_tables(invented(), table("a", groups=groups)))[SHEET["en"]]
    assert not sheet.tables


def test_in_a_line_from_right_to_left_codes_keep_their_order():
    held = cell_text("الإصدار \u20682-01ab\u2069، \u2068النساء\u2069 [محجوب]")
    assert held == "الإصدار \u200e2-01ab\u200e، النساء [محجوب]"
    assert cell_text("version \u20682-01ab\u2069 [c]") == "version 2-01ab [c]"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_file_names_its_language_title_and_day_and_is_the_same_twice(language: str):
    edition = invented(language)
    data = workbook.render(edition)
    assert data == workbook.render(edition)
    properties = openpyxl.load_workbook(io.BytesIO(data)).properties
    assert (properties.language, properties.title) == (language, edition.title)
    assert properties.created.date().isoformat() == edition.date


def test_a_paragraph_of_an_editor_is_not_in_the_notes():
    chapter = Chapter(
        id="a", title="A", blocks=(Paragraph(text="An opinion.", tone="prose"), Paragraph(text="A rule."))
    )
    edition = invented().model_copy(update={"chapters": (chapter,)})
    found = [line[-1] for line in lines(read(edition)["Notes"])]
    assert "A rule." in found
    assert "An opinion." not in found


@pytest.mark.needs_calc
def test_an_office_program_opens_it_reckons_anew_and_its_ods_has_the_same_cells(tmp_path: Path):
    """An .ods is read here after a second way through the office program."""
    path = tmp_path / "tables.xlsx"
    path.write_bytes(workbook.render(invented("ar")))
    for folder, form in (("first", "ods"), ("second", "xlsx")):
        (tmp_path / folder).mkdir()
        workbooks.saved_by_office(path, tmp_path / folder, form)
        path = tmp_path / folder / f"tables.{form}"
    before, after = openpyxl.load_workbook(tmp_path / "tables.xlsx"), openpyxl.load_workbook(path)
    assert after.sheetnames == before.sheetnames
    for sheet in before:
        own = _filled(sheet)
        assert _filled(after[sheet.title])[: len(own)] == own
        assert after[sheet.title].sheet_view.rightToLeft


def _filled(sheet: Worksheet) -> list[list[Any]]:
    return [[value for value in line if value is not None] for line in lines(sheet)]


@pytest.mark.parametrize("tag", languages())
def test_every_table_has_a_sheet_with_a_whole_name(report: Report, tag: str):
    told = build_edition.edition(report, Words.load(tag), EditorialInputs(code="0"))
    placed = list(tables_in_place(told))
    assert all(one.table.sheet for one in placed)
    assert max(len(one.sheet_name) for one in placed) <= LONGEST_NAME
    names = [one.sheet_name for one in placed]
    assert len(set(names)) == len(names)
    assert set(read(told).sheetnames[4:]) <= set(names)  # none is cut or numbered


@pytest.mark.parametrize("tag", languages())
def test_the_longest_name_of_an_indicators_sheet_fits(tag: str):
    words = Words.load(tag)
    single = [(one,) for one in DIMENSIONS]
    asked = [(one, place, "") for one in (*single, ("sex", "age"), ("age", "form")) for place in ("IQ-KR", "IQ")]
    for dimensions, place, year in (*asked, *((one, "", "2024") for one in single)):
        table = ReleasedTable("", "PRT-01", dimensions, place, year, (), ())
        earlier = dates.year(words, year) if year else ""
        assert len(plain_text(f"PRT-01 {wording.sheet(table, words)} {earlier}".strip())) <= LONGEST_NAME


def test_a_sheet_without_a_code_or_name_is_named_by_its_chapter_and_no_name_breaks_off_within_a_word():
    edition = invented()
    section = edition.chapters[1].chapters[0]
    long = "Shelter is an unconditional right of every victim, men and minors included"
    named = edition.model_copy(update={"chapters": (section.model_copy(update={"code": "", "title": long}),)})
    assert read(named).sheetnames[-1] == "Shelter is an unconditional"
    endless = "x" * 40
    named = edition.model_copy(update={"chapters": (section.model_copy(update={"code": "", "title": endless}),)})
    assert read(named).sheetnames[-1] == "x" * 31


@pytest.mark.parametrize(
    ("text", "written"),
    [("2025", 2025), ("٢٠٢٥", 2025), ("\u20662025\u2069", 2025), ("3025", "3025"), ("202", "202"), ("20255", "20255"),
     ("2024–2025", "2024–2025"), ("in 2025", "in 2025")],
)  # fmt: skip
def test_a_year_in_a_cell_is_a_number_and_other_words_stay_words(text: str, written: object):
    cell = content(PrintedFigure(text=text, is_text=True))
    assert (cell.value if isinstance(cell, PrintedFigure) else cell) == written
