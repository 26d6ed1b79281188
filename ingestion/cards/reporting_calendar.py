"""What is owed: which agency's export falls due on which day, and what is overdue.

Belongs here: the due day of a period, moved to a working day where the agency sits, and what is late today.
Does not belong here: which days are closed (`working_days.py`), who has sent what (`current_submissions.py`).

A due day on which offices are closed moves to the next working day. Closed days never count as late: a file is late
from the first working day after its due day.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterator, Set
from dataclasses import dataclass
from itertools import count

from ingestion.cards.source_card import SourceCard, load_source, source_names
from ingestion.cards.working_days import working_days_of


@dataclass(frozen=True)
class ExpectedDelivery:
    """One export that an agency owes.

    Args:
        source: the agency that owes it.
        region_code: the area that the agency reports on.
        period: the year that it covers.
        due_date: the last working day on which it is on time.
        late_from_date: the first day on which it is late: the next working day.
    """

    source: str
    region_code: str
    period: str
    due_date: datetime.date
    late_from_date: datetime.date

    def days_late(self, sent: datetime.date) -> int:
        """Return how many working days after its due day an export came; 0 if on time."""
        return working_days_of(load_source(self.source)).count(self.due_date, sent)


def owed_delivery(sender: SourceCard, year: int) -> ExpectedDelivery:
    """Return what an agency owes for a year."""
    month, day = map(int, sender.rhythm.due.split("-"))
    last_of_month = calendar.monthrange(year + 1, month)[1]
    open_days = working_days_of(sender)
    due = open_days.first_from(datetime.date(year + 1, month, min(day, last_of_month)))
    return ExpectedDelivery(sender.name, sender.region, str(year), due, open_days.after(due, 1))


def owed_deliveries(last_year: int) -> list[ExpectedDelivery]:
    """Return everything that agencies owe up to and including `last_year`, by source and year."""
    return [
        owed_delivery(sender, year)
        for sender in _authorities()
        for year in range(sender.rhythm.first_period, last_year + 1)
    ]


def next_owed_delivery(sender: SourceCard, today: datetime.date) -> ExpectedDelivery:
    """Return the next delivery due, today included."""
    owed = (owed_delivery(sender, year) for year in count(max(sender.rhythm.first_period, today.year - 2)))
    return next(delivery for delivery in owed if delivery.due_date >= today)


def overdue_deliveries(sender: SourceCard, sent_periods: Set[str], today: datetime.date) -> list[ExpectedDelivery]:
    """Return what an agency should have sent by now and has not, oldest first; nothing for a publisher."""
    if sender.kind != "authority":
        return []
    owed = (owed_delivery(sender, year) for year in range(sender.rhythm.first_period, today.year))
    return [delivery for delivery in owed if delivery.late_from_date <= today and delivery.period not in sent_periods]


def _authorities() -> Iterator[SourceCard]:
    return (sender for sender in map(load_source, source_names()) if sender.kind == "authority")
