"""Whether a figure changed between two years: a direction only if the interval of the change excludes no change.

Belongs here: comparing two counts (exact conditional comparison) and two shares (Newcombe), each over all counts
compatible with the printed ones. Does not belong here: whether the two years may be compared at all (another law,
another holder, a part of a year break a series: the indicator's card and the coverage say so), or the sentence about
it.

Two years are no trend. A word for a trend needs at least five comparable years (`trends.py`).
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from methods.intervals import LEAST_RATE, LEAST_RELIABLE, LEVEL, wilson

Direction = Literal["up", "down", "no_clear_change", "too_small", "not_known"]

YEAR_TO_YEAR: Final = 0.28
"""Coefficient of variation of national totals beyond Poisson's, from the median absolute log-ratio of 0.30 between
successive years in UNODC's GLOTIP file; counts that fell or rose by less than a factor of two are within it."""

_Floats = NDArray[np.float64]


class YearChanges(NamedTuple):
    """Changes from the earlier to the later year.

    Args:
        direction: `up` or `down` if the interval excludes no change; `no_clear_change`; `too_small` to judge;
            `not_known` if a figure is not printed.
        lower: lower limit: of the ratio of two counts (1 is no change), of the difference of two shares (0 is none).
        upper: upper limit; that of a ratio is infinite if the earlier count may be 0.
    """

    direction: NDArray[np.str_]
    lower: _Floats
    upper: _Floats


def compare_counts(
    earlier: ArrayLike,
    later: ArrayLike,
    *,
    earlier_error: ArrayLike = 0,
    later_error: ArrayLike = 0,
    spread: float = 0.0,
    level: float = LEVEL,
) -> YearChanges:
    """Return how the expected counts of two whole years differ, as a ratio.

    Given their sum, the later of two Poisson counts is binomial with q = r / (1 + r), r being the ratio of the expected
    counts (Przyborowski and Wilenski 1940, Biometrika 31); Clopper and Pearson's limits of q give those of r. The lower
    limit assumes the later count as small and the earlier as large as rounding allows; the upper limit the reverse.

    Poisson's law alone claims too much: with true rates that vary by 17 % from year to year and 100 cases a year, three
    in ten pairs of years without a change get a direction. `spread` is that variation; each limit is moved away from
    the ratio of its own pair so that both variances add up on the log scale.

    Args:
        earlier: counts of the earlier year; NaN where not printed.
        later: counts of the later year.
        earlier_error: greatest distance of each true count from the printed one (`base - 1`).
        later_error: the same for the later year.
        spread: coefficient of variation of the true rates from year to year (`YEAR_TO_YEAR`); 0 for Poisson alone.
        level: confidence level.

    Returns:
        Changes; `too_small` if neither count is surely 10 or more.
    """
    first, second = np.broadcast_arrays(_floats(earlier), _floats(later))
    wide_first, wide_second = _floats(earlier_error), _floats(later_error)
    known = ~(np.isnan(first) | np.isnan(second))
    lower = _ratio_limit(second - wide_second, first + wide_first, spread, level, known, is_upper=False)
    upper = _ratio_limit(second + wide_second, first - wide_first, spread, level, known, is_upper=True)
    enough = np.fmax(first - wide_first, second - wide_second) >= LEAST_RATE
    return YearChanges(_direction(lower, upper, 1.0, known, enough), lower, upper)


def compare_shares(
    earlier: tuple[ArrayLike, ArrayLike],
    later: tuple[ArrayLike, ArrayLike],
    *,
    earlier_error: ArrayLike = 0,
    later_error: ArrayLike = 0,
    level: float = LEVEL,
) -> YearChanges:
    """Return how the shares of two years differ: later less earlier, -1 to 1.

    Newcombe (1998), Interval estimation for the difference between independent proportions, Statistics in Medicine 17,
    method 10: the squares of the two Wilson distances add up. Each limit is monotonic in every count, as Wilson's are,
    so the outermost counts compatible with the printed ones give the outermost limits.

    Args:
        earlier: numerators and denominators of the earlier year; NaN where not printed.
        later: those of the later year.
        earlier_error: greatest distance of each true count from the printed one (`base - 1`).
        later_error: the same for the later year.
        level: confidence level.

    Returns:
        Changes; `too_small` if a denominator is not surely 20 or more.
    """
    low_first, high_first = _outermost(earlier, earlier_error, level)
    low_second, high_second = _outermost(later, later_error, level)
    drop = np.hypot(low_second.share - low_second.limit, high_first.limit - high_first.share)
    rise = np.hypot(high_second.limit - high_second.share, low_first.share - low_first.limit)
    lower = low_second.share - high_first.share - drop
    upper = high_second.share - low_first.share + rise
    known = ~(np.isnan(lower) | np.isnan(upper))
    least = np.minimum(_floats(earlier[1]) - _floats(earlier_error), _floats(later[1]) - _floats(later_error))
    return YearChanges(_direction(lower, upper, 0.0, known, least >= LEAST_RELIABLE), lower, upper)


class _End(NamedTuple):
    """The most extreme share that rounding allows on one side, and its Wilson limit on that side."""

    share: _Floats
    limit: _Floats


def _outermost(counts: tuple[ArrayLike, ArrayLike], error: ArrayLike, level: float) -> tuple[_End, _End]:
    top, bottom = np.broadcast_arrays(_floats(counts[0]), _floats(counts[1]))
    wide = _floats(error)
    limits = wilson(top, bottom, level=level, numerator_error=wide, denominator_error=wide)
    known = ~np.isnan(limits.lower)
    lowest = np.divide(np.maximum(top - wide, 0), bottom + wide, out=np.full(top.shape, np.nan), where=known)
    least = bottom - wide
    highest = np.divide(top + wide, least, out=np.ones(top.shape), where=known & (least > 0))
    return _End(np.minimum(lowest, 1.0), limits.lower), _End(
        np.where(known, np.minimum(highest, 1.0), np.nan), limits.upper
    )


def _ratio_limit(
    later: _Floats, earlier: _Floats, spread: float, level: float, known: NDArray[np.bool_], *, is_upper: bool
) -> _Floats:
    """Return one limit of the ratio of two expected counts."""
    second, first = (np.where(known, np.maximum(count, 0.0), 1.0) for count in (later, earlier))
    tail = (1 - level) / 2
    if is_upper:
        share = scipy.stats.beta.ppf(1 - tail, second + 1, np.maximum(first, 0.5))
        open_end, at = first == 0, np.inf
    else:
        share = scipy.stats.beta.ppf(tail, np.maximum(second, 0.5), first + 1)
        open_end, at = second == 0, 0.0
    ratio = share / (1 - share)
    middle = np.log((second + 0.5) / (first + 0.5))
    noise = float(scipy.special.ndtri(1 - tail)) * np.sqrt(2.0) * spread
    away = np.hypot(np.log(ratio) - middle, noise)
    moved = np.exp(middle + (away if is_upper else -away))
    return np.where(known, np.where(open_end, at, moved), np.nan)


def _direction(
    lower: _Floats, upper: _Floats, none: float, known: NDArray[np.bool_], enough: NDArray[np.bool_]
) -> NDArray[np.str_]:
    cases = [~known, ~enough, lower > none, upper < none]
    return np.asarray(np.select(cases, ["not_known", "too_small", "up", "down"], "no_clear_change"), dtype=np.str_)


def _floats(values: ArrayLike) -> _Floats:
    return np.asarray(values, dtype=np.float64)
