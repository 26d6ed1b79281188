"""Derived figures: computed from protected counts, after protection, and never from true ones.

Belongs here: shares, ratios, rates and gaps. Does not belong here: medians (`methods/medians.py`), which indicator has
which (its card says so), or how a figure is printed.
"""

from __future__ import annotations

import numpy as np

PER = 100_000  # residents per unit of a rate
DECIMALS = 3  # a share of rounded counts carries no more information


def share(numerator: np.ndarray, denominator: np.ndarray, minimum_base: float | np.ndarray) -> np.ndarray:
    """Return numerator / denominator of protected counts.

    Args:
        numerator: protected counts; NaN if not printed.
        denominator: protected counts; NaN if not printed.
        minimum_base: the smallest protected denominator for which a share is computed (the card's `minimum_base`).

    Returns:
        Shares 0-1 with three decimals; NaN if the denominator is missing, zero or under `minimum_base`, or the
        numerator is missing. Clipped, because a numerator and a denominator may be rounded separately.
    """
    top, bottom = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    enough = (bottom >= minimum_base) & (bottom > 0)
    result = np.full(bottom.shape, np.nan)
    np.divide(top, bottom, out=result, where=enough)
    return np.round(np.clip(result, 0.0, 1.0), DECIMALS)


def ratio(numerator: np.ndarray, denominator: np.ndarray, minimum_base: float | np.ndarray) -> np.ndarray:
    """Return numerator / denominator of two units of count, e.g. cases per contact: not bounded by 1.

    Returns:
        Ratios with three decimals; NaN if either is missing, or the denominator is zero or under `minimum_base`.
    """
    top, bottom = np.asarray(numerator, dtype=float), np.asarray(denominator, dtype=float)
    result = np.full(bottom.shape, np.nan)
    np.divide(top, bottom, out=result, where=(bottom >= minimum_base) & (bottom > 0))
    return np.round(result, DECIMALS)


def rate(count: np.ndarray, population: np.ndarray, minimum_base: float | np.ndarray) -> np.ndarray:
    """Return protected counts per 100,000 residents.

    Returns:
        Rates with three decimals; NaN if the count is missing or under `minimum_base`, or there is no denominator.
    """
    events, residents = np.asarray(count, dtype=float), np.asarray(population, dtype=float)
    result = np.full(events.shape, np.nan)
    np.divide(events * PER, residents, out=result, where=(events >= minimum_base) & (residents > 0))
    return np.round(result, DECIMALS)


def relative_gap(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Return |left - right| over the mean of both.

    Returns:
        Gaps 0-2 with three decimals; 0 if both are 0; NaN if either is missing.
    """
    first, second = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    mean = (first + second) / 2
    result = np.where(np.isnan(mean), np.nan, 0.0)
    np.divide(np.abs(first - second), mean, out=result, where=mean > 0)
    return np.round(result, DECIMALS)
