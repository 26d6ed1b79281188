"""The independent audit: what anybody can learn from everything printed, and whether that is too much.

Belongs here: what a printed figure reveals, and the verdict on each answer. Does not belong here: the questions
(`attack_questions`, `insiders`), the search for tables (`attacker`), the joint system over vintages (`vintages`), or
any part of the protection it judges.

The rules are those of the attacker problem in Fischetti and Salazar (2001), Solving the cell suppression problem on
tabular data with linear constraints, over all tables and vintages at once and in whole persons.

An attacker who believes that cases were only added knows more than one who allows for withdrawals: every table of the
first is also one of the second. So what is uncertain under "additions only" is uncertain under any belief, and one
audit serves both. Only if additions alone explain nothing is the attacker given the least number of withdrawals that
does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from methods.disclosure.auditing.attack_questions import (
    NEVER,
    AttackQuestions,
    coordinates_of,
    list_questions,
)
from methods.disclosure.auditing.attacked_system import Guess, System
from methods.disclosure.auditing.attacker import Attacker
from methods.disclosure.auditing.insiders import CERTAIN, Insider, InsiderRange, PublicSystem, inquire
from methods.disclosure.auditing.small_moves import Moves
from methods.disclosure.auditing.unexplained_figures import Contradiction, find_contradictions
from methods.disclosure.auditing.vintages import CellBounds, JointVintages, Vintage, drop_implied_vintages, joint_system
from methods.disclosure.auditing.withdrawn_cases import find_least_withdrawals
from methods.disclosure.auditing.witnesses import Proof, Recalled
from methods.disclosure.table_model import TableModel

IMPOSSIBLE = "impossible"
NOT_PROVEN = "not_proven"
_METHOD = re.compile(r"HIDDEN|EXACT_\d+|ROUNDED_(?P<base>\d+)")
INSIDER_CERTAIN = "insider_certain"
INSIDER_NARROW = "insider_narrow"
SINGLETON = "singleton_learns"


@dataclass(frozen=True)
class AuditFailure:
    """One possible disclosure.

    Attributes:
        rule: `too_few_values` (the attacker is left with too few values for a small count, or for the late or withdrawn
            cases of a cell between two vintages), `never_cell_certain` (a cross that must not be released is printed,
            or is surely not empty), `one_kind_certain` (nine in ten of a row are surely of one kind),
            `singleton_learns` (a person who was counted is left with too few values for the few others in a cell),
            `insider_certain` (an agency knows exactly how many cases of others a cell holds), `insider_narrow` (it is
            left with fewer values than the public must be), `impossible` (no table agrees with what is printed),
            `not_proven` (the limit of nodes came before an answer).
        coordinates: coordinates of the cell, totals left out; empty for `impossible` and `not_proven`.
        low: the least value the attacker must consider; for an insider, of the cases of others.
        high: the greatest.
        insider: who learns it; empty: anybody.
    """

    rule: str
    coordinates: dict[str, str]
    low: float
    high: float
    insider: str = ""


@dataclass(frozen=True)
class AuditReport:
    """The result of the audit of one block and year.

    Attributes:
        failures: all of them, or as many as are enough; empty means safe.
        checked: number of questions answered.
        witnesses: number of whole tables that prove it.
        programmes: number of programmes solved.
        withdrawn: the least number of withdrawn cases, over all measures, that explains the earlier vintages; 0 if late
            cases alone do.
        asked_of_insiders: number of questions asked about insiders.
        narrow: what insiders can narrow down, though not to one value.
        contradiction: rows that contradict each other, as few as were found; only with `impossible`.
        proof: the witnesses, to reuse if the same is asked again; sealed: they are built around the true table.
    """

    failures: list[AuditFailure]
    checked: int
    witnesses: int
    programmes: int
    withdrawn: int = 0
    asked_of_insiders: int = 0
    narrow: list[AuditFailure] = field(default_factory=list[AuditFailure])
    contradiction: list[Contradiction] = field(default_factory=list[Contradiction])
    proof: Proof | None = field(default=None, compare=False)

    @property
    def passed(self) -> bool:
        """Whether nothing forbidden can be learnt."""
        return not self.failures


def published_bounds(printed: np.ndarray, method: Sequence[str]) -> CellBounds:
    """Return what the public knows of each cell from its printed value and its method.

    Args:
        printed: values; ignored if hidden.
        method: `EXACT_11` (the value itself), `ROUNDED_5`, `ROUNDED_3` (strictly within the base in its name, and not
            negative) or `HIDDEN`.

    Raises:
        ValueError: another method, or a value missing that should be printed.
    """
    values = np.asarray(printed, dtype=float)
    width = np.array([_width(name) for name in method], dtype=float)
    hidden = np.isinf(width)
    if np.isnan(values[~hidden]).any():
        raise ValueError("a cell that is not hidden has no printed value")
    values, width = np.where(hidden, 0.0, values), np.where(hidden, 0.0, width)
    return CellBounds(np.maximum(0.0, values - width), np.where(hidden, np.inf, values + width))


def _width(method: str) -> float:
    """Return how far the true value may lie from the printed one."""
    match = _METHOD.fullmatch(method)
    if not match:
        raise ValueError(f"unknown disclosure method: {method}")
    return np.inf if method == "HIDDEN" else float(match["base"] or 1) - 1


@dataclass(frozen=True)
class AuditQuestion:
    """What an audit asks about one block and year, what else the attacker knows, and how far he searches.

    Attributes:
        sensitive: per published cell, whether its true value is small (1-4).
        minimum_values: least number of values that must remain possible for a sensitive cell.
        never: crosses that must not be released, e.g. `{"sex": "M", "form": "SEXUAL"}`. It must be possible that they
            are empty, for every measure that has those dimensions, in every leaf area, region and the country.
        of_one_kind: pairs of published cells (part, whole), one row each: it must be possible that less than nine in
            ten of the whole are in the part, or that the whole holds fewer than five. Only pairs for which the true
            counts say otherwise need be asked about.
        earlier: earlier vintages of the same year, oldest first. The attacker assumes that cases were only added, or,
            if that explains nothing, that as few as possible were withdrawn.
        external: figures that others published of the same year and the same definition: models over the same base.
        insiders: those who know a part, and the questions about each.
        table: a whole table of the present vintage that is known to agree with what is printed. It is the first
            witness, or, with earlier vintages, the table near which the first is sought; it is checked like any other.
        proof: witnesses of an earlier audit. Each is checked against everything printed here; what they leave open is
            searched as without them.
        enough: number of failures after which the audit stops; infinite: never.
        counts_narrow: whether agencies are asked for a third value too; False: only what they know for certain is
            found, and `narrow` stays empty.
        public_first: whether to skip the insiders if the public alone learns too much.
    """

    sensitive: np.ndarray
    minimum_values: int = 3
    never: Sequence[Mapping[str, str]] = ()
    of_one_kind: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))
    earlier: Sequence[Vintage] = ()
    external: Sequence[Vintage] = ()
    insiders: Sequence[Insider] = ()
    table: np.ndarray | None = None
    proof: Proof | None = None
    enough: float = np.inf
    counts_narrow: bool = True
    public_first: bool = False


def audit(now: Vintage, question: AuditQuestion) -> AuditReport:
    """Ask the attacker about every sensitive cell, every forbidden cross and every change since earlier vintages.

    Args:
        now: the block of one year, and what is printed per published cell.
        question: what is asked; the same question gives the same report.
    """
    begun = _begin_audit(drop_implied_vintages([*question.earlier, now]), question)
    if isinstance(begun, AuditReport):
        return begun
    attacker = begun.attacker
    attacker.explore()
    failures = _find_printed_never(now, question.never)
    failures += _answers(begun.asked, attacker, question.enough - len(failures))
    is_over = len(failures) >= question.enough or (question.public_first and bool(failures))
    inquiry = inquire(
        begun.public,
        [] if is_over else question.insiders,
        minimum_values=question.minimum_values,
        of_bodies=question.minimum_values if question.counts_narrow else CERTAIN,
        enough=question.enough - len(failures),
        pool=attacker.tables,
    )
    learnt = [_insider_failure(now.model, insider_range) for insider_range in inquiry.learnt]
    return AuditReport(
        failures=[*failures, *(failure for failure in learnt if failure.rule != INSIDER_NARROW)],
        checked=int((~begun.asked.helping).sum()),
        witnesses=attacker.witnesses,
        programmes=attacker.programmes + inquiry.programmes,
        withdrawn=begun.withdrawn,
        asked_of_insiders=inquiry.asked,
        narrow=[failure for failure in learnt if failure.rule == INSIDER_NARROW],
        proof=Proof.join([*begun.reused, attacker.proof(), *inquiry.proofs]),
    )


@dataclass(frozen=True)
class _Begun:
    """An attacker with his questions, and the system he believes in."""

    public: PublicSystem
    asked: AttackQuestions
    attacker: Attacker
    withdrawn: int

    @property
    def reused(self) -> list[Proof]:
        """What was proven before and still holds."""
        return [] if self.public.recalled is None else [self.public.recalled.proof]


def _begin_audit(vintages: Sequence[Vintage], question: AuditQuestion) -> _Begun | AuditReport:
    """Find a first whole table: with additions only, else with the fewest withdrawals; or report that there is none."""
    joint = joint_system(vintages, question.external)
    whole = [] if question.table is None or len(vintages) > 1 else [question.table]
    begun = _attack_system(vintages, question, joint, joint.system, pool=whole)
    if begun.attacker.find_table(begun.public.guess):
        return begun
    asked, programmes = len(begun.asked.named), begun.attacker.programmes
    if len(vintages) > 1:
        joint = joint_system(vintages, question.external, withdrawals=True)
        least = find_least_withdrawals(joint)
        if least is not None and least.is_proven:
            system = joint.limit_withdrawn(least.cases + question.minimum_values - 1)
            return _attack_system(vintages, question, joint, system, pool=[least.table], withdrawn=least.cases)
        if least is not None:
            return AuditReport([AuditFailure(NOT_PROVEN, {}, np.nan, np.nan)], asked, 0, programmes, least.cases)
    rows = find_contradictions(joint, vintages, question.external)
    failure = AuditFailure(NOT_PROVEN if rows is None else IMPOSSIBLE, {}, np.nan, np.nan)
    return AuditReport([failure], asked, 0, programmes, contradiction=rows or [])


def _attack_system(
    vintages: Sequence[Vintage],
    question: AuditQuestion,
    joint: JointVintages,
    system: System,
    *,
    pool: Sequence[np.ndarray],
    withdrawn: int = 0,
) -> _Begun:
    """Return the attacker on a system of these vintages, with tables to start from."""
    asked = list_questions(
        vintages,
        joint,
        sensitive=question.sensitive,
        minimum_values=question.minimum_values,
        never=question.never,
        of_one_kind=question.of_one_kind,
    )
    moves, proof = Moves(system), question.proof
    is_of_these = proof is not None and proof.tables.shape[1] == moves.rows.shape[1]
    recalled = Recalled(proof, moves.rows) if proof is not None and is_of_these else None
    guess = None if question.table is None else Guess(joint.now, question.table)
    public = PublicSystem(vintages[-1].model, joint, system, moves, recalled, guess)
    return _Begun(public, asked, Attacker(system, asked.questions, moves, pool, recalled), withdrawn)


def _answers(asked: AttackQuestions, attacker: Attacker, enough: float) -> list[AuditFailure]:
    """Settle what the search left open, one by one, until enough is learnt."""
    failures: list[AuditFailure] = []
    for question in np.flatnonzero(attacker.open() & ~asked.helping):
        if len(failures) >= enough:
            break
        bounds = _settle_question(attacker, int(question))
        unless = int(asked.unless[question])
        if bounds is not None and unless >= 0:  # how many there may be is reported
            bounds = _settle_question(attacker, unless)
        if bounds is not None:
            failures.append(AuditFailure(*asked.named[question], *bounds))
    return failures


def _settle_question(attacker: Attacker, question: int) -> tuple[float, float] | None:
    """Return the interval of a question that is unsafe; None if it is safe."""
    if not attacker.open()[question]:
        return None
    bounds = attacker.prove(question)
    return bounds if attacker.open()[question] else None


def _insider_failure(model: TableModel, insider_range: InsiderRange) -> AuditFailure:
    rule = SINGLETON if not insider_range.name else INSIDER_CERTAIN if insider_range.is_certain else INSIDER_NARROW
    return AuditFailure(
        rule, coordinates_of(model, insider_range.cell), insider_range.low, insider_range.high, insider_range.name
    )


def _find_printed_never(now: Vintage, never: Sequence[Mapping[str, str]]) -> list[AuditFailure]:
    """Return forbidden crosses among the published cells with a figure."""
    model, bounds = now.model, now.bounds
    failures: list[AuditFailure] = []
    printed = (bounds.lower > 0) | np.isfinite(bounds.upper)
    for entry in never:
        matching = np.logical_and.reduce([(model.cells[name] == value).to_numpy() for name, value in entry.items()])
        failures += [
            AuditFailure(NEVER, coordinates_of(model, cell), float(bounds.lower[cell]), float(bounds.upper[cell]))
            for cell in np.flatnonzero(matching & printed)
        ]
    return failures
