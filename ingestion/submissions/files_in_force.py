"""Which files are in force for which period: one rule, asked by whoever counts, shows or prints it.

Of the files of one sender for the same kind of record and the same period, the one that came last counts: the highest
number in the register of receipts. The date of a letter and the clock decide nothing. Files for parts of a year that do
not overlap stand beside each other; a file that states no part covers the whole year, and so does one whose part is
unclear. Whoever decides otherwise withdraws the later file, or has the earlier one sent once more.

Belongs here: that rule, what a file would change by it, and why a file is in force. Does not belong here: the receipts
(`receipts.py`), the tables that dbt reads (`current_submissions.py`), row by row changes (`row_changes.py`), texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ingestion.home import Home
from ingestion.submissions.receipts import Receipt, live_receipts, read_receipts

if TYPE_CHECKING:  # a part of a year is read by what finds tables, and every command asks what counts
    from ingestion.tables.coverage import StoredPart

Reason = Literal["only", "last", "beside", "withdrawn"]
"""Why a file is in force: no other is for its period; it came last; it is for another part of the year than the others
that count; one that came later was withdrawn."""


@dataclass(frozen=True)
class CountedPeriod:
    """The rows of one submission for one shape and period; zero rows if it reports none."""

    receipt: Receipt
    shape: str
    period: str
    rows: int

    @property
    def is_part(self) -> bool:
        """Whether the file states to be for less than the whole period."""
        return self._part is not None

    @property
    def completeness(self) -> float:
        """The share of the period that the file is for, 0 to 1; 0 if it states a part whose days are unclear."""
        return 1.0 if self._part is None else float(self._part.get("completeness") or 0.0)

    @property
    def key(self) -> tuple[int, str, str]:
        """Number of the receipt, shape and period."""
        return self.receipt.n, self.shape, self.period

    def overlaps(self, other: CountedPeriod) -> bool:
        """Return whether two files of one sender, shape and period are for a day in common."""
        first, second = self._days, other._days
        return first is None or second is None or (first.start <= second.end and second.start <= first.end)

    @property
    def _part(self) -> StoredPart | None:
        return self.receipt.covers.get(self.shape, {}).get(self.period)

    @property
    def _days(self) -> _Days | None:
        """The first and the last day, ISO; None for the whole period, or if unclear."""
        part = self._part
        return _Days(str(part["start"]), str(part["end"])) if part and part.get("start") and part.get("end") else None


class _Days(NamedTuple):
    start: str
    end: str


def periods_of(receipt: Receipt) -> list[CountedPeriod]:
    """Return what a received file replaces, as its receipt states it."""
    return [
        CountedPeriod(receipt, shape, period, rows)
        for shape, periods in sorted(receipt.periods.items())
        for period, rows in sorted(periods.items())
    ]


def select_in_force(sent: Iterable[CountedPeriod]) -> list[CountedPeriod]:
    """Return those of the sent periods that count, the latest first: each overlaps no later one that counts."""
    standing: dict[tuple[str, str, str], list[CountedPeriod]] = {}
    for entry in sorted(sent, key=lambda entry: -entry.receipt.n):
        same = standing.setdefault((entry.receipt.source, entry.shape, entry.period), [])
        if not any(entry.overlaps(later) for later in same):
            same.append(entry)
    return [entry for same in standing.values() for entry in same]


def is_whole(entries: Sequence[CountedPeriod]) -> bool:
    """Return whether files that stand beside each other are for the whole of their period together.

    Shares are stored with four digits: twelve months may add up to a little less. A missing day is 0.0027 of a year.
    The calendar (`agency_years.py`) and dbt (`fct_submission.sql`) round the same way.
    """
    return round(sum(entry.completeness for entry in entries), 3) >= 1


def counting_receipts(home: Home) -> list[Receipt]:
    """Return the live receipts of which something counts: those that later files did not replace altogether.

    Raises:
        Refusal: `receipts_broken`.
    """
    alive = live_receipts(home)
    counting = {entry.receipt.n for entry in _in_force_of(alive)}
    return [receipt for receipt in alive if not receipt.periods or receipt.n in counting]


def replaced_periods(receipt: Receipt, alive: Sequence[Receipt]) -> list[str]:
    """Return the periods of a submission for which later ones among `alive` count, sorted.

    Args:
        receipt: of the submission.
        alive: the live receipts of the same home, of all sources.

    Returns:
        Years in four digits, each once.
    """
    counting = {entry.key for entry in _in_force_of(alive)}
    return sorted({entry.period for entry in periods_of(receipt) if entry.key not in counting})


# What a file would change


@dataclass(frozen=True)
class PeriodEffect:
    """What a file would change for one shape and period.

    Args:
        shape: kind of record.
        period: the year.
        rows: of the file, which will count.
        gone: what counts now and no longer will.
        beside: what counts now, and still will.
        back: what does not count now and will again.
    """

    shape: str
    period: str
    rows: int
    gone: tuple[CountedPeriod, ...] = ()
    beside: tuple[CountedPeriod, ...] = ()
    back: tuple[CountedPeriod, ...] = ()

    @property
    def rows_gone(self) -> int:
        """The rows that count now and no longer will."""
        return sum(entry.rows for entry in self.gone)

    @property
    def rows_after(self) -> int:
        """The rows of the period that will count, of all files."""
        return self.rows + sum(entry.rows for entry in (*self.beside, *self.back))

    def as_json(self) -> dict[str, Any]:
        """Return shape, period and numbers of rows: of the file, afterwards, of each earlier file."""
        earlier = {"gone": self.gone, "beside": self.beside, "back": self.back}
        return {"shape": self.shape, "period": self.period, "rows": self.rows, "rows_after": self.rows_after} | {
            name: [{"receipt": entry.receipt.n, "rows": entry.rows} for entry in entries]
            for name, entries in earlier.items()
        }


def effects_of(receipt: Receipt, alive: Sequence[Receipt]) -> list[PeriodEffect]:
    """Return what a file that comes next changes, by shape and period; a file without rows that land changes nothing.

    Args:
        receipt: that the file would get; its number is set here.
        alive: the live receipts of the home.
    """
    number = max((other.n for other in alive), default=0) + 1
    own = [other for other in alive if other.source == receipt.source]
    coming = periods_of(replace(receipt, n=number))
    before = {entry.key: entry for entry in _in_force_of(own)}
    after = {entry.key: entry for entry in select_in_force([*_periods_of_all(own), *coming])}
    return [
        PeriodEffect(
            new.shape,
            new.period,
            new.rows,
            gone=_of_period(new, (entry for key, entry in before.items() if key not in after)),
            beside=_of_period(new, (entry for key, entry in before.items() if key in after)),
            back=_of_period(new, (entry for key, entry in after.items() if key not in before)),
        )
        for new in coming
    ]


def _of_period(new: CountedPeriod, entries: Iterable[CountedPeriod]) -> tuple[CountedPeriod, ...]:
    same = [entry for entry in entries if (entry.shape, entry.period) == (new.shape, new.period)]
    return tuple(sorted((entry for entry in same if entry.receipt.n != new.receipt.n), key=lambda entry: entry.key))


# Why a file is in force


@dataclass(frozen=True)
class FileInForce:
    """One file that counts for a year, with the kinds of record that it counts for.

    Args:
        receipt: of the file.
        rows: shape -> rows.
        reason: why it counts.
    """

    receipt: Receipt
    rows: Mapping[str, int]
    reason: Reason


def files_in_force(home: Home, receipt: Receipt) -> dict[str, list[FileInForce]]:
    """Return for each year of a receipt the files of its sender that count, by their numbers, and why.

    Raises:
        Refusal: `receipts_broken`.
    """
    own = [other for other in read_receipts(home) if other.source == receipt.source]
    alive = [other for other in live_receipts(home) if other.source == receipt.source]
    living = {other.n for other in alive}
    withdrawn = _periods_of_all(other for other in own if other.verdict == "accepted" and other.n not in living)
    sent, counting = _periods_of_all(alive), _in_force_of(alive)
    return {
        year: _files_of_year([entry for entry in counting if entry.period == year], sent, withdrawn)
        for year in sorted({period for periods in receipt.periods.values() for period in periods})
    }


def _files_of_year(
    counting: Sequence[CountedPeriod], sent: Sequence[CountedPeriod], withdrawn: Sequence[CountedPeriod]
) -> list[FileInForce]:
    rows: dict[tuple[int, Reason], dict[str, int]] = {}
    receipts = {entry.receipt.n: entry.receipt for entry in counting}
    for entry in sorted(counting, key=lambda entry: entry.key):
        reason = _reason(entry, _rivals(entry, counting), _rivals(entry, sent), _rivals(entry, withdrawn))
        rows.setdefault((entry.receipt.n, reason), {})[entry.shape] = entry.rows
    return [FileInForce(receipts[number], own, reason) for (number, reason), own in rows.items()]


def _rivals(entry: CountedPeriod, entries: Sequence[CountedPeriod]) -> list[CountedPeriod]:
    """Return the other files of the same shape and period."""
    own = entry.receipt.n, entry.shape, entry.period
    return [other for other in entries if other.key[1:] == own[1:] and other.receipt.n != own[0]]


def _reason(
    entry: CountedPeriod,
    counting: Sequence[CountedPeriod],
    sent: Sequence[CountedPeriod],
    withdrawn: Sequence[CountedPeriod],
) -> Reason:
    if any(other.receipt.n > entry.receipt.n and other.overlaps(entry) for other in withdrawn):
        return "withdrawn"
    if counting:
        return "beside"
    return "last" if sent else "only"


def _periods_of_all(receipts: Iterable[Receipt]) -> list[CountedPeriod]:
    return [entry for receipt in receipts for entry in periods_of(receipt)]


def _in_force_of(alive: Iterable[Receipt]) -> list[CountedPeriod]:
    return select_in_force(_periods_of_all(alive))
