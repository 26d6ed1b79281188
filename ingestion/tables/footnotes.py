"""Lines around a table that are not its rows: notes, signatures, the day of a letter.

Belongs here: recognising such a line by its words. Does not belong here: totals (`totals.py`), where a table begins and
ends (`sheet_regions.py`, `table_finder.py`).
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

from ingestion.files.cell_marks import UNCALCULATED
from ingestion.files.file_facts import is_blank
from ingestion.files.reader import CellValue
from ingestion.files.template_sheets import stamp_of
from ingestion.text.folding import fold
from ingestion.text.tokens import is_token
from ingestion.text.typed_dates import read_date

_LONGEST = 60
_MOST_CELLS = 2
_LABELS = (
    *("حرر في", "حرر بتاريخ", "حرر في بغداد في", "كتب في", "نظم في", "التاريخ", "تاريخ", "بتاريخ", "في", "بغداد في"),
    *("تاريخ التحرير", "تاريخ الكتاب", "تاريخ التنظيم", "تحريرا في"),
    *("بەروار", "بەرواری", "لە بەرواری", "ڕێکەوت", "ڕێکەوتی", "لە ڕێکەوتی", "هەولێر لە", "نووسرا لە"),
    *("date", "dated", "date of issue", "issued on", "signed on", "baghdad", "erbil", "on"),
)
_LABEL = "|".join(sorted({re.escape(fold(words)) for words in _LABELS}, key=len, reverse=True))
_DATED = re.compile(rf"(?:{_LABEL})\s*[:،,]?\s*(?P<day>.+)")
_FIGURES = re.compile(r"(?=.*(?:19|20)\d\d)[\d/.\- ]+(?: ?(?:م|ه|هـ))?")  # `5/1/2025`, `/1/2025`, with an era


def is_words(value: CellValue) -> bool:
    """Return whether a cell holds words only: no number, date, pseudonymous ID or formula, which only data rows have.

    Marsad's own stamp describes the file and is no data either.
    """
    if not isinstance(value, str) or value == UNCALCULATED:
        return False
    if stamp_of(value):
        return True
    return not is_token(value.strip()) and not any(letter.isdigit() for letter in value)


def is_note(cells: list[CellValue]) -> bool:
    """Return whether cells form a note, a signature or the day of a letter: at most two, without data."""
    there = [cell for cell in cells if not is_blank(cell)]
    if len(there) > _MOST_CELLS:
        return False
    return all(is_words(cell) or is_dated_line(cell) for cell in there) or _is_label_beside_day(there)


def is_dated_line(value: CellValue) -> bool:
    """Return whether a text is the day of a letter: `حرر في 5/1/2025`, `التاريخ: ٥/١/٢٠٢٥`, `Date: 5 January 2025`."""
    return isinstance(value, str) and len(value) <= _LONGEST and _is_dated_text(value)


@lru_cache(maxsize=8192)
def _is_dated_text(text: str) -> bool:
    match = _DATED.fullmatch(fold(text))
    return match is not None and _is_day(match["day"])


def _is_label_beside_day(there: list[CellValue]) -> bool:
    if len(there) != _MOST_CELLS or not isinstance(there[0], str):
        return False
    label, day = fold(there[0]).rstrip(" :"), there[1]
    is_label = re.fullmatch(_LABEL, label) is not None
    return is_label and (isinstance(day, datetime.date) or (isinstance(day, str) and _is_day(fold(day))))


def _is_day(text: str) -> bool:
    return _FIGURES.fullmatch(text) is not None or read_date(text, day_first=True).day is not None
