"""Suppression of the cells of one block and year: which of them are hidden so that the others can be exact.

Belongs here: the block's cells, sums and relations as a suppression problem. Does not belong here: how a pattern is
found (`suppression_greedy`, `suppression_optimal`), what is printed of the other cells (`rounding`), whether all of it
together is safe (`audit`, which knows nothing of this module).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

from methods.disclosure.suppression.suppression_greedy import find_greedy_pattern
from methods.disclosure.suppression.suppression_moves import SuppressionProblem
from methods.disclosure.suppression.suppression_optimal import find_optimal_pattern
from methods.disclosure.table_model import COORDINATES, TableModel

MOST_CELLS = 150  # for an optimum: a limit of time instead would let the speed of a machine decide what is printed


class TooManyCells(Exception):  # noqa: N818  named by what happened
    """More cells than an optimum can be proved for; the greedy search takes any number."""


def block_problem(
    model: TableModel,
    true_base: np.ndarray,
    chosen: np.ndarray,
    threshold: int,
    *,
    hidden: np.ndarray | None = None,
    shown: np.ndarray | None = None,
) -> SuppressionProblem:
    """Return the suppression problem of some cells of a block.

    Leaf areas that appear together in every chosen cell (of a region) count as one: an attacker can assign their
    persons to any of them.

    Args:
        model: model of the block and year.
        true_base: true counts per base cell.
        chosen: the cells that are exact or hidden.
        threshold: counts from 1 to threshold - 1 are hidden; 0 and the threshold must both stay possible.
        hidden: chosen cells that were hidden before and stay so.
        shown: chosen cells that were printed before: readers know them, so hiding them protects nothing.
    """
    cells = sp.csr_matrix(model.matrix[chosen])
    groups, first = _groups(model, chosen)
    together = sp.csr_matrix((np.ones(len(groups)), (np.arange(len(groups)), groups)), shape=(len(groups), len(first)))
    links, is_subset = _links(model, together)
    members = sp.csr_matrix(cells[:, first], dtype=float)
    slack = sp.csr_matrix(sp.eye(links.shape[0]))[:, is_subset]
    listed = cells.shape[0]
    sums = sp.hstack([-sp.eye(listed), members, sp.csr_matrix((listed, slack.shape[1]))])
    related = sp.hstack([sp.csr_matrix((links.shape[0], listed)), links, slack])
    rows = sp.csr_matrix(sp.vstack([sums, related]))
    counts = together.T @ np.asarray(true_base, dtype=float)
    values = np.concatenate([members @ counts, counts, -(links @ counts)[is_subset]])
    is_listed = np.arange(len(values)) < listed
    earlier = _pad_flags(hidden, chosen, len(values))
    primary = is_listed & (earlier | ((values > 0) & (values < threshold)))
    up = np.where(is_listed & (values < threshold), threshold - values, 0.0)
    down = np.where(is_listed & (values < threshold), values, 0.0)
    always = primary | ~is_listed
    weights = np.where(always, 0.0, np.maximum(values, 1.0))
    ceiling = np.maximum(float(values.max(initial=1.0)) - values, 2.0 * threshold)
    needs = is_listed & ((up > 0) | (down > 0))
    problem = SuppressionProblem(rows, values, weights, primary, always, up, down, needs, ceiling)
    fast = _pad_flags(shown, chosen, len(values))
    return replace(
        problem, values=np.where(fast, 0.0, values), ceiling=np.where(fast, 0.0, ceiling), needs=needs & ~fast
    )


def suppress_block(
    model: TableModel,
    true_base: np.ndarray,
    chosen: np.ndarray,
    *,
    threshold: int,
    is_optimal: bool = False,
    hidden: np.ndarray | None = None,
    shown: np.ndarray | None = None,
) -> np.ndarray:
    """Return which cells of a block are hidden, however long the search takes; see `block_problem` for the arguments.

    Raises:
        TooManyCells: an optimum was requested for more than `MOST_CELLS` cells.
        NotProtected: something could be learnt even with all chosen cells hidden that may be.
    """
    count = int(np.sum(chosen))
    if is_optimal and count > MOST_CELLS:
        raise TooManyCells(str(count))
    result = np.zeros(len(chosen), dtype=bool)
    if count:
        problem = block_problem(model, true_base, chosen, threshold, hidden=hidden, shown=shown)
        is_free = shown is None or not shown.any()
        pattern = (
            find_optimal_pattern(problem, np.inf) if is_optimal and is_free else find_greedy_pattern(problem, np.inf)
        )
        result[np.flatnonzero(chosen)] = pattern.hidden[:count]
    return result


def _groups(model: TableModel, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a number per base cell, equal if the same chosen areas contain it, and one base cell of each number."""
    printed = set(model.cells["area"][chosen])
    places = [
        ">".join(code for code in (area, *model.ancestors.get(area, ())) if code in printed)
        for area in model.base["area"]
    ]
    names = model.base.assign(area=places).groupby(list(COORDINATES), sort=False).ngroup().to_numpy()
    return names, np.unique(names, return_index=True)[1]


def _links(model: TableModel, together: sp.csr_matrix) -> tuple[sp.csr_matrix, np.ndarray]:
    """Return the relations over regions, each once, and which of them say `at most`."""
    summed = sp.csr_matrix(model.links @ together).astype(float)
    kinds = np.isinf(model.link_lower)
    seen: dict[tuple[object, ...], int] = {}
    for row in range(summed.shape[0]):
        part = slice(summed.indptr[row], summed.indptr[row + 1])
        order = np.argsort(summed.indices[part])
        key = (*summed.indices[part][order].tolist(), "|", *summed.data[part][order].tolist(), bool(kinds[row]))
        seen.setdefault(key, row)
    first_rows = np.array(sorted(seen.values()), dtype=np.int64)
    return sp.csr_matrix(summed[first_rows]), kinds[first_rows]


def _pad_flags(flags: np.ndarray | None, chosen: np.ndarray, size: int) -> np.ndarray:
    """Return the flags of the chosen cells, then False for the columns that no reader sees."""
    result = np.zeros(size, dtype=bool)
    if flags is not None:
        result[: int(chosen.sum())] = np.asarray(flags, dtype=bool)[chosen]
    return result
