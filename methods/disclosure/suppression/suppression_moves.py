"""Cell suppression: what must be protected, by how much, and the moves that protect it.

Belongs here: the problem that both protectors solve, from cells and sums with known figures. Does not belong here: how
a pattern is found (`suppression_optimal`, `suppression_greedy`), or the audit of the result (`cell_intervals`, which
uses none of it).

Terms of Fischetti and Salazar (2001), Solving the cell suppression problem on tabular data with linear constraints:
primary cells must be protected, secondary ones are hidden for their sake; a cell is protected if some table that agrees
with all published cells holds at least `up` more in it, and another at least `down` less.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp

from methods.disclosure.listed_tables.cell_tables import CellTable, TableProblem
from methods.disclosure.quiet_solver import QuietHighs

INFINITY = float(highspy.kHighsInf)
OPTIMAL = highspy.HighsModelStatus.kOptimal
TOLERANCE = 1e-6


@dataclass(frozen=True)
class SuppressionProblem:
    """A table with its true figures and what must be protected in it.

    Attributes:
        rows: families x columns; each adds up to 0.
        values: true counts; for columns that no row lists, counts that agree with the listed ones.
        weights: cost of hiding, per column; 0 if it is hidden anyway.
        primary: cells that must be hidden.
        always: columns that no reader sees: primary cells and unlisted ones.
        up: how much more must be possible, per column.
        down: how much less.
        needs: columns that must be protected as soon as they are hidden.
        ceiling: how much more a hidden cell can hold as far as the attacker knows.
    """

    rows: sp.csr_matrix
    values: np.ndarray
    weights: np.ndarray
    primary: np.ndarray
    always: np.ndarray
    up: np.ndarray
    down: np.ndarray
    needs: np.ndarray
    ceiling: np.ndarray

    def cost(self, hidden: np.ndarray) -> float:
        """Return the sum of the weights of the secondary cells of a pattern."""
        return float(self.weights[hidden & ~self.always].sum())

    def list_protected_sides(self, hidden: np.ndarray) -> list[tuple[int, int]]:
        """Return what a pattern must protect: column and side (1: more, -1: less)."""
        columns = np.flatnonzero(self.needs & hidden)
        return [(int(c), side) for c in columns for side in (1, -1) if self.amount(int(c), side) > 0]

    def amount(self, column: int, side: int) -> float:
        """Return how far a column must be able to move to a side."""
        return float(self.up[column] if side > 0 else self.down[column])


@dataclass(frozen=True)
class SuppressionPattern:
    """A pattern that protects everything required.

    Attributes:
        hidden: per column, whether it is hidden from readers.
        cost: sum of the weights of the secondary cells.
        bound: lower bound of the cost of any pattern; None if unknown.
        proved_optimal: whether the cost is the least.
    """

    hidden: np.ndarray
    cost: float
    bound: float | None
    proved_optimal: bool


class NotProtected(Exception):  # noqa: N818  named by what happened
    """No pattern was found.

    Args:
        in_time: whether that is certain: even with everything hidden something can be learnt. Otherwise the time ran
            out.
        bound: lower bound of the cost of any pattern.
    """

    def __init__(self, *, in_time: bool, bound: float = 0.0) -> None:
        super().__init__("certain" if in_time else "out of time")
        self.in_time = in_time
        self.bound = bound


def threshold_problem(table: CellTable, threshold: int, *, by_value: bool = True) -> SuppressionProblem:
    """Return the problem with primary counts 1 to `threshold` - 1, where 0 and `threshold` must both be possible.

    A true zero that is hidden for the sake of another must be able to reach the threshold too; otherwise its interval
    would show that it is small.
    """
    values = complete_counts(table)
    primary = table.listed & (values > 0) & (values < threshold)
    up = np.where(table.listed & (values < threshold), threshold - values, 0.0)
    return _problem(table, values, primary, (np.where(primary, values, 0.0), up), by_value=by_value)


def levels_problem(
    table: CellTable, primary: np.ndarray, down: np.ndarray, up: np.ndarray, *, by_value: bool = True
) -> SuppressionProblem:
    """Return the problem with given primary cells and levels; nothing falls below 0, so small counts need less.

    Args:
        table: cells and sums.
        primary: primary cells, per column.
        down: lower protection level.
        up: upper protection level.
        by_value: whether hiding a cell costs its value (at least 1), or 1.
    """
    values = complete_counts(table)
    asked = (np.where(primary, np.minimum(down, values), 0.0), np.where(primary, up, 0.0))
    return _problem(table, values, primary & table.listed, asked, by_value=by_value)


def _problem(
    table: CellTable,
    values: np.ndarray,
    primary: np.ndarray,
    levels: tuple[np.ndarray, np.ndarray],
    *,
    by_value: bool,
) -> SuppressionProblem:
    down, up = levels
    always = primary | ~table.listed
    weights = np.where(always, 0.0, np.maximum(values, 1.0) if by_value else 1.0)
    most = max(float(values.max()), 2 * float(up.max()), 1.0)
    ceiling = np.maximum(most - values, 2 * float(max(up.max(), down.max(), 1.0)))
    needs = table.listed & ((up > 0) | (down > 0))
    return SuppressionProblem(table.families, values, weights, primary, always, up, down, needs, ceiling)


def complete_counts(table: CellTable) -> np.ndarray:
    """Return the true counts, and whole counts for unlisted columns that agree with them.

    Raises:
        TableProblem: `protect_needs_figures` (a listed cell without its figure), `protect_does_not_add_up`.
    """
    listed = table.listed
    if (table.lower[listed] != table.upper[listed]).any():
        raise TableProblem("protect_needs_figures", count=int((table.lower[listed] != table.upper[listed]).sum()))
    values = np.where(listed, table.lower, 0.0)
    free = np.flatnonzero(~listed)
    if free.size:
        values[free] = _fill_free(table, values, free)
    if (table.families @ values != 0).any():
        raise TableProblem("protect_does_not_add_up", count=int((table.families @ values != 0).sum()))
    return values


def _fill_free(table: CellTable, values: np.ndarray, free: np.ndarray) -> np.ndarray:
    matrix = sp.csr_matrix(table.families[:, free])
    right = -(table.families @ values)
    used = np.diff(matrix.indptr) > 0
    solver = solver_of(sp.csr_matrix(matrix[used]), right[used], np.zeros(len(free)), np.full(len(free), np.inf))
    size = len(free)
    solver.changeColsIntegrality(size, np.arange(size, dtype=np.int32), np.ones(size, dtype=np.uint8))
    solver.run()
    if solver.getModelStatus() != OPTIMAL:
        return np.zeros(size)
    return np.rint(solver.getSolution().col_value)


def solver_of(matrix: sp.csr_matrix, right: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> QuietHighs:
    """Return a quiet solver over `matrix x = right`, without cost."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = matrix.shape[1], matrix.shape[0]
    model.col_cost_ = np.zeros(matrix.shape[1])
    model.col_lower_, model.col_upper_ = lower, np.where(np.isinf(upper), INFINITY, upper)
    model.row_lower_, model.row_upper_ = right, right
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    solver = QuietHighs()
    solver.passModel(model)
    return solver
