"""Late cases: how many cases of the newest periods are still to come, and whether that may be said.

Here: the forecast, its trial on the past, and every reason for which it is refused. Not here: the triangle
(`reporting_triangle.py`), sentences (the catalogues, `nowcast.reason.<code>`), what leaves the house.

Reverse-time hazards: of the cases of a period that arrived with delay d or less, the share with delay d itself. They
can be counted without knowing the cases that are still to come: Lagakos, Barraj and De Gruttola (1988), Nonparametric
analysis of truncated survival data, Biometrika 75; Lawless (1994), Adjustments for reporting delays and the prediction
of occurred but not reported events, Canadian Journal of Statistics 22. Each has a Beta posterior over a moving window
of arrivals. The share that has arrived, p, is the product of 1 - h over the delays to come. The expected count L of a
period has a Gamma prior from periods that are nearly complete; with n arrived, L ~ Gamma(a + n, rate b + p), and
Poisson((1 - p) L) are missing.

The trial on the past (back-cast) cuts the triangle as it stood in each period of the latest year, forecasts what has
arrived since, and counts how many intervals hold it.
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
"""Of history, below which nothing is forecast."""
WINDOW_MONTHS: Final = 12
"""Of arrivals from which the hazards are counted."""
RECENT_MONTHS, EARLIER_MONTHS = 6, 18
"""Delays of the last half year are compared with those of the year and a half before."""
CHANCE_OF_SHIFT: Final = 0.05
"""A shift that is missed costs a wrong figure, one that is seen by chance only a figure: hence no smaller."""
LONGEST_GAP_MONTHS: Final = 3.0
"""A sender that is silent for longer sends batches."""
LEAST_CASES: Final = 10
"""In the latest year, below which nothing is forecast."""
DRAWS: Final = 2_000

_NEARLY_ALL = 0.9  # a period counts for the level once so much of it has arrived
_PRIOR_HITS, _PRIOR_OTHERS = 0.5, 4.5  # of a hazard: worth five cases, and small, as late delays are
_LEAST_SPREAD = 0.05  # squared coefficient of variation that the prior of the level has at least

REASONS: Final = ("batch_arrival", "short_history", "too_few_cases", "shifted_delays", "low_cover")
"""Why a nowcast is refused; each has its sentence in every language."""


@dataclass(frozen=True)
class NowcastOrder:
    """How a nowcast is asked for.

    Args:
        periods_a_year: 12 for months, 4 for quarters.
        sends_every: months of the longest silence of the sender in the last two years.
        is_cumulative: each of its lists holds all cases of the year so far. Else a case that is not in the next list
            cannot be told from one that did not come yet.
        groups: rows of the triangle that are added up, such as the months of a year, by name.
        window: months of arrivals that the hazards are counted from.
        draws: of the posterior.
        seed: of chance.
        level: of confidence.
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
        """Return how many periods so many months are."""
        return months * self.periods_a_year // 12


class Forecast(NamedTuple):
    """Cases of a period or group once all have arrived.

    Attributes:
        seen: arrived so far.
        middle: median of the forecast.
        lower: lower limit, never below what was seen.
        upper: upper limit.
    """

    seen: int
    middle: int
    lower: int
    upper: int


class Trial(NamedTuple):
    """The newest period of one cut, as it would have been told then, and what is known of it now.

    Attributes:
        period: row of the triangle.
        forecast: of the cases that had to arrive by now.
        now: cases that have.
    """

    period: int
    forecast: Forecast
    now: int


@dataclass(frozen=True)
class BackCast:
    """What the intervals of the latest year have held.

    Attributes:
        compared: forecasts of the half year before each cut.
        cover: share of them whose interval held what has arrived since.
        newest: the newest period of each cut, oldest first, where most was missing.
    """

    compared: int
    cover: float
    newest: tuple[Trial, ...]


@dataclass(frozen=True)
class Nowcast:
    """A nowcast, and whether it may be told. A refused one holds what was computed, for whoever checks the method.

    Attributes:
        reasons: codes of `REASONS`; it may be told where there is none.
        by_period: one for each period that is not complete, by row of the triangle.
        by_group: one for each group that was asked for.
        back_cast: the trial on the past; None where history is too short for one.
        shift: chance of delays as unlike before as they are now, if nothing changed; None where history is too short.
    """

    reasons: tuple[str, ...]
    by_period: Mapping[int, Forecast] = field(default_factory=dict[int, Forecast])
    by_group: Mapping[str, Forecast] = field(default_factory=dict[str, Forecast])
    back_cast: BackCast | None = None
    shift: float | None = None

    @property
    def is_told(self) -> bool:
        """Whether the figures may be told."""
        return not self.reasons


def nowcast(triangle: ReportingTriangle, order: NowcastOrder) -> Nowcast:
    """Forecast what is still to come, try the forecast on the past, and say whether it may be told.

    Args:
        triangle: of one sender, or of several that send alike.
        order: what is known of the sender, and what is added up.

    Raises:
        ValueError: a window shorter than a period, or a group with a row that the triangle does not have.
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
    """Draw how many cases of each period arrive after it has the age `ages`, up to the age `until`.

    One draw of the hazards serves all periods, so that errors of a year's months add up as they do in truth.

    Args:
        triangle: as it stands.
        order: window, draws, seed.
        ages: delay of each period up to which cases have arrived.
        until: delay up to which they are forecast.

    Returns:
        Shape (draws, periods).
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
    """Shape and rate of the Gamma prior, from the mean and spread of periods that are nearly complete.

    Their variance beyond Poisson's is that of the level. Where none is nearly complete the three most complete serve.
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
    """Return the chance of delays so unlike in the last half year and the year and a half before, if none changed.

    Mantel and Haenszel (1959), Statistical aspects of the analysis of data from retrospective studies of disease, JNCI
    22: one table of two rows for each delay, the reverse-time hazard recently and before, added up. The variance is
    multiplied by how much the cells of each span scatter beyond chance, where they do (Pearson), since a sender that
    sometimes sends late has not changed its ways.
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
    """Pearson's statistic over its degrees of freedom: how much hazards of one delay differ from period to period."""
    total = upto.sum(axis=0)
    hazard = hits.sum(axis=0) / np.maximum(total, 1)
    variance = upto * hazard * (1 - hazard)
    known = (variance > 0) & (np.arange(hits.shape[1]) > 0)
    if not known.any():
        return 1.0
    squares = (hits - upto * hazard)[known] ** 2 / variance[known]
    freedom = int(known.sum()) - int(known.any(axis=0).sum())
    return float(squares.sum() / freedom) if freedom > 0 else 1.0
