"""Places of an .xlsx or .xlsm that can hold a text beside the cells of its grids: by openpyxl, or in the zip's parts.

Belongs here: each place once, with its name, and how a text gets there.
Does not belong here: which file takes which place.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from xml.sax.saxutils import escape

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
Parts = dict[str, bytes]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_OFFICE = "http://schemas.microsoft.com/office"
_SHEET, _BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"


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


def _insert(part: str, before: str, text: str) -> Callable[[Parts, str], None]:
    """Text before the last occurrence of a tag."""

    def put(parts: Parts, plant: str) -> None:
        head, tag, tail = parts[part].decode().rpartition(before)
        parts[part] = (head + text.format(escape(plant)) + tag + tail).encode()

    return put


def _relate(parts: Parts, owner: str, target: str, kind: str, *, external: bool = False) -> str:
    folder, _, name = owner.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels" if owner else "_rels/.rels"
    known = parts.get(
        rels, b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
    )
    mode = ' TargetMode="External"' if external else ""
    line = f'<Relationship Id="rP{len(known)}" Type="{kind}" Target="{escape(target)}"{mode}/>'
    parts[rels] = known.replace(b"</Relationships>", line.encode() + b"</Relationships>")
    return f"rP{len(known)}"


def _add(
    name: str, text: str | bytes, content: str = "", owner: str = "", kind: str = ""
) -> Callable[[Parts, str], None]:
    """A part of its own, with its type and a relation that leads to it; {} in its text is the plant."""

    def put(parts: Parts, plant: str) -> None:
        data = (
            text.encode().replace(b"{}", escape(plant).encode())
            if isinstance(text, str)
            else text.replace(b"{}", plant.encode("utf-16-le"))
        )
        parts[name] = data
        if content:
            line = f'<Override PartName="/{name}" ContentType="{content}"/></Types>'
            parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", line.encode())
        if kind:
            _relate(parts, owner, f"/{name}", kind)

    return put


def _all(*steps: Callable[[Parts, str], None]) -> Callable[[Parts, str], None]:
    def put(parts: Parts, plant: str) -> None:
        for step in steps:
            step(parts, plant)

    return put


def _replace(part: str, old: str, new: str) -> Callable[[Parts, str], None]:
    def put(parts: Parts, plant: str) -> None:
        assert old.encode() in parts[part], (part, old)
        parts[part] = parts[part].replace(old.encode(), new.format(escape(plant)).encode(), 1)

    return put


def _picture(parts: Parts, plant: str) -> None:
    """A picture of one dot with a remark in it, drawn on the sheet."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    dot = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + chunk(
        b"iTXt", b"Author\0\0\0\0\0" + plant.encode()
    )
    parts["xl/media/image1.png"] = (
        b"\x89PNG\r\n\x1a\n" + dot + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    )
    line = b'<Default Extension="png" ContentType="image/png"/><Override'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"<Override", line, 1)
    _drawing("x", "x")(parts, plant)
    _relate(parts, "xl/drawings/drawing9.xml", "/xl/media/image1.png", f"{_REL}/image")


def _drawing(alternative: str, box: str) -> Callable[[Parts, str], None]:
    """A text box on the sheet, with an alternative text."""
    spaces = (
        'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    corner = "<xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>30</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    shape = (
        f'<xdr:wsDr {spaces}><xdr:twoCellAnchor><xdr:from>{corner}</xdr:from><xdr:to>{corner}</xdr:to><xdr:sp macro="" '
        f'textlink=""><xdr:nvSpPr><xdr:cNvPr id="2" name="Box 1" descr="{alternative}" title="{alternative}"/><xdr:cNvSpPr '
        'txBox="1"/></xdr:nvSpPr><xdr:spPr/><xdr:txBody><a:bodyPr/><a:p><a:r><a:t>'
        f"{box}</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
    )

    def put(parts: Parts, plant: str) -> None:
        kind = "application/vnd.openxmlformats-officedocument.drawing+xml"
        _add("xl/drawings/drawing9.xml", shape, kind)(parts, plant)
        made = _relate(parts, _SHEET, "/xl/drawings/drawing9.xml", f"{_REL}/drawing")
        _insert(_SHEET, "</worksheet>", f'<drawing xmlns:r="{_REL}" r:id="{made}"/>')(parts, plant)

    return put


_PIVOT = (
    f'<pivotCacheDefinition xmlns="{_MAIN}" refreshedBy="{{}}" recordCount="0"><cacheSource type="worksheet"><worksheetSource '
    'ref="A2:B5" sheet="x"/></cacheSource><cacheFields count="1"><cacheField name="{}"><sharedItems count="1"><s v="{}"/>'
    "</sharedItems></cacheField></cacheFields></pivotCacheDefinition>"
)
_EXTERNAL = (
    f'<externalLink xmlns="{_MAIN}" xmlns:r="{_REL}"><externalBook r:id="rP0"><sheetNames><sheetName val="{{}}"/></sheetNames>'
    '<sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1" t="str"><v>{}</v></cell></row></sheetData></sheetDataSet>'
    "</externalBook></externalLink>"
)
_THREADS = f"{_OFFICE}/spreadsheetml/2018/threadedcomments"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _threads(text: str, author: str) -> Callable[[Parts, str], None]:
    where = '<threadedComment ref="B4" dT="2025-01-01T00:00:00" personId="{{00000000-0000-0000-0000-000000000001}}" id="{{00000000-0000-0000-0000-000000000002}}">'
    where = where.replace("{{", "{ ").replace("{ ", "{").replace("}}", "}")
    return _all(
        _add("xl/threadedComments/threadedComment1.xml", f'<ThreadedComments xmlns="{_THREADS}">{where}<text>{text}</text></threadedComment></ThreadedComments>',
             "application/vnd.ms-excel.threadedcomments+xml", _SHEET, f"{_OFFICE}/2017/10/relationships/threadedComment"),
        _add("xl/persons/person.xml", f'<personList xmlns="{_THREADS}"><person displayName="{author}" id="{{00000000-0000-0000-0000-000000000001}}" userId="{author}" providerId="None"/></personList>',
             "application/vnd.ms-excel.person+xml", _BOOK, f"{_OFFICE}/2017/10/relationships/person"),
    )  # fmt: skip


def _link_out(parts: Parts, plant: str) -> None:
    _add(
        "xl/externalLinks/externalLink1.xml",
        _EXTERNAL,
        f"{_SHEET_TYPE}.externalLink+xml",
        _BOOK,
        f"{_REL}/externalLink",
    )(parts, plant)
    _relate(
        parts,
        "xl/externalLinks/externalLink1.xml",
        f"file:///C:/{plant}.xlsx",
        f"{_REL}/externalLinkPath",
        external=True,
    )


PART_PLACES: dict[str, Callable[[Parts, str], None]] = {
    "app property: company": _insert("docProps/app.xml", "</Properties>", "<Company>{}</Company>"),
    "app property: manager": _insert("docProps/app.xml", "</Properties>", "<Manager>{}</Manager>"),
    "app property: base of links": _insert("docProps/app.xml", "</Properties>", "<HyperlinkBase>{}</HyperlinkBase>"),
    "app property: template": _insert("docProps/app.xml", "</Properties>", "<Template>{}</Template>"),
    "theme: name": _replace("xl/theme/theme1.xml", 'name="Office Theme"', 'name="{}"'),
    "theme: name of fonts": _replace("xl/theme/theme1.xml", '<a:fontScheme name="Office">', '<a:fontScheme name="{}">'),
    "styles: a font's name": _replace("xl/styles.xml", '<name val="Calibri"/>', '<name val="{}"/>'),
    "strings: of no cell": _insert("xl/sharedStrings.xml", "</sst>", "<si><t>{}</t></si>"),
    "strings: how it is spoken": _insert("xl/sharedStrings.xml", "</sst>", '<si><t>x</t><rPh sb="0" eb="1"><t>{}</t></rPh></si>'),
    "strings: a remark in the XML": _insert("xl/sharedStrings.xml", "</sst>", "<!-- {} -->"),
    "sheet: an inline string of another column": _replace(_SHEET, "</sheetData>", '<row r="900"><c r="ZZ900" t="inlineStr"><is><t>{}</t></is></c></row></sheetData>'),
    "sheet: result of a formula": _replace(_SHEET, "</sheetData>", '<row r="901"><c r="C901" t="str"><f>A1</f><v>{}</v></c></row></sheetData>'),
    "sheet: a remark in the XML": _insert(_SHEET, "</worksheet>", "<!-- {} -->"),
    "sheet: an instruction in the XML": _insert(_SHEET, "</worksheet>", "<?x {} ?>"),
    "sheet: an extension": _insert(_SHEET, "</worksheet>", '<extLst><ext uri="x"><x:t xmlns:x="urn:x">{}</x:t></ext></extLst>'),
    "sheet: a protected range": _replace(_SHEET, "</sheetData>", '</sheetData><protectedRanges><protectedRange name="{}" sqref="A1"/></protectedRanges>'),
    "book: who holds it": _replace(_BOOK, "<workbookPr", '<fileSharing userName="{}"/><workbookPr'),
    "book: path of its folder": _insert(_BOOK, "</workbook>", '<extLst><ext uri="x"><x:absPath xmlns:x="urn:x" url="C:\\Users\\{}\\"/></ext></extLst>'),
    "book: a view of one's own": _insert(_BOOK, "</workbook>", '<customWorkbookViews><customWorkbookView name="{}" guid="{{00000000-0000-0000-0000-000000000001}}" windowWidth="9" windowHeight="9" activeSheetId="1"/></customWorkbookViews>'),
    "threaded comment: text": _threads("{}", "x"),
    "threaded comment: author": _threads("x", "{}"),
    "drawing: text box": _drawing("x", "{}"),
    "drawing: alternative text": _drawing("{}", "x"),
    "picture: remark inside": _picture,
    "pivot cache": _add("xl/pivotCache/pivotCacheDefinition1.xml", _PIVOT, f"{_SHEET_TYPE}.pivotCacheDefinition+xml", _BOOK, f"{_REL}/pivotCacheDefinition"),
    "external link": _link_out,
    "custom XML": _add("customXml/item1.xml", "<d xmlns='urn:x'><name>{}</name></d>", "", _BOOK, f"{_REL}/customXml"),
    "printer settings": _add("xl/printerSettings/printerSettings1.bin", b"\1\0{}\0\0", f"{_SHEET_TYPE}.printerSettings", _SHEET, f"{_REL}/printerSettings"),
    "connection": _add("xl/connections.xml", f'<connections xmlns="{_MAIN}"><connection id="1" name="{{}}" type="1" refreshedVersion="6"><dbPr connection="DSN={{}}"/></connection></connections>', f"{_SHEET_TYPE}.connections+xml", _BOOK, f"{_REL}/connections"),
    "query table": _add("xl/queryTables/queryTable1.xml", f'<queryTable xmlns="{_MAIN}" name="{{}}" connectionId="1"/>', f"{_SHEET_TYPE}.queryTable+xml", _SHEET, f"{_REL}/queryTable"),
    "users of a shared book": _add("xl/revisions/userNames.xml", f'<users xmlns="{_MAIN}"><userInfo guid="{{00000000-0000-0000-0000-000000000001}}" name="{{}}" id="1" dateTime="2025-01-01T00:00:00"/></users>', f"{_SHEET_TYPE}.userNames+xml", _BOOK, f"{_REL}/usernames"),
    "volatile dependencies": _add("xl/volatileDependencies.xml", f'<volTypes xmlns="{_MAIN}"><volType type="realTimeData"><main first="{{}}"><tp t="s"><v>{{}}</v><tr r="A1" s="1"/></tp></main></volType></volTypes>', f"{_SHEET_TYPE}.volatileDependencies+xml", _BOOK, f"{_REL}/volatileDependencies"),
    "embedded object": _add("xl/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0{}", "application/vnd.openxmlformats-officedocument.oleObject", _SHEET, f"{_REL}/oleObject"),
    "thumbnail": _add("docProps/thumbnail.jpeg", b"\xff\xd8\xff\xfe\0\x40{}\xff\xd9", "image/jpeg", "", "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"),
    "ribbon": _add("customUI/customUI.xml", f'<customUI xmlns="{_OFFICE}/2006/01/customui"><ribbon><tabs><tab id="x" label="{{}}"/></tabs></ribbon></customUI>', "application/xml", "", f"{_OFFICE}/2006/relationships/ui/extensibility"),
    "a part that nothing names": _add("xl/notes.xml", "<x>{}</x>", "application/xml"),
}  # fmt: skip
"""Places in the zip's parts."""


def as_macro_book(parts: Parts, plant: str) -> None:
    """Make an .xlsm of it, whose macros say the plant."""
    kind = "application/vnd.ms-excel"
    old = f"{_SHEET_TYPE}.sheet.main+xml".encode()
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        old, f"{kind}.sheet.macroEnabled.main+xml".encode()
    )
    source = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64 + f"' {plant}\r\nSub x()\r\nEnd Sub".encode() + b"{}"
    _add("xl/vbaProject.bin", source, f"{kind}.vbaProject", _BOOK, f"{_OFFICE}/2006/relationships/vbaProject")(
        parts, plant
    )


def zip_with(parts: Parts, packed: Callable[[Parts], bytes], plant: str, place: str) -> bytes:
    """The zip with a plant in no part: in its remark, in the extra field of an entry, before its beginning."""
    data = packed(parts)
    if place == "zip: remark":
        text = plant.encode()
        end = io.BytesIO(data[:-2] + struct.pack("<H", len(text)) + text)
        return end.getvalue()
    return plant.encode() + data if place == "zip: before the beginning" else data + plant.encode()


ZIP_PLACES = ("zip: remark", "zip: before the beginning", "zip: behind the end")
