"""Governorates in a funnel: which differ from the country by more than chance and their usual scatter.

Here: limits of the count that each area would have at the rate of all, and which areas lie outside. Not here: the
population of areas, sentences (the catalogues, `funnel.reason.<code>`), charts.

Limits are at 99.8 %: with 19 governorates, limits at 95 % flag one of them in half of all years by chance alone, these
in two of a hundred. An area outside is asked about; it is neither good nor bad.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

FUNNEL_LEVEL: Final = 0.998
WINSORISED: Final = 0.10
LEAST_AREAS: Final = 10
"""Fewer tell nothing of the scatter between areas."""
REASONS: Final = ("too_few_areas", "no_events")
"""Why areas are not compared; each has its sentence in every language."""

_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Funnel:
    """Areas against the country; arrays in the order of the areas, NaN for an area without figures.

    Attributes:
        expected: events at the rate of all areas together.
        ratio: events over expected.
        lower: lower limit of the count.
        upper: upper limit.
        is_low: whether the count lies below its lower limit.
        is_high: whether it lies above its upper limit.
        dispersion: variance of the areas beyond chance, at least 1, by which the funnel is widened.
        reason: one of `REASONS` where areas are not compared: then no area is low or high.
    """

    expected: _Floats
    ratio: _Floats
    lower: _Floats
    upper: _Floats
    is_low: NDArray[np.bool_]
    is_high: NDArray[np.bool_]
    dispersion: float
    reason: str | None = None


def funnel(counts: ArrayLike, population: ArrayLike, *, error: ArrayLike = 0, level: float = FUNNEL_LEVEL) -> Funnel:
    """Return the funnel of areas.

    Spiegelhalter (2005), Funnel plots for comparing institutional performance, Statistics in Medicine 24: exact Poisson
    limits around the expected count. Their distance from it is multiplied by the root of the dispersion, the mean
    square of the standardised differences after the outermost tenth on each side was set to the next (winsorised), so
    that the very areas that stand out do not widen the funnel for themselves.

    Args:
        counts: events of each area; NaN where not printed.
        population: persons of each area; NaN or 0 where not known.
        error: each true count lies at most so far away (`base - 1`); an area is outside only if all such counts are.
        level: of the limits.

    Raises:
        ValueError: a negative count or population.
    """
    events, persons = np.broadcast_arrays(
        np.asarray(counts, dtype=np.float64), np.asarray(population, dtype=np.float64)
    )
    if (events < 0).any() or (persons < 0).any():
        message = "a count or a population is below 0: mend the table first"
        raise ValueError(message)
    known = ~np.isnan(events) & (persons > 0)
    reason = "too_few_areas" if known.sum() < LEAST_AREAS else None if events[known].sum() > 0 else "no_events"
    if reason:
        none, never = np.full(events.shape, np.nan), np.zeros(events.shape, dtype=bool)
        return Funnel(none, none, none, none, never, never, 1.0, reason)
    expected = np.where(known, persons, np.nan) * events[known].sum() / persons[known].sum()
    dispersion = max(1.0, winsorised_dispersion(events[known], expected[known]))
    tail = (1 - level) / 2
    lowest, highest = (stats.poisson.ppf(share, expected) for share in (tail, 1 - tail))
    lower = np.maximum(expected - (expected - lowest) * np.sqrt(dispersion), 0.0)
    upper = expected + (highest - expected) * np.sqrt(dispersion)
    is_low, is_high = events + error < lower, events - error > upper
    return Funnel(expected, events / expected, lower, upper, is_low, is_high, dispersion)


def winsorised_dispersion(events: _Floats, expected: _Floats) -> float:
    """Return the mean square of the standardised differences, the outermost tenth on each side set to the next."""
    differences = (events - expected) / np.sqrt(expected)
    low, high = np.quantile(differences, [WINSORISED, 1 - WINSORISED])
    return float((np.clip(differences, low, high) ** 2).mean())
