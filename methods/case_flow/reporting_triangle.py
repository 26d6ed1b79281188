"""The reporting triangle: how many cases of each period had arrived after how many periods.

Belongs here: making it, cutting it as of an earlier period, and what its cells say. Does not belong here: forecasts
(`nowcast.py`), dates of records and receipts (the warehouse).

A receipt dates a file, not a row, so a delay is known only to the sender's reporting period: the triangle is in months
if all its senders send monthly, and in quarters otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class ReportingTriangle:
    """Counts by period and delay, up to the newest period.

    Attributes:
        counts: shape (periods, delays); row for the period of first contact, oldest first; column for the delay of the
            first arrival in periods. Cells in the future are 0.
        later: number of cases that arrived after the longest delay: they are in no cell, and are not forecast.
        since: periods passed after the newest row, of which the sender has listed no contact yet.
    """

    counts: Counts
    later: int = 0
    since: int = 0

    @classmethod
    def from_contacts(
        cls, contacts: ArrayLike, arrivals: ArrayLike, *, periods: int, longest: int, since: int = 0
    ) -> ReportingTriangle:
        """Return the triangle of cases, each once, by its first arrival: a correction is not an arrival.

        Args:
            contacts: period of first contact of each case, counted from 0.
            arrivals: period in which its first row arrived.
            periods: number of periods in the triangle; the newest is `periods - 1`.
            longest: delay in periods after which a case is late for good.
            since: periods after the newest one in which cases still arrived.

        Raises:
            ValueError: a case that arrived before its contact, or after the newest period and those since, or is older
                than period 0.
        """
        first = np.asarray(contacts, dtype=np.int64)
        came = np.asarray(arrivals, dtype=np.int64)
        if (first < 0).any() or (came < first).any() or (first >= periods).any() or (came >= periods + since).any():
            message = (
                "a case arrived before its first contact, or outside of the periods of the triangle: mend its dates"
            )
            raise ValueError(message)
        delays = came - first
        is_in = delays <= longest
        counts = np.zeros((periods, longest + 1), dtype=np.int64)
        np.add.at(counts, (first[is_in], delays[is_in]), 1)
        return cls(counts, int((~is_in).sum()), since)

    @property
    def periods(self) -> int:
        """Number of periods in the triangle."""
        return self.counts.shape[0]

    @property
    def now(self) -> int:
        """The last period in which cases could arrive."""
        return self.periods - 1 + self.since

    @property
    def longest(self) -> int:
        """The longest delay, in periods."""
        return self.counts.shape[1] - 1

    @property
    def ages(self) -> Counts:
        """The longest delay observable so far, for each period."""
        return np.minimum(self.now - np.arange(self.periods), self.longest)

    @property
    def seen(self) -> Counts:
        """The number of cases that have arrived, for each period."""
        return self.counts.sum(axis=1)

    def cut(self, periods_ago: int) -> ReportingTriangle:
        """Return the triangle as it was this many periods ago."""
        then = self.now - periods_ago
        counts = self.counts[: then + 1].copy()
        arrived = np.arange(len(counts))[:, None] + np.arange(self.longest + 1)
        counts[arrived > then] = 0
        return ReportingTriangle(counts, since=then + 1 - len(counts))

    def arrivals(self, first: int, last: int) -> tuple[Counts, Counts]:
        """Return cells whose cases arrived from period `first` to `last`, as counted for reverse-time hazards.

        Returns:
            For each such period (rows) and delay (columns): the cases of that delay, and the cases of the same period
            of contact with that delay or a shorter one. 0 of 0 if the period of contact is not in the triangle.
        """
        delays = np.arange(self.longest + 1)
        contact = np.arange(first, last + 1)[:, None] - delays
        is_in = (contact >= 0) & (contact < self.periods)
        upto = np.cumsum(self.counts, axis=1)
        rows = np.clip(contact, 0, self.periods - 1)
        return np.where(is_in, self.counts[rows, delays], 0), np.where(is_in, upto[rows, delays], 0)
