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

from methods.disclosure.auditing.witnesses import Proof, Recalled

INFINITY = float(highspy.kHighsInf)
FEASIBLE = int(highspy.SolutionStatus.kSolutionStatusFeasible)
TOLERANCE = 1e-6
NODES = 1000  # work is limited by counted nodes, never by the clock: the same tables give the same verdict
ROUNDS = 16
IDLE_ROUNDS = 3
PARTNERS = 24  # leaf areas tried as the other end of an exchange
EXCHANGES = 20_000  # of one witness: where many questions are open, fewer partners are tried for each
SEARCH_GAP = 0.3  # a witness need not be the best one
FIRST_SHARES = (0.2, 0.4, 0.6)  # of the moves, for the first table: few unknowns are fast, and failing is fast too
FEW = 500  # moves: a system of no more is searched whole for its first table
NAMED = 300  # unknowns of open questions that a search beside the last witness may use
AROUND = 300  # random moves that it may use beside them: more take longer and close no more
FAR = 500  # the same, for a search that may go as far as it likes: the last resort
ABOVE = 2.0  # how far above the last witness it looks: three values are enough
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
        kind: of each move.
        rows: the rows of the system, then one a unknown for the unknown itself.
        effects: rows x moves.
    """

    def __init__(self, system: System) -> None:
        self.columns, self.kind = _moves(system)
        self.known = sp.csr_matrix(system.rows)
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

    def __init__(
        self,
        system: System,
        questions: Questions,
        moves: Moves,
        pool: Sequence[np.ndarray] = (),
        recalled: Recalled | None = None,
    ) -> None:
        """Take the questions; tables of `pool` and a proof that agree with the system are witnesses from the start."""
        self._questions, self._moves, self._least = questions, moves, system.least
        self._lower = np.concatenate([system.lower, system.least])
        self._upper = np.concatenate([system.upper, np.full(self._size, INFINITY)])
        self._random = np.random.default_rng(SEED)
        self._table = system.least
        self.low = np.full(questions.vectors.shape[0], np.inf)
        self.high = np.full(questions.vectors.shape[0], -np.inf)
        self._lowest, self._highest = _Trace(self.low.size), _Trace(self.low.size)
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
        tries = [self._some(share) for share in FIRST_SHARES if share * self._moves.columns.shape[1] > FEW]
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
            self._beside(self._questions.vectors.T @ np.where(before, push, 0.0), before, is_far=idle > 0)
            idle = 0 if self.open().sum() < before.sum() else idle + 1

    def prove(self, question: int) -> tuple[float, float]:
        """Settle one open question: near the last witness, then by linear bounds, then over all whole tables.

        Returns:
            The interval the attacker is left with. If the question is still open it is unsafe: proven so, or not proven
            safe within the limit of nodes.
        """
        vector = np.asarray(self._questions.vectors[[question]].todense(), dtype=float).ravel()
        alone = np.arange(self.low.size) == question
        for sign in (1.0, -1.0):
            if self.open()[question]:
                self._beside(sign * vector, alone, gap=0.0)
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

    def proof(self) -> Proof:
        """Write down the tables that give the least and the greatest answer found to each question."""
        steps = np.hstack([self._lowest.steps, self._highest.steps])
        steps = steps[:, steps[0] >= 0]
        used = np.unique(steps[0])
        table, forth, back, times = np.unique(steps[:, steps[3] != 0], axis=1)
        columns = sp.csc_matrix(sp.hstack([self._moves.columns, sp.csc_matrix((self._size, 1))]))  # the last: no move
        changes = sp.csr_matrix((columns[:, forth] - columns[:, back]).T)
        changes = sp.csr_matrix(sp.diags_array(times.astype(float)) @ changes)
        tables = np.array([self.tables[one] for one in used], dtype=np.int64).reshape(-1, self._size)
        return Proof(tables, np.searchsorted(used, table), changes.astype(np.int64))

    def _recall(self, recalled: Recalled) -> None:
        """Take what a proof shows; its tables are moved only for what they leave open."""
        tables, changed = recalled.agreeing(self._lower, self._upper)
        answers = recalled.answers(self._questions.vectors, tables, changed)
        self.low = np.minimum(self.low, answers.min(axis=1, initial=np.inf))
        self.high = np.maximum(self.high, answers.max(axis=1, initial=-np.inf))
        for table in recalled.proof.tables[tables]:
            self._witness(table.astype(float))

    def _beside(self, cost: np.ndarray, asked: np.ndarray, gap: float = SEARCH_GAP, *, is_far: bool = False) -> None:
        """Search near the last witness: some unknowns that the questions name, some others, none far above it."""
        named = np.unique(self._questions.vectors[asked].indices)
        around = (FAR if is_far else AROUND) / self._moves.columns.shape[1]
        columns = self._some(around) | (self._table > self._least)
        columns[self._random.permutation(named)[:NAMED]] = True
        self._search(cost, columns, gap, most=None if is_far else self._table + ABOVE)

    def _some(self, share: float) -> np.ndarray:
        """The unknowns of a random share of the moves."""
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
        """Solve for a whole table that goes beyond the least in the given columns only, and take it into the pool.

        A first table, with nothing to start from, is found in half the time without presolve; later ones are not.

        Args:
            cost: per unknown.
            columns: which unknowns may go beyond the least.
            gap: how far from the least cost is near enough.
            presolve: an option of the solver.
            most: how far each unknown may go; None: as far as it likes.

        Returns:
            What no such table costs less than; None if none was found.
        """
        used = np.flatnonzero(columns)
        if not used.size:
            return None
        options = {"mip_rel_gap": gap, "mip_max_nodes": NODES}
        solver = self._solved(used, cost, {**options, "presolve": presolve}, most)
        if not tells_its_value(solver, cost[used]):
            solver = self._solved(used, cost, {**options, "presolve": "off"}, most)
        if solver.getInfo().primal_solution_status != FEASIBLE:
            return None
        table = self._least.copy()
        table[used] = np.rint(solver.getSolution().col_value)
        return float(solver.getInfo().mip_dual_bound) if self._witness(table) else None

    def _solved(
        self, used: np.ndarray, cost: np.ndarray, options: dict[str, float | str], most: np.ndarray | None
    ) -> QuietHighs:
        """Solve in whole numbers, from the last witness where there is one."""
        solver, places = self._solver(used, cost, options, most), np.arange(len(used), dtype=np.int32)
        solver.changeColsIntegrality(len(used), places, np.ones(len(used), dtype=np.uint8))
        if self.tables:
            solver.setSolution(len(used), places, self._table[used])
        solver.run()
        self.programmes += 1
        return solver

    def _witness(self, table: np.ndarray) -> bool:
        """Check a whole table against everything printed, and note how far small moves from it reach."""
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
        """Note how far single moves, or exchanges, change the answers to open questions."""
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
        lowered, raised = _reach(sp.csc_matrix(effects), sp.csc_matrix(answers), *space)
        answer, last = vectors @ table, len(self.tables) - 1
        for bound, trace, reach, sign in ((self.low, self._lowest, lowered, -1), (self.high, self._highest, raised, 1)):
            found = answer + sign * reach.size
            better = np.flatnonzero(sign * found > sign * bound[asked])
            at = reach.column[better]
            trace.note(asked[better], last, forth[at], back[at], reach.times[better])
            bound[asked[better]] = found[better]

    def _exchanges(self, table: np.ndarray, answering: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pairs of moves of one kind, the second of which can be taken back: cases that change their leaf area.

        Only those that change an answer.
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
        """Each move with a few others of its kind, drawn from some."""
        kind = self._moves.kind
        among = self._random.permutation(among)
        among = among[np.argsort(kind[among], kind="stable")]
        sizes = np.bincount(kind[among], minlength=kinds)
        starts, own = np.cumsum(sizes) - sizes, kind[moves]
        step = self._random.integers(0, 2**31, len(moves))[:, np.newaxis] + np.arange(partners)
        wanted = np.arange(partners) < sizes[own][:, np.newaxis]
        chosen = starts[own][:, np.newaxis] + step % np.maximum(sizes[own], 1)[:, np.newaxis]
        return np.repeat(moves, wanted.sum(axis=1)), among[chosen[wanted]]

    def _bound(self, vector: np.ndarray, sign: float) -> float:
        """The least (sign 1) or greatest (sign -1) answer of any table, whole or not."""
        everything = np.arange(self._size)
        solver = self._solver(everything, sign * vector, {})  # anew: presolve gains more than a warm start
        solver.run()
        self.programmes += 1
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return -sign * INFINITY  # unbounded, or not solved: the attacker is granted nothing, the witnesses decide
        return sign * float(solver.getInfo().objective_function_value)

    def _solver(
        self, used: np.ndarray, cost: np.ndarray, options: dict[str, float | str], most: np.ndarray | None = None
    ) -> QuietHighs:
        known, count = self._moves.known, self._moves.known.shape[0]
        resting = self._least.copy()
        resting[used] = 0.0
        already = np.asarray(known @ resting)  # of the columns that stay at their least value
        rows = sp.csr_matrix(known[:, used])
        lower, upper = self._lower[:count] - already, self._upper[:count] - already
        least, greatest = self._least[used], np.full(len(used), INFINITY) if most is None else most[used]
        if most is not None:
            binding = _binding(rows, (lower, upper), (least, greatest))
            rows, lower, upper = sp.csr_matrix(rows[binding]), lower[binding], upper[binding]
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(used), rows.shape[0]
        model.col_cost_ = np.asarray(cost, dtype=float)[used]
        model.col_lower_, model.col_upper_ = least, greatest
        model.row_lower_, model.row_upper_ = lower, upper
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
        solver = QuietHighs()
        for name, value in {"output_flag": False, "threads": 1, "random_seed": 0, **options}.items():
            solver.setOptionValue(name, value)
        solver.passModel(model)
        return solver


def _binding(
    rows: sp.csr_matrix, limits: tuple[np.ndarray, np.ndarray], box: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """The rows that a table within a box could break."""
    adding, taking = rows.maximum(0), rows.minimum(0)
    least, greatest = adding @ box[0] + taking @ box[1], adding @ box[1] + taking @ box[0]
    return np.flatnonzero((least < limits[0]) | (greatest > limits[1]))


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


@dataclass(frozen=True)
class _Reach:
    """How far single steps change each answer, and which step does so how many times."""

    size: np.ndarray
    column: np.ndarray
    times: np.ndarray


def _reach(
    effects: sp.csc_matrix, answers: sp.csc_matrix, above: np.ndarray, below: np.ndarray
) -> tuple[_Reach, _Reach]:
    """How far single steps lower and raise each answer.

    Args:
        effects: rows x steps.
        answers: questions x steps.
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
    adds = answers.data > 0
    return tuple(
        _furthest(answers, step, np.where(adds, one[step], -other[step]))
        for one, other in ((-backward, -forward), (forward, backward))
    )


def _furthest(answers: sp.csc_matrix, step: np.ndarray, times: np.ndarray) -> _Reach:
    """The step that changes each answer most, taken so many times (below 0: taken back)."""
    count = answers.shape[0]
    gain, best = np.abs(answers.data * times), np.zeros(count)
    np.maximum.at(best, answers.indices, gain)
    chosen, often = np.full(count, -1, dtype=np.int64), np.zeros(count)
    is_best = gain == best[answers.indices]
    chosen[answers.indices[is_best]], often[answers.indices[is_best]] = step[is_best], times[is_best]
    return _Reach(best, chosen, often)


class _Trace:
    """For each question where its answer comes from: a witness, a move to take and one to take back, how many times."""

    def __init__(self, count: int) -> None:
        self.steps = np.tile(np.array([[-1], [-1], [-1], [0]], dtype=np.int64), count)

    def note(
        self,
        which: np.ndarray,
        table: int,
        forth: np.ndarray | int = -1,
        back: np.ndarray | int = -1,
        times: np.ndarray | int = 0,
    ) -> None:
        self.steps[0, which], self.steps[1, which], self.steps[2, which], self.steps[3, which] = (
            table,
            forth,
            back,
            times,
        )
