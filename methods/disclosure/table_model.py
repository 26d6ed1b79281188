"""The table model: one matrix for everything that is printed about one year of connected measures.

Here: which base cells (the finest crosses) each published cell adds up, and which linear relations hold between
measures (a numerator lies inside its denominator, the articles of a conviction partition the convicted). Not here: what
is printed (`rounding`) and what can be learnt from it (`audit`); both read this model and nothing of each other.

Source of the form: Hundepool et al., Statistical Disclosure Control (2012), linked tables as one system of equations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
import scipy.sparse as sp

DIMENSIONS = ("sex", "age", "form", "article", "holder", "citizenship", "cust_breakdown")
COORDINATES = ("measure", "area", *DIMENSIONS)
TOTAL = "_T"


@dataclass(frozen=True)
class Relation:
    """Every unit of `measure` is one of `of` (`subset`), or they are the same units shown otherwise (`partition`).

    Measures are written like `PRT-03/NUMERATOR`.

    Attributes:
        at: the part of `of` that is meant: dimension to code, e.g. `{"sex": "M"}`; empty: all of it. `area` names one
            leaf, which holds for what stands above it.
        part: the part of `measure` that is meant, in the same way.
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
        matrix: cells x base, 1 where the published cell contains the base cell.
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
        Sorted tuples of measure ids, sorted; a measure without relations is a block of its own.

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
        base: columns of `COORDINATES`, one row per base cell; further columns are left out.
        cells: columns of `COORDINATES`, one row per published cell. The order of both frames is kept.
        relations: between the measures of the block; those that name another measure are an error.
        ancestors: leaf area -> its region(s), country.
        merged: dimension -> base category -> published category, e.g. `{"article": {"A6": "A6_A8", "A8": "A6_A8"}}`.

    Returns:
        The model; rows of `matrix` follow `cells`, columns follow `base`.

    Raises:
        ValueError: a column is missing, a row stands twice, a published cell contains no base cell, or a relation names
            an unknown measure.
    """
    base, cells = _checked(base, "base"), _checked(cells, "cells")
    matrix = _membership(base, cells, ancestors, merged)
    empty = np.flatnonzero(np.diff(matrix.indptr) == 0)
    if len(empty):
        raise ValueError(f"published cells without base cells, first: {cells.iloc[int(empty[0])].to_dict()}")
    links, lower, upper, owners = _link_rows(base, relations, ancestors)
    return TableModel(base, cells, matrix, links, lower, upper, ancestors, owners)


def _checked(frame: pd.DataFrame, name: str) -> pd.DataFrame:
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
    """Cells x base, 1 where every coordinate of the cell covers that of the base cell.

    Base cells are followed through the coordinates one by one, each with all codes that cover it; who agrees with no
    cell so far is left behind. So the work grows with the ones of the matrix, not with its size.
    """
    followed, reached = np.arange(len(base)), np.zeros(len(base), dtype=np.int64)
    groups = np.zeros(len(cells), dtype=np.int64)  # of cells that agree in all coordinates so far
    for column in COORDINATES:
        wanted, names = pd.factorize(cells[column])
        found, categories = pd.factorize(base[column])
        place = {str(name): number for number, name in enumerate(names)}
        covering = [
            sorted(place[name] for name in _covering(column, str(one), ancestors, merged) if name in place)
            for one in categories
        ]
        here = found[followed]
        sizes = np.array([len(one) for one in covering], dtype=np.int64)
        ends = np.cumsum(sizes[here])
        step = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - sizes[here], sizes[here])
        codes = np.array([code for one in covering for code in one], dtype=np.int64)
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


def _covering(
    column: str, category: str, ancestors: Mapping[str, Sequence[str]], merged: Mapping[str, Mapping[str, str]]
) -> set[str]:
    """The published codes that contain a base category."""
    if column == "measure":
        return {category}
    if column == "area":
        return {category, *ancestors.get(category, ())}
    return {category, TOTAL, merged.get(column, {}).get(category, category)}


def _link_rows(
    base: pd.DataFrame, relations: Sequence[Relation], ancestors: Mapping[str, Sequence[str]]
) -> tuple[sp.csr_matrix, np.ndarray, np.ndarray, list[Relation]]:
    blocks: list[sp.csr_matrix] = [sp.csr_matrix(np.zeros((0, len(base)), dtype=np.int64))]
    lower: list[np.ndarray] = [np.zeros(0)]
    owners: list[Relation] = []
    for relation in relations:
        rows = _relation_rows(base, relation, ancestors)
        blocks.append(rows)
        lower.append(np.full(rows.shape[0], 0.0 if relation.kind == "partition" else -np.inf))
        owners += [relation] * rows.shape[0]
    links = sp.csr_matrix(sp.vstack(blocks))
    return links, np.concatenate(lower), np.zeros(links.shape[0]), owners


def _relation_rows(base: pd.DataFrame, relation: Relation, ancestors: Mapping[str, Sequence[str]]) -> sp.csr_matrix:
    """Part minus whole, one row per combination of area and of the dimensions both measures have.

    Where one of them is kept for regions only, both are compared by region. A place where nobody told the whole, or
    nobody the part, has no row: silence is no zero.
    """
    part = (base["measure"] == relation.measure).to_numpy()
    whole = (base["measure"] == relation.of).to_numpy()
    if not part.any() or not whole.any():
        raise ValueError(f"relation between unknown measures: {relation.measure} and {relation.of}")
    for dimension, code in relation.at.items():
        whole = whole & (base[dimension] == code).to_numpy()
    for dimension, code in relation.part.items():
        part = part & (base[dimension] == code).to_numpy()
    either = np.flatnonzero(part | whole)
    if not either.size:
        return sp.csr_matrix(np.zeros((0, len(base)), dtype=np.int64))
    told_apart = [name for name in DIMENSIONS if name not in {*relation.at, *relation.part}]
    shared = [name for name in told_apart if _share(base[part], base[whole], name)]
    places = base.iloc[either][shared].assign(area=_common_areas(base["area"], part, whole, ancestors)[either])
    group = places.groupby(["area", *shared], sort=False).ngroup().to_numpy()
    told = [np.bincount(group, weights=one[either], minlength=int(group.max()) + 1) > 0 for one in (part, whole)]
    kept = np.flatnonzero(told[0] & told[1])
    signs = np.where(part[either], 1, -1)
    return sp.csr_matrix((signs, (group, either)), shape=(len(told[0]), len(base)))[kept]


def _common_areas(
    area: pd.Series, part: np.ndarray, whole: np.ndarray, ancestors: Mapping[str, Sequence[str]]
) -> np.ndarray:
    """The areas by which part and whole are compared: leaves, or what stands above them where one has no leaves."""
    place, names = pd.factorize(area)
    above = {str(name): ancestors.get(str(name), ()) for name in names}
    parents = {parent for found in above.values() for parent in found}
    sides = {str(names[one]) for side in (part, whole) for one in np.unique(place[side])}
    coarse = sides & parents
    lifted = [
        next((parent for parent in above[str(name)] if parent in coarse and str(name) not in coarse), str(name))
        for name in names
    ]
    return np.asarray(lifted, dtype=object)[place]


def _share(part: pd.DataFrame, whole: pd.DataFrame, dimension: str) -> bool:
    """Whether both are broken down by the same list of a dimension; two indicators may have lists of their own."""
    return bool((set(part[dimension]) & set(whole[dimension])) - {TOTAL})
