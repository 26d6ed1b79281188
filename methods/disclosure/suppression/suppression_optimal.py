"""Optimal suppression: the cheapest pattern, with a proof or the best bound found in time.

Belongs here: Benders decomposition after Fischetti and Salazar (2001): a master programme chooses cells; for each need
the attacker's linear programme answers with a capacity inequality if it is not protected; and the bound that the
relaxed master alone gives for any pattern. Does not belong here: the problem (`suppression_moves`), the fast pattern
used if time runs out (`suppression_greedy`), the audit (`cell_intervals`).
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

import highspy
import numpy as np
import scipy.sparse as sp

from methods.disclosure.quiet_solver import QuietHighs
from methods.disclosure.suppression.suppression_greedy import find_greedy_pattern
from methods.disclosure.suppression.suppression_moves import (
    INFINITY,
    OPTIMAL,
    NotProtected,
    SuppressionPattern,
    SuppressionProblem,
    solver_of,
)

VIOLATION = 1e-5
HALF = 0.3  # a cell that the relaxed master hides by this much is a good start for the greedy pattern
POLISH_EVERY = 10  # rounds of the whole master
BRIDGE_ENTRIES = 400_000  # families are small; above this only those of primary cells are written out


def find_optimal_pattern(
    problem: SuppressionProblem, seconds: float = 300.0, accepted: Callable[[np.ndarray], bool] = lambda _hidden: True
) -> SuppressionPattern:
    """Find the cheapest pattern.

    Args:
        problem: the table.
        seconds: time after which the greedy pattern is returned with the best bound.
        accepted: the audit of a pattern in whole persons. A pattern that it rejects is forbidden with all its subsets.

    Raises:
        NotProtected: no pattern protects everything required, or none was found in time.
    """
    deadline = monotonic() + seconds
    best = _polish_pattern(problem, None, seconds / 2, accepted, None)
    master, attacker = _Master(problem), _Attacker(problem)
    whole, rounds = False, 0
    while (chosen := master.choose(deadline, best.cost if best else np.inf)) is not None:
        rounds += whole
        protected = not attacker.cut(chosen, master, deadline)
        if protected and whole:
            hidden = chosen > 0.5
            if accepted(hidden):
                return SuppressionPattern(hidden, problem.cost(hidden), problem.cost(hidden), proved_optimal=True)
            master.forbid(hidden)
        elif protected or (whole and rounds % POLISH_EVERY == 1):
            best = _polish_pattern(problem, chosen > HALF, deadline - monotonic(), accepted, best)
        if protected and not whole:
            master.make_whole()
            whole = True
    if best is None:
        raise NotProtected(in_time=monotonic() < deadline, bound=master.bound)
    return SuppressionPattern(
        best.hidden, best.cost, min(master.bound, best.cost), proved_optimal=master.bound >= best.cost
    )


def bound_pattern(problem: SuppressionProblem, pattern: SuppressionPattern, seconds: float) -> SuppressionPattern:
    """Return a pattern with a bound of the cheapest one: that of the relaxed master programme.

    Each inequality holds for every pattern that protects everything required, so each optimum of the relaxed master is
    a bound, including the first; more rounds raise it. Costs are whole, so it is rounded up.

    Args:
        problem: the table.
        pattern: a pattern of it; it is proved the cheapest if the bound reaches its cost.
        seconds: time after which the bound so far is returned; None if not even the first programme ended.
    """
    if pattern.proved_optimal:
        return pattern
    deadline = monotonic() + seconds
    master, attacker = _Master(problem), _Attacker(problem)
    bound: float | None = None
    while (chosen := master.choose(deadline, pattern.cost)) is not None:
        bound = master.bound
        if not attacker.cut(chosen, master, deadline):
            break
    known = max(bound or 0.0, master.bound)
    bound = min(known, pattern.cost) if bound is not None or known > 0 else None
    return SuppressionPattern(pattern.hidden, pattern.cost, bound, proved_optimal=bound == pattern.cost)


def _polish_pattern(
    problem: SuppressionProblem,
    start: np.ndarray | None,
    seconds: float,
    accepted: Callable[[np.ndarray], bool],
    best: SuppressionPattern | None,
) -> SuppressionPattern | None:
    """Return the greedy pattern from a start if it is cheaper and the audit accepts it; else the best so far."""
    try:
        pattern = find_greedy_pattern(problem, seconds, start)
    except NotProtected as error:
        if error.in_time:
            raise
        return best
    is_better = best is None or pattern.cost < best.cost
    return pattern if is_better and accepted(pattern.hidden) else best


class _Master:
    """The master programme: which cells to hide, 0 to 1 each, under every inequality found so far."""

    def __init__(self, problem: SuppressionProblem) -> None:
        self._problem = problem
        size = len(problem.values)
        self._solver = solver_of(sp.csr_matrix((0, size)), np.zeros(0), problem.always.astype(float), np.ones(size))
        self._solver.changeColsCost(size, np.arange(size, dtype=np.int32), problem.weights)
        self.bound = 0.0
        self._whole = False
        self._bridges()

    def _bridges(self) -> None:
        """Forbid a single hidden cell in a sum: it would be exact, so hiding it would be useless."""
        rows = self._problem.rows
        every = bool((np.diff(rows.indptr).astype(float) ** 2).sum() <= BRIDGE_ENTRIES)
        for start, end in zip(rows.indptr[:-1], rows.indptr[1:], strict=True):
            members = rows.indices[start:end]
            always = self._problem.always[members]
            if always.sum() > 1:
                continue
            for cell in members[always] if always.any() or not every else members:
                others = members[members != cell]
                if self._problem.always[cell]:
                    if self._problem.needs[cell]:
                        self.add(others, np.ones(len(others)), 1.0)
                else:
                    self.add(np.append(others, cell), np.append(np.ones(len(others)), -1.0), 0.0)

    def add(self, columns: np.ndarray, coefficients: np.ndarray, least: float) -> None:
        """Add one inequality."""
        self._solver.addRow(least, INFINITY, len(columns), columns.astype(np.int32), coefficients)

    def forbid(self, hidden: np.ndarray) -> None:
        """Require a cell outside this pattern: what it fails to protect, its subsets fail to protect too."""
        others = np.flatnonzero(~hidden)
        self.add(others, np.ones(len(others)), 1.0)

    def make_whole(self) -> None:
        """Make each cell either hidden or not."""
        size = len(self._problem.values)
        places = np.arange(size, dtype=np.int32)
        self._solver.changeColsIntegrality(size, places, np.ones(size, dtype=np.uint8))
        self._solver.setOptionValue("mip_rel_gap", 0.0)
        self._solver.setOptionValue("mip_abs_gap", 0.5)
        self._whole = True

    def choose(self, deadline: float, known: float) -> np.ndarray | None:
        """Return the cheapest choice so far; None if nothing cheaper than the known cost is left, or time is over."""
        left = deadline - monotonic()
        if left <= 0:
            return None
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + left)
        self._solver.run()
        if self._solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            self.bound = known
            return None
        if self._solver.getModelStatus() != OPTIMAL:
            return None
        information = self._solver.getInfo()
        optimum = information.mip_dual_bound if self._whole else information.objective_function_value
        self.bound = max(self.bound, float(np.ceil(optimum - VIOLATION)))
        if self.bound >= known:
            return None
        chosen = np.array(self._solver.getSolution().col_value).clip(0.0, 1.0)
        return np.rint(chosen) if self._whole else np.where(chosen < 1e-7, 0.0, chosen)


class _Attacker:
    """The attacker's linear programme over all tables near the true one, as far as hidden cells allow."""

    def __init__(self, problem: SuppressionProblem) -> None:
        self._problem = problem
        size = len(problem.values)
        self._places = np.arange(size, dtype=np.int32)
        self._solver: QuietHighs = solver_of(
            problem.rows, np.zeros(problem.rows.shape[0]), problem.values, problem.values
        )

    def cut(self, chosen: np.ndarray, master: _Master, deadline: float) -> int:
        """Give the master an inequality for each need that a choice does not protect; return their number."""
        problem, size = self._problem, len(chosen)
        low, high = problem.values * (1 - chosen), problem.values + problem.ceiling * chosen
        self._solver.changeColsBounds(size, self._places, low, high)
        new = 0
        for cell, side in problem.list_protected_sides(chosen > VIOLATION):
            if monotonic() > deadline:
                return max(new, 1)  # not known to be protected: the master sees that the time is over
            need = problem.amount(cell, side) * chosen[cell]
            dual = self._find_dual(cell, side, need)
            if dual is not None:
                new += self._inequality(cell, side, dual, master)
        return new

    def _find_dual(self, cell: int, side: int, need: float) -> np.ndarray | None:
        """Return None if the cell can move far enough to be protected, else the dual per column."""
        self._solver.changeColCost(cell, -float(side))
        self._solver.run()
        solution = self._solver.getSolution()
        moved = side * (float(np.array(solution.col_value)[cell]) - self._problem.values[cell])
        dual = -np.array(solution.col_dual)
        self._solver.changeColCost(cell, 0.0)
        return dual if moved < need - VIOLATION else None

    def _inequality(self, cell: int, side: int, dual: np.ndarray, master: _Master) -> int:
        """Add a capacity inequality: the hidden cells together must let through what is needed."""
        problem = self._problem
        capacity = np.maximum(dual, 0) * problem.ceiling + np.maximum(-dual, 0) * problem.values
        own = 0.0 if problem.always[cell] else float(capacity[cell])
        rest = problem.amount(cell, side) - float(capacity[problem.always].sum()) - own
        capacity = np.where(problem.always, 0.0, np.minimum(capacity, rest))
        capacity[cell] = 0.0
        columns = np.flatnonzero(capacity > 1e-9)
        if rest <= 0:
            return 0
        if problem.always[cell]:
            master.add(columns, capacity[columns], rest)
        else:
            master.add(np.append(columns, cell), np.append(capacity[columns], -rest), 0.0)
        return 1
