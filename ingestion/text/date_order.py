"""In which order a column writes day and month, proved by all of its cells, and whether a program swapped some.

Belongs here: testing one column against the order that the sender's card states, and reading its cells accordingly.
Does not belong here: what one cell states by itself (`typed_dates.py`), what becomes of rows that wait
(`ingestion/entry/date_columns.py`).

Three things raise a doubt about the column, and one answer by a person settles each:

    date_order_contradicted   dates fit one order only, which is not the card's, or both orders occur
    date_order_unsaid         the card states no order, and some dates fit both
    dates_exchanged           a spreadsheet program seems to have read what was typed in the other order

**A program that swaps.** A clerk types day/month. A program set to month/day makes a real date of whatever it can
read, so of each day up to 12, with day and month swapped, and leaves the days after 12 as text. The result is real
dates with days up to 12 and texts with days after 12; in the mirror case the texts can only be month/day. No single
cell looks wrong. Real dates after the 12th are evidence against it: a swapped date never has one.

**The rule.** Without a swap it is random which days of a column are real dates and which are texts, so the texts have
the same share of days up to 12 as the real dates. Of all distinct days K are up to 12; the probability that at most e
of the t texts are among them is P(X <= e), X hypergeometric (Fisher's exact test, which does not depend on many
activities falling on the first of a month). Below 1 in 50, chance is rejected. So is a full separation (no text up to
12, no real date after it), however few they are: real dates and texts in one column come from such a program far more
often than from a clerk who types both; an unnecessary question costs one answer, an undetected swap gives wrong months.
Distinct days are counted, not cells: forty victims of one raid are one observation. A column of real dates alone proves
nothing, and a swap in it cannot be detected. Nor has the test power for a dozen rows into which somebody typed one real
date after the 12th: so if texts contradict the card and none fits both orders, real dates up to the 12th wait with
them, without another question; those that the answer does not settle wait cell by cell.

**What is told.** A day in the future, before a date that it follows, or outside of the part of a year that the title
states can only be true in the other order. Where no cell by itself proves the card's order, that is evidence for all of
the column: as texts that contradict the card, or as real dates that were exchanged.
"""

from __future__ import annotations

import datetime
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ingestion.text.typed_dates import DateReading, order_of, read_date, states_figures_alike

Doubt = Literal["", "date_order_contradicted", "date_order_unsaid", "dates_exchanged"]
"""Why the dates of a column wait: the kind of the finding."""

ANSWERS: Mapping[str, tuple[str, str]] = {
    "date_order_contradicted": ("month_first", "day_first"),
    "date_order_unsaid": ("month_first", "day_first"),
    "dates_exchanged": ("exchanged", "as_they_are"),
}
"""Kind of the finding -> a person's possible answers about the whole column."""

_OF_PROGRAMS = re.compile(r"\d{4}-\d{2}-\d{2}|\d{5}(?:\.\d+)?$")
_EARLY = 12  # a day that may be a month
_BELIEVED_CHANCE = 1 / 50


class DecidedText(str):
    """A cell's text as a person decided it. For its column it proves what was typed there, and it never waits."""

    typed: object

    def __new__(cls, text: str, typed: object) -> DecidedText:
        """Return the text with the original content of the cell."""
        decided = super().__new__(cls, text)
        decided.typed = typed
        return decided


class OrderProof(NamedTuple):
    """Cells that fit only one order, day first or month first; real dates that may have been swapped."""

    day_first: int
    month_first: int
    real: int


NOTHING_TOLD = OrderProof(0, 0, 0)


def fits_both_orders(value: object, *, from_1904: bool = False) -> bool:
    """Return whether a cell by itself may be read in two orders: a text of figures up to 12, or such a real date."""
    real = _real_date(value, from_1904)
    return order_of(value) == "either" if real is None else _may_be_exchanged(real)


def can_only_be(value: object, may_be: Callable[[datetime.date], bool], *, from_1904: bool = False) -> OrderProof:
    """Return what a cell proves by its circumstances: that it fits one order alone, or that a real date was exchanged.

    Args:
        value: the cell.
        may_be: whether a day may be that of the cell: not in the future, not before what it follows, in its period.
        from_1904: as in `read_date`.
    """
    if (real := _real_date(value, from_1904)) is not None:
        is_exchanged = _may_be_exchanged(real) and not may_be(real) and may_be(_swap_day_and_month(real))
        return OrderProof(0, 0, int(is_exchanged))
    if order_of(value) != "either":
        return NOTHING_TOLD
    as_day, as_month = (
        day is not None and may_be(day)
        for day in (read_date(value, day_first=is_first, from_1904=from_1904).day for is_first in (True, False))
    )
    return OrderProof(int(as_day and not as_month), int(as_month and not as_day), 0)


def sure_day(value: object, *, from_1904: bool = False) -> datetime.date | None:
    """Return the day that a cell states whatever the order of its column: no order and no exchange could change it."""
    if (real := _real_date(value, from_1904)) is not None:
        return None if _may_be_exchanged(real) else real
    reading = read_date(value, day_first=None, from_1904=from_1904)
    return None if reading.kind else reading.day


@dataclass(frozen=True)
class ColumnOrder:
    """How the dates of one column are read.

    Args:
        day_first: in which order texts are read: that of the card, or a person's answer.
        doubt: why the column waits; empty if it does not.
        waits_real: whether its real dates of days up to 12 wait, too; after an answer one by one, if it settles
            only the texts.
        exchanges: whether their day and month are swapped back.
        from_1904: as in `read_date`.
        proof: the cells that prove something, counted.
    """

    day_first: bool | None
    doubt: Doubt = ""
    waits_real: bool = False
    exchanges: bool = False
    from_1904: bool = False
    proof: OrderProof = field(default_factory=lambda: OrderProof(0, 0, 0))

    def read_cell(self, value: object) -> DateReading:
        """Return the day that a cell of the column states; for one that waits, the doubt."""
        reading = read_date(value, day_first=self.day_first, from_1904=self.from_1904)
        if isinstance(value, DecidedText):
            return reading
        if (real := _real_date(value, self.from_1904)) is not None:
            if not _may_be_exchanged(real) or not (self.waits_real or self.exchanges):
                return reading
            if self.exchanges:
                return DateReading(_swap_day_and_month(real), reading.kind)
            return DateReading(None, self.doubt or "date_ambiguous")
        is_of_texts = self.doubt in ("date_order_contradicted", "date_order_unsaid")
        if is_of_texts and (order_of(value) == "either" or reading.kind == "date_ambiguous"):
            return DateReading(None, self.doubt)
        return reading


def column_order(
    values: Iterable[object],
    *,
    day_first: bool | None,
    from_1904: bool = False,
    answer: str = "",
    told: OrderProof = NOTHING_TOLD,
    unkept: OrderProof = NOTHING_TOLD,
) -> ColumnOrder:
    """Return how a column of dates is read, based on all its cells.

    Args:
        values: its cells.
        day_first: the order that the card states; None if it states none.
        from_1904: the workbook counts its days from 1904.
        answer: a person's answer about this column (`ANSWERS`); empty before that.
        told: how many cells can only be true in one order, by what their rows and titles tell (`can_only_be`); it is
            evidence only where no cell by itself proves the card's order: there a single such cell is a slip.
        unkept: how many cells that are not among the values any more fitted one order only.
    """
    cells = Counter(value.typed if isinstance(value, DecidedText) else value for value in values)
    orders = {value: order_of(value) for value in cells}
    reals = {value: real for value in cells if (real := _real_date(value, from_1904)) is not None}
    proof = OrderProof(
        unkept.day_first + _total(cells, (value for value, order in orders.items() if order == "day_first")),
        unkept.month_first + _total(cells, (value for value, order in orders.items() if order == "month_first")),
        _total(cells, (value for value, real in reals.items() if _may_be_exchanged(real))),
    )
    proves_card = {True: proof.day_first, False: proof.month_first, None: 0}[day_first]
    told = NOTHING_TOLD if proves_card else told
    is_suspected = proof.real > 0 and (_looks_exchanged(set(reals.values()), orders) or told.real > 0)
    proof = OrderProof(proof.day_first + told.day_first, proof.month_first + told.month_first, proof.real)
    # A program that reads what it can leaves no text that fits both orders.
    is_possible = proof.real > 0 and not any(map(_is_early_text, orders, orders.values()))
    if answer in ANSWERS["dates_exchanged"]:
        typed = day_first if day_first is not None else not proof.month_first
        return ColumnOrder(typed, "", False, is_suspected and answer == "exchanged", from_1904, proof)
    if answer:
        is_day_first = answer == "day_first"
        left = proof.day_first if is_day_first else proof.month_first  # texts that the program could not read
        exchanges = is_suspected and left > 0
        return ColumnOrder(is_day_first, "", is_possible and left > 0 and not exchanges, exchanges, from_1904, proof)
    against_card = {True: proof.month_first, False: proof.day_first, None: 0}[day_first]
    doubt: Doubt = ""
    if against_card or (proof.day_first and proof.month_first):
        doubt = "date_order_contradicted"
    elif day_first is None and "either" in orders.values():
        doubt = "date_order_unsaid"
    elif is_suspected:
        doubt = "dates_exchanged"
    waits_real = is_suspected or (doubt == "date_order_contradicted" and is_possible)
    return ColumnOrder(day_first, doubt, waits_real, False, from_1904, proof)


def _looks_exchanged(reals: set[datetime.date], orders: Mapping[object, str]) -> bool:
    """Return whether real dates and texts are separated by the 12th more than chance explains."""
    late_texts = sum(order in ("day_first", "month_first") for order in orders.values())
    early_texts = sum(map(_is_early_text, orders, orders.values()))
    late = sum(real.day > _EARLY for real in reals)
    if not late_texts:
        return False
    if not late and not early_texts:
        return True
    early = len(reals) - late + early_texts
    texts = late_texts + early_texts
    return _chance_of_at_most(early_texts, texts, early, len(reals) + texts) < _BELIEVED_CHANCE


def _is_early_text(value: object, order: str) -> bool:
    """Return whether a text states a day up to 12 in figures, so that a program could have read it in either order."""
    return order == "either" or states_figures_alike(value)


def _chance_of_at_most(most: int, drawn: int, early: int, days: int) -> float:
    """Return the hypergeometric probability that of `drawn` days, taken from all, at most `most` are early."""
    fewest = max(0, drawn - (days - early))
    ways = sum(math.comb(early, hits) * math.comb(days - early, drawn - hits) for hits in range(fewest, most + 1))
    return ways / math.comb(days, drawn)


def _real_date(value: object, from_1904: bool) -> datetime.date | None:
    """Return the day of a real date: a date cell, a day count, or the text that programs make of one, `2024-03-05`.

    `2024/3/5`, a month without a day and a text in words are not: persons type these.
    """
    if isinstance(value, str) and not _OF_PROGRAMS.match(value.strip()):
        return None
    day, kind = read_date(value, day_first=None, from_1904=from_1904)
    return day if kind in ("", "date_serial") else None


def _may_be_exchanged(real: datetime.date) -> bool:
    return real.day <= _EARLY and real.day != real.month


def _swap_day_and_month(real: datetime.date) -> datetime.date:
    return real.replace(month=real.day, day=real.month)


def _total(cells: Mapping[object, int], values: Iterable[object]) -> int:
    return sum(cells[value] for value in values)
