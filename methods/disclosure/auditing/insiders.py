"""Insiders: agencies that know the cases they sent, and persons who know that they were counted.

Belongs here: what each of them can learn about the others. Does not belong here: who they are and what they sent
(`expectations`), or what anybody can learn (`audit`).

An insider knows that each base cell holds at least his own cases, and that the cases of others also keep the relations
between measures. One table that holds everybody's own cases serves all of them: for persons the search starts with a
person who knows of each base cell the most that any of them knows, and only what that leaves open is asked one by one.
(All agencies together know nearly every case, so they are asked one by one, with all tables found before.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp

from methods.disclosure.auditing.attacked_system import Guess, Questions, System
from methods.disclosure.auditing.attacker import Attacker
from methods.disclosure.auditing.small_moves import Moves
from methods.disclosure.auditing.vintages import JointVintages
from methods.disclosure.auditing.witnesses import Proof, Recalled
from methods.disclosure.table_model import TableModel

CERTAIN = 2  # values: an insider left with fewer knows the number
SIDE_BY_SIDE = 2  # insiders: each has his own model, and blocks are audited in parallel too


@dataclass(frozen=True)
class Insider:
    """Somebody who knows a part.

    Attributes:
        name: name of the agency; empty: a person who was counted.
        known: per base cell, how many cases are his own.
        asked: per published cell, whether the cases of others in it are few (1-4).
    """

    name: str
    known: np.ndarray
    asked: np.ndarray


@dataclass(frozen=True)
class InsiderRange:
    """What an insider is left with: the cases of others in a published cell lie between `low` and `high`.

    Attributes:
        name: name of the agency; empty: a person.
        cell: the published cell.
        low: the least number of cases of others; NaN: no table was found, so nothing is proven.
        high: the greatest.
    """

    name: str
    cell: int
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether only one number is possible, or no others were found."""
        return not self.low < self.high

    @property
    def is_failure(self) -> bool:
        """Whether it must not be learnt: an agency may be left with two values, a person may not."""
        return not self.name or self.is_certain


@dataclass(frozen=True)
class PublicSystem:
    """What the public knows of one block and year, as one system of all vintages.

    Attributes:
        model: the block of the present vintage.
        joint: all vintages.
        system: what the public believes of them.
        moves: moves of the system.
        recalled: an earlier proof applied to the rows of the system.
        guess: values near which a first table is sought.
    """

    model: TableModel
    joint: JointVintages
    system: System
    moves: Moves
    recalled: Recalled | None
    guess: Guess | None


@dataclass(frozen=True)
class Inquiry:
    """The questions about all insiders, and their answers.

    Attributes:
        asked: number of questions.
        learnt: answers with too few possible values.
        programmes: number of programmes solved.
        proofs: the witnesses, one proof for all insiders.
    """

    asked: int
    learnt: list[InsiderRange]
    programmes: int
    proofs: list[Proof]


def inquire(
    public: PublicSystem,
    insiders: Sequence[Insider],
    *,
    minimum_values: int,
    of_bodies: int,
    enough: float,
    pool: Sequence[np.ndarray],
) -> Inquiry:
    """Ask about every insider and every published cell in which the cases of others are few.

    Args:
        public: what everybody knows.
        insiders: those who know more.
        minimum_values: least number of values that must remain possible for a person.
        of_bodies: the number sought for an agency; fewer may be left, and only certainty is a failure.
        enough: number of failures after which no further insider is asked about.
        pool: tables that agree with the system; the guess is for where none of them fits.
    """
    learnt, programmes, known, proofs = list[InsiderRange](), 0, list(pool), list[Proof]()
    alone: list[_AskedAlone] = []
    for name in sorted({insider.name for insider in insiders if insider.asked.any()}):
        alike = [insider for insider in insiders if insider.name == name and insider.asked.any()]
        values = of_bodies if name else minimum_values
        waiting = np.logical_or.reduce([insider.asked for insider in alike])
        if len(alike) > 1:
            together = _attacker(public, alike, _questions(public, waiting, values), known)
            if together.find_table(public.guess):
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

    for answer in _run_in_pairs(lambda asked: _ask_insider(public, asked, known), alone):
        learnt += answer.learnt
        programmes += answer.attacker.programmes
        proofs.append(answer.attacker.proof())
        if sum(learnt_range.is_failure for learnt_range in learnt) >= enough:
            break
    return Inquiry(sum(int(insider.asked.sum()) for insider in insiders), learnt, programmes, proofs)


class _AskedAlone(NamedTuple):
    """An insider, the published cells still open for him, and the number of values that must remain possible."""

    insider: Insider
    cells: np.ndarray
    values: int


class _InsiderAnswer(NamedTuple):
    """What one insider learns, and the attacker who knows what he knows."""

    learnt: list[InsiderRange]
    attacker: Attacker


def _run_in_pairs(
    work: Callable[[_AskedAlone], _InsiderAnswer], asked: Sequence[_AskedAlone]
) -> Iterator[_InsiderAnswer]:
    """Yield the result for each insider, in order, two at a time: the solver releases other threads meanwhile.

    No answer depends on another, so the order of asking does not matter. Threads, because all of them read the same
    large system.
    """
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for first in range(0, len(asked), SIDE_BY_SIDE):  # at most this many are asked in vain once it is enough
            yield from pool.map(work, asked[first : first + SIDE_BY_SIDE])


def _ask_insider(public: PublicSystem, asked: _AskedAlone, pool: Sequence[np.ndarray]) -> _InsiderAnswer:
    """Return what one insider learns; if no table was found, nothing is proven and all of it counts as learnt.

    An agency's answer with two values is searched once and not settled further: it is only counted.
    """
    insider, cells = asked.insider, np.flatnonzero(asked.cells)
    attacker = _attacker(public, [insider], _questions(public, asked.cells, asked.values), pool)
    own = np.asarray(public.model.matrix[cells] @ insider.known)
    if not attacker.find_table(public.guess):
        return _InsiderAnswer([InsiderRange(insider.name, int(cell), np.nan, np.nan) for cell in cells], attacker)
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
    return _InsiderAnswer(learnt, attacker)


def _questions(public: PublicSystem, cells: np.ndarray, minimum_values: int) -> Questions:
    size = int(cells.sum())
    vectors = public.joint.over(public.model.matrix[np.flatnonzero(cells)]).astype(float)
    return Questions(sp.csr_matrix(vectors), np.full(size, float(minimum_values)), np.full(size, -np.inf))


def _attacker(
    public: PublicSystem, insiders: Sequence[Insider], questions: Questions, pool: Sequence[np.ndarray]
) -> Attacker:
    """Return an attacker who knows what any of the insiders knows."""
    joint, system = public.joint, public.system
    known = np.max([insider.known for insider in insiders], axis=0)
    least, upper = system.least.copy(), system.upper.copy()
    least[joint.now] = known
    relations = system.rows[joint.links][:, joint.now]
    is_subset = np.isneginf(system.lower[joint.links])
    for insider in insiders:  # the cases of others keep the relations too: their part lies inside their whole
        others = np.where(is_subset, relations @ insider.known, 0.0)
        upper[joint.links] = np.minimum(upper[joint.links], np.minimum(0.0, others))
    return Attacker(replace(system, least=least, upper=upper), questions, public.moves, pool, public.recalled)
