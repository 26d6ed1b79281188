"""Attacks on ratios: which whole numbers are compatible with a printed rate, share or mean.

Belongs here: numbers 10, 11, 12 and 19 of the attack suite, and whether a ratio follows from the printed figures it is
computed from. Does not belong here: how ratios are computed for print (`methods/disclosure/derived.py`): no code is
shared with it, so that one mistake cannot hide the other.

A printed figure is a text, because its decimals carry information: `33.3` stands for 33.25 to 33.35. Persons are whole
numbers, so few fractions lie in so narrow a range.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, floor, isinf, isnan

_THOUSAND = 1000  # shares and gaps are printed with three decimals
_SLACK = Fraction(1, 10**9)  # binary fractions: 0.2865 may be off by a hair


def space_of(printed: str) -> tuple[Fraction, Fraction]:
    """Return the least and the greatest number that is printed like this, both ends included."""
    half = Fraction(1, 2 * 10 ** len(printed.partition(".")[2]))
    value = Fraction(printed)
    return value - half, value + half


def numerators_behind(share: str, total: int, of: int = 1) -> list[int]:
    """Return the counts that give a share of a known total (attack 12), or a rate of a known population (attack 10).

    Args:
        share: the printed share.
        total: its denominator.
        of: unit of the share: 1, 100 for per cent, 100000 for a rate per 100,000.
    """
    low, high = space_of(share)
    return list(range(max(0, ceil(low * total / of)), floor(high * total / of) + 1))


def totals_behind(shares: Sequence[str], most: int, of: int = 1) -> list[int]:
    """Return the totals up to `most` whose parts can all have these shares and add up (attack 11)."""
    return [total for total in range(1, most + 1) if _splits(shares, total, of)]


def _splits(shares: Sequence[str], total: int, of: int) -> bool:
    parts = [numerators_behind(share, total, of) for share in shares]
    return all(parts) and sum(min(numerators) for numerators in parts) <= total <= sum(
        max(numerators) for numerators in parts
    )


def sizes_behind(mean: str, most: int) -> list[int]:
    """Return the group sizes up to `most` in which whole numbers can have this mean (attack 19)."""
    low, high = space_of(mean)
    return [size for size in range(1, most + 1) if ceil(low * size) <= floor(high * size)]


def pairs_behind(share: str, numerators: Iterable[int], denominators: Iterable[int]) -> set[tuple[int, int]]:
    """Return the pairs, among the counts that a reader considers possible, whose ratio is printed like this.

    This is what a share of true counts adds to two rounded ones: of the many pairs that rounding allows, these few.
    """
    low, high = space_of(share)
    tops = list(numerators)
    return {(top, bottom) for bottom in denominators if bottom for top in tops if low <= Fraction(top, bottom) <= high}


def is_share_of(value: float, top: float, bottom: float) -> bool:
    """Return whether a printed share is that of two printed counts, so that it reveals nothing beyond them."""
    if isnan(top) or isnan(bottom) or bottom <= 0 or top < 0:
        return False
    return _is_printed(value, min(Fraction(top) / Fraction(bottom), Fraction(1)))


def is_ratio_of(value: float, top: float, bottom: float) -> bool:
    """Return whether a printed ratio is the one of two printed figures; it may exceed 1."""
    if isnan(top) or isnan(bottom) or bottom <= 0 or top < 0:
        return False
    return _is_printed(value, Fraction(top) / Fraction(bottom))


def is_rate_of(value: float, count: float, residents: float) -> bool:
    """Return whether a printed rate is that of a printed count per 100,000 residents, whose number is public."""
    if isnan(count) or isnan(residents) or residents <= 0 or count < 0:
        return False
    return _is_printed(value, Fraction(count) * 100_000 / Fraction(residents))


def is_median_of(value: float, counts: Sequence[float], edges: Sequence[float], step: int = 5) -> bool:
    """Return whether a printed median is the one that printed bands give, to the nearest `step` days.

    Linear within the band in which half of all is reached; the last band is open and has no median.
    """
    if any(isnan(count) or count < 0 for count in counts):
        return False
    half, below = sum(Fraction(count) for count in counts) / 2, Fraction(0)
    for count, start, end in zip(counts, edges, edges[1:], strict=False):
        if count and below + Fraction(count) >= half:
            if isinf(end):
                return False
            exact = Fraction(start) + (half - below) / Fraction(count) * (Fraction(end) - Fraction(start))
            return Fraction(value) == floor(exact / step + Fraction(1, 2)) * step
        below += Fraction(count)
    return False


def is_gap_of(value: float, figure: float, other: float) -> bool:
    """Return whether a printed gap is |figure - other| over the mean of two printed figures."""
    if isnan(figure) or isnan(other):
        return False
    whole = Fraction(figure) + Fraction(other)
    return _is_printed(value, abs(Fraction(figure) - Fraction(other)) * 2 / whole if whole else Fraction(0))


def _is_printed(value: float, exact: Fraction) -> bool:
    """Return whether `value` has three decimals and is the nearest such number to `exact`; a tie may go either way."""
    thousandths = Fraction(value) * _THOUSAND
    is_three_decimals = abs(thousandths - round(thousandths)) <= _SLACK
    return is_three_decimals and abs(Fraction(value) - exact) <= Fraction(1, 2 * _THOUSAND) + _SLACK
