"""OpenDocument spreadsheets: received like xlsx, by the same rules."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.cards.source_card import source_names
from ingestion.entry.file_check import examine
from ingestion.files.cell_marks import UNCALCULATED
from ingestion.files.reader import read_workbook
from ingestion.submissions import landing
from tests.ingestion import workbooks
from tests.ingestion.open_documents import cell, meta, package, row, table, tables
from tests.ingestion.workbooks import TODAY, case, cases, victim, victims, xlsx

MINISTRY = "iraq_interior_ministry"
GRID = [["رمز", "عدد"], ["أ", 5], ["ب", 6]]
ROWS = "".join(map(row, GRID))
HIDING_COLUMN = '<style:style style:name="c0" style:family="table-column"><style:table-column-properties style:column-width="0in"/></style:style>'  # noqa: E501
HIDING_ROW = '<style:style style:name="r0" style:family="table-row"><style:table-row-properties style:row-height="0cm"/></style:style>'  # noqa: E501
HIDING_SHEET = (
    '<style:style style:name="t0" style:family="table"><style:table-properties table:display="false"/></style:style>'
)
NOTE = "<office:annotation><dc:creator>{}</dc:creator><text:p>{}</text:p></office:annotation>"
FRAME = "<draw:frame><draw:image xlink:href='Pictures/x.png'/></draw:frame>"


def test_a_file_is_received_row_by_row():
    sheets = {"القضايا": cases(case(1), case(2, date=datetime.date(2024, 5, 7))), "الضحايا": victims(victim(1))}
    here = examine(package(tables(sheets)), "export.ods", MINISTRY, today=TODAY)
    there = examine(xlsx(sheets), "export.xlsx", MINISTRY, today=TODAY)
    assert here.verdict == "accepted"
    assert [one.columns for one in here.tables] == [one.columns for one in there.tables]
    assert here.findings == there.findings


@pytest.mark.needs_calc
@pytest.mark.parametrize("source", source_names())
def test_what_libreoffice_saves_as_ods_lands_like_the_workbook_itself(source: str, tmp_path: Path):
    path = Path(landing.source_card.FOLDER) / "sources" / source / "sample.xlsx"
    data = workbooks.saved_by_office(path, tmp_path, "ods")
    here = examine(data, "export.ods", source, today=TODAY)
    there = examine(path.read_bytes(), "export.xlsx", source, today=TODAY)
    assert (here.verdict, here.rows_landed, here.rows_quarantined) == ("accepted", there.rows_landed, 0)
    assert [one.columns for one in here.tables] == [one.columns for one in there.tables]


HIDDEN = {
    "hidden sheet": (table("س", ROWS) + table("ص", ROWS, extra='table:style-name="t0"'), "hidden_sheet"),
    "collapsed row": (table("س", ROWS + row(["ج", 7], 'table:visibility="collapse"')), "hidden_row"),
    "filtered row": (table("س", ROWS + row(["ج", 7], 'table:visibility="filter"')), "hidden_row"),
    "row without height": (table("س", ROWS + row(["ج", 7], 'table:style-name="r0"')), "hidden_row"),
    "row in a closed group": (
        table("س", f'{ROWS}<table:table-row-group table:display="false">{row(["ج", 7])}</table:table-row-group>'),
        "hidden_row",
    ),
    "collapsed column": (
        table("س", ROWS, columns='<table:table-column/><table:table-column table:visibility="collapse"/>'),
        "hidden_column",
    ),
    "column without width": (
        table("س", ROWS, columns='<table:table-column/><table:table-column table:style-name="c0"/>'),
        "hidden_column",
    ),
    "picture": (table("س", ROWS + f"<table:table-row>{cell('ج', inside=FRAME)}</table:table-row>"), "embedded_content"),
    "shapes": (table("س", f"<table:shapes>{FRAME}</table:shapes>{ROWS}"), "embedded_content"),
    "control": (table("س", f"<office:forms><form:form/></office:forms>{ROWS}"), "embedded_content"),
    "tracked changes": (f"<table:tracked-changes/>{table('س', ROWS)}", "change_history"),
    "pivot table": (
        table("س", ROWS) + "<table:data-pilot-tables><table:data-pilot-table/></table:data-pilot-tables>",
        "pivot_cache",
    ),
    "other file": (table("س", f"<table:table-source xlink:href='file:///x.ods'/>{ROWS}"), "external_link"),
    "table in a cell": (
        table("س", f"<table:table-row>{cell('ج', inside=table('ص', ROWS))}</table:table-row>"),
        "unreadable",
    ),
    "far corner": (
        table("س", ROWS + row(["ج"], 'table:number-rows-repeated="1000000"') + row(["x"] * 9)),
        "far_corner",
    ),
    "repeated nonsense": (table("س", ROWS + row(["ج"], 'table:number-rows-repeated="-1"')), "unreadable"),
    "no sheet": ("", "unreadable"),
    "blank": (table("س", row([None, None])), "empty_file"),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_what_hides_or_acts_refuses_the_file(case: str):
    body, kind = HIDDEN[case]
    found = read_workbook(package(body, styles=HIDING_COLUMN + HIDING_ROW + HIDING_SHEET), "x.ods")
    assert ([finding.kind for finding in found.findings], found.sheets) == ([kind], [])


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"before": "<office:scripts><office:script script:language='x'/></office:scripts>"}, "macro"),
        ({"parts": {"Basic/Standard/Module1.xml": "<x/>"}}, "macro"),
        ({"parts": {"Object 1/content.xml": "<x/>"}}, "embedded_content"),
        ({"parts": {"Pictures/1.png": "x"}}, "embedded_content"),
        ({"parts": {"Versions/Version1": "x"}}, "change_history"),
        ({"parts": {"anything.bin": "x"}}, "unknown_part"),
        ({"manifest": "<manifest:encryption-data/>"}, "encrypted"),
        (
            {"styles": '<style:style style:name="x"><style:text-properties text:display="none"/></style:style>'},
            "unknown_part",
        ),
        ({"before": '<!DOCTYPE x [<!ENTITY y "z">]>'}, "xml_dtd"),
    ],
)
def test_parts_that_no_export_needs_refuse_the_file(options: dict[str, object], kind: str):
    found = read_workbook(package(table("س", ROWS), **options), "x.ods")  # pyright: ignore[reportArgumentType]
    assert [finding.kind for finding in found.findings] == [kind]


def test_hidden_rows_and_columns_that_hold_nothing_are_no_matter():
    body = table("س", ROWS + row([None, None], 'table:visibility="collapse" table:number-rows-repeated="1000000"'))
    found = read_workbook(package(body), "x.ods")
    assert found.sheets[0].rows == GRID


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


NAME = "زينب حسين علي الجبوري"


@pytest.mark.parametrize(
    "data",
    [
        lambda: package(tables({"القضايا": cases(case(1))}), parts={"meta.xml": meta(NAME)}),
        lambda: package(table("القضايا", "".join(map(row, cases(case(1)))) + f"<table:table-row>{cell('-', inside=NOTE.format('', NAME))}</table:table-row>")),  # noqa: E501
        lambda: package(table("القضايا", "".join(map(row, cases(case(1)))) + f"<table:table-row>{cell('-', inside=NOTE.format(NAME, 'x'))}</table:table-row>")),  # noqa: E501
        lambda: package(tables({"القضايا": cases(case(1))}) + f'<table:named-expressions><table:named-range table:name="{NAME}"/></table:named-expressions>'),  # noqa: E501
        lambda: package(tables({"القضايا": cases(case(1))}).replace("<text:p>2</text:p>", f"<text:p>{NAME}</text:p>")),
        lambda: package(tables({"القضايا": cases(case(1))}), parts={"styles.xml": f"<x><p>{NAME}</p></x>"}),
    ],
    ids=["property", "comment", "author of a comment", "defined name", "shown text of a number", "page header"],
)  # fmt: skip
def test_a_person_beside_the_cells_refuses_the_file(data: Callable[[], bytes]):
    examination = examine(data(), "x.ods", MINISTRY, today=TODAY)
    assert examination.verdict == "refused"
    assert examination.is_personal


def test_days_counted_from_1904_are_the_same_days():
    settings = (
        "<table:calculation-settings><table:null-date table:date-value='1904-01-01'/></table:calculation-settings>"
    )
    body = settings + tables({"القضايا": cases(case(1, date=45503 - 1462))})
    [found] = examine(package(body), "x.ods", MINISTRY, today=TODAY).tables
    assert found.columns["reported_date"] == [datetime.date(2024, 7, 30)]


def test_a_comment_without_a_person_is_flagged():
    inside = NOTE.format("", "أرقام أولية")
    body = table("س", ROWS + f"<table:table-row>{cell('ج', inside=inside)}</table:table-row>")
    found = read_workbook(package(body), "x.ods")
    assert [(one.kind, one.severity, one.cell) for one in found.findings] == [("comment_present", "flag", "A4")]
    assert found.sheets[0].rows[3] == ["ج", None]
