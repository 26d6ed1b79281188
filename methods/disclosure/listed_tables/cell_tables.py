"""Any tables as one system: listed cells, what is printed of each, and the sums that hold between them.

Belongs here: the cells of one or several tables over the union of their dimensions, boxes of what is printed, families
(a whole and its parts along one dimension). Does not belong here: reading a file (`marsad`), what can be learnt
(`cell_intervals`), what to hide (`suppression_optimal`, `suppression_greedy`). The auditor and the protectors share
this module and nothing else.

A dimension is additive if it has the total `_T` somewhere or a hierarchy; any other column distinguishes tables. A
cross that no row lists is unknown (`absent="unknown"`: it can hold anything) or, if other parts of its whole are
listed, empty (`absent="zero"`). A listed cross may be implied by unlisted ones of several tables, so while the full
cross of all codes is small enough its unlisted cells become unknowns; otherwise each family gets one unknown remainder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Literal, NamedTuple

import numpy as np
import scipy.sparse as sp

TOTAL = "_T"
GRID_LIMIT = 60_000  # unlisted crosses are added while the full cross of one block has at most this many cells
Key = tuple[str, ...]
Hierarchy = Mapping[str, Mapping[str, Sequence[str]]]
"""Dimension -> parent code -> codes of its parts."""


class TableProblem(Exception):  # noqa: N818  named by what happened
    """A table or hierarchy that cannot be read as counts: a reason code and what it concerns."""

    def __init__(self, code: str, *, where: str = "", **arguments: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.where = where
        self.arguments = arguments


@dataclass(frozen=True)
class ListedCount:
    """What one row says of its cell: the count lies in `lower..upper`.

    Attributes:
        coordinates: dimension -> code; a dimension that the row's table lacks is the total.
        lower: least count.
        upper: greatest count; infinite if nothing is stated.
        state: `open` (a figure), `hidden` (status Q), `marked` (a mark such as `<5`) or `missing` (not collected).
        place: its location, e.g. `table.csv:12`.
    """

    coordinates: Mapping[str, str]
    lower: float
    upper: float
    state: Literal["open", "hidden", "marked", "missing"]
    place: str


@dataclass(frozen=True)
class CellTable:
    """Cells and sums.

    Attributes:
        dimensions: names, in the order of the keys.
        keys: one per cell; listed cells first, in the order of the rows, then unlisted ones. The arrays are longer:
            each unlisted remainder of a family has a place after the keys.
        lower: least count that the printed figure allows.
        upper: greatest.
        listed: whether a row lists the cell.
        hidden: whether the cell is listed without its figure (hidden or marked).
        marked: whether a mark with bounds replaces it.
        families: families x cells: 1 for each part, -1 for the whole; each row adds up to 0.
        along: per family, the dimension.
        conflicts: places of rows that give one cell incompatible figures; the cell is treated as unknown.
        repeated: number of rows that repeat a cell of their own table without contradicting it.
        absent: number of parts of families that are neither listed nor included as unknowns.
    """

    dimensions: tuple[str, ...]
    keys: list[Key]
    lower: np.ndarray
    upper: np.ndarray
    listed: np.ndarray
    hidden: np.ndarray
    marked: np.ndarray
    families: sp.csr_matrix
    along: list[str]
    conflicts: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    repeated: int = 0
    absent: int = 0

    @property
    def unlisted(self) -> int:
        """Number of cells in the tables' sums that have no row."""
        return len(self.keys) - int(self.listed.sum()) + self.absent

    def wholes(self) -> np.ndarray:
        """Return, per family, the cell that is the whole."""
        coordinates = sp.coo_matrix(self.families)
        chosen = coordinates.data < 0
        result = np.full(self.families.shape[0], -1, dtype=np.int64)
        result[coordinates.row[chosen]] = coordinates.col[chosen]
        return result


def build_table(
    printed: Sequence[ListedCount],
    dimensions: Sequence[str],
    hierarchy: Hierarchy | None = None,
    *,
    absent: Literal["unknown", "zero"] = "unknown",
) -> CellTable:
    """Combine the rows of all tables into cells and sums.

    All rows of one cell apply together: a figure in one table reveals the hidden cell of another.

    Args:
        printed: rows of all tables.
        dimensions: names of all columns that are neither value nor status, over all tables.
        hierarchy: parts of codes; codes that are part of no other are parts of the total.
        absent: how an unlisted cross is treated.

    Raises:
        TableProblem: `table_no_rows`, `hierarchy_cycle` (with the codes), `hierarchy_dimension` (no such column).
    """
    if not printed:
        raise TableProblem("table_no_rows")
    names = tuple(dimensions)
    _check(names, hierarchy or {})
    cells, conflicts, repeated = _join_rows(printed, names)
    blocks = _blocks(list(cells), names, hierarchy or {})
    unlisted = [key for block in blocks for key in block.unlisted()] if absent == "unknown" else []
    keys = [*cells, *unlisted]
    families = _Families(keys, absent)
    for block in blocks:
        families.add(block)
    return CellTable(
        names,
        keys,
        **_boxes(list(cells.values()), len(keys) + families.remainders),
        families=families.matrix(),
        along=[names[number] for number in families.along],
        conflicts=conflicts,
        repeated=repeated,
        absent=families.absent,
    )


def _boxes(boxes: Sequence[_Box], size: int) -> dict[str, np.ndarray]:
    """Return bounds and flags of the listed cells, and of enough free ones to fill the size."""
    lower, upper, flags = np.zeros(size), np.full(size, np.inf), np.zeros((3, size), dtype=bool)
    count = len(boxes)
    lower[:count] = [box.lower for box in boxes]
    upper[:count] = [box.upper for box in boxes]
    flags[0, :count] = True
    flags[1, :count] = [box.state in {"hidden", "marked"} for box in boxes]
    flags[2, :count] = [box.state == "marked" for box in boxes]
    return {"lower": lower, "upper": upper, "listed": flags[0], "hidden": flags[1], "marked": flags[2]}


@dataclass(frozen=True)
class _Box:
    lower: float
    upper: float
    state: str
    places: tuple[str, ...]


class _JoinedRows(NamedTuple):
    """One box per cell; the places of the rows that exclude each other; the number of rows that repeat a cell."""

    cells: dict[Key, _Box]
    conflicts: list[tuple[str, ...]]
    repeated: int


def _join_rows(printed: Sequence[ListedCount], names: tuple[str, ...]) -> _JoinedRows:
    """Return one box per cell: what all its rows allow; unknown if they exclude each other."""
    cells: dict[Key, _Box] = {}
    conflicts: dict[Key, tuple[str, ...]] = {}
    repeated = 0
    for row in printed:
        key = tuple(row.coordinates.get(name, TOTAL) for name in names)
        box = _Box(row.lower, row.upper, row.state, (row.place,))
        before = cells.get(key)
        if before is not None:
            repeated += row.place.rpartition(":")[0] in {place.rpartition(":")[0] for place in before.places}
            box = _intersect_boxes(before, box)
        cells[key] = box
        if box.lower > box.upper or key in conflicts:
            conflicts[key] = box.places
    for key, places in conflicts.items():
        cells[key] = _Box(0.0, np.inf, "missing", places)
    return _JoinedRows(cells, list(conflicts.values()), repeated)


def _intersect_boxes(box: _Box, other: _Box) -> _Box:
    """Intersect two boxes. A cell hidden in one table stays hidden, even if the other prints it."""
    ranks = ("marked", "hidden", "open", "missing")
    state = min(box.state, other.state, key=ranks.index)
    return _Box(max(box.lower, other.lower), min(box.upper, other.upper), state, box.places + other.places)


def _check(names: tuple[str, ...], hierarchy: Hierarchy) -> None:
    for name, tree in hierarchy.items():
        if name not in names:
            raise TableProblem("hierarchy_dimension", where=name)
        _no_cycle(name, tree)


def _no_cycle(name: str, tree: Mapping[str, Sequence[str]]) -> None:
    done: set[str] = set()
    for start in tree:
        path: list[str] = []
        stack = [(start, 0)]
        while stack:
            code, depth = stack.pop()
            path = path[:depth]
            if code in path:
                raise TableProblem("hierarchy_cycle", where=name, codes=" > ".join([*path[path.index(code) :], code]))
            if code not in done:
                path.append(code)
                stack += [(child, depth + 1) for child in tree.get(code, ())]
        done |= _codes_below(start, tree)


def _codes_below(start: str, tree: Mapping[str, Sequence[str]]) -> set[str]:
    below, stack = {start}, [start]
    while stack:
        new = [child for child in tree.get(stack.pop(), ()) if child not in below]
        below |= set(new)
        stack += new
    return below


@dataclass(frozen=True)
class _SumBlock:
    """The listed cells that are equal in every non-additive column, and the parts of codes among them."""

    keys: list[Key]
    parts: list[dict[str, list[str]]]

    def unlisted(self) -> list[Key]:
        """Return the unlisted cells of the full cross, if it is small enough."""
        codes = [list(dict.fromkeys(key[number] for key in self.keys)) for number in range(len(self.parts))]
        for number, tree in enumerate(self.parts):
            more = [code for parent, children in tree.items() for code in (parent, *children)]
            codes[number] = list(dict.fromkeys([*codes[number], *more]))
        if prod(len(column) for column in codes) > max(GRID_LIMIT, len(self.keys)):
            return []
        there = set(self.keys)
        return [key for key in product(*codes) if key not in there]

    def with_parts(self) -> set[Key]:
        """Return every cell that has a listed one below it."""
        parents: list[dict[str, list[str]]] = []
        for tree in self.parts:
            up: dict[str, list[str]] = {}
            for parent, children in tree.items():
                for child in children:
                    up.setdefault(child, []).append(parent)
            parents.append(up)
        ancestors: set[Key] = set()
        stack = list(self.keys)
        while stack:
            key = stack.pop()
            for number, up in enumerate(parents):
                above = {(*key[:number], parent, *key[number + 1 :]) for parent in up.get(key[number], ())} - ancestors
                ancestors |= above
                stack += above
        return ancestors


def _blocks(keys: Sequence[Key], names: tuple[str, ...], hierarchy: Hierarchy) -> list[_SumBlock]:
    additive = [name in hierarchy or any(key[number] == TOTAL for key in keys) for number, name in enumerate(names)]
    groups: dict[Key, list[Key]] = {}
    for key in keys:
        own = tuple(code for code, sums in zip(key, additive, strict=True) if not sums)
        groups.setdefault(own, []).append(key)
    return [_SumBlock(group, _parts(group, names, hierarchy, additive)) for group in groups.values()]


def _parts(
    keys: Sequence[Key], names: tuple[str, ...], hierarchy: Hierarchy, additive: Sequence[bool]
) -> list[dict[str, list[str]]]:
    """Return, per dimension, code -> codes of its parts among the listed; the total has the codes of no other whole."""
    result: list[dict[str, list[str]]] = []
    for number, name in enumerate(names):
        codes = list(dict.fromkeys(key[number] for key in keys))
        tree = _used_hierarchy(hierarchy.get(name, {}), codes) if additive[number] else {}
        inside = {code for children in tree.values() for code in children}
        tops = [code for code in dict.fromkeys([*codes, *tree]) if code != TOTAL and code not in inside]
        if additive[number] and TOTAL in codes and TOTAL not in tree and (len(tops) > 1 or (tree and tops)):
            tree[TOTAL] = tops
        result.append(tree)
    return result


def _used_hierarchy(tree: Mapping[str, Sequence[str]], codes: Sequence[str]) -> dict[str, list[str]]:
    """Return the entries of a hierarchy for which the block lists something below the parent."""
    known = set(codes)
    used: dict[str, list[str]] = {}
    while True:
        new = {
            parent: list(dict.fromkeys(children))
            for parent, children in tree.items()
            if parent not in used and known & set(children)
        }
        if not new:
            return used
        used |= new
        known |= set(new)


class _Families:
    """The sums of a table: one row per whole and dimension with a listed part."""

    def __init__(self, keys: Sequence[Key], absent: str) -> None:
        self._keys = keys
        self._place = {key: number for number, key in enumerate(keys)}
        self._fills = absent == "unknown"
        self._columns: list[int] = []
        self._signs: list[int] = []
        self._starts = [0]
        self.remainders = 0
        self.along: list[int] = []
        self.absent = 0

    def add(self, block: _SumBlock) -> None:
        """Add every sum of a block."""
        with_parts = block.with_parts()
        for key in sorted(with_parts & self._place.keys(), key=self._place.__getitem__):
            for dimension, tree in enumerate(block.parts):
                wanted = [(*key[:dimension], child, *key[dimension + 1 :]) for child in tree.get(key[dimension], ())]
                self._family(key, dimension, wanted, with_parts)

    def _family(self, whole: Key, dimension: int, wanted: Sequence[Key], with_parts: set[Key]) -> None:
        there = [self._place[key] for key in wanted if key in self._place]
        gone = [key for key in wanted if key not in self._place]
        if not there:
            return
        self.absent += len(gone)
        if not self._fills and any(key in with_parts for key in gone):
            return  # a margin that is left out, though its parts are listed, is not empty
        self._columns += [*there, self._place[whole]]
        self._signs += [1] * len(there) + [-1]
        if gone and self._fills:
            self._columns.append(len(self._keys) + self.remainders)
            self._signs.append(1)
            self.remainders += 1
        self._starts.append(len(self._columns))
        self.along.append(dimension)

    def matrix(self) -> sp.csr_matrix:
        """Return families x cells, then one column per remainder."""
        shape = (len(self.along), len(self._keys) + self.remainders)
        return sp.csr_matrix((np.array(self._signs, dtype=float), self._columns, self._starts), shape=shape)
