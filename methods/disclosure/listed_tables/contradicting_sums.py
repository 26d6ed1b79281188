"""Sums that contradict each other: the smallest set that can be found.

Belongs here: an irreducible set of contradicting sums of one connected part (elastic filter, then deletion filter:
Chinneck, Feasibility and Infeasibility in Optimization, 2008, chapter 6). Does not belong here: what is done about it
(`cell_intervals`).
"""

from __future__ import annotations

import highspy
import numpy as np
import scipy.sparse as sp

from methods.disclosure.quiet_solver import QuietHighs

INFINITY = float(highspy.kHighsInf)
INFEASIBLE = highspy.HighsModelStatus.kInfeasible
OPTIMAL = highspy.HighsModelStatus.kOptimal
TOLERANCE = 1e-6
WHOLE_SECONDS = 20.0  # for each question in whole numbers; without an answer a sum stays in the set


def find_contradictory_sums(
    matrix: sp.csr_matrix, right: np.ndarray, lower: np.ndarray, upper: np.ndarray
) -> np.ndarray:
    """Find sums that no whole table within the bounds can satisfy together, and none of which can be dropped.

    Args:
        matrix: sums x columns.
        right: required value of each sum; together they cannot be satisfied.
        lower: lower bound per column.
        upper: upper bound per column.

    Returns:
        Rows of the matrix.
    """
    everything = np.arange(matrix.shape[0])
    whole = not _is_impossible(matrix, right, (lower, upper), everything, whole=False)
    rows = everything if whole else _elastic(matrix, right, (lower, upper))
    remaining = list(rows)
    for row in rows:
        rest = np.array([other for other in remaining if other != row], dtype=np.int64)
        if rest.size and _is_impossible(matrix, right, (lower, upper), rest, whole=whole):
            remaining.remove(row)
    return np.array(remaining, dtype=np.int64)


def _elastic(matrix: sp.csr_matrix, right: np.ndarray, box: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return sums that had to stretch, collected until they alone are contradictory."""
    size, width = matrix.shape
    stretched = sp.csr_matrix(sp.hstack([matrix, sp.eye(size), -sp.eye(size)]))
    cost = np.concatenate([np.zeros(width), np.ones(2 * size)])
    endless = np.full(2 * size, np.inf)
    firm: list[int] = []
    while True:
        most = endless.copy()
        most[[*firm, *(size + row for row in firm)]] = 0.0
        solver = _solver(
            stretched, right, np.concatenate([box[0], np.zeros(2 * size)]), np.concatenate([box[1], most]), cost
        )
        solver.run()
        if solver.getModelStatus() != OPTIMAL:
            return np.array(sorted(firm), dtype=np.int64)
        slack = np.array(solver.getSolution().col_value)[width:]
        new = np.flatnonzero(slack[:size] + slack[size:] > TOLERANCE)
        if not new.size:
            return np.arange(size)  # within tolerance nothing stretches: leave it to the deletion filter
        firm += [int(row) for row in new]


def _is_impossible(
    matrix: sp.csr_matrix, right: np.ndarray, box: tuple[np.ndarray, np.ndarray], rows: np.ndarray, *, whole: bool
) -> bool:
    solver = _solver(sp.csr_matrix(matrix[rows]), right[rows], *box, np.zeros(matrix.shape[1]))
    if whole:
        size = matrix.shape[1]
        solver.changeColsIntegrality(size, np.arange(size, dtype=np.int32), np.ones(size, dtype=np.uint8))
        solver.setOptionValue("time_limit", WHOLE_SECONDS)
    solver.run()
    return solver.getModelStatus() == INFEASIBLE


def _solver(
    matrix: sp.csr_matrix, right: np.ndarray, lower: np.ndarray, upper: np.ndarray, cost: np.ndarray
) -> QuietHighs:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = matrix.shape[1], matrix.shape[0]
    model.col_cost_, model.col_lower_ = cost, lower
    model.col_upper_ = np.where(np.isinf(upper), INFINITY, upper)
    model.row_lower_, model.row_upper_ = right, right
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    solver = QuietHighs()
    solver.passModel(model)
    return solver
