"""The attacker: all whole tables that agree with what is printed, and how far they let a figure range.

Here: the pool of witnesses (whole tables that the public cannot rule out), the search for more of them, and proof by
linear and integer programmes where no witness is found. Not here: which figures are asked about and what counts as a
failure (`audit`). Shares no code with the rounding, so that one mistake cannot hide the other.

A witness proves itself: it is checked against every printed figure in whole numbers. A linear optimum bounds what any
table can hold, but people are whole and most such optima are not, so it is never taken for a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import highspy
import numpy as np
import scipy.sparse as sp
from highspy._core import _Highs as QuietHighs  # pyright: ignore[reportPrivateUsage]  # `Highs` prints a banner

INFINITY = float(highspy.kHighsInf)
FEASIBLE = int(highspy.SolutionStatus.kSolutionStatusFeasible)
TOLERANCE = 1e-6
NODES = 1000  # work is limited by counted nodes, never by the clock: the same tables give the same verdict
ROUNDS = 16
IDLE_ROUNDS = 2
PARTNERS = 24  # leaf areas tried as the other end of an exchange
SEARCH_GAP = 0.3  # a witness need not be the best one
FIRST_SHARES = (0.2, 0.4, 0.6)  # of the moves, for the first table: few unknowns are fast, and failing is fast too
NEIGHBOURHOOD = 500  # moves, beside the last witness, that a search may use: more take longer and close no more
SEED = 20_120_428


@dataclass(frozen=True)
class System:
    """What somebody knows: `lower <= rows x <= upper` for whole tables x >= least.

    Attributes:
        rows: printed cells and relations, over the unknown base counts of all vintages.
        lower: lower bound per row.
        upper: upper bound per row.
        pairs: two columns of unknowns that tend to move together (a part and its whole), one pair per row.
        kinds: a number per unknown; unknowns of one kind count the same thing in different leaf areas.
        least: what somebody knows to be the least value of each unknown (0 for the public).
    """

    rows: sp.csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    pairs: np.ndarray
    kinds: np.ndarray
    least: np.ndarray


@dataclass(frozen=True)
class Questions:
    """What the attacker is asked, one row each.

    Attributes:
        vectors: questions x unknowns.
        values: how many values the answer must at least be able to take; infinite: a wide interval does not help.
        enough: an answer that may be this or less is safe, however narrow the interval; -inf: none is.
    """

    vectors: sp.csr_matrix
    values: np.ndarray
    enough: np.ndarray

    def open(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Which questions an interval per question leaves unsafe."""
        is_wide = ~self.only_zero & (high - low >= self.values - 1)
        return ~is_wide & ~(low <= self.enough)

    @property
    def from_zero(self) -> np.ndarray:
        """Which questions a low enough answer settles."""
        return np.isfinite(self.enough)

    @property
    def only_zero(self) -> np.ndarray:
        """Which questions nothing but a low enough answer settles."""
        return np.isinf(self.values)


class Moves:
    """Small changes of a table, and what they do to every row of a system; made once for all who know that system.

    Attributes:
        columns: unknowns x moves.
        groups: the moves of each kind.
        rows: the rows of the system, then one a unknown for the unknown itself.
        effects: rows x moves.
    """

    def __init__(self, system: System) -> None:
        self.columns, kinds = _moves(system)
        order = np.argsort(kinds, kind="stable")
        self.groups = np.split(order, np.flatnonzero(np.diff(kinds[order])) + 1)
        self.rows = sp.csr_matrix(sp.vstack([system.rows, sp.eye(system.rows.shape[1])]))
        self.effects = sp.csc_matrix(self.rows @ self.columns)


class Attacker:
    """Searches whole tables that agree with a system until each question is safe, or proves that it is not.

    Attributes:
        low: the smallest answer per question that some whole table gives.
        high: the greatest answer per question.
        tables: the whole tables that were found.
        programmes: how many programmes were solved.
    """

    def __init__(self, system: System, questions: Questions, moves: Moves, pool: Sequence[np.ndarray] = ()) -> None:
        """Take the questions; tables of `pool` that agree with the system are witnesses from the start."""
        self._questions, self._moves, self._least = questions, moves, system.least
        self._rows = moves.rows
        self._lower = np.concatenate([system.lower, system.least])
        self._upper = np.concatenate([system.upper, np.full(self._size, INFINITY)])
        self._answers = sp.csc_matrix(questions.vectors @ moves.columns)
        self._answers.eliminate_zeros()
        self._answering = np.diff(self._answers.indptr) > 0  # the other moves change no answer
        self._random = np.random.default_rng(SEED)
        self._table = system.least
        self.low = np.full(questions.vectors.shape[0], np.inf)
        self.high = np.full(questions.vectors.shape[0], -np.inf)
        self.tables: list[np.ndarray] = []
        self.programmes = 0
        for table in pool:
            self._witness(table)

    @property
    def _size(self) -> int:
        return self._moves.columns.shape[0]

    @property
    def witnesses(self) -> int:
        """How many whole tables are known that agree with everything printed."""
        return len(self.tables)

    def open(self) -> np.ndarray:
        """The questions that no witness has made safe yet."""
        return self._questions.open(self.low, self.high)

    def possible(self) -> bool:
        """Find a first whole table, with as little as can be where 0 would be safe; False if none is found."""
        if self.tables:
            return True
        wish = self._questions.vectors.T @ self._questions.from_zero.astype(float)
        avoided = np.zeros(self._size, dtype=bool)
        avoided[np.unique(self._questions.vectors[self._questions.only_zero].indices)] = True
        everything = np.ones(self._size, dtype=bool)
        tries = [self._some(share) for share in FIRST_SHARES if share * self._moves.columns.shape[1] > NEIGHBOURHOOD]
        choices = [*(some & ~avoided for some in tries), everything]
        return any(self._search(wish, columns, presolve="off") is not None for columns in choices)

    def explore(self) -> None:
        """Look for witnesses near the last one, pushing all open questions at once, each time the other way."""
        push = self._random.choice([-1.0, 1.0], self.low.size)
        idle = 0
        for _ in range(ROUNDS):
            before = self.open()
            if not before.any() or idle == IDLE_ROUNDS:
                return
            push = np.where(self._questions.only_zero, 1.0, -push)
            self._search(self._questions.vectors.T @ np.where(before, push, 0.0), self._near())
            idle = 0 if self.open().sum() < before.sum() else idle + 1

    def prove(self, question: int) -> tuple[float, float]:
        """Settle one open question: near the last witness, then by linear bounds, then over all whole tables.

        Returns:
            The interval the attacker is left with. If the question is still open it is unsafe: proven so, or not proven
            safe within the limit of nodes.
        """
        vector = np.asarray(self._questions.vectors[[question]].todense(), dtype=float).ravel()
        for sign in (1.0, -1.0):
            if self.open()[question]:
                self._search(sign * vector, self._near(), gap=0.0)
        if not self.open()[question]:
            return float(self.low[question]), float(self.high[question])
        low, high = np.ceil(self._bound(vector, 1.0) - TOLERANCE), np.floor(self._bound(vector, -1.0) + TOLERANCE)
        if self._questions.open(np.full_like(self.low, low), np.full_like(self.high, high))[question]:
            return float(low), float(high)
        for sign in (1.0, -1.0):
            if self.open()[question]:
                self._search(sign * vector, np.ones(self._size, dtype=bool), gap=0.0)
        return float(self.low[question]), float(self.high[question])

    def complete(self, columns: np.ndarray, values: np.ndarray) -> bool:
        """Find a whole table with these values of some unknowns; False if none is found."""
        fixed = self._least.copy()
        fixed[columns] = values
        free = np.ones(self._size, dtype=bool)
        free[columns] = False
        if not free.any():
            return self._witness(fixed)
        least, self._least = self._least, fixed
        found = self._search(np.ones(self._size), free)
        self._least = least
        return found is not None

    def least(self, vector: np.ndarray) -> tuple[float, float] | None:
        """Search all whole tables for the least answer to another question.

        Returns:
            The least answer found, and the number that no table is below; they differ where the limit of nodes came
            first. None if no table was found.
        """
        bound = self._search(vector, np.ones(self._size, dtype=bool), gap=0.0)
        return None if bound is None else (float(vector @ self._table), float(np.ceil(bound - TOLERANCE)))

    def _near(self) -> np.ndarray:
        """The unknowns of the last witness and of a few random moves."""
        return self._some(NEIGHBOURHOOD / self._moves.columns.shape[1]) | (self._table > self._least)

    def _some(self, share: float) -> np.ndarray:
        """The unknowns of a random share of the moves."""
        chosen = self._random.random(self._moves.columns.shape[1]) < share
        return np.asarray(self._moves.columns @ chosen.astype(float)).ravel() > 0

    def _search(
        self, cost: np.ndarray, columns: np.ndarray, gap: float = SEARCH_GAP, presolve: str = "choose"
    ) -> float | None:
        """Solve for a whole table that goes beyond the least in the given columns only, and take it into the pool.

        A first table, with nothing to start from, is found in half the time without presolve; later ones are not.

        Returns:
            What no such table costs less than; None if none was found.
        """
        used = np.flatnonzero(columns)
        if not used.size:
            return None
        solver = self._solved(used, cost, {"mip_rel_gap": gap, "mip_max_nodes": NODES, "presolve": presolve})
        if not tells_its_value(solver, cost[used]):
            solver = self._solved(used, cost, {"mip_rel_gap": gap, "mip_max_nodes": NODES, "presolve": "off"})
        if solver.getInfo().primal_solution_status != FEASIBLE:
            return None
        table = self._least.copy()
        table[used] = np.rint(solver.getSolution().col_value)
        return float(solver.getInfo().mip_dual_bound) if self._witness(table) else None

    def _solved(self, used: np.ndarray, cost: np.ndarray, options: dict[str, float | str]) -> QuietHighs:
        """Solve in whole numbers, from the last witness where there is one."""
        solver, places = self._solver(used, cost, options), np.arange(len(used), dtype=np.int32)
        solver.changeColsIntegrality(len(used), places, np.ones(len(used), dtype=np.uint8))
        if self.tables:
            solver.setSolution(len(used), places, self._table[used])
        solver.run()
        self.programmes += 1
        return solver

    def _witness(self, table: np.ndarray) -> bool:
        """Check a whole table against everything printed, and note how far small moves from it reach."""
        seen = self._rows @ table
        above, below = seen - self._lower, self._upper - seen
        if (above < 0).any() or (below < 0).any():
            return False
        answer = self._questions.vectors @ table
        forth, back = self._exchanges(table)
        effects, answers = self._moves.effects, self._answers
        for effect, change in (
            (effects[:, self._answering], answers[:, self._answering]),
            (effects[:, forth] - effects[:, back], answers[:, forth] - answers[:, back]),
        ):
            lowered, raised = _reach(effect, change, above, below)
            self.low = np.minimum(self.low, answer - lowered)
            self.high = np.maximum(self.high, answer + raised)
        self._table = table
        self.tables.append(table)
        return True

    def _exchanges(self, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of moves of one kind, the second of which can be taken back: cases that change their leaf area.

        Only those that change an answer.
        """
        missing = self._moves.columns.T @ (table - self._least < 1).astype(float)
        forth: list[np.ndarray] = [np.zeros(0, dtype=np.int64)]
        back: list[np.ndarray] = [np.zeros(0, dtype=np.int64)]
        for group in self._moves.groups:
            partners = self._random.permutation(group)[:PARTNERS]
            present = group[missing[group] == 0]
            if present.size:
                forth.append(np.tile(partners, len(present)))
                back.append(np.repeat(present, len(partners)))
        there, here = np.concatenate(forth), np.concatenate(back)
        answering = self._answering[there] | self._answering[here]
        return there[answering], here[answering]

    def _bound(self, vector: np.ndarray, sign: float) -> float:
        """The least (sign 1) or greatest (sign -1) answer of any table, whole or not."""
        everything = np.arange(self._size)
        solver = self._solver(everything, sign * vector, {})  # anew: presolve gains more than a warm start
        solver.run()
        self.programmes += 1
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return -sign * INFINITY  # unbounded, or not solved: the attacker is granted nothing, the witnesses decide
        return sign * float(solver.getInfo().objective_function_value)

    def _solver(self, used: np.ndarray, cost: np.ndarray, options: dict[str, float | str]) -> QuietHighs:
        known = self._moves.rows[: self._moves.rows.shape[0] - self._size]
        resting = self._least.copy()
        resting[used] = 0.0
        already = np.asarray(known @ resting)  # of the columns that stay at their least value
        rows = sp.csr_matrix(known[:, used])
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(used), rows.shape[0]
        model.col_cost_ = np.asarray(cost, dtype=float)[used]
        model.col_lower_, model.col_upper_ = self._least[used], np.full(len(used), INFINITY)
        model.row_lower_ = self._lower[: rows.shape[0]] - already
        model.row_upper_ = self._upper[: rows.shape[0]] - already
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
        solver = QuietHighs()
        for name, value in {"output_flag": False, "threads": 1, "random_seed": 0, **options}.items():
            solver.setOptionValue(name, value)
        solver.passModel(model)
        return solver


def tells_its_value(solver: QuietHighs, cost: np.ndarray) -> bool:
    """Whether an optimum that a solver tells is the value of the solution that it gives.

    Where HiGHS 1.16 was handed a start and presolve alone solves the programme, it gives back the start beside the
    optimum (decision 0045). Without presolve it does not.
    """
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return True  # no optimum is told; what it found is a witness or not, as it stands
    found = float(cost @ np.array(solver.getSolution().col_value))
    told = float(solver.getInfo().objective_function_value)
    return abs(found - told) <= TOLERANCE * max(1.0, abs(told))


def _moves(system: System) -> tuple[sp.csc_matrix, np.ndarray]:
    """Small changes of a table, one column each: one unit more in one base cell, or in a part and its whole.

    Returns:
        Unknowns x moves, and the kind of each move.
    """
    size, pairs = system.rows.shape[1], system.pairs
    columns = np.repeat(np.arange(len(pairs)), 2)
    joint = sp.csc_matrix((np.ones(pairs.size), (pairs.ravel(), columns)), shape=(size, len(pairs)))
    single = np.column_stack([system.kinds, np.full(size, -1)])
    kinds = np.unique(np.concatenate([single, system.kinds[pairs]]), axis=0, return_inverse=True)[1]
    return sp.csc_matrix(sp.hstack([sp.eye(size), joint])), kinds.ravel()


def _reach(
    effects: sp.csc_matrix, answers: sp.csc_matrix, above: np.ndarray, below: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How far single moves lower and raise each answer.

    Args:
        effects: rows x moves.
        answers: questions x moves.
        above: how far each row is above its lower bound.
        below: how far each row is below its upper bound.
    """
    effects.eliminate_zeros()
    column = np.repeat(np.arange(effects.shape[1]), np.diff(effects.indptr))
    rising, size = effects.data > 0, np.abs(effects.data)
    falls, rises = above[effects.indices], below[effects.indices]
    forward, backward = np.full(effects.shape[1], np.inf), np.full(effects.shape[1], np.inf)
    np.minimum.at(forward, column, np.where(rising, rises, falls) / size)
    np.minimum.at(backward, column, np.where(rising, falls, rises) / size)
    moving = np.diff(effects.indptr) > 0
    forward, backward = np.where(moving, np.floor(forward), 0.0), np.where(moving, np.floor(backward), 0.0)
    answers.eliminate_zeros()
    step = np.repeat(np.arange(answers.shape[1]), np.diff(answers.indptr))
    lowered, raised = np.zeros(answers.shape[0]), np.zeros(answers.shape[0])
    up, down = np.where(answers.data > 0, (forward[step], backward[step]), (backward[step], forward[step]))
    np.maximum.at(raised, answers.indices, np.abs(answers.data) * up)
    np.maximum.at(lowered, answers.indices, np.abs(answers.data) * down)
    return lowered, raised
