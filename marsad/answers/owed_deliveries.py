"""Who owes what: for each sender what is overdue, since when, what came last, what falls due next; the letter asking.

Belongs here: that state of one sender or of all, and the letter in the sender's language. Does not belong here: when
something falls due (`ingestion/cards/reporting_calendar.py`), what came (`ingestion/submissions`), how a letter is laid
out.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingestion.cards.reporting_calendar import ExpectedDelivery, next_owed_delivery
from ingestion.cards.source_card import load_source, source_names
from ingestion.home import Home
from ingestion.submissions.current_submissions import find_overdue
from ingestion.submissions.receipts import live_receipts
from languages import dates
from languages.words import Words


@dataclass(frozen=True)
class OwedPeriod:
    """A year that a sender owes: the day on which it was due, and how many working days ago that was."""

    period: str
    due: datetime.date
    days_late: int


@dataclass(frozen=True)
class SenderState:
    """What a sender owes.

    Attributes:
        source: the sender.
        owed: what is overdue, oldest first.
        last_received: the day of its newest accepted file; None if none came.
        last_periods: the years of that file.
        next_due: when its next file falls due; None for a publisher, who owes nothing.
    """

    source: str
    owed: tuple[OwedPeriod, ...]
    last_received: datetime.date | None
    last_periods: tuple[str, ...]
    next_due: datetime.date | None

    @property
    def since(self) -> datetime.date | None:
        """The day since which it owes something; None if it owes nothing."""
        return self.owed[0].due if self.owed else None

    @property
    def days_late(self) -> int:
        """The working days since then; 0 if it owes nothing."""
        return self.owed[0].days_late if self.owed else 0


@dataclass(frozen=True)
class OwedLetter:
    """A letter to a sender about what it owes, in one language.

    Attributes:
        words: of that language.
        subject: its heading.
        receiver: the sender, as the letter addresses it.
        day: of the letter, in words.
        intro: before the list.
        owed: a sentence for each overdue year.
        remarks: after the list, a sentence each.
        sender: whose letter it is.
    """

    words: Words
    subject: str
    receiver: str
    day: str
    intro: str
    owed: tuple[str, ...]
    remarks: tuple[str, ...]
    sender: str

    @property
    def text(self) -> str:
        """The letter as text, to be copied."""
        lines = [self.subject, "", self.receiver, self.day, "", self.intro]
        lines += [f"- {sentence}" for sentence in self.owed]
        return "\n".join([*lines, "", *self.remarks, "", self.sender]) + "\n"


def states_of_all(home: Home, today: datetime.date) -> list[SenderState]:
    """Return what every sender owes, the longest owed first, then by name.

    Raises:
        Refusal: `receipts_broken`.
    """
    states = [*_states(home, source_names(), today)]
    return sorted(states, key=lambda state: (-state.days_late, state.next_due is None, state.source))


def state_of(home: Home, source: str, today: datetime.date) -> SenderState:
    """Return what one sender owes.

    Raises:
        Refusal: `unknown_source`, `receipts_broken`.
    """
    load_source(source)
    return next(_states(home, [source], today))


def owed_letter(home: Home, source: str, today: datetime.date, language: str | None = None) -> OwedLetter:
    """Return the letter about what a sender owes, in its language unless another is named; thanks if it owes nothing.

    Raises:
        Refusal: as `state_of`; `language_unknown`.
    """
    state, sender = state_of(home, source, today), load_source(source)
    words = Words.load(language or sender.language)
    return OwedLetter(
        words=words,
        subject=words.text("letter.owed.subject" if state.owed else "letter.owed.subject.none"),
        receiver=words.text(f"source.{source}.title"),
        day=dates.day(words, today.isoformat()),
        intro=words.text("letter.owed.intro" if state.owed else "letter.owed.intro.none"),
        owed=tuple(_owed_sentence(owed, words) for owed in state.owed),
        remarks=tuple(_remarks(state, words)),
        sender=words.text("source.task_force.title"),
    )


def _owed_sentence(owed: OwedPeriod, words: Words) -> str:
    due = dates.day(words, owed.due.isoformat())
    return words.text("letter.owed.period", period=dates.year(words, owed.period), due=due, days=owed.days_late)


def _remarks(state: SenderState, words: Words) -> Iterator[str]:
    if state.last_received is not None:
        years = words.text("page.separator").join(dates.year(words, period) for period in state.last_periods)
        day = dates.day(words, state.last_received.isoformat())
        yield words.text("letter.owed.last", day=day, periods=years)
    if state.next_due is not None:
        yield words.text("letter.owed.next", day=dates.day(words, state.next_due.isoformat()))
    yield words.text("letter.owed.how")
    if state.owed:
        yield words.text("letter.owed.reason")


def _states(home: Home, sources: list[str], today: datetime.date) -> Iterator[SenderState]:
    overdue, alive = find_overdue(home, today), live_receipts(home)
    for source in sources:
        sender = load_source(source)
        own = [receipt for receipt in alive if receipt.source == source]
        newest = max(own, key=lambda receipt: receipt.n, default=None)
        yield SenderState(
            source=source,
            owed=tuple(
                OwedPeriod(delivery.period, delivery.due_date, _days_late(delivery, today))
                for delivery in overdue.get(source, [])
            ),
            last_received=newest.sent_date if newest else None,
            last_periods=tuple(sorted({period for own in newest.periods.values() for period in own})) if newest else (),
            next_due=next_owed_delivery(sender, today).due_date if sender.kind == "authority" else None,
        )


@lru_cache(maxsize=1024)  # counted day by day: of eight agencies, a quarter of a second
def _days_late(delivery: ExpectedDelivery, today: datetime.date) -> int:
    return delivery.days_late(today)
