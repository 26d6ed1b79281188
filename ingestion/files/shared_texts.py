"""The texts that the cells of an Excel workbook share: which of them are blank.

Belongs here: the part `xl/sharedStrings.xml`. Does not belong here: the cells (`sheet_scan.py`), the table of an old
Excel workbook (`old_excel/xls_scan.py`).
"""

from __future__ import annotations

import html
import re

from ingestion.files.file_facts import is_blank
from ingestion.files.safe_zip import Archive

_PREFIX = rb"(?:[A-Za-z_][\w.-]*:)?"
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_STRINGS_PART = "xl/sharedstrings.xml"
_REMARK = re.compile(rb"<!--.*?-->", re.DOTALL)
_STRING_OPENS = re.compile(rb"<" + _PREFIX + rb"si[\s/>]")
_SPOKEN = re.compile(rb"<" + _PREFIX + rb"rPh[\s>].*?</" + _PREFIX + rb"rPh\s*>", re.DOTALL)  # phonetic readings
_STRING_TEXT = re.compile(rb"<" + _PREFIX + rb"t(?:\s[^<>]*)?>([^<]*)<")


def blank_texts(archive: Archive) -> frozenset[int]:
    """Return the places of the blank texts in the table of shared texts."""
    part = next((name for name in archive.names if name.lower() == _STRINGS_PART), "")
    content = _REMARK.sub(b"", b"".join(archive.stream(part))) if part else b""
    items = (_STRING_TEXT.findall(_SPOKEN.sub(b"", item)) for item in _STRING_OPENS.split(content)[1:])
    texts = (html.unescape(b"".join(pieces).decode("utf-8", errors="replace")) for pieces in items)
    return frozenset(place for place, text in enumerate(texts) if is_blank(decode_escapes(text)))


def decode_escapes(text: str) -> str:
    """Return a text with its escapes decoded, which Excel writes as `_x000D_`."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
