"""Late cases: how many cases of the newest periods are still to come, and whether that may be published.

Belongs here: the forecast, its trial on the past, and every reason for which it is refused. Does not belong here: the
triangle (`reporting_triangle.py`), sentences (the catalogues, `nowcast.reason.<code>`), what is published.

Reverse-time hazards: of the cases of a period that arrived with delay d or less, the share with delay d itself. They
can be estimated without knowing the cases still to come: Lagakos, Barraj and De Gruttola (1988), Nonparametric analysis
of truncated survival data, Biometrika 75; Lawless (1994), Adjustments for reporting delays and the prediction of
occurred but not reported events, Canadian Journal of Statistics 22. Each has a Beta posterior over a moving window of
arrivals. The share that has arrived, p, is the product of 1 - h over the delays to come. The expected count L of a
period has a Gamma prior from periods that are nearly complete; with n arrived, L ~ Gamma(a + n, rate b + p), and
Poisson((1 - p) L) are missing.

The trial on the past (back-cast) cuts the triangle as it was in each period of the latest year, forecasts what has
arrived since, and counts how many intervals contain it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray

from methods.case_flow.reporting_triangle import Counts, ReportingTriangle
from methods.intervals import LEVEL

Floats = NDArray[np.float64]

LEAST_COVER: Final = 0.80
LEAST_MONTHS: Final = 24
"""Months of history below which nothing is forecast."""
WINDOW_MONTHS: Final = 12
"""Months of arrivals from which the hazards are estimated."""
RECENT_MONTHS, EARLIER_MONTHS = 6, 18
"""Months of delays compared: the last half year with the year and a half before."""
CHANCE_OF_SHIFT: Final = 0.05
"""A missed shift costs a wrong figure, a false one only a figure: hence not smaller."""
LONGEST_GAP_MONTHS: Final = 3.0
"""A sender that is silent for longer sends batches."""
LEAST_CASES: Final = 10
"""Cases in the latest year below which nothing is forecast."""
DRAWS: Final = 2_000

_NEARLY_ALL = 0.9  # a period counts for the level once this share has arrived
_PRIOR_HITS, _PRIOR_OTHERS = 0.5, 4.5  # of a hazard: worth five cases, and small, as late delays are
_LEAST_SPREAD = 0.05  # least squared coefficient of variation of the level's prior

REASONS: Final = ("batch_arrival", "short_history", "too_few_cases", "shifted_delays", "low_cover")
"""Why a nowcast is refused; each reason has a sentence in every language."""


@dataclass(frozen=True)
class NowcastOrder:
    """Settings of a nowcast.

    Args:
        periods_a_year: 12 for months, 4 for quarters.
        sends_every: longest silence of the sender in the last two years, in months.
        is_cumulative: whether each of its lists holds all cases of the year so far. Otherwise a case missing from the
            next list cannot be distinguished from one that has not arrived yet.
        groups: rows of the triangle to add up, such as the months of a year, by name.
        window: months of arrivals from which the hazards are estimated.
        draws: number of draws from the posterior.
        seed: random seed.
        level: confidence level.
    """

    periods_a_year: Literal[12, 4] = 12
    sends_every: float = 1.0
    is_cumulative: bool = True
    groups: Mapping[str, Sequence[int]] = field(default_factory=dict[str, Sequence[int]])
    window: int = WINDOW_MONTHS
    draws: int = DRAWS
    seed: int = 1
    level: float = LEVEL

    def periods(self, months: int) -> int:
        """Return the number of periods in these months."""
        return months * self.periods_a_year // 12


class Forecast(NamedTuple):
    """Cases of a period or group once all have arrived.

    Attributes:
        seen: number arrived so far.
        middle: median of the forecast.
        lower: lower limit, never below `seen`.
        upper: upper limit.
    """

    seen: int
    middle: int
    lower: int
    upper: int


class Trial(NamedTuple):
    """The newest period of one cut, as forecast then, and what is known of it now.

    Attributes:
        period: row of the triangle.
        forecast: forecast of the cases that should have arrived by now.
        now: number of cases that have.
    """

    period: int
    forecast: Forecast
    now: int


@dataclass(frozen=True)
class BackCast:
    """How well the intervals of the latest year did.

    Attributes:
        compared: number of forecasts, for the half year before each cut.
        cover: share of them whose interval contains what has arrived since.
        newest: the newest period of each cut, oldest first, of which most was missing.
    """

    compared: int
    cover: float
    newest: tuple[Trial, ...]


@dataclass(frozen=True)
class Nowcast:
    """A nowcast, and whether it may be published. A refused one still holds the results, for checking the method.

    Attributes:
        reasons: codes of `REASONS`; it may be published if there is none.
        by_period: one forecast for each incomplete period, by row of the triangle.
        by_group: one forecast for each requested group.
        back_cast: the trial on the past; None if history is too short for one.
        shift: chance of delays differing this much from earlier ones if nothing changed; None if history is too short.
    """

    reasons: tuple[str, ...]
    by_period: Mapping[int, Forecast] = field(default_factory=dict[int, Forecast])
    by_group: Mapping[str, Forecast] = field(default_factory=dict[str, Forecast])
    back_cast: BackCast | None = None
    shift: float | None = None

    @property
    def is_told(self) -> bool:
        """Whether the figures may be published."""
        return not self.reasons


def nowcast(triangle: ReportingTriangle, order: NowcastOrder) -> Nowcast:
    """Forecast what is still to come, test the forecast on the past, and decide whether it may be published.

    Args:
        triangle: triangle of one sender, or of several that send alike.
        order: what is known of the sender, and what is added up.

    Raises:
        ValueError: a window shorter than a period, or a group with a row that is not in the triangle.
    """
    rows_asked = {row for own in order.groups.values() for row in own}
    if order.periods(order.window) < 1 or not rows_asked <= set(range(triangle.periods)):
        message = f"a window of {order.window} months, or groups of rows outside of {triangle.periods}: ask for others"
        raise ValueError(message)
    reasons = _reasons_of_input(triangle, order)
    if reasons:
        return Nowcast(tuple(reasons))
    missing = draw_missing(triangle, order, triangle.ages, np.full(triangle.periods, triangle.longest))
    rows = np.flatnonzero(triangle.ages < triangle.longest)
    tried = back_cast(triangle, order)
    shift = chance_of_same_delays(triangle, order)
    asked = {"shifted_delays": shift < CHANCE_OF_SHIFT, "low_cover": tried.cover < LEAST_COVER}
    return Nowcast(
        tuple(reason for reason, holds in asked.items() if holds),
        {int(row): _forecast(triangle.seen[[row]], missing[:, [row]], order.level) for row in rows},
        {
            name: _forecast(triangle.seen[list(own)], missing[:, list(own)], order.level)
            for name, own in order.groups.items()
        },
        tried,
        shift,
    )


def _reasons_of_input(triangle: ReportingTriangle, order: NowcastOrder) -> list[str]:
    latest = triangle.seen[-order.periods_a_year :]
    asked = {
        "batch_arrival": order.sends_every > LONGEST_GAP_MONTHS or not order.is_cumulative,
        "short_history": triangle.periods < order.periods(LEAST_MONTHS),
        "too_few_cases": latest.sum() < LEAST_CASES,
    }
    return [reason for reason, holds in asked.items() if holds]


def draw_missing(triangle: ReportingTriangle, order: NowcastOrder, ages: Counts, until: Counts) -> Counts:
    """Draw how many cases of each period arrive after its delay `ages`, up to the delay `until`.

    One draw of the hazards serves all periods, so that errors in the months of a year add up as they do in reality.

    Args:
        triangle: the current triangle.
        order: window, draws, seed.
        ages: delay of each period up to which cases have arrived.
        until: delay up to which they are forecast.

    Returns:
        Array of shape (draws, periods).
    """
    random = np.random.default_rng(order.seed)
    first = max(0, triangle.now + 1 - order.periods(order.window))
    hits, upto = (counts.sum(axis=0) for counts in triangle.arrivals(first, triangle.now))
    hazards = random.beta(_PRIOR_HITS + hits, _PRIOR_OTHERS + upto - hits, size=(order.draws, triangle.longest + 1))
    # column d: log of the share that arrives with delay d or less
    later = np.log1p(-hazards[:, :0:-1]).cumsum(axis=1)[:, ::-1]
    within = np.concatenate([later, np.zeros((order.draws, 1))], axis=1)
    arrived = np.exp(within[:, ages])
    to_come = np.exp(within[:, until]) - arrived
    shape, rate = _prior_of_level(triangle.seen, np.exp(within.mean(axis=0))[ages])
    level = random.gamma(shape + triangle.seen, 1.0, size=arrived.shape) / (rate + arrived)
    return random.poisson(np.maximum(to_come, 0.0) * level).astype(np.int64)


def _prior_of_level(seen: Counts, arrived: Floats) -> tuple[float, float]:
    """Return shape and rate of the Gamma prior, from the mean and spread of periods that are nearly complete.

    Their variance beyond Poisson's is that of the level. If none is nearly complete, the three most complete are used.
    """
    settled = arrived >= min(_NEARLY_ALL, float(np.sort(arrived)[-3:][0]))
    whole = seen[settled] / arrived[settled]
    mean = max(float(whole.mean()), 0.5)
    beyond = float(whole.var(ddof=1)) - mean if len(whole) > 1 else mean
    variance = max(beyond, _LEAST_SPREAD * mean**2)
    return mean**2 / variance, mean / variance


def _forecast(seen: Counts, missing: Counts, level: float) -> Forecast:
    total = missing.sum(axis=1) + seen.sum()
    tail = (1 - level) / 2
    lower, middle, upper = np.quantile(total, [tail, 0.5, 1 - tail], method="inverted_cdf")
    return Forecast(int(seen.sum()), int(middle), int(lower), int(upper))


def back_cast(triangle: ReportingTriangle, order: NowcastOrder) -> BackCast:
    """Forecast from each cut of the latest year what has arrived since, for the half year before the cut."""
    trials: list[Trial] = []
    for ago in range(order.periods_a_year, 0, -1):
        then = triangle.cut(ago)
        until = np.minimum(then.ages + ago, then.longest)
        missing = draw_missing(then, order, then.ages, until)
        for row in range(then.periods - order.periods(RECENT_MONTHS), then.periods):
            forecast = _forecast(then.seen[[row]], missing[:, [row]], order.level)
            trials.append(Trial(row, forecast, int(triangle.seen[row])))
    held = [trial.forecast.lower <= trial.now <= trial.forecast.upper for trial in trials]
    newest = trials[order.periods(RECENT_MONTHS) - 1 :: order.periods(RECENT_MONTHS)]
    return BackCast(len(trials), sum(held) / len(held), tuple(newest))


def chance_of_same_delays(triangle: ReportingTriangle, order: NowcastOrder) -> float:
    """Return the chance of delays in the last half year differing this much from those before, if unchanged.

    Mantel and Haenszel (1959), Statistical aspects of the analysis of data from retrospective studies of disease, JNCI
    22: one table of two rows for each delay, the reverse-time hazard recently and before, added up. The variance is
    multiplied by the scatter of the cells of each span beyond chance, if any (Pearson), because a sender that sometimes
    sends late has not changed its behaviour.
    """
    end = triangle.now + 1
    recent = end - order.periods(RECENT_MONTHS)
    before = max(0, recent - order.periods(EARLIER_MONTHS))
    now_hits, now_upto = triangle.arrivals(recent, end - 1)
    past_hits, past_upto = triangle.arrivals(before, recent - 1)
    own, past = now_upto[:, 1:].sum(axis=0), past_upto[:, 1:].sum(axis=0)
    both, hits = own + past, now_hits[:, 1:].sum(axis=0) + past_hits[:, 1:].sum(axis=0)
    usable = (own > 0) & (past > 0) & (both > 1)
    own, past, both, hits = own[usable], past[usable], both[usable], hits[usable]
    excess = float(now_hits[:, 1:].sum(axis=0)[usable].sum() - (own * hits / both).sum())
    variance = float((own * past * hits * (both - hits) / (both**2 * (both - 1.0))).sum())
    if variance <= 0:
        return 1.0
    scatter = max(1.0, _scatter(now_hits, now_upto), _scatter(past_hits, past_upto))
    return float(2 * scipy.stats.norm.sf(abs(excess) / np.sqrt(variance * scatter)))


def _scatter(hits: Counts, upto: Counts) -> float:
    """Return Pearson's statistic over its degrees of freedom: how much hazards of one delay differ between periods."""
    total = upto.sum(axis=0)
    hazard = hits.sum(axis=0) / np.maximum(total, 1)
    variance = upto * hazard * (1 - hazard)
    known = (variance > 0) & (np.arange(hits.shape[1]) > 0)
    if not known.any():
        return 1.0
    squares = (hits - upto * hazard)[known] ** 2 / variance[known]
    freedom = int(known.sum()) - int(known.any(axis=0).sum())
    return float(squares.sum() / freedom) if freedom > 0 else 1.0
