"""Tables of counts sent in place of one row per record.

Belongs here: what such a table looks like: months, quarters or years across or down, or only numbers.
Does not belong here: tables of counts that a card expects (`cells` of a card, the shape `counts`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from ingestion.files.file_facts import is_blank
from ingestion.files.reader import CellValue, Sheet
from ingestion.tables.header_rows import SEARCHED_ROWS
from ingestion.tables.totals import whole_number
from ingestion.text.folding import fold
from ingestion.text.tokens import is_token
from ingestion.text.typed_dates import month_of

_YEARS = range(1990, 2101)
_LEAST_PERIODS = 3  # next to or below each other
_LEAST_ROWS, _LEAST_COLUMNS = 2, 2  # consisting of numbers only
_QUARTER = re.compile(r"(?:ال)?(?:ربع|فصل) (?:ال)?(?:اول|ثاني|ثالث|رابع)(?:ه)?|q ?[1-4]|جارهكي .+|quarter [1-4]")
_MONTH_NUMBER = re.compile(r"(?:شهر|مانكي|month) (?:0?[1-9]|1[0-2])")


def find_first_count(sheet: Sheet) -> tuple[int, int] | None:
    """Return the row and column, from 0, that show that the sheet is a table of counts; None for any other sheet.

    A sheet with a pseudonymous ID or a day in it is one of records.
    """
    if any(_is_of_records(cell) for row in sheet.rows for cell in row):
        return None
    return _periods_across(sheet.rows) or _find_periods_down(sheet.rows) or _find_numbers_alone(sheet.rows)


def _periods_across(rows: Sequence[Sequence[CellValue]]) -> tuple[int, int] | None:
    for place, row in enumerate(rows[:SEARCHED_ROWS]):
        columns = [column for column, cell in enumerate(row) if _period(cell)]
        distinct = {_period(row[column]) for column in columns}
        below = {whole_number(below[column]) for below in rows[place + 1 :] for column in columns} - {None}
        if len(distinct) >= _LEAST_PERIODS and not below <= set(_YEARS):
            return place, columns[0]
    return None


def _find_periods_down(rows: Sequence[Sequence[CellValue]]) -> tuple[int, int] | None:
    """Return where months stand below each other with only numbers after them."""
    for column in range(len(rows[0]) if rows else 0):
        places = [place for place, row in enumerate(rows) if isinstance(row[column], str) and _period(row[column])]
        behind = [cell for place in places for cell in rows[place][column + 1 :] if not is_blank(cell)]
        if (
            len({_period(rows[place][column]) for place in places}) >= _LEAST_PERIODS
            and behind
            and _are_numbers(behind)
        ):
            return places[0], column
    return None


def _find_numbers_alone(rows: Sequence[Sequence[CellValue]]) -> tuple[int, int] | None:
    """Return where rows begin that hold one text followed only by numbers, in several columns."""
    starts: list[tuple[int, int]] = []
    numbers: set[int | None] = set()
    for place, row in enumerate(rows):
        there = [(column, cell) for column, cell in enumerate(row) if not is_blank(cell)]
        if len(there) <= _LEAST_COLUMNS or not isinstance(there[0][1], str) or whole_number(there[0][1]) is not None:
            continue
        if _are_numbers([cell for _, cell in there[1:]]):
            starts.append((place, there[1][0]))
            numbers |= {whole_number(cell) for _, cell in there[1:]}
        elif starts:
            return None
    return starts[0] if len(starts) >= _LEAST_ROWS and not numbers <= set(_YEARS) else None


def _are_numbers(cells: Sequence[CellValue]) -> bool:
    return all(whole_number(cell) is not None for cell in cells)


def _is_of_records(cell: CellValue) -> bool:
    return isinstance(cell, str) and is_token(cell.strip())


def _period(cell: CellValue) -> str:
    """Return the month, quarter or year if a cell names nothing else, or an empty string."""
    if isinstance(cell, datetime.date):
        return f"{cell.year}-{cell.month}"
    number = whole_number(cell)
    if number is not None:
        return str(number) if number in _YEARS else ""
    form = fold(cell) if isinstance(cell, str) else ""
    month = month_of(form.removeprefix("شهر ")) if form else None
    return f"month {month}" if month else form if _QUARTER.fullmatch(form) or _MONTH_NUMBER.fullmatch(form) else ""
