"""What agencies owe and when: which years came, which are late, which fall due next.

Does not belong here: who has sent what of all agencies in a table (`marsad submissions status`), when something falls
due (`ingestion/cards/reporting_calendar.py`), quality (`agency_quality.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ingestion.cards.reporting_calendar import next_owed_delivery
from ingestion.cards.source_card import load_source, source_names
from ingestion.home import Home
from ingestion.submissions.agency_years import AgencyYear, Delivery, Punctuality
from ingestion.submissions.current_submissions import years_by_source
from ingestion.submissions.receipts import Receipt, live_receipts
from languages import dates
from languages.words import Words

State = Literal["received", "received_late", "late", "due"]


@dataclass(frozen=True)
class OwedYear:
    """One year that an agency owes.

    Args:
        period: the year.
        due_date: the last day on which its file is on time.
        state: whether it came, in time or late; else whether it is late by now.
        delivery: what came of it: a part of a year is no year.
        sent_date: the date of its first file; None before one has come, and while the year is not over.
        days_late: working days after the due day, so far if none has come.
        submissions: its files that were received, newest first.
    """

    period: str
    due_date: datetime.date
    state: State
    delivery: Delivery
    sent_date: datetime.date | None
    days_late: int
    submissions: tuple[str, ...]

    def in_words(self, words: Words) -> str:
        """Return what is owed, or when it came, as a sentence."""
        due = dates.day(words, self.due_date.isoformat())
        sent = dates.day(words, self.sent_date.isoformat()) if self.sent_date else ""
        sentence = words.text(f"browser.owed.{self.state}", due=due, sent=sent, days=self.days_late)
        return f"{sentence} {words.text('browser.owed.part')}" if self.delivery == "part" else sentence


@dataclass(frozen=True)
class AgencyDeliveries:
    """What one agency owes.

    Args:
        source: the agency.
        owes: whether it owes yearly files; others send when they have something.
        years: of each that it owed by today or has sent, newest first.
        next_due: the year that falls due next; None if it owes nothing, or has sent that year already.
    """

    source: str
    owes: bool
    years: tuple[OwedYear, ...]
    next_due: OwedYear | None

    @property
    def late(self) -> list[OwedYear]:
        """The years that should have come and have not."""
        return [year for year in self.years if year.state == "late"]

    def title(self, words: Words) -> str:
        """Return the agency's name; that of its card where a language has none."""
        return agency_name(self.source, words)


def agency_name(source: str, words: Words) -> str:
    """Return the name of an agency in a language; that of its card where the language has none."""
    key = f"source.{source}.title"
    return words.text(key) if key in words else load_source(source).title


def agency_names(words: Words) -> dict[str, str]:
    """Return the name of each agency that there is, by its key."""
    return {source: agency_name(source, words) for source in source_names()}


def deliveries_of(home: Home, sources: Iterable[str], today: datetime.date | None = None) -> list[AgencyDeliveries]:
    """Return what each of these agencies owes, and what came.

    Args:
        home: whose receipts are read.
        sources: the agencies.
        today: what falls due later has not to be here yet.

    Raises:
        Refusal: `receipts_broken`, `unknown_source`.
    """
    day, received = today or datetime.datetime.now(tz=datetime.UTC).date(), live_receipts(home)
    years = years_by_source(home, day)
    return [_deliveries_of(source, years.get(source, []), day, received) for source in sources]


def _deliveries_of(
    source: str, owed: Sequence[AgencyYear], today: datetime.date, received: list[Receipt]
) -> AgencyDeliveries:
    sender = load_source(source)
    if sender.kind != "authority":
        return AgencyDeliveries(source, False, (), None)
    own = [receipt for receipt in reversed(received) if receipt.source == source]
    years = {year.owed.period: year for year in owed}
    coming = years.get(next_owed_delivery(sender, today).period)
    next_due = _owed_year(coming, own) if coming and coming.is_awaited else None
    shown = (year for year in reversed(years.values()) if year.punctuality != "not_due" or year.delivery != "none")
    return AgencyDeliveries(source, True, tuple(_owed_year(year, own) for year in shown), next_due)


_STATES: Mapping[Punctuality, State] = {
    "in_time": "received",
    "came_late": "received_late",
    "overdue": "late",
    "not_due": "due",
}


def _owed_year(year: AgencyYear, received: list[Receipt]) -> OwedYear:
    owed = year.owed
    submissions = tuple(
        receipt.submission
        for receipt in received
        if any(owed.period in periods for periods in receipt.periods.values())
    )
    state = _STATES[year.punctuality]
    return OwedYear(owed.period, owed.due_date, state, year.delivery, year.sent_date, year.days_late, submissions)
