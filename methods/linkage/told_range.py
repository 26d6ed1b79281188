"""What may be told of a range over link thresholds: two ends that are rounded as counts are, or nothing.

Here: rounding the ends, when they differ too little or are too small. Not here: counting at each threshold, and
whether the range leaves the house (the gate of the house), sentences.

It is no interval: nobody knows how often it holds the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

BASE = 5
LEAST = 20
"""Neither the printed count nor an end may be smaller."""
LEAST_WIDTH = 2 * BASE
"""Ends that lie nearer are told as no range: one that is told has at least two persons between its true ends."""

Chance = Callable[[str], float]
"""Of a name: a number from 0 to below 1, the same each time, known in this house only."""


@dataclass(frozen=True)
class ToldRange:
    """The ends of a range, multiples of `BASE`.

    Attributes:
        lower: the smallest count over the thresholds, rounded.
        upper: the greatest.
    """

    lower: int
    upper: int


def told_range(counts: Collection[int], counted: int, printed: int, chance: Chance) -> ToldRange | None:
    """Return what may be told of the counts at several thresholds; None where nothing may.

    Each end goes down or up to the next multiple of 5 by chance, so that it is right on average (unbiased random
    rounding, Fellegi 1975): every end within 4 of what is told remains possible, also where the count itself is
    printed exactly. The printed count never lies outside.

    Args:
        counts: of persons or events at the thresholds.
        counted: the true count at the main threshold.
        printed: the same as it is printed. Where they differ by a base and more, what is printed is older, and no range
            of today stands beside it.
        chance: decides which way an end goes.
    """
    if abs(printed - counted) >= BASE:
        return None
    lower = min(_round_count(min(*counts, counted), chance), printed // BASE * BASE)
    upper = max(_round_count(max(*counts, counted), chance), -(-printed // BASE) * BASE)
    if min(lower, printed) < LEAST or upper - lower < LEAST_WIDTH:
        return None
    return ToldRange(lower, upper)


def _round_count(count: int, chance: Chance) -> int:
    below, rest = divmod(count, BASE)
    return BASE * (below + (chance(str(count)) < rest / BASE))
