"""Which published cells are the same count by definition, so that they must print the same figure.

Belongs here: following the relations of kind `partition` from cell to cell. Does not belong here: cells that happen to
be equal, or what is done with those that are the same (`rounding`, and whatever prints them).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from methods.disclosure.table_model import Relation, TableModel


def same_counts(model: TableModel) -> np.ndarray:
    """Return for each published cell the one whose figure it has: the cell of the measure that defines the count.

    Two cells are the same count if they add up the same base cells, or if partitions lead from the base cells of the
    one to those of the other. Every base cell of the one must have a counterpart in the other: if a region's part was
    not reported, its country is another count.

    Returns:
        Per cell the number of a cell; its own number for a count without duplicates, and for the defining cell: no
        partition makes its measure a part of another one, or the fewest do.
    """
    steps = list(_steps(model))
    leader: dict[bytes, int] = {}
    for cell in _order_by_definition(model):
        columns = _columns(model.matrix, cell)
        waiting = [] if columns.tobytes() in leader else [columns]
        while waiting:
            columns = waiting.pop()
            if leader.setdefault(columns.tobytes(), cell) == cell:
                others = (step.image(columns) for step in steps)
                waiting += [other for other in others if other is not None and other.tobytes() not in leader]
    return np.array(
        [leader[_columns(model.matrix, cell).tobytes()] for cell in range(len(model.cells))], dtype=np.int64
    )


def sums_of_same_counts(model: TableModel, same: np.ndarray) -> sp.csr_matrix:
    """Return rows over the base cells that are 0 if each cell has the sum of the cell whose figure it has."""
    rows = sp.csr_matrix(model.matrix - model.matrix[same], dtype=float)
    rows.eliminate_zeros()
    return sp.csr_matrix(rows[np.diff(rows.indptr) > 0])


@dataclass(frozen=True)
class _Step:
    """One relation in one direction: groups of base cells, and for each group those of the other side.

    Attributes:
        group: per base cell its group; -1: none.
        sizes: number of base cells in each group.
        others: groups x base, 1 if the other side of a group has a base cell.
    """

    group: np.ndarray
    sizes: np.ndarray
    others: sp.csr_matrix

    def image(self, columns: np.ndarray) -> np.ndarray | None:
        """Return the base cells of the other side, sorted; None if these are not complete groups."""
        groups = self.group[columns]
        if (groups < 0).any():
            return None
        reached, sizes = np.unique(groups, return_counts=True)
        return np.sort(self.others[reached].indices) if (sizes == self.sizes[reached]).all() else None


def _steps(model: TableModel) -> Iterator[_Step]:
    """Yield both directions of every partition of a whole measure or of a part of one."""
    for relation in _partitions(model):
        links = model.links[[number for number, owner in enumerate(model.relations) if owner is relation]]
        parts, wholes = sp.csr_matrix(links > 0), sp.csr_matrix(links < 0)
        yield from (_step(here, there) for here, there in ((parts, wholes), (wholes, parts)))


def _step(here: sp.csr_matrix, there: sp.csr_matrix) -> _Step:
    sizes = np.diff(here.indptr)
    group = np.full(here.shape[1], -1, dtype=np.int64)
    group[here.indices] = np.repeat(np.arange(here.shape[0]), sizes)
    return _Step(group, sizes, there)


def _order_by_definition(model: TableModel) -> list[int]:
    """Return the cells, first those whose measure is part of no other; otherwise in their order."""
    wholes = {relation.measure: relation.of for relation in _partitions(model)}
    measures = [str(measure) for measure in model.cells["measure"]]
    depths = {measure: _depth(measure, wholes) for measure in set(measures)}
    return sorted(range(len(measures)), key=lambda cell: depths[measures[cell]])


def _depth(measure: str, wholes: dict[str, str]) -> int:
    """Return how many partitions lead from a measure to the one that defines it."""
    seen = [measure]
    while seen[-1] in wholes and wholes[seen[-1]] not in seen:
        seen.append(wholes[seen[-1]])
    return len(seen)


def _partitions(model: TableModel) -> list[Relation]:
    """Return the relations of the model that say that two counts are the same, each once."""
    relations = {id(relation): relation for relation in model.relations if relation.kind == "partition"}
    return list(relations.values())


def _columns(matrix: sp.csr_matrix, row: int) -> np.ndarray:
    return np.sort(matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]])
