"""Workbooks that hide rows or a sheet, and workbooks that hold more than cells; all of it is invented.

Each is the good workbook of `hostile.py` with one thing more, and its cells are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import xlsxwriter

from tests.ingestion.hostile import SHEET, STRINGS, comment, in_part, rezip, threaded_comment, with_part, workbook

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def styled(number_format: str = "", **font: object) -> bytes:
    """Return a workbook one cell of which has a style of its own."""
    properties = dict(font) | ({"num_format": number_format} if number_format else {})

    def write(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write(3, 4, "أنثى", book.add_format(properties))

    return workbook(write)


def before_cells(element: bytes) -> bytes:
    return in_part(SHEET, b"<sheetData>", element + b"<sheetData>")


def behind_cells(element: str) -> bytes:
    return in_part(SHEET, b"</sheetData>", b"</sheetData>" + element.encode())


def of_rows(attributes: bytes) -> bytes:
    return in_part(SHEET, b'<row r="4"', b'<row r="4" ' + attributes)


def default_of_sheet(attributes: bytes) -> bytes:
    return in_part(SHEET, b'<sheetFormatPr defaultRowHeight="15"', b"<sheetFormatPr " + attributes)


def hidden_window() -> bytes:
    return in_part("xl/workbook.xml", b"<workbookView ", b'<workbookView visibility="hidden" ')


HIDDEN: Mapping[str, Callable[[], bytes]] = {
    "by a program": lambda: workbook(lambda _, sheet: sheet.set_row(3, None, None, {"hidden": True})),
    "by a filter": lambda: in_part(
        SHEET, b"</sheetData>", b'</sheetData><autoFilter ref="A2:G5"/>', of_rows(b'hidden="1"')
    ),
    "by grouping": lambda: of_rows(b'hidden="true" outlineLevel="1"'),
    "by a number that an entity spells": lambda: of_rows(b'hidden="&#49;"'),
    "by a number between blanks": lambda: of_rows(b'hidden=" 1 "'),
    "by one point between blanks": lambda: of_rows(b'ht=" 1.05 " customHeight="1"'),
    "by no height": lambda: of_rows(b'ht="0" customHeight="1"'),
}
"""How row 4 is hidden -> builder."""

SHOWN: Mapping[str, Callable[[], bytes]] = {
    "empty rows hidden by default": lambda: default_of_sheet(b'defaultRowHeight="15" zeroHeight="1"'),
    "a row that is not hidden": lambda: of_rows(b'hidden="0" ht="15"'),
    "an empty row that is hidden": lambda: in_part(SHEET, b"</sheetData>", b'<row r="9" hidden="1"/></sheetData>'),
}
"""Name -> builder of what hides no row that holds something."""


def _external_link() -> bytes:
    relation = (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="x/image" Target="http://example.org/x" '
        'TargetMode="External"/></Relationships>'
    ).encode()
    parts = {"xl/externalLinks/externalLink1.xml": b"<x/>", "xl/worksheets/_rels/sheet1.xml.rels": relation}
    return rezip(workbook(), add=parts)


def _pivot() -> bytes:
    parts = ("xl/pivotCache/pivotCacheRecords1.xml", "xl/pivotTables/pivotTable1.xml")
    return rezip(workbook(), add=dict.fromkeys(parts, b"<x/>"))


def _with_macros() -> bytes:
    def of_macros(content: bytes) -> bytes:
        main = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        assert main in content
        return content.replace(main, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")

    return rezip(workbook(), change={"[Content_Types].xml": of_macros}, add={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def _chart_on_a_sheet() -> bytes:
    def write(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=الضحايا!$F$4:$F$5"})
        sheet.insert_chart("I2", chart)
        sheet.insert_textbox("I20", "نص")

    return workbook(write)


def _unlisted_sheet() -> bytes:
    return with_part("xl/worksheets/sheet9.xml", b"<worksheet><sheetData/></worksheet>")


def _spoken() -> bytes:
    return in_part(STRINGS, b"</t></si></sst>", "</t><rPh sb='0' eb='1'><t>نص</t></rPh></si></sst>".encode())


BESIDE: Mapping[str, Callable[[], bytes]] = {
    "macros": _with_macros,
    "comments": lambda: comment("روجع مع المحكمة", "قسم الإحصاء"),
    "a thread of comments": lambda: threaded_comment("روجع", "قسم الإحصاء"),
    "a pivot table": _pivot,
    "links to other files": _external_link,
    "connections": lambda: with_part("xl/connections.xml"),
    "pictures": lambda: with_part("xl/media/image1.png", b"\x89PNG"),
    "a chart and a text box": _chart_on_a_sheet,
    "an embedded object": lambda: with_part("xl/embeddings/oleObject1.bin"),
    "an active control": lambda: with_part("xl/activeX/activeX1.xml"),
    "a history of changes": lambda: with_part("xl/revisions/revisionLog1.xml"),
    "properties": lambda: with_part("docProps/custom.xml"),
    "custom XML that is none": lambda: with_part("customXml/item1.xml", b"\xff\xfe<"),
    "settings of a printer": lambda: with_part("xl/printerSettings/printerSettings1.bin", bytes(64)),
    "a zip": lambda: with_part("xl/extra.zip", workbook()),
    "an empty folder": lambda: with_part("xl/folder/", b""),
    "a sheet that the workbook does not list": _unlisted_sheet,
    "a hidden window": hidden_window,
    "a hidden column": lambda: workbook(lambda _, sheet: sheet.set_column(4, 4, None, None, {"hidden": True})),
    "a format of nothing": lambda: styled(";;;"),
    "white letters on white": lambda: styled(font_color="#FFFFFF", font_size=1),
    "a list of a validation": lambda: behind_cells(
        '<dataValidations><dataValidation sqref="E4:E9"><formula1>"أ,ب"</formula1></dataValidation></dataValidations>'
    ),
    "a header of pages": lambda: behind_cells("<headerFooter><oddHeader>&amp;Cنص</oddHeader></headerFooter>"),
    "a remark among the cells": lambda: in_part(
        SHEET, b"</sheetData>", b'<!-- <row r="9"><c r="A9"><v>1</v></c></row> --></sheetData>'
    ),
    "a remark among the shared texts": lambda: in_part(STRINGS, b"<si>", b"<!--<si><t/></si>--><si>"),
    "an instruction among the cells": lambda: in_part(SHEET, b'<row r="4"', b'<?x <c r="A9"><v>1</v></c>?><row r="4"'),
    "a deleted text": lambda: in_part(STRINGS, b"</sst>", "<si><t>محذوف</t></si></sst>".encode()),
    "a reading of a text": _spoken,
}
"""What a workbook holds beside its cells -> builder."""
