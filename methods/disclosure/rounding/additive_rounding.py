"""Jointly additive controlled rounding: every printed count a multiple of the base, all tables adding up at once.

Belongs here: the keyed preference of each cell, stickiness to what was printed before, and the ladder of what is given
up if not everything can be satisfied. Does not belong here: the integer programme (`rounding_program`), what may be
printed exactly (`exact`), whether the result is safe (`audit`, which knows nothing of this module).

Zero-restricted controlled rounding after Cox (1987), A constructive procedure for unbiased controlled rounding, and
Salazar-González (2006), Controlled rounding and cell perturbation; joint over linked tables.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import scipy.sparse as sp

from methods.disclosure.rounding.rounding_program import PublishedLinks, programme, published_links, solve
from methods.disclosure.same_counts import sums_of_same_counts
from methods.disclosure.table_model import TableModel

STICKY_WEIGHT = 1000.0  # one kept figure is worth more than all random preferences of its neighbours
UNIT = 2.0**64
# The fields that key the draw of a cell, besides the label, in this fixed order: another order, or one more coordinate,
# rounds every cell anew, and two roundings of one count reveal more than one. Codes only: no column name is included.
KEYED_BY = ("measure", "area", "sex", "age", "form", "article", "holder", "citizenship", "cust_breakdown")


_Bounds = tuple[np.ndarray, np.ndarray]
"""The least and the greatest multiple of each published cell."""


class RoundingImpossible(Exception):  # noqa: N818  named by what happened
    """Even without relations, the published cells cannot all be rounded to a neighbouring multiple and add up."""


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: which relations bind, and whether unpublished crosses must stay at or above 0."""

    links: Literal["base", "published", "none"]
    nonnegative: bool


LADDER = (
    Rung("base", nonnegative=True),  # a whole rounded table exists, part <= whole in each of its base cells
    Rung("published", nonnegative=True),  # part <= whole only where a reader can compare them
    Rung("published", nonnegative=False),  # printed tables add up, though only negative crosses explain them
    Rung("none", nonnegative=False),  # a printed part may exceed its printed whole; shares are clipped to 1
)


@dataclass(frozen=True)
class WantedCells:
    """What is wanted of the published cells of a block besides sums; None: nothing.

    Attributes:
        previous: what was printed last per published cell; NaN if nothing was.
        exact: published cells that will be printed exactly. They enter the sums by their rounded value, are returned
            true, and keep the relations: no rounded part above an exact whole, nor the reverse.
        avoided: per published cell a printed value that revealed too much, so that the other neighbour must be printed;
            NaN if there is none. A true multiple has no other neighbour and stays.
        same: per published cell the one whose figure (`same_counts`) and draw it has; None: each its own. Cells that
            are the same must have the same `previous`, `exact` and `avoided`.
        is_held: whether what was printed before stays even if a relation has to be given up for it.
    """

    previous: np.ndarray | None = None
    exact: np.ndarray | None = None
    avoided: np.ndarray | None = None
    same: np.ndarray | None = None
    is_held: bool = False


@dataclass(frozen=True)
class _Task:
    """What every rung needs: the true counts, what is exact, and the visible links.

    Attributes:
        same: per published cell the one whose figure it has.
        equal: rows over base cells that are 0 if each cell has the figure of that one.
    """

    model: TableModel
    true: np.ndarray
    exact: np.ndarray
    links: PublishedLinks
    same: np.ndarray
    equal: sp.csr_matrix
    base: int
    avoided: np.ndarray

    @property
    def below(self) -> np.ndarray:
        return np.floor_divide(self.true, self.base)

    @property
    def above(self) -> np.ndarray:
        return -np.floor_divide(-self.true, self.base)

    @property
    def floor(self) -> np.ndarray:
        return np.where(self.avoided == self.below * self.base, self.above, self.below)

    @property
    def ceiling(self) -> np.ndarray:
        return np.where(self.avoided == self.above * self.base, self.below, self.above)


def controlled_rounding(
    model: TableModel,
    true_base: np.ndarray,
    *,
    base: int = 5,
    key: bytes,
    label: str,
    wanted: WantedCells | None = None,
) -> np.ndarray:
    """Round all published cells of a block together.

    Each printed value lies strictly within `base` of its true one (true multiples stay), all tables add up, and the
    relations of the block hold. Among those roundings a cell prefers the upper multiple with a probability equal to its
    fraction, drawn from HMAC(key, label and coordinates): never plain nearest, which would halve the attacker's
    interval, and never redrawn, which would let vintages be averaged. Values printed before are kept: all that are
    still valid, if the tables then add up; else as many as the limited search finds, each worth more than all
    preferences of its neighbours. If no such table exists, the ladder gives up, in this order: relations in crosses
    nobody sees; unpublished crosses at or above 0; relations. The distance to the true value is never given up, nor
    that one count is one figure.

    Args:
        model: the block of one year.
        true_base: true counts per base cell, whole and not negative.
        base: the rounding base.
        key: the secret of the release series.
        label: names block and year, so that equal coordinates of two years get separate draws.
        wanted: what is wanted of single cells.

    Returns:
        Whole numbers per published cell: multiples of `base`, true values where `exact`.

    Raises:
        ValueError: the true counts are negative, not whole, or do not keep the relations.
        RoundingImpossible: no rung of the ladder holds.
    """
    counts = _check_counts(model, true_base)
    wanted, size = wanted or WantedCells(), len(model.cells)
    flags = np.zeros(size, dtype=bool) if wanted.exact is None else np.asarray(wanted.exact, dtype=bool)
    avoided = np.full(size, np.nan) if wanted.avoided is None else np.asarray(wanted.avoided, dtype=float)
    same = np.arange(size) if wanted.same is None else wanted.same
    equal = sums_of_same_counts(model, same)
    task = _Task(model, model.matrix @ counts, flags, published_links(model), same, equal, base, avoided)
    earlier = _previous_multiples(task, wanted.previous)
    cost, offset = _cost(task, earlier, key, label)
    slack = None if np.isnan(earlier).all() else STICKY_WEIGHT / 2  # near enough never costs a kept value
    for rung, bounds in _attempts(task, earlier, is_held=wanted.is_held):
        multiples = _attempt(task, rung, bounds, (cost, offset), slack)
        if multiples is not None:
            return np.where(flags, task.true, multiples * base)
    raise RoundingImpossible(f"{label}: no rounding to base {base} keeps all published sums")


def _check_counts(model: TableModel, true_base: np.ndarray) -> np.ndarray:
    counts = np.asarray(true_base, dtype=float)
    if counts.shape != (len(model.base),) or not np.isfinite(counts).all() or (counts < 0).any():
        raise ValueError("true counts must be one number per base cell, none missing, none negative")
    if (counts != np.rint(counts)).any():
        raise ValueError("true counts must be whole")
    linked = model.links @ counts
    if (linked > model.link_upper).any() or (linked < model.link_lower).any():
        raise ValueError("true counts do not keep the relations of the block")
    return counts.astype(np.int64)


def _previous_multiples(task: _Task, previous: np.ndarray | None) -> np.ndarray:
    """Return the multiples printed before that are still valid roundings; NaN elsewhere."""
    if previous is None:
        return np.full(len(task.true), np.nan)
    before = np.asarray(previous, dtype=float) / task.base
    legal = ((before == task.floor) | (before == task.ceiling)) & ~task.exact
    return np.where(legal, before, np.nan)


def _cost(task: _Task, earlier: np.ndarray, key: bytes, label: str) -> tuple[np.ndarray, float]:
    """Return the cost per base cell, and the offset that makes the cost 0 if every cell goes where it prefers.

    A cell is at its floor or at its ceiling, so being on the wrong side is linear in the cell, and so in its base.
    """
    draws = np.array([_draw(key, label, row) for row in task.model.cells[list(KEYED_BY)].itertuples(index=False)])
    draws = draws[task.same]
    fraction = task.true / task.base - task.below
    up = np.where(np.isnan(earlier), draws[:, 0] < fraction, earlier == task.ceiling)
    weight = np.where(np.isnan(earlier), 1.0 + draws[:, 1], STICKY_WEIGHT)
    signed = np.where(task.ceiling > task.floor, np.where(up, -weight, weight), 0.0)
    return task.model.matrix.T @ signed, -float(signed @ np.where(up, task.ceiling, task.floor))


def _draw(key: bytes, label: str, coordinates: tuple[str, ...]) -> tuple[float, float]:
    """Return two numbers in [0, 1) that only the holder of the key can predict: the direction, and its weight."""
    digest = hmac.new(key, "|".join((label, *coordinates)).encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8]) / UNIT, int.from_bytes(digest[8:16]) / UNIT


def _attempts(task: _Task, earlier: np.ndarray, *, is_held: bool) -> Iterator[tuple[Rung, _Bounds]]:
    """Yield what to try, rung by rung; if earlier values must stay, every rung with them before any without."""
    tried = [(rung, _bounds(task, rung, earlier)) for rung in LADDER]
    if is_held:
        yield from ((rung, bounds) for rung, (bounds, *others) in tried if others)
        tried = [(rung, bounds[-1:]) for rung, bounds in tried]
    yield from ((rung, bounds) for rung, choices in tried for bounds in choices)


def _bounds(task: _Task, rung: Rung, earlier: np.ndarray) -> list[_Bounds]:
    """Return the bounds to try: all valid earlier values fixed, then all valid values."""
    floor, ceiling = task.floor, task.ceiling
    if rung.links != "none":
        floor, ceiling = _limit_beside_exact(task, floor, ceiling)
    fixed = ~np.isnan(earlier) & (earlier >= floor) & (earlier <= ceiling)
    free = (floor, ceiling)
    if not fixed.any():
        return [free]
    return [(np.where(fixed, earlier, floor), np.where(fixed, earlier, ceiling)), free]


def _limit_beside_exact(task: _Task, floor: np.ndarray, ceiling: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keep rounded parts within their exact whole, rounded wholes above their exact part; exact pairs are unchanged."""
    floor, ceiling = floor.copy(), ceiling.copy()
    for whole, part in zip(task.links.whole, task.links.part, strict=True):
        if part < 0 or task.exact[whole] == task.exact[part]:
            continue
        if task.exact[whole]:
            ceiling[part] = min(ceiling[part], task.true[whole] // task.base)
        else:
            floor[whole] = max(floor[whole], -(-task.true[part] // task.base))
    return floor, ceiling


def _attempt(
    task: _Task,
    rung: Rung,
    bounds: _Bounds,
    cost: tuple[np.ndarray, float],
    slack: float | None,
) -> np.ndarray | None:
    rows, lower = _links(task, rung)
    problem = programme(task.model, *bounds, rows, lower, nonnegative=rung.nonnegative)
    solution = solve(problem, *cost, slack)
    return None if solution is None else task.model.matrix @ solution


def _links(task: _Task, rung: Rung) -> tuple[sp.csr_matrix, np.ndarray]:
    rows, lower = {
        "base": (sp.csr_matrix(task.model.links, dtype=float), task.model.link_lower),
        "published": (task.links.rows, task.links.lower),
        "none": (task.equal[:0], np.zeros(0)),
    }[rung.links]
    return sp.csr_matrix(sp.vstack([rows, task.equal])), np.append(lower, np.zeros(task.equal.shape[0]))
