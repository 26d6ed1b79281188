"""The period that a title states: a year, a part of one, from a day until a day.

Belongs here: years in three digit systems, quarters, halves, months, `من 1/1 ولغاية 15/10`, in three languages.
Does not belong here: the day that one cell states (`typed_dates.py`), which titles a file has and what follows from
them (`coverage.py`).

Nothing is guessed: words for a part of a year whose days are not definite (`لغاية 5/7`, `تشرين` without its number) are
returned as unclear, never as the whole year.
"""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ingestion.text.folding import clean, fold
from ingestion.text.typed_dates import day_month_of, month_names, month_of

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_FIRST_YEAR = 1990
_LONGEST = 400  # characters of a title; a longer text is a paragraph
_ORDINALS = (
    ("الأول", "الاولى", "اول", "یەکەم", "first", "1st", "1"),
    ("الثاني", "الثانية", "ثاني", "دووەم", "second", "2nd", "2"),
    ("الثالث", "الثالثة", "ثالث", "سێیەم", "third", "3rd", "3"),
    ("الرابع", "الرابعة", "رابع", "چوارەم", "fourth", "4th", "4"),
)
_ORDINAL_OF = {fold(word): number for number, words in enumerate(_ORDINALS, start=1) for word in words}
_COUNTS = {
    3: ("الثلاثة", "سێ", "three", "3"),
    6: ("الستة", "شەش", "six", "6"),
    9: ("التسعة", "نۆ", "nine", "9"),
}
_COUNT_OF = {fold(word): number for number, words in _COUNTS.items() for word in words}


@dataclass(frozen=True)
class Period:
    """A period from its first to its last day, both included."""

    start: datetime.date
    end: datetime.date

    @property
    def year(self) -> int:
        """The year of its last day."""
        return self.end.year

    @property
    def is_whole_year(self) -> bool:
        """Whether it is exactly a calendar year."""
        return self == whole_year(self.end.year)

    @property
    def completeness(self) -> float:
        """The share of its year's days that it includes, 0 to 1."""
        return completeness_of(max(self.start, whole_year(self.year).start), self.end)

    def within(self, year: int) -> Period | None:
        """Return the part of it within a year, or None."""
        start, end = max(self.start, whole_year(year).start), min(self.end, whole_year(year).end)
        return Period(start, end) if start <= end else None


class PeriodReading(NamedTuple):
    """What a title states: a period, or a part of a year whose days are not definite."""

    period: Period | None
    is_unclear: bool = False


_SAYS_NOTHING = PeriodReading(None)
_UNCLEAR = PeriodReading(None, is_unclear=True)


def whole_year(year: int) -> Period:
    """Return a calendar year."""
    return Period(datetime.date(year, 1, 1), datetime.date(year, 12, 31))


def completeness_of(start: datetime.date, end: datetime.date) -> float:
    """Return the share of a year's days from `start` to `end`, both in that year, 0 to 1."""
    year = whole_year(end.year)
    return ((end - start).days + 1) / ((year.end - year.start).days + 1)


def year_in(text: str) -> int | None:
    """Return the only year in `text`, in any of the three digit systems; None for none or several."""
    years = {int(year) for year in _YEAR.findall(fold(text)) if int(year) >= _FIRST_YEAR}
    return years.pop() if len(years) == 1 else None


def read_period(text: str, *, day_first: bool | None = None, year: int | None = None) -> PeriodReading:
    """Return the period that a title states.

    Args:
        text: the title, or the name of a sheet.
        day_first: as in `typed_dates.read_date`.
        year: the year that applies if the title states a part of a year without a year.
    """
    if len(text) > _LONGEST:
        return _SAYS_NOTHING
    plain, stated = fold(clean(text)), year_in(text)
    ends = _MAY_END.search(plain) is not None
    if ends and (match := _pattern_between_days().search(plain) or _pattern_until_day().search(plain)):
        return _read_between(match, stated or year, day_first=day_first)
    months = _months_of(plain, has_year=stated is not None) if _MAY_BE_PART.search(plain) else set[int]()
    if not months:
        return PeriodReading(whole_year(stated)) if stated else _SAYS_NOTHING
    return _period_of_months(months, stated or year)


def period_words(text: str) -> str:
    """Return the words of a title that state a period, and nothing else of it; empty if it states none.

    Every word of them is one of the patterns of this module, and `read_period` reads in them what it reads in the
    title, whatever the order of days and the year.
    """
    if len(text) > _LONGEST:
        return ""
    plain, stated = fold(clean(text)), year_in(text)
    year = f" ({stated})" if stated else ""
    ends = _MAY_END.search(plain) is not None
    if ends and (match := _pattern_between_days().search(plain) or _pattern_until_day().search(plain)):
        return f"{match[0].strip()}{year}"
    patterns = _patterns() if _MAY_BE_PART.search(plain) else ()
    words = [match[0].strip() for pattern in patterns for match in pattern.finditer(plain)]
    return f"{' | '.join(words)}{year}".strip()


_UNTIL = r"(?:و?لغايه|و?الي|و?حتي|to|until|till|through|up to|بو|تا|تاكو)\s(?:يوم\s|تاريخ\s|نهايه\s|غايه\s)?"
# A title mostly states only a year: this quick test comes before the long expressions are compiled, which takes as
# long as reading a small file.
_MAY_END = re.compile(rf"[-–]|{_UNTIL}|as of\s")
_MAY_BE_PART = re.compile(r"فصل|ربع|جارهكي|q|نصف|نيوهي|h|شهر|شهور|مانكي|first|for\s")


@cache
def _month() -> str:
    months = "|".join(sorted(map(re.escape, month_names()), key=len, reverse=True))
    return rf"(?:{months})(?:/(?:{months}))?ي?(?!\w)"


@cache
def _pattern_between_days() -> re.Pattern[str]:
    day = _day_expression()
    return re.compile(rf"(?<!\w)(?:من|from|له)?\s?(?P<start>{day})\s?(?:[-–]\s?|{_UNTIL})(?P<end>{day})")


@cache
def _pattern_until_day() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_UNTIL}|as of\s)(?P<end>{_day_expression()})")


def _day_expression() -> str:
    month = _month()
    return (
        r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{4})?(?![\d/])"
        rf"|\d{{1,2}}(?:st|nd|rd|th|ي)?\s(?:of\s|من\s)?{month}(?:[\s,،/]+\d{{4}})?"
        rf"|{month}\s\d{{1,2}}(?!\d)(?:[\s,،]+\d{{4}})?|{month}(?:[\s,،/]+\d{{4}})?"
    )


class _Patterns(NamedTuple):
    quarter: re.Pattern[str]
    half: re.Pattern[str]
    first_months: re.Pattern[str]
    month: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    month = _month()
    ordinal = "|".join(sorted(map(re.escape, _ORDINAL_OF), key=len, reverse=True))
    several = rf"((?:{ordinal})(?:(?:\sو\s?|\sand\s|[،,-]\s?)(?:{ordinal}))*)ي?(?!\w)"
    count = "|".join(map(re.escape, _COUNT_OF))
    quarter_after = r"(?<!\w)[لب]?(?:ال|ل)?(?P<kind>فصل|ربع|فصلين|ربعين|جارهكي|quarter|q)\s?"
    return _Patterns(
        quarter=re.compile(rf"{quarter_after}{several}|(?<!\w){several}\s(?:quarters?)(?!\w)"),
        half=re.compile(
            rf"(?<!\w)[لب]?(?:ال|ل)?(?:نصف|نيوهي|h)\s?(?P<after>{ordinal})ي?(?!\w)|(?P<before>first|second) half"
        ),
        first_months=re.compile(
            rf"(?:اشهر|شهور)\s(?P<arabic>{count})\sالاولي|first\s(?P<english>{count})\smonths|(?P<kurdish>{count})\sمانكي\sيهكهم"
        ),
        month=re.compile(
            rf"(?<!\w)ل?(?:شهر|مانكي)\s(?P<name>{month})|month of\s(?P<english>{month})"
            rf"|(?<!\w)for\s(?P<dated>{month})\s\d{{4}}"
        ),
    )


def _months_of(plain: str, *, has_year: bool) -> set[int]:
    """Return the months of a quarter, a half, the first months or a month name; 0 for an unclear one."""
    patterns = _patterns()
    months: set[int] = set()
    for match in patterns.quarter.finditer(plain):
        if (match["kind"] or "").startswith("فصل") and not has_year:
            continue  # `فصل` also means chapter
        for number in _ordinals_in(match[2] or match[3]):
            months |= set(range(3 * number - 2, 3 * number + 1))
    for match in patterns.half.finditer(plain):
        number = _ORDINAL_OF[match["after"] or match["before"]]
        months |= set(range(6 * number - 5, 6 * number + 1)) if number <= 2 else {0}
    for match in patterns.first_months.finditer(plain):
        months |= set(range(1, _COUNT_OF[match["arabic"] or match["english"] or match["kurdish"]] + 1))
    for match in patterns.month.finditer(plain):
        months.add(month_of(match["name"] or match["english"] or match["dated"]) or 0)
    return months


def _ordinals_in(words: str) -> list[int]:
    parts = re.split(r"\sو\s?|\sand\s|[،,-]\s?", words)
    return [_ORDINAL_OF[part] for part in parts if part in _ORDINAL_OF]


def _period_of_months(months: set[int], year: int | None) -> PeriodReading:
    if year is None or 0 in months:
        return _UNCLEAR
    last = max(months)
    start, end = datetime.date(year, min(months), 1), datetime.date(year, last, monthrange(year, last)[1])
    return PeriodReading(Period(start, end))


def _read_between(match: re.Match[str], year: int | None, *, day_first: bool | None) -> PeriodReading:
    """Return the period of `من 1/1 ولغاية 15/10`; without a first day it begins with the year."""
    end = _day(match["end"], year, day_first=day_first, is_end=True)
    if end is None:
        return _UNCLEAR
    typed = match.groupdict().get("start")
    start = _day(typed, end.year, day_first=day_first, is_end=False) if typed else whole_year(end.year).start
    if start is None:
        return _UNCLEAR
    return PeriodReading(Period(*sorted((start, end))))  # right-to-left writing may reverse them


def _day(text: str, year: int | None, *, day_first: bool | None, is_end: bool) -> datetime.date | None:
    """Return the day of `15/10`, `15 تشرين الأول 2025` or, for the end of a period, the last of `تشرين الأول`."""
    own = year_in(text) or year
    if own is None:
        return None
    day, month = day_month_of(text, day_first=day_first)
    if month is None:
        return None
    try:
        return datetime.date(own, month, day or (monthrange(own, month)[1] if is_end else 1))
    except ValueError:  # the 31st of a month of 30 days
        return None
