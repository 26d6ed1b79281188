"""Which rows of a sheet hold something, counted from its XML by other code than the parser's, as a cross-check.

Belongs here: what an empty cell looks like in the bytes, and the texts that cells share.
Does not belong here: reading values (`reader.py`, which compares both counts), what is hidden (`sheet_scan.py`), the
same count for other formats (`ods_scan.py`, `xls_scan.py`, `csv_text.py`).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from ingestion.files.noncell_text import NonCellText
from ingestion.files.part_texts import PartTexts, feed_parts, written_by_persons
from ingestion.files.safe_zip import Archive

_PREFIX = rb"(?:[A-Za-z_][\w.-]*:)?"
_ROW_OPENS = re.compile(rb"<" + _PREFIX + rb"row[\s/>]")
_FULL_CELL = re.compile(rb"<" + _PREFIX + rb"c\s([^<>]*[^<>/])>(.*?)</" + _PREFIX + rb"c\s*>", re.DOTALL)
_PLAIN_CELL = re.compile(  # the form in which most programs write most cells: a quick test before the slow one
    rb'<c r="[A-Z]{1,3}([0-9]{1,7})"(?: s="[0-9]{1,5}")?(?: t="(s)")?><v>([0-9.-]+)</v>'
)
_VALUE = re.compile(rb"<" + _PREFIX + rb"v(?:\s[^<>]*)?>([^<]*)</")
_ROW_NUMBER = re.compile(rb"(?:^|\s)r\s*=\s*[\"'][A-Z]{1,3}([0-9]{1,7})[\"']")
_KIND = re.compile(rb"(?:^|\s)t\s*=\s*[\"']([A-Za-z]*)[\"']")
_ERROR_SIGNS = (b'"e"', b"'e'")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
STRINGS_PART = "xl/sharedstrings.xml"
"""The part with the texts that cells share, in lower case."""
_STRING_OPENS = re.compile(rb"<" + _PREFIX + rb"si[\s/>]")
_SPOKEN = re.compile(rb"<" + _PREFIX + rb"rPh[\s>].*?</" + _PREFIX + rb"rPh\s*>", re.DOTALL)  # phonetic readings
_PLAIN_ITEM = re.compile(rb"<si><t(?: xml:space=\"preserve\")?>[^<]*</t></si>")
_STRING_TEXT = re.compile(rb"<" + _PREFIX + rb"t(?:\s[^<>]*)?>([^<]*)<")


def is_blank(value: object) -> bool:
    """Return whether a cell is empty: no value, or a text of white space only."""
    return value is None or (isinstance(value, str) and not value.strip())


def held_rows(chunk: bytes, blank_texts: frozenset[bytes]) -> Iterator[int]:
    """Yield the number of each row that holds something.

    Args:
        chunk: whole rows of a sheet.
        blank_texts: the indices of the blank shared texts, as cells write them.
    """
    for row in _ROW_OPENS.split(chunk):
        if (plain := _PLAIN_CELL.search(row)) and not (plain[2] and plain[3] in blank_texts):
            yield int(plain[1])
            continue
        for cell in _FULL_CELL.finditer(row):
            if _holds_text(cell[1], cell[2], blank_texts) and (number := _ROW_NUMBER.search(cell[1])):
                yield int(number[1])
                break


def error_cells(chunk: bytes) -> Iterator[tuple[bytes, str]]:
    """Yield the attributes and the text of each cell that holds an error, such as `#REF!`; the parser drops these."""
    if not any(sign in chunk for sign in _ERROR_SIGNS):
        return
    for cell in _FULL_CELL.finditer(chunk):
        kind, value = _KIND.search(cell[1]), _VALUE.search(cell[2])
        if kind and kind[1] == b"e":
            yield cell[1], _decode_text(value[1]).strip() if value else "#VALUE!"


def shared_texts(archive: Archive) -> list[str]:
    """Return the texts that the cells of a workbook share, in their order; none if it has no such table."""
    items = (_STRING_TEXT.findall(_SPOKEN.sub(b"", item)) for item in _STRING_OPENS.split(_strings(archive))[1:])
    return [_decode_text(b"".join(texts)) for texts in items]


def find_stray_texts(archive: Archive) -> list[NonCellText]:
    """Return what a table of shared texts holds besides those texts, such as phonetic readings."""
    content = _PLAIN_ITEM.sub(b"", _strings(archive))
    part = feed_parts(PartTexts(frozenset({"t"})), filter(None, [content]))
    return list(written_by_persons(part, frozenset()))


def _strings(archive: Archive) -> bytes:
    part = next((name for name in archive.names if name.lower() == STRINGS_PART), "")
    return b"".join(archive.stream(part)) if part else b""


def blank_places(texts: Sequence[str]) -> frozenset[bytes]:
    """Return the indices of the blank shared texts, as cells write them."""
    return frozenset(b"%d" % place for place, text in enumerate(texts) if is_blank(text))


def _holds_text(attributes: bytes, content: bytes, blank_texts: frozenset[bytes]) -> bool:
    kind = _KIND.search(attributes)
    if kind and kind[1] == b"inlineStr":
        return not is_blank(_decode_text(b"".join(_STRING_TEXT.findall(content))))
    value = _VALUE.search(content)
    if value is None:
        return False
    if kind and kind[1] == b"s":
        return value[1].strip() not in blank_texts
    return not is_blank(_decode_text(value[1]))


def _decode_text(value: bytes) -> str:
    """Return a text of the XML with its escapes decoded, which Excel writes as `_x000D_`."""
    text = html.unescape(value.decode("utf-8", errors="replace"))
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
