"""The period that an agency reports on: its days, and whether it is over.

Belongs here: the first and last day of a year by the rhythm of a source's card, its state on a day, and over which
years a figure of several agencies may be told.
Does not belong here: what falls due when (`reporting_calendar.py`), what came of it (`agency_years.py`).

Nobody asks a clock here: whoever asks names the day. A build asks for the last day on which a file came
(`agency_years.read_calendar_day`), so the same files give the same figures whenever they are built.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable
from typing import Literal

from ingestion.cards.source_card import SourceCard, load_source, source_names

PeriodState = Literal["not_begun", "open", "over"]
_LAST_DAY = "12-31"


def first_day(sender: SourceCard, year: int) -> datetime.date:
    """Return the first day of a year of an agency."""
    return last_day(sender, year - 1) + datetime.timedelta(days=1)


def last_day(sender: SourceCard, year: int) -> datetime.date:
    """Return the last day of a year of an agency; a fiscal year ends in the calendar year after that of its number."""
    return day_in_year(sender.rhythm.ends, year if sender.rhythm.ends == _LAST_DAY else year + 1)


def day_in_year(month_and_day: str, year: int) -> datetime.date:
    """Return a day of a card (`02-29`) in a year, at most the last of its month."""
    month, day = map(int, month_and_day.split("-"))
    return datetime.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def period_state(sender: SourceCard, year: int, day: datetime.date) -> PeriodState:
    """Return the state of a year of an agency on a day: on its last day it is still open."""
    if day < first_day(sender, year):
        return "not_begun"
    return "over" if day > last_day(sender, year) else "open"


def is_over(year: int, holders: Iterable[str], day: datetime.date | None) -> bool:
    """Return whether a year of figures is over: the calendar year, and that of each agency whose figures they are.

    Args:
        year: of the figures.
        holders: the agencies that hold them; what is no source has the calendar year.
        day: on which it is asked; None if nothing ever came, and nothing is over then.
    """
    if day is None or day <= datetime.date(year, 12, 31):
        return False
    return all(day > last_day(load_source(holder), year) for holder in set(holders).intersection(source_names()))
