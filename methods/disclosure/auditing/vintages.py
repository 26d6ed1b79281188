"""Several vintages of one year as one system: what was printed before stays known.

Belongs here: the joint system of what is printed now, was printed earlier and was published by others, which of the
earlier vintages add information, and the cases that came and went between them. Does not belong here: the search for
tables (`attacker`), the least number of withdrawals (`withdrawn_cases`) and the verdict (`audit`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from methods.disclosure.auditing.attacked_system import System
from methods.disclosure.table_model import COORDINATES, TableModel

MOST_WHOLES = 8  # number of wholes with which a part moves


@dataclass(frozen=True)
class CellBounds:
    """What the public knows per published cell: `lower <= true value <= upper`."""

    lower: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True)
class Vintage:
    """One publication of the same block and year."""

    model: TableModel
    bounds: CellBounds


def drop_implied_vintages(vintages: Sequence[Vintage]) -> list[Vintage]:
    """Drop every vintage that the next one implies; the last (present) one stays.

    If each figure of a vintage is printed at least as narrowly in the next one, any table of the next fits it too (no
    late cases at all), so it adds no information for the attacker.
    """
    needed = [vintages[-1]]
    for vintage in reversed(vintages[:-1]):
        if not _is_implied(vintage, needed[0]):
            needed.insert(0, vintage)
    return needed


def _is_implied(old: Vintage, new: Vintage) -> bool:
    if not old.model.base.equals(new.model.base) or old.model.links.shape != new.model.links.shape:
        return False
    places = _places(old.model, new.model)
    if (places < 0).any() or _has_other_rows(old.model.links, new.model.links):
        return False
    same_sums = not _has_other_rows(old.model.matrix, new.model.matrix[places])
    narrower = (new.bounds.lower[places] >= old.bounds.lower) & (new.bounds.upper[places] <= old.bounds.upper)
    return same_sums and bool(narrower.all())


def _has_other_rows(rows: sp.csr_matrix, other: sp.csr_matrix) -> bool:
    return bool(abs(rows - other).sum())


def _places(old: TableModel, new: TableModel) -> np.ndarray:
    """Return, per published cell of the old vintage, its row in the new one; -1 if it is no longer printed."""
    return _lookup(old.cells[list(COORDINATES)].to_numpy(), new.cells[list(COORDINATES)].to_numpy())


def _lookup(wanted: np.ndarray, known: np.ndarray) -> np.ndarray:
    place = {tuple(row): number for number, row in enumerate(known)}
    return np.array([place.get(tuple(row), -1) for row in wanted], dtype=np.int64)


@dataclass(frozen=True)
class JointVintages:
    """All vintages as one system.

    Attributes:
        system: over the unknowns: the present counts, the late cases that led to them and, if cases may have been
            withdrawn, the withdrawn ones.
        counts: the counts of all vintages (oldest first, each in the order of its base) as rows over the unknowns.
        now: the columns of the present base cells.
        withdrawn: the columns of withdrawn cases; empty if none may have been.
        printed_by: for each row of the system before its relations, what printed it: number of the vintage (or the
            number of vintages for an external figure), and the cell there.
        links: rows of the system that are relations of the present vintage.
    """

    system: System
    counts: sp.csr_matrix
    now: np.ndarray
    withdrawn: np.ndarray
    printed_by: list[tuple[int, int]]
    links: slice

    def over(self, rows: sp.csr_matrix) -> sp.csr_matrix:
        """Return rows over the present base cells as rows over the unknowns."""
        return sp.csr_matrix(rows @ self.counts[self.counts.shape[0] - len(self.now) :])

    def limit_withdrawn(self, withdrawn: float) -> System:
        """Return the system of somebody who believes that at most this many cases were withdrawn in all."""
        size = self.system.rows.shape[1]
        flags = np.zeros(size)
        flags[self.withdrawn] = 1.0
        return replace(
            self.system,
            rows=sp.csr_matrix(sp.vstack([self.system.rows, sp.csr_matrix(flags)])),
            lower=np.append(self.system.lower, 0.0),
            upper=np.append(self.system.upper, withdrawn),
        )


def joint_system(
    vintages: Sequence[Vintage], external: Sequence[Vintage] = (), *, withdrawals: bool = False
) -> JointVintages:
    """Join all vintages into one system: the unknowns are the present counts and the late cases that led to them.

    Each vintage keeps its own cells and relations. A base cell does not shrink from one vintage to the next, so its
    earlier count is the later one less some late cases >= 0; with `withdrawals` it is also more by some withdrawn cases
    >= 0 (x2 = x1 + u - d). The leaves of two geographies differ: a base cell that no later vintage has is a separate
    unknown.

    Args:
        vintages: oldest first, the present one last.
        external: figures that others published, over the present base cells.
        withdrawals: whether cases may have been withdrawn between vintages.
    """
    counts, withdrawn = _counts(vintages, withdrawals=withdrawals)
    tables = sp.block_diag([vintage.model.matrix for vintage in vintages], format="csr")
    links = sp.csr_matrix(sp.block_diag([vintage.model.links for vintage in vintages], format="csr"))
    size, present = counts.shape[0], len(vintages[-1].model.base)
    past, now = counts[: size - present], counts[size - present :]
    all_vintages = [*vintages, *external]
    printed = sp.csr_matrix(sp.vstack([tables @ counts, *(vintage.model.matrix @ now for vintage in external)]))
    lower = [*(vintage.bounds.lower for vintage in all_vintages), *(vintage.model.link_lower for vintage in vintages)]
    upper = [*(vintage.bounds.upper for vintage in all_vintages), *(vintage.model.link_upper for vintage in vintages)]
    system = System(
        rows=sp.csr_matrix(sp.vstack([printed, links @ counts, past]).astype(float)),
        lower=np.concatenate([*lower, np.zeros(past.shape[0])]),
        upper=np.concatenate([*upper, np.full(past.shape[0], np.inf)]),
        pairs=np.concatenate([_pairs(links), _pairs(sp.csr_matrix(past))]),
        kinds=_kind_numbers(vintages, withdrawn),
        least=np.zeros(counts.shape[1]),
    )
    end = printed.shape[0] + links.shape[0]
    return JointVintages(
        system=system,
        counts=counts,
        now=np.arange(size - present, size),
        withdrawn=np.flatnonzero(withdrawn >= 0),
        printed_by=[
            (number, cell) for number, vintage in enumerate(all_vintages) for cell in range(len(vintage.model.cells))
        ],
        links=slice(end - vintages[-1].model.links.shape[0], end),
    )


def _kind_numbers(vintages: Sequence[Vintage], withdrawn: np.ndarray) -> np.ndarray:
    """Return one number per unknown: equal for base cells of one vintage that differ only in their area.

    Withdrawn cases are grouped like the late cases of their base cell, but are separate kinds.
    """
    others = [name for name in COORDINATES if name != "area"]
    bases = [vintage.model.base[others].assign(vintage=number) for number, vintage in enumerate(vintages)]
    kinds = pd.concat(bases).groupby([*others, "vintage"], sort=False).ngroup().to_numpy()
    late = withdrawn[withdrawn >= 0]
    return np.concatenate([kinds, kinds[late] + int(kinds.max()) + 1])


def _counts(vintages: Sequence[Vintage], *, withdrawals: bool) -> tuple[sp.csr_matrix, np.ndarray]:
    """Return the counts of all vintages over the unknowns: present counts, less late and plus withdrawn cases.

    Returns:
        The counts, and for each unknown the index of the late cases that it reverses; -1 if it is no withdrawal.
    """
    keys = [vintage.model.base[list(COORDINATES)].to_numpy() for vintage in vintages]
    starts = np.cumsum([0, *(len(key) for key in keys)])
    laters = [_place_in_next(keys, starts, number) for number in range(len(keys) - 1)]
    tied = [np.flatnonzero(later >= 0) + start for later, start in zip(laters, starts, strict=False)]
    late = np.concatenate([np.zeros(0, dtype=np.int64), *tied])
    late = late if withdrawals else late[:0]
    size = int(starts[-1])
    width = size + len(late)
    taken_back = sp.csr_matrix((np.ones(len(late)), (late, np.arange(size, width))), shape=(size, width))
    counts = sp.csr_matrix(sp.eye(size, width))
    for number in range(len(keys) - 2, -1, -1):
        rows = np.arange(starts[number], starts[number + 1])
        later = laters[number]
        tied = np.flatnonzero(later >= 0)
        choose = sp.csr_matrix((np.ones(len(tied)), (tied, later[tied])), shape=(len(rows), size))
        signs = sp.diags_array(np.where(later >= 0, -1.0, 1.0))
        earlier = choose @ counts + signs @ sp.csr_matrix(sp.eye(size, width))[rows] + taken_back[rows]
        counts = sp.csr_matrix(sp.vstack([counts[: rows[0]], earlier, counts[rows[-1] + 1 :]]))
    return counts, np.concatenate([np.full(size, -1, dtype=np.int64), late])


def _place_in_next(keys: Sequence[np.ndarray], starts: np.ndarray, number: int) -> np.ndarray:
    """Return, per base cell of a vintage, its place in the next vintage that has it; -1 if none does."""
    later = np.full(len(keys[number]), -1, dtype=np.int64)
    for following in range(number + 1, len(keys)):
        places = _lookup(keys[number], keys[following])
        later = np.where((later < 0) & (places >= 0), places + starts[following], later)
    return later


def _pairs(links: sp.csr_matrix) -> np.ndarray:
    """Pair every unknown that adds to a row with those that subtract from it, or with a few of them if they are many.

    A part of few dimensions lies in a whole of hundreds of crosses: moving with each of them reveals little more than
    moving with a few, here and there, and thirty such parts would make up most of all moves.
    """
    pairs: list[np.ndarray] = [np.zeros((0, 2), dtype=np.int64)]
    for row, (start, end) in enumerate(zip(links.indptr[:-1], links.indptr[1:], strict=True)):
        columns, signs = links.indices[start:end], links.data[start:end]
        parts, wholes = columns[signs > 0], columns[signs < 0]
        if len(wholes) > MOST_WHOLES:
            wholes = wholes[(row + np.arange(MOST_WHOLES) * len(wholes) // MOST_WHOLES) % len(wholes)]
        pairs.append(np.column_stack([np.repeat(parts, len(wholes)), np.tile(wholes, len(parts))]))
    return np.concatenate(pairs)


@dataclass(frozen=True)
class VintageChanges:
    """The change between an earlier vintage and now, per cell printed in both.

    Attributes:
        rows: rows over the unknowns.
        cells: for each row the published cell of the present vintage.
    """

    rows: sp.csr_matrix
    cells: np.ndarray


def changes(vintages: Sequence[Vintage], joint: JointVintages) -> tuple[VintageChanges, VintageChanges]:
    """Return by how much each cell printed both now and earlier grew, and by how much it shrank.

    If cases may have been withdrawn, late and withdrawn cases can always be raised together: a reader sees only their
    difference, so the difference is asked about, in both directions.

    Args:
        vintages: oldest first.
        joint: their system.

    Returns:
        Late less withdrawn cases, and withdrawn less late ones; the second has no rows where none were withdrawn.
    """
    now = vintages[-1].model
    present = joint.over(now.matrix)
    blocks: list[sp.csr_matrix] = [sp.csr_matrix((0, joint.counts.shape[1]))]
    cells: list[np.ndarray] = [np.zeros(0, dtype=np.int64)]
    start = 0
    for vintage in vintages[:-1]:
        model, places = vintage.model, _places(vintage.model, now)
        then = np.flatnonzero(places >= 0)
        past = model.matrix[then] @ joint.counts[start : start + len(model.base)]
        blocks.append(sp.csr_matrix(present[places[then]] - past))
        cells.append(places[then])
        start += len(model.base)
    grown = sp.csr_matrix(sp.vstack(blocks))
    grown.eliminate_zeros()
    possible = np.diff(grown.indptr) > 0
    grown, places = sp.csr_matrix(grown[possible]), np.concatenate(cells)[possible]
    back = slice(None) if joint.withdrawn.size else slice(0)
    return VintageChanges(grown, places), VintageChanges(sp.csr_matrix(-grown[back]), places[back])
