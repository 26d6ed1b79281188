"""Small changes of a whole table: their effect on every row, how far each answer can be moved, and by which of them.

Belongs here: single moves and what they reach. Does not belong here: which tables are moved, or for whose questions
(`attacker`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from methods.disclosure.auditing.attacked_system import System

ENDLESS = 1_000_000.0  # how often an unlimited step is taken in a proof


class Moves:
    """Small changes of a table, and their effect on every row of a system; built once for all who know that system.

    Attributes:
        columns: unknowns x moves.
        kind: kind of each move.
        rows: the rows of the system, then one per unknown for the unknown itself.
        effects: rows x moves.
    """

    def __init__(self, system: System) -> None:
        self.columns, self.kind = _moves(system)
        self.known = sp.csr_matrix(system.rows)
        self.rows = sp.csr_matrix(sp.vstack([system.rows, sp.eye(system.rows.shape[1])]))
        self.effects = sp.csc_matrix(self.rows @ self.columns)


def _moves(system: System) -> tuple[sp.csc_matrix, np.ndarray]:
    """Return small changes of a table, one column each: one unit more in one base cell, or in a part and its whole.

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
class Reach:
    """How far single steps change each answer, which step does so, and how many times it is taken."""

    size: np.ndarray
    column: np.ndarray
    times: np.ndarray


def reach(effects: sp.csc_matrix, answers: sp.csc_matrix, above: np.ndarray, below: np.ndarray) -> tuple[Reach, Reach]:
    """Return how far single steps lower and raise each answer.

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
    down, up = np.where(adds, -backward[step], forward[step]), np.where(adds, forward[step], -backward[step])
    return _furthest_reach(answers, step, down), _furthest_reach(answers, step, up)


def _furthest_reach(answers: sp.csc_matrix, step: np.ndarray, times: np.ndarray) -> Reach:
    """Return the step that changes each answer most, taken so many times (below 0: undone)."""
    count = answers.shape[0]
    gain, best = np.abs(answers.data * times), np.zeros(count)
    np.maximum.at(best, answers.indices, gain)
    chosen, often = np.full(count, -1, dtype=np.int64), np.zeros(count)
    is_best = gain == best[answers.indices]
    chosen[answers.indices[is_best]] = step[is_best]
    often[answers.indices[is_best]] = np.clip(times[is_best], -ENDLESS, ENDLESS)
    return Reach(best, chosen, often)


class Trace:
    """The origin of each question's answer: a witness, a move to take and one to undo, how many times."""

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
        """Record the origin of the answers to some questions."""
        self.steps[0, which], self.steps[1, which], self.steps[2, which], self.steps[3, which] = (
            table,
            forth,
            back,
            times,
        )
