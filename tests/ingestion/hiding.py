"""Workbooks that hide a cell, and workbooks with a text in each place outside the cells; all of it is invented.

Each builder of `HIDDEN` hides something of the good workbook of `hostile.py`; each of `PLACES` puts a text somewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import xlsxwriter

from tests.ingestion.hostile import SHEET, in_part, rezip, threaded_comment, workbook

STYLES = "xl/styles.xml"
MAIN = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def styled(number_format: str = "", row: int = 3, column: int = 4, **font: object) -> bytes:
    """Return a workbook one cell of which has a style of its own; without other words the cell with the sex."""
    properties = dict(font) | ({"num_format": number_format} if number_format else {})

    def write(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        value = "ذكر" if column == 4 else 17
        sheet.write(row, column, value, book.add_format(properties))

    return workbook(write)


def before_cells(element: bytes) -> bytes:
    return in_part(SHEET, b"<sheetData>", element + b"<sheetData>")


def behind_cells(element: str) -> bytes:
    return in_part(SHEET, b"</sheetData>", b"</sheetData>" + element.encode())


def of_rows(attributes: bytes) -> bytes:
    return in_part(SHEET, b'<row r="4"', b'<row r="4" ' + attributes)


def default_of_sheet(attributes: bytes) -> bytes:
    return in_part(SHEET, b'<sheetFormatPr defaultRowHeight="15"', b"<sheetFormatPr " + attributes)


def under_merged() -> bytes:
    return in_part(SHEET, b'<mergeCell ref="A1:G1"/>', b'<mergeCell ref="A1:G1"/><mergeCell ref="D4:E4"/>')


def hidden_window() -> bytes:
    return in_part("xl/workbook.xml", b"<workbookView ", b'<workbookView visibility="hidden" ')


HIDDEN: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "row hidden by a filter": (
        lambda: in_part(
            SHEET,
            b"</sheetData>",
            b'</sheetData><autoFilter ref="A2:G5"/>',
            of_rows(b'hidden="1"'),
        ),
        "hidden_row",
    ),
    "row hidden by grouping": (lambda: of_rows(b'hidden="true" outlineLevel="1"'), "hidden_row"),
    "row hidden by a number that an entity spells": (lambda: of_rows(b'hidden="&#49;"'), "hidden_row"),
    "row hidden by a number between blanks": (lambda: of_rows(b'hidden=" 1 "'), "hidden_row"),
    "row of one point between blanks": (lambda: of_rows(b'ht=" 1.05 " customHeight="1"'), "hidden_row"),
    "row of one point": (lambda: of_rows(b'ht="1.05" customHeight="1"'), "hidden_row"),
    "rows without height by default": (
        lambda: default_of_sheet(b'defaultRowHeight="0" customHeight="1" zeroHeight="1"'),
        "hidden_row",
    ),
    "column hidden by grouping": (
        lambda: before_cells(b'<cols><col min="5" max="5" width="9" hidden="1" outlineLevel="1"/></cols>'),
        "hidden_column",
    ),
    "column of a hair": (
        lambda: before_cells(b'<cols><col min="5" max="5" width="0.16" customWidth="1"/></cols>'),
        "hidden_column",
    ),
    "columns without width by default": (
        lambda: default_of_sheet(b'defaultColWidth="0" defaultRowHeight="15"'),
        "hidden_column",
    ),
    "text of a format of nothing": (lambda: styled(";;;"), "hidden_cell"),
    "text of a format of blanks": (lambda: styled('0;0;0;" "'), "hidden_cell"),
    "number of a format of nothing": (lambda: styled(";;", column=5), "hidden_cell"),
    "number of a colour and nothing": (lambda: styled("[White];[White];;@", column=5), "hidden_cell"),
    "style numbered after a blank": (
        lambda: in_part(SHEET, b'<c r="E4" s="', b'<c r="E4" s=" ', styled(";;;")),
        "hidden_cell",
    ),
    "style numbered with a zero before it": (
        lambda: in_part(SHEET, b'<c r="E4" s="', b'<c r="E4" s="0', styled(";;;")),
        "hidden_cell",
    ),
    "value under a merged cell": (under_merged, "hidden_cell"),
    "window of the book hidden": (hidden_window, "hidden_sheet"),
}
"""Name -> builder and the kind that refuses it."""

UNREADABLE: Mapping[str, Callable[[], bytes]] = {
    "white letters on white": lambda: styled(font_color="#FFFFFF"),
    "white letters on white paint": lambda: styled(font_color="#FFFFFF", bg_color="#FFFFFF", pattern=1),
    "letters of one point": lambda: styled(font_size=1),
}
"""Name -> builder of what is accepted and flagged `unreadable_letters`."""

SHOWN: Mapping[str, Callable[[], bytes]] = {
    "empty rows hidden by default": lambda: default_of_sheet(b'defaultRowHeight="15" zeroHeight="1"'),
    "zeros that a format does not show": lambda: styled("0;-0;;@", column=5),
    "white letters on dark paint": lambda: styled(font_color="#FFFFFF", bg_color="#203864", pattern=1),
    "text that a format of numbers leaves": lambda: styled(";;"),
    "a semicolon in a format's words": lambda: styled('0" ;;; "', column=5),
}
"""Name -> builder of what hides nothing of what stands there."""


def table_part(attributes: str = "", inside: str = "") -> bytes:
    content = f"<table {MAIN.decode()} id='1' name='T' ref='A2:G5' {attributes}>{inside}</table>"
    return rezip(workbook(), add={"xl/tables/table1.xml": content.encode()})


def properties(name: str, value: str) -> bytes:
    content = f'<Properties xmlns="x"><property fmtid="f" pid="2" name="{name}"><v>{value}</v></property></Properties>'
    return rezip(workbook(), add={"docProps/custom.xml": content.encode()})


def custom(content: str) -> bytes:
    return rezip(workbook(), add={"customXml/item1.xml": content.encode()})


def printer(name: str) -> bytes:
    return rezip(workbook(), add={"xl/printerSettings/printerSettings1.bin": name.encode("utf-16-le").ljust(64, b"\0")})


def style_named(name: str) -> bytes:
    return in_part(STYLES, b'<cellStyle name="Normal"', f'<cellStyle name="{name}"'.encode())


def name_of_sheet_part(element: str) -> bytes:
    return in_part("xl/workbook.xml", b"</sheets>", f"</sheets>{element}".encode())


def rich_string(text: str) -> bytes:
    """Return a workbook whose table of strings holds a text in two runs that stands in no cell."""
    half = len(text) // 2
    item = f"<si><r><t>{text[:half]}</t></r><r><rPr><b/></rPr><t>{text[half:]}</t></r></si></sst>"
    return in_part("xl/sharedStrings.xml", b"</sst>", item.encode())


def _rule(text: str) -> str:
    return (
        '<conditionalFormatting sqref="E4:E9"><cfRule type="containsText" priority="1" operator="containsText"'
        f' text="{text}"><formula>NOT(ISERROR(SEARCH("x",E4)))</formula></cfRule></conditionalFormatting>'
    )


def _rule_formula(text: str) -> str:
    return (
        '<conditionalFormatting sqref="E4:E9"><cfRule type="expression" priority="1">'
        f'<formula>$E4="{text}"</formula></cfRule></conditionalFormatting>'
    )


def _validation(attributes: str, formula: str = '"أ,ب"') -> str:
    return (
        f'<dataValidations count="1"><dataValidation type="list" sqref="E4:E9" {attributes}>'
        f"<formula1>{formula}</formula1></dataValidation></dataValidations>"
    )


PLACES: Mapping[str, Callable[[str], bytes]] = {
    "name of a cell style": style_named,
    "words of a number format": lambda text: styled(f'0" {text}"'),
    "words of a conditional format": lambda text: behind_cells(_rule(text)),
    "formula of a conditional format": lambda text: behind_cells(_rule_formula(text)),
    "list of a validation": lambda text: behind_cells(_validation("", f'"{text},أخرى"')),
    "prompt of a validation": lambda text: behind_cells(_validation(f"prompt='{text}'")),
    "error of a validation": lambda text: behind_cells(_validation(f'error="{text}"')),
    "list of a newer validation": lambda text: behind_cells(
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidation xmlns:x14="a" xmlns:xm="b">'
        f'<x14:formula1><xm:f>"{text}"</xm:f></x14:formula1></x14:dataValidation></ext></extLst>'
    ),
    "scenario": lambda text: behind_cells(
        f'<scenarios><scenario name="س" count="1" user="u"><inputCells r="E4" val="{text}"/></scenario></scenarios>'
    ),
    "user of a scenario": lambda text: behind_cells(
        f'<scenarios><scenario name="س" comment="أنشأه {text}"/></scenarios>'
    ),
    "header of a page": lambda text: behind_cells(
        f"<headerFooter><oddHeader>&amp;C&amp;12{text}&amp;P</oddHeader></headerFooter>"
    ),
    "footer of the first page": lambda text: behind_cells(
        f"<headerFooter><firstFooter>&amp;R{text}</firstFooter></headerFooter>"
    ),
    "value of a filter": lambda text: behind_cells(
        '<autoFilter ref="A2:G5"><filterColumn colId="0"><filters>'
        f'<filter val="{text}"/></filters></filterColumn></autoFilter>'
    ),
    "name of a protected range": lambda text: behind_cells(
        f'<protectedRanges><protectedRange name="{text}" sqref="E4"/></protectedRanges>'
    ),
    "tip of a link": lambda text: behind_cells(
        f'<hyperlinks><hyperlink ref="E4" location="A1" tooltip="{text}"/></hyperlinks>'
    ),
    "remark of a defined name": lambda text: name_of_sheet_part(
        f'<definedNames><definedName name="n" comment="{text}">1</definedName></definedNames>'
    ),
    "constant of a defined name": lambda text: name_of_sheet_part(
        f'<definedNames><definedName name="_xlnm.Print_Titles">"{text}"</definedName></definedNames>'
    ),
    "name of a table": lambda text: table_part(f'displayName="{text}"'),
    "remark of a table": lambda text: table_part(f'comment="{text}"'),
    "filter of a table": lambda text: table_part("", f'<autoFilter><filter val="{text}"/></autoFilter>'),
    "name of a property": lambda text: properties(text, "1"),
    "value of a property": lambda text: properties("p", text),
    "custom XML": lambda text: custom(f"<a>{text}</a>"),
    "attribute of custom XML": lambda text: custom(f'<a note="{text}"/>'),
    "thread of comments": lambda text: threaded_comment(text, ""),
    "rich string of no cell": rich_string,
    "alternative text of a drawn comment": lambda text: rezip(
        workbook(), add={"xl/drawings/vmlDrawing9.vml": f"<x><v:textbox alt='{text}'/></x>".encode()}
    ),
}
"""Place -> builder that puts a text there."""

AUTHORS: Mapping[str, Callable[[str], bytes]] = {
    "person of a thread": lambda text: threaded_comment("x", text),
    "printer": printer,
}
"""Place -> builder, for places that name who worked on the file."""


# Places that no program shows, in every part; `{}` is the text.

_SHEET_PARTS: Mapping[str, tuple[str, bytes, str]] = {
    "phonetic run of a shared text": (
        "xl/sharedStrings.xml",
        b"</t></si></sst>",
        "</t><rPh sb='0' eb='1'><t>{}</t></rPh></si></sst>",
    ),
    "stray text among the shared texts": ("xl/sharedStrings.xml", b"</si></sst>", "{}</si></sst>"),
    "unknown attribute of a row": (SHEET, b'<row r="4"', "<row note='{}' r=\"4\""),
    "unknown attribute of a cell": (SHEET, b'<c r="E4"', "<c note='{}' r=\"E4\""),
    "unknown element of a cell": (SHEET, b'<c r="F4"><v>17</v>', '<c r="F4"><v>17</v><x>{}</x>'),
    "cell of a truth that is none": (SHEET, b'<c r="F4"><v>17</v></c>', '<c r="F4" t="b"><v>{}</v></c>'),
    "inline text beside the value of a cell": (SHEET, b'<c r="F4"><v>', '<c r="F4"><is><t>{}</t></is><v>'),
    "a value before the value of a cell": (
        SHEET,
        b'<c r="F4"><v>',
        '<c r="F4" t="str"><v>17</v><v>{}</v></c><c r="G4"><v>',
    ),
    "stray text in a row": (SHEET, b'<c r="F4">', '{}<c r="F4">'),
    "stray text between rows": (SHEET, b'<row r="4"', '{}<row r="4"'),
    "stray text behind the cells": (SHEET, b"</sheetData>", "</sheetData>{}"),
    "namespace of a sheet": (SHEET, b"<sheetData>", "<sheetData xmlns:n='{}'>"),
    "unknown element of the workbook": ("xl/workbook.xml", b"<sheets>", "<x>{}</x><sheets>"),
    "unknown attribute of the workbook": ("xl/workbook.xml", b"<workbookView ", "<workbookView note='{}' "),
    "text of the folder of a workbook": (
        "xl/workbook.xml",
        b"<sheets>",
        '<x:absPath xmlns:x="y" url="C:\\Users\\{}\\"/><sheets>',
    ),
    "name of a theme": ("xl/theme/theme1.xml", b'name="Office Theme"', 'name="{}"'),
    "name of a set of colours": ("xl/theme/theme1.xml", b'<a:clrScheme name="Office"', '<a:clrScheme name="{}"'),
    "font of a theme": ("xl/theme/theme1.xml", b'<a:ea typeface=""', '<a:ea typeface="{}"'),
    "stray text of a theme": ("xl/theme/theme1.xml", b"<a:themeElements>", "{}<a:themeElements>"),
    "font of a style": (STYLES, b'<name val="Calibri"', '<name val="{}"'),
    "unknown attribute of the styles": (STYLES, b"<fonts ", "<fonts note='{}' "),
    "instruction in the styles": (STYLES, b"<fonts ", "<?note {}?><fonts "),
    "instruction in the theme": ("xl/theme/theme1.xml", b"<a:themeElements>", "<?note {}?><a:themeElements>"),
    "stray text of the relations": ("xl/_rels/workbook.xml.rels", b"</Relationships>", "{}</Relationships>"),
    "number of a relation": ("_rels/.rels", b'<Relationship Id="rId2"', '<Relationship note="{}" Id="rId2"'),
    "kinds of parts": ("[Content_Types].xml", b"</Types>", '<Default Extension="{}" ContentType="x"/></Types>'),
    "titles of parts": ("docProps/app.xml", b"<vt:lpstr>Worksheets", "<vt:lpstr>{}</vt:lpstr><vt:lpstr>Worksheets"),
    "tail of a property": ("docProps/core.xml", b"</dc:creator>", "</dc:creator>{}"),
}


def _planted(part: str, old: bytes, new: str) -> Callable[[str], bytes]:
    return lambda text: in_part(part, old, new.replace("{}", text).encode())


EVERYWHERE: Mapping[str, Callable[[str], bytes]] = {
    **{place: _planted(*where) for place, where in _SHEET_PARTS.items()},
    "attribute of a drawn comment": lambda text: rezip(
        workbook(), add={"xl/drawings/vmlDrawing9.vml": f"<x note='{text}'><br></x>".encode()}
    ),
    "instruction of a drawn comment": lambda text: rezip(
        workbook(), add={"xl/drawings/vmlDrawing9.vml": f"<?note {text}?><x></x>".encode()}
    ),
}
"""Place -> builder that puts a text where no reader of a place of its own looks."""
