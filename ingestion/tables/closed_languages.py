"""The closed language of each field: the cells that the house may keep.

Belongs here: whether the whole of a cell is a code's spelling, a date, a number, an age, a citation, a public label or
a keyed token, and in which form it is kept. Does not belong here: what such a cell means (`cell_values.py`), what is
kept of the rest of a file (`taken_tables.py`).

A cell is kept as typed, so that a better reading lands it anew; a citation is kept as its parts, because a text that
cites a law may say more. Of a cell that is not understood only the kind of finding stays, as a mark.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

from ingestion.cards.nationalities import country_of
from ingestion.cards.source_card import FieldCard
from ingestion.files.cell_marks import UNCALCULATED, not_understood
from ingestion.files.reader import CellValue
from ingestion.tables.cell_values import CellReading, Habits, mark_of, reader_of, remove_place_words
from ingestion.tables.unkeyed_hashes import is_padded_number, looks_like_hash
from ingestion.text.folding import clean, fold
from ingestion.text.typed_dates import read_date

_FIRST_DAY = datetime.date(1990, 1, 1)  # a day before it is no event of any sender, and may be somebody's birth
_YEARS_AHEAD = 10  # a day that something falls due; whether a row may lie ahead of its file is for its period to say
_GREATEST = 999_999_999  # a longer number may be a telephone or a document
_SHORT_CODE = re.compile(r"[A-Za-z]{1,4}\d{0,2}-?\d{1,5}")  # of an activity or a shelter: `TF25-007`, `D1`
_NUMBERS = ("integer", "decimal", "year")
_OF_SHORT_CODES = ("activity_code", "facility_code")
_AREA = re.compile(r"[A-Z]{3}")  # as ISO 3166 and UNODC write an area, also one that joins a list later
_OF_COUNTRIES = ("reporting_area", "category")  # labels that may also be any country or its people

Keeper = Callable[[CellValue], CellValue]
"""Returns what is kept of a cell: the cell, the parts of its citation, or the mark of a cell not understood."""


def keeper_of(name: str, field: FieldCard, habits: Habits, labels: frozenset[str]) -> Keeper:
    """Return the function that says what is kept of a cell of a field.

    Args:
        name: of the field.
        field: its card.
        habits: how the file is written; with the order of the column of dates as far as it is known.
        labels: the folded words that a label of this field may be.

    Returns:
        A function that never raises; a blank stays blank, an error and a formula without a result stay what they are.
    """
    read = reader_of(name, field, habits)

    def keep(value: CellValue) -> CellValue:
        if value is None or isinstance(value, bool) or value == UNCALCULATED or mark_of(value):
            return value
        reading = read(value)
        if field.type == "token" and _is_unkeyed(value):
            fault = "token_unkeyed"
        elif field.type == "date":
            fault = "" if _is_event(value, habits) else reading.kind or "period_too_old"
        elif field.type == "label":
            fault = "" if _is_label(name, value, labels) else "unlisted_text"
        else:
            fault = _fault_of(value, reading, field)
        return not_understood(fault) if fault else _kept_form(value, reading, field)

    return keep


def _is_unkeyed(value: CellValue) -> bool:
    """Return whether a cell of a token holds a hash of another form, or a number filled up to a token's length."""
    text = clean(str(value))
    return looks_like_hash(text) or is_padded_number(text)


def _fault_of(value: CellValue, reading: CellReading, field: FieldCard) -> str:
    """Return the kind of finding for which a cell is not kept; a number with a doubtful decimal sign is kept.

    Its column may prove the sign yet.
    """
    is_long = field.type in _NUMBERS and _is_too_long(value)
    if reading.is_bad:
        return "" if reading.kind == "number_ambiguous" and not is_long else reading.kind
    return "out_of_range" if is_long else ""


def _kept_form(value: CellValue, reading: CellReading, field: FieldCard) -> CellValue:
    """Return a cell as typed, or the codes of what it cites."""
    is_cited = field.type == "citation" or field.codes == "law"
    return str(reading.raw[0]) if is_cited and reading.raw[0] is not None else value


def _is_event(value: CellValue, habits: Habits) -> bool:
    """Return whether a cell states, in one of both orders, a day on which something of this house can have happened."""
    last = habits.today.replace(year=habits.today.year + _YEARS_AHEAD, day=1)
    readings = [read_date(value, day_first=is_first, from_1904=habits.dates.from_1904) for is_first in (True, False)]
    return any(reading.day is not None and _FIRST_DAY <= reading.day <= last for reading in readings)


def _is_label(name: str, value: CellValue, labels: frozenset[str]) -> bool:
    text = clean(str(value))
    return (
        not labels.isdisjoint((fold(text), remove_place_words(text)))
        or (name in _OF_SHORT_CODES and _SHORT_CODE.fullmatch(text) is not None)
        or (name == "reporting_area" and _AREA.fullmatch(text) is not None)
        or (name in _OF_COUNTRIES and country_of(text) is not None)
    )


def _is_too_long(value: CellValue) -> bool:
    digits = sum(letter.isdigit() for letter in str(value))
    return digits > len(str(_GREATEST)) and not (isinstance(value, float) and abs(value) <= _GREATEST)
