"""Places of an .xlsx or .xlsm beside what openpyxl writes: in the parts of the zip, in new parts, and in no part.

Belongs here: each place once, with its name, and how a text gets there.
Does not belong here: places that openpyxl writes (`workbook_places.py`), and which file takes which place.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from xml.sax.saxutils import escape

Parts = dict[str, bytes]
PartPlace = Callable[[Parts, str], None]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.microsoft.com/office"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_EXCEL_TYPE = "application/vnd.ms-excel"
_SHEET, _BOOK, _TYPES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml"
_STRINGS, _APP = "xl/sharedStrings.xml", "docProps/app.xml"
_ID = "00000000-0000-0000-0000-000000000001"
_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _before(part: str, tag: str, text: str) -> PartPlace:
    """Write a text before the last occurrence of a tag; {} in it is the plant."""

    def put(parts: Parts, plant: str) -> None:
        head, found, tail = parts[part].decode().rpartition(tag)
        parts[part] = (head + text.replace("{}", escape(plant)) + found + tail).encode()

    return put


def _in_place_of(part: str, old: str, new: str) -> PartPlace:
    """Write a text in place of another one that must be there; {} in it is the plant."""

    def put(parts: Parts, plant: str) -> None:
        assert old.encode() in parts[part], (part, old)
        parts[part] = parts[part].replace(old.encode(), new.replace("{}", escape(plant)).encode(), 1)

    return put


def _relate(parts: Parts, owner: str, target: str, kind: str, *, external: bool = False) -> str:
    """Let a part ("": the whole file) lead to another one, and return the name of that relation."""
    folder, _, name = owner.rpartition("/")
    path = f"{folder}/_rels/{name}.rels" if owner else "_rels/.rels"
    relations = parts.get(path, f'<Relationships xmlns="{_PACKAGE}"></Relationships>'.encode())
    name = f"rP{len(relations)}"
    mode = ' TargetMode="External"' if external else ""
    line = f'<Relationship Id="{name}" Type="{kind}" Target="{escape(target)}"{mode}/>'
    parts[path] = relations.replace(b"</Relationships>", line.encode() + b"</Relationships>")
    return name


def _declare(parts: Parts, line: str) -> None:
    """Enter a line into the list of types."""
    parts[_TYPES] = parts[_TYPES].replace(b"</Types>", line.encode() + b"</Types>")


def _new_part(name: str, content: str | bytes, content_type: str = "", owner: str = "", kind: str = "") -> PartPlace:
    """Add a part, with its type and a relation that leads to it; {} in its content is the plant."""

    def put(parts: Parts, plant: str) -> None:
        if isinstance(content, bytes):
            parts[name] = content.replace(b"{}", plant.encode("utf-16-le"))
        else:
            parts[name] = content.replace("{}", escape(plant)).encode()
        if content_type:
            _declare(parts, f'<Override PartName="/{name}" ContentType="{content_type}"/>')
        if kind:
            _relate(parts, owner, f"/{name}", kind)

    return put


def _of_sheet(path: str, content: str | bytes, kind: str) -> PartPlace:
    return _new_part(f"xl/{path}", content, f"{_SHEET_TYPE}.{kind}", _SHEET, f"{_REL}/{kind.split('+')[0]}")


def _of_book(path: str, content: str, kind: str) -> PartPlace:
    return _new_part(f"xl/{path}", content, f"{_SHEET_TYPE}.{kind}+xml", _BOOK, f"{_REL}/{kind}")


def _drawing(*, alternative: str = "x", box: str = "x") -> PartPlace:
    """A text box on the sheet, with an alternative text."""
    corner = "<xdr:col>0</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>30</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    shape = (
        '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        f"<xdr:twoCellAnchor><xdr:from>{corner}</xdr:from><xdr:to>{corner}</xdr:to>"
        '<xdr:sp macro="" textlink=""><xdr:nvSpPr>'
        f'<xdr:cNvPr id="2" name="Box 1" descr="{alternative}" title="{alternative}"/><xdr:cNvSpPr txBox="1"/>'
        "</xdr:nvSpPr><xdr:spPr/><xdr:txBody><a:bodyPr/>"
        f"<a:p><a:r><a:t>{box}</a:t></a:r></a:p>"
        "</xdr:txBody></xdr:sp><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
    )

    def put(parts: Parts, plant: str) -> None:
        name, content_type = "xl/drawings/drawing9.xml", "application/vnd.openxmlformats-officedocument.drawing+xml"
        _new_part(name, shape, content_type)(parts, plant)
        relation = _relate(parts, _SHEET, f"/{name}", f"{_REL}/drawing")
        _before(_SHEET, "</worksheet>", f'<drawing xmlns:r="{_REL}" r:id="{relation}"/>')(parts, plant)

    return put


def _png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _picture(parts: Parts, plant: str) -> None:
    """A picture of one dot with a remark in it, beside a drawing on the sheet."""
    parts["xl/media/image1.png"] = (
        b"\x89PNG\r\n\x1a\n"
        + _png_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + _png_chunk(b"iTXt", b"Author\0\0\0\0\0" + plant.encode())
        + _png_chunk(b"IDAT", zlib.compress(b"\0\0"))
        + _png_chunk(b"IEND", b"")
    )
    _declare(parts, '<Default Extension="png" ContentType="image/png"/>')
    _drawing()(parts, "")
    _relate(parts, "xl/drawings/drawing9.xml", "/xl/media/image1.png", f"{_REL}/image")


def _threaded_comment(*, text: str = "x", author: str = "x") -> PartPlace:
    """A comment as Excel writes it today, and the list of persons who comment."""
    space = f"{_OFFICE}/spreadsheetml/2018/threadedcomments"
    comment = _new_part(
        "xl/threadedComments/threadedComment1.xml",
        f'<ThreadedComments xmlns="{space}">'
        f'<threadedComment ref="B4" dT="2025-01-01T00:00:00" personId="{{{_ID}}}" id="{{{_ID[:-1]}2}}">'
        f"<text>{text}</text></threadedComment></ThreadedComments>",
        f"{_EXCEL_TYPE}.threadedcomments+xml",
        _SHEET,
        f"{_OFFICE}/2017/10/relationships/threadedComment",
    )
    person = _new_part(
        "xl/persons/person.xml",
        f'<personList xmlns="{space}">'
        f'<person displayName="{author}" id="{{{_ID}}}" userId="{author}" providerId="None"/></personList>',
        f"{_EXCEL_TYPE}.person+xml",
        _BOOK,
        f"{_OFFICE}/2017/10/relationships/person",
    )

    def put(parts: Parts, plant: str) -> None:
        comment(parts, plant)
        person(parts, plant)

    return put


def _external_link(parts: Parts, plant: str) -> None:
    """A link to another workbook: its path, the name of its sheet, and a value remembered from it."""
    name = "externalLinks/externalLink1.xml"
    relation = _relate(parts, f"xl/{name}", f"file:///C:/{plant}.xlsx", f"{_REL}/externalLinkPath", external=True)
    content = (
        f'<externalLink xmlns="{_MAIN}" xmlns:r="{_REL}"><externalBook r:id="{relation}">'
        '<sheetNames><sheetName val="{}"/></sheetNames><sheetDataSet><sheetData sheetId="0">'
        '<row r="1"><cell r="A1" t="str"><v>{}</v></cell></row>'
        "</sheetData></sheetDataSet></externalBook></externalLink>"
    )
    _of_book(name, content, "externalLink")(parts, plant)


_PIVOT_CACHE = (
    f'<pivotCacheDefinition xmlns="{_MAIN}" refreshedBy="{{}}" recordCount="0">'
    '<cacheSource type="worksheet"><worksheetSource ref="A2:B5" sheet="x"/></cacheSource>'
    '<cacheFields count="1"><cacheField name="{}"><sharedItems count="1"><s v="{}"/></sharedItems></cacheField>'
    "</cacheFields></pivotCacheDefinition>"
)
_CONNECTIONS = (
    f'<connections xmlns="{_MAIN}"><connection id="1" name="{{}}" type="1" refreshedVersion="6">'
    '<dbPr connection="DSN={}"/></connection></connections>'
)
_USERS = (
    f'<users xmlns="{_MAIN}"><userInfo guid="{{{_ID}}}" name="{{}}" id="1" dateTime="2025-01-01T00:00:00"/></users>'
)
_VOLATILE = (
    f'<volTypes xmlns="{_MAIN}"><volType type="realTimeData"><main first="{{}}">'
    '<tp t="s"><v>{}</v><tr r="A1" s="1"/></tp></main></volType></volTypes>'
)
_RIBBON = (
    f'<customUI xmlns="{_OFFICE}/2006/01/customui"><ribbon><tabs><tab id="x" label="{{}}"/></tabs></ribbon></customUI>'
)
_VIEW = (
    f'<customWorkbookViews><customWorkbookView name="{{}}" guid="{{{_ID}}}" windowWidth="9" windowHeight="9" '
    'activeSheetId="1"/></customWorkbookViews>'
)
_FAR_CELL = '<row r="900"><c r="ZZ900" t="inlineStr"><is><t>{}</t></is></c></row></sheetData>'
_FORMULA = '<row r="901"><c r="C901" t="str"><f>A1</f><v>{}</v></c></row></sheetData>'
_RANGE = '</sheetData><protectedRanges><protectedRange name="{}" sqref="A1"/></protectedRanges>'

PART_PLACES: dict[str, PartPlace] = {
    "app property: company": _before(_APP, "</Properties>", "<Company>{}</Company>"),
    "app property: manager": _before(_APP, "</Properties>", "<Manager>{}</Manager>"),
    "app property: base of links": _before(_APP, "</Properties>", "<HyperlinkBase>{}</HyperlinkBase>"),
    "app property: template": _before(_APP, "</Properties>", "<Template>{}</Template>"),
    "theme: name": _in_place_of("xl/theme/theme1.xml", 'name="Office Theme"', 'name="{}"'),
    "theme: name of fonts": _in_place_of(
        "xl/theme/theme1.xml", '<a:fontScheme name="Office">', '<a:fontScheme name="{}">'
    ),
    "styles: a font's name": _in_place_of("xl/styles.xml", '<name val="Calibri"/>', '<name val="{}"/>'),
    "strings: of no cell": _before(_STRINGS, "</sst>", "<si><t>{}</t></si>"),
    "strings: how it is spoken": _before(_STRINGS, "</sst>", '<si><t>x</t><rPh sb="0" eb="1"><t>{}</t></rPh></si>'),
    "strings: a remark in the XML": _before(_STRINGS, "</sst>", "<!-- {} -->"),
    "sheet: an inline string of another column": _in_place_of(_SHEET, "</sheetData>", _FAR_CELL),
    "sheet: result of a formula": _in_place_of(_SHEET, "</sheetData>", _FORMULA),
    "sheet: a remark in the XML": _before(_SHEET, "</worksheet>", "<!-- {} -->"),
    "sheet: an instruction in the XML": _before(_SHEET, "</worksheet>", "<?x {} ?>"),
    "sheet: an extension": _before(
        _SHEET, "</worksheet>", '<extLst><ext uri="x"><x:t xmlns:x="urn:x">{}</x:t></ext></extLst>'
    ),
    "sheet: a protected range": _in_place_of(_SHEET, "</sheetData>", _RANGE),
    "book: who holds it": _in_place_of(_BOOK, "<workbookPr", '<fileSharing userName="{}"/><workbookPr'),
    "book: path of its folder": _before(
        _BOOK, "</workbook>", '<extLst><ext uri="x"><x:absPath xmlns:x="urn:x" url="C:\\Users\\{}\\"/></ext></extLst>'
    ),
    "book: a view of one's own": _before(_BOOK, "</workbook>", _VIEW),
    "threaded comment: text": _threaded_comment(text="{}"),
    "threaded comment: author": _threaded_comment(author="{}"),
    "drawing: text box": _drawing(box="{}"),
    "drawing: alternative text": _drawing(alternative="{}"),
    "picture: remark inside": _picture,
    "pivot cache": _of_book("pivotCache/pivotCacheDefinition1.xml", _PIVOT_CACHE, "pivotCacheDefinition"),
    "external link": _external_link,
    "custom XML": _new_part(
        "customXml/item1.xml", "<d xmlns='urn:x'><name>{}</name></d>", "", _BOOK, f"{_REL}/customXml"
    ),
    "printer settings": _of_sheet("printerSettings/printerSettings1.bin", b"\1\0{}\0\0", "printerSettings"),
    "connection": _of_book("connections.xml", _CONNECTIONS, "connections"),
    "query table": _of_sheet(
        "queryTables/queryTable1.xml", f'<queryTable xmlns="{_MAIN}" name="{{}}" connectionId="1"/>', "queryTable+xml"
    ),
    "users of a shared book": _of_book("revisions/userNames.xml", _USERS, "usernames"),
    "volatile dependencies": _of_book("volatileDependencies.xml", _VOLATILE, "volatileDependencies"),
    "embedded object": _new_part(
        "xl/embeddings/oleObject1.bin",
        _CONTAINER + b"{}",
        "application/vnd.openxmlformats-officedocument.oleObject",
        _SHEET,
        f"{_REL}/oleObject",
    ),
    "thumbnail": _new_part(
        "docProps/thumbnail.jpeg",
        b"\xff\xd8\xff\xfe\0\x40{}\xff\xd9",
        "image/jpeg",
        "",
        f"{_PACKAGE}/metadata/thumbnail",
    ),
    "ribbon": _new_part(
        "customUI/customUI.xml", _RIBBON, "application/xml", "", f"{_OFFICE}/2006/relationships/ui/extensibility"
    ),
    "a part that nothing names": _new_part("xl/notes.xml", "<x>{}</x>", "application/xml"),
    "name of a part": lambda parts, plant: parts.__setitem__(f"customXml/{plant.replace('/', '-')}.xml", b"<x/>"),
}
"""Places in the zip's parts."""


def share_strings(parts: Parts) -> None:
    """Move the texts of cells into the part where Excel keeps them; openpyxl leaves them in their cells."""
    strings: list[str] = []

    def shared(found: re.Match[str]) -> str:
        strings.append(f"<si>{found[2]}</si>")
        return f'{found[1]} t="s"><v>{len(strings) - 1}</v></c>'

    for name in [one for one in parts if one.startswith("xl/worksheets/sheet")]:
        sheet = re.sub(r'(<c [^>]*?) t="inlineStr"><is>(.*?)</is></c>', shared, parts[name].decode())
        parts[name] = sheet.encode()
    _of_book("sharedStrings.xml", f'<sst xmlns="{_MAIN}">{"".join(strings)}</sst>', "sharedStrings")(parts, "")


def as_macro_book(parts: Parts, plant: str) -> None:
    """Make an .xlsm of it, whose macros say the plant."""
    parts[_TYPES] = parts[_TYPES].replace(
        f"{_SHEET_TYPE}.sheet.main+xml".encode(), f"{_EXCEL_TYPE}.sheet.macroEnabled.main+xml".encode()
    )
    source = _CONTAINER + b"\0" * 64 + f"' {plant}\r\nSub x()\r\nEnd Sub".encode() + b"{}"
    kind = f"{_OFFICE}/2006/relationships/vbaProject"
    _new_part("xl/vbaProject.bin", source, f"{_EXCEL_TYPE}.vbaProject", _BOOK, kind)(parts, plant)


def _rezipped(data: bytes, *, remark: bytes = b"", extra: bytes = b"") -> bytes:
    """The same zip, with a remark and an extra field at its first entry."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for place, entry in enumerate(old.infolist()):
            if not place:
                entry.comment, entry.extra = remark, extra
            new.writestr(entry, old.read(entry.filename))
    return target.getvalue()


def _with_remark(data: bytes, plant: str) -> bytes:
    text = plant.encode()
    return data[:-2] + struct.pack("<H", len(text)) + text


ZIP_PLACES: dict[str, Callable[[bytes, str], bytes]] = {
    "zip: remark": _with_remark,
    "zip: remark of an entry": lambda data, plant: _rezipped(data, remark=plant.encode()),
    "zip: extra field of an entry": lambda data, plant: _rezipped(
        data, extra=struct.pack("<HH", 0xCAFE, len(plant.encode())) + plant.encode()
    ),
    "zip: before the beginning": lambda data, plant: plant.encode() + data,
    "zip: behind the end": lambda data, plant: data + plant.encode(),
}
"""Places of a zip that are in no part."""
