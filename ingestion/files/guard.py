"""The guard: what a file is, and whether a parser may touch it at all.

Belongs here: rules over the file's bytes and the parts of its zip, before any parser runs: size, magic, damage, bombs,
active and hidden parts, the workbook's own list of sheets. Every step has a limit; anything not known to be harmless is
refused.
Does not belong here: the cells of a sheet (`sheet_scan.py`), texts outside them (`noncell_text.py`), the zip format
itself (`safe_zip.py`), personal values (`personal_data.py`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingestion.files.cell_styles import read_styles
from ingestion.files.file_facts import Guarded, SheetFacts, is_blank
from ingestion.files.noncell_text import (
    MAX_SMALL_PART_BYTES,
    NonCellText,
    local_name,
    parse,
    read_comments,
    read_drawings,
    read_links,
    read_printers,
    read_properties,
    read_tables,
)
from ingestion.files.ods_scan import is_open_document, scan_open_document
from ingestion.files.old_excel.xls_scan import scan_old_excel
from ingestion.files.part_texts import drop_program_texts, squeeze_all, texts_of_drawings, texts_of_persons
from ingestion.files.safe_zip import Archive, Stop
from ingestion.files.shared_texts import STRINGS_PART, read_shared_texts
from ingestion.files.sheet_scan import scan_sheet
from ingestion.findings import Finding
from ingestion.personal.personal_text import sheet_label
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

# A part's name in lower case decides; the first match counts, and a part that matches nothing is refused.
_FORBIDDEN_PARTS = (
    ("macro", re.compile(r"vbaproject|vbadata|xl/macrosheets/|xl/dialogsheets/")),
    ("external_link", re.compile(r"xl/(externallinks|querytables)/|xl/connections\.xml|xl/model/")),
    ("pivot_cache", re.compile(r"xl/(pivotcache|pivottables|slicer|timeline)")),
    ("change_history", re.compile(r"xl/(revisions/|usernames)")),
    (
        "embedded_content",
        re.compile(
            r"xl/(embeddings|activex|ctrlprops|media|charts|chartsheets|diagrams|webextensions)/|docprops/thumbnail"
        ),
    ),
)
_REMARKS = ("comment", "description", "help", "statusBar", "customMenu")  # free text of a defined name
_ALLOWED_PARTS = re.compile(
    r"\[content_types\]\.xml|(_rels|docprops|customxml|docmetadata)/[^.]*(\.[a-z]+)?\.(rels|xml)"
    r"|xl/(workbook|styles|sharedstrings|calcchain|metadata)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(worksheets|theme|tables|drawings|persons|comments|threadedcomments|featurepropertybag)/([^/]+\.xml|_rels/[^/]+\.rels)"
    r"|xl/comments\d*\.xml|xl/drawings/[^/]+\.vml|xl/printersettings/[^/]+\.bin"
)


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
    guarded = scan_open_document(archive) if is_open_document(archive) else _guard_workbook(archive)
    names = [facts.name for facts in guarded.sheets]
    guarded.beside = list(drop_program_texts(guarded.beside, names))
    return guarded


def _guard_workbook(archive: Archive) -> Guarded:
    _check_kind(archive)
    guarded = Guarded("xlsx")
    for name in archive.names:
        _check_part_name(name.lower())
        if name.endswith("/") and not any(other.startswith(name) for other in archive.names if other != name):
            raise Stop("unknown_part")  # an empty folder holds nothing but its name
    guarded.beside += [*read_drawings(archive), *read_links(archive), *read_properties(archive)]
    guarded.beside += [*read_tables(archive), *read_printers(archive)]
    _read_sheets(archive, guarded)
    read = [*(text.text for text in guarded.beside), *(facts.name for facts in guarded.sheets)]
    small = [name for name in archive.names if _is_small_part(name.lower())]
    known = squeeze_all(read)
    guarded.beside += [*texts_of_persons(archive, small, known), *texts_of_drawings(archive, known)]
    return guarded


def _is_small_part(name: str) -> bool:
    """Return whether a part is XML whose every text is read here; sheets and shared texts are read as streams."""
    return name.endswith((".xml", ".rels")) and not name.startswith("xl/worksheets/s") and name != STRINGS_PART


def _check_kind(archive: Archive) -> None:
    """Distinguish a workbook from other files that are zips."""
    names = set(archive.names)
    if "[Content_Types].xml" not in names:
        raise Stop("not_a_workbook")
    types = archive.read("[Content_Types].xml", MAX_SMALL_PART_BYTES)
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise Stop("macro")
    if "xl/workbook.bin" in names:
        raise Stop("format_later")
    if "xl/workbook.xml" not in names:
        raise Stop("not_a_workbook")


def _check_part_name(name: str) -> None:
    for kind, pattern in _FORBIDDEN_PARTS:
        if pattern.search(name):
            raise Stop(kind)
    if not name.endswith("/") and not _ALLOWED_PARTS.fullmatch(name):
        raise Stop("unknown_part")


def _read_sheets(archive: Archive, guarded: Guarded) -> None:
    workbook = parse(archive, "xl/workbook.xml")
    targets = {relation.get("Id", ""): _part_of(relation) for relation in parse(archive, "xl/_rels/workbook.xml.rels")}
    must_recalculate = _read_workbook_texts(workbook, guarded)
    styles, style_texts = read_styles(archive)
    guarded.beside += style_texts
    texts, stray_texts = read_shared_texts(archive)
    guarded.strings, guarded.beside = set(texts), guarded.beside + stray_texts
    blank = frozenset(b"%d" % place for place, text in enumerate(texts) if is_blank(text))
    labels: dict[str, str] = {}  # part -> sheet, as findings name it
    listed = [child for child in workbook.iter() if local_name(child) == "sheet"]
    for ordinal, element in enumerate(listed, start=1):
        name, part = element.get("name", ""), targets.get(_relation_id(element), "")
        label = sheet_label(name, ordinal)
        if element.get("state", "visible") != "visible":
            raise Stop("hidden_sheet", sheet=label)
        facts = SheetFacts(name, label)
        pieces = archive.stream(part)
        guarded.beside += scan_sheet(pieces, facts, must_recalculate=must_recalculate, styles=styles, blank_texts=blank)
        labels[part] = label
        guarded.sheets.append(facts)
    worksheets = {name for name in archive.names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name.lower())}
    if worksheets - set(labels):  # a sheet missing from the workbook's list, so that no program shows it
        raise Stop("hidden_sheet")
    guarded.end_sheets()
    comments, flags = read_comments(archive, labels)
    guarded.beside += comments
    guarded.findings += flags


def _read_workbook_texts(workbook: Element, guarded: Guarded) -> bool:
    """Collect the texts of the workbook part; return whether its formulas await calculation."""
    must_recalculate = False
    for element in workbook.iter():
        tag = local_name(element)
        if tag == "calcPr":
            must_recalculate = element.get("fullCalcOnLoad", "0") in ("1", "true")
        elif tag == "workbookPr":
            guarded.from_1904 = element.get("date1904", "0") in ("1", "true", "on")
        elif tag == "workbookView" and element.get("visibility", "visible") != "visible":
            raise Stop("hidden_sheet")
        elif tag == "definedName":
            remarks = (element.get(name, "") for name in ("name", *_REMARKS))
            guarded.beside += [NonCellText("text", text) for text in (*remarks, element.text or "") if text]
        elif tag == "fileSharing":
            guarded.beside.append(NonCellText("author", element.get("userName", "")))
    return must_recalculate


def _relation_id(element: Element) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == "id"), "")


def _part_of(relation: Element) -> str:
    target = relation.get("Target", "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
