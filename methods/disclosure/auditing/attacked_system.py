"""What somebody knows of tables that are not shown, and what he is asked about them.

Here: the records of both. Not here: making them from what is printed (`vintages`, `attack_questions`), or the search
(`attacker`).
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
        least: what somebody knows to be the least value of each unknown (0 for the public).
    """

    rows: sp.csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    pairs: np.ndarray
    kinds: np.ndarray
    least: np.ndarray


@dataclass(frozen=True)
class Questions:
    """What the attacker is asked, one row each.

    Attributes:
        vectors: questions x unknowns.
        values: how many values the answer must at least be able to take; infinite: a wide interval does not help.
        enough: an answer that may be this or less is safe, however narrow the interval; -inf: none is.
    """

    vectors: sp.csr_matrix
    values: np.ndarray
    enough: np.ndarray

    def open(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Which questions an interval per question leaves unsafe."""
        is_wide = ~self.only_zero & (high - low >= self.values - 1)
        return ~is_wide & ~(low <= self.enough)

    @property
    def from_zero(self) -> np.ndarray:
        """Which questions a low enough answer settles."""
        return np.isfinite(self.enough)

    @property
    def only_zero(self) -> np.ndarray:
        """Which questions nothing but a low enough answer settles."""
        return np.isinf(self.values)


@dataclass(frozen=True)
class Guess:
    """What some unknowns may be; it need agree with nothing."""

    columns: np.ndarray
    values: np.ndarray
