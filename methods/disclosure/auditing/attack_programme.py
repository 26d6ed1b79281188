"""The attacker's linear and integer programmes in HiGHS, and whether its answer can be trusted.

Belongs here: one programme from rows and bounds. Does not belong here: what is sought (`attacker`), or the programmes
of the protection: the audit has its own, so that one mistake cannot hide the other.
"""

from __future__ import annotations

from typing import NamedTuple

import highspy
import numpy as np
import scipy.sparse as sp

from methods.disclosure.quiet_solver import QuietHighs

INFINITY = float(highspy.kHighsInf)
TOLERANCE = 1e-6


class Limits(NamedTuple):
    """The least and the greatest value of each row, or of each unknown."""

    lower: np.ndarray
    upper: np.ndarray


def programme(
    rows: sp.csr_matrix,
    limits: Limits,
    box: Limits,
    cost: np.ndarray,
    options: dict[str, float | str],
) -> QuietHighs:
    """Return a solver for the least cost within bounds of rows and unknowns."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = rows.shape[1], rows.shape[0]
    model.col_cost_ = cost
    model.col_lower_, model.col_upper_ = box
    model.row_lower_, model.row_upper_ = limits
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    solver = QuietHighs(**options)
    solver.passModel(model)
    return solver


def binding_rows(rows: sp.csr_matrix, limits: Limits, box: Limits) -> np.ndarray:
    """Return the rows that a table within a box could break."""
    adding, taking = rows.maximum(0), rows.minimum(0)
    least, greatest = adding @ box.lower + taking @ box.upper, adding @ box.upper + taking @ box.lower
    return np.flatnonzero((least < limits.lower) | (greatest > limits.upper))


def is_value_of_solution(solver: QuietHighs, cost: np.ndarray) -> bool:
    """Return whether the optimum that a solver reports is the value of the solution that it returns.

    If HiGHS 1.16 is given a start and presolve alone solves the programme, it returns the start together with the
    optimum (decision 0045). Without presolve it does not.
    """
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return True  # no optimum is reported; the solution is a witness or not, as checked
    reached = float(cost @ np.array(solver.getSolution().col_value))
    optimum = float(solver.getInfo().objective_function_value)
    return abs(reached - optimum) <= TOLERANCE * max(1.0, abs(optimum))
