"""Cases that are followed from their first entry: how long each was under observation, and how it ended.

Belongs here: months between two dates, the cases themselves, and how many were at risk when. Does not belong here:
estimates (`survival.py`), which case belongs to which cohort (the warehouse).

A cohort is all persons-in-a-case of one year of first entry, each counted once; pending cases stay in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

PENDING = ""
"""Kind of exit of a case that was still open when last observed."""

_LONGEST_MONTH = 31

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def months_between(earlier: Sequence[date], later: Sequence[date]) -> Floats:
    """Return the months from the earlier to the later dates; between the same day of two months it is a whole number.

    Remaining days count as 31sts, so that an anniversary is 12 in leap years too and a later day never gives fewer
    months.
    """
    pairs = zip(earlier, later, strict=True)
    return np.array([12 * (b.year - a.year) + b.month - a.month + (b.day - a.day) / _LONGEST_MONTH for a, b in pairs])


class ExitTimes(NamedTuple):
    """The times at which cases ended, ascending, and what was seen at each.

    Attributes:
        times: times since first entry.
        at_risk: number of cases open and under observation just before.
        exits: number of exits of each kind, shape (times, kinds).
    """

    times: Floats
    at_risk: Counts
    exits: Counts


@dataclass(frozen=True)
class FollowedCases:
    """Cases of one cohort.

    Attributes:
        seen_from: time since first entry from which the case was under observation: 0, or later if it was already open
            when observation began (left truncation). Cases that ended unobserved are not included.
        seen_to: time since first entry at which it ended or was last seen open.
        kinds: how it ended; `PENDING` if it has not.
    """

    seen_from: Floats
    seen_to: Floats
    kinds: NDArray[np.str_]

    @classmethod
    def from_months(cls, seen_to: ArrayLike, kinds: Iterable[str], seen_from: ArrayLike = 0.0) -> FollowedCases:
        """Return the cases after validating their times.

        Args:
            seen_to: time since first entry at which each ended or was last seen open, in any unit.
            kinds: how each ended; `PENDING` if it has not.
            seen_from: time since first entry at which its observation began.

        Raises:
            ValueError: times that are negative, missing or in the wrong order, or lists of unequal length.
        """
        last = np.asarray(seen_to, dtype=np.float64)
        first = np.broadcast_to(np.asarray(seen_from, dtype=np.float64), last.shape)
        ends = np.asarray(list(kinds), dtype=np.str_)
        if last.ndim != 1 or ends.shape != last.shape:
            message = f"{len(ends)} kinds of exit for times of shape {last.shape}: give one kind for each case"
            raise ValueError(message)
        if not (np.isfinite(last).all() and np.isfinite(first).all() and (first >= 0).all() and (first <= last).all()):
            message = "a case is seen to a time before it is seen from, or a time is negative or missing: mend it first"
            raise ValueError(message)
        return cls(first, last, ends)

    @classmethod
    def from_dates(
        cls,
        entered: Sequence[date],
        left: Sequence[date | None],
        kinds: Sequence[str],
        *,
        until: date,
        since: date | None = None,
    ) -> FollowedCases:
        """Return the cases in months, as of a day.

        Args:
            entered: day of first entry of each case.
            left: day on which it ended; None if it has not.
            kinds: how it ended; ignored if it has not.
            until: day up to which all cases were observed: later exits are not known yet, later entries are left out.
            since: day from which cases were observed; None: from each case's first entry. Cases that ended before it
                are left out, because others like them were never seen.

        Raises:
            ValueError: a case that ended before it began.
        """
        start = since or date.min
        rows = [
            (day, min(end or until, until), max(day, start), kind if end and end <= until else PENDING)
            for day, end, kind in zip(entered, left, kinds, strict=True)
            if day <= until and (end is None or end >= start)
        ]
        if not rows:
            return cls.from_months([], [])
        days, last, first, names = zip(*rows, strict=True)
        return cls.from_months(months_between(days, last), names, months_between(days, first))

    def __len__(self) -> int:
        """Return the number of cases."""
        return len(self.seen_to)

    @property
    def pending(self) -> int:
        """Number of cases that have not ended."""
        return int((self.kinds == PENDING).sum())

    def at_risk(self, times: ArrayLike) -> Counts:
        """Return how many cases were open and under observation just before each time.

        A case seen from its first entry is at risk on that very day; one found open later is at risk only after the day
        on which it was found, as in R's `Surv(start, stop]`.
        """
        since = np.sort(np.where(self.seen_from > 0, self.seen_from, -np.inf))
        asked = np.asarray(times, dtype=np.float64)
        begun = np.searchsorted(since, asked, side="left")
        return np.asarray(begun - np.searchsorted(np.sort(self.seen_to), asked, side="left"), dtype=np.int64)

    def exit_times(self, kinds: Sequence[str]) -> ExitTimes:
        """Return the times at which cases ended, and by which kind of exit.

        Args:
            kinds: all exits that end a case, in the order of the returned columns.

        Raises:
            ValueError: a case ended by a kind that is not listed; it would count as still open somewhere.
        """
        if unknown := sorted(set(self.kinds.tolist()) - {PENDING, *kinds}):
            message = f"cases ended by {', '.join(unknown)}, which is not among the exits {', '.join(kinds)}: add it"
            raise ValueError(message)
        is_seen = (self.seen_from < self.seen_to) | (self.seen_from == 0)
        has_left = is_seen & np.isin(self.kinds, list(kinds))
        times = np.unique(self.seen_to[has_left])
        exits = np.zeros((len(times), len(kinds)), dtype=np.int64)
        for place, kind in enumerate(kinds):
            own = has_left & (self.kinds == kind)
            np.add.at(exits[:, place], np.searchsorted(times, self.seen_to[own]), 1)
        return ExitTimes(times, self.at_risk(times), exits)
