"""Spoilt numbers and ages.

Belongs here: digits, gaps, broken numbers, the ways to give an age. Does not belong here: dates, words of code lists.
Every function returns what is typed instead and the raw values it lands with where they differ, or None for a cell that
it does not touch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from languages.digits import ARABIC, LATIN, NUMBERS_TO_LATIN, PERSIAN
from samples.layouts import SheetColumn
from samples.life.chance import RandomStream
from samples.life.spelling import Cell

Spoilt = tuple[Cell, Mapping[str, object]]
_SYSTEMS = (LATIN, ARABIC, PERSIAN)
_ADULT = 18
_GREATEST_IN_WORDS = 100
_UNITS = ("صفر", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة")
_TENS = ("عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون")
_OLDEST = 120
_CHILD_BANDS, _ADULT_BANDS = ("دون 18", "أقل من ١٨ سنة", "10-17", "under 18"), ("18-30", "18 فأكثر", "٢٥-٤٠", "18+")
_CHILD_WORDS = ("طفل", "حدث", "قاصر", "صبي", "فتى", "منداڵ", "minor")
_ADULT_WORDS = ("بالغ", "بالغة", "راشد", "مسن", "گەورە", "adult")


def number_of(cell: Cell) -> int | None:
    """Return the whole number that a cell shows in any digit system, or None."""
    if isinstance(cell, int):
        return cell
    plain = cell.translate(NUMBERS_TO_LATIN).replace(",", "") if isinstance(cell, str) else ""
    return int(plain) if re.fullmatch(r"\d+", plain) else None


def mixed_digits(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the number with each digit in a system of its own, thousands parted by the Arabic sign."""
    number = number_of(cell)
    if number is None:
        return None
    is_grouped = column.kind == "count" and number >= 1000
    plain = f"{number:,}".replace(",", "٬") if is_grouped else str(number)
    return "".join(chance.one_of(_SYSTEMS)[int(sign)] if sign.isdecimal() else sign for sign in plain), {}


def broken_number(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return a number as a scan of right-to-left text leaves it."""
    if number_of(cell) is None or column.field == "figure":
        return None
    return chance.one_of(["(1-0-0000)", "(2-0-0000) خمسة وعشرين", "1-0"]), {}


def count_in_words(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return a count up to a hundred in words."""
    number = number_of(cell)
    if number is None or number > _GREATEST_IN_WORDS or column.field == "figure":
        return None
    return in_words(number), {}


def age_in_words(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return an age in words."""
    years = _years_of(cell)
    if years is None or not 0 < years <= _GREATEST_IN_WORDS:
        return None
    return f"{in_words(years)}{chance.one_of(['', ' سنة', ' عاما'])}", {}


def age_with_months(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return an age in years and months."""
    years = _years_of(cell)
    return (f"{years} سنة و {chance.between(3, 10)} اشهر", {}) if years else None


def in_words(number: int) -> str:
    """Return a number from 0 to 100 in Arabic words."""
    if number <= 10:
        return _UNITS[number]
    if number < 20:
        return f"{('أحد', 'اثنا', *_UNITS[3:10])[number - 11]} عشر"
    if number == _GREATEST_IN_WORDS:
        return "مئة"
    ten = _TENS[number // 10 - 2]
    return f"{_UNITS[number % 10]} و{ten}" if number % 10 else ten


def gap(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return one of the six things that are not a number of somebody."""
    if number_of(cell) is None or column.field == "figure":
        return None  # a published figure is never left out
    ways: dict[Cell, tuple[int | None, str]] = {
        None: (None, "blank"), "-": (None, "dash"), "لا يوجد": (0, "none"), "لم ترد": (None, "not_received"),
        "#N/A": (None, "error"),
    }  # fmt: skip
    if column.field != "day_count":  # an activity of no day is a slip of the pen
        ways[0] = (0, "value")
    typed = chance.one_of([*ways])
    value, mark = ways[typed]
    return typed, {column.field: value, f"{column.field}_mark": mark}


def age_as_band(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the band that an age in years stands in."""
    return _band(chance, cell, _CHILD_BANDS, _ADULT_BANDS)


def reversed_range(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the band with its ends turned round by right-to-left writing."""
    return _band(chance, cell, ("17-10", "١٧-١٢"), ("30-18", "٤٠-٢٥"))


def age_across(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return a band on both sides of 18: it says neither child nor adult."""
    return None if _years_of(cell) is None else (chance.one_of(["15-20", "٢٤-١٦"]), _age(None, "band"))


def age_as_label(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the word for an age."""
    years = _years_of(cell)
    if years is None:
        return None
    is_child = years < _ADULT
    return chance.one_of(_CHILD_WORDS if is_child else _ADULT_WORDS), _age(_group(years), "label")


def _band(chance: RandomStream, cell: Cell, child: tuple[str, ...], adult: tuple[str, ...]) -> Spoilt | None:
    years = _years_of(cell)
    return None if years is None else (chance.one_of(child if years < _ADULT else adult), _age(_group(years), "band"))


def _years_of(cell: Cell) -> int | None:
    number = number_of(cell)
    return number if number is not None and number <= _OLDEST else None


def _group(years: int) -> str:
    return "Y0T17" if years < _ADULT else "Y_GE18"


def _age(group: str | None, method: str) -> Mapping[str, object]:
    return {"age_years": None, "birth_year": None, "age_group_code": group, "age_method": method}
