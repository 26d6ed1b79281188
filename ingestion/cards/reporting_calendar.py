"""What is owed: which agency's export falls due on which day.

Belongs here: the due day of a period, moved to a working day where the agency sits, and what falls due next.
Does not belong here: which days are closed (`working_days.py`), when a period ends (`reporting_periods.py`), what came
of it and what is late (`agency_years.py`).

A due day on which offices are closed moves to the next working day. Closed days never count as late: a file is late
from the first working day after its due day.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import count

from ingestion.cards.reporting_periods import day_in_year, last_day
from ingestion.cards.source_card import SourceCard, load_source
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
    end, open_days = last_day(sender, year), working_days_of(sender)
    days = (day_in_year(sender.rhythm.due, end.year + later) for later in count())
    due = open_days.first_from(next(day for day in days if day > end))
    return ExpectedDelivery(sender.name, sender.region, str(year), due, open_days.after(due, 1))


def next_owed_delivery(sender: SourceCard, today: datetime.date) -> ExpectedDelivery:
    """Return the next delivery due, today included."""
    owed = (owed_delivery(sender, year) for year in count(max(sender.rhythm.first_period, today.year - 2)))
    return next(delivery for delivery in owed if delivery.due_date >= today)
