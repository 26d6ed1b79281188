"""A csv file as text: which encoding, which delimiter, and its records.

Belongs here: telling UTF-8, UTF-16 and windows-1256 apart, refusing what is none of them, delimiters.
Does not belong here: repairing what was once opened wrongly (`mojibake.py`), what the columns mean (`row_checks.py`),
workbooks (`guard.py`, `reader.py`).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import NamedTuple

from ingestion.files.safe_zip import Stop
from ingestion.text.mojibake import is_arabic, is_mojibake, repaired

_DELIMITERS = (",", ";", "\t")
_SAMPLE_LINES = 50
_MAX_CELLS = 5_000_000
_MARKS_16 = (b"\xff\xfe", b"\xfe\xff")


class CsvText(NamedTuple):
    """The records of a csv file, all of one width; its encoding; whether its letters were spoilt and repaired.

    The encoding is `utf-8`, `utf-8-sig`, `utf-16` or `windows-1256`.
    """

    records: list[list[str]]
    encoding: str
    is_repaired: bool


def read_csv(data: bytes) -> CsvText:
    """Return a csv file as text.

    Raises:
        Stop: `encoding_unclear`, `nul_bytes`, `csv_damaged` (with the line as place), `far_corner`, `rows_differ`.
    """
    text, encoding = _decode(data)
    text, is_repaired = _mended(text)
    rows, delimiter = _records_of(text)
    held = count_records(text, delimiter)
    if len(rows) != held:
        raise Stop("rows_differ", cell=f"A{min(len(rows), held) + 1}", read=str(len(rows)), held=str(held))
    width = max((len(row) for row in rows), default=0)
    if width * len(rows) > _MAX_CELLS:
        raise Stop("far_corner")
    return CsvText([row + [""] * (width - len(row)) for row in rows], encoding, is_repaired)


def count_records(text: str, delimiter: str) -> int:
    """Return the number of records of a text, by the ends of lines outside of quotation marks, without the reader."""
    if '"' not in text:
        ends = text.count("\n") + text.count("\r") - text.count("\r\n")
        return ends + (text[-1:] not in ("\n", "\r", ""))
    quoted = rf'(?<![^{re.escape(delimiter)}\r\n])"(?:[^"]|"")*"'
    record = re.compile(rf'(?:{quoted}|[^"\r\n]+|")*(?:\r\n|\r|\n|\Z)')
    return sum(1 for found in record.finditer(text) if found.start() < len(text))


def _records_of(text: str) -> tuple[list[list[str]], str]:
    """Return the records of a text and the delimiter by which they are cut."""
    line = 1
    rows: list[list[str]] = []
    try:
        delimiter = _delimiter_of(text)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for row in reader:
            line = reader.line_num + 1
            rows.append(row)
    except csv.Error as error:  # an open quotation mark, or a cell longer than any sentence
        raise Stop("csv_damaged", cell=f"A{line}") from error
    return rows, delimiter


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith(_MARKS_16):
        encoding = "utf-16"
    elif b"\x00" in data:
        raise Stop("nul_bytes")
    else:
        encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text, encoding = data.decode("windows-1256", errors="replace"), "windows-1256"
        if data.startswith(_MARKS_16) or not is_arabic(text):
            raise Stop("encoding_unclear") from None
    if "\x00" in text:
        raise Stop("nul_bytes")
    if "\ufffd" in text:
        raise Stop("encoding_unclear")
    return text, encoding


def _mended(text: str) -> tuple[str, bool]:
    """Return the text, repaired if it was once opened in a wrong encoding, and whether it was."""
    if not is_mojibake(text):
        return text, False
    whole = repaired(text)
    if whole is None:
        raise Stop("encoding_unclear")
    return whole, True


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
