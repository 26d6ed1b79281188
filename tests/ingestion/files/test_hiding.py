"""What a workbook hides is refused at its place, unreadable letters are flagged, texts outside the cells are read."""

from __future__ import annotations

import pytest
from ingestion.privacy.personal_data import inspect

from ingestion.files.guard import guard
from ingestion.files.reader import read_workbook
from tests.ingestion import hiding

WORDS = "كلمة لا اسم"


@pytest.mark.parametrize("case", hiding.HIDDEN)
def test_what_a_device_hides_refuses_the_file(case: str):
    build, kind = hiding.HIDDEN[case]
    read = read_workbook(build(), "x.xlsx")
    assert [(finding.severity, finding.kind) for finding in read.findings] == [("refuse", kind)]
    assert not read.sheets


@pytest.mark.parametrize(
    ("case", "cell"),
    [
        ("row of one point", "A4"),
        ("column of a hair", "E3"),
        ("text of a format of nothing", "E4"),
        ("value under a merged cell", "E4"),
    ],
)
def test_a_refusal_names_the_first_cell_that_is_hidden(case: str, cell: str):
    assert read_workbook(hiding.HIDDEN[case][0](), "x.xlsx").findings[0].cell == cell


@pytest.mark.parametrize("case", hiding.UNREADABLE)
def test_letters_that_no_eye_reads_are_flagged_and_taken(case: str):
    read = read_workbook(hiding.UNREADABLE[case](), "x.xlsx")
    assert [(one.severity, one.kind, one.cell) for one in read.findings] == [("flag", "unreadable_letters", "E4")]
    assert read.sheets[0].rows[3][4] == "ذكر"


@pytest.mark.parametrize("case", hiding.SHOWN)
def test_what_only_looks_like_hiding_passes(case: str):
    read = read_workbook(hiding.SHOWN[case](), "x.xlsx")
    assert not read.findings
    assert read.sheets


@pytest.mark.parametrize("place", hiding.PLACES)
def test_a_text_outside_the_cells_is_read_for_privacy(place: str):
    harmless = read_workbook(hiding.PLACES[place](WORDS), "x.xlsx")
    assert harmless.sheets
    assert any(WORDS in beside.text for beside in harmless.beside)
    assert not inspect(harmless)
    personal = read_workbook(hiding.PLACES[place]("هاتفها 07701234567"), "x.xlsx")
    assert {finding.kind for finding in inspect(personal)} == {"phone_number"}


@pytest.mark.parametrize("place", hiding.AUTHORS)
def test_the_name_of_a_machine_or_an_office_is_no_author(place: str):
    assert not inspect(read_workbook(hiding.AUTHORS[place]("قسم الإحصاء"), "x.xlsx"))


def test_where_something_stands_is_no_text():
    data = hiding.behind_cells('<dataValidations><dataValidation sqref="AA2:AA1048576"/></dataValidations>')
    assert not inspect(read_workbook(data, "x.xlsx"))
    newer = (
        "<extLst><ext><x14:dataValidation><xm:sqref>AD3:AD502 AK3:AK502</xm:sqref></x14:dataValidation></ext></extLst>"
    )
    assert not inspect(read_workbook(hiding.behind_cells(newer), "x.xlsx"))
    rule = "<cfRule><formula>AA1048576&gt;AB1048575</formula></cfRule>"
    assert not inspect(read_workbook(hiding.behind_cells(rule), "x.xlsx"))


def test_more_cells_under_merged_blocks_than_a_sheet_may_have_are_not_walked():
    blocks = b'<mergeCell ref="A1:G5"/>' * 200_000
    data = hiding.in_part(hiding.SHEET, b'<mergeCell ref="A1:G1"/>', blocks)
    assert guard(data).form == "xlsx"
    assert read_workbook(data, "x.xlsx").findings[0].kind == "unreadable"


def test_texts_of_a_sheet_without_cells_are_read_too():
    empty = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/>'
    footer = "<headerFooter><oddFooter>&amp;Lهاتف 07701234567</oddFooter></headerFooter></worksheet>".encode()
    data = hiding.workbook(lambda book, _: book.add_worksheet("x"))
    changed = hiding.rezip(data, change={"xl/worksheets/sheet2.xml": lambda _: empty + footer})
    assert [finding.kind for finding in inspect(read_workbook(changed, "x.xlsx"))] == ["phone_number"]


def test_a_million_empty_rows_are_not_held():
    rows = b"".join(b'<row r="%d" spans="1:7"/>' % row for row in range(6, 800_000))
    data = hiding.in_part(hiding.SHEET, b"</sheetData>", rows + b"</sheetData>")
    guarded = guard(data)
    assert guarded.form == "xlsx"
    assert len(guarded.beside) == len(guard(hiding.workbook()).beside)


def test_what_stands_behind_the_cells_is_bounded():
    behind = b"".join(b'<row a="%d"/>' % number for number in range(1_000_000))
    data = hiding.in_part(hiding.SHEET, b"</sheetData>", b"</sheetData>" + behind)
    assert guard(data).findings[0].kind == "unreadable"
