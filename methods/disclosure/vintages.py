"""Several vintages of one year as one system: what was printed before stays known.

Here: the joint system of what is printed now and was printed earlier, which of the earlier vintages tell anything, and
the late cases between them. Not here: the search for tables (`attacker`) and the verdict (`audit`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp

from methods.disclosure.attacker import System
from methods.disclosure.model import COORDINATES, TableModel


@dataclass(frozen=True)
class Bounds:
    """What the public knows per published cell: `lower <= true value <= upper`."""

    lower: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True)
class Vintage:
    """One issue of the same block and year."""

    model: TableModel
    bounds: Bounds


def telling(vintages: Sequence[Vintage]) -> list[Vintage]:
    """Leave out every vintage that the next one implies; the last (present) one stays.

    If each figure of a vintage is printed at least as narrowly in the next one, any table of the next serves for it too
    (no late cases at all), so it tells the attacker nothing.
    """
    kept = [vintages[-1]]
    for vintage in reversed(vintages[:-1]):
        if not _implied(vintage, kept[0]):
            kept.insert(0, vintage)
    return kept


def _implied(old: Vintage, new: Vintage) -> bool:
    if not old.model.base.equals(new.model.base) or old.model.links.shape != new.model.links.shape:
        return False
    places = _places(old.model, new.model)
    if (places < 0).any() or _differ(old.model.links, new.model.links):
        return False
    same_sums = not _differ(old.model.matrix, new.model.matrix[places])
    narrower = (new.bounds.lower[places] >= old.bounds.lower) & (new.bounds.upper[places] <= old.bounds.upper)
    return same_sums and bool(narrower.all())


def _differ(one: sp.csr_matrix, other: sp.csr_matrix) -> bool:
    return bool(abs(one - other).sum())


def _places(old: TableModel, new: TableModel) -> np.ndarray:
    """Per published cell of the old vintage, its row in the new one; -1 if it is no longer printed."""
    return _lookup(old.cells[list(COORDINATES)].to_numpy(), new.cells[list(COORDINATES)].to_numpy())


def _lookup(wanted: np.ndarray, found: np.ndarray) -> np.ndarray:
    place = {tuple(row): number for number, row in enumerate(found)}
    return np.array([place.get(tuple(row), -1) for row in wanted], dtype=np.int64)


def joint_system(vintages: Sequence[Vintage]) -> tuple[System, sp.csr_matrix]:
    """All vintages as one system: the unknowns are the present counts and the late cases that led to them.

    Each vintage keeps its own cells and relations. A base cell never shrinks from one vintage to the next, so its
    earlier count is the later one less some late cases >= 0. The leaves of two geographies differ: a base cell that no
    later vintage has is an unknown of its own.

    Returns:
        The system, and the counts of all vintages (oldest first, each in the order of its base) as rows over unknowns.
    """
    counts = _counts(vintages)
    tables = sp.block_diag([vintage.model.matrix for vintage in vintages], format="csr")
    links = sp.csr_matrix(sp.block_diag([vintage.model.links for vintage in vintages], format="csr"))
    past = counts[: counts.shape[0] - len(vintages[-1].model.base)]
    lower = [*(vintage.bounds.lower for vintage in vintages), *(vintage.model.link_lower for vintage in vintages)]
    upper = [*(vintage.bounds.upper for vintage in vintages), *(vintage.model.link_upper for vintage in vintages)]
    system = System(
        rows=sp.csr_matrix(sp.vstack([tables @ counts, links @ counts, past]).astype(float)),
        lower=np.concatenate([*lower, np.zeros(past.shape[0])]),
        upper=np.concatenate([*upper, np.full(past.shape[0], np.inf)]),
        pairs=np.concatenate([_pairs(links), _pairs(past)]),
        kinds=_kinds(vintages),
    )
    return system, counts


def _kinds(vintages: Sequence[Vintage]) -> np.ndarray:
    """One number per unknown: equal for base cells of one vintage that differ in their area alone."""
    others = [name for name in COORDINATES if name != "area"]
    bases = [vintage.model.base[others].assign(vintage=number) for number, vintage in enumerate(vintages)]
    return pd.concat(bases).groupby([*others, "vintage"], sort=False).ngroup().to_numpy()


def _counts(vintages: Sequence[Vintage]) -> sp.csr_matrix:
    """Counts of all vintages over the unknowns: the present counts themselves, earlier ones less late cases."""
    keys = [vintage.model.base[list(COORDINATES)].to_numpy() for vintage in vintages]
    starts = np.cumsum([0, *(len(key) for key in keys)])
    size = int(starts[-1])
    counts = sp.eye(size, format="csr")
    for number in range(len(keys) - 2, -1, -1):
        rows = np.arange(starts[number], starts[number + 1])
        later = _later(keys, starts, number)
        tied = np.flatnonzero(later >= 0)
        choose = sp.csr_matrix((np.ones(len(tied)), (tied, later[tied])), shape=(len(rows), size))
        signs = sp.diags_array(np.where(later >= 0, -1.0, 1.0))
        earlier = choose @ counts + signs @ sp.eye(size, format="csr")[rows]
        counts = sp.csr_matrix(sp.vstack([counts[: rows[0]], earlier, counts[rows[-1] + 1 :]]))
    return counts


def _later(keys: Sequence[np.ndarray], starts: np.ndarray, number: int) -> np.ndarray:
    """Per base cell of a vintage, where the next vintage that has it counts it; -1 if none does."""
    later = np.full(len(keys[number]), -1, dtype=np.int64)
    for following in range(number + 1, len(keys)):
        places = _lookup(keys[number], keys[following])
        later = np.where((later < 0) & (places >= 0), places + starts[following], later)
    return later


def _pairs(links: sp.csr_matrix) -> np.ndarray:
    """Every unknown that adds to a row with every one that takes from it."""
    pairs: list[np.ndarray] = [np.zeros((0, 2), dtype=np.int64)]
    for start, end in zip(links.indptr[:-1], links.indptr[1:], strict=True):
        columns, signs = links.indices[start:end], links.data[start:end]
        parts, wholes = columns[signs > 0], columns[signs < 0]
        pairs.append(np.column_stack([np.repeat(parts, len(wholes)), np.tile(wholes, len(parts))]))
    return np.concatenate(pairs)


def increments(vintages: Sequence[Vintage], counts: sp.csr_matrix) -> tuple[sp.csr_matrix, np.ndarray]:
    """The late cases of each cell printed both now and earlier: now minus then.

    Args:
        vintages: oldest first.
        counts: of all vintages over the unknowns, from `joint_system`.

    Returns:
        Rows over the unknowns, and for each the published cell of the present vintage.
    """
    now = vintages[-1].model
    present = now.matrix @ counts[counts.shape[0] - len(now.base) :]
    blocks: list[sp.csr_matrix] = [sp.csr_matrix((0, counts.shape[1]))]
    cells: list[np.ndarray] = [np.zeros(0, dtype=np.int64)]
    start = 0
    for vintage in vintages[:-1]:
        model, places = vintage.model, _places(vintage.model, now)
        then = np.flatnonzero(places >= 0)
        past = model.matrix[then] @ counts[start : start + len(model.base)]
        blocks.append(sp.csr_matrix(present[places[then]] - past))
        cells.append(places[then])
        start += len(model.base)
    late = sp.csr_matrix(sp.vstack(blocks))
    late.eliminate_zeros()
    possible = np.diff(late.indptr) > 0
    return sp.csr_matrix(late[possible]), np.concatenate(cells)[possible]
