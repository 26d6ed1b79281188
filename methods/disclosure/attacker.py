"""The attacker: all whole tables that agree with what is printed, and how far they let a figure range.

Here: the pool of witnesses (whole tables that the public cannot rule out), the search for more of them, and proof by
linear and integer programmes where no witness is found. Not here: which figures are asked about and what counts as a
failure (`audit`). Shares no code with the rounding, so that one mistake cannot hide the other.

A witness proves itself: it is checked against every printed figure in whole numbers. A linear optimum bounds what any
table can hold, but people are whole and most such optima are not, so it is never taken for a table.
"""

from __future__ import annotations

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
NEIGHBOURHOOD = 800  # moves, beside the last witness, that a search may use
SEED = 20_120_428


@dataclass(frozen=True)
class System:
    """What the public knows: `lower <= rows x <= upper` for whole tables x >= 0.

    Attributes:
        rows: printed cells and relations, over the unknown base counts of all vintages.
        lower: lower bound per row.
        upper: upper bound per row.
        pairs: two columns of unknowns that tend to move together (a part and its whole), one pair per row.
        kinds: a number per unknown; unknowns of one kind count the same thing in different leaf areas.
    """

    rows: sp.csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    pairs: np.ndarray
    kinds: np.ndarray


@dataclass(frozen=True)
class Questions:
    """What the attacker is asked, one row each.

    Attributes:
        vectors: questions x unknowns.
        values: how many values the answer must at least be able to take.
        from_zero: True: it is enough that the answer can be 0 or less.
        only_zero: True: a wide interval does not help, the answer must be able to be 0.
    """

    vectors: sp.csr_matrix
    values: np.ndarray
    from_zero: np.ndarray
    only_zero: np.ndarray

    def open(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Which questions an interval per question leaves unsafe."""
        narrow = ~(high - low >= self.values - 1)
        return (narrow | self.only_zero) & ~(self.from_zero & (low <= 0))


class Attacker:
    """Searches whole tables that agree with a system until each question is safe, or proves that it is not.

    Attributes:
        low: the smallest answer per question that some whole table gives.
        high: the greatest answer per question.
        witnesses: how many whole tables were found by programmes.
        programmes: how many programmes were solved.
    """

    def __init__(self, system: System, questions: Questions) -> None:
        self._questions = questions
        self._moves, self._kinds = _moves(system)
        self._rows = sp.csr_matrix(sp.vstack([system.rows, sp.eye(self._size)]))
        self._lower = np.concatenate([system.lower, np.zeros(self._size)])
        self._upper = np.concatenate([system.upper, np.full(self._size, INFINITY)])
        self._effects = sp.csc_matrix(self._rows @ self._moves)
        self._answers = sp.csc_matrix(questions.vectors @ self._moves)
        self._random = np.random.default_rng(SEED)
        self._table = np.zeros(self._size)
        self.low = np.full(questions.vectors.shape[0], np.inf)
        self.high = np.full(questions.vectors.shape[0], -np.inf)
        self.witnesses = 0
        self.programmes = 0

    @property
    def _size(self) -> int:
        return self._moves.shape[0]

    def open(self) -> np.ndarray:
        """The questions that no witness has made safe yet."""
        return self._questions.open(self.low, self.high)

    def possible(self) -> bool:
        """Find a first whole table, with as little as can be where 0 would be safe; False if there is none."""
        wish = self._questions.vectors.T @ self._questions.from_zero.astype(float)
        avoided = np.zeros(self._size, dtype=bool)
        avoided[np.unique(self._questions.vectors[self._questions.only_zero].indices)] = True
        everything = np.ones(self._size, dtype=bool)
        tries = [self._some(share) for share in FIRST_SHARES if share * self._moves.shape[1] > NEIGHBOURHOOD]
        return any(self._search(wish, columns) for columns in [*(some & ~avoided for some in tries), everything])

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

    def _near(self) -> np.ndarray:
        """The unknowns of the last witness and of a few random moves."""
        return self._some(NEIGHBOURHOOD / self._moves.shape[1]) | (self._table > 0)

    def _some(self, share: float) -> np.ndarray:
        """The unknowns of a random share of the moves."""
        chosen = self._random.random(self._moves.shape[1]) < share
        return np.asarray(self._moves @ chosen.astype(float)).ravel() > 0

    def _search(self, cost: np.ndarray, columns: np.ndarray, gap: float = SEARCH_GAP) -> bool:
        """Solve for a whole table that uses only the given columns, and take it into the pool."""
        used = np.flatnonzero(columns)
        if not used.size:
            return False
        solver = self._solver(used, cost, {"mip_rel_gap": gap, "mip_max_nodes": NODES})
        solver.changeColsIntegrality(
            len(used), np.arange(len(used), dtype=np.int32), np.ones(len(used), dtype=np.uint8)
        )
        if self.witnesses:
            start = np.where(columns, self._table, 0.0)[used]
            solver.setSolution(len(used), np.arange(len(used), dtype=np.int32), start)
        solver.run()
        self.programmes += 1
        if solver.getInfo().primal_solution_status != FEASIBLE:
            return False
        table = np.zeros(self._size)
        table[used] = np.rint(solver.getSolution().col_value)
        return self._witness(table)

    def _witness(self, table: np.ndarray) -> bool:
        """Check a whole table against everything printed, and note how far small moves from it reach."""
        seen = self._rows @ table
        above, below = seen - self._lower, self._upper - seen
        if (above < 0).any() or (below < 0).any():
            return False
        answer = self._questions.vectors @ table
        forth, back = self._exchanges(table)
        for effects, answers in (
            (self._effects, self._answers),
            (self._effects[:, forth] - self._effects[:, back], self._answers[:, forth] - self._answers[:, back]),
        ):
            lowered, raised = _reach(effects, answers, above, below)
            self.low = np.minimum(self.low, answer - lowered)
            self.high = np.maximum(self.high, answer + raised)
        self._table = table
        self.witnesses += 1
        return True

    def _exchanges(self, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of moves of one kind, the second of which can be taken back: cases that change their leaf area."""
        missing = self._moves.T @ (table < 1).astype(float)
        forth: list[np.ndarray] = [np.zeros(0, dtype=np.int64)]
        back: list[np.ndarray] = [np.zeros(0, dtype=np.int64)]
        order = np.argsort(self._kinds, kind="stable")
        for group in np.split(order, np.flatnonzero(np.diff(self._kinds[order])) + 1):
            present = group[missing[group] == 0]
            partners = self._random.permutation(group)[:PARTNERS]
            forth.append(np.tile(partners, len(present)))
            back.append(np.repeat(present, len(partners)))
        return np.concatenate(forth), np.concatenate(back)

    def _bound(self, vector: np.ndarray, sign: float) -> float:
        """The least (sign 1) or greatest (sign -1) answer of any table, whole or not."""
        everything = np.arange(self._size)
        solver = self._solver(everything, sign * vector, {})  # anew: presolve gains more than a warm start
        solver.run()
        self.programmes += 1
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return -sign * INFINITY  # unbounded, or not solved: the attacker is granted nothing, the witnesses decide
        return sign * float(solver.getInfo().objective_function_value)

    def _solver(self, used: np.ndarray, cost: np.ndarray, options: dict[str, float]) -> QuietHighs:
        rows = sp.csr_matrix(self._rows[: self._rows.shape[0] - self._size][:, used])
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(used), rows.shape[0]
        model.col_cost_ = np.asarray(cost, dtype=float)[used]
        model.col_lower_, model.col_upper_ = np.zeros(len(used)), np.full(len(used), INFINITY)
        model.row_lower_, model.row_upper_ = self._lower[: rows.shape[0]], self._upper[: rows.shape[0]]
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
        solver = QuietHighs()
        for name, value in {"output_flag": False, "threads": 1, "random_seed": 0, **options}.items():
            solver.setOptionValue(name, value)
        solver.passModel(model)
        return solver


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
