"""The programmes behind the intervals of hidden cells: linear bounds, integer bounds, and the pool of witnesses.

Belongs here: one connected part of a table, asked cell by cell with a warm solver. Does not belong here: how parts are
made (`cell_intervals`).
"""

from __future__ import annotations

from time import monotonic

import highspy
import numpy as np
import scipy.sparse as sp

from methods.disclosure.quiet_solver import QuietHighs

INFINITY = float(highspy.kHighsInf)
OPTIMAL = highspy.HighsModelStatus.kOptimal
UNBOUNDED = (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible)
FEASIBLE = int(highspy.SolutionStatus.kSolutionStatusFeasible)
TOLERANCE = 1e-6
LARGE = 2_000  # number of columns from which pushing many cells at once pays off


class Pool:
    """The whole tables of one connected part found so far.

    Attributes:
        lower: lower bounds that hold for every whole table, tightened while asking.
        upper: upper bounds, likewise.
        seen_low: the least count in a whole table that was found.
        seen_high: the greatest; infinite if shown to be.
        programmes: number of programmes solved.
        witnesses: number of whole tables found.
    """

    def __init__(
        self, matrix: sp.csr_matrix, right: np.ndarray, lower: np.ndarray, upper: np.ndarray, deadline: float
    ) -> None:
        self._matrix, self._right = matrix, right
        self._box = (lower.copy(), upper.copy())
        self._deadline = deadline
        self.lower, self.upper = lower.copy(), upper.copy()
        size = len(lower)
        self.seen_low, self.seen_high = np.full(size, np.inf), np.full(size, -np.inf)
        self.programmes = 0
        self.witnesses = 0
        self._linear = _solver(matrix, right, lower, upper, whole=False)
        self._integer: QuietHighs | None = None
        self._costs: dict[int, tuple[int, ...]] = {}

    def bound_columns(self, asked: np.ndarray) -> bool:
        """Bound the given columns from both sides; False if no whole table satisfies the sums."""
        if not self._find_first_table():
            return False
        if len(self.lower) > LARGE:
            self._push(asked)
        for column in asked:
            for sign in (1, -1):
                if monotonic() > self._deadline:
                    return True
                self._bound_column(int(column), sign)
        return True

    def _find_first_table(self) -> bool:
        """Find a first whole table; a time-out counts as possible and certifies nothing."""
        status = self._solve(self._linear, np.zeros(0, dtype=np.int64), 1)
        if status == highspy.HighsModelStatus.kInfeasible:
            return False
        if self._witness(self._linear):
            return True
        solver = self._whole_solver()
        return self._solve(solver, np.zeros(0, dtype=np.int64), 1) != highspy.HighsModelStatus.kInfeasible

    def _push(self, asked: np.ndarray) -> None:
        """Push all open cells at once, down and up, as long as that settles many of them."""
        for sign in (1, -1, 1, -1, 1, -1):
            seen, bound = (self.seen_low, self.lower) if sign > 0 else (self.seen_high, self.upper)
            left = asked[(seen[asked] != bound[asked]) & np.isfinite(self._box[1][asked])]
            if monotonic() > self._deadline or not left.size:
                return
            if self._solve(self._linear, left, sign) == OPTIMAL:
                self._witness(self._linear)

    def _bound_column(self, column: int, sign: int) -> None:
        """Find the least (sign 1) or greatest (sign -1) whole count of a column."""
        if self._is_settled(column, sign):
            return
        status = self._solve(self._linear, np.array([column]), sign)
        if status in UNBOUNDED and sign < 0:
            self._set_unbounded(column)
            return
        if status != OPTIMAL:
            return
        self._tighten(column, sign, self._objective(self._linear, sign))
        self._witness(self._linear)
        if self._is_settled(column, sign):
            return
        solver = self._whole_solver()
        status = self._solve(solver, np.array([column]), sign)
        self._witness(solver)
        self._tighten(column, sign, sign * float(solver.getInfo().mip_dual_bound))

    def _is_settled(self, column: int, sign: int) -> bool:
        if sign > 0:
            return bool(self.seen_low[column] <= self.lower[column])
        return bool(self.seen_high[column] >= self.upper[column])

    def _set_unbounded(self, column: int) -> None:
        """Record that there is no bound: rational rays of whole sums can be made whole, so whole tables have none."""
        self.seen_high[column] = np.inf

    def _tighten(self, column: int, sign: int, bound: float) -> None:
        if not np.isfinite(bound):
            return
        slack = TOLERANCE * max(1.0, abs(bound) / 1_000)  # the solver's error grows with the figures
        if sign > 0:  # a witness is a fact: no bound may exclude it
            tight = min(float(np.ceil(bound - slack)), float(self.seen_low[column]))
            self.lower[column] = max(self.lower[column], tight)
        else:
            tight = max(float(np.floor(bound + slack)), float(self.seen_high[column]))
            self.upper[column] = min(self.upper[column], tight)

    def _objective(self, solver: QuietHighs, sign: int) -> float:
        return sign * float(solver.getInfo().objective_function_value)

    def _witness(self, solver: QuietHighs) -> bool:
        """Add the solver's table to the pool, if it is whole and satisfies every sum in whole numbers."""
        if solver.getInfo().primal_solution_status != FEASIBLE:
            return False
        solution = np.array(solver.getSolution().col_value)
        whole = np.rint(solution)
        low, high = self._box
        if not (np.abs(solution - whole) <= 1e-4).all() or (whole < low).any() or (whole > high).any():
            return False
        if (self._matrix @ whole != self._right).any():
            return False
        self.seen_low, self.seen_high = np.minimum(self.seen_low, whole), np.maximum(self.seen_high, whole)
        self.witnesses += 1
        return True

    def _whole_solver(self) -> QuietHighs:
        if self._integer is None:
            self._integer = _solver(self._matrix, self._right, *self._box, whole=True)
        return self._integer

    def _solve(self, solver: QuietHighs, columns: np.ndarray, sign: int) -> highspy.HighsModelStatus:
        """Minimise the sum of the columns (sign 1), or of their negatives."""
        before = self._costs.get(id(solver), ())
        for column in before:
            solver.changeColCost(column, 0.0)
        for column in columns:
            solver.changeColCost(int(column), float(sign))
        self._costs[id(solver)] = tuple(int(column) for column in columns)
        solver.setOptionValue("time_limit", solver.getRunTime() + max(self._deadline - monotonic(), 0.05))
        solver.run()
        self.programmes += 1
        return solver.getModelStatus()


def _solver(
    matrix: sp.csr_matrix, right: np.ndarray, lower: np.ndarray, upper: np.ndarray, *, whole: bool
) -> QuietHighs:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = matrix.shape[1], matrix.shape[0]
    model.col_cost_ = np.zeros(matrix.shape[1])
    model.col_lower_, model.col_upper_ = lower, np.where(np.isinf(upper), INFINITY, upper)
    model.row_lower_, model.row_upper_ = right, right
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * matrix.shape[1]
    solver = QuietHighs(mip_rel_gap=0.0, mip_abs_gap=0.5)
    solver.passModel(model)
    return solver
