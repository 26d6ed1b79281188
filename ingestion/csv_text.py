"""A csv file as text: which encoding, which delimiter, and its records.

Belongs here: telling UTF-8 from windows-1256, refusing what is neither or was once opened wrongly, delimiters.
Does not belong here: what the columns mean (`conform.py`), workbooks (`guard.py`, `reader.py`).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from ingestion.archive import Stop

_DELIMITERS = (",", ";", "\t")
_SAMPLE_LINES = 50
_MAX_CELLS = 5_000_000
_COMMON = frozenset("ايلمنوترةعبدسفهكقأحج")  # about nine in ten letters of Arabic text
_COMMON_SHARE = 0.7
_ARABIC_SHARE = 0.97
_ARTICLE_LETTERS = 60  # from this many letters on, text without the article "ال" is not Arabic in this encoding
_MIXED_WORD = re.compile(r"[A-Za-z][\u0600-\u06ff]|[\u0600-\u06ff][A-Za-z]")
_MOJIBAKE_1252 = re.compile(r"[\u00c0-\u00ff]{3}")  # Arabic of windows-1256 once opened as windows-1252: ÇáãÍÇÝÙÉ
_MOJIBAKE_UTF8 = re.compile(r"(?:[طظØÙ][\u0080-\u00bf\u0152-\u0192\u02c6-\u2122§-»،-؟ء-ي]){4}")
_MOJIBAKE_COUNT = 3


def read_csv(data: bytes) -> tuple[list[list[str]], str]:
    """Return the records of a csv file, all of one width, and its encoding (`utf-8`, `utf-8-sig`, `windows-1256`).

    Raises:
        Stop: `encoding_unclear`, `nul_bytes`, `csv_damaged` (with the line as place), `far_corner`.
    """
    text, encoding = _decode(data)
    rows = _records_of(text)
    width = max((len(row) for row in rows), default=0)
    if width * len(rows) > _MAX_CELLS:
        raise Stop("far_corner")
    return [row + [""] * (width - len(row)) for row in rows], encoding


def _records_of(text: str) -> list[list[str]]:
    line = 1
    rows: list[list[str]] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text), strict=True)
        for row in reader:
            line = reader.line_num + 1
            rows.append(row)
    except csv.Error as error:  # an open quotation mark, or a cell longer than any sentence
        raise Stop("csv_damaged", cell=f"A{line}") from error
    return rows


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Stop("encoding_unclear")
    if b"\x00" in data:
        raise Stop("nul_bytes")
    encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text, encoding = data.decode("windows-1256", errors="replace"), "windows-1256"
        if not _is_arabic(text):
            raise Stop("encoding_unclear") from None
    if "\ufffd" in text or _is_mojibake(text):
        raise Stop("encoding_unclear")
    return text, encoding


def _is_arabic(text: str) -> bool:
    """Return whether text read as windows-1256 has the letters that Arabic has, as often as Arabic has them."""
    letters = Counter(letter for letter in text if letter > "\x7f" and letter.isalpha())
    total = sum(letters.values())
    arabic = sum(count for letter, count in letters.items() if "\u0600" <= letter <= "\u06ff")
    common = sum(count for letter, count in letters.items() if letter in _COMMON)
    if not total or arabic < _ARABIC_SHARE * total or common < _COMMON_SHARE * total or _MIXED_WORD.search(text):
        return False
    return total < _ARTICLE_LETTERS or "ال" in text


def _is_mojibake(text: str) -> bool:
    """Return whether Arabic was decoded wrongly somewhere on its way and then saved so."""
    return any(len(pattern.findall(text)) >= _MOJIBAKE_COUNT for pattern in (_MOJIBAKE_1252, _MOJIBAKE_UTF8))


def _delimiter_of(text: str) -> str:
    """Return the delimiter that cuts most of the first lines into the same number of columns, more columns first."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:_SAMPLE_LINES]
    return max(_DELIMITERS, key=lambda delimiter: _agreement(lines, delimiter))


def _agreement(lines: list[str], delimiter: str) -> tuple[int, int]:
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
    if not widths:
        return 0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count, width
