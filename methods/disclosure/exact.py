"""When a national one-way table may be printed exactly.

Belongs here: the one condition. Does not belong here: which tables are national and one-way (the dataset's card says
so).
"""

from __future__ import annotations

import numpy as np


def is_exact_allowed(values: np.ndarray, minimum: int = 11, previous: np.ndarray | None = None) -> bool:
    """Return whether a one-way table may be printed exactly: every category holds at least `minimum` units.

    Two categories below the minimum could be recovered from the exact ones by subtraction, so all must reach it. A cell
    that was printed exactly before and has changed since reveals its late cases by subtraction, so each change must be
    zero or reach the minimum as well.

    Args:
        values: the true counts of all categories of the table and of their total: an exact table makes its total exact.
        minimum: the smallest count that may be printed exactly.
        previous: what the last release printed exactly for the same cells, or what its exact tables added up to; NaN if
            it did not.
    """
    counts = np.asarray(values, dtype=float)
    if not len(counts) or not bool((counts >= minimum).all()):
        return False
    if previous is None:
        return True
    change = np.abs(counts - np.asarray(previous, dtype=float))
    return bool((np.isnan(change) | (change == 0) | (change >= minimum)).all())
