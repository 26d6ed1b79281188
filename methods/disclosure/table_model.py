"""The table model: one matrix for everything that is printed about one year of connected measures.

Belongs here: which base cells (the finest crosses) each published cell adds up, and which linear relations hold between
measures (a numerator lies inside its denominator, the articles of a conviction partition the convicted). Does not
belong here: what is printed (`rounding`) and what can be learnt from it (`audit`); both read this model and nothing of
each other.

Source of the form: Hundepool et al., Statistical Disclosure Control (2012), linked tables as one system of equations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
import scipy.sparse as sp

DIMENSIONS = ("sex", "age", "form", "article", "holder", "citizenship", "cust_breakdown")
COORDINATES = ("measure", "area", *DIMENSIONS)
TOTAL = "_T"


@dataclass(frozen=True)
class Relation:
    """Every unit of `measure` is one of `of` (`subset`), or they are the same units shown differently (`partition`).

    Measures are written like `PRT-03/NUMERATOR`.

    Attributes:
        at: the part of `of` that is meant: dimension to code, e.g. `{"sex": "M"}`; empty: all of it. `area` names one
            leaf, and applies to the areas above it too.
        part: the part of `measure` that is meant, in the same form.
    """

    measure: str
    kind: Literal["subset", "partition"]
    of: str
    at: Mapping[str, str] = field(default_factory=dict[str, str])
    part: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class TableModel:
    """One block (measures connected by relations) of one year.

    Attributes:
        base: one row per base cell: measure, area (leaf, or region), the dimensions (`_T`: the measure lacks it).
        cells: the same columns, one row per published cell; `_T` is the total, merged categories are allowed.
        matrix: cells x base, 1 if the published cell contains the base cell.
        links: relations as rows over base: part minus whole, on every cell of the dimensions both have.
        link_lower: lower bound per row of `links` (`-inf` for a subset, 0 for a partition).
        link_upper: upper bound per row of `links` (0).
        ancestors: leaf area -> its region(s) and country, for questions about areas that are not printed.
        relations: the relation of each row of `links`.
    """

    base: pd.DataFrame
    cells: pd.DataFrame
    matrix: sp.csr_matrix
    links: sp.csr_matrix
    link_lower: np.ndarray
    link_upper: np.ndarray
    ancestors: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    relations: Sequence[Relation] = ()


def connected_blocks(measures: Sequence[str], relations: Sequence[Relation]) -> list[tuple[str, ...]]:
    """Group measures that relations connect: each block is protected and audited as one system.

    Returns:
        Sorted tuples of measure ids, sorted; a measure without relations is its own block.

    Raises:
        ValueError: a relation names a measure that is not in `measures`.
    """
    leader = {measure: measure for measure in measures}
    for relation in relations:
        if relation.measure not in leader or relation.of not in leader:
            raise ValueError(f"relation between unknown measures: {relation.measure} and {relation.of}")
        old, new = leader[relation.measure], leader[relation.of]
        leader = {measure: new if head == old else head for measure, head in leader.items()}
    blocks: dict[str, list[str]] = {}
    for measure in sorted(leader):
        blocks.setdefault(leader[measure], []).append(measure)
    return sorted(tuple(block) for block in blocks.values())


def build_model(
    base: pd.DataFrame,
    cells: pd.DataFrame,
    relations: Sequence[Relation],
    *,
    ancestors: Mapping[str, Sequence[str]],
    merged: Mapping[str, Mapping[str, str]],
) -> TableModel:
    """Build the model of one block and year.

    Args:
        base: columns of `COORDINATES`, one row per base cell; further columns are ignored.
        cells: columns of `COORDINATES`, one row per published cell. The order of both frames is kept.
        relations: relations between the measures of the block; those that name another measure are an error.
        ancestors: leaf area -> its region(s), country.
        merged: dimension -> base category -> published category, e.g. `{"article": {"A6": "A6_A8", "A8": "A6_A8"}}`.

    Returns:
        The model; rows of `matrix` follow `cells`, columns follow `base`.

    Raises:
        ValueError: a column is missing, a row is repeated, a published cell contains no base cell, or a relation names
            an unknown measure.
    """
    base, cells = _check_frame(base, "base"), _check_frame(cells, "cells")
    matrix = _membership(base, cells, ancestors, merged)
    empty = np.flatnonzero(np.diff(matrix.indptr) == 0)
    if len(empty):
        raise ValueError(f"published cells without base cells, first: {cells.iloc[int(empty[0])].to_dict()}")
    links, lower, upper, owners = _link_rows(base, relations, ancestors)
    return TableModel(base, cells, matrix, links, lower, upper, ancestors, owners)


def _check_frame(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    missing = [column for column in COORDINATES if column not in frame.columns]
    if missing:
        raise ValueError(f"{name} lacks the columns {missing}")
    checked = frame.loc[:, list(COORDINATES)].astype(str).reset_index(drop=True)
    twice = checked.duplicated()
    if twice.any():
        raise ValueError(f"{name} holds a row twice, first: {checked[twice].iloc[0].to_dict()}")
    return checked


def _membership(
    base: pd.DataFrame,
    cells: pd.DataFrame,
    ancestors: Mapping[str, Sequence[str]],
    merged: Mapping[str, Mapping[str, str]],
) -> sp.csr_matrix:
    """Return cells x base, 1 if every coordinate of the cell covers that of the base cell.

    Base cells are followed through the coordinates one by one, each with all codes that cover it; base cells that no
    longer match any cell are dropped. So the work grows with the ones of the matrix, not with its size.
    """
    followed, reached = np.arange(len(base)), np.zeros(len(base), dtype=np.int64)
    groups = np.zeros(len(cells), dtype=np.int64)  # of cells that agree in all coordinates so far
    for column in COORDINATES:
        wanted, names = pd.factorize(cells[column])
        base_codes, categories = pd.factorize(base[column])
        place = {str(name): number for number, name in enumerate(names)}
        covering = [
            sorted(place[name] for name in _covering_codes(column, str(category), ancestors, merged) if name in place)
            for category in categories
        ]
        here = base_codes[followed]
        sizes = np.array([len(places) for places in covering], dtype=np.int64)
        ends = np.cumsum(sizes[here])
        step = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - sizes[here], sizes[here])
        codes = np.array([code for places in covering for code in places], dtype=np.int64)
        code = codes[np.repeat((np.cumsum(sizes) - sizes)[here], sizes[here]) + step]
        followed = np.repeat(followed, sizes[here])
        keys = np.repeat(reached, sizes[here]) * max(len(names), 1) + code
        known, groups = np.unique(groups * max(len(names), 1) + wanted, return_inverse=True)
        reached = np.searchsorted(known, keys)
        agrees = known[np.minimum(reached, len(known) - 1)] == keys if len(known) else np.zeros(len(keys), dtype=bool)
        followed, reached = followed[agrees], reached[agrees]
    rows = np.zeros(len(cells), dtype=np.int64)
    rows[groups] = np.arange(len(cells))
    ones = np.ones(len(followed), dtype=np.int64)
    return sp.csr_matrix((ones, (rows[reached], followed)), shape=(len(cells), len(base)))


def _covering_codes(
    column: str, category: str, ancestors: Mapping[str, Sequence[str]], merged: Mapping[str, Mapping[str, str]]
) -> set[str]:
    """Return the published codes that contain a base category."""
    if column == "measure":
        return {category}
    if column == "area":
        return {category, *ancestors.get(category, ())}
    return {category, TOTAL, merged.get(column, {}).get(category, category)}


class _LinkRows(NamedTuple):
    """The relations over the base cells: `lower <= rows x <= upper`, and the relation of each row."""

    rows: sp.csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    owners: list[Relation]


def _link_rows(base: pd.DataFrame, relations: Sequence[Relation], ancestors: Mapping[str, Sequence[str]]) -> _LinkRows:
    coded = _Coded.from_base(base, ancestors)
    blocks: list[sp.csr_matrix] = [sp.csr_matrix(np.zeros((0, len(base)), dtype=np.int64))]
    lower: list[np.ndarray] = [np.zeros(0)]
    owners: list[Relation] = []
    for relation in relations:
        rows = _relation_rows(coded, relation)
        blocks.append(rows)
        lower.append(np.full(rows.shape[0], 0.0 if relation.kind == "partition" else -np.inf))
        owners += [relation] * rows.shape[0]
    links = sp.csr_matrix(sp.vstack(blocks))
    return _LinkRows(links, np.concatenate(lower), np.zeros(links.shape[0]), owners)


@dataclass(frozen=True)
class _Coded:
    """Base cells as numbers instead of text: every relation looks up the same columns.

    Attributes:
        numbers: column -> the number of the code of each base cell.
        places: column -> code -> number.
        above: number of an area -> numbers of the areas above it that are themselves areas of base cells, nearest
            first.
    """

    numbers: Mapping[str, np.ndarray]
    places: Mapping[str, Mapping[str, int]]
    above: Sequence[Sequence[int]]

    @classmethod
    def from_base(cls, base: pd.DataFrame, ancestors: Mapping[str, Sequence[str]]) -> _Coded:
        factorized = {column: pd.factorize(base[column]) for column in COORDINATES}
        places = {
            column: {str(name): number for number, name in enumerate(names)}
            for column, (_, names) in factorized.items()
        }
        areas = places["area"]
        above = [[areas[ancestor] for ancestor in ancestors.get(name, ()) if ancestor in areas] for name in areas]
        return cls({column: numbers for column, (numbers, _) in factorized.items()}, places, above)

    def has(self, column: str, code: str) -> np.ndarray:
        """Return which base cells have this code."""
        return self.numbers[column] == self.places[column].get(code, -1)

    def comparison_areas(self, part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        """Return the area by which each base cell is compared: itself, or the one above if a side has no leaves."""
        numbers = self.numbers["area"]
        sides = {*np.unique(numbers[part]).tolist(), *np.unique(numbers[whole]).tolist()}
        coarse = sides & {parent for parents in self.above for parent in parents}
        lifted = [
            next((parent for parent in parents if parent in coarse and area not in coarse), area)
            for area, parents in enumerate(self.above)
        ]
        return np.array(lifted, dtype=np.int64)[numbers]

    def share(self, part: np.ndarray, whole: np.ndarray, dimension: str) -> bool:
        """Return whether both are broken down by the same list of a dimension; lists may differ by indicator."""
        numbers, total = self.numbers[dimension], self.places[dimension].get(TOTAL, -1)
        both = np.intersect1d(numbers[part], numbers[whole])
        return bool((both != total).any())


def _relation_rows(base: _Coded, relation: Relation) -> sp.csr_matrix:
    """Return part minus whole, one row per combination of area and of the dimensions both measures have.

    If one of them is recorded by region only, both are compared by region. A place where the whole or the part was not
    reported has no row: a missing report is not zero.
    """
    part, whole = base.has("measure", relation.measure), base.has("measure", relation.of)
    if not part.any() or not whole.any():
        raise ValueError(f"relation between unknown measures: {relation.measure} and {relation.of}")
    for dimension, code in relation.at.items():
        whole = whole & base.has(dimension, code)
    for dimension, code in relation.part.items():
        part = part & base.has(dimension, code)
    either = np.flatnonzero(part | whole)
    if not either.size:
        return sp.csr_matrix(np.zeros((0, len(part)), dtype=np.int64))
    told_apart = [name for name in DIMENSIONS if name not in {*relation.at, *relation.part}]
    shared = [name for name in told_apart if base.share(part, whole, name)]
    group = _groups([base.comparison_areas(part, whole)[either], *(base.numbers[name][either] for name in shared)])
    sides = [np.bincount(group, weights=side[either], minlength=int(group.max()) + 1) > 0 for side in (part, whole)]
    compared = np.flatnonzero(sides[0] & sides[1])
    signs = np.where(part[either], 1, -1)
    return sp.csr_matrix((signs, (group, either)), shape=(len(sides[0]), len(part)))[compared]


def _groups(columns: Sequence[np.ndarray]) -> np.ndarray:
    """Return the number of each combination of numbers, in order of first appearance."""
    keys = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        keys = np.unique(keys, return_inverse=True)[1] * (int(column.max()) + 1) + column
    first, group = np.unique(keys, return_index=True, return_inverse=True)[1:]
    order = np.empty(len(first), dtype=np.int64)
    order[np.argsort(first)] = np.arange(len(first))
    return order[group]
