"""Overlap tables from anybody: one column of 0 and 1 for each list, the count last.

Belongs here: reading such a file, and refusing invalid counts. Does not belong here: what is estimated from them
(`methods.multiple_systems`).
"""

from __future__ import annotations

import re
from pathlib import Path

from ingestion.files.reader import read_workbook
from ingestion.files.uploads import read_upload
from ingestion.text.folding import clean
from languages.digits import NUMBERS_TO_LATIN
from languages.refusal import Refusal
from methods.multiple_systems.overlap_table import OverlapTable
from methods.multiple_systems.search_cost import Cost

MOST_PERSONS = 10_000_000_000  # more than the people on earth: a larger count is a typing error
_MOST_DIGITS = 30  # Python itself refuses numbers of thousands of digits
MOST_LISTS = 16  # 65,535 cells; more lists would take too long
_MARK = re.compile(r"([01])(?:\.0+)?")  # programs without whole numbers write 1.0
_WHOLE = re.compile(r"\d+(\.(0{0,2}|0{4,}))?|\d{1,3}(,\d{3})+")  # 1.000 may be one or a thousand
_UNCLEAR = re.compile(r"\d+\.000")
_FRACTION = re.compile(r"\d*[.,]\d+")
_NUMBER = re.compile(r"-?[\d.,]+")
_WITHHELD = re.compile(r"[<≤].*|\d+\s*[-–—]\s*\d+|[*.…:–—-]*|(?i:n/?a|c|x|s|q|low|\[low\])")


def read_overlaps(file: Path) -> OverlapTable:
    """Read an overlap table from a CSV (any of the usual encodings, delimiters and digits) or a workbook's first sheet.

    Rows of one pattern are added up: a file with one row per person is an overlap table too.

    Raises:
        Refusal: `overlap_*`, by file and line; never with their content.
    """
    workbook = read_workbook(read_upload(file).data, file.name)
    sheets = [sheet.rows for sheet in workbook.sheets if sheet.rows]
    lines = [[_text(cell) for cell in row] for row in sheets[0]] if sheets else []
    lines = _drop_empty_ends(lines)
    filled = [(number, line) for number, line in enumerate(lines, start=1) if any(line)]
    if not filled:
        raise Refusal("overlap_empty", where=file.name)
    lists = _lists(filled[0][1], file.name)
    rows = [_row(line, len(lists), f"{file.name}:{number}") for number, line in filled[1:]]
    table = OverlapTable.from_patterns(lists, (row for row in rows if row[1]))
    if not table.observed:
        raise Refusal("overlap_empty", where=file.name)
    return table


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else clean(str(cell))


def _drop_empty_ends(lines: list[list[str]]) -> list[list[str]]:
    """Leave out empty columns at the end: Excel saves columns that were once formatted."""
    width = max((place for line in lines for place, cell in enumerate(line, start=1) if cell), default=0)
    return [line[:width] for line in lines]


def _lists(header: list[str], name: str) -> list[str]:
    """Return the names of the lists: every column but the last, each named once and none by a number alone."""
    named = all(header) and len(set(header)) == len(header)
    if len(header) < 2 or not named or all(_NUMBER.fullmatch(_latin(cell)) for cell in header):
        raise Refusal("overlap_header", where=name)
    lists = header[:-1]
    if len(lists) > MOST_LISTS:
        hours = Cost.estimate_cost(len(lists), 1_000).seconds / 3_600
        raise Refusal("overlap_many_lists", where=name, lists=len(lists), most=MOST_LISTS, hours=round(hours))
    return lists


def _row(line: list[str], lists: int, where: str) -> tuple[list[int], int]:
    marks = [int(match[1]) for cell in line[:lists] if (match := _MARK.fullmatch(_latin(cell)))]
    if len(marks) != lists or len(line) != lists + 1:
        raise Refusal("overlap_pattern", where=where)
    count = _count(_latin(line[-1]), where)
    if count and not any(marks):
        raise Refusal("overlap_unseen", where=where)
    return marks, count


def _latin(text: str) -> str:
    return text.translate(NUMBERS_TO_LATIN).replace("−", "-").strip()


def _count(text: str, where: str) -> int:
    if _WHOLE.fullmatch(text):
        whole = text.replace(",", "").split(".")[0]
        if len(whole) > _MOST_DIGITS or int(whole) > MOST_PERSONS:
            raise Refusal("overlap_not_a_count", where=where)
        return int(whole)
    if _WITHHELD.fullmatch(text):
        raise Refusal("overlap_suppressed", where=where)
    if text.startswith("-") and _NUMBER.fullmatch(text):
        raise Refusal("overlap_negative", where=where)
    if _FRACTION.fullmatch(text) and not _UNCLEAR.fullmatch(text):
        raise Refusal("overlap_fraction", where=where)
    raise Refusal("overlap_not_a_count", where=where)
