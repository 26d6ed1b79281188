"""The years that an agency owes: the state of each period, what was delivered of it, and whether that was in time.

Belongs here: the three answers, given once for the calendar of a build, the desk, the letters and the command.
Does not belong here: when a period ends and its file falls due (`ingestion/cards`), which file counts
(`current_submissions.py`), the indicators of reporting (`dbt_project`).

A year that is not over has no delivery but a part, and is neither in time nor late, whatever came of it: its file is
still to come. A file that states a part of a year, or that came before its year was over, is a part of it.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import pyarrow.parquet as pq

from ingestion.cards.reporting_calendar import ExpectedDelivery, owed_delivery
from ingestion.cards.reporting_periods import PeriodState, last_day, period_state
from ingestion.cards.source_card import SourceCard
from ingestion.home import Home

Delivery = Literal["none", "part", "whole", "nothing"]
"""What came of a year; `nothing` is a file that says that there was nothing to report."""
Punctuality = Literal["not_due", "in_time", "came_late", "overdue"]

CALENDAR = "calendar.parquet"
AS_OF = "as_of_date"


@dataclass(frozen=True)
class SentPeriod:
    """What one file says of one shape and year.

    Args:
        shape: the kind of record.
        period: the year.
        sent_date: the day of its letter, else of its receipt.
        completeness: the share of the year's days that it covers, 0 to 1; None if that is unclear.
        rows: how many it has.
        is_in_force: whether it counts; several of one shape and year do if they cover parts that do not overlap.
    """

    shape: str
    period: str
    sent_date: datetime.date
    completeness: float | None
    rows: int
    is_in_force: bool


@dataclass(frozen=True)
class AgencyYear:
    """One year of an agency, as of a day.

    Args:
        owed: the year and its due day.
        state: of the period.
        delivery: what came of it.
        punctuality: whether its file was in time; the first file about the year decides.
        sent_date: the day of that first file; None if none came, or none after the year was over.
        days_late: working days after the due day: of the first file, or so far; 0 unless late.
    """

    owed: ExpectedDelivery
    state: PeriodState
    delivery: Delivery
    punctuality: Punctuality
    sent_date: datetime.date | None
    days_late: int

    @property
    def is_awaited(self) -> bool:
        """Whether its file is still to come, in time or late: the reminder stays."""
        return self.punctuality in ("not_due", "overdue")


def agency_year(sender: SourceCard, year: int, files: Iterable[SentPeriod], day: datetime.date) -> AgencyYear:
    """Return the three answers about one year of an agency.

    Args:
        sender: who owes it.
        year: that is asked for.
        files: what the agency sent, about any year.
        day: as of which it is asked.
    """
    own = [file for file in files if file.period == str(year)]
    owed, state, end = owed_delivery(sender, year), period_state(sender, year, day), last_day(sender, year)
    delivery = _delivery(own, end)
    if state != "over":
        return AgencyYear(owed, state, delivery, "not_due", None, 0)
    if any(file.sent_date > end for file in own):
        first = min(file.sent_date for file in own)
        late = owed.days_late(first)
        return AgencyYear(owed, state, delivery, "came_late" if late else "in_time", first, late)
    if day < owed.late_from_date:
        return AgencyYear(owed, state, delivery, "not_due", None, 0)
    return AgencyYear(owed, state, delivery, "overdue", None, owed.days_late(day))


def agency_years(
    sender: SourceCard, files: Iterable[SentPeriod], last_year: int, day: datetime.date
) -> Iterator[AgencyYear]:
    """Yield the years of an agency from its first to `last_year`, oldest first; none for who owes nothing."""
    by_period: dict[str, list[SentPeriod]] = defaultdict(list)
    for file in files:
        by_period[file.period].append(file)
    if sender.kind == "authority":
        for year in range(sender.rhythm.first_period, last_year + 1):
            yield agency_year(sender, year, by_period[str(year)], day)


def read_calendar_day(home: Home) -> datetime.date | None:
    """Return the day as of which the last roll call answered; None before the first file."""
    path = home.raw / CALENDAR
    if not path.exists():
        return None
    days: list[datetime.date] = pq.read_table(path, columns=[AS_OF])[AS_OF].to_pylist()
    return max(days, default=None)


def _delivery(files: Iterable[SentPeriod], end: datetime.date) -> Delivery:
    counting = [file for file in files if file.is_in_force]
    if not counting:
        return "none"
    by_shape: dict[str, list[SentPeriod]] = defaultdict(list)
    for file in counting:
        by_shape[file.shape].append(file)
    if not all(_is_whole(own, end) for own in by_shape.values()):
        return "part"
    return "whole" if any(file.rows for file in counting) else "nothing"


def _is_whole(files: list[SentPeriod], end: datetime.date) -> bool:
    """Return whether files of one shape cover the whole year together, the last of them sent after it was over."""
    covered = sum(file.completeness or 0 for file in files)
    return round(covered, 3) >= 1 and max(file.sent_date for file in files) > end
