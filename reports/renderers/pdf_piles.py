"""Blocks side by side on paper: which follow each other in the first column and which in the second.

Belongs here: dividing a run of narrow blocks, in their order, into pairs of piles of about equal height.
Does not belong here: how high a block is (`pdf_columns.py`), or setting it (`templates/report.typ`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

PAGE = 640.0
"""Points of a page that a pair of piles may fill: what is higher is broken over pages."""
_MOST = 12  # blocks in a pair; a page holds no more


class Pair(NamedTuple):
    """Two piles: blocks from `start` to before `turn` in the first column, from there to before `stop` beside them."""

    start: int
    turn: int
    stop: int


def pile(heights: Sequence[float], alone: Sequence[float]) -> list[Pair]:
    """Return the pairs of piles that take the least room in all; each block stands in one, in their order.

    Args:
        heights: of the blocks in half the width of a page.
        alone: of each if it is the only one of its pair, and has the whole width.
    """
    sums = [0.0, *accumulate(heights)]

    def room(pair: Pair) -> float:
        return max(sums[pair.turn] - sums[pair.start], sums[pair.stop] - sums[pair.turn])

    @cache
    def best(start: int) -> tuple[float, tuple[Pair, ...]]:
        if start == len(heights):
            return 0.0, ()
        ways: list[tuple[float, tuple[Pair, ...]]] = []
        for stop in range(start + 1, min(len(heights), start + _MOST) + 1):
            pair = min((Pair(start, turn, stop) for turn in range(start + 1, stop + 1)), key=room)
            if stop > start + 1 and room(pair) > PAGE:
                continue
            rest, pairs = best(stop)
            here = alone[start] if stop == start + 1 else room(pair)
            ways.append((here + rest, (pair, *pairs)))
        return min(ways)

    return list(best(0)[1])
