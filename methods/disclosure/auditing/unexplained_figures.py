"""Figures that no table explains: proof of it, and the smallest set found of figures that contradict each other.

Belongs here: the deletion filter over printed figures (Chinneck, Feasibility and Infeasibility in Optimization, 2008,
ch. 6). Does not belong here: the system (`vintages`), or what follows (`audit`). The rows it names are true cells:
never published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from methods.disclosure.auditing.attack_programme import INFINITY
from methods.disclosure.auditing.attack_questions import coordinates_of
from methods.disclosure.auditing.attacked_system import System
from methods.disclosure.auditing.attacker import FEASIBLE, NODES
from methods.disclosure.auditing.vintages import JointVintages, Vintage
from methods.disclosure.quiet_solver import QuietHighs

PROGRAMMES = 200  # work is limited by counted programmes: a set that is not the smallest is still a contradiction
NOTHING = 1e-9


@dataclass(frozen=True)
class Contradiction:
    """One figure of a set that no table explains.

    Attributes:
        vintage: 0 for the oldest; the number of vintages for a figure that others published.
        is_external: whether others published it.
        coordinates: coordinates of the cell; totals left out.
        lower: the least value that the figure allows.
        upper: the greatest.
    """

    vintage: int
    is_external: bool
    coordinates: dict[str, str]
    lower: float
    upper: float


def find_contradictions(
    joint: JointVintages, vintages: Sequence[Vintage], external: Sequence[Vintage]
) -> list[Contradiction] | None:
    """Return which figures contradict each other if surely no whole table agrees with a system.

    Args:
        joint: all vintages and external figures.
        vintages: oldest first.
        external: figures that others published.

    Returns:
        The figures; None if a table exists, or if none was proven impossible within the limit of nodes.
    """
    search = _FigureSearch(joint.system, len(joint.printed_by))
    everything = np.arange(len(joint.printed_by))
    if search.is_feasible(everything) is not False:
        return None
    all_vintages = [*vintages, *external]
    contradictions: list[Contradiction] = []
    for row in search.shrink_set(everything):
        number, cell = joint.printed_by[row]
        vintage = all_vintages[number]
        low, high = float(vintage.bounds.lower[cell]), float(vintage.bounds.upper[cell])
        contradictions.append(
            Contradiction(number, number >= len(vintages), coordinates_of(vintage.model, cell), low, high)
        )
    return contradictions


class _FigureSearch:
    """Solves the system with only some of the printed figures; relations between unknowns always hold."""

    def __init__(self, system: System, figures: int) -> None:
        self._system, self._figures = system, figures
        self._programmes = 0
        self._ray: np.ndarray | None = None

    def shrink_set(self, rows: np.ndarray) -> np.ndarray:
        """Drop from a contradicting set whatever it does not need: large pieces first, then single figures."""
        if self._ray is not None:  # the linear proof uses few rows: start with these, if they suffice
            few = np.intersect1d(rows, self._ray)
            rows = few if self.is_feasible(few) is False else rows
        width = len(rows)
        while width > 1 and self._programmes < PROGRAMMES:
            width = -(-width // 2)
            rows = self._drop_pieces(rows, width)
        return rows

    def _drop_pieces(self, rows: np.ndarray, width: int) -> np.ndarray:
        place = 0
        while place < len(rows) and self._programmes < PROGRAMMES:
            fewer = np.delete(rows, np.arange(place, min(place + width, len(rows))))
            if self.is_feasible(fewer) is False:
                rows = fewer
            else:
                place += width
        return rows

    def is_feasible(self, figures: np.ndarray) -> bool | None:
        """Return whether a whole table agrees with these figures; None: not known within the limit of nodes."""
        self._programmes += 1
        solver = self._solver(figures)
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            self._ray = _ray(solver)
            return False
        self._ray = None
        size = self._system.rows.shape[1]
        solver.changeColsIntegrality(size, np.arange(size, dtype=np.int32), np.ones(size, dtype=np.uint8))
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            return False
        return True if solver.getInfo().primal_solution_status == FEASIBLE else None

    def _solver(self, figures: np.ndarray) -> QuietHighs:
        system, free = self._system, np.ones(self._system.rows.shape[0], dtype=bool)
        free[self._figures :] = False
        free[figures] = False
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = system.rows.shape
        model.col_cost_ = np.zeros(system.rows.shape[1])
        model.col_lower_, model.col_upper_ = system.least, np.full(system.rows.shape[1], INFINITY)
        model.row_lower_ = np.where(free, -INFINITY, system.lower)
        model.row_upper_ = np.where(free, INFINITY, system.upper)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_ = system.rows.indptr, system.rows.indices
        model.a_matrix_.value_ = system.rows.data
        # presolve would prove it without a ray
        solver = QuietHighs(mip_max_nodes=NODES, solver="simplex", presolve="off")
        solver.passModel(model)
        return solver


def _ray(solver: QuietHighs) -> np.ndarray | None:
    """Return the rows used by a linear proof of infeasibility; None if the solver has none."""
    shown: Any = solver  # the stubs of the solver lack its rays
    _, is_known, values = shown.getDualRay()
    return np.flatnonzero(np.abs(np.asarray(values)) > NOTHING) if is_known else None
