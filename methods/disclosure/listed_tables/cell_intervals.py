"""What anybody can learn of hidden cells: the least and the greatest whole count, with proof.

Belongs here: the intervals of hidden cells of any tables, connected part by connected part, and the sums that
contradict each other. Does not belong here: reading tables (`cell_tables`), hiding cells (the `suppression` modules,
none of which is used).

A bound from propagation or a linear programme holds for every table, whole or not; a whole table checked against every
sum in integers (a witness) shows what is possible. If both meet, the bound is certified; if they do not, an integer
programme closes the gap. The attacker problem of Fischetti and Salazar (2001), in whole persons.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from methods.disclosure.listed_tables.cell_tables import CellTable
from methods.disclosure.listed_tables.contradicting_sums import find_contradictory_sums
from methods.disclosure.listed_tables.whole_tables import Pool

ROUNDS = 60  # of propagation; a longer chain of sums is left to the programmes


@dataclass(frozen=True)
class Intervals:
    """The ranges left to the attacker, per column of the table.

    Attributes:
        lower: the least possible count; if not certified, a bound below which nothing is possible.
        upper: the greatest; infinite if there is none.
        seen_low: the least count in a whole table that was found.
        seen_high: the greatest.
        certified: whether whole tables show both bounds.
        contradictions: sets of families that no whole table can satisfy together; they were left out.
        doubtful: cells in such a family: their result uses fewer sums than are printed.
        programmes: number of programmes solved.
        witnesses: number of whole tables found.
    """

    lower: np.ndarray
    upper: np.ndarray
    seen_low: np.ndarray
    seen_high: np.ndarray
    certified: np.ndarray
    contradictions: list[np.ndarray]
    doubtful: np.ndarray
    programmes: int
    witnesses: int


def intervals(table: CellTable, asked: np.ndarray, seconds: float = 600.0) -> Intervals:
    """Bound the cells asked about.

    Args:
        table: cells and sums.
        asked: per column, whether its interval is wanted.
        seconds: time after which the remaining cells are bounded by propagation alone and not certified.

    Returns:
        Intervals; for a column that was not asked about, only what propagation and chance witnesses show.
    """
    return _IntervalSearch(table, np.asarray(asked, dtype=bool), monotonic() + seconds).run()


class _IntervalSearch:
    def __init__(self, table: CellTable, asked: np.ndarray, deadline: float) -> None:
        self._rows = table.families
        self._asked = asked
        self._deadline = deadline
        self._printed = ColumnBounds(table.lower, table.upper)
        self.lower, self.upper = table.lower.copy(), table.upper.copy()
        self.seen_low = np.full(len(asked), np.inf)
        self.seen_high = np.full(len(asked), -np.inf)
        self._holds = np.ones(table.families.shape[0], dtype=bool)
        self.contradictions: list[np.ndarray] = []
        self.programmes = 0
        self.witnesses = 0

    def run(self) -> Intervals:
        self._leave_out_false_sums()
        parts = self._parts()
        while parts:
            columns, rows = parts.pop()
            parts += self._part(columns, rows)
        settled = self.lower == self.upper
        self.seen_low = np.where(settled & np.isinf(self.seen_low), self.lower, self.seen_low)
        self.seen_high = np.where(settled & np.isinf(self.seen_high), self.upper, self.seen_high)
        certified = (self.seen_low == self.lower) & (self.seen_high == self.upper)
        doubtful = np.zeros(len(self._asked), dtype=bool)
        for families in self.contradictions:
            doubtful[self._rows[families].indices] = True
        return Intervals(
            self.lower,
            self.upper,
            self.seen_low,
            self.seen_high,
            certified,
            self.contradictions,
            doubtful,
            self.programmes,
            self.witnesses,
        )

    def _leave_out_false_sums(self) -> None:
        """Leave out sums of printed figures alone, and sums that no value of their own cells can satisfy."""
        low, high = _activity(self._rows, self._printed)
        for family in np.flatnonzero((low > 0) | (high < 0)):
            self._leave_out(np.array([family]))

    def _leave_out(self, families: np.ndarray) -> None:
        self.contradictions.append(families)
        self._holds[families] = False

    def _parts(self, within: np.ndarray | None = None) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return columns that are not printed and the families in force over them, connected part by connected part."""
        free = self._printed.lower < self._printed.upper
        if within is not None:
            chosen = np.zeros(len(free), dtype=bool)
            chosen[within] = True
            free &= chosen
        columns = np.flatnonzero(free)
        families = np.flatnonzero(self._holds)
        matrix = sp.csr_matrix(abs(self._rows[families][:, columns]))
        families, matrix = families[np.diff(matrix.indptr) > 0], matrix[np.diff(matrix.indptr) > 0]
        count, labels = connected_components(sp.bmat([[None, matrix], [matrix.T, None]]), directed=False)
        family_labels, column_labels = labels[: len(families)], labels[len(families) :]
        order, family_order = np.argsort(column_labels, kind="stable"), np.argsort(family_labels, kind="stable")
        cuts = np.searchsorted(column_labels[order], np.arange(count + 1))
        family_cuts = np.searchsorted(family_labels[family_order], np.arange(count + 1))
        return [
            (columns[order[a:b]], families[family_order[c:d]])
            for a, b, c, d in zip(cuts[:-1], cuts[1:], family_cuts[:-1], family_cuts[1:], strict=True)
        ]

    def _part(self, columns: np.ndarray, rows: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Bound one connected part; if its sums contradict each other, leave those out and return what is left."""
        matrix = sp.csr_matrix(self._rows[rows])
        fixed = np.where(self._printed.lower == self._printed.upper, self._printed.lower, 0.0)
        right = -(matrix @ fixed)
        inner = sp.csr_matrix(matrix[:, columns])
        box = ColumnBounds(self._printed.lower[columns], self._printed.upper[columns])
        tight = propagate(inner, right, box)
        if tight is not None:
            self.lower[columns], self.upper[columns] = tight
            if not self._asked[columns].any():
                return []  # no cell is asked about: only whether its sums can be satisfied at all
            if self._bound_parts(columns, inner, right):
                return []
        families = rows[find_contradictory_sums(inner, right, box.lower, box.upper)]
        self.lower[columns], self.upper[columns] = box
        self._leave_out(families)
        return self._parts(columns)

    def _bound_parts(self, columns: np.ndarray, matrix: sp.csr_matrix, right: np.ndarray) -> bool:
        """Bound each connected part that propagation left; False if no whole table satisfies the sums."""
        open_columns = np.flatnonzero(self.lower[columns] < self.upper[columns])
        fixed = np.where(self.lower[columns] == self.upper[columns], self.lower[columns], 0.0)
        right = right - matrix @ fixed
        matrix = sp.csr_matrix(matrix[:, open_columns])
        matrix, right = matrix[np.diff(matrix.indptr) > 0], right[np.diff(matrix.indptr) > 0]
        if not open_columns.size:
            return True
        count, labels = connected_components(sp.csr_matrix(abs(matrix.T) @ abs(matrix)), directed=False)
        owner = labels[matrix.indices[matrix.indptr[:-1]]] if matrix.shape[0] else np.zeros(0, dtype=int)
        order, row_order = np.argsort(labels, kind="stable"), np.argsort(owner, kind="stable")
        cuts = np.searchsorted(labels[order], np.arange(count + 1))
        row_cuts = np.searchsorted(owner[row_order], np.arange(count + 1))
        for number in range(count):
            inside = order[cuts[number] : cuts[number + 1]]
            rows = row_order[row_cuts[number] : row_cuts[number + 1]]
            if not self._find_bounds(columns[open_columns[inside]], matrix[rows][:, inside], right[rows]):
                return False
        return True

    def _find_bounds(self, columns: np.ndarray, matrix: sp.csr_matrix, right: np.ndarray) -> bool:
        asked = np.flatnonzero(self._asked[columns])
        if not asked.size:
            return True
        if not matrix.shape[0]:  # a cell in no remaining sum: its whole box is possible
            self.seen_low[columns], self.seen_high[columns] = self.lower[columns], self.upper[columns]
            return True
        pool = Pool(sp.csr_matrix(matrix), right, self.lower[columns], self.upper[columns], self._deadline)
        possible = pool.bound_columns(asked)
        self.programmes += pool.programmes
        self.witnesses += pool.witnesses
        if possible:
            self.lower[columns], self.upper[columns] = pool.lower, pool.upper
            self.seen_low[columns], self.seen_high[columns] = pool.seen_low, pool.seen_high
        return possible


class ColumnBounds(NamedTuple):
    """The least and the greatest value of each column of a system."""

    lower: np.ndarray
    upper: np.ndarray


def _activity(matrix: sp.csr_matrix, box: ColumnBounds) -> tuple[np.ndarray, np.ndarray]:
    """Return, per row, the least and the greatest sum that the bounds allow."""
    lower, upper = box
    plus, minus = sp.csr_matrix(matrix.maximum(0)), sp.csr_matrix((-matrix).maximum(0))
    endless = np.isinf(upper)
    finite = np.where(endless, 0.0, upper)
    low = plus @ lower - minus @ finite
    high = plus @ finite - minus @ lower
    return (
        np.where(minus @ endless.astype(float) > 0, -np.inf, low),
        np.where(plus @ endless.astype(float) > 0, np.inf, high),
    )


def propagate(matrix: sp.csr_matrix, right: np.ndarray, box: ColumnBounds) -> ColumnBounds | None:
    """Tighten bounds by each sum alone until nothing changes.

    Args:
        matrix: sums x columns, entries 1 and -1.
        right: required value of each sum.
        box: bounds per column.

    Returns:
        Bounds that hold for every whole table, or None if there is none.
    """
    entries = sp.coo_matrix(matrix)
    row, column, sign = entries.row, entries.col, entries.data > 0
    lower, upper = box
    for _ in range(ROUNDS):
        least = np.where(sign, lower[column], -upper[column])  # each cell's smallest contribution to its sum
        most = np.where(sign, upper[column], -lower[column])
        size = matrix.shape[0]
        room = right[row] - _sum_of_others(row, least, size)  # a cell's greatest contribution: what the others leave
        need = right[row] - _sum_of_others(row, most, size)
        new_upper, new_lower = upper.copy(), lower.copy()
        np.minimum.at(new_upper, column, np.where(sign, room, -need))
        np.maximum.at(new_lower, column, np.where(sign, need, -room))
        if (new_lower > new_upper).any():
            return None
        if (new_lower == lower).all() and (new_upper == upper).all():
            break
        lower, upper = new_lower, new_upper
    return ColumnBounds(lower, upper)


def _sum_of_others(row: np.ndarray, share: np.ndarray, size: int) -> np.ndarray:
    """Return, per entry, the sum of the other cells' contributions in its row; infinite if one of them is."""
    endless = np.isinf(share)
    finite = np.where(endless, 0.0, share)
    total = np.bincount(row, weights=finite, minlength=size)[row] - finite
    others = np.bincount(row, weights=endless.astype(float), minlength=size)[row] - endless
    sign = share[endless][0] if endless.any() else 0.0  # all of one kind: least contributions fall, greatest rise
    return np.where(others > 0, sign, total)


THRESHOLD = 5  # decision 0012; a count of 1 to 4 persons is small
MARK_VALUES = 3  # of a mark that itself says the count is small, this many values must remain (decision 0012)


@dataclass(frozen=True)
class CellVerdicts:
    """The verdict on each column of the table; False if the cell is not hidden.

    Attributes:
        exact: whether only one count is possible.
        safe: whether nobody can tell that the count is small, or what it is.
    """

    exact: np.ndarray
    safe: np.ndarray


def judge(table: CellTable, bounds: Intervals, threshold: int | None = None) -> CellVerdicts:
    """Judge the hidden cells of a table whose true counts are not known.

    A hidden cell is safe if more than one count is possible and `threshold` or more is one of them, shown by a whole
    table: then it cannot be told from a cell hidden for the sake of another. A mark such as `<5` says itself that the
    count is small; without a given threshold it is judged by what can be learnt beyond it: at least `MARK_VALUES`
    counts must remain. A cell in a contradicted sum is never called safe.

    Args:
        table: cells and sums.
        bounds: their intervals.
        threshold: None: `THRESHOLD`, and marks by the number of values they leave.
    """
    exact = table.hidden & (bounds.lower == bounds.upper)
    reaches = bounds.seen_high >= (THRESHOLD if threshold is None else threshold)
    if threshold is None:
        reaches = np.where(table.marked, bounds.seen_high - bounds.seen_low >= MARK_VALUES - 1, reaches)
    return CellVerdicts(exact, table.hidden & reaches & ~exact & ~bounds.doubtful)


def reaches(table: CellTable, lowest: np.ndarray, highest: np.ndarray, seconds: float = 600.0) -> bool:
    """Return whether whole tables show what a publisher who knows the true counts asks for.

    Args:
        table: the table as readers will see it.
        lowest: per column, what must be possible or undercut; infinite if nothing is asked.
        highest: per column, what must be possible or exceeded; minus infinite if nothing is asked.
        seconds: what is not shown by then counts as not possible.
    """
    asked = np.isfinite(lowest) | np.isfinite(highest)
    bounds = intervals(table, asked, seconds)
    low, high = bounds.seen_low[asked], bounds.seen_high[asked]
    return not bounds.contradictions and bool(((low <= lowest[asked]) & (high >= highest[asked])).all())
