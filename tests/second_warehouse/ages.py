"""Whether a person was a child on a day, from what records say of the age, whenever they said it.

Belongs here: the range of ages that a record allows on another day, the record that decides, the groups and bands.
Does not belong here: which day counts for whom; each shape's module says that.

Sources: Palermo Protocol Art. 3(d) and Law 28/2012 Art. 6(1), see docs/reference/law.md (a child is under eighteen);
docs/decisions/0041 (the record nearest to first contact decides, an age written on another day is moved by the time
between, and where only years are known and both readings are possible nobody says which).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MAJORITY = 18
CHILD, ADULT, AMBIGUOUS, UNKNOWN = "Y0T17", "Y_GE18", "AMBIGUOUS", "_U"
OLDEST = 130


@dataclass(frozen=True)
class Ages:
    """The ages that are possible on a day, both ends included; `in_years` where a number was told, not a group."""

    youngest: int
    oldest: int
    in_years: bool

    @property
    def group(self) -> str:
        """Child or adult where all possible ages agree, else ambiguous."""
        if self.oldest < MAJORITY:
            return CHILD
        return ADULT if self.youngest >= MAJORITY else AMBIGUOUS

    @property
    def is_ambiguous(self) -> bool:
        """An age is told, and both readings are possible."""
        return self.group == AMBIGUOUS


def birthday(day: datetime.date, years: int) -> datetime.date:
    """Return the same day `years` later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return datetime.date(day.year + years, 3, 1)


def completed_years(earlier: datetime.date, later: datetime.date) -> int:
    """Return the whole years between two days."""
    return later.year - earlier.year - ((later.month, later.day) < (earlier.month, earlier.day))


def moved_age(years: int, written: datetime.date, day: datetime.date) -> tuple[int, int]:
    """Return the ages possible on `day` of somebody who was `years` old on `written`."""
    if written <= day:
        passed = completed_years(written, day)
        return years + passed, years + passed + (birthday(written, passed) != day)
    passed = completed_years(day, written)
    return max(0, years - passed - (birthday(day, passed) != written)), max(0, years - passed)


def moved_group(group: str, written: datetime.date, day: datetime.date) -> tuple[int, int]:
    """Return the ages possible on `day` of somebody who was a child, or an adult, on `written`."""
    if group == CHILD:
        return (0, MAJORITY - 1) if day <= written else (0, OLDEST)
    return (MAJORITY, OLDEST) if day >= written else (0, OLDEST)


def told_ages(record: dict[str, Any], written: datetime.date | None, day: datetime.date | None) -> Ages | None:
    """Return the ages possible on `day` by one record that was written on `written`; None where it says nothing."""
    on, at = written or day, day or written
    if record["age_years"] is not None:
        years = record["age_years"]
        return Ages(*(moved_age(years, on, at) if on and at else (years, years)), True)
    if record["birth_year"] is not None:
        return _by_birth_year(record["birth_year"], at)
    if record["age_group_code"] in (CHILD, ADULT):
        group = record["age_group_code"]
        bare = (0, MAJORITY - 1) if group == CHILD else (MAJORITY, OLDEST)
        return Ages(*(moved_group(group, on, at) if on and at else bare), False)
    return None


def _by_birth_year(birth_year: int, day: datetime.date | None) -> Ages | None:
    """In the year in which somebody turns eighteen the person is both, before the birthday and after it."""
    if day is None:
        return None
    before = (day.month, day.day) != (12, 31)
    return Ages(max(0, day.year - birth_year - before), max(0, day.year - birth_year), True)


def nearest_ages(
    records: Iterable[dict[str, Any]], written: Iterable[datetime.date | None], day: datetime.date | None
) -> Ages | None:
    """Return the ages on `day` by the nearest record that settles the group, else by the nearest."""
    told = [
        ((ages.is_ambiguous, _distance(on, day), place), ages)
        for place, (record, on) in enumerate(zip(records, written, strict=True))
        if (ages := told_ages(record, on, day))
    ]
    return min(told, key=lambda one: one[0])[1] if told else None


def _distance(written: datetime.date | None, day: datetime.date | None) -> int:
    """Return the days between; a record without a day is the last to be asked."""
    return abs((written - day).days) if written and day else 10**6


def group_of(ages: Ages | None) -> str:
    """Return the group as released."""
    return ages.group if ages else UNKNOWN
