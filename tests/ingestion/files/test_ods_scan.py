"""OpenDocument spreadsheets: read like xlsx, by the same rules."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ingestion.cards.source_card import FOLDER, source_names
from ingestion.files.cell_marks import UNCALCULATED
from ingestion.files.reader import read_workbook
from tests.ingestion import workbooks
from tests.ingestion.open_documents import cell, meta, package, row, table, tables
from tests.ingestion.workbooks import case, cases, victim, victims, xlsx

GRID = [["رمز", "عدد"], ["أ", 5], ["ب", 6]]
ROWS = "".join(map(row, GRID))
HIDING_ROW = '<style:style style:name="r0" style:family="table-row"><style:table-row-properties style:row-height="0cm"/></style:style>'  # noqa: E501
HIDING_SHEET = (
    '<style:style style:name="t0" style:family="table"><style:table-properties table:display="false"/></style:style>'
)
NOTE = "<office:annotation><dc:creator>قسم</dc:creator><text:p>أرقام أولية</text:p></office:annotation>"
FRAME = "<draw:frame><draw:image xlink:href='Pictures/x.png'><text:p/></draw:image></draw:frame>"
BOX = "<draw:frame><draw:text-box><text:p>نص</text:p></draw:text-box></draw:frame>"
PIVOT = "<table:data-pilot-tables><table:data-pilot-table/></table:data-pilot-tables>"
DDE = f"<table:dde-links><table:dde-link><table:table>{ROWS}</table:table></table:dde-link></table:dde-links>"
CHANGES = (
    "<table:tracked-changes><table:cell-content-change table:id='c'><table:previous><table:change-track-table-cell "
    "office:value-type='string'><text:p>قديم</text:p></table:change-track-table-cell></table:previous>"
    "</table:cell-content-change></table:tracked-changes>"
)


def test_a_file_is_read_like_the_same_workbook():
    sheets = {"القضايا": cases(case(1), case(2, date=datetime.date(2024, 5, 7))), "الضحايا": victims(victim(1))}
    here, there = read_workbook(package(tables(sheets)), "x.ods"), read_workbook(xlsx(sheets), "x.xlsx")
    assert (here.sheets, here.findings) == (there.sheets, [])


@pytest.mark.needs_calc
@pytest.mark.parametrize("source", source_names())
def test_what_libreoffice_saves_as_ods_is_read_like_the_workbook_itself(source: str, tmp_path: Path):
    path = FOLDER / "sources" / source / "sample.xlsx"
    here = read_workbook(workbooks.saved_by_office(path, tmp_path, "ods"), "x.ods")
    assert [sheet.rows for sheet in here.sheets] == [
        sheet.rows for sheet in read_workbook(path.read_bytes(), "x.xlsx").sheets
    ]


HIDDEN = {
    "collapsed": row(["ب", 6], 'table:visibility="collapse"'),
    "filtered": row(["ب", 6], 'table:visibility="filter"'),
    "without height": row(["ب", 6], 'table:style-name="r0"'),
    "in a closed group": f'<table:table-row-group table:display="false">{row(["ب", 6])}</table:table-row-group>',
}


@pytest.mark.parametrize("case", HIDDEN)
def test_a_hidden_row_is_read_and_told(case: str):
    rows = "".join(map(row, GRID[:2])) + HIDDEN[case]
    [sheet] = read_workbook(package(table("س", rows), styles=HIDING_ROW), "x.ods").sheets
    assert (sheet.rows, sheet.hidden_rows) == (GRID, {3})


def test_a_hidden_row_that_holds_nothing_is_no_matter():
    body = table("س", ROWS + row([None, None], 'table:visibility="collapse" table:number-rows-repeated="1000000"'))
    [sheet] = read_workbook(package(body), "x.ods").sheets
    assert (sheet.rows, sheet.hidden_rows) == (GRID, frozenset())


def test_a_hidden_sheet_is_a_sheet_in_its_place():
    body = table("س", ROWS) + table("ص", ROWS, extra='table:style-name="t0"')
    sheets = read_workbook(package(body, styles=HIDING_SHEET), "x.ods").sheets
    assert [(sheet.name, sheet.rows, sheet.is_hidden) for sheet in sheets] == [("س", GRID, False), ("ص", GRID, True)]


def _beside(**options: object) -> bytes:
    return package(table("س", ROWS), **options)  # pyright: ignore[reportArgumentType]


BESIDE = {
    "a picture in a cell": lambda: package(table("س", ROWS.replace("<text:p>أ", f"{FRAME}<text:p>أ"))),
    "a text box in a cell": lambda: package(table("س", ROWS.replace("<text:p>أ", f"{BOX}<text:p>أ"))),
    "a remark on a text": lambda: package(table("س", ROWS.replace("<text:p>أ", f"{NOTE}<text:p>أ"))),
    "a remark on a number": lambda: package(table("س", ROWS.replace("<text:p>5", f"{NOTE}<text:p>5"))),
    "shapes": lambda: package(table("س", f"<table:shapes>{FRAME}{BOX}</table:shapes>{ROWS}")),
    "a control": lambda: package(table("س", f"<office:forms><form:form/></office:forms>{ROWS}")),
    "tracked changes": lambda: package(CHANGES + table("س", ROWS)),
    "a pivot table": lambda: package(table("س", ROWS) + PIVOT),
    "another file": lambda: package(table("س", f"<table:table-source xlink:href='file:///x.ods'/>{ROWS}")),
    "another program": lambda: package(table("س", ROWS) + DDE),
    "a hidden column": lambda: package(
        table("س", ROWS, columns='<table:table-column/><table:table-column table:visibility="collapse"/>')
    ),
    "a remark of the XML": lambda: package(table("س", f"<!-- x -->{ROWS}")),
    "a script": lambda: _beside(before="<office:scripts><office:script script:language='x'/></office:scripts>"),
    "macros": lambda: _beside(parts={"Basic/Standard/Module1.xml": "<x/>"}),
    "an object": lambda: _beside(parts={"Object 1/content.xml": "<x/>"}),
    "pictures": lambda: _beside(parts={"Pictures/1.png": "x"}),
    "versions": lambda: _beside(parts={"Versions/Version1": "x"}),
    "a part of any name": lambda: _beside(parts={"anything.bin": "x"}),
    "properties": lambda: _beside(parts={"meta.xml": meta("قسم الإحصاء")}),
}


@pytest.mark.parametrize("case", BESIDE)
def test_the_rows_of_a_file_that_holds_more_than_cells_are_read(case: str):
    read = read_workbook(BESIDE[case](), "x.ods")
    assert ([sheet.rows for sheet in read.sheets], read.findings) == ([GRID], [])


REFUSED = {
    "table in a cell": (
        lambda: package(table("س", f"<table:table-row>{cell('ج', inside=table('ص', ROWS))}</table:table-row>")),
        "unreadable",
    ),
    "far corner": (
        lambda: package(table("س", ROWS + row(["ج"], 'table:number-rows-repeated="1000000"') + row(["x"] * 9))),
        "far_corner",
    ),
    "repeated nonsense": (
        lambda: package(table("س", ROWS + row(["ج"], 'table:number-rows-repeated="-1"'))),
        "unreadable",
    ),
    "no sheet": (lambda: package(""), "unreadable"),
    "blank": (lambda: package(table("س", row([None, None]))), "empty_file"),
    "encrypted": (lambda: _beside(manifest="<manifest:encryption-data/>"), "encrypted"),
    "document type": (lambda: _beside(before='<!DOCTYPE x [<!ENTITY y "z">]>'), "xml_dtd"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_file_is_refused(case: str):
    build, kind = REFUSED[case]
    read = read_workbook(build(), "x.ods")
    assert ([finding.kind for finding in read.findings], read.sheets) == ([kind], [])


def test_merged_cells_and_repeated_cells_stand_where_a_program_shows_them():
    title = cell("عنوان", 'table:number-columns-spanned="2" table:number-rows-spanned="1"')
    rows = f"<table:table-row>{title}<table:covered-table-cell/></table:table-row>"
    rows += (
        f"<table:table-row>{cell('أ', 'table:number-columns-repeated=' + chr(34) + '2' + chr(34))}</table:table-row>"
    )
    found = read_workbook(package(table("س", rows)), "x.ods")
    assert found.sheets[0].rows == [["عنوان", None], ["أ", "أ"]]
    assert found.sheets[0].merged == [(1, 1, 1, 2)]


def test_a_formula_is_read_by_its_result_and_marked_without_one():
    formula = 'table:formula="of:=1+2"'
    rows = f"{ROWS}<table:table-row>{cell('ج')}{cell(3, formula)}</table:table-row>"
    rows += f"<table:table-row>{cell('د')}{cell(None, formula)}</table:table-row>"
    found = read_workbook(package(table("س", rows)), "x.ods")
    assert [values[1] for values in found.sheets[0].rows] == ["عدد", 5, 6, 3, UNCALCULATED]
    assert [(one.kind, one.cell) for one in found.findings] == [("formula_read_as_value", "B4")]


def test_a_calendar_from_1904_is_told():
    settings = (
        "<table:calculation-settings><table:null-date table:date-value='1904-01-01'/></table:calculation-settings>"
    )
    assert read_workbook(package(settings + table("س", ROWS)), "x.ods").from_1904
    assert not read_workbook(package(table("س", ROWS)), "x.ods").from_1904
