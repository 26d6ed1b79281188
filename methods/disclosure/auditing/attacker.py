"""The attacker: all whole tables that agree with what is printed, and the range of a figure over them.

Belongs here: the pool of witnesses (whole tables that the public cannot rule out), the search for more of them, and
proof by linear and integer programmes if no witness is found. Does not belong here: which figures are asked about and
what counts as a failure (`audit`). Shares no code with the rounding, so that one mistake cannot hide the other.

A witness proves itself: it is checked against every printed figure in whole numbers. A linear optimum bounds what any
table can hold, but persons are whole and most such optima are not, so it is never accepted as a table.
"""

from __future__ import annotations

from collections.abc import Sequence

import highspy
import numpy as np
import scipy.sparse as sp

from methods.disclosure.auditing.attack_programme import (
    INFINITY,
    TOLERANCE,
    Limits,
    binding_rows,
    is_value_of_solution,
    programme,
)
from methods.disclosure.auditing.attacked_system import Guess, Questions, System
from methods.disclosure.auditing.small_moves import Moves, Trace, reach
from methods.disclosure.auditing.witnesses import Proof, Recalled
from methods.disclosure.quiet_solver import QuietHighs

FEASIBLE = int(highspy.SolutionStatus.kSolutionStatusFeasible)
NODES = 1000  # work is limited by counted nodes, never by the clock: the same tables give the same verdict
ROUNDS = 16
IDLE_ROUNDS = 3
PARTNERS = 24  # leaf areas tried as the other end of an exchange
EXCHANGES = 20_000  # of one witness: if many questions are open, fewer partners are tried for each
SEARCH_GAP = 0.3  # a witness need not be the best one
FIRST_SHARES = (0.2, 0.4, 0.6)  # of the moves, for the first table: few unknowns are fast, and failing is fast too
FEW = 500  # moves: a smaller system is searched whole for its first table
NAMED = 300  # unknowns of open questions that a search near the last witness may use
AROUND = 300  # random moves that it may use in addition: more take longer and settle no more
FAR = 500  # the same, for an unlimited search: the last resort
ABOVE = 2.0  # how far above the last witness it searches: three values are enough
SEED = 20_120_428


class Attacker:
    """Searches whole tables that agree with a system until each question is safe, or proves that it is not.

    Attributes:
        low: the smallest answer per question in any whole table found.
        high: the greatest answer per question.
        tables: the whole tables found.
        programmes: number of programmes solved.
    """

    def __init__(
        self,
        system: System,
        questions: Questions,
        moves: Moves,
        pool: Sequence[np.ndarray] = (),
        recalled: Recalled | None = None,
    ) -> None:
        """Start from the questions; tables of `pool` and of a proof that agree with the system are witnesses."""
        self._questions, self._moves, self._least = questions, moves, system.least
        self._lower = np.concatenate([system.lower, system.least])
        self._upper = np.concatenate([system.upper, np.full(self._size, INFINITY)])
        self._random = np.random.default_rng(SEED)
        self._table = system.least
        self.low = np.full(questions.vectors.shape[0], np.inf)
        self.high = np.full(questions.vectors.shape[0], -np.inf)
        self._lowest, self._highest = Trace(self.low.size), Trace(self.low.size)
        self.tables: list[np.ndarray] = []
        self.programmes = 0
        if recalled is not None:
            self._recall(recalled)
        for table in pool:
            self._witness(table)

    @property
    def _size(self) -> int:
        return self._moves.columns.shape[0]

    @property
    def witnesses(self) -> int:
        """Number of known whole tables that agree with everything printed."""
        return len(self.tables)

    def open(self) -> np.ndarray:
        """Return the questions that no witness has made safe yet."""
        return self._questions.open(self.low, self.high)

    def find_table(self, guess: Guess | None = None) -> bool:
        """Find a first whole table, near a guess, or as small as possible where 0 would be safe.

        Returns:
            False if none is found.
        """
        if self.tables or (guess is not None and self.find_table_near(guess)):
            return True
        wish = self._questions.vectors.T @ self._questions.from_zero.astype(float)
        avoided = np.zeros(self._size, dtype=bool)
        avoided[np.unique(self._questions.vectors[self._questions.only_zero].indices)] = True
        everything = np.ones(self._size, dtype=bool)
        tries = [self._random_unknowns(share) for share in FIRST_SHARES if share * self._moves.columns.shape[1] > FEW]
        choices = [*(some & ~avoided for some in tries), everything]
        return any(self._search(wish, columns, presolve="off") is not None for columns in choices)

    def explore(self) -> None:
        """Look for witnesses near the last one, pushing all open questions at once, in alternating directions."""
        push = self._random.choice([-1.0, 1.0], self.low.size)
        idle = 0
        for _ in range(ROUNDS):
            before = self.open()
            if not before.any() or idle == IDLE_ROUNDS:
                return
            push = np.where(self._questions.only_zero, 1.0, -push)
            self._search_near(self._questions.vectors.T @ np.where(before, push, 0.0), before, is_far=idle > 0)
            idle = 0 if self.open().sum() < before.sum() else idle + 1

    def prove(self, question: int, values: float = np.inf) -> tuple[float, float]:
        """Settle one open question: near the last witness, then by linear bounds, then over all whole tables.

        Args:
            question: its number.
            values: number of possible values at which the search may stop, though the question stays open.

        Returns:
            The interval left to the attacker. If the question is still open it is unsafe: proven so, or not proven safe
            within the limit of nodes.
        """
        for is_far in (False, True):
            self.press(question, values, is_far=is_far)
        vector = self._vector(question)
        if self._is_settled(question, values):
            return float(self.low[question]), float(self.high[question])
        low, high = (
            np.ceil(self._relaxed_bound(vector, 1.0) - TOLERANCE),
            np.floor(self._relaxed_bound(vector, -1.0) + TOLERANCE),
        )
        if self._questions.open(np.full_like(self.low, low), np.full_like(self.high, high))[question]:
            return float(low), float(high)
        for sign in (1.0, -1.0):
            if not self._is_settled(question, values):
                self._search(sign * vector, np.ones(self._size, dtype=bool), gap=0.0)
        return float(self.low[question]), float(self.high[question])

    def press(self, question: int, values: float = np.inf, *, is_far: bool = False) -> None:
        """Search near the last witness for one open question alone, first for less and then for more.

        Args:
            question: its number.
            values: number of possible values that is enough.
            is_far: whether the distance is unlimited.
        """
        alone = np.arange(self.low.size) == question
        for sign in (1.0, -1.0):
            if not self._is_settled(question, values):
                self._search_near(sign * self._vector(question), alone, gap=0.0, is_far=is_far)

    def _vector(self, question: int) -> np.ndarray:
        return np.asarray(self._questions.vectors[[question]].todense(), dtype=float).ravel()

    def _is_settled(self, question: int, values: float) -> bool:
        return not self.open()[question] or bool(self.high[question] - self.low[question] >= values - 1)

    def find_table_near(self, guess: Guess) -> bool:
        """Find a whole table nearest to the guessed values of some unknowns; False if none is found.

        From a good guess this takes a fraction of the time of a first table from nothing: few unknowns differ from it.
        Presolve takes longer than the search that it would save.
        """
        guessed, known = guess.columns, self._moves.known
        others = np.setdiff1d(np.arange(self._size), guessed)
        values, part = np.maximum(guess.values, self._least[guessed]), known[:, guessed]
        shift, count = np.asarray(part @ values), known.shape[0]
        rows = sp.csr_matrix(sp.hstack([known[:, others], part, -part]))  # the others, what is added, what is removed
        none, endless = np.zeros(len(guessed)), np.full(len(guessed), INFINITY)
        solver = programme(
            rows,
            Limits(self._lower[:count] - shift, self._upper[:count] - shift),
            Limits(
                np.concatenate([self._least[others], none, none]),
                np.concatenate([np.full(len(others), INFINITY), endless, values - self._least[guessed]]),
            ),
            np.concatenate([np.zeros(len(others)), np.ones(2 * len(guessed))]),
            {"mip_rel_gap": SEARCH_GAP, "mip_max_nodes": NODES, "presolve": "off"},
        )
        places = np.arange(rows.shape[1], dtype=np.int32)
        solver.changeColsIntegrality(len(places), places, np.ones(len(places), dtype=np.uint8))
        solver.run()
        self.programmes += 1
        if solver.getInfo().primal_solution_status != FEASIBLE:
            return False
        solution = np.rint(solver.getSolution().col_value)
        added, taken = np.split(solution[len(others) :], 2)
        table = np.zeros(self._size)
        table[others], table[guessed] = solution[: len(others)], values + added - taken
        return self._witness(table)

    def minimise(self, vector: np.ndarray) -> tuple[float, float] | None:
        """Search all whole tables for the least answer to another question.

        Returns:
            The least answer found, and a lower bound over all tables; they differ if the limit of nodes was reached
            first. None if no table was found.
        """
        bound = self._search(vector, np.ones(self._size, dtype=bool), gap=0.0)
        return None if bound is None else (float(vector @ self._table), float(np.ceil(bound - TOLERANCE)))

    def proof(self) -> Proof:
        """Record the tables that give the least and the greatest answer found to each question."""
        steps = np.hstack([self._lowest.steps, self._highest.steps])
        steps = steps[:, steps[0] >= 0]
        used = np.unique(steps[0])
        table, forth, back, times = np.unique(steps[:, steps[3] != 0], axis=1)
        columns = sp.csc_matrix(sp.hstack([self._moves.columns, sp.csc_matrix((self._size, 1))]))  # the last: no move
        changes = sp.csr_matrix((columns[:, forth] - columns[:, back]).T)
        changes = sp.csr_matrix(sp.diags_array(times.astype(float)) @ changes)
        tables = np.array([self.tables[number] for number in used], dtype=np.int64).reshape(-1, self._size)
        return Proof(tables, np.searchsorted(used, table), changes.astype(np.int64))

    def _recall(self, recalled: Recalled) -> None:
        """Use the witnesses of a proof; its tables are moved only for questions they leave open."""
        agreeing = recalled.find_agreeing(self._lower, self._upper)
        answers = recalled.answers(self._questions.vectors, agreeing)
        self.low = np.minimum(self.low, answers.min(axis=1, initial=np.inf))
        self.high = np.maximum(self.high, answers.max(axis=1, initial=-np.inf))
        for table in recalled.proof.tables[agreeing.tables]:
            self._witness(table.astype(float))

    def _search_near(
        self, cost: np.ndarray, asked: np.ndarray, gap: float = SEARCH_GAP, *, is_far: bool = False
    ) -> None:
        """Search near the last witness: some unknowns in the questions, some others, none far above it."""
        named = np.unique(self._questions.vectors[asked].indices)
        around = (FAR if is_far else AROUND) / self._moves.columns.shape[1]
        columns = self._random_unknowns(around) | (self._table > self._least)
        columns[self._random.permutation(named)[:NAMED]] = True
        self._search(cost, columns, gap, most=None if is_far else self._table + ABOVE)

    def _random_unknowns(self, share: float) -> np.ndarray:
        """Return which unknowns a random share of the moves changes."""
        chosen = self._random.random(self._moves.columns.shape[1]) < share
        return np.asarray(self._moves.columns @ chosen.astype(float)).ravel() > 0

    def _search(
        self,
        cost: np.ndarray,
        columns: np.ndarray,
        gap: float = SEARCH_GAP,
        presolve: str = "choose",
        most: np.ndarray | None = None,
    ) -> float | None:
        """Solve for a whole table that exceeds the least values in the given columns only, and add it to the pool.

        A first table, with nothing to start from, is found in half the time without presolve; later ones are not.

        Args:
            cost: cost per unknown.
            columns: which unknowns may exceed the least value.
            gap: accepted distance from the least cost.
            presolve: an option of the solver.
            most: greatest increase of each unknown; None: unlimited.

        Returns:
            A lower bound of the cost of such tables; None if none was found.
        """
        used = np.flatnonzero(columns)
        if not used.size:
            return None
        options = {"mip_rel_gap": gap, "mip_max_nodes": NODES}
        solver = self._solve_whole(used, cost, {**options, "presolve": presolve}, most)
        if not is_value_of_solution(solver, cost[used]):
            solver = self._solve_whole(used, cost, {**options, "presolve": "off"}, most)
        if solver.getInfo().primal_solution_status != FEASIBLE:
            return None
        table = self._least.copy()
        table[used] = np.rint(solver.getSolution().col_value)
        return float(solver.getInfo().mip_dual_bound) if self._witness(table) else None

    def _solve_whole(
        self, used: np.ndarray, cost: np.ndarray, options: dict[str, float | str], most: np.ndarray | None
    ) -> QuietHighs:
        """Solve in whole numbers, from the last witness if there is one."""
        solver, places = self._solver(used, cost, options, most), np.arange(len(used), dtype=np.int32)
        solver.changeColsIntegrality(len(used), places, np.ones(len(used), dtype=np.uint8))
        if self.tables:
            solver.setSolution(len(used), places, self._table[used])
        solver.run()
        self.programmes += 1
        return solver

    def _witness(self, table: np.ndarray) -> bool:
        """Check a whole table against everything printed, and record how far small moves from it reach."""
        seen = self._moves.rows @ table
        above, below = seen - self._lower, self._upper - seen
        if (above < 0).any() or (below < 0).any():
            return False
        answer = self._questions.vectors @ table
        self._lowest.note(answer < self.low, len(self.tables))
        self._highest.note(answer > self.high, len(self.tables))
        self.low, self.high = np.minimum(self.low, answer), np.maximum(self.high, answer)
        self._table = table
        self.tables.append(table)
        for exchanged in (False, True):
            asked = np.flatnonzero(self.open())
            if asked.size:
                self._move(table, asked, (above, below), exchanged=exchanged)
        return True

    def _move(
        self, table: np.ndarray, asked: np.ndarray, space: tuple[np.ndarray, np.ndarray], *, exchanged: bool
    ) -> None:
        """Record how far single moves, or exchanges, change the answers to open questions."""
        vectors, moves = self._questions.vectors[asked], self._moves
        answers = sp.csc_matrix(vectors @ moves.columns)
        answers.eliminate_zeros()
        answering = np.flatnonzero(np.diff(answers.indptr) > 0)  # the other moves change no answer
        if exchanged:
            forth, back = self._exchanges(table, answering)
            effects = moves.effects[:, forth] - moves.effects[:, back]
            answers = answers[:, forth] - answers[:, back]
        else:
            forth, back = answering, np.full(len(answering), -1)
            effects, answers = moves.effects[:, forth], answers[:, forth]
        lowered, raised = reach(sp.csc_matrix(effects), sp.csc_matrix(answers), *space)
        answer, last = vectors @ table, len(self.tables) - 1
        for bound, trace, far, sign in ((self.low, self._lowest, lowered, -1), (self.high, self._highest, raised, 1)):
            reached = answer + sign * far.size
            better = np.flatnonzero(sign * reached > sign * bound[asked])
            at = far.column[better]
            trace.note(asked[better], last, forth[at], back[at], far.times[better])
            bound[asked[better]] = reached[better]

    def _exchanges(self, table: np.ndarray, answering: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return pairs of moves of one kind, the second of which is undone: cases that change their leaf area.

        Only pairs that change an answer.
        """
        kind, count = self._moves.kind, int(self._moves.kind.max(initial=-1)) + 1
        present = self._moves.columns.T @ (table - self._least < 1).astype(float) == 0
        partners = min(PARTNERS, max(1, EXCHANGES // max(1, 2 * len(answering))))
        there, here = self._partners(answering, np.flatnonzero(present), count, partners)
        taken = answering[present[answering]]
        other, gone = self._partners(taken, np.arange(len(kind)), count, partners)
        forth, back = np.concatenate([there, gone]), np.concatenate([here, other])
        return forth[forth != back], back[forth != back]

    def _partners(
        self, moves: np.ndarray, among: np.ndarray, kinds: int, partners: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Pair each move with a few others of its kind, drawn from `among`."""
        kind = self._moves.kind
        among = self._random.permutation(among)
        among = among[np.argsort(kind[among], kind="stable")]
        sizes = np.bincount(kind[among], minlength=kinds)
        starts, own = np.cumsum(sizes) - sizes, kind[moves]
        step = self._random.integers(0, 2**31, len(moves))[:, np.newaxis] + np.arange(partners)
        wanted = np.arange(partners) < sizes[own][:, np.newaxis]
        chosen = starts[own][:, np.newaxis] + step % np.maximum(sizes[own], 1)[:, np.newaxis]
        return np.repeat(moves, wanted.sum(axis=1)), among[chosen[wanted]]

    def _relaxed_bound(self, vector: np.ndarray, sign: float) -> float:
        """Return the least (sign 1) or greatest (sign -1) answer over all tables, whole or not."""
        everything = np.arange(self._size)
        solver = self._solver(everything, sign * vector, {})  # a new solver: presolve gains more than a warm start
        solver.run()
        self.programmes += 1
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return -sign * INFINITY  # unbounded, or not solved: the attacker is granted no bound
        return sign * float(solver.getInfo().objective_function_value)

    def _solver(
        self, used: np.ndarray, cost: np.ndarray, options: dict[str, float | str], most: np.ndarray | None = None
    ) -> QuietHighs:
        known, count = self._moves.known, self._moves.known.shape[0]
        resting = self._least.copy()
        resting[used] = 0.0
        already = np.asarray(known @ resting)  # of the columns that stay at their least value
        rows = sp.csr_matrix(known[:, used])
        limits = Limits(self._lower[:count] - already, self._upper[:count] - already)
        box = Limits(self._least[used], np.full(len(used), INFINITY) if most is None else most[used])
        if most is not None:
            binding = binding_rows(rows, limits, box)
            rows, limits = sp.csr_matrix(rows[binding]), Limits(limits.lower[binding], limits.upper[binding])
        return programme(rows, limits, box, np.asarray(cost, dtype=float)[used], options)
