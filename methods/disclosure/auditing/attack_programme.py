"""The linear and integer programmes of the attacker, as HiGHS takes them, and whether its answer can be believed.

Here: one programme from rows and bounds. Not here: what is sought (`attacker`), or the programmes of the protection:
the audit has its own, so that one mistake cannot hide the other.
"""

from __future__ import annotations

import highspy
import numpy as np
import scipy.sparse as sp

from methods.disclosure.quiet_solver import QuietHighs

INFINITY = float(highspy.kHighsInf)
TOLERANCE = 1e-6


def programme(
    rows: sp.csr_matrix,
    limits: tuple[np.ndarray, np.ndarray],
    box: tuple[np.ndarray, np.ndarray],
    cost: np.ndarray,
    options: dict[str, float | str],
) -> QuietHighs:
    """A solver for the least cost within bounds of rows and of unknowns."""
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


def binding_rows(
    rows: sp.csr_matrix, limits: tuple[np.ndarray, np.ndarray], box: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """The rows that a table within a box could break."""
    adding, taking = rows.maximum(0), rows.minimum(0)
    least, greatest = adding @ box[0] + taking @ box[1], adding @ box[1] + taking @ box[0]
    return np.flatnonzero((least < limits[0]) | (greatest > limits[1]))


def is_value_of_solution(solver: QuietHighs, cost: np.ndarray) -> bool:
    """Whether an optimum that a solver tells is the value of the solution that it gives.

    Where HiGHS 1.16 was handed a start and presolve alone solves the programme, it gives back the start beside the
    optimum (decision 0045). Without presolve it does not.
    """
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return True  # no optimum is told; what it found is a witness or not, as it stands
    reached = float(cost @ np.array(solver.getSolution().col_value))
    optimum = float(solver.getInfo().objective_function_value)
    return abs(reached - optimum) <= TOLERANCE * max(1.0, abs(optimum))
