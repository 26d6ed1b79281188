"""The guard: what a file is, and whether a parser may touch it at all.

Belongs here: rules over the file's bytes and the parts of its zip, before any parser runs: size, magic, damage, bombs,
passwords, the workbook's own list of sheets. Every step has a limit. What a file holds besides its cells (macros,
pictures, pivots, comments, links to other files, parts of any name) is neither refused nor read.
Does not belong here: the cells of a sheet (`sheet_scan.py`, `ods_scan.py`, `old_excel/xls_scan.py`), the zip format
itself (`safe_zip.py`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.files.file_facts import Guarded, SheetFacts
from ingestion.files.ods_scan import is_open_document, scan_open_document
from ingestion.files.old_excel.xls_scan import scan_old_excel
from ingestion.files.safe_zip import Archive, Stop
from ingestion.files.shared_texts import blank_texts
from ingestion.files.sheet_scan import scan_sheet
from ingestion.files.xml_parts import local_name, parse
from ingestion.findings import Finding
from ingestion.storage import is_of_the_disk

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_FILE_BYTES = 50_000_000

SEALED_AS_TEXT = b"-----BEGIN AGE ENCRYPTED FILE-----"
"""How a file that age sealed begins if it was written as text (`age -a`)."""
_SEALED_STARTS = (b"age-encryption.org/", SEALED_AS_TEXT)
_BLANK = b"\xef\xbb\xbf \t\r\n"
_PROGRAM_STARTS = (
    b"MZ",  # Windows
    b"\x7fELF",  # Linux
    b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe",  # macOS; Java too
    b"L\x00\x00\x00\x01\x14\x02\x00",  # a shortcut, which starts one
)  # fmt: skip

_SHEETS_WITHOUT_CELLS = ("chartsheet", "dialogsheet")


def guard(data: bytes) -> Guarded:
    """Return what `data` is and why it must not be parsed, if so. Anything unforeseen is `unreadable`.

    Raises:
        OSError: the disk of this machine failed; no file is refused for that.
    """
    try:
        form = _form_of(data)
        if form == "xls":
            return scan_old_excel(data)
        return _guard_zip(Archive(data)) if form == "zip" else Guarded(form)
    except Stop as stop:
        return Guarded(findings=[stop.finding])
    except Exception as error:  # any exception from a damaged or hostile file means: refused, unreadable
        if is_of_the_disk(error):
            raise
        return Guarded(findings=[Finding("refuse", "unreadable")])


def is_sealed(data: bytes) -> bool:
    """Return whether `data` was sealed with age: its beginning says so, whatever the file is called."""
    return data[:1024].lstrip(_BLANK).startswith(_SEALED_STARTS)


def _form_of(data: bytes) -> str:
    """Return `zip`, `xls` or `csv` by the first bytes; the file name proves nothing."""
    if not data.strip(b"\x00" + _BLANK):
        raise Stop("empty_file")
    if len(data) > MAX_FILE_BYTES:
        raise Stop("file_too_large", limit=str(MAX_FILE_BYTES // 1_000_000))
    if data.startswith(b"PK\x03\x04"):
        return "zip"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Stop("encrypted")
        return "xls"
    _refuse_other_kinds(data)
    return "csv"


def _refuse_other_kinds(data: bytes) -> None:
    if is_sealed(data):
        raise Stop("still_sealed")
    if _is_program(data):
        raise Stop("is_program")
    head = data[:1024].lstrip(_BLANK).lower()
    if head.startswith((b"%pdf", b"{\\rtf", b"<", b"\x89png", b"\xff\xd8\xff", b"gif8", b"\x1f\x8b", b"7z", b"rar!")):
        raise Stop("not_a_workbook")


def _is_program(data: bytes) -> bool:
    """Return whether data is a program: no advice to save it from Excel helps, and it should not be opened."""
    is_script = data.startswith(b"#!/")
    return is_script or (data.startswith(_PROGRAM_STARTS) and b"\x00" in data[:1024])


def _guard_zip(archive: Archive) -> Guarded:
    if is_open_document(archive):
        return scan_open_document(archive)
    if "xl/workbook.bin" in archive.names:
        raise Stop("format_later")
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= set(archive.names):
        raise Stop("not_a_workbook")
    return _guard_workbook(archive)


def _guard_workbook(archive: Archive) -> Guarded:
    """Return the facts of an Excel workbook, of the sheets that its list names and that have cells."""
    workbook = parse(archive, "xl/workbook.xml")
    relations = {relation.get("Id", ""): relation for relation in parse(archive, "xl/_rels/workbook.xml.rels")}
    guarded, must_recalculate, blank = Guarded("xlsx"), False, blank_texts(archive)
    listed: list[tuple[str, str, bool]] = []
    for element in workbook.iter():
        name = local_name(element.tag)
        if name == "calcPr":
            must_recalculate = element.get("fullCalcOnLoad", "0") in ("1", "true")
        elif name == "workbookPr":
            guarded.from_1904 = element.get("date1904", "0") in ("1", "true", "on")
        elif name == "sheet":
            relation = relations.get(_relation_id(element))
            if relation is None:
                raise Stop("unreadable")
            if not relation.get("Type", "").endswith(_SHEETS_WITHOUT_CELLS):
                is_hidden = element.get("state", "visible") != "visible"
                listed.append((element.get("name", ""), _part_of(relation), is_hidden))
    for number, (name, part, is_hidden) in enumerate(listed, start=1):
        facts = SheetFacts(name, number, is_hidden)
        scan_sheet(archive.stream(part), facts, must_recalculate=must_recalculate, blank_texts=blank)
        guarded.sheets.append(facts)
    guarded.end_sheets()
    return guarded


def _relation_id(element: Element) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == "id"), "")


def _part_of(relation: Element) -> str:
    target = relation.get("Target", "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
