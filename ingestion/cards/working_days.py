"""Working days: on which days offices are closed in a governorate, and counting without those.

Belongs here: the schema of `holidays/<place>.yml` and arithmetic over working days.
Does not belong here: what is owed (`reporting_calendar.py`), the dates themselves, which are edited in those files as
decrees are issued.

The weekend is Friday and Saturday. A governorate closes on its own days, those of its region and those of all Iraq.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from ingestion.cards.card_errors import IngestionCard
from ingestion.cards.source_card import FOLDER, DayOfYear, SourceCard, read_yaml, validate

COUNTRY, FEDERAL, REGION = "IQ", "IQ-FED", "IQ-KR"
_GOVERNORATES_OF_REGION = ("IQG06", "IQG09", "IQG11", "IQG06Q05")
_CAPITALS = {REGION: "IQG11"}
_BAGHDAD = "IQG08"
_WEEKEND = (4, 5)  # Friday and Saturday, as `date.weekday` numbers them
_ONE_DAY = datetime.timedelta(days=1)


class YearlyHoliday(IngestionCard):
    """A day closed every year, with the law behind it; `since` and `until` limit its years if it is new or ended."""

    name: str
    basis: Annotated[str, Field(min_length=1)]
    since: int = 0
    until: int = 9999


class AnnouncedDay(IngestionCard):
    """A closed day of one year, with who confirmed it and when: nothing is entered on hearsay."""

    name: str
    confirmed_by: Annotated[str, Field(min_length=1)]
    confirmed_on: datetime.date


class HolidayCard(IngestionCard):
    """The closed and opened days of one place.

    Args:
        every_year: month-day -> closed each year.
        announced: closed in one year.
        opened: worked on, though a Friday, a Saturday or a holiday.
        to_confirm: what somebody should find out; never counts.
    """

    every_year: dict[DayOfYear, YearlyHoliday] = Field(default_factory=dict[str, YearlyHoliday])
    announced: dict[datetime.date, AnnouncedDay] = Field(default_factory=dict[datetime.date, AnnouncedDay])
    opened: dict[datetime.date, AnnouncedDay] = Field(default_factory=dict[datetime.date, AnnouncedDay])
    to_confirm: list[str] = Field(default_factory=list[str])

    def closes(self, day: datetime.date) -> bool:
        """Return whether a day is one of these holidays."""
        yearly = self.every_year.get(f"{day:%m-%d}")
        return day in self.announced or (yearly is not None and yearly.since <= day.year <= yearly.until)


@dataclass(frozen=True)
class WorkingDays:
    """The working days of one place."""

    cards: tuple[HolidayCard, ...]
    _closed: dict[datetime.date, bool] = field(default_factory=dict[datetime.date, bool], repr=False, compare=False)
    """Each day that was asked about: a delivery that is years late asks about every day since."""

    def is_closed(self, day: datetime.date) -> bool:
        """Return whether offices are closed on a day."""
        if day not in self._closed:
            self._closed[day] = self._closes(day)
        return self._closed[day]

    def _closes(self, day: datetime.date) -> bool:
        if any(day in card.opened for card in self.cards):
            return False
        return day.weekday() in _WEEKEND or any(card.closes(day) for card in self.cards)

    def first_from(self, day: datetime.date) -> datetime.date:
        """Return the day itself if offices are open, else the next day on which they are."""
        while self.is_closed(day):
            day += _ONE_DAY
        return day

    def after(self, day: datetime.date, count: int) -> datetime.date:
        """Return the working day `count` (1 or more) working days after a day, which may itself be closed."""
        for _ in range(count):
            day = self.first_from(day + _ONE_DAY)
        return day

    def count(self, start: datetime.date, end: datetime.date) -> int:
        """Return the number of working days after `start` up to and including `end`; 0 if `end` is not later."""
        days = ((start + _ONE_DAY * number) for number in range(1, (end - start).days + 1))
        return sum(not self.is_closed(day) for day in days)


def working_days_of(sender: SourceCard) -> WorkingDays:
    """Return the working days where an agency sits: the card's `place`, else the capital of its region.

    Raises:
        Refusal: `card_invalid` for a bad file of holidays.
    """
    return working_days(sender.place or _CAPITALS.get(sender.region, _BAGHDAD))


@cache
def working_days(place: str, folder: Path = FOLDER / "holidays") -> WorkingDays:
    """Return the working days of a governorate, e.g. `IQG08`."""
    region = REGION if place in _GOVERNORATES_OF_REGION else FEDERAL
    paths = (folder / f"{name}.yml" for name in (COUNTRY, region, place))
    return WorkingDays(tuple(validate(HolidayCard, read_yaml(path), path) for path in paths if path.exists()))
