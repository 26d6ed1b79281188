"""The questions put to the attacker about one block and year, and the rule that each answer belongs to.

Belongs here: the small cells, the crosses that must not be released, rows of one kind, late and withdrawn cases, as
rows over the unknowns. Does not belong here: questions to insiders (`insiders`), the search for answers (`attacker`),
the verdict (`audit`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from methods.disclosure.auditing.attacked_system import Questions
from methods.disclosure.auditing.vintages import JointVintages, Vintage, changes
from methods.disclosure.table_model import COORDINATES, DIMENSIONS, TOTAL, TableModel

TOO_FEW = "too_few_values"
NEVER = "never_cell_certain"
HOMOGENEOUS = "one_kind_certain"
SHARE = 10  # a row is of one kind if at least nine in ten of it are: 10 x part >= 9 x whole
SURE = 5  # rows with fewer cases concern few persons, and small cells are asked about anyway

Named = list[tuple[str, dict[str, str]]]


@dataclass(frozen=True)
class AttackQuestions:
    """The questions, and what they are about.

    Attributes:
        questions: questions for the attacker.
        named: rule and coordinates of each question.
        unless: for a row of one kind, the question whether it may hold fewer than five cases, which also settles it; -1
            for all other questions.
        helping: questions that are asked only for the sake of another one.
    """

    questions: Questions
    named: Named
    unless: np.ndarray
    helping: np.ndarray


@dataclass(frozen=True)
class _QuestionPart:
    rows: sp.csr_matrix
    named: Named
    values: float
    enough: float


def list_questions(
    vintages: Sequence[Vintage],
    joint: JointVintages,
    *,
    sensitive: np.ndarray,
    minimum_values: int,
    never: Sequence[Mapping[str, str]],
    of_one_kind: np.ndarray,
) -> AttackQuestions:
    """Return all questions about what is printed now and before.

    Args:
        vintages: oldest first, the present one last.
        joint: their joint system.
        sensitive: per published cell, whether its true value is small.
        minimum_values: least number of values that must remain possible.
        never: crosses that must not be released.
        of_one_kind: pairs of published cells, a part and its whole, one row each, that may reveal the kind of all.
    """
    model = vintages[-1].model
    small = np.flatnonzero(np.asarray(sensitive, dtype=bool))
    crosses, cross_names = _forbidden_crosses(model, never)
    part, whole = model.matrix[of_one_kind[:, 0]], model.matrix[of_one_kind[:, 1]]
    kind_names = [(HOMOGENEOUS, place) for place in _coordinates(model, of_one_kind[:, 0])]
    grown, shrunk = changes(vintages, joint)
    parts = [
        _QuestionPart(joint.over(model.matrix[small]), _cells(model, small), minimum_values, -np.inf),
        _QuestionPart(joint.over(crosses), [(NEVER, name) for name in cross_names], np.inf, 0.0),
        _QuestionPart(joint.over(sp.csr_matrix(SHARE * part - (SHARE - 1) * whole)), kind_names, np.inf, -1.0),
        _QuestionPart(joint.over(sp.csr_matrix(whole)), kind_names, np.inf, SURE - 1),
        _QuestionPart(grown.rows, _cells(model, grown.cells), minimum_values, 0.0),
        _QuestionPart(shrunk.rows, _cells(model, shrunk.cells), minimum_values, 0.0),
    ]
    sizes = [len(question_part.named) for question_part in parts]
    questions = Questions(
        vectors=sp.csr_matrix(sp.vstack([question_part.rows for question_part in parts]).astype(float)),
        values=np.repeat([float(question_part.values) for question_part in parts], sizes),
        enough=np.repeat([float(question_part.enough) for question_part in parts], sizes),
    )
    start, pairs = sizes[0] + sizes[1], len(kind_names)
    unless, helping = np.full(sum(sizes), -1), np.zeros(sum(sizes), dtype=bool)
    unless[start : start + pairs] = np.arange(start + pairs, start + 2 * pairs)
    helping[start + pairs : start + 2 * pairs] = True
    return AttackQuestions(
        questions, [name for question_part in parts for name in question_part.named], unless, helping
    )


def coordinates_of(model: TableModel, cell: int | np.integer) -> dict[str, str]:
    """Return the coordinates of a published cell; totals left out."""
    return _coordinates(model, np.array([cell]))[0]


def _cells(model: TableModel, cells: np.ndarray) -> Named:
    return [(TOO_FEW, place) for place in _coordinates(model, cells)]


def _coordinates(model: TableModel, cells: np.ndarray) -> list[dict[str, str]]:
    rows = model.cells[list(COORDINATES)].iloc[cells].to_dict("records")
    return [
        {str(name): str(code) for name, code in row.items() if name not in DIMENSIONS or code != TOTAL} for row in rows
    ]


def _forbidden_crosses(
    model: TableModel, never: Sequence[Mapping[str, str]]
) -> tuple[sp.csr_matrix, list[dict[str, str]]]:
    """Return forbidden crosses as rows over base cells, per measure and area at every level; equal rows once."""
    rows: dict[tuple[int, ...], dict[str, str]] = {}
    levels = [(area, *model.ancestors.get(area, ())) for area in model.base["area"]]
    areas = sorted({area for level in levels for area in level})
    for entry in never:
        matching = np.logical_and.reduce([(model.base[name] == value).to_numpy() for name, value in entry.items()])
        for measure in sorted(set(model.base["measure"][matching])):
            here = matching & (model.base["measure"] == measure).to_numpy()
            for area in areas:
                inside = here & np.array([area in level for level in levels])
                if inside.any():
                    rows.setdefault(tuple(np.flatnonzero(inside).tolist()), {"measure": measure, "area": area, **entry})
    index = np.array([column for columns in rows for column in columns], dtype=np.int64)
    starts = np.cumsum([0, *(len(columns) for columns in rows)])
    return sp.csr_matrix((np.ones(len(index)), index, starts), shape=(len(rows), len(model.base))), list(rows.values())
