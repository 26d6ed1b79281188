"""Thirty names and numbers in every part of a holder's workbook: none of them is in a byte of what is sent."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.holders.codes_files import CodesOrder
from ingestion.holders.pseudonymise import tokenise
from languages.refusal import Refusal

KEY = b"an invented key of the holders"
HEAD = ["ت", "رقم القضية", "الاسم الثلاثي", "اسم الأم", "رقم الهاتف", "الجنس", "العمر", "المحافظة", "الملاحظات", None]
ROW = [1, "12/ج/2024", "زيد عمرو بكر", "هند جابر", "0770 555 0100", "ذكر", 34, "بغداد"]
HEADER_ROW = 3

Plant = Callable[[openpyxl.Workbook, Worksheet, str], None]


def _in_cell(row: int, column: int) -> Plant:
    return lambda _, sheet, text: setattr(sheet.cell(row, column), "value", text)


def _in_property(name: str) -> Plant:
    return lambda book, _, text: setattr(book.properties, name, text)


def _in_page(part: str, place: str) -> Plant:
    return lambda _, sheet, text: setattr(getattr(getattr(sheet, part), place), "text", text)


def _in_comment(cell: str, *, is_author: bool = False) -> Plant:
    def plant(_: openpyxl.Workbook, sheet: Worksheet, text: str) -> None:
        sheet[cell].comment = Comment("see" if is_author else text, text if is_author else "clerk")

    return plant


def _second_sheet(state: str) -> Plant:
    def plant(book: openpyxl.Workbook, _: Worksheet, text: str) -> None:
        other = book.create_sheet("قائمة")
        other.append(["المحافظة", "الجنس"])
        other.append([text, "ذكر"])
        other.sheet_state = state

    return plant


def _sheet_of_persons(book: openpyxl.Workbook, _: Worksheet, text: str) -> None:
    other = book.create_sheet(text.replace("/", " ")[:31])
    for row in (HEAD, ROW):
        other.append(row)


def _validation(book: openpyxl.Workbook, sheet: Worksheet, text: str) -> None:
    rule = DataValidation(type="list", formula1=f'"{text}"', prompt=text, promptTitle="x", showInputMessage=True)
    rule.add("F4")
    sheet.add_data_validation(rule)


def _link(book: openpyxl.Workbook, sheet: Worksheet, text: str) -> None:
    sheet["H4"].hyperlink = Hyperlink(ref="H4", location="'الضحايا'!A1", tooltip=text, display=text)


def _chart(book: openpyxl.Workbook, sheet: Worksheet, text: str) -> None:
    chart = BarChart()
    chart.title = text
    chart.add_data(Reference(sheet, min_col=7, min_row=4, max_row=4))
    sheet.add_chart(chart, "L2")


def _custom_property(book: openpyxl.Workbook, _: Worksheet, text: str) -> None:
    book.custom_doc_props.append(StringProperty(name="clerk", value=text))


def _defined_name(book: openpyxl.Workbook, _: Worksheet, text: str) -> None:
    book.defined_names["clerk"] = DefinedName("clerk", attr_text=f'"{text}"')


def _formatting(book: openpyxl.Workbook, sheet: Worksheet, text: str) -> None:
    sheet.conditional_formatting.add("H4:H9", FormulaRule(formula=[f'$H4="{text}"']))


def _hidden_column(_: openpyxl.Workbook, sheet: Worksheet, text: str) -> None:
    sheet["J4"] = text
    sheet.column_dimensions["J"].hidden = True


PLANTS: dict[str, Plant] = {
    "name in its own column": _in_cell(4, 3),
    "mother in her own column": _in_cell(4, 4),
    "telephone in its own column": _in_cell(4, 5),
    "case number in its own column": _in_cell(4, 2),
    "running number": _in_cell(4, 1),
    "notes column": _in_cell(4, 9),
    "column without a heading": _in_cell(4, 10),
    "hidden column": _hidden_column,
    "heading of a foreign column": _in_cell(HEADER_ROW, 10),
    "title": _in_cell(1, 1),
    "second line of the title": _in_cell(2, 3),
    "line below": _in_cell(6, 1),
    "signature": _in_cell(8, 8),
    "line far below": _in_cell(40, 3),
    "comment on a named column": _in_comment("H4"),
    "comment on a heading": _in_comment("F3"),
    "author of a comment": _in_comment("G4", is_author=True),
    "second sheet": _second_sheet("visible"),
    "hidden sheet": _second_sheet("hidden"),
    "very hidden sheet": _second_sheet("veryHidden"),
    "name of a sheet with persons": _sheet_of_persons,
    "creator": _in_property("creator"),
    "who saved it": _in_property("lastModifiedBy"),
    "title of the file": _in_property("title"),
    "keywords": _in_property("keywords"),
    "custom property": _custom_property,
    "page header": _in_page("oddHeader", "center"),
    "page footer": _in_page("oddFooter", "left"),
    "drop-down": _validation,
    "link": _link,
    "chart": _chart,
    "defined name": _defined_name,
    "conditional format": _formatting,
}


def _bytes_within(path: Path) -> bytes:
    """Return the bytes of a file and, where it is a zip, of its parts and their names, as written and as XML says."""
    data = path.read_bytes()
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data += b"".join(part.encode() + archive.read(part) for part in archive.namelist())
    return data + html.unescape(data.decode(errors="replace")).encode()


def test_there_are_thirty_plants():
    assert len(PLANTS) >= 30


@pytest.mark.parametrize("text", ["سلمان داود فرحان", "0771 555 0199", "SURMA9988"])
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("place", PLANTS)
def test_nothing_that_is_planted_is_sent(tmp_path: Path, place: str, text: str, ending: str):
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "الضحايا"
    sheet.append(["سجل الضحايا"])
    sheet.append([])
    for row in (HEAD, ROW, [2, *ROW[1:]]):
        sheet.append(row)
    PLANTS[place](book, sheet, text)
    named, sent, codes = tmp_path / f"{text}.xlsx", tmp_path / f"sent.{ending}", tmp_path / "codes.json"
    book.save(named)
    assert text.encode() in _bytes_within(named) or "sheet" in place
    if place == "name of a sheet with persons" and ending == "csv":
        return  # a text file holds one table
    try:
        report = tokenise(named, sent, KEY, codes=CodesOrder(codes, 2026))
    except Refusal as refusal:
        assert refusal.code == "token_unreadable" and not sent.exists() and not codes.exists()
        return
    assert report.rows >= 2
    for path in (sent, codes):
        written = _bytes_within(path)
        assert not [part for part in text.split() if part.encode() in written]
        assert not [word for word in ("زيد", "جابر", "0100", "12/ج") if word.encode() in written]
