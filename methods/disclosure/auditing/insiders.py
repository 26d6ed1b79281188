"""Insiders: bodies that know the cases they sent, and persons who know that they were counted.

Here: what each of them can learn about the others. Not here: who they are and what they sent (`expectations`), or what
anybody can learn (`audit`).

An insider knows of each base cell that it holds at least his own cases, and that those of others keep the relations
between measures too. One table that holds everybody's own cases serves them all: for persons the search begins with
somebody who knows of each base cell the most that any of them knows, and only what that leaves open is asked one by
one. (All bodies together know nearly every case, so they are asked one by one, with all tables found before.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

import numpy as np
import scipy.sparse as sp

from methods.disclosure.auditing.attacked_system import Guess, Questions, System
from methods.disclosure.auditing.attacker import Attacker
from methods.disclosure.auditing.small_moves import Moves
from methods.disclosure.auditing.vintages import JointVintages
from methods.disclosure.auditing.witnesses import Proof, Recalled
from methods.disclosure.table_model import TableModel

CERTAIN = 2  # values: who is left with fewer knows the number
SIDE_BY_SIDE = 2  # insiders: each holds a model of his own, and blocks are audited side by side too
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Insider:
    """Somebody who knows a part.

    Attributes:
        name: of the body; empty: a person who was counted.
        known: per base cell, how many cases are his own.
        asked: per published cell, whether the cases of others there are few (1-4).
    """

    name: str
    known: np.ndarray
    asked: np.ndarray


@dataclass(frozen=True)
class InsiderRange:
    """What an insider is left with: the cases of others in a published cell lie between `low` and `high`.

    Attributes:
        name: of the body; empty: a person.
        cell: the published cell.
        low: the least number of cases of others; NaN: not a single table was found, so nothing is proven.
        high: the greatest.
    """

    name: str
    cell: int
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether only one number is possible, or more were not found."""
        return not self.low < self.high

    @property
    def is_failure(self) -> bool:
        """Whether it must not be learnt: a body may be left with two values, a person may not."""
        return not self.name or self.is_certain


@dataclass(frozen=True)
class Inquiry:
    """What all insiders were asked.

    Attributes:
        asked: how many questions.
        learnt: those whose answer has too few possible values.
        programmes: how many programmes were solved.
        proofs: the witnesses, one proof for everybody who was asked.
    """

    asked: int
    learnt: list[InsiderRange]
    programmes: int
    proofs: list[Proof]


def inquire(
    model: TableModel,
    joint: JointVintages,
    system: System,
    moves: Moves,
    insiders: Sequence[Insider],
    *,
    minimum_values: int,
    of_bodies: int,
    enough: float,
    pool: Sequence[np.ndarray],
    recalled: Recalled | None = None,
    guess: Guess | None = None,
) -> Inquiry:
    """Ask every insider about every published cell in which the cases of others are few.

    Args:
        model: the block of the present vintage.
        joint: all vintages.
        system: what the public knows of them.
        moves: of the system.
        insiders: those who know more.
        minimum_values: how many values must remain possible to a person.
        of_bodies: how many a body is asked for; it may be left with fewer, and only its certainty is a failure.
        enough: once so many answers are failures, nobody else is asked.
        pool: tables that agree with the system.
        recalled: a proof before the rows of the system.
        guess: near which a first table is sought where none of the pool will do.
    """
    learnt, programmes, known, proofs = list[InsiderRange](), 0, list(pool), list[Proof]()
    alone: list[_AskedAlone] = []
    for name in sorted({insider.name for insider in insiders if insider.asked.any()}):
        alike = [insider for insider in insiders if insider.name == name and insider.asked.any()]
        values = of_bodies if name else minimum_values
        waiting = np.logical_or.reduce([insider.asked for insider in alike])
        if len(alike) > 1:
            questions = _questions(model, joint, waiting, values)
            together = _attacker(joint, system, moves, alike, questions, known, recalled)
            if together.find_table(guess):
                together.explore()
            programmes += together.programmes
            proofs.append(together.proof())
            known += together.tables
            waiting[waiting] = together.open()
        alone += [
            _AskedAlone(insider, insider.asked & waiting, values)
            for insider in alike
            if (insider.asked & waiting).any()
        ]

    def answer_insiders(asked: _AskedAlone) -> tuple[list[InsiderRange], Attacker]:
        questions = _questions(model, joint, asked.cells, asked.values)
        attacker = _attacker(joint, system, moves, [asked.insider], questions, known, recalled)
        return _ask_insider(model, asked.insider, np.flatnonzero(asked.cells), attacker, guess), attacker

    for ranges, attacker in _run_in_pairs(answer_insiders, alone):
        learnt += ranges
        programmes += attacker.programmes
        proofs.append(attacker.proof())
        if sum(learnt_range.is_failure for learnt_range in learnt) >= enough:
            break
    return Inquiry(sum(int(insider.asked.sum()) for insider in insiders), learnt, programmes, proofs)


class _AskedAlone(NamedTuple):
    """An insider, the published cells that are still open to him, and how many values must remain possible."""

    insider: Insider
    cells: np.ndarray
    values: int


def _run_in_pairs(work: Callable[[_AskedAlone], _Found], asked: Sequence[_AskedAlone]) -> Iterator[_Found]:
    """Yield what is found of each insider, in order, two at a time: the solver lets another thread work meanwhile.

    Nobody's answer depends on another's, so it is the same whoever is asked first. Threads, because all of them read
    the same large system.
    """
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for first in range(0, len(asked), SIDE_BY_SIDE):  # no more than these are asked in vain once it is enough
            yield from pool.map(work, asked[first : first + SIDE_BY_SIDE])


def _ask_insider(
    model: TableModel, insider: Insider, cells: np.ndarray, attacker: Attacker, guess: Guess | None
) -> list[InsiderRange]:
    """What one insider learns; where not a single table was found, nothing is proven and all of it counts as learnt.

    A body's answer with two values is pressed once and not settled further: it is only counted.
    """
    own = np.asarray(model.matrix[cells] @ insider.known)
    if not attacker.find_table(guess):
        return [InsiderRange(insider.name, int(cell), np.nan, np.nan) for cell in cells]
    attacker.explore()
    learnt: list[InsiderRange] = []
    for question in np.flatnonzero(attacker.open()):
        if insider.name and attacker.low[question] < attacker.high[question]:
            attacker.press(int(question))
        low, high = float(attacker.low[question]), float(attacker.high[question])
        if attacker.open()[question] and (not insider.name or not low < high):
            low, high = attacker.prove(int(question), CERTAIN if insider.name else np.inf)
        if attacker.open()[question]:
            learnt.append(InsiderRange(insider.name, int(cells[question]), low - own[question], high - own[question]))
    return learnt


def _questions(model: TableModel, joint: JointVintages, cells: np.ndarray, minimum_values: int) -> Questions:
    size = int(cells.sum())
    vectors = joint.over(model.matrix[np.flatnonzero(cells)]).astype(float)
    return Questions(sp.csr_matrix(vectors), np.full(size, float(minimum_values)), np.full(size, -np.inf))


def _attacker(
    joint: JointVintages,
    system: System,
    moves: Moves,
    insiders: Sequence[Insider],
    questions: Questions,
    pool: Sequence[np.ndarray],
    recalled: Recalled | None,
) -> Attacker:
    """Somebody who knows what any of the insiders knows."""
    known = np.max([insider.known for insider in insiders], axis=0)
    least, upper = system.least.copy(), system.upper.copy()
    least[joint.now] = known
    relations = system.rows[joint.links][:, joint.now]
    is_subset = np.isneginf(system.lower[joint.links])
    for insider in insiders:  # the cases of others keep the relations too: a part of them lies inside their whole
        others = np.where(is_subset, relations @ insider.known, 0.0)
        upper[joint.links] = np.minimum(upper[joint.links], np.minimum(0.0, others))
    return Attacker(replace(system, least=least, upper=upper), questions, moves, pool, recalled)
