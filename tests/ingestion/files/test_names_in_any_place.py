"""A name of two parts in each place that the standards of workbooks and zip files offer: none is let in.

The places come from ECMA-376 (SpreadsheetML, packages), OpenDocument 1.3 and the zip format, not from the code.
"""

from __future__ import annotations

import datetime
import io
import re
import struct
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from ingestion.entry.file_check import examine
from tests.ingestion.workbooks import saved_by_office, victim, victims, xlsx

MINISTRY = "iraq_interior_ministry"
NAME = "عمر الموسوي"
PLAIN = NAME.encode()
SHEET, BOOK, STYLES, SHARED = (
    f"xl/{part}.xml" for part in ("worksheets/sheet1", "workbook", "styles", "sharedStrings")
)
CORE, APP, TYPES, LINKS = "docProps/core.xml", "docProps/app.xml", "[Content_Types].xml", "_rels/.rels"

Parts = Mapping[str, bytes]


def _verdict(data: bytes, name: str = "x.xlsx") -> str:
    return examine(data, name, MINISTRY, today=datetime.date(2025, 6, 1)).verdict


def _good() -> bytes:
    return xlsx({"الضحايا": victims(victim(1), victim(2))})


def _parts(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def _packed(parts: Parts, *, extra: bytes = b"", remark: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for number, (name, content) in enumerate(parts.items()):
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            if number == 1:
                info.extra, info.comment = extra, remark
            package.writestr(info, content)
    return stream.getvalue()


def _in_root(content: bytes, text: str) -> bytes:
    place = content.index(b"<", content.index(b"?>"))
    match = re.match(rb"<[\w:.-]+", content[place:])
    assert match
    return content[: place + match.end()] + text.encode() + content[place + match.end() :]


def _at_end(content: bytes, text: str) -> bytes:
    place = content.rindex(b"</")
    return content[:place] + text.encode() + content[place:]


IN_ANY_PART: Mapping[str, Callable[[bytes], bytes]] = {
    "an instruction": lambda content: content + f"<?note {NAME}?>".encode(),
    "an unknown attribute": lambda content: _in_root(content, f' note="{NAME}"'),
    "a namespace": lambda content: _in_root(content, f' xmlns:q="urn:{NAME}"'),
    "stray text": lambda content: _at_end(content, NAME),
    "text as numbers of letters": lambda content: _at_end(content, "".join(f"&#{ord(letter)};" for letter in NAME)),
    "an unknown element": lambda content: _at_end(content, f"<note>{NAME}</note>"),
    "the name of an element": lambda content: _at_end(content, f"<{NAME.replace(' ', '_')}/>"),
    "a section": lambda content: _at_end(content, f"<![CDATA[{NAME}]]>"),
}
COMMENT: Mapping[str, Callable[[bytes], bytes]] = {"a comment": lambda content: content + f"<!-- {NAME} -->".encode()}

IN_WORKBOOKS: Mapping[str, tuple[str, str, str]] = {
    "a row": (SHEET, '<row r="4"', f'<row note="{NAME}" r="4"'),
    "a cell": (SHEET, '<c r="B4"', f'<c note="{NAME}" r="B4"'),
    "between cells": (SHEET, '<c r="B4"', f'{NAME}<c r="B4"'),
    "in a cell": (SHEET, '<c r="B4" t="s">', f'<c r="B4" t="s">{NAME}'),
    "a formula": (SHEET, '<c r="B4" t="s">', f'<c r="B4" t="s"><f>"{NAME}"</f>'),
    "a value's attribute": (SHEET, '<c r="B4" t="s"><v>', f'<c r="B4" t="s"><v note="{NAME}">'),
    "an extension of a cell": (SHEET, '<c r="B4" t="s">', f'<c r="B4" t="s"><extLst><ext uri="{NAME}"/></extLst>'),
    "a code name": (SHEET, "<dimension", f'<sheetPr codeName="{NAME}"/><dimension'),
    "a header": (SHEET, "</sheetData>", f"</sheetData><headerFooter><oddHeader>{NAME}</oddHeader></headerFooter>"),
    "a filter": (
        SHEET,
        "</sheetData>",
        f'</sheetData><autoFilter ref="A3:B4"><filterColumn colId="0"><filters><filter val="{NAME}"/></filters>'
        "</filterColumn></autoFilter>",
    ),
    "a smart tag": (
        SHEET,
        "</sheetData>",
        '</sheetData><smartTags><cellSmartTags r="A1"><cellSmartTag type="0">'
        f'<cellSmartTagPr key="k" val="{NAME}"/></cellSmartTag></cellSmartTags></smartTags>',
    ),
    "a watched cell": (SHEET, "</sheetData>", f'</sheetData><cellWatches><cellWatch r="{NAME}"/></cellWatches>'),
    "a defined name": (
        BOOK,
        "</sheets>",
        f'</sheets><definedNames><definedName name="a" comment="{NAME}">1</definedName></definedNames>',
    ),
    "who shares the file": (BOOK, "<workbookPr", f'<fileSharing userName="{NAME}"/><workbookPr'),
    "a view": (
        BOOK,
        "</sheets>",
        f'</sheets><customWorkbookViews><customWorkbookView name="{NAME}" guid="x"/></customWorkbookViews>',
    ),
    "a phonetic run": (SHARED, "</t></si>", f'</t><rPh sb="0" eb="1"><t>{NAME}</t></rPh></si>'),
    "a text of no cell": (SHARED, "</sst>", f"<si><t>{NAME}</t></si></sst>"),
    "between texts": (SHARED, "<si>", f"{NAME}<si>"),
    "a font": (STYLES, '<name val="', f'<name val="{NAME}"/><name val="'),
    "a style": (STYLES, '<cellStyle name="Normal"', f'<cellStyle name="{NAME}"'),
    "a theme": ("xl/theme/theme1.xml", 'name="Office', f'name="{NAME}'),
    "a template": (APP, "</Properties>", f"<Template>{NAME}</Template></Properties>"),
    "who saved it": (
        CORE,
        "</cp:coreProperties>",
        f"<cp:lastModifiedBy>{NAME}</cp:lastModifiedBy></cp:coreProperties>",
    ),
    "an id of a link": (
        LINKS,
        "</Relationships>",
        f'<Relationship Id="{NAME}" Type="urn:x" Target="xl/workbook.xml"/></Relationships>',
    ),
    "a type of parts": (TYPES, "</Types>", f'<Default Extension="{NAME}" ContentType="a/b"/></Types>'),
}

IN_DOCUMENTS: Mapping[str, tuple[str, str]] = {
    "a table's attribute": ("<table:table ", f'<table:table note="{NAME}" '),
    "a table's title": ("<table:table-column", f"<table:title>{NAME}</table:title><table:table-column"),
    "a row": ("<table:table-row ", f'<table:table-row note="{NAME}" '),
    "between cells": ("<table:table-cell ", f"{NAME}<table:table-cell "),
    "a cell's text of its own": ("<table:table-cell ", f'<table:table-cell office:string-value="{NAME}" '),
    "in a cell": ("<text:p>", f"{NAME}<text:p>"),
    "how a word is spoken": (
        "<text:p>",
        f"<text:p><text:ruby><text:ruby-base>a</text:ruby-base><text:ruby-text>{NAME}</text:ruby-text></text:ruby>",
    ),
    "a hidden text": ("<text:p>", f'<text:p><text:hidden-text text:string-value="{NAME}" text:condition="1"/>'),
    "a comment in a cell": ("<text:p>", f"<text:p><!--{NAME}-->"),
    "a named range": (
        "</office:spreadsheet>",
        f'<table:named-expressions><table:named-range table:name="{NAME}" table:cell-range-address="a"/>'
        "</table:named-expressions></office:spreadsheet>",
    ),
    "a tracked change": (
        "<office:spreadsheet>",
        '<office:spreadsheet><table:tracked-changes><table:cell-content-change table:id="c"><office:change-info>'
        f"<dc:creator>{NAME}</dc:creator></office:change-info></table:cell-content-change></table:tracked-changes>",
    ),
}


@pytest.mark.parametrize("place", [*IN_ANY_PART, *COMMENT])
def test_no_part_of_a_workbook_carries_a_name(place: str):
    parts = _parts(_good())
    change = (IN_ANY_PART | COMMENT)[place]
    let_in = [part for part in parts if _verdict(_packed({**parts, part: change(parts[part])})) == "accepted"]
    assert let_in == []


@pytest.mark.parametrize("place", IN_WORKBOOKS)
def test_no_place_of_a_workbook_carries_a_name(place: str):
    parts = _parts(_good())
    part, old, new = IN_WORKBOOKS[place]
    assert old.encode() in parts[part]
    assert _verdict(_packed({**parts, part: parts[part].replace(old.encode(), new.encode(), 1)})) != "accepted"


@pytest.mark.parametrize("header", [0x0001, 0x000A, 0x0017, 0x5455, 0x5855, 0x6375, 0x7075, 0x7875, 0x9999, 0xA220])
@pytest.mark.parametrize("before", [b"", b"\x01" + b"\0" * 8])
def test_no_extra_field_of_a_zip_carries_a_name(header: int, before: bytes):
    field = struct.pack("<HH", header, len(before + PLAIN)) + before + PLAIN
    assert _verdict(_packed(_parts(_good()), extra=field)) != "accepted"


def _between() -> bytes:
    data = _good()
    end = data.rindex(b"PK\x05\x06")
    (start,) = struct.unpack("<I", data[end + 16 : end + 20])
    moved = data[end : end + 16] + struct.pack("<I", start + len(PLAIN)) + data[end + 20 :]
    return data[:start] + PLAIN + data[start:end] + moved


def _behind_a_packed_part() -> bytes:
    """Bytes behind the last block of a part's deflate stream, inside of its stated size."""
    body, directory, parts = b"", b"", _parts(_good())
    for name, content in parts.items():
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = deflate.compress(content) + deflate.flush() + (PLAIN if name == CORE else b"")
        sizes = (8, 0, 0x5821, zlib.crc32(content), len(packed), len(content), len(name.encode()), 0)
        directory += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, *sizes, 0, 0, 0, 0, len(body))
        directory += name.encode()
        body += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, *sizes) + name.encode() + packed
    count = len(parts)
    return body + directory + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)


def _twice() -> bytes:
    stream = io.BytesIO(_good())
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as package:
        warnings.simplefilter("ignore")
        package.writestr(SHEET, _parts(_good())[SHEET] + f"<!--{NAME}-->".encode())
    return stream.getvalue()


def _remark_of_the_zip() -> bytes:
    stream = io.BytesIO(_good())
    with zipfile.ZipFile(stream, "a") as package:
        package.comment = PLAIN
    return stream.getvalue()


@pytest.mark.parametrize(
    "built",
    [
        _between,
        _behind_a_packed_part,
        _twice,
        _remark_of_the_zip,
        lambda: _packed(_parts(_good()), remark=PLAIN),
        lambda: PLAIN + _good(),
        lambda: _good() + PLAIN,
        lambda: _packed({**_parts(_good()), "customXml/item1.xml": f"<a>{NAME}</a>".encode()}),
        lambda: _packed({**_parts(_good()), f"{NAME}.xml": b"<a/>"}),
        lambda: _packed({**_parts(_good()), "xl/printerSettings/printerSettings1.bin": NAME.encode("utf-16-le")}),
    ],
)
def test_no_place_of_a_zip_carries_a_name(built: Callable[[], bytes]):
    assert _verdict(built()) != "accepted"


@cache
def _saved_as(form: str) -> bytes:
    """The good workbook as LibreOffice saves it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "good.xlsx").write_bytes(_good())
        return saved_by_office(Path(folder) / "good.xlsx", Path(folder) / "saved", form)


@pytest.mark.needs_calc
@pytest.mark.parametrize("place", IN_ANY_PART)
def test_no_part_of_an_open_document_carries_a_name(place: str):
    parts = _parts(_saved_as("ods"))
    assert _verdict(_packed(parts), "x.ods") == "accepted"
    let_in = [
        part
        for part, content in parts.items()
        if content.startswith(b"<?xml")
        and b"</" in content
        and _verdict(_packed({**parts, part: IN_ANY_PART[place](content)}), "x.ods") == "accepted"
    ]
    assert let_in == []


@pytest.mark.needs_calc
@pytest.mark.parametrize("place", IN_DOCUMENTS)
def test_no_place_of_an_open_document_carries_a_name(place: str):
    parts = _parts(_saved_as("ods"))
    old, new = (text.encode() for text in IN_DOCUMENTS[place])
    assert old in parts["content.xml"]
    changed = parts["content.xml"].replace(old, new, 1)
    assert _verdict(_packed({**parts, "content.xml": changed}), "x.ods") != "accepted"


@pytest.mark.needs_calc
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "windows-1256"])
def test_no_name_stands_behind_an_old_workbook(encoding: str):
    assert _verdict(_saved_as("xls"), "x.xls") == "accepted"
    assert _verdict(_saved_as("xls") + NAME.encode(encoding), "x.xls") != "accepted"


@pytest.mark.needs_calc
@pytest.mark.parametrize("form", ["xlsx", "xls"])
def test_an_ordinary_workbook_of_another_program_is_let_in(form: str, tmp_path: Path):
    book = openpyxl.Workbook()
    sheet = book.create_sheet("الضحايا", 0)
    for row in victims(victim(1), victim(2)):
        sheet.append(row)
    sheet.freeze_panes = "A4"
    sheet.sheet_view.rightToLeft = True
    sheet.column_dimensions["B"].width = 40
    sheet["A1"].font = openpyxl.styles.Font(bold=True, name="Sakkal Majalla")
    book.save(tmp_path / "typed.xlsx")
    assert _verdict((tmp_path / "typed.xlsx").read_bytes()) == "accepted"
    assert _verdict(saved_by_office(tmp_path / "typed.xlsx", tmp_path / "saved", form), f"x.{form}") == "accepted"
