"""The independent audit: what anybody can learn from everything printed, and whether that is too much.

Here: what a printed figure tells, which figures are asked about, and what counts as a failure. Not here: the search for
tables (`attacker`), the joint system over vintages (`vintages`), nor anything of the protection it judges.

The rules are those of the attacker problem in Fischetti and Salazar (2001), Solving the cell suppression problem on
tabular data with linear constraints, over all tables and vintages at once and in whole persons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from methods.disclosure.attacker import Attacker, Questions
from methods.disclosure.model import COORDINATES, DIMENSIONS, TOTAL, TableModel
from methods.disclosure.vintages import Bounds, Vintage, increments, joint_system, telling

__all__ = ["IMPOSSIBLE", "NEVER", "TOO_FEW", "AuditReport", "Bounds", "Failure", "audit", "published_bounds"]

TOO_FEW = "too_few_values"
NEVER = "never_cell_certain"
IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Failure:
    """One thing that can be learnt.

    Attributes:
        rule: `too_few_values` (the attacker is left with too few values for a small count, or for the late cases of a
            cell between two vintages), `never_cell_certain` (a cross that must not leave is printed, or is surely not
            empty), `impossible` (no table agrees with what is printed).
        coordinates: of the cell; totals left out; empty for `impossible`.
        low: the least value the attacker must consider.
        high: the greatest.
    """

    rule: str
    coordinates: dict[str, str]
    low: float
    high: float


@dataclass(frozen=True)
class AuditReport:
    """What the audit of one block and year found.

    Attributes:
        failures: all of them; empty means safe.
        checked: how many questions were answered.
        witnesses: how many whole tables prove it.
        programmes: how many programmes were solved.
        additions_only: False if earlier vintages cannot be explained by late cases alone (something was withdrawn), so
            that they tell nothing certain and only the present one was audited.
    """

    failures: list[Failure]
    checked: int
    witnesses: int
    programmes: int
    additions_only: bool = True

    @property
    def passed(self) -> bool:
        """True if nothing can be learnt that must not be."""
        return not self.failures


def published_bounds(printed: np.ndarray, method: Sequence[str], base: int = 5) -> Bounds:
    """What the public knows of each cell from its printed value and the method beside it.

    Args:
        printed: values; not read where hidden.
        method: `EXACT_11` (the value itself), `ROUNDED_5` (strictly within `base`, and not negative) or `HIDDEN`.
        base: the rounding base.

    Raises:
        ValueError: another method, or a value missing that should be printed.
    """
    values, methods = np.asarray(printed, dtype=float), np.asarray(method, dtype=str)
    unknown = set(methods) - {"EXACT_11", "ROUNDED_5", "HIDDEN"}
    if unknown:
        raise ValueError(f"unknown disclosure methods: {sorted(unknown)}")
    hidden, rounded = methods == "HIDDEN", methods == "ROUNDED_5"
    if np.isnan(values[~hidden]).any():
        raise ValueError("a cell that is not hidden has no printed value")
    width = np.where(rounded, float(base - 1), 0.0)
    lower = np.where(hidden, 0.0, np.maximum(0.0, values - width))
    return Bounds(lower, np.where(hidden, np.inf, values + width))


def audit(
    model: TableModel,
    bounds: Bounds,
    *,
    sensitive: np.ndarray,
    minimum_values: int = 3,
    never: Sequence[Mapping[str, str]] = (),
    earlier: Sequence[tuple[TableModel, Bounds]] = (),
) -> AuditReport:
    """Ask the attacker about every sensitive cell, every forbidden cross and every change since earlier vintages.

    Args:
        model: the block of one year.
        bounds: what is printed per published cell.
        sensitive: per published cell, whether its true value is small (1-4).
        minimum_values: how many values must remain possible for a sensitive cell.
        never: crosses that must not leave, e.g. `{"sex": "M", "form": "SEXUAL"}`. It must be possible that they are
            empty, for every measure that has those dimensions, in every leaf area, region and the country.
        earlier: earlier vintages of the same year, oldest first. The attacker assumes that cases were only added.

    Returns:
        The report; the same input gives the same report.
    """
    now = Vintage(model, bounds)
    vintages = telling([*(Vintage(*one) for one in earlier), now])
    attacker, named = _prepare(vintages, sensitive, minimum_values, never)
    additions_only = attacker.possible()
    if not additions_only:
        vintages = [now]
        attacker, named = _prepare(vintages, sensitive, minimum_values, never)
        if not attacker.possible():
            return AuditReport([Failure(IMPOSSIBLE, {}, np.nan, np.nan)], len(named), 0, attacker.programmes)
        additions_only = not earlier
    attacker.explore()
    failures = _printed_never(model, bounds, never)
    for question in np.flatnonzero(attacker.open()):
        if attacker.open()[question]:
            low, high = attacker.prove(int(question))
            if attacker.open()[question]:
                failures.append(Failure(named[question][0], named[question][1], low, high))
    return AuditReport(failures, len(named), attacker.witnesses, attacker.programmes, additions_only)


_Named = list[tuple[str, dict[str, str]]]


def _prepare(
    vintages: Sequence[Vintage], sensitive: np.ndarray, minimum_values: int, never: Sequence[Mapping[str, str]]
) -> tuple[Attacker, _Named]:
    """The attacker on all vintages, and the rule and coordinates of each of the questions."""
    now = vintages[-1]
    system, counts = joint_system(vintages)
    small = np.flatnonzero(np.asarray(sensitive, dtype=bool))
    crosses, cross_names = _crosses(now.model, never)
    late, late_cells = increments(vintages, counts)
    own = sp.csr_matrix(sp.vstack([now.model.matrix[small], crosses]))
    present = own @ counts[counts.shape[0] - len(now.model.base) :]
    sizes = (len(small), len(cross_names), len(late_cells))
    questions = Questions(
        vectors=sp.csr_matrix(sp.vstack([present, late]).astype(float)),
        values=np.full(sum(sizes), minimum_values),
        from_zero=np.repeat([False, True, True], sizes),
        only_zero=np.repeat([False, True, False], sizes),
    )
    named: _Named = [(TOO_FEW, _coordinates(now.model, cell)) for cell in small]
    named += [(NEVER, name) for name in cross_names]
    named += [(TOO_FEW, _coordinates(now.model, cell)) for cell in late_cells]
    return Attacker(system, questions), named


def _crosses(model: TableModel, never: Sequence[Mapping[str, str]]) -> tuple[sp.csr_matrix, list[dict[str, str]]]:
    """Forbidden crosses as rows over base cells, per measure and area at every level; equal rows once."""
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


def _printed_never(model: TableModel, bounds: Bounds, never: Sequence[Mapping[str, str]]) -> list[Failure]:
    """Forbidden crosses that stand among the published cells with a figure."""
    failures: list[Failure] = []
    printed = (bounds.lower > 0) | np.isfinite(bounds.upper)
    for entry in never:
        matching = np.logical_and.reduce([(model.cells[name] == value).to_numpy() for name, value in entry.items()])
        failures += [
            Failure(NEVER, _coordinates(model, cell), float(bounds.lower[cell]), float(bounds.upper[cell]))
            for cell in np.flatnonzero(matching & printed)
        ]
    return failures


def _coordinates(model: TableModel, cell: int | np.integer) -> dict[str, str]:
    row = model.cells.iloc[int(cell)]
    return {name: str(row[name]) for name in COORDINATES if name not in DIMENSIONS or row[name] != TOTAL}
