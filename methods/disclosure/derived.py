"""Derived figures: what is computed from protected counts, after protection, and never from true ones.

Here: shares and gaps. Not here: which indicator has which (its card says so), nor how a figure is printed.
"""

from __future__ import annotations

import numpy as np

DECIMALS = 3  # a share of rounded counts carries no more information than that


def share(numerator: np.ndarray, denominator: np.ndarray, minimum_base: float) -> np.ndarray:
    """Numerator / denominator of protected counts.

    Args:
        numerator: protected counts; NaN where not printed.
        denominator: protected counts; NaN where not printed.
        minimum_base: the smallest protected denominator that carries a share (the card's `minimum_base`).

    Returns:
        Shares 0-1 with three decimals; NaN where the denominator is missing, zero or under `minimum_base`, or the
        numerator is missing. Clipped, because a numerator and a denominator may be rounded apart.
    """
    top, bottom = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    enough = (bottom >= minimum_base) & (bottom > 0)
    result = np.full(bottom.shape, np.nan)
    np.divide(top, bottom, out=result, where=enough)
    return np.round(np.clip(result, 0.0, 1.0), DECIMALS)


def relative_gap(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """|left - right| over the mean of both.

    Returns:
        Gaps 0-2 with three decimals; 0 where both are 0; NaN where either is missing.
    """
    first, second = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    mean = (first + second) / 2
    result = np.where(np.isnan(mean), np.nan, 0.0)
    np.divide(np.abs(first - second), mean, out=result, where=mean > 0)
    return np.round(result, DECIMALS)
