"""Builders of good and hostile files, in memory; all persons and numbers in them are invented."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping

import xlsxwriter

from tests.ingestion.old_excel_files import compound

TOKEN = "k1:" + "0123456789abcdef" * 2
OTHER_TOKEN = "k1:" + "fedcba9876543210" * 2
HEADERS = ("ت", "رمز القضية", "رمز الشخص", "المحافظة", "الجنس", "العمر", "تاريخ الإخبار")
ROWS = (
    (1, TOKEN, TOKEN, "صلاح الدين", "أنثى", 17, "2024-03-05"),
    (2, OTHER_TOKEN, OTHER_TOKEN, "كربلاء المقدسة", "ذكر", 34, "٢٠٢٤/١١/٢٠"),
)
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"


def workbook(write: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None] | None = None) -> bytes:
    """Return a ministry's sheet, right to left: a merged title, a header, two rows; `write` may add to it."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("الضحايا")
    sheet.right_to_left()
    sheet.merge_range(0, 0, 0, 6, "جدول يبين ضحايا الاتجار بالبشر لسنة 2024")
    for number, row in enumerate((HEADERS, *ROWS), start=2):
        sheet.write_row(number, 0, row)
    if write:
        write(book, sheet)
    book.close()
    return stream.getvalue()


def rezip(
    data: bytes, *, change: Mapping[str, Callable[[bytes], bytes]] | None = None, add: Mapping[str, bytes] | None = None
) -> bytes:
    """Return the zip with some parts changed and some added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change[name](content) if change and name in change else content)
        for name, content in (add or {}).items():
            new.writestr(name, content)
    return stream.getvalue()


def in_part(name: str, old: bytes, new: bytes, data: bytes | None = None) -> bytes:
    """Return a workbook in one part of which `old` is replaced once by `new`; `old` must be there."""

    def replace(content: bytes) -> bytes:
        assert old in content, (name, old)
        return content.replace(old, new, 1)

    return rezip(data or workbook(), change={name: replace})


def with_part(name: str, content: bytes = b"<x/>") -> bytes:
    return rezip(workbook(), add={name: content})


def comma_separated(delimiter: str = ",", rows: tuple[tuple[object, ...], ...] = ROWS) -> str:
    return "".join(delimiter.join(map(str, row)) + "\r\n" for row in (HEADERS, *rows))


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def old_excel() -> bytes:
    """Return a workbook of Excel 95."""
    return compound([("Book", b"x")])


def open_document() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<office/>")
    return stream.getvalue()


def word_document() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return stream.getvalue()


def bomb() -> bytes:
    """Return a workbook of some 60 kB whose sheet inflates to 60 MB."""
    return in_part(SHEET, b"<sheetData>", b"<sheetData>" + b" " * 60_000_000)


def lying_size() -> bytes:
    """Return a workbook whose directory declares its sheet smaller than it inflates."""
    data = bytearray(workbook())
    place = data.rfind(SHEET.encode()) - 46  # the record of the central directory, behind all parts
    assert data[place : place + 4] == b"PK\x01\x02"
    size = struct.unpack_from("<I", data, place + 24)[0]
    struct.pack_into("<I", data, place + 24, size - 100)
    return bytes(data)


def flipped_bit() -> bytes:
    """Return a workbook whose sheet no longer has the checksum that its directory declares."""
    data = bytearray(workbook())
    place = data.rfind(SHEET.encode()) - 46
    checksum = struct.unpack_from("<I", data, place + 16)[0]
    struct.pack_into("<I", data, place + 16, checksum ^ 1)
    return bytes(data)


def zip_encrypted() -> bytes:
    data = bytearray(workbook())
    place = data.rfind(SHEET.encode()) - 46
    data[place + 8] |= 1
    return bytes(data)


def far_corner() -> bytes:
    """Return a workbook of 5 kB with cells at A1 and XFD1048576 only: a parser that trusts it asks for 512 GiB."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return in_part(SHEET, b"</sheetData>", far)


def cell_without_place() -> bytes:
    return in_part(SHEET, b"</sheetData>", b'<row r="9"><c><v>1</v></c></row></sheetData>')


def document_type() -> bytes:
    declaration = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'
    return in_part(SHEET, b"<worksheet", declaration)


def document_type_in_utf16() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
    return rezip(workbook(), change={SHEET: lambda _: text.encode("utf-16")})


def cut_element() -> bytes:
    return rezip(workbook(), change={SHEET: lambda content: content[: len(content) // 2]})


def hidden_sheet() -> bytes:
    def write(book: xlsxwriter.Workbook, _: xlsxwriter.worksheet.Worksheet) -> None:
        sheet = book.add_worksheet("x")
        sheet.write(0, 0, "خفي")
        sheet.hide()

    return workbook(write)


def very_hidden_sheet() -> bytes:
    return in_part("xl/workbook.xml", b'state="hidden"', b'state="veryHidden"', hidden_sheet())


def comment(text: str = "x", author: str = "") -> bytes:
    return workbook(lambda _, sheet: sheet.write_comment(3, 3, text, {"author": author}))


def threaded_comment(text: str, person: str) -> bytes:
    """Return a workbook with a thread of comments, which newer programs keep in parts of their own."""
    thread = f'<Threads><threadedComment ref="D4" personId="p"><text>{text}</text></threadedComment></Threads>'
    persons = f'<personList><person displayName="{person}" id="p"/></personList>'
    parts = {"xl/threadedComments/threadedComment1.xml": thread, "xl/persons/person.xml": persons}
    return rezip(comment(), add={name: content.encode() for name, content in parts.items()})


def uncalculated_formula() -> bytes:
    return in_part(SHEET, b"</sheetData>", b'<row r="9"><c r="A9"><f>SUM(A1:A2)</f><v></v></c></row></sheetData>')


def formula_to_recalculate() -> bytes:
    """Return what xlsxwriter makes of a formula: a stored 0 that no one has calculated."""
    return workbook(lambda _, sheet: sheet.write_formula(8, 0, "=SUM(A4:A5)"))


def calculated_formula() -> bytes:
    cell = b'<row r="9"><c r="A9"><f>SUM(A4:A5)</f><v>3</v></c></row></sheetData>'
    calculated = in_part("xl/workbook.xml", b' fullCalcOnLoad="1"', b"")
    grown = in_part(SHEET, b':G5"/>', b':G9"/>', calculated)  # the extent that the sheet states
    return in_part(SHEET, b"</sheetData>", cell, grown)


def two_directories() -> bytes:
    return workbook() + workbook()


def overlapping_parts() -> bytes:
    """Return a zip two of whose directory entries point at the same bytes."""
    data = bytearray(workbook())
    directory = data.find(b"PK\x01\x02")
    name_length, extra, remark = struct.unpack_from("<3H", data, directory + 28)
    record = bytes(data[directory : directory + 46 + name_length + extra + remark])
    twin = record.replace(record[46 : 46 + name_length], record[46 : 45 + name_length] + b"_")
    end = data.rfind(b"PK\x05\x06")
    entries, size = struct.unpack_from("<HI", data, end + 10)
    tail = bytearray(data[end:])
    struct.pack_into("<HHI", tail, 8, entries + 1, entries + 1, size + len(twin))
    return bytes(data[:end]) + twin + bytes(tail)


def png_named_workbook() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(100)


def mojibake() -> bytes:
    """Return Arabic of windows-1256 that was opened as windows-1252 and saved as UTF-8, with a letter lost."""
    spoilt = comma_separated(",", ROWS[:1]).encode("windows-1256").decode("windows-1252", errors="ignore")
    return spoilt.replace("\u00e3", "?").encode("utf-8")  # the letter mim


def twice_encoded() -> bytes:
    """Return Arabic of UTF-8 that was opened as windows-1256 and saved as UTF-8 again, with half a letter lost."""
    return comma_separated().encode("utf-8").decode("windows-1256").replace("\u00a7", "x", 1).encode()


def iso_8859_6() -> bytes:
    words = ("محافظة كربلاء المقدسة ومركز القضاء والنواحي التابعة لها", "الجهة المحال اليها الملف والموقف القانوني")
    return "\r\n".join(";".join(words) for _ in range(5)).encode("iso-8859-6")


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty_file"),
    "spaces": (lambda: b"\xef\xbb\xbf \r\n\r\n", "empty_file"),
    "pdf": (lambda: b"%PDF-1.7\n", "not_a_workbook"),
    "html": (lambda: b"\r\n<html><table><tr><td>1</td></tr></table></html>", "not_a_workbook"),
    "png": (png_named_workbook, "not_a_workbook"),
    "word": (word_document, "not_a_workbook"),
    "encrypted": (encrypted, "encrypted"),
    "zip_encrypted": (zip_encrypted, "encrypted"),
    "old_excel": (old_excel, "format_later"),
    "open_document": (open_document, "unreadable"),
    "truncated": (lambda: workbook()[:-300], "zip_damaged"),
    "flipped_bit": (flipped_bit, "zip_damaged"),
    "two_directories": (two_directories, "zip_damaged"),
    "lying_size": (lying_size, "zip_bomb"),
    "bomb": (bomb, "zip_bomb"),
    "many_parts": (lambda: rezip(workbook(), add={f"customXml/a{n}.xml": b"" for n in range(1200)}), "zip_bomb"),
    "overlap": (overlapping_parts, "zip_bomb"),
    "path": (lambda: with_part("../x.xml"), "zip_path"),
    "absolute_path": (lambda: with_part("/x.xml"), "zip_path"),
    "document_type": (document_type, "xml_dtd"),
    "document_type_in_utf16": (document_type_in_utf16, "xml_dtd"),
    "far_corner": (far_corner, "far_corner"),
    "cell_without_place": (cell_without_place, "cell_without_place"),
    "cut_element": (cut_element, ""),
    "program": (lambda: b"MZ\x90\x00\x03\x00\x00\x00" + bytes(range(256)) * 4, "is_program"),
    "program_of_linux": (lambda: b"\x7fELF\x02\x01\x01\x00" + bytes(64), "is_program"),
    "program_of_java": (lambda: b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + bytes(64), "is_program"),
    "script": (lambda: b"#!/bin/sh\necho\n", "is_program"),
    "nul_bytes": (lambda: b"a,b\r\n1,\x002\r\n", "nul_bytes"),
    "utf16_text": (lambda: comma_separated().encode("utf-16") + b"x", "csv_letter_cut"),
    "replacement_character": (lambda: "أ,ب\r\n\ufffd,2\r\n".encode(), "encoding_unclear"),
    "mojibake": (mojibake, "encoding_unclear"),
    "twice_encoded": (twice_encoded, "encoding_unclear"),
    "iso_8859_6": (iso_8859_6, "encoding_unclear"),
    "open_quote": (lambda: b'a,b\r\n1,"2\r\n3,4\r\n', "csv_damaged"),
    "random_bytes": (lambda: bytes(range(1, 256)) * 5, "encoding_unclear"),
}
"""Name of the case, its builder, the kind that refuses it (empty: any)."""
