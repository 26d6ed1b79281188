"""The texts that the cells of an Excel workbook share, and what their table holds besides them.

Belongs here: the part `xl/sharedStrings.xml`. Does not belong here: the cells (`sheet_scan.py`), the table of an old
Excel workbook (`old_excel/xls_scan.py`).
"""

from __future__ import annotations

import html
import re

from ingestion.files.noncell_text import NonCellText
from ingestion.files.part_texts import PartTexts, feed_parts, written_by_persons
from ingestion.files.safe_zip import Archive

_PREFIX = rb"(?:[A-Za-z_][\w.-]*:)?"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
STRINGS_PART = "xl/sharedstrings.xml"
"""The part with the texts that cells share, in lower case."""
_STRING_OPENS = re.compile(rb"<" + _PREFIX + rb"si[\s/>]")
_SPOKEN = re.compile(rb"<" + _PREFIX + rb"rPh[\s>].*?</" + _PREFIX + rb"rPh\s*>", re.DOTALL)  # phonetic readings
_PLAIN_ITEM = re.compile(rb"<si><t(?: xml:space=\"preserve\")?>[^<]*</t></si>")
_STRING_TEXT = re.compile(rb"<" + _PREFIX + rb"t(?:\s[^<>]*)?>([^<]*)<")


def read_shared_texts(archive: Archive) -> tuple[list[str], list[NonCellText]]:
    """Return the shared texts in their order, and what their table holds besides them, such as phonetic readings."""
    part = next((name for name in archive.names if name.lower() == STRINGS_PART), "")
    content = b"".join(archive.stream(part)) if part else b""
    items = (_STRING_TEXT.findall(_SPOKEN.sub(b"", item)) for item in _STRING_OPENS.split(content)[1:])
    texts = [decode_escapes(html.unescape(b"".join(pieces).decode("utf-8", errors="replace"))) for pieces in items]
    stray = feed_parts(PartTexts(frozenset({"t"})), filter(None, [_PLAIN_ITEM.sub(b"", content)]))
    return texts, list(written_by_persons(stray, frozenset()))


def decode_escapes(text: str) -> str:
    """Return a text with its escapes decoded, which Excel writes as `_x000D_`."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
