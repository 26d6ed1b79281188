"""Attack on an estimate of the hidden part: which overlaps of lists are compatible with the published estimate.

Belongs here: number 31 of the attack suite. The attacker is an agency: it knows how many persons are on its own list,
and here even how many are on each list and on any; it knows the method, but not the seed. It tries other overlap tables
and keeps those for which the same estimate would be published. Does not belong here: the estimate
(`methods/multiple_systems`), or what is done about it (`expectations/estimates/hidden_candidate.py`).

Neighbouring tables: one person joins a list and another leaves it, so that every list keeps its size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from operator import itemgetter

from methods.multiple_systems.overlap_table import OverlapTable

Cell = int
"""A combination of lists as a bit mask, an index of `OverlapTable.counts`."""


@dataclass(frozen=True)
class Swap:
    """Two persons, of whom one joins a list and the other leaves it.

    Attributes:
        place: part of the population that includes both.
        joins: the combination of lists that the first leaves for the same one with `listed`.
        leaves: the combination that the second leaves for the same one without `listed`.
        listed: bit of the list.
    """

    place: str
    joins: Cell
    leaves: Cell
    listed: int

    @property
    def changes(self) -> dict[Cell, int]:
        """The change of each count."""
        steps = [(self.joins, -1), (self.joins | self.listed, 1), (self.leaves, -1), (self.leaves & ~self.listed, 1)]
        net: dict[Cell, int] = {}
        for cell, step in steps:
            net[cell] = net.get(cell, 0) + step
        return {cell: step for cell, step in net.items() if step}

    def apply(self, table: OverlapTable) -> OverlapTable | None:
        """Return the table after the swap; None if a count would fall below 0."""
        counts = table.counts.copy()
        for cell, step in self.changes.items():
            counts[cell] += step
        return None if (counts < 0).any() else OverlapTable(table.lists, counts)


def possible_values(
    tables: Iterable[OverlapTable],
    published: Callable[[OverlapTable], object],
    seen: object,
    target: Callable[[OverlapTable], int],
) -> set[int]:
    """Return the values of a target that an attacker cannot exclude.

    Args:
        tables: the tables that the attacker tries.
        published: returns what would be published from a table.
        seen: what was published.
        target: what the attacker wants to know of the table.
    """
    return {target(table) for table in tables if published(table) == seen}


def neighbouring_swaps(table: OverlapTable, cell: Cell, place: str = "") -> Iterator[Swap]:
    """Yield the swaps that change one count and keep the size of each list and the number of persons seen."""
    cells = range(1, len(table.counts))
    for joins, leaves, listed in product(cells, cells, [1 << place for place in range(len(table.lists))]):
        if not joins & listed and leaves & listed and leaves != listed:
            swap = Swap(place, joins, leaves, listed)
            if cell in swap.changes:
                yield swap


@dataclass
class OverlapAttack:
    """What the published sums of tables reveal of their small counts.

    Attributes:
        tables: disjoint parts of the population.
        places: place with a published figure -> the parts whose sum it is.
        could_be: whether this table could give what is published of a place.
        figures: returns the unrounded figures of many tables at once: tables with close figures are tried first.
        least: least number of values that must remain possible for a small count.
        small: counts above 0 and below this are small.
        tries: most tables tried for one count.
    """

    tables: Mapping[str, OverlapTable]
    places: Mapping[str, Sequence[str]]
    could_be: Callable[[str, OverlapTable], bool]
    figures: Callable[[Sequence[OverlapTable]], Sequence[Sequence[float]]]
    least: int
    small: int
    tries: int = 12
    _left: dict[tuple[str, Cell], set[int]] = field(default_factory=dict[tuple[str, Cell], set[int]])
    _tried: set[tuple[str, bytes]] = field(default_factory=set[tuple[str, bytes]])

    def list_revealed(self) -> list[tuple[str, Cell]]:
        """Return the small counts that the published figures reveal: place and combination of lists."""
        whole = {place: self.sum_of(place) for place in self.places}
        reached = {part: [table] for part, table in self.tables.items()}
        asked = [
            (place, cell)
            for place, table in whole.items()
            for cell, count in enumerate(table.counts.tolist())
            if 0 < count < self.small
        ]
        for place, cell in asked:
            self._left[place, cell] = {int(whole[place].counts[cell])}
        return [question for question in asked if not self._is_open(question, reached)]

    def sum_of(self, place: str, changed: Mapping[str, OverlapTable] | None = None) -> OverlapTable:
        """Return the table of a place: the sum of its parts, some of them replaced."""
        parts = [(changed or {}).get(part, self.tables[part]) for part in self.places[place]]
        return OverlapTable(parts[0].lists, sum((table.counts for table in parts[1:]), parts[0].counts))

    def _is_open(self, asked: tuple[str, Cell], reached: Mapping[str, list[OverlapTable]]) -> bool:
        """Search from the tables found until the count has enough other possible values; return whether it has."""
        place, cell = asked
        for _ in range(self.tries):
            if len(self._left[asked]) >= self.least:
                return True
            nearest = self._nearest_table(place, cell, reached)
            if nearest is None:
                return False
            part, table = nearest
            self._tried.add((part, table.counts.tobytes()))
            touched = {name: self.sum_of(name, {part: table}) for name, parts in self.places.items() if part in parts}
            if all(self.could_be(name, whole) for name, whole in touched.items()):
                reached[part].append(table)
                for changed_place, whole in touched.items():
                    for at, count in enumerate(whole.counts.tolist()):
                        self._left.setdefault((changed_place, at), set()).add(count)
        return len(self._left[asked]) >= self.least

    def _nearest_table(
        self, place: str, cell: Cell, reached: Mapping[str, list[OverlapTable]]
    ) -> tuple[str, OverlapTable] | None:
        """Return the table that gives the count a new value and changes the figure of the place least."""
        known, true = self._left[place, cell], self.figures([self.sum_of(place)])[0]
        candidates: dict[tuple[str, bytes], OverlapTable] = {}
        for part in self.places[place]:
            for start in reached[part]:
                tables = (swap.apply(start) for swap in neighbouring_swaps(start, cell, part))
                candidates |= {(part, table.counts.tobytes()): table for table in tables if table is not None}
        new = [
            (key[0], table, whole)
            for key, table in candidates.items()
            if key not in self._tried and int((whole := self.sum_of(place, {key[0]: table})).counts[cell]) not in known
        ]
        if not new:
            return None
        away = [
            max(abs(a - b) for a, b in zip(figures, true, strict=True))
            for figures in self.figures([*map(itemgetter(2), new)])
        ]
        part, table, _ = new[min(range(len(new)), key=lambda at: (away[at] != away[at], away[at]))]
        return part, table
