"""Spoilt dates: the other ways in which offices and programs write a day, and those that state none.

Belongs here: spellings of one date. Does not belong here: which rows need one. Every function returns what is typed
instead and the raw value it lands with where it differs, or None for a cell that it does not touch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from languages.digits import TO_ARABIC, TO_LATIN
from samples.grids import SheetGrid, SheetLine
from samples.layouts import SheetColumn
from samples.life.chance import RandomStream
from samples.life.spelling import KURDISH_MONTHS, MONTHS, Cell

Spoilt = tuple[Cell, Mapping[str, object]]
_GULF_MONTHS = (
    "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
)  # fmt: skip
_ENGLISH_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_NAMED = {name: number for names in (MONTHS, KURDISH_MONTHS) for number, name in enumerate(names, start=1)}
_QUARTERS = ("الربع الأول", "الربع الثاني", "الربع الثالث", "الربع الرابع")
_HIJRI_MONTHS = (
    "محرم", "صفر", "ربيع الأول", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "رجب", "شعبان", "رمضان", "شوال",
    "ذو القعدة", "ذو الحجة",
)  # fmt: skip
_WEEKDAYS = ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
_SERIAL_ZERO = date(1899, 12, 30)
_HIJRI_ZERO = date(622, 7, 19)  # the first day of the calendar, counted in Gregorian days
_CYCLE_DAYS, _CYCLE_YEARS = 10_631, 30  # of the tabular calendar, whose years are close to the observed ones


def day_of(cell: Cell) -> date | None:
    """Return the day that a cleanly typed cell states, or None."""
    if isinstance(cell, date):
        return cell
    text = cell.translate(TO_LATIN) if isinstance(cell, str) else ""
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        return date(int(found[3]), int(found[2]), int(found[1]))
    found = re.fullmatch(r"(\d{1,2}) (\D+) (\d{4})", text)
    month = _NAMED.get(found[2], 5 if found[2] == "مايس" else 0) if found else 0
    return date(int(found[3]), month, int(found[1])) if found and month else None


def reversed_date(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return `2024/7/30`."""
    day = day_of(cell)
    return (f"{day.year}/{day.month}/{day.day}", {}) if day else None


def month_first(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return `7/30/2024`."""
    day = day_of(cell)
    return (f"{day.month}/{day.day}/{day.year}", {}) if day and day.day > 12 else None


def month_name(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the day with a month name of the Levant, the Gulf, Kurdish or English, now and then in Arabic digits."""
    day = day_of(cell)
    if day is None:
        return None
    names = chance.one_of([MONTHS, _GULF_MONTHS, KURDISH_MONTHS, _ENGLISH_MONTHS])
    typed = f"{day.day} {names[day.month - 1]} {day.year}"
    return typed.translate(TO_ARABIC) if chance.flip(0.3) else typed, {}


def double_month_name(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return `30 كانون الثاني/ يناير 2024`."""
    day = day_of(cell)
    return (
        (f"{day.day} {MONTHS[day.month - 1]}/ {_GULF_MONTHS[day.month - 1]} {day.year}", {})
        if day is not None
        else None
    )


def quarter(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return `الربع الثاني 2024`."""
    day = day_of(cell)
    if day is None:
        return None
    number = (day.month - 1) // 3
    return f"{_QUARTERS[number]} {day.year}", {column.field: date(day.year, 3 * number + 1, 1)}


def hijri(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the day of the tabular Hijri calendar, by name or in figures."""
    day = day_of(cell)
    if day is None:
        return None
    year, month, number = _hijri_of(day)
    if chance.flip(0.5):
        return f"{number} {_HIJRI_MONTHS[month - 1]} {year}", {}
    return f"{year}/{month}/{number} هـ", {}


def slashed_month_name(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return `5/شباط/2024`."""
    day = day_of(cell)
    if day is None:
        return None
    joint = chance.one_of(["/", "-", " / "])
    names = chance.one_of([MONTHS, _GULF_MONTHS, KURDISH_MONTHS])
    return f"{day.day}{joint}{names[day.month - 1]}{joint}{day.year}", {}


def short_english(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return `3-Jan-24`, as a spreadsheet program shows a date whose format was lost."""
    day = day_of(cell)
    return (f"{day.day}-{_ENGLISH_MONTHS[day.month - 1][:3]}-{day.year % 100:02}", {}) if day else None


def weekday(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return `الأحد 3 شباط 2024`."""
    day = day_of(cell)
    if day is None:
        return None
    before = chance.one_of(["", "يوم "])
    return f"{before}{_WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}", {}


def with_era(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return `٢٠٢٤/١/٣م`."""
    day = day_of(cell)
    return (f"{day.year}/{day.month}/{day.day}{chance.one_of(['م', ' م'])}".translate(TO_ARABIC), {}) if day else None


def hijri_month(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return a month of the Hijri calendar and no more."""
    day = day_of(cell)
    return None if day is None else (_HIJRI_MONTHS[_hijri_of(day)[1] - 1], {})


def serial(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the day count of a spreadsheet program whose format was lost."""
    day = day_of(cell)
    return ((day - _SERIAL_ZERO).days, {}) if day else None


def year_only(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return the year alone."""
    day = day_of(cell)
    return (day.year, {column.field: date(day.year, 1, 1)}) if day else None


def missing(chance: RandomStream, column: SheetColumn, cell: Cell) -> Spoilt | None:
    """Return a blank."""
    return None if cell is None else (None, {})


def doubtful(grid: SheetGrid, *, is_text: bool) -> list[SheetLine]:
    """Return the rows whose day and month may be exchanged, in columns where some dates can only be month first.

    Args:
        grid: the sheet, spoilt.
        is_text: whether it will be a text file, in which a true date is typed as well.
    """
    found: list[SheetLine] = []
    for place, column in enumerate(grid.columns):
        if column is None or column.kind != "date":
            continue
        parts = {line: _figures_of(line.cells[place], is_text=is_text) for line in grid.lines_of_kind("data")}
        if any(second > 12 >= first for first, second in parts.values()):
            found += [line for line, (first, second) in parts.items() if first != second and max(first, second) <= 12]
    return found


def maybe_exchanged(grid: SheetGrid, *, is_text: bool) -> list[SheetLine]:
    """Return the rows with a true date whose day may be a month, beside dates that are typed in one order only.

    Args:
        grid: the sheet, spoilt.
        is_text: whether it will be a text file, in which a count of days alone is a true date.
    """
    found: list[SheetLine] = []
    for place, column in enumerate(grid.columns):
        if column is None or column.kind != "date":
            continue
        cells = {line: line.cells[place] for line in grid.lines_of_kind("data")}
        if any(max(_figures_of(cell, is_text=is_text)) > 12 for cell in cells.values()):
            days = {line: _true_day(cell) for line, cell in cells.items() if not (is_text and isinstance(cell, date))}
            found += [line for line, day in days.items() if day and day.day <= 12 and day.day != day.month]
    return found


def _true_day(cell: Cell) -> date | None:
    """Return the day of a date cell, or of a count of days."""
    if isinstance(cell, date):
        return cell
    return _SERIAL_ZERO + timedelta(days=cell) if isinstance(cell, int) and cell > 30_000 else None


def _figures_of(cell: Cell, *, is_text: bool) -> tuple[int, int]:
    """Return the two figures before the year of a date typed with slashes; two zeros for any other cell."""
    if isinstance(cell, date):
        return (cell.day, cell.month) if is_text else (0, 0)
    typed = re.fullmatch(r"(\d{1,2})/(\d{1,2})/\d{4}", str(cell).translate(TO_LATIN))
    return (int(typed[1]), int(typed[2])) if typed else (0, 0)


def _hijri_of(day: date) -> tuple[int, int, int]:
    """Return year, month and day of the tabular calendar: eleven leap years in thirty, months of 30 and 29 days."""
    elapsed = (day - _HIJRI_ZERO).days
    year = (_CYCLE_YEARS * elapsed + 10_646) // _CYCLE_DAYS
    left = elapsed - (_CYCLE_DAYS * year - 10_617) // _CYCLE_YEARS
    month = 1
    while month < 12 and left >= 30 - (month + 1) % 2:
        left -= 30 - (month + 1) % 2
        month += 1
    return year, month, left + 1
