"""Dates as Iraqi offices, Kurdish offices and spreadsheet programs write them.

Belongs here: the day that a cell states, and what is doubtful about it. The names of the months, which are matched
exactly: `تشرين الأول` and `تشرين الثاني` differ by one word, so nothing here guesses.
Does not belong here: whether a date is plausible for a row (`row_checks.py`), how a date is shown (`languages`).

An exact date is stored as it is. `2024` and `تموز 2024` state no day: they are stored as the first day they cover, with
a finding (`date_incomplete`), because the yearly indicators need no more; a duration must not be computed from them. A
date whose day and month may be swapped is never guessed: either the source's card says `day_first`, or it is
`date_ambiguous`; what the whole column proves is for `date_order.py`. `منتصف آذار` states no day: it waits,
`date_vague`.

A date of the Hijri calendar, even a month alone, is recognised but not converted: the calendars that states and tables
use differ by a day or two. The same holds for the Kurdish solar calendar.
"""

from __future__ import annotations

import datetime
import math
import re
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from ingestion.text.folding import clean, fold

_MONTHS = (
    ("كانون الثاني", "كانون ثاني", "يناير", "کانوونی دووەم", "کانونی دووەم", "January", "Jan"),
    ("شباط", "فبراير", "شوبات", "February", "Feb"),
    ("آذار", "اذار", "مارس", "ئازار", "ئادار", "March", "Mar"),
    ("نيسان", "أبريل", "ابريل", "إبريل", "نیسان", "April", "Apr"),
    ("أيار", "ايار", "مايس", "مايو", "ئایار", "May"),
    ("حزيران", "يونيو", "يونيه", "حوزەیران", "حوزەیرانی", "June", "Jun"),
    ("تموز", "يوليو", "يوليه", "تەممووز", "تەمووز", "July", "Jul"),
    ("آب", "اب", "أغسطس", "ئاب", "August", "Aug"),
    ("أيلول", "سبتمبر", "ئەیلوول", "ئەیلول", "September", "Sep", "Sept"),
    ("تشرين الأول", "تشرين أول", "أكتوبر", "تشرینی یەکەم", "October", "Oct"),
    ("تشرين الثاني", "تشرين ثاني", "نوفمبر", "تشرینی دووەم", "November", "Nov"),
    ("كانون الأول", "كانون أول", "ديسمبر", "کانوونی یەکەم", "کانونی یەکەم", "December", "Dec"),
)
_HIJRI_MONTHS = (
    "محرم", "صفر", "ربيع الأول", "ربيع الثاني", "ربيع الآخر", "جمادى الأولى", "جمادى الآخرة", "جمادى الثانية", "رجب",
    "شعبان", "رمضان", "شوال", "ذو القعدة", "ذي القعدة", "ذو الحجة", "ذي الحجة", "ڕەمەزان", "Muharram", "Safar",
    "Rajab", "Shaban", "Ramadan", "Shawwal",
)  # fmt: skip
_KURDISH_MONTHS = (
    "خاکەلێوە", "نەورۆز", "گوڵان", "بانەمەڕ", "جۆزەردان", "پووشپەڕ", "گەلاوێژ", "خەرمانان", "ڕەزبەر", "گەڵاڕێزان",
    "خەزەڵوەر", "سەرماوەز", "بەفرانبار", "ڕێبەندان", "ڕەشەمێ",
)  # fmt: skip  # of the solar calendar, which begins on 21 March: like the Hijri one, not converted
_PARTS_OF_MONTH = (
    "أوائل", "اوائل", "بداية", "بدايات", "مطلع", "مستهل", "أول", "منتصف", "نصف", "وسط", "أواسط", "نهاية", "نهايات",
    "أواخر", "آخر", "ختام", "سەرەتای", "سەرەتاکانی", "ناوەڕاستی", "نیوەی", "ناوەندی", "کۆتایی", "کۆتاییەکانی", "دوایی",
    "early", "beginning", "start", "mid", "middle", "late", "end",
)  # fmt: skip
_MONTH_OF = {fold(name): number for number, names in enumerate(_MONTHS, start=1) for name in names}
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_ERA = re.compile(r"(?<=\d) ?(?:م|ميلادي(?:ه)?|ز|زاييني|ad|ce)$")
_DAY_OF_WEEK = re.compile(
    r"^(?:يوم |روزي )?(?:ال(?:احد|اثنين|ثلاثاء?|اربعاء?|خميس|جمعه|سبت)|(?:يهك|دوو?|سي|جوار|بينج)شهممه?|ههيني|شهممه"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?: الموافق)?[ ,،]+"
)
_TIME_OF_DAY = re.compile(r"[ t]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?z?$")
_YEARS = range(1900, 2101)  # a bare number in this range is a year
_SERIALS = range(32_874, 73_416)  # 1990-01-01 to 2100-12-31, counted as spreadsheet programs count days
_NO_NAME = re.compile(
    r"\d+(?:ي(?=\s|$)|st\b|nd\b|rd\b|th\b)?|[,،.\-]|(?<=\d)م$|(?<=\d)/|/(?=\d)"
    r"|^(?:شهر|مانكي|month of) |(?<=\d )(?:من شهر|شهر|من|of) "
)
_SHORT_YEAR = re.compile(r"\d{1,2}([-/. ])[^\W\d_]+\.?\1(?P<year>\d{2})")  # `3-Jan-24`, as spreadsheets show a date
_CENTURY_BEGINS = 50  # two-digit years: 1950 to 2049
_LONGEST = 40  # characters; more than the longest date in words
_SERIAL_ZERO = datetime.date(1899, 12, 30)
_DAYS_1904 = 1462  # days between counting from 1904 and from 1900
_OTHER_MONTHS = "|".join(sorted(map(fold, (*_HIJRI_MONTHS, *_KURDISH_MONTHS)), key=len, reverse=True))
_OF_OTHER_CALENDARS = (
    rf"(?:\d{{1,2}}(?:ي)?[ /-](?:من )?)?(?:شهر |مانكي )?(?:{_OTHER_MONTHS})ي?(?:[ /-]\d{{1,2}})?"
    r"(?:[ ,،/-]+\d{4} ?(?:ه|ah)?)?"
)
_HIJRI_YEAR = r"1[34]\d\d"  # 1883 to 2076; the Iranian calendar has these years too, and clerks use it no more often
_HIJRI = re.compile(
    rf"{_HIJRI_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}} ?(?:ه|ah)?|\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_HIJRI_YEAR} ?(?:ه|ah)?"
    rf"|{_OF_OTHER_CALENDARS}"
)
_PART = re.compile(r"(\d{1,2})[-/.](\d{1,2})(?:[-/.]\d{4})?")

Order = Literal["", "day_first", "month_first", "either"]
"""What a cell proves about the order of day and month: nothing, one of the two, or that it fits both."""


class DateReading(NamedTuple):
    """The meaning of a date cell.

    `day` is None if nothing can be read; `kind` is the finding on it: `date_serial` and `date_incomplete` come with a
    day, `date_ambiguous`, `date_hijri`, `date_vague` and `date_unreadable` without; empty for an exact date.
    """

    day: datetime.date | None
    kind: str = ""


_UNREADABLE = DateReading(None, "date_unreadable")


def read_date(value: object, *, day_first: bool | None, from_1904: bool = False) -> DateReading:
    """Return the day that a cell states.

    Args:
        value: the cell: a date, a number or text. The caller handles blank cells.
        day_first: the source writes day/month/year (true), month/day/year (false), or has not stated it (None): then
            `5/7/2024` is ambiguous and `30/7/2024` is not.
        from_1904: the workbook counts its days from 1904.
    """
    if isinstance(value, datetime.datetime):
        return DateReading(value.date())
    if isinstance(value, datetime.date):
        return DateReading(value)
    if isinstance(value, float) and not math.isfinite(value):
        return _UNREADABLE
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value != int(value) and int(value) in _YEARS:
            return _UNREADABLE
        return _read_count(int(value), from_1904=from_1904)
    if not isinstance(value, str):
        return _UNREADABLE
    return _read_text(value, day_first=day_first, from_1904=from_1904)


def order_of(value: object) -> Order:
    """Return what a cell proves about the order of day and month; only a date in figures ending in its year does."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return ""
    match = _YEAR_LAST.fullmatch(_plain_text(value))
    if not match:
        return ""
    first, second = int(match[1]), int(match[2])
    if first > 12:
        return "day_first" if second <= 12 else ""
    if second > 12:
        return "month_first"
    return "either" if first != second else ""


def states_figures_alike(value: object) -> bool:
    """Return whether a cell states, as text, a day and a month of the same number, like `5/5/2024`."""
    match = _YEAR_LAST.fullmatch(_plain_text(value)) if isinstance(value, str) and len(value) <= _LONGEST else None
    return match is not None and int(match[1]) == int(match[2]) <= 12


def states_part_of_month(text: str) -> bool:
    """Return whether a text states a part of a month and no day: `منتصف آذار`, `early May 2024`."""
    return len(text) <= _LONGEST and _part_of_month().fullmatch(_plain_text(text)) is not None


@cache
def _part_of_month() -> re.Pattern[str]:
    parts = "|".join(sorted((fold(part) for part in _PARTS_OF_MONTH), key=len, reverse=True))
    months = "|".join(sorted(map(re.escape, _MONTH_OF), key=len, reverse=True))
    double = rf"(?:{months})(?: ?/ ?(?:{months}))?"
    return re.compile(
        rf"(?:في |في ال|له |in |at )?(?:the )?(?:{parts})[ -](?:من |of )?(?:شهر |مانكي |month of )?(?:{double})ي?"
        r"(?:[ ,،/-]+(?:من |of )?(?:عام |سنه |سالي )?\d{4})?"
    )


def day_month_of(text: str, *, day_first: bool | None) -> tuple[int | None, int | None]:
    """Return the day and month of a part of a title: `15/10`, `15 تشرين الأول`.

    The day is None for a month alone, and both are if unclear.
    """
    plain = _plain_text(text)
    if match := _YEAR_FIRST.fullmatch(plain):
        return int(match[3]), int(match[2])
    if match := _PART.fullmatch(plain):
        day = _read_year_last(int(match[1]), int(match[2]), 2000, day_first=day_first).day
        return (day.day, day.month) if day else (None, None)
    numbers = [int(number) for number in re.findall(r"\d+", plain) if int(number) not in _YEARS]
    month = month_of(_NO_NAME.sub(" ", plain).removeprefix("من ").removeprefix("of "))
    return (numbers[0] if month and numbers else None), month


def month_names() -> list[str]:
    """Return the folded names of the months, and the first words that name a month only with their second word."""
    return [*_MONTH_OF, fold("تشرين"), fold("كانون")]


def month_of(words: str) -> int | None:
    """Return the month named by one name, or by two names joined by a slash that agree."""
    months = {_MONTH_OF.get(name) or _MONTH_OF.get(name.removesuffix("ي")) for name in fold(words).split("/")}
    return months.pop() if len(months) == 1 else None


@lru_cache(maxsize=65536)
def _read_text(text: str, *, day_first: bool | None, from_1904: bool = False) -> DateReading:
    if len(text) > _LONGEST:
        return _UNREADABLE
    plain = _plain_text(text)
    if plain.isdecimal():
        return _read_count(int(plain), from_1904=from_1904)
    if _HIJRI.fullmatch(plain):
        return DateReading(None, "date_hijri")
    if match := _YEAR_FIRST.fullmatch(plain):
        return _check_date(*map(int, match.groups()))
    if states_part_of_month(text):
        return DateReading(None, "date_vague")
    if match := _YEAR_LAST.fullmatch(plain):
        first, second, year = map(int, match.groups())
        return _read_year_last(first, second, year, day_first=day_first)
    return _read_named_month(plain)


def _plain_text(text: str) -> str:
    return _ERA.sub("", _DAY_OF_WEEK.sub("", _TIME_OF_DAY.sub("", fold(clean(text)))))


def _read_count(number: int, *, from_1904: bool) -> DateReading:
    """Read a bare number: a year, or the day count of a spreadsheet whose format was lost."""
    if number in _YEARS:
        return DateReading(datetime.date(number, 1, 1), "date_incomplete")
    number += _DAYS_1904 if from_1904 else 0
    if number in _SERIALS:
        return DateReading(_SERIAL_ZERO + datetime.timedelta(days=number), "date_serial")
    return _UNREADABLE


def _read_year_last(first: int, second: int, year: int, *, day_first: bool | None) -> DateReading:
    if first == second:
        return _check_date(year, second, first)
    if second > 12 or first > 12:
        # Only one order fits. If the card states the other, the export was made with other settings, and then no other
        # date of the column can be trusted either: `date_order.py` quarantines all of it.
        is_day_first = first > 12
        if day_first is not None and day_first is not is_day_first:
            return DateReading(None, "date_ambiguous")
        return _check_date(year, second, first) if is_day_first else _check_date(year, first, second)
    if day_first is None:
        return DateReading(None, "date_ambiguous")
    return _check_date(year, second, first) if day_first else _check_date(year, first, second)


def _read_named_month(plain: str) -> DateReading:
    """Read `30 تموز 2024`, `تموز 2024`, `5/شباط/2024`, `30 كانون الثاني/يناير 2024`, `July 30, 2024`, `3-Jan-24`."""
    if match := _SHORT_YEAR.fullmatch(plain):
        short = int(match["year"])
        plain = f"{plain[:-2]}{1900 + short if short >= _CENTURY_BEGINS else 2000 + short}"
    numbers = [int(number) for number in re.findall(r"\d+", plain)]
    month = month_of(_NO_NAME.sub(" ", plain))
    years = [number for number in numbers if number in _YEARS]
    days = [number for number in numbers if number not in _YEARS]
    if month is None or len(years) != 1 or len(days) > 1:
        return _UNREADABLE
    if not days:
        return DateReading(datetime.date(years[0], month, 1), "date_incomplete")
    return _check_date(years[0], month, days[0])


def _check_date(year: int, month: int, day: int) -> DateReading:
    try:
        return DateReading(datetime.date(year, month, day)) if year in _YEARS else _UNREADABLE
    except ValueError:  # the 31st of a month of 30 days is no day
        return _UNREADABLE
