"""What somebody knows of tables that are not shown, and the questions put to him about them.

Belongs here: the records of both. Does not belong here: making them from what is printed (`vintages`,
`attack_questions`), or the search (`attacker`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp


@dataclass(frozen=True)
class System:
    """What somebody knows: `lower <= rows x <= upper` for whole tables x >= least.

    Attributes:
        rows: printed cells and relations, over the unknown base counts of all vintages.
        lower: lower bound per row.
        upper: upper bound per row.
        pairs: two columns of unknowns that tend to move together (a part and its whole), one pair per row.
        kinds: a number per unknown; unknowns of one kind count the same thing in different leaf areas.
        least: least value of each unknown that somebody knows of (0 for the public).
    """

    rows: sp.csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    pairs: np.ndarray
    kinds: np.ndarray
    least: np.ndarray


@dataclass(frozen=True)
class Questions:
    """Questions for the attacker, one row each.

    Attributes:
        vectors: questions x unknowns.
        values: least number of values that the answer must be able to take; infinite: a wide interval does not help.
        enough: an answer that may be this or less is safe, however narrow the interval; -inf: no answer is.
    """

    vectors: sp.csr_matrix
    values: np.ndarray
    enough: np.ndarray

    def open(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Return which questions are unsafe given an interval per question."""
        is_wide = ~self.only_zero & (high - low >= self.values - 1)
        return ~is_wide & ~(low <= self.enough)

    @property
    def from_zero(self) -> np.ndarray:
        """Which questions a low enough answer settles."""
        return np.isfinite(self.enough)

    @property
    def only_zero(self) -> np.ndarray:
        """Which questions only a low enough answer settles."""
        return np.isinf(self.values)


@dataclass(frozen=True)
class Guess:
    """Guessed values of some unknowns; they need not agree with anything."""

    columns: np.ndarray
    values: np.ndarray
