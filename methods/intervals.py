"""Intervals of shares, counts and rates, and whether a figure on so few observations may be printed at all.

Belongs here: Wilson's interval of a proportion, the exact Poisson interval of a count and of a rate, both widened by
the known error of their inputs; the rules for small denominators. Does not belong here: medians (`medians.py`),
differences between two years (`breaks.py`), which figure has which interval (its card and `expectations`).

What an interval says. Administrative counts are complete: no sample was drawn. The interval describes the process
behind the counts, that is the share or rate of which this year is one outcome.

Why the error of the inputs is part of it. The counts that reach these functions were rounded for privacy: a printed
value lies less than `base` from the true one, so its error is at most `base - 1`. An interval of the printed numbers
alone would be too narrow. The result is the union of the intervals of all pairs (numerator, denominator) compatible
with the printed pair. Both limits of Wilson rise with the numerator and fall with the denominator (differentiate x - np
= ± z sqrt(np(1-p))), so the union is an interval and its ends are those of the two outermost pairs. It contains the
printed share, the true share of this year, and the share of the process at least as often as Wilson's interval of the
true pair does.

An interval is computed only from printed figures and public denominators, so it reveals nothing beyond them.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

LEVEL: Final = 0.95
PER: Final = 100_000
"""Persons per unit of a rate."""

LEAST_COUNT: Final = 3
"""Events below which nothing is printed (ONS prints no crude rate below 3 events)."""

LEAST_RATE: Final = 10
"""Events from which a share or rate may be printed, with the mark."""

LEAST_RELIABLE: Final = 20
"""Events from which it is printed without the mark (ONS marks rates below 20 as unreliable)."""

MARK: Final = "u"
"""Accompanies a share or rate on 10 to 19 observations, as in the tables of ONS; it never appears alone."""

Standing = Literal["nothing", "count_only", "marked", "plain"]
STANDINGS: Final[tuple[Standing, ...]] = ("nothing", "count_only", "marked", "plain")

_Floats = NDArray[np.float64]
_TOUCH = 1e-9  # a limit that is on a step stays there despite the last bit of the division


class Limits(NamedTuple):
    """Lower and upper limits, one per figure; NaN if there is no figure."""

    lower: _Floats
    upper: _Floats


def wilson(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    level: float = LEVEL,
    numerator_error: ArrayLike = 0,
    denominator_error: ArrayLike = 0,
) -> Limits:
    """Return Wilson's score interval of shares (0 to 1), over all counts compatible with the printed ones.

    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22. Check values: 3 of 10
    gives 0.107791 to 0.603222.

    Args:
        numerator: counts; NaN if not printed.
        denominator: counts of the whole; NaN if not printed.
        level: confidence level.
        numerator_error: greatest distance of the true numerator (`base - 1` of a count rounded to `base`).
        denominator_error: the same for the denominator.

    Returns:
        Limits in [0, 1]; NaN if a count is missing or the printed denominator is 0 or negative. If the errors allow
        that all of the whole are counted, the upper limit is 1.
    """
    top, bottom = np.broadcast_arrays(_floats(numerator), _floats(denominator))
    wide_top, wide_bottom = _floats(numerator_error), _floats(denominator_error)
    z = float(scipy.special.ndtri((1 + level) / 2))  # not from `scipy.stats`, which takes a second to load
    most = bottom + wide_bottom
    least = np.maximum(bottom - wide_bottom, 0.0)
    lower = _wilson_limit(np.clip(top - wide_top, 0.0, most), most, -z)
    may_be_all = top + wide_top >= least
    upper = np.where(may_be_all, 1.0, _wilson_limit(np.minimum(top + wide_top, least), least, z))
    missing = np.isnan(top) | ~(bottom > 0)
    return Limits(np.where(missing, np.nan, lower), np.where(missing, np.nan, upper))


def _wilson_limit(successes: _Floats, trials: _Floats, z: float) -> _Floats:
    """Return one limit: the lower one for a negative z; 0 and 1 are met exactly if none or all succeed."""
    safe = np.where(trials > 0, trials, 1.0)
    share = successes / safe
    centre = share + z * z / (2 * safe)
    half = z * np.sqrt(share * (1 - share) / safe + z * z / (4 * safe * safe))
    limit = (centre + half) / (1 + z * z / safe)
    limit = np.where((z < 0) & (successes <= 0), 0.0, limit)
    return np.clip(np.where((z > 0) & (successes >= trials), 1.0, limit), 0.0, 1.0)


def poisson(count: ArrayLike, *, level: float = LEVEL, error: ArrayLike = 0) -> Limits:
    """Return the exact (Garwood) interval of counts, over all counts compatible with the printed ones.

    Garwood (1936), Fiducial limits for the Poisson distribution, Biometrika 28, by quantiles of chi-square. Check
    value: 5 gives 1.623 to 11.668.

    Args:
        count: events; NaN if not printed.
        level: confidence level.
        error: greatest distance of the true count.

    Returns:
        Limits of the expected count; NaN if the count is missing or negative.
    """
    printed, wide = np.broadcast_arrays(_floats(count), _floats(error))
    known = printed >= 0
    lowest = np.where(known, np.maximum(printed - wide, 0.0), 1.0)
    highest = np.where(known, printed + wide, 1.0)
    tail = (1 - level) / 2
    lower = np.where(lowest > 0, scipy.stats.chi2.ppf(tail, 2 * np.maximum(lowest, _TOUCH)) / 2, 0.0)
    upper = scipy.stats.chi2.ppf(1 - tail, 2 * (highest + 1)) / 2
    return Limits(np.where(known, lower, np.nan), np.where(known, upper, np.nan))


def poisson_rate(
    count: ArrayLike, population: ArrayLike, *, per: float = PER, level: float = LEVEL, error: ArrayLike = 0
) -> Limits:
    """Return the exact interval of rates: the interval of the count, over a population assumed known.

    Args:
        count: events; NaN if not printed.
        population: persons at risk; NaN if there is no denominator.
        per: persons per unit of the rate.
        level: confidence level.
        error: greatest distance of the true count.

    Returns:
        Limits per `per` persons; NaN if the count or the population is missing, or the population is 0.
    """
    persons = _floats(population)
    limits = poisson(count, level=level, error=error)
    factor = np.divide(per, persons, out=np.full(persons.shape, np.nan), where=persons > 0)
    return Limits(limits.lower * factor, limits.upper * factor)


def round_outward(limits: Limits, step: float) -> Limits:
    """Return limits rounded away from each other to multiples of `step`, so that rounding never narrows an interval."""
    decimals = max(0, int(np.ceil(-np.log10(step)))) + 1
    lower = np.floor(limits.lower / step + _TOUCH) * step
    upper = np.ceil(limits.upper / step - _TOUCH) * step
    return Limits(np.round(lower, decimals), np.round(upper, decimals))


def classify_standing(observations: ArrayLike, *, error: ArrayLike = 0) -> NDArray[np.str_]:
    """Return what may be printed on so few observations: one of `STANDINGS` for each figure.

    The rule of ONS, applied after the disclosure rules and never instead of them: fewer than 3, nothing; 3 to 9, the
    count only; 10 to 19, a share or rate with its interval and the mark; from 20, with its interval.

    Args:
        observations: the events of a rate, the denominator of a share; NaN if not printed.
        error: greatest distance of the true count; the rule applies to the least possible count.
    """
    least = _floats(observations) - _floats(error)
    choices = [least >= LEAST_RELIABLE, least >= LEAST_RATE, least >= LEAST_COUNT]
    return np.asarray(np.select(choices, ["plain", "marked", "count_only"], "nothing"), dtype=np.str_)


def mark(observations: ArrayLike, *, error: ArrayLike = 0) -> NDArray[np.str_]:
    """Return `MARK` for shares and rates that may be printed only with it; empty for all others."""
    return np.where(classify_standing(observations, error=error) == "marked", MARK, "")


def _floats(values: ArrayLike) -> _Floats:
    return np.asarray(values, dtype=np.float64)
