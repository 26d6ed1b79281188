"""Places of an .xlsx that can hold a text beside the cells of its grids, as openpyxl writes them.

Belongs here: each place once, with its name, and how a text gets there.
Does not belong here: places in the zip's parts (`part_places.py`), and which file takes which place.
"""

from __future__ import annotations

from collections.abc import Callable

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Font, NamedStyle
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.scenario import InputCells, Scenario, ScenarioList
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

BookPlace = Callable[[Workbook, Worksheet, str], object]


def _validate(**said: str) -> BookPlace:
    def put(_book: Workbook, sheet: Worksheet, plant: str) -> None:
        filled = {name: text.format(plant) for name, text in said.items()}
        rule = DataValidation(type="list", allow_blank=True, **({"formula1": '"a,b"'} | filled))
        rule.showInputMessage = rule.showErrorMessage = True
        rule.add("B40:B50")
        sheet.add_data_validation(rule)

    return put


def _property(name: str) -> BookPlace:
    return lambda book, _sheet, plant: setattr(book.properties, name, plant)


def _marginal(place: str, side: str) -> BookPlace:
    return lambda _book, sheet, plant: setattr(getattr(getattr(sheet, place), side), "text", plant)


def _style(book: Workbook, sheet: Worksheet, plant: str) -> None:
    book.add_named_style(NamedStyle(plant))
    sheet["A1"].style = plant


def _format(text: str) -> BookPlace:
    return lambda _book, sheet, plant: setattr(sheet["A3"], "number_format", text.format(plant))


def _name(name: str, meaning: str, comment: str | None = None) -> BookPlace:
    def put(book: Workbook, _sheet: Worksheet, plant: str) -> None:
        said = name.format(plant.replace(" ", "_").replace("/", "_").replace("+", "_"))
        about = comment.format(plant) if comment else None
        book.defined_names[said] = DefinedName(said, attr_text=meaning.format(plant), comment=about)

    return put


def _table(name: str, heading: str) -> BookPlace:
    def put(book: Workbook, _sheet: Worksheet, plant: str) -> None:
        other = book.create_sheet("جدول آخر")
        other.append([heading.format(plant), "x"])
        other.append([1, 2])
        said = name.format(plant.replace(" ", "_").replace("/", "_").replace("+", "_"))
        other.add_table(Table(displayName=said, ref="A1:B2", tableStyleInfo=TableStyleInfo(name="TableStyleLight1")))

    return put


def _link(**said: str) -> BookPlace:
    def put(_book: Workbook, sheet: Worksheet, plant: str) -> None:
        sheet["A1"].hyperlink = Hyperlink(ref="A1", **{name: text.format(plant) for name, text in said.items()})

    return put


def _chart(book: Workbook, sheet: Worksheet, plant: str) -> None:
    chart = BarChart()
    chart.title = plant
    chart.add_data(Reference(sheet, min_col=1, min_row=3, max_row=6))
    sheet.add_chart(chart, "A60")
    del book


def _hidden(kind: str) -> BookPlace:
    def put(_book: Workbook, sheet: Worksheet, plant: str) -> None:
        row, column = sheet.max_row + 2, sheet.max_column + 2
        sheet.cell(row if kind == "row" else 4, 2 if kind == "row" else column, plant)
        if kind == "row":
            sheet.row_dimensions[row].hidden = True
        elif kind == "column":
            sheet.column_dimensions[sheet.cell(4, column).column_letter].hidden = True
        else:
            sheet.cell(4, column).number_format = ";;;"

    return put


def _rich(_book: Workbook, sheet: Worksheet, plant: str) -> None:
    half = len(plant) // 2
    runs = [TextBlock(InlineFont(b=True), plant[:half]), TextBlock(InlineFont(i=True), plant[half:])]
    sheet.cell(sheet.max_row + 3, 1).value = CellRichText(*runs)


def _white(_book: Workbook, sheet: Worksheet, plant: str) -> None:
    cell = sheet.cell(sheet.max_row + 2, 3, plant)
    cell.font = Font(color="FFFFFF", sz=1)


def _scenario(_book: Workbook, sheet: Worksheet, plant: str) -> None:
    cells = [InputCells(r="A1", val=plant)]
    sheet.scenarios = ScenarioList(scenario=[Scenario(name=plant, user=plant, comment=plant, inputCells=cells)])


def _under_merged(_book: Workbook, sheet: Worksheet, plant: str) -> None:
    line = sheet.max_row + 3
    sheet.cell(line, 1, "ختم")
    sheet.cell(line + 1, 1, plant)
    sheet.merge_cells(start_row=line, end_row=line, start_column=1, end_column=3)
    sheet.row_dimensions[line + 1].height = 0.5


def _filter(_book: Workbook, sheet: Worksheet, plant: str) -> None:
    sheet.auto_filter.ref = f"A2:C{sheet.max_row}"
    sheet.auto_filter.add_filter_column(0, [plant], blank=True)


BOOK_PLACES: dict[str, BookPlace] = {
    "comment: text": lambda _b, sheet, plant: setattr(sheet["B4"], "comment", Comment(f"راجع {plant}", "x")),
    "comment: author": lambda _b, sheet, plant: setattr(sheet["B4"], "comment", Comment("ok", plant)),
    "page header: center": _marginal("oddHeader", "center"),
    "page header: first page": _marginal("firstHeader", "left"),
    "page footer: right": _marginal("oddFooter", "right"),
    "page footer: even pages": _marginal("evenFooter", "center"),
    "core property: creator": _property("creator"),
    "core property: last saved by": _property("lastModifiedBy"),
    "core property: title": _property("title"),
    "core property: subject": _property("subject"),
    "core property: description": _property("description"),
    "core property: keywords": _property("keywords"),
    "core property: category": _property("category"),
    "core property: status": _property("contentStatus"),
    "custom property: value": lambda book, _s, plant: book.custom_doc_props.append(
        StringProperty(name="x", value=plant)
    ),
    "custom property: name": lambda book, _s, plant: book.custom_doc_props.append(
        StringProperty(name=plant, value="x")
    ),
    "defined name: name": _name("n_{}", "1"),
    "defined name: value": _name("value_of", '"{}"'),
    "defined name: remark": _name("remark_of", "1", "{}"),
    "validation: prompt": _validate(prompt="{}"),
    "validation: title of the prompt": _validate(promptTitle="{}"),
    "validation: error": _validate(error="{}", errorTitle="{}"),
    "validation: list": _validate(formula1='"{},x"'),
    "link: target": _link(target="https://example.invalid/{}", display="x"),
    "link: mail": _link(target="mailto:x@example.invalid?subject={}"),
    "link: tip": _link(location="A1", tooltip="{}"),
    "link: display": _link(location="A1", display="{}"),
    "hidden row: cell": _hidden("row"),
    "hidden column: cell": _hidden("column"),
    "hidden cell: format of nothing": _hidden("cell"),
    "white letters": _white,
    "rich text in a cell": _rich,
    "low row under a merged cell": _under_merged,
    "table: name": _table("t_{}", "x1"),
    "table: heading": _table("t_1", "{}"),
    "style: name": _style,
    "number format: text": _format('0 "{}"'),
    "number format: sections": _format('[>1]"{}";General'),
    "conditional format: formula": lambda _b, sheet, plant: sheet.conditional_formatting.add(
        "A1:A9", FormulaRule(formula=[f'A1="{plant}"'])
    ),
    "formula: text in it": lambda _b, sheet, plant: sheet.cell(sheet.max_row + 2, 2, f'="{plant}"'),
    "formula: link to a file": lambda _b, sheet, plant: sheet.cell(sheet.max_row + 2, 2, f"='[{plant}.xlsx]x'!A1"),
    "chart: title": _chart,
    "scenario": _scenario,
    "filter: criterion": _filter,
    "sheet: name for programs": lambda _b, sheet, plant: setattr(sheet.sheet_properties, "codeName", plant),
    "print titles of a name": lambda book, sheet, plant: (
        sheet.__setattr__("print_title_rows", "1:2")
        or book.defined_names.__setitem__("p", DefinedName("p", attr_text="1", description=plant))
    ),
}
"""Places that openpyxl writes."""
