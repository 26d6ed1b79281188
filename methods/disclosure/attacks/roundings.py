"""Attacks on roundings: what several rounded figures reveal together.

Belongs here: numbers 15 and 16 of the attack suite. Does not belong here: the joint form over all tables and vintages
(`audit`).
"""

from __future__ import annotations

from collections.abc import Sequence

Interval = tuple[int, int]


def undo_nearest(printed: int, base: int) -> Interval:
    """Return what a figure rounded to the nearest multiple reveals."""
    return max(0, printed - base // 2), printed + base // 2


def undo_either_side(printed: int, base: int) -> Interval:
    """Return what a figure that may have been rounded up or down reveals: strictly within the base."""
    return max(0, printed - base + 1), printed + base - 1


def parts_of(parts: Sequence[Interval], total: Interval) -> list[Interval]:
    """Return the range left for each part once a reader knows that they add up to the total (attack 15)."""
    low, high = sum(part[0] for part in parts), sum(part[1] for part in parts)
    return [(max(part[0], total[0] - (high - part[1])), min(part[1], total[1] - (low - part[0]))) for part in parts]


def combine_roundings(printed: Sequence[int], base: int) -> Interval:
    """Return what several roundings of the same figure reveal together (attack 16)."""
    boxes = [undo_either_side(value, base) for value in printed]
    return max(low for low, _ in boxes), min(high for _, high in boxes)
