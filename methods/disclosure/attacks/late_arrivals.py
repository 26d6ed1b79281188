"""Attack on a nowcast: which small numbers of late cases are compatible with the published figures.

Belongs here: number 32 of the attack suite. The attacker knows the method, its seed, every month but those of the
published year, and how many cases of that year have arrived. He asks how many cases of a month came in a list, how many
a month has, and how many of the year the newest list brought: he tries other triangles and keeps those for which the
same figures would be published. Does not belong here: the forecast (`methods/case_flow`), or what is done about it
(`expectations/estimates`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from methods.case_flow.reporting_triangle import ReportingTriangle

Cell = tuple[int, int]
"""Period of contact and delay, the indices of `ReportingTriangle.counts`."""
_TOGETHER = 8
"""Number of counts moved at once, at first."""
_DRAWN = 4
"""Triangles that may be drawn for each one tried."""


@dataclass
class ArrivalAttack:
    """What the published figures of one year reveal of small counts in a triangle.

    Attributes:
        triangle: the true one.
        rows: its periods of the year.
        could_be: whether another triangle could give the published figures.
        least: least number of values that must remain possible for a small count.
        small: counts above 0 and below this are small.
        tries: most triangles tried for one count alone.
        seed: random seed for choosing triangles.
    """

    triangle: ReportingTriangle
    rows: Sequence[int]
    could_be: Callable[[ReportingTriangle], bool]
    least: int
    small: int
    tries: int = 12
    seed: int = 1

    def list_revealed(self) -> list[str]:
        """Return the names of the small counts that the published figures reveal.

        Many counts are moved at once, and fewer if the published figures would then differ.
        """
        cells = self._cells()
        targets = {name: own for name, own in self._targets(cells) if 0 < _count(self.triangle, own) < self.small}
        left = {name: {_count(self.triangle, own)} for name, own in targets.items()}
        random, failed, lost = np.random.default_rng(self.seed), Counter[str](), list[str]()
        reached, together = [self.triangle], _TOGETHER
        while asked := [name for name in targets if len(left[name]) < self.least and name not in lost]:
            chosen = [asked[int(at)] for at in random.permutation(len(asked))[:together]]
            other = reached[int(random.integers(len(reached)))]
            for name in chosen:
                other = _move_case(other, targets[name], cells, random)
            is_new = any(_count(other, targets[name]) not in left[name] for name in chosen)
            if is_new and self.could_be(other):
                reached.append(other)
                for name, own in targets.items():
                    left[name].add(_count(other, own))
                together = min(_TOGETHER, 2 * together)
                continue
            if len(chosen) == 1:  # a triangle that gives no new value costs nothing, and may be drawn more often
                failed[chosen[0]] += _DRAWN if is_new else 1
            lost += [name for name in chosen if failed[name] >= self.tries * _DRAWN]
            together = max(1, together // 2)
        return [name for name in targets if name in lost]

    def _cells(self) -> list[Cell]:
        """Return the cells of the year in which a case can have arrived by now."""
        ages = self.triangle.ages
        return [(row, delay) for row in self.rows for delay in range(int(ages[row]) + 1)]

    def _targets(self, cells: Sequence[Cell]) -> list[tuple[str, Sequence[Cell]]]:
        """Return the questions by name: the cells whose sum each asks for."""
        by_month = [(f"month {row}", [cell for cell in cells if cell[0] == row]) for row in self.rows]
        newest = [cell for cell in cells if sum(cell) == self.triangle.now]
        return [*((f"cell {row}+{delay}", [(row, delay)]) for row, delay in cells), *by_month, ("newest list", newest)]


def newcomers(before: Sequence[int], after: Sequence[int]) -> list[int]:
    """Return what two figures of one period reveal: how many cases came between, period by period."""
    return [new - old for old, new in zip(before, after, strict=True)]


def _count(triangle: ReportingTriangle, target: Sequence[Cell]) -> int:
    return sum(int(triangle.counts[cell]) for cell in target)


def _move_case(
    triangle: ReportingTriangle, target: Sequence[Cell], cells: Sequence[Cell], random: np.random.Generator
) -> ReportingTriangle:
    """Return the triangle with one case moved into the target or out of it; the total of the year is unchanged."""
    others = [cell for cell in cells if cell not in target]
    giving, taking = (others, target) if random.integers(2) else (target, others)
    giving = [cell for cell in giving if triangle.counts[cell]]
    if not giving or not taking:
        return triangle
    counts = triangle.counts.copy()
    counts[giving[int(random.integers(len(giving)))]] -= 1
    counts[taking[int(random.integers(len(taking)))]] += 1
    return replace(triangle, counts=counts)
