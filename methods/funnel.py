"""Governorates in a funnel plot: which differ from the country by more than chance and their usual scatter.

Belongs here: limits of the count that each area would have at the overall rate, and which areas lie outside. Does not
belong here: the population of areas, sentences (the catalogues, `funnel.reason.<code>`), charts.

Limits are at 99.8 %: with 19 governorates, limits at 95 % flag one of them in half of all years by chance alone, these
in two of a hundred. An area outside is a question; it is neither good nor bad.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor
from typing import Final

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

FUNNEL_LEVEL: Final = 0.998
WINSORISED: Final = 0.10
LEAST_AREAS: Final = 10
"""With fewer areas the scatter between them cannot be estimated."""
REASONS: Final = ("too_few_areas", "no_events")
"""Why areas are not compared; each reason has a sentence in every language."""

_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Funnel:
    """Areas compared with the country; arrays in the order of the areas, NaN for an area without figures.

    Attributes:
        expected: events at the rate of all areas together.
        ratio: events over expected.
        lower: lower limit of the count, the lowest that the error of the counts allows.
        upper: upper limit, the highest likewise.
        is_low: whether the count, wherever it lies within its error, is below the lower limit.
        is_high: whether it is above the upper limit.
        dispersion: variance of the areas beyond chance, at least 1, by which the funnel is widened.
        reason: one of `REASONS` if areas are not compared: then no area is low or high.
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
    square of the standardised differences after the outermost tenth on each side is set to the next value (winsorised),
    so that outlying areas do not widen the funnel for themselves.

    Args:
        counts: events of each area; NaN if not printed.
        population: persons of each area; NaN or 0 if not known.
        error: greatest distance of each true count from the printed one (`base - 1`). An area is outside only if it is
            for every table of counts within it: their total and their scatter change too. Limits are the outermost of
            all such tables.
        level: confidence level of the limits.

    Raises:
        ValueError: a negative count or population.
    """
    events, persons = np.broadcast_arrays(
        np.asarray(counts, dtype=np.float64), np.asarray(population, dtype=np.float64)
    )
    if (events < 0).any() or (persons < 0).any():
        message = "a count or a population is below 0: mend the table first"
        raise ValueError(message)
    wide = np.broadcast_to(np.asarray(error, dtype=np.float64), events.shape)
    least, most = np.maximum(events - wide, 0), events + wide
    known = ~np.isnan(events) & (persons > 0)
    reason = "too_few_areas" if known.sum() < LEAST_AREAS else None if least[known].sum() > 0 else "no_events"
    if reason:
        none, never = np.full(events.shape, np.nan), np.zeros(events.shape, dtype=bool)
        return Funnel(none, none, none, none, never, never, 1.0, reason)
    share = np.where(known, persons, np.nan) / persons[known].sum()
    expected = share * events[known].sum()
    dispersion = max(1.0, winsorised_dispersion(events[known], expected[known]))
    limits = _Limits(least[known], most[known], share[known], (1 - level) / 2)
    lower, upper = np.full(events.shape, np.nan), np.full(events.shape, np.nan)
    lower[known], upper[known] = limits.outermost()
    return Funnel(expected, events / expected, lower, upper, most < lower, least > upper, dispersion)


@dataclass(frozen=True)
class _Limits:
    """The limits of all tables of counts within their error, total by total: each total has its own expected counts."""

    least: _Floats
    most: _Floats
    share: _Floats
    tail: float

    def outermost(self) -> tuple[_Floats, _Floats]:
        """Return the lowest lower and the highest upper limit of each area, of any total of whole counts."""
        first, last = self.least.sum(), self.most.sum()
        totals = np.unique([first, *np.arange(ceil(first), floor(last) + 1), last])
        expected = np.outer(totals[totals > 0], self.share)
        root = np.sqrt(np.maximum(1.0, self._greatest_dispersion(expected)))[:, None]
        lowest, highest = (scipy.stats.poisson.ppf(chance, expected) for chance in (self.tail, 1 - self.tail))
        lower, upper = (expected + root * (limit - expected) for limit in (lowest, highest))
        return np.maximum(lower.min(axis=0), 0.0), upper.max(axis=0)

    def _greatest_dispersion(self, expected: _Floats) -> _Floats:
        """Return a dispersion of each total that counts within their error cannot exceed.

        A winsorised difference rises with each difference, and a difference with its count: so each square is at most
        the larger of those at the two ends.
        """
        low, high = ((counts - expected) / np.sqrt(expected) for counts in (self.least, self.most))
        return np.asarray(np.maximum(_winsorise(low) ** 2, _winsorise(high) ** 2).mean(axis=1))


def winsorised_dispersion(events: _Floats, expected: _Floats) -> float:
    """Return the mean square of the standardised differences, the outermost tenth on each side set to the next."""
    return float((_winsorise((events - expected) / np.sqrt(expected)) ** 2).mean())


def _winsorise(differences: _Floats) -> _Floats:
    low, high = np.quantile(differences, [WINSORISED, 1 - WINSORISED], axis=-1, keepdims=True)
    return np.clip(differences, low, high)
