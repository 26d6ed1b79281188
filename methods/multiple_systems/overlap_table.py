"""The overlap table: how many persons are on each combination of lists, and on no other list.

Belongs here: making it from pattern rows, its shape (sizes, overlaps, lists inside another list), and whether it looks
rounded. Does not belong here: models (`loglinear_models.py`), reading a file (the command), what is refused
(`hidden_part.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

ROUNDING_BASES = (10, 5, 3)
_CHANCE_OF_MULTIPLES = 0.002
"""Chance that unrounded counts are all multiples of a base; if it is smaller, the table counts as rounded."""


@dataclass(frozen=True)
class OverlapTable:
    """Counts of persons by the lists that hold them; the lists are in the order of their names.

    Attributes:
        lists: names.
        counts: whole numbers of shape (2 ** lists,); the index is a bit mask, bit k for list k. Index 0, the persons on
            no list, is 0.
    """

    lists: tuple[str, ...]
    counts: NDArray[np.int64]

    @classmethod
    def from_patterns(cls, lists: Sequence[str], rows: Iterable[tuple[Sequence[int], int]]) -> OverlapTable:
        """Return the table of rows (0 or 1 for each list, count); rows of one pattern add up, missing ones are 0.

        The lists are sorted by name, so that neither the order of columns nor of rows changes a figure.

        Args:
            lists: names, each once.
            rows: patterns in the order of `lists` with their counts.
        """
        order = sorted(range(len(lists)), key=lambda place: lists[place])
        bit_of = {place: 1 << rank for rank, place in enumerate(order)}
        counts = np.zeros(1 << len(lists), dtype=np.int64)
        for pattern, count in rows:
            counts[sum(bit_of[place] for place, held in enumerate(pattern) if held)] += count
        return cls(tuple(lists[place] for place in order), counts)

    @property
    def observed(self) -> int:
        """Number of persons on at least one list."""
        return int(self.counts.sum())

    @cached_property
    def captures(self) -> NDArray[np.int64]:
        """For each cell, the number of lists that its persons are on."""
        return _bits(np.arange(len(self.counts)), len(self.lists)).sum(axis=1)

    @property
    def overlaps(self) -> int:
        """Number of persons on at least two lists."""
        return int(self.counts[self.captures >= 2].sum())

    @property
    def lists_without_overlap(self) -> list[str]:
        """Lists that share no person with any other."""
        held = _bits(np.arange(len(self.counts)), len(self.lists)).astype(bool)
        shared = self.counts * (self.captures >= 2)
        return [name for place, name in enumerate(self.lists) if not shared[held[:, place]].any()]

    @property
    def nested_lists(self) -> list[str]:
        """Lists whose persons are all on one other list too; of two equal lists the later one."""
        held = _bits(np.arange(len(self.counts)), len(self.lists)).astype(bool)
        sizes = self.counts @ held
        both = held.T.astype(np.int64) @ (self.counts[:, None] * held)
        nested: list[str] = []
        for inner, name in enumerate(self.lists):
            inside = [
                outer
                for outer in range(len(self.lists))
                if outer != inner and both[inner, outer] == sizes[inner]
                if sizes[outer] > sizes[inner] or outer < inner
            ]
            if sizes[inner] and inside:
                nested.append(name)
        return nested

    @property
    def rounding_base(self) -> int | None:
        """The base to which the counts look rounded, or None.

        All counts above 0 are multiples of it, and there are so many that chance would do this in fewer than 1 of 500
        tables.
        """
        filled = self.counts[self.counts > 0]
        for base in ROUNDING_BASES:
            if not (filled % base).any() and (1 / base) ** len(filled) < _CHANCE_OF_MULTIPLES:
                return base
        return None

    def drop_list(self, name: str) -> OverlapTable:
        """Return the table of the other lists: persons on this list alone are then unseen."""
        place = self.lists.index(name)
        low = (1 << place) - 1
        cells = np.arange(len(self.counts))
        counts = np.zeros(len(self.counts) // 2, dtype=np.int64)
        np.add.at(counts, (cells & low) | ((cells >> (place + 1)) << place), self.counts)
        counts[0] = 0
        return OverlapTable(tuple(other for other in self.lists if other != name), counts)


def chao_lower_bound(table: OverlapTable) -> float:
    """Return Chao's lower bound of all persons, seen or not, for lists of unequal reach and persons of unequal chance.

    Chao (1989), Estimating population size for sparse data in capture-recapture experiments, Biometrics 45, model Mth:
    n + (f1² - sum of z_k²) / (2 (f2 + 1)), with f1 and f2 persons on exactly one and two lists, and z_k persons on list
    k alone. A person on no list adds no assumption about pairs of lists, but lists that refer to each other pull it
    down and lists that avoid each other push it up.
    """
    alone = table.counts[table.captures == 1].astype(np.float64)
    twice = float(table.counts[table.captures == 2].sum())
    return table.observed + float(alone.sum() ** 2 - (alone**2).sum()) / (2 * (twice + 1))


def _bits(cells: NDArray[np.int64], lists: int) -> NDArray[np.int64]:
    return (cells[:, None] >> np.arange(lists)) & 1
