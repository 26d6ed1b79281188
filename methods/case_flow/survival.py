"""How long cases stay open, and how they end: Kaplan-Meier, Aalen-Johansen, and the median including open cases.

Belongs here: the estimates and where they stop. Does not belong here: the cases (`followed_cases.py`), which exits
there are (the caller), sentences (the catalogues, `survival.reason.<code>`), what is published.

Exits compete: a person who was acquitted can no longer be convicted. Treating the other exits as censored (1 -
Kaplan-Meier) would promise convictions that never come; here every exit ends a case.

Estimates stop at the first exit with fewer than ten cases at risk: beyond it one case moves the curve by over a tenth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Final

import numpy as np
import scipy

from methods.case_flow.followed_cases import PENDING, ExitTimes, Floats, FollowedCases
from methods.intervals import LEVEL

LEAST_AT_RISK: Final = 10
HORIZONS: Final = (12.0, 24.0, 36.0)
"""Months after first entry at which a cohort's results are published."""

REASONS: Final = ("too_few_at_risk", "median_not_reached")
"""Why a figure is not published; each reason has a sentence in every language."""

_TOUCH = 1e-12  # a share of one half stays a half despite the last bit of the product


@dataclass(frozen=True)
class OpenShare:
    """The share of cases still open after each exit, as far as enough are at risk.

    Attributes:
        times: times of the exits; the share is 1 before the first and constant between them.
        at_risk: number at risk just before.
        share: share still open just after.
        lower: lower limit of the share; NaN if nobody is left.
        upper: upper limit.
        is_cut: whether later exits are left out because too few cases were at risk.
    """

    times: Floats
    at_risk: Floats
    share: Floats
    lower: Floats
    upper: Floats
    is_cut: bool


@dataclass(frozen=True)
class MedianTime:
    """The time after which half of the cases have ended, open cases included.

    Attributes:
        value: None if it is not published.
        lower: lower limit; None if not published.
        upper: upper limit; None if the curve does not reach it.
        cases: number of cases in the cohort.
        pending: number of these still open.
        reason: one of `REASONS` if it is not published.
    """

    value: float | None
    lower: float | None
    upper: float | None
    cases: int
    pending: int
    reason: str | None = None


@dataclass(frozen=True)
class ExitShare:
    """The share of a cohort that has left by one kind of exit within a time.

    Attributes:
        kind: kind of exit; `PENDING` for those still open.
        horizon: time since first entry.
        at_risk: number of cases open and under observation just before it.
        value: share from 0 to 1; None if it is not published.
        lower: lower limit.
        upper: upper limit.
        reason: one of `REASONS` if it is not published.
    """

    kind: str
    horizon: float
    at_risk: int
    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    reason: str | None = None


def open_share(cases: FollowedCases, kinds: Sequence[str], *, level: float = LEVEL) -> OpenShare:
    """Return Kaplan and Meier's estimate of the share still open.

    Kaplan and Meier (1958), Nonparametric estimation from incomplete observations, JASA 53; variance of Greenwood
    (1926); limits on the scale log(-log S), Kalbfleisch and Prentice (1980), The Statistical Analysis of Failure Time
    Data, 1.3.

    Args:
        cases: cases of one cohort.
        kinds: all exits that end a case.
        level: confidence level.
    """
    reliable, is_cut = _drop_thin_tail(cases.exit_times(kinds))
    left = reliable.exits.sum(axis=1)
    share = np.cumprod(1 - left / reliable.at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(left / (reliable.at_risk * (reliable.at_risk - left)))
        spread = _normal(level) * np.sqrt(greenwood) / np.abs(np.log(share))
        lower, upper = share ** np.exp(spread), share ** np.exp(-spread)
    return OpenShare(reliable.times, reliable.at_risk.astype(np.float64), share, lower, upper, is_cut)


def median_time(cases: FollowedCases, kinds: Sequence[str], *, level: float = LEVEL) -> MedianTime:
    """Return the first time at which half of the cases or fewer are open.

    The limits are the first times at which the limits of the share reach a half: Brookmeyer and Crowley (1982), A
    confidence interval for the median survival time, Biometrics 38. The median of completed cases alone is too short,
    because the slow ones are still open.

    Args:
        cases: cases of one cohort.
        kinds: all exits that end a case.
        level: confidence level.
    """
    curve = open_share(cases, kinds, level=level)
    value = _first_time_below_half(curve.times, curve.share)
    if value is None:
        too_few = curve.is_cut or len(cases) < LEAST_AT_RISK
        reason = "too_few_at_risk" if too_few else "median_not_reached"
        return MedianTime(None, None, None, len(cases), cases.pending, reason)
    lower, upper = _first_time_below_half(curve.times, curve.lower), _first_time_below_half(curve.times, curve.upper)
    return MedianTime(value, lower, upper, len(cases), cases.pending)


def exit_shares(
    cases: FollowedCases, kinds: Sequence[str], horizons: Sequence[float] = HORIZONS, *, level: float = LEVEL
) -> list[ExitShare]:
    """Return for each horizon the share that has left by each kind of exit, and the share still open.

    Aalen and Johansen (1978), An empirical transition matrix for non-homogeneous Markov chains based on censored
    observations, Scandinavian Journal of Statistics 5: F_k(t) is the sum of S(t-) d_k / n, S being the share open in
    any way. All shares of one horizon add up to 1. Variance by the delta method from the multinomial of each exit time,
    Marubini and Valsecchi (1995), Analysing Survival Data from Clinical Trials, 10.3, which equals that of a plain
    share if no case is pending; limits on the scale log(-log F).

    Args:
        cases: cases of one cohort.
        kinds: all exits that end a case.
        horizons: times since first entry, in the unit of the cases.
        level: confidence level.

    Returns:
        One for each horizon and kind, `PENDING` last of each horizon; without a value if fewer than ten cases are at
        risk at the horizon or were at an exit before it.
    """
    seen = cases.exit_times(kinds)
    reliable, is_cut = _drop_thin_tail(seen)
    end = seen.times[len(reliable.times)] if is_cut else np.inf
    curve = open_share(cases, kinds, level=level)
    shares: list[ExitShare] = []
    for horizon in horizons:
        at_risk = int(cases.at_risk([horizon])[0])
        if at_risk < LEAST_AT_RISK or end <= horizon:
            names = (*kinds, PENDING)
            shares += [ExitShare(kind, horizon, at_risk, reason="too_few_at_risk") for kind in names]
            continue
        upto = int(np.searchsorted(reliable.times, horizon, side="right"))
        before = ExitTimes(reliable.times[:upto], reliable.at_risk[:upto], reliable.exits[:upto])
        shares += [_share_of(kind, place, horizon, at_risk, before, level) for place, kind in enumerate(kinds)]
        shares.append(_share_still_open(horizon, at_risk, curve))
    return shares


def _drop_thin_tail(seen: ExitTimes) -> tuple[ExitTimes, bool]:
    """Return the exits before the first one with too few at risk, and whether any was cut off."""
    thin = np.flatnonzero(seen.at_risk < LEAST_AT_RISK)
    if not len(thin):
        return seen, False
    end = int(thin[0])
    return ExitTimes(seen.times[:end], seen.at_risk[:end], seen.exits[:end]), True


def _share_of(kind: str, place: int, horizon: float, at_risk: int, before: ExitTimes, level: float) -> ExitShare:
    size, left = before.at_risk.astype(np.float64), before.exits.sum(axis=1)
    own = before.exits[:, place]
    open_before = np.concatenate([[1.0], np.cumprod(1 - left / size)])[:-1]
    grown = np.cumsum(open_before * own / size)
    share = float(grown[-1]) if len(grown) else 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        rest = share - grown
        by_leaving = np.where(rest > 0, rest**2 * left / (size * (size - left)), 0.0)
    by_own = open_before**2 * own * (size - own) / size**3
    variance = float((by_leaving + by_own - 2 * rest * open_before * own / size**2).sum())
    if not 0 < share < 1:
        return ExitShare(kind, horizon, at_risk, share)
    spread = float(np.sqrt(max(variance, 0.0)) / (share * abs(np.log(share)))) * _normal(level)
    return ExitShare(kind, horizon, at_risk, share, share ** exp(spread), share ** exp(-spread))


def _share_still_open(horizon: float, at_risk: int, curve: OpenShare) -> ExitShare:
    place = int(np.searchsorted(curve.times, horizon, side="right")) - 1
    if place < 0:
        return ExitShare(PENDING, horizon, at_risk, 1.0)
    value, lower, upper = (float(series[place]) for series in (curve.share, curve.lower, curve.upper))
    if np.isnan(lower):
        return ExitShare(PENDING, horizon, at_risk, value)
    return ExitShare(PENDING, horizon, at_risk, value, lower, upper)


def _first_time_below_half(times: Floats, share: Floats) -> float | None:
    reached = np.flatnonzero(share <= 0.5 + _TOUCH)
    return float(times[reached[0]]) if len(reached) else None


def _normal(level: float) -> float:
    return float(scipy.stats.norm.ppf((1 + level) / 2))
