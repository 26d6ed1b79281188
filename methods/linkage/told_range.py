"""What may be published of a range over link thresholds: two ends, rounded like counts, or nothing.

Belongs here: rounding the ends, and the cases in which they differ too little or are too small. Does not belong here:
counting at each threshold, whether the range is published (Marsad's gate), sentences.

It is no interval: how often it contains the truth is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

BASE = 5
LEAST = 20
"""Neither the printed count nor an end may be smaller."""
LEAST_WIDTH = 2 * BASE
"""Closer ends are not published as a range: a published one has at least two persons between its true ends."""

Chance = Callable[[str], float]
"""Name -> a number from 0 to below 1, the same each time, secret to this home."""


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
    """Return what may be published of the counts at several thresholds; None if nothing may.

    Each end is rounded down or up to a multiple of 5 at random, so that it is right on average (unbiased random
    rounding, Fellegi 1975): every true end within 4 of the published one remains possible, even if the count itself is
    printed exactly. The printed count always lies within the range.

    Args:
        counts: counts of persons or events at the thresholds.
        counted: the true count at the main threshold.
        printed: the same count as printed. If they differ by a base or more, the printed one is older, and no range of
            today accompanies it.
        chance: decides which way an end is rounded.
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
