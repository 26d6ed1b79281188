"""A word for a trend over several years: rising or falling only if at least five comparable years support it.

Belongs here: the trend of yearly counts, or of rates over a population, and why there is no word. Does not belong here:
two years (`breaks.py`), which years are comparable (the indicator's card: law, holder, definition), sentences (the
catalogues, `trend.<word>` and `trend.reason.<code>`).

The usual answer is `no_reliable_trend`. It does not mean that nothing changed: with six years and the usual scatter of
national totals, a rise of a tenth each year is found in one series of three or four.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from methods.intervals import LEAST_RELIABLE, LEVEL

TrendWord = Literal["rising", "falling", "no_reliable_trend"]
WORDS: Final[tuple[TrendWord, ...]] = ("rising", "falling", "no_reliable_trend")

LEAST_YEARS: Final = 5
LEAST_YEARS_WITH_EVENTS: Final = 3
"""If all events are in the first or the last year, the trend is not finite."""
REASONS: Final = ("too_few_years", "too_few_events", "within_scatter")
"""Why there is no word; each reason has a sentence in every language."""

_ALL_ENDS = 10
_STEPS = 50
_CLOSE = 1e-12

_Floats = NDArray[np.float64]


@dataclass(frozen=True)
class YearlyTrend:
    """The trend of a series.

    Attributes:
        word: `no_reliable_trend` whenever there is a reason.
        reason: one of `REASONS`, or None if there is a word.
        years: comparable years used.
        factor: factor between the expected figures of successive years; None with too few years or events.
        lower: lower limit of the factor.
        upper: upper limit.
        dispersion: Pearson's statistic over its degrees of freedom; 1 for Poisson.
        p_value: p-value of no trend.
    """

    word: TrendWord
    reason: str | None
    years: tuple[int, ...]
    factor: float | None = None
    lower: float | None = None
    upper: float | None = None
    dispersion: float | None = None
    p_value: float | None = None


def yearly_trend(
    years: ArrayLike,
    counts: ArrayLike,
    *,
    population: ArrayLike = 1.0,
    breaks: Iterable[int] = (),
    error: ArrayLike = 0,
    level: float = LEVEL,
) -> YearlyTrend:
    """Return the trend of the years since the latest break, by quasi-Poisson regression with t.

    log(mean) = a + b year + log(population); Wedderburn (1974), Quasi-likelihood functions, Biometrika 61; McCullagh
    and Nelder (1989), Generalized Linear Models, 4.5: the variance is that of Poisson times Pearson's dispersion, and b
    over its standard error has a t distribution with years - 2 degrees of freedom. A dispersion below 1 counts as 1:
    figures more even than chance add no certainty. Plain Poisson regression finds a trend where there is none in 15 to
    32 of 100 series.

    Args:
        years: calendar years, whole and comparable except for `breaks`.
        counts: events; NaN if not printed.
        population: persons at risk of each year, for a trend of rates.
        breaks: first years of another law, holder or definition: years before the latest are left out.
        error: greatest distance of each true count from the printed one (`base - 1`), for each year or for all. A word
            is given only if it holds wherever the counts lie within it: its limits are the outermost over all ways of
            moving each count to one of its ends (beyond `_ALL_ENDS` years over those that turn at most twice).
        level: confidence level.

    Raises:
        ValueError: a year twice, a count below 0, or a population that is not above 0.
    """
    when, events, persons, wide = _series(years, counts, population, error)
    used = ~np.isnan(events) & (when >= max(breaks, default=-np.inf))
    when, events, persons, wide = when[used], events[used], persons[used], wide[used]
    names = tuple(int(year) for year in when)
    if len(names) < LEAST_YEARS:
        return YearlyTrend("no_reliable_trend", "too_few_years", names)
    if (events - wide).sum() < LEAST_RELIABLE or (events > 0).sum() < LEAST_YEARS_WITH_EVENTS:
        return YearlyTrend("no_reliable_trend", "too_few_events", names)
    factor, lower, upper, dispersion, p_value = (
        float(fitted[0]) for fitted in _fit_trends(when, events[None], persons, level)
    )
    lower, upper = _outermost(when, events, persons, wide, level, (lower, upper))
    word: TrendWord = "rising" if lower > 1 else "falling" if upper < 1 else "no_reliable_trend"
    reason = "within_scatter" if word == "no_reliable_trend" else None
    return YearlyTrend(word, reason, names, factor, lower, upper, dispersion, p_value)


def _series(
    years: ArrayLike, counts: ArrayLike, population: ArrayLike, error: ArrayLike
) -> tuple[_Floats, _Floats, _Floats, _Floats]:
    when, events, persons, wide = np.broadcast_arrays(
        *(np.asarray(values, dtype=np.float64) for values in (years, counts, population, error))
    )
    if len(np.unique(when)) < len(when) or (events < 0).any() or not (persons > 0).all():
        message = "a year stands twice, a count is below 0, or a population is not above 0: mend the series first"
        raise ValueError(message)
    order = np.argsort(when)
    return when[order], events[order], persons[order], wide[order]


def _outermost(
    when: _Floats, events: _Floats, persons: _Floats, wide: _Floats, level: float, limits: tuple[float, float]
) -> tuple[float, float]:
    """Return the outermost limits of the series within its error; all ends are tried only if a word is possible."""
    lower, upper = limits
    if not wide.any():
        return lower, upper
    tilt = np.sign(when - when.mean())
    for moves in (np.array([tilt, -tilt]), _extreme_moves(len(when))):
        if lower <= 1 <= upper:
            break
        _, lowest, highest, _, _ = _fit_trends(when, np.maximum(events + moves * wide, 0), persons, level)
        lower, upper = min(lower, float(lowest.min())), max(upper, float(highest.max()))
    return lower, upper


def _extreme_moves(years: int) -> _Floats:
    """Return ways of moving each year up or down, one per row."""
    if years <= _ALL_ENDS:
        return np.array(list(product((-1.0, 1.0), repeat=years)))
    place = np.arange(years)
    turns = [(place >= first) & (place < last) for first in range(years) for last in range(first + 1, years + 1)]
    return np.concatenate([np.where(turns, 1.0, -1.0), np.where(turns, -1.0, 1.0)])


def _fit_trends(
    when: _Floats, events: _Floats, persons: _Floats, level: float
) -> tuple[_Floats, _Floats, _Floats, _Floats, _Floats]:
    """Return yearly factor, limits, dispersion and p-value of each row of `events`; Newton's method from a flat line.

    For a given slope the level follows from the total, so only the score of the slope has to vanish. It falls with the
    slope, so steps stay within the range in which it changes its sign.
    """
    centred = when - when.mean()
    low, high = np.full(len(events), -50.0 / np.ptp(when)), np.full(len(events), 50.0 / np.ptp(when))
    slope, total, mean = np.zeros(len(events)), events.sum(axis=1, keepdims=True), events
    for _ in range(_STEPS):
        shares = persons * np.exp(slope[:, None] * centred)
        mean = total * shares / shares.sum(axis=1, keepdims=True)
        score = ((events - mean) * centred).sum(axis=1)
        low, high = np.where(score > 0, slope, low), np.where(score > 0, high, slope)
        step = score / _information(mean, centred)
        if (np.abs(step) < _CLOSE).all():
            break
        newer = slope + step
        slope = np.where((low < newer) & (newer < high), newer, (low + high) / 2)
    freedom = len(when) - 2
    dispersion = ((events - mean) ** 2 / mean).sum(axis=1) / freedom
    deviation = np.sqrt(np.maximum(dispersion, 1.0) / _information(mean, centred))
    half = float(scipy.stats.t.ppf((1 + level) / 2, freedom)) * deviation
    p_value = 2 * scipy.stats.t.sf(np.abs(slope) / deviation, freedom)
    return np.exp(slope), np.exp(slope - half), np.exp(slope + half), dispersion, p_value


def _information(mean: _Floats, centred: _Floats) -> _Floats:
    """Return Fisher's information of each slope once the level is fitted: the weighted variance of the years."""
    middle = (mean * centred).sum(axis=1, keepdims=True) / mean.sum(axis=1, keepdims=True)
    return (mean * (centred - middle) ** 2).sum(axis=1)
