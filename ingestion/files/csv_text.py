"""A csv file as text: its encoding, its delimiter, its records, and whether it is cut off.

Belongs here: telling UTF-8, UTF-16 and windows-1256 apart and refusing any other encoding, delimiters, the second count
of the records, the signs of an incomplete file.
Does not belong here: cutting the text into records (`workbook_child.py`, within limits), repairing text that was once
opened in a wrong encoding (`mojibake.py`), what the columns mean (`row_checks.py`), workbooks (`guard.py`,
`reader.py`).
"""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ingestion.files.file_facts import SheetFacts
from ingestion.files.limited_child import parse_records
from ingestion.files.safe_zip import Stop
from ingestion.findings import Finding, cell_name
from ingestion.text.mojibake import is_arabic, is_mojibake, repair

_DELIMITERS = (",", ";", "\t")
_SAMPLE_LINES = 50
_SAMPLE_LETTERS = 2_000  # of each line, so that no field of the sample is too long to read
_LEAST_LINES = 2  # one line without a line end was typed by a person
_MAX_RECORDS = SheetFacts.MAX_CELLS
_MARKS_16 = (b"\xff\xfe", b"\xfe\xff")


class CsvText(NamedTuple):
    """The records of a csv file, all of one width, blank fields None; its encoding; flags.

    The encoding is `utf-8`, `utf-8-sig`, `utf-16` or `windows-1256`.
    """

    records: list[list[str | None]]
    encoding: str
    findings: list[Finding]


def read_csv(data: bytes) -> CsvText:
    """Return a csv file as text.

    Raises:
        Stop: `encoding_unclear`, `nul_bytes`, `csv_letter_cut`, `far_corner`, `rows_differ`, `reader_failed`; with
            their place `csv_damaged`, `cell_too_long` and `csv_breaks_off`.
    """
    text, encoding = _decode(data)
    text, is_repaired = _mend(text)
    delimiter = _delimiter_of(text)
    held = count_records(text, delimiter)
    if held > _MAX_RECORDS:  # checked before a parser holds any of them
        raise Stop("far_corner")
    rows = parse_records(text, delimiter)
    if len(rows) != held:
        raise Stop("rows_differ", cell=f"A{min(len(rows), held) + 1}", read=str(len(rows)), held=str(held))
    findings = [Finding("flag", "text_repaired", cell="A1")] if is_repaired else []
    findings += _open_end(text, rows)
    width = max(map(len, rows), default=0)
    for row in rows:
        row.extend([None] * (width - len(row)))
    return CsvText(rows, encoding, findings)


def _open_end(text: str, rows: Sequence[Sequence[str | None]]) -> list[Finding]:
    """Return what a missing line end after the last line shows: that the file may have been cut there, or surely was.

    Programs end each line, and pad each record to the same width. So a short record without a line end was cut, unless
    another record is short too: then the program that wrote the file omits blank fields at the end.

    Raises:
        Stop: `csv_breaks_off`.
    """
    if len(rows) < _LEAST_LINES or text[-1:] in ("\n", "\r"):
        return []
    widths = [len(row) for row in rows[:-1] if len(row) > 1]  # a title of one field proves nothing
    last, usual = len(rows[-1]), max(widths, default=1)
    if last < usual and min(widths) == usual:
        raise Stop("csv_breaks_off", cell=cell_name(len(rows), last), count=str(last), expected=str(usual))
    return [Finding("flag", "csv_end_open", cell=cell_name(len(rows), last), arguments={"count": str(len(rows))})]


def count_records(text: str, delimiter: str) -> int:
    """Return the number of records, counted by line ends outside quotation marks, independently of the reader."""
    if '"' not in text:
        ends = text.count("\n") + text.count("\r") - text.count("\r\n")
        return ends + (text[-1:] not in ("\n", "\r", ""))
    quoted = rf'(?<![^{re.escape(delimiter)}\r\n])"(?:[^"]++|"")*+"'
    record = re.compile(rf'(?:{quoted}|[^"\r\n]+|")*(?:\r\n|\r|\n|\Z)')
    starts = (match.start() for match in record.finditer(text))
    return sum(start < len(text) for start in itertools.islice(starts, _MAX_RECORDS + 1))


def _decode(data: bytes) -> tuple[str, str]:
    if data.startswith(_MARKS_16):
        encoding = "utf-16"
    elif b"\x00" in data:
        raise Stop("nul_bytes")
    else:
        encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if _is_cut_letter(error, data):
            raise Stop("csv_letter_cut") from error
        text, encoding = data.decode("windows-1256", errors="replace"), "windows-1256"
        if data.startswith(_MARKS_16) or not is_arabic(text):
            raise Stop("encoding_unclear") from None
    if "\x00" in text:
        raise Stop("nul_bytes")
    if "\ufffd" in text:
        raise Stop("encoding_unclear")
    return text, encoding


def _is_cut_letter(error: UnicodeDecodeError, data: bytes) -> bool:
    """Return whether the undecodable bytes are half of the last letter, after other whole multi-byte letters."""
    is_at_end = error.reason in ("unexpected end of data", "truncated data")
    return is_at_end and not data[: error.start].isascii()


def _mend(text: str) -> tuple[str, bool]:
    """Return the text, repaired if it was once opened in a wrong encoding, and whether it was repaired."""
    if not is_mojibake(text):
        return text, False
    whole = repair(text)
    if whole is None:
        raise Stop("encoding_unclear")
    return whole, True


def _delimiter_of(text: str) -> str:
    """Return the delimiter that cuts most of the first lines into equally many columns; more columns win a tie."""
    lines = [line[:_SAMPLE_LETTERS] for line in text[:200_000].splitlines() if line.strip()][:_SAMPLE_LINES]
    return max(_DELIMITERS, key=lambda delimiter: _measure_agreement(lines, delimiter))


def _measure_agreement(lines: list[str], delimiter: str) -> tuple[int, int]:
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
    if not widths:
        return 0, 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count, width
