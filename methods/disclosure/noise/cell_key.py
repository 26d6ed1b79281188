"""Cell keys: the same cell gets the same noise in every custom table, without storing it.

Belongs here: the table of noise, record keys, cell keys, the noisy counts, and what a printed one reveals. Does not
belong here: who may ask for what, or whether an answer is safe together with all releases
(`expectations/custom/custom_tables.py`). Noisy counts do not add up.

Method of Fraser and Wooton (2005), A proposed method for confidentialising tabular output to protect against
differencing; noise of greatest entropy after Marley and Leaver (2011) and Giessing (2016).
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import scipy

DEVIATION = 5  # no count is printed further from the true one
VARIANCE = 2.0
FORBIDDEN = (1, 2)  # never printed: a reader takes what looks like one person for one
RANGE = 2**64
TOLERANCE = 1e-7


@dataclass(frozen=True)
class NoiseTable:
    """The probability of each change.

    Attributes:
        changes: from `-deviation` to `deviation`.
        chances: counts x changes: row i is for a count of i, the last row for all greater ones. 0 stays 0.
    """

    changes: np.ndarray
    chances: np.ndarray

    def change(self, counts: np.ndarray, draws: np.ndarray) -> np.ndarray:
        """Return the change of each count for its draw from [0, 1)."""
        rows = np.minimum(np.asarray(counts, dtype=np.int64), len(self.chances) - 1)
        steps = np.cumsum(self.chances, axis=1)[rows]
        place = (np.asarray(draws, dtype=float)[:, None] >= steps - TOLERANCE / len(self.changes)).sum(axis=1)
        last = np.array([np.flatnonzero(self.chances[row] > 0).max() for row in rows], dtype=np.int64)
        return self.changes[np.minimum(place, last)]


@lru_cache(maxsize=4)
def noise_table(
    deviation: int = DEVIATION, variance: float = VARIANCE, forbidden: tuple[int, ...] = FORBIDDEN
) -> NoiseTable:
    """Return the noise of greatest entropy with mean 0 and the given variance, nothing negative, nothing forbidden.

    Raises:
        ValueError: no such noise exists for some count.
    """
    changes = np.arange(-deviation, deviation + 1)
    rows = [np.where(changes == 0, 1.0, 0.0)]
    for count in range(1, deviation + max(forbidden, default=0) + 2):
        allowed = (count + changes >= 0) & ~np.isin(count + changes, list(forbidden))
        chances = np.zeros(len(changes))
        chances[allowed] = _most_even_chances(changes[allowed].astype(float), variance, count)
        rows.append(chances)
    return NoiseTable(changes, np.vstack(rows))


class CountRanges(NamedTuple):
    """The least and the greatest count that each printed figure can stand for."""

    least: np.ndarray
    greatest: np.ndarray


def origins(printed: np.ndarray, deviation: int = DEVIATION) -> CountRanges:
    """Return the counts that each printed figure can stand for.

    The table of noise is public, so a reader knows more than the deviation: no zero is printed as anything else, and
    some changes of the smallest counts have probability 0. For a figure that no count is printed as: its deviation.
    """
    table, values = noise_table(deviation), np.asarray(printed, dtype=float)
    counts = np.arange(len(table.chances) + 2 * deviation)
    rows = np.minimum(counts, len(table.chances) - 1)
    ranges: dict[float, tuple[float, float]] = {}
    for value in np.unique(values):
        changes = np.clip(value - counts + deviation, -1, 2 * deviation + 1).astype(np.int64)
        inside = (changes >= 0) & (changes <= 2 * deviation)
        chances = np.where(inside, table.chances[rows, np.clip(changes, 0, 2 * deviation)], 0.0)
        behind = counts[chances > TOLERANCE] if value < len(table.chances) else counts[:0]
        whole = (max(value - deviation, 0.0), value + deviation)
        ranges[float(value)] = (float(behind.min()), float(behind.max())) if len(behind) else whole
    ends = np.array([ranges[figure] for figure in values.tolist()]).reshape(-1, 2)
    return CountRanges(ends[:, 0], ends[:, 1])


def _most_even_chances(changes: np.ndarray, variance: float, count: int) -> np.ndarray:
    """Return the probabilities of greatest entropy with mean 0 and this variance: of the form exp(a v + b v^2)."""
    squares = changes**2
    least: scipy.optimize.OptimizeResult = scipy.optimize.linprog(
        squares, A_eq=np.vstack([np.ones_like(changes), changes]), b_eq=[1.0, 0.0]
    )
    narrowest = float(squares @ least.x) if least.success else np.inf
    if narrowest > variance + TOLERANCE:
        raise ValueError(f"no noise of variance {variance} for a count of {count}")
    if narrowest > variance - TOLERANCE:
        return np.asarray(least.x)  # the only one there is
    features = np.vstack([changes, squares - variance])

    def spread(weights: np.ndarray) -> tuple[float, np.ndarray]:
        powers = weights @ features
        top = float(powers.max())
        parts = np.exp(powers - top)
        return top + float(np.log(parts.sum())), features @ parts / parts.sum()

    solution: scipy.optimize.OptimizeResult = scipy.optimize.minimize(
        spread, np.array([0.0, -0.1]), jac=True, method="BFGS", options={"gtol": 1e-10}
    )
    parts = np.exp(solution.x @ features - (solution.x @ features).max())
    chances = parts / parts.sum()
    if np.abs(features @ chances).max() > 1e-5:
        raise ValueError(f"no noise of variance {variance} for a count of {count}")
    return chances


def record_key(key: bytes, name: str) -> int:
    """Return the key of one name: a whole number that only the holder of the series key can predict."""
    return int.from_bytes(hmac.new(key, b"record|" + name.encode(), hashlib.sha256).digest()[:8])


def cell_key(key: bytes, facts: Iterable[str]) -> float:
    """Return the key of a cell from the facts in it: a number in [0, 1), the same in whatever table it appears.

    Only the person part of a fact counts, that is, the text before the first `|`: the case behind it may become known
    later, which is no new person and must cause no second draw. A person who is in a cell twice counts as two.
    """
    persons = Counter(fact.partition("|")[0] for fact in facts)
    names = (f"{person}|{place}" if place else person for person, times in persons.items() for place in range(times))
    return (sum(record_key(key, name) for name in names) % RANGE) / RANGE


def perturb(table: NoiseTable, key: bytes, cells: Sequence[Sequence[str]]) -> np.ndarray:
    """Return the noisy count of each cell.

    Args:
        table: table of noise.
        key: the secret of the series.
        cells: the keys of the facts in each; a fact is in a cell once.
    """
    counts = np.array([len(cell) for cell in cells], dtype=np.int64)
    draws = np.array([cell_key(key, cell) for cell in cells], dtype=float)
    return counts + table.change(counts, draws)
