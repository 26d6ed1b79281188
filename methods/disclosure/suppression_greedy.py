"""Greedy suppression with pruning: fast, and never cheaper than the optimum.

Here: for each thing to protect the cheapest move of persons that shows it, hiding what moves; then publishing again
what is not needed, dearest first. Not here: proof that a pattern is the cheapest (`suppression_optimal`).

The moves are those of the network heuristics (Kelly, Golden and Assad 1992; Castro 2012), as linear programmes over any
sums. Each move is kept as the reason why its cells are hidden, so that pruning solves again only what lost its reason.
"""

from __future__ import annotations

from time import monotonic

import numpy as np
import scipy.sparse as sp

from methods.disclosure.suppression import OPTIMAL, TOLERANCE, NotProtected, Pattern, Problem, solver_of

HIDDEN_COST = 1e-3  # moving hidden cells is nearly free: short moves keep more cells prunable

Asked = tuple[int, int]


def greedy(problem: Problem, seconds: float = 300.0, start: np.ndarray | None = None) -> Pattern:
    """Find a pattern that protects all that is asked.

    Args:
        problem: the table.
        seconds: after that, pruning stops.
        start: cells to begin with as hidden; None: the primary ones.

    Raises:
        NotProtected: something cannot be protected even with every cell hidden, or the time ran out before all was.
    """
    deadline = monotonic() + seconds
    hidden = problem.always.copy() if start is None else problem.always | start
    moves = _Moves(problem)
    reasons: dict[Asked, np.ndarray] = {}
    while missing := [asked for asked in problem.asked(hidden) if asked not in reasons]:
        for asked in sorted(missing, key=lambda one: -problem.amount(*one)):
            if monotonic() > deadline:
                raise NotProtected(in_time=False)
            moved = moves.cheapest(asked, hidden, everything=True)
            if moved is None:
                raise NotProtected(in_time=True)
            reasons[asked] = moved
            hidden[moved] = True
    _prune(problem, moves, hidden, reasons, deadline)
    return Pattern(hidden, problem.cost(hidden), 0.0, proved_optimal=problem.cost(hidden) == 0)


def _prune(
    problem: Problem, moves: _Moves, hidden: np.ndarray, reasons: dict[Asked, np.ndarray], deadline: float
) -> None:
    """Publish again, dearest first, what every need can do without."""
    secondary = np.flatnonzero(hidden & ~problem.always)
    for cell in secondary[np.argsort(-problem.weights[secondary], kind="stable")]:
        if monotonic() > deadline:
            return
        hidden[cell] = False
        needs = set(problem.asked(hidden))
        found: dict[Asked, np.ndarray] = {}
        for asked in [asked for asked, moved in reasons.items() if asked in needs and cell in moved]:
            moved = moves.cheapest(asked, hidden, everything=False)
            if moved is None:
                hidden[cell] = True
                break
            found[asked] = moved
        if not hidden[cell]:
            reasons |= found
            for asked in [asked for asked in reasons if asked not in needs]:
                del reasons[asked]


class _Moves:
    """One warm linear programme: persons that come (first half of the columns) and go (second half)."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._size = len(problem.values)
        both = sp.csr_matrix(sp.hstack([problem.rows, -problem.rows]))
        self._top = np.concatenate([problem.ceiling, problem.values])
        size = 2 * self._size
        self._solver = solver_of(both, np.zeros(both.shape[0]), np.zeros(size), self._top)
        self._places = np.arange(size, dtype=np.int32)

    def cheapest(self, asked: Asked, hidden: np.ndarray, *, everything: bool) -> np.ndarray | None:
        """The cells of the cheapest move that shows what is asked, or None if there is none.

        Args:
            asked: column and side.
            hidden: cells that are hidden by now.
            everything: whether other cells may move as well, at their weight.
        """
        cell, side = asked
        amount = self._problem.amount(cell, side)
        cost = np.where(hidden, HIDDEN_COST, self._problem.weights + HIDDEN_COST)
        bottom, top = np.zeros(2 * self._size), self._top.copy()
        if not everything:
            top[np.concatenate([~hidden, ~hidden])] = 0.0
        here, back = (cell, cell + self._size) if side > 0 else (cell + self._size, cell)
        bottom[here], top[here], top[back] = amount, max(amount, top[here]), 0.0
        self._solver.changeColsBounds(len(top), self._places, bottom, top)
        self._solver.changeColsCost(len(top), self._places, np.concatenate([cost, cost]))
        self._solver.run()
        if self._solver.getModelStatus() != OPTIMAL:
            return None
        found = np.array(self._solver.getSolution().col_value)
        net = np.abs(found[: self._size] - found[self._size :])
        return np.flatnonzero(net > TOLERANCE)
