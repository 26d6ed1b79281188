"""The guard: what a file is, and whether a parser may touch it at all.

Belongs here: rules over the file's bytes and the parts of its zip, before any parser runs: size, magic, damage, bombs,
active and hidden parts, the workbook's own list of sheets. Everything is bounded; what is not known to be harmless is
refused.
Does not belong here: the cells of a sheet (`sheet_scan.py`), the zip format itself (`archive.py`), personal values
(`privacy.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from defusedxml.ElementTree import fromstring

from ingestion.archive import Archive, Stop
from ingestion.findings import Finding
from ingestion.personal_text import sheet_label
from ingestion.sheet_scan import SheetFacts, scan_sheet

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_FILE_BYTES = 50_000_000
_MAX_SMALL_PART_BYTES = 8_000_000  # workbook.xml, relations, properties: far above what any program writes
_MAX_SHEETS = 200
_MAX_DEPTH = 50  # elements within elements; programs write fewer than ten

# A part's name in lower case decides; the first match counts, and a part that matches nothing is refused.
_FORBIDDEN_PARTS = (
    ("macro", re.compile(r"vbaproject|vbadata|xl/macrosheets/|xl/dialogsheets/")),
    ("external_link", re.compile(r"xl/(externallinks|querytables)/|xl/connections\.xml|xl/model/")),
    ("pivot_cache", re.compile(r"xl/(pivotcache|pivottables|slicer|timeline)")),
    ("comment", re.compile(r"xl/(threadedcomments/|comments)|xl/drawings/.*vmldrawing")),
    ("change_history", re.compile(r"xl/(revisions/|usernames)")),
    (
        "embedded_content",
        re.compile(
            r"xl/(embeddings|activex|ctrlprops|media|charts|chartsheets|diagrams|webextensions)/|docprops/thumbnail"
        ),
    ),
)
_ALLOWED_PARTS = re.compile(
    r"\[content_types\]\.xml|(_rels|docprops|customxml|docmetadata)/[^.]*(\.[a-z]+)?\.(rels|xml)"
    r"|xl/(workbook|styles|sharedstrings|calcchain|metadata)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(worksheets|theme|tables|drawings|persons|featurepropertybag)/([^/]+\.xml|_rels/[^/]+\.rels)|xl/printersettings/[^/]+\.bin"
)


@dataclass(frozen=True)
class Beside:
    """A text of the file that stands in no cell: an author, a page header, a link, a leftover. Privacy reads it too."""

    place: str  # "author" or "text"
    text: str
    sheet: str = ""  # as findings name it


@dataclass
class Guarded:
    """What the guard says of a file.

    Args:
        form: `xlsx`, `csv`, or empty when refused.
        findings: the first reason to refuse, else the flags.
        sheets: facts of each sheet, in the workbook's order.
        beside: texts outside the cells.
    """

    form: str = ""
    findings: list[Finding] = field(default_factory=list[Finding])
    sheets: list[SheetFacts] = field(default_factory=list[SheetFacts])
    beside: list[Beside] = field(default_factory=list[Beside])


def guard(data: bytes) -> Guarded:
    """Return what `data` is and what speaks against parsing it. Never raises: anything unforeseen is `unreadable`."""
    try:
        form = _form_of(data)
        return _guard_workbook(Archive(data)) if form == "xlsx" else Guarded(form)
    except Stop as stop:
        return Guarded(findings=[stop.finding])
    except Exception:  # whatever a damaged or hostile file provokes is an answer: refused, unreadable
        return Guarded(findings=[Finding("refuse", "unreadable")])


def _form_of(data: bytes) -> str:
    """Return `xlsx` or `csv` by the first bytes; the file's name proves nothing."""
    if not data.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise Stop("empty_file")
    if len(data) > MAX_FILE_BYTES:
        raise Stop("file_too_large", limit=str(MAX_FILE_BYTES // 1_000_000))
    if data.startswith(b"PK\x03\x04"):
        return "xlsx"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Stop("encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "format_later")
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"%pdf", b"{\\rtf", b"<", b"\x89png", b"\xff\xd8\xff", b"gif8", b"\x1f\x8b", b"7z", b"rar!")):
        raise Stop("not_a_workbook")
    return "csv"


def _guard_workbook(archive: Archive) -> Guarded:
    _check_kind(archive)
    guarded = Guarded("xlsx")
    for name in archive.names:
        _check_part_name(name.lower())
    for name in archive.names:
        if name.lower().startswith("xl/drawings/") or name.lower().startswith("xl/persons/"):
            _check_harmless_part(archive, name)
    _read_relations(archive, guarded)
    _read_properties(archive, guarded)
    _read_sheets(archive, guarded)
    return guarded


def _check_kind(archive: Archive) -> None:
    """Tell a workbook from the other things that come in a zip."""
    names = set(archive.names)
    if "[Content_Types].xml" not in names:
        is_open_document = "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype", 1000)
        raise Stop("format_later" if is_open_document else "not_a_workbook")
    types = archive.read("[Content_Types].xml", _MAX_SMALL_PART_BYTES)
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


def _check_harmless_part(archive: Archive, name: str) -> None:
    """Refuse a drawing that draws and a list of comment authors that names one; some programs write both empty."""
    content = archive.read(name, _MAX_SMALL_PART_BYTES)
    if b"Anchor" in content:
        raise Stop("embedded_content")
    if re.search(rb"<(\w+:)?person\s", content):
        raise Stop("comment")


def _read_relations(archive: Archive, guarded: Guarded) -> None:
    """Refuse relations that leave the file, except links, whose targets are read as text."""
    for name in archive.names:
        if not name.lower().endswith(".rels"):
            continue
        for relation in _parse(archive, name):
            if relation.get("TargetMode", "").lower() != "external":
                continue
            if not relation.get("Type", "").endswith("/hyperlink"):
                raise Stop("external_link")
            guarded.beside.append(Beside("text", relation.get("Target", "")))


def _read_properties(archive: Archive, guarded: Guarded) -> None:
    for name in archive.names:
        lowered = name.lower()
        if not lowered.endswith(".xml") or not lowered.startswith(("docprops/", "customxml/", "docmetadata/")):
            continue
        for element in _parse(archive, name).iter():
            text = (element.text or "").strip()
            tag = _local(element)
            if text and tag != "lpstr":  # lpstr: the names of the sheets once more
                guarded.beside.append(
                    Beside("author" if tag in ("creator", "lastModifiedBy", "Manager") else "text", text)
                )


def _read_sheets(archive: Archive, guarded: Guarded) -> None:
    workbook = _parse(archive, "xl/workbook.xml")
    targets = {relation.get("Id", ""): _part_of(relation) for relation in _parse(archive, "xl/_rels/workbook.xml.rels")}
    must_recalculate = _read_workbook_texts(workbook, guarded)
    seen: set[str] = set()
    cells = 0
    listed = [child for child in workbook.iter() if _local(child) == "sheet"]
    for ordinal, element in enumerate(listed, start=1):
        name, part = element.get("name", ""), targets.get(_relation_id(element), "")
        label = sheet_label(name, ordinal)
        if element.get("state", "visible") != "visible":
            raise Stop("hidden_sheet", sheet=label)
        facts = SheetFacts(name, label)
        texts = scan_sheet(archive, part, facts, must_recalculate=must_recalculate)
        cells += facts.last_row * facts.last_column
        seen.add(part)
        guarded.sheets.append(facts)
        guarded.beside += [Beside("text", text, label) for text in texts]
    _check_sheets(archive, seen, cells)
    guarded.findings += [finding for facts in guarded.sheets for finding in facts.findings]


def _check_sheets(archive: Archive, seen: set[str], cells: int) -> None:
    worksheets = {name for name in archive.names if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name.lower())}
    if not seen or len(seen) > _MAX_SHEETS:
        raise Stop("unreadable")
    if worksheets - seen:  # a sheet that the workbook does not list, so that no program shows it
        raise Stop("hidden_sheet")
    if cells > SheetFacts.MAX_CELLS:
        raise Stop("far_corner")


def _read_workbook_texts(workbook: Element, guarded: Guarded) -> bool:
    """Collect the texts of the workbook part; return whether it says that its formulas await calculation."""
    must_recalculate = False
    for element in workbook.iter():
        tag = _local(element)
        if tag == "calcPr":
            must_recalculate = element.get("fullCalcOnLoad", "0") in ("1", "true")
        elif tag == "definedName":
            guarded.beside.append(Beside("text", f"{element.get('name', '')} {element.text or ''}"))
        elif tag == "fileSharing":
            guarded.beside.append(Beside("author", element.get("userName", "")))
    return must_recalculate


def _parse(archive: Archive, name: str) -> Element:
    root = fromstring(archive.read(name, _MAX_SMALL_PART_BYTES), forbid_dtd=True)
    level, depth = [root], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
        if depth > _MAX_DEPTH:
            raise Stop("unreadable")
    return root


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _relation_id(element: Element) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == "id"), "")


def _part_of(relation: Element) -> str:
    target = relation.get("Target", "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
