"""Greedy suppression with pruning: fast, and never cheaper than the optimum.

Belongs here: for each thing to protect the cheapest move of persons that shows it, hiding what moves; then publishing
again what is not needed, dearest first. Does not belong here: how far a pattern is from the cheapest
(`suppression_optimal`).

The moves are those of the network heuristics (Kelly, Golden and Assad 1992; Castro 2012), as linear programmes over any
sums. Each move is stored as the reason why its cells are hidden, so that pruning re-solves only what lost its reason.
"""

from __future__ import annotations

from time import monotonic

import numpy as np
import scipy.sparse as sp

from methods.disclosure.suppression.suppression_moves import (
    OPTIMAL,
    TOLERANCE,
    NotProtected,
    SuppressionPattern,
    SuppressionProblem,
    solver_of,
)

TOGETHER = 12  # programmes over the primary cells alone, before each is asked about by itself
HIDDEN_COST = 1e-3  # moving hidden cells is nearly free: short moves keep more cells prunable

Asked = tuple[int, int]


def find_greedy_pattern(
    problem: SuppressionProblem, seconds: float = 300.0, start: np.ndarray | None = None
) -> SuppressionPattern:
    """Find a pattern that protects everything required.

    Args:
        problem: the table.
        seconds: time after which pruning stops.
        start: cells hidden at the start; None: the primary ones.

    Raises:
        NotProtected: something cannot be protected even with every cell hidden, or the time ran out before all was.
    """
    deadline = monotonic() + seconds
    hidden = problem.always.copy() if start is None else problem.always | start
    among_hidden, everywhere = _Moves(problem, hidden), _Moves(problem, np.ones(len(hidden), dtype=bool))
    reasons = _find_self_shown(problem, deadline)
    while missing := [asked for asked in problem.list_protected_sides(hidden) if asked not in reasons]:
        for asked in sorted(missing, key=lambda question: -problem.amount(*question)):
            if asked in reasons:
                continue
            if monotonic() > deadline:
                raise NotProtected(in_time=False)
            net = among_hidden.cheapest(asked, hidden)  # a smaller programme, and nothing more to hide
            if net is None:
                net = everywhere.cheapest(asked, hidden)
            if net is None:
                raise NotProtected(in_time=True)
            moved = np.flatnonzero(net)
            hidden[moved] = True
            reasons[asked] = moved
            for other in _list_shown(problem, net[moved], moved):
                reasons.setdefault(other, moved)
    _prune(problem, hidden, reasons, deadline)
    is_free = problem.cost(hidden) == 0
    return SuppressionPattern(hidden, problem.cost(hidden), 0.0 if is_free else None, proved_optimal=is_free)


def _find_self_shown(problem: SuppressionProblem, deadline: float) -> dict[Asked, np.ndarray]:
    """Return what the cells hidden in any case show by themselves, many at once, without hiding more cells.

    Each programme pushes every cell that is not shown yet to one side as far as it must, the next one to the other.
    """
    cells = np.flatnonzero(problem.always)
    place = np.full(len(problem.values), -1, dtype=np.int64)
    place[cells] = np.arange(len(cells))
    rows = sp.csr_matrix(problem.rows[:, cells])
    rows = sp.csr_matrix(rows[np.diff(rows.indptr) > 0])
    least, most = -problem.values[cells], problem.ceiling[cells]
    solver = solver_of(rows, np.zeros(rows.shape[0]), least, most)
    columns, shown, side = np.arange(len(cells), dtype=np.int32), dict[Asked, np.ndarray](), 1
    asked = [question for question in problem.list_protected_sides(problem.always) if place[question[0]] >= 0]
    for _ in range(TOGETHER):
        missing = [question for question in asked if question not in shown]
        left = deadline - monotonic()
        if not missing or left <= 0:
            break
        bottom, top, cost = least.copy(), most.copy(), np.zeros(len(cells))
        for cell, wanted in sorted(missing, key=lambda question: question[1] * side):
            here = place[cell]  # for a cell missing on both sides the wanted side comes last, and counts
            bottom[here], top[here], cost[here] = least[here], most[here], -float(wanted)
            (top if wanted > 0 else bottom)[here] = wanted * problem.amount(cell, wanted)
        solver.changeColsBounds(len(cells), columns, np.maximum(bottom, least), np.minimum(top, most))
        solver.changeColsCost(len(cells), columns, cost)
        solver.setOptionValue("time_limit", solver.getRunTime() + left)
        solver.run()
        if solver.getModelStatus() != OPTIMAL:
            break
        net = np.array(solver.getSolution().col_value)
        for cell, wanted in missing:
            if wanted * net[place[cell]] >= problem.amount(cell, wanted) - TOLERANCE:
                shown[cell, wanted] = np.zeros(0, dtype=np.int64)
        side = -side
    return shown


def _list_shown(problem: SuppressionProblem, net: np.ndarray, moved: np.ndarray) -> list[Asked]:
    """Return what else a move shows, taken or undone and as large as it must be, if its cells have room for that."""
    shown: list[Asked] = []
    for cell, step in zip(moved[problem.needs[moved]], net[problem.needs[moved]], strict=True):
        for side in (1, -1):
            change = net * (side * problem.amount(int(cell), side) / step)
            room = (change <= problem.ceiling[moved] + TOLERANCE) & (-change <= problem.values[moved] + TOLERANCE)
            if room.all():
                shown.append((int(cell), side))
    return shown


def _prune(problem: SuppressionProblem, hidden: np.ndarray, reasons: dict[Asked, np.ndarray], deadline: float) -> None:
    """Publish again, dearest first, every cell without which all needs are still met."""
    secondary = np.flatnonzero(hidden & ~problem.always)
    moves = _Moves(problem, hidden)
    for cell in secondary[np.argsort(-problem.weights[secondary], kind="stable")]:
        if monotonic() > deadline:
            return
        hidden[cell] = False
        needs = set(problem.list_protected_sides(hidden))
        new_reasons: dict[Asked, np.ndarray] = {}
        for asked in [asked for asked, moved in reasons.items() if asked in needs and cell in moved]:
            net = moves.cheapest(asked, hidden, closed=~hidden)
            if net is None:
                hidden[cell] = True
                break
            new_reasons[asked] = np.flatnonzero(net)
        if not hidden[cell]:
            reasons |= new_reasons
            for asked in [asked for asked in reasons if asked not in needs]:
                del reasons[asked]


class _Moves:
    """One warm linear programme over some cells: persons that come (first half of the columns) and go (second half)."""

    def __init__(self, problem: SuppressionProblem, cells: np.ndarray) -> None:
        self._problem = problem
        self._cells = np.flatnonzero(cells)
        self._place = np.full(len(cells), -1, dtype=np.int64)
        self._place[self._cells] = np.arange(len(self._cells))
        rows = sp.csr_matrix(problem.rows[:, self._cells])
        rows = sp.csr_matrix(rows[np.diff(rows.indptr) > 0])
        self._top = np.concatenate([problem.ceiling[self._cells], problem.values[self._cells]])
        size = len(self._top)
        both = sp.csr_matrix(sp.hstack([rows, -rows]))
        self._solver = solver_of(both, np.zeros(both.shape[0]), np.zeros(size), self._top)
        self._columns = np.arange(size, dtype=np.int32)

    def cheapest(self, asked: Asked, hidden: np.ndarray, closed: np.ndarray | None = None) -> np.ndarray | None:
        """Return the cheapest move that shows what is required: each cell's gain; None if there is none.

        Args:
            asked: cell and side.
            hidden: cells that are already hidden and cost nothing.
            closed: cells that must not move.
        """
        cell, side = asked
        place, half = int(self._place[cell]), len(self._cells)
        if place < 0:
            return None
        amount = self._problem.amount(cell, side)
        cost = np.where(hidden, 0.0, self._problem.weights)[self._cells] + HIDDEN_COST
        bottom, top = np.zeros(2 * half), self._top.copy()
        if closed is not None:
            top[np.tile(closed[self._cells], 2)] = 0.0
        here, back = (place, place + half) if side > 0 else (place + half, place)
        bottom[here], top[here], top[back] = amount, max(amount, top[here]), 0.0
        self._solver.changeColsBounds(len(top), self._columns, bottom, top)
        self._solver.changeColsCost(len(top), self._columns, np.concatenate([cost, cost]))
        self._solver.run()
        if self._solver.getModelStatus() != OPTIMAL:
            return None
        solution = np.array(self._solver.getSolution().col_value)
        net = np.zeros(len(hidden))
        net[self._cells] = solution[:half] - solution[half:]
        return np.where(np.abs(net) > TOLERANCE, net, 0.0)
