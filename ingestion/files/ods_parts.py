"""The parts of an OpenDocument spreadsheet by their names, and what its properties say.

Belongs here: which parts such a file may have, texts of `meta.xml`.
Does not belong here: what stands in its sheets (`ods_scan.py`), the zip (`safe_zip.py`).
"""

from __future__ import annotations

import re

from ingestion.files.noncell_text import NonCellText, local_name, parse
from ingestion.files.safe_zip import Archive, Stop

_FORBIDDEN_PARTS = (
    ("macro", re.compile(r"(basic|scripts|dialogs)/.*|meta-inf/macrosignatures\.xml")),
    ("embedded_content", re.compile(r"(object|objectreplacements|pictures|media|fonts)\b.*")),
    ("change_history", re.compile(r"versions?(list)?\b.*")),
    ("external_link", re.compile(r"database/.*")),
)
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PICTURE_PARTS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"gAMA", b"sRGB", b"pHYs", b"bKGD", b"sBIT", b"cHRM", b"IEND")
_ALLOWED_PARTS = re.compile(
    r"mimetype|(content|styles|meta|settings)\.xml|manifest\.rdf|meta-inf/(manifest\.xml)?|thumbnails/(thumbnail\.png)?"
    r"|configurations2/(accelerator/(current\.xml)?|images/(bitmaps/)?"
    r"|(floater|menubar|popupmenu|progressbar|statusbar|toolbar|toolpanel)/)?"
)


def check_part(name: str) -> None:
    """Refuse a part that no export needs; the name is in lower case.

    Raises:
        Stop: `macro`, `embedded_content`, `change_history`, `external_link`, `unknown_part`.
    """
    for kind, pattern in _FORBIDDEN_PARTS:
        if pattern.fullmatch(name):
            raise Stop(kind)
    if not _ALLOWED_PARTS.fullmatch(name):
        raise Stop("unknown_part")


def check_thumbnail(picture: bytes) -> None:
    """Refuse a thumbnail of the first page that holds more than a picture: texts in it, or bytes behind its end.

    Raises:
        Stop: `unknown_part`.
    """
    place = len(_PNG_SIGNATURE)
    kind = b"" if picture.startswith(_PNG_SIGNATURE) else b"none"
    while kind != b"IEND":
        length, kind = int.from_bytes(picture[place : place + 4]), picture[place + 4 : place + 8]
        place += length + 12
        if kind not in _PICTURE_PARTS or place > len(picture):
            raise Stop("unknown_part")
    if place != len(picture):
        raise Stop("unknown_part")


def properties(archive: Archive) -> list[NonCellText]:
    """Return the texts of the document's properties."""
    if "meta.xml" not in archive.names:
        return []
    texts: list[NonCellText] = []
    for element in parse(archive, "meta.xml").iter():
        tag, text = local_name(element), (element.text or "").strip()
        if text and tag not in (
            "generator",
            "creation-date",
            "date",
            "editing-duration",
            "editing-cycles",
            "print-date",
        ):
            is_author = tag in ("creator", "initial-creator", "printed-by")
            texts.append(NonCellText("author" if is_author else "text", text))
        texts += [NonCellText("text", value) for key, value in element.attrib.items() if key.endswith("}href")]
    return texts
