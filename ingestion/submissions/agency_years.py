"""The years that an agency owes: the state of each period, what was delivered of it, and whether that was in time.

Belongs here: the three answers, given once for the calendar of a build, the desk, the letters and the command.
Does not belong here: when a period ends and its file falls due (`ingestion/cards`), which file counts
(`current_submissions.py`), the indicators of reporting (`dbt_project`).

A year that is not over has no delivery but a part, and is neither in time nor late, whatever came of it: its file is
still to come. A file that states a part of a year, or that came before its year was over, is a part of it. Whether a
year was in time is asked of the file by which it became whole: a part of it is not what falls due.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow.parquet as pq

from ingestion.cards.reporting_calendar import ExpectedDelivery, owed_delivery
from ingestion.cards.reporting_periods import PeriodState, last_day, period_state
from ingestion.cards.source_card import SourceCard
from ingestion.home import Home
from ingestion.submissions.files_in_force import CountedPeriod, is_whole, select_in_force

Delivery = Literal["none", "part", "whole", "nothing"]
"""What came of a year; `nothing` is a file that says that there was nothing to report."""
Punctuality = Literal["not_due", "in_time", "came_late", "overdue"]

CALENDAR = "calendar.parquet"
AS_OF = "as_of_date"


@dataclass(frozen=True)
class AgencyYear:
    """One year of an agency, as of a day.

    Args:
        owed: the year and its due day.
        state: of the period.
        delivery: what came of it.
        punctuality: whether the year was whole in time.
        sent_date: the day on which it was whole: that of the letter of the file by which it first became so; None while
            it is not whole.
        days_late: working days after the due day: until that day, or so far; 0 unless late.
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


def agency_year(sender: SourceCard, year: int, files: Iterable[CountedPeriod], day: datetime.date) -> AgencyYear:
    """Return the three answers about one year of an agency.

    Args:
        sender: who owes it.
        year: that is asked for.
        files: what the agency sent, about any year; what later files replaced, too.
        day: as of which it is asked.
    """
    own = [file for file in files if file.period == str(year)]
    owed, state = owed_delivery(sender, year), period_state(sender, year, day)
    whole_on = _whole_on(own, last_day(sender, year)) if state == "over" else None
    if whole_on:
        late = owed.days_late(whole_on)
        delivery: Delivery = "whole" if any(file.rows for file in select_in_force(own)) else "nothing"
        return AgencyYear(owed, state, delivery, "came_late" if late else "in_time", whole_on, late)
    delivery = "part" if own else "none"
    if state != "over" or day < owed.late_from_date:
        return AgencyYear(owed, state, delivery, "not_due", None, 0)
    return AgencyYear(owed, state, delivery, "overdue", None, owed.days_late(day))


def agency_years(
    sender: SourceCard, files: Iterable[CountedPeriod], last_year: int, day: datetime.date
) -> Iterator[AgencyYear]:
    """Yield the years of an agency from its first to `last_year`, oldest first; none for who owes nothing."""
    by_period: dict[str, list[CountedPeriod]] = defaultdict(list)
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


def _whole_on(files: Sequence[CountedPeriod], end: datetime.date) -> datetime.date | None:
    """Return the day on which each kind of record that was sent of a year was first there as a whole, or None.

    A kind of record that was whole once and is not any more (a part came in its place) is not whole.
    """
    by_shape: dict[str, list[CountedPeriod]] = defaultdict(list)
    for file in sorted(files, key=lambda file: file.receipt.n):
        by_shape[file.shape].append(file)
    days = [_shape_whole_on(own, end) for own in by_shape.values()]
    return max((day for day in days if day), default=None) if all(days) else None


def _shape_whole_on(files: Sequence[CountedPeriod], end: datetime.date) -> datetime.date | None:
    """Return the day of the letter by which files of one shape, in the order in which they came, became whole."""
    as_they_came = (select_in_force(files[: came + 1]) for came in range(len(files)))
    whole = [entries for entries in as_they_came if _covers_year(entries, end)]
    return _last_day_of(whole[0]) if whole and _covers_year(select_in_force(files), end) else None


def _covers_year(entries: Sequence[CountedPeriod], end: datetime.date) -> bool:
    """Return whether files cover the whole year together, the last of them sent after it was over."""
    return is_whole(entries) and _last_day_of(entries) > end


def _last_day_of(entries: Sequence[CountedPeriod]) -> datetime.date:
    return max(entry.receipt.sent_date for entry in entries)
