"""Dates as Iraqi offices, Kurdish offices and spreadsheet programs write them.

Belongs here: what day a cell states, and what is doubtful about it. The names of the months, which are matched exactly:
`تشرين الأول` and `تشرين الثاني` differ by one word, so nothing here guesses.
Does not belong here: whether a date is plausible for a row (`conform.py`), how a date is shown (`languages`).

What is exact lands as it is. `2024` and `تموز 2024` state no day: they land as the first day they cover, and say so
(`date_incomplete`), because the yearly indicators need no more; a duration must not be built on them. A date whose day
and month may be exchanged is never guessed: either the source's card says `day_first`, or it is `date_ambiguous`.
"""

from __future__ import annotations

import datetime
import math
import re
from functools import cache, lru_cache
from typing import NamedTuple

from ingestion.text import clean, fold

_MONTHS = (
    ("كانون الثاني", "يناير", "کانوونی دووەم", "January", "Jan"),
    ("شباط", "فبراير", "شوبات", "February", "Feb"),
    ("آذار", "مارس", "ئازار", "March", "Mar"),
    ("نيسان", "أبريل", "ابريل", "نیسان", "April", "Apr"),
    ("أيار", "ايار", "مايس", "مايو", "ئایار", "May"),
    ("حزيران", "يونيو", "حوزەیران", "June", "Jun"),
    ("تموز", "يوليو", "تەممووز", "July", "Jul"),
    ("آب", "أغسطس", "ئاب", "August", "Aug"),
    ("أيلول", "سبتمبر", "ئەیلوول", "September", "Sep", "Sept"),
    ("تشرين الأول", "أكتوبر", "تشرینی یەکەم", "October", "Oct"),
    ("تشرين الثاني", "نوفمبر", "تشرینی دووەم", "November", "Nov"),
    ("كانون الأول", "ديسمبر", "کانوونی یەکەم", "December", "Dec"),
)
_MONTH_OF = {fold(name): number for number, names in enumerate(_MONTHS, start=1) for name in names}
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_TIME_OF_DAY = re.compile(r"[ t]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?z?$")
_YEARS = range(1900, 2101)  # a bare number in this range is a year
_SERIALS = range(32_874, 73_416)  # 1990-01-01 to 2100-12-31, counted as spreadsheet programs count days
_LONGEST = 40  # characters; the longest date in words has fewer
_SERIAL_ZERO = datetime.date(1899, 12, 30)


class DateReading(NamedTuple):
    """What a cell states.

    `day` is None when nothing can be read; `kind` is the finding it deserves: `date_serial` and `date_incomplete` come
    with a day, `date_ambiguous` and `date_unreadable` without; empty for an exact date.
    """

    day: datetime.date | None
    kind: str = ""


_UNREADABLE = DateReading(None, "date_unreadable")


def read_date(value: object, *, day_first: bool) -> DateReading:
    """Return the day that a cell states.

    Args:
        value: the cell: a date, a number or text. A blank cell is the caller's.
        day_first: the source writes day/month/year; without it `5/7/2024` is ambiguous and `30/7/2024` is not.
    """
    if isinstance(value, datetime.datetime):
        return DateReading(value.date())
    if isinstance(value, datetime.date):
        return DateReading(value)
    if isinstance(value, float) and not math.isfinite(value):
        return _UNREADABLE
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _read_count(int(value)) if value == int(value) or value > _SERIALS.start else _UNREADABLE
    return _read_text(value, day_first=day_first) if isinstance(value, str) else _UNREADABLE


def holds_named_date(text: str) -> bool:
    """Return whether a day, a month by its name and a year stand in `text` side by side."""
    plain = fold(clean(text))
    return any(_read_text(found[0], day_first=True).kind == "" for found in _named_dates().finditer(plain))


@cache
def _named_dates() -> re.Pattern[str]:
    months = "|".join(sorted(map(re.escape, _MONTH_OF), key=len, reverse=True))
    day_first = rf"\d{{1,2}}(?:ي)?\s(?:{months})ي?[\s,،]{{1,2}}\d{{4}}"
    return re.compile(rf"{day_first}|(?:{months})\s\d{{1,2}}[\s,،]{{1,2}}\d{{4}}")


@lru_cache(maxsize=65536)
def _read_text(text: str, *, day_first: bool) -> DateReading:
    if len(text) > _LONGEST:
        return _UNREADABLE
    plain = _TIME_OF_DAY.sub("", fold(clean(text)))
    if plain.isdecimal():
        return _read_count(int(plain))
    if found := _YEAR_FIRST.fullmatch(plain):
        return _checked(*map(int, found.groups()))
    if found := _YEAR_LAST.fullmatch(plain):
        first, second, year = map(int, found.groups())
        return _read_year_last(first, second, year, day_first=day_first)
    return _read_named_month(plain)


def _read_count(number: int) -> DateReading:
    """A bare number: a year, or the day count of a spreadsheet whose format was lost."""
    if number in _YEARS:
        return DateReading(datetime.date(number, 1, 1), "date_incomplete")
    if number in _SERIALS:
        return DateReading(_SERIAL_ZERO + datetime.timedelta(days=number), "date_serial")
    return _UNREADABLE


def _read_year_last(first: int, second: int, year: int, *, day_first: bool) -> DateReading:
    if second > 12:
        # Month first. Where the card says day first, the export was made with other settings, and then no other date
        # of it can be trusted either: a person must look.
        return DateReading(None, "date_ambiguous") if day_first else _checked(year, first, second)
    if first > 12 or first == second or day_first:
        return _checked(year, second, first)
    return DateReading(None, "date_ambiguous")


def _read_named_month(plain: str) -> DateReading:
    """`30 تموز 2024`, `تموز 2024`, `30 كانون الثاني/يناير 2024`, `30ی تەممووزی 2024`, `July 30, 2024`."""
    numbers = [int(number) for number in re.findall(r"\d+", plain)]
    month = _month_of(re.sub(r"\d+(ي(?=\s|$))?|[,،.\-]|(?<=\d)م$", " ", plain))
    years = [number for number in numbers if number in _YEARS]
    days = [number for number in numbers if number not in _YEARS]
    if month is None or len(years) != 1 or len(days) > 1:
        return _UNREADABLE
    if not days:
        return DateReading(datetime.date(years[0], month, 1), "date_incomplete")
    return _checked(years[0], month, days[0])


def _month_of(words: str) -> int | None:
    """Return the month that one name, or two names joined by a slash, state alike."""
    found = {_MONTH_OF.get(name) or _MONTH_OF.get(name.removesuffix("ي")) for name in fold(words).split("/")}
    return found.pop() if len(found) == 1 else None


def _checked(year: int, month: int, day: int) -> DateReading:
    try:
        return DateReading(datetime.date(year, month, day)) if year in _YEARS else _UNREADABLE
    except ValueError:  # the 31st of a month of 30 days states no day
        return _UNREADABLE
