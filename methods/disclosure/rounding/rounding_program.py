"""The integer programme behind controlled rounding, and the solver that runs it.

Belongs here: bounds, links between published cells, and HiGHS. Does not belong here: which way a cell prefers to go and
what is given up if not everything can be satisfied (`additive_rounding`). The audit has its own solver, so that one
mistake cannot hide the other.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp

from methods.disclosure.quiet_solver import QuietHighs
from methods.disclosure.table_model import COORDINATES, TableModel

INFINITY = float(highspy.kHighsInf)
FEASIBLE = int(highspy.SolutionStatus.kSolutionStatusFeasible)
TOLERANCE = 1e-6
RADII = (0.0, INFINITY)  # whole numbers are sought next to the relaxed optimum first: mostly found, and fast
NODES = 500  # work is limited by counted nodes, never by the clock: the same input gives the same bytes
GAP = 0.1  # only feasibility and the drawn preferences matter, not the last tenth of the cost


@dataclass(frozen=True)
class Programme:
    """Whole multiples z of the rounding base per base cell, with bounds on rows of them.

    Attributes:
        rows: constraints x base cells.
        lower: lower bound per constraint.
        upper: upper bound per constraint.
        alive: the base cells that may differ from 0; the others are in no constraint.
        nonnegative: False allows crosses that are not published to fall below 0.
    """

    rows: sp.csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    alive: np.ndarray
    nonnegative: bool


def programme(
    model: TableModel,
    floor: np.ndarray,
    ceiling: np.ndarray,
    links: sp.csr_matrix,
    lower: np.ndarray,
    *,
    nonnegative: bool,
) -> Programme:
    """Constrain every published cell between its floor and its ceiling (in multiples of the base), and add the links.

    A published cell whose ceiling is 0 empties its base cells: they and the constraints left empty are dropped.

    Args:
        model: the block.
        floor: the least multiple per published cell.
        ceiling: the greatest multiple per published cell.
        links: relations as rows over base cells, upper bound 0.
        lower: lower bound per row of `links`.
        nonnegative: whether every base cell must be at least 0.
    """
    alive = np.ones(len(model.base), dtype=bool)
    if nonnegative:
        alive[np.unique(model.matrix[ceiling == 0].indices)] = False
    rows = sp.csr_matrix(sp.vstack([model.matrix, links]), dtype=float)[:, alive]
    filled = np.diff(rows.indptr) > 0
    bottom, top = np.concatenate([floor, lower]), np.concatenate([ceiling, np.zeros(len(lower))])
    return Programme(sp.csr_matrix(rows[filled]), bottom[filled], top[filled], alive, nonnegative)


def solve(problem: Programme, cost: np.ndarray, offset: float, slack: float | None = None) -> np.ndarray | None:
    """Find whole numbers of least cost.

    Args:
        problem: the constraints.
        cost: per base cell.
        offset: makes the cost 0 if every preference is met, so that the gap has a meaning.
        slack: accepted distance from the least cost; None: `GAP` of it.

    Returns:
        Multiples per base cell, or None if there are none (or none was found within the limit of nodes).
    """
    size = int(problem.alive.sum())
    result = np.zeros(len(problem.alive), dtype=np.int64)
    if size == 0:
        return result
    solver = _solver(problem, cost[problem.alive], offset)
    if slack is not None:
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_abs_gap", slack)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    relaxed = np.array(solver.getSolution().col_value)
    least = 0.0 if problem.nonnegative else -INFINITY
    for radius in RADII:
        lower = np.maximum(np.floor(relaxed + TOLERANCE) - radius, least)
        whole = _solve_whole(solver, lower, np.ceil(relaxed - TOLERANCE) + radius)
        if whole is not None and _is_solution(problem, whole):
            result[problem.alive] = whole
            return result
    return None


def _is_solution(problem: Programme, whole: np.ndarray) -> bool:
    """Check in whole numbers what will be printed: the solver works within tolerances."""
    sums = problem.rows @ whole
    inside = bool(((sums >= problem.lower) & (sums <= problem.upper)).all())
    return inside and (not problem.nonnegative or bool((whole >= 0).all()))


def _solve_whole(solver: QuietHighs, lower: np.ndarray, upper: np.ndarray) -> np.ndarray | None:
    size = len(lower)
    columns = np.arange(size, dtype=np.int32)
    solver.changeColsIntegrality(size, columns, np.full(size, 1, dtype=np.uint8))
    solver.changeColsBounds(size, columns, lower, upper)
    solver.run()
    if solver.getInfo().primal_solution_status != FEASIBLE:
        return None
    return np.rint(solver.getSolution().col_value)


def _solver(problem: Programme, cost: np.ndarray, offset: float) -> QuietHighs:
    solver = QuietHighs(mip_max_nodes=NODES, mip_rel_gap=GAP)
    solver.passModel(_linear_programme(problem, cost, offset))
    return solver


def _linear_programme(problem: Programme, cost: np.ndarray, offset: float) -> highspy.HighsLp:
    size = problem.rows.shape[1]
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = size, problem.rows.shape[0]
    model.col_cost_, model.offset_ = cost, offset
    model.col_lower_ = np.zeros(size) if problem.nonnegative else np.full(size, -INFINITY)
    model.col_upper_ = np.full(size, INFINITY)
    model.row_lower_, model.row_upper_ = problem.lower, problem.upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = problem.rows.indptr, problem.rows.indices
    model.a_matrix_.value_ = problem.rows.data
    return model


@dataclass(frozen=True)
class PublishedLinks:
    """The relations as a reader can see them: on every published cell of a whole measure.

    Attributes:
        rows: part minus whole over base cells, one row per published cell of a whole and measure of its parts.
        lower: lower bound per row (`-inf` for a subset, 0 for a partition).
        whole: per row, the published cell of the whole.
        part: per row, the published cell that holds the same part, or -1 if that is not published.
    """

    rows: sp.csr_matrix
    lower: np.ndarray
    whole: np.ndarray
    part: np.ndarray


def published_links(model: TableModel) -> PublishedLinks:
    """Sum the links of the model over the published cells that hold their whole side."""
    wholes, parts = sp.csr_matrix(model.links < 0, dtype=np.int64), sp.csr_matrix(model.links > 0, dtype=np.int64)
    measure = model.base["measure"].to_numpy()
    first_part = np.asarray(parts.argmax(axis=1)).ravel()
    has_part = np.diff(parts.indptr) > 0
    names = np.where(has_part, measure[first_part], "")
    within = np.array(
        [str(sorted(relation.part.items())) if relation.part else "" for relation in model.relations], dtype=object
    )
    if not len(within):
        within = np.full(len(names), "", dtype=object)
    inside = sp.csr_matrix(model.matrix.astype(np.int64) @ wholes.T)
    inside.data = (inside.data == np.diff(wholes.indptr)[inside.indices]).astype(np.int64)
    blocks: list[sp.csr_matrix] = [sp.csr_matrix((0, len(model.base)))]
    lower: list[np.ndarray] = [np.zeros(0)]
    whole: list[np.ndarray] = [np.zeros(0, dtype=np.int64)]
    part: list[np.ndarray] = [np.zeros(0, dtype=np.int64)]
    rows = list(model.cells[list(COORDINATES)].itertuples(index=False, name=None))
    place = {row: number for number, row in enumerate(rows)}
    for name, inner in sorted(set(zip(names[has_part], within[has_part], strict=True))):
        chosen = np.flatnonzero((names == name) & (within == inner))
        grouped = sp.csr_matrix(inside[:, chosen])
        grouped.eliminate_zeros()
        cells = np.flatnonzero(np.diff(grouped.indptr) > 0)
        blocks.append(sp.csr_matrix(grouped[cells] @ model.links[chosen]))
        says_at_most = grouped[cells] @ np.isneginf(model.link_lower[chosen]).astype(np.int64)
        lower.append(np.where(np.asarray(says_at_most).ravel() > 0, -np.inf, 0.0))
        whole.append(cells)
        # the published cells of the parts' measure with the same coordinates
        same = np.array([place.get((str(name), *rows[cell][1:]), -1) for cell in cells], dtype=np.int64)
        part.append(np.full_like(same, -1) if inner else same)  # no cell of the whole has the codes of a part alone
    return PublishedLinks(
        sp.csr_matrix(sp.vstack(blocks), dtype=float),
        np.concatenate(lower),
        np.concatenate(whole),
        np.concatenate(part),
    )
