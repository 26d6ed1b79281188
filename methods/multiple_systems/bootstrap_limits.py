"""BCa intervals of an estimate whose model is chosen anew in every replicate.

Belongs here: drawing replicates, the jackknife, bias and acceleration, the limits and how far chance moves them. Does
not belong here: which model is chosen (`model_search.py`), or when an interval is refused (`hidden_part.py`).

Efron (1987), Better bootstrap confidence intervals, JASA 82; Efron and Tibshirani (1993), An introduction to the
bootstrap, chapter 14; with the search repeated as Silverman, Chan and Vincent (2024) do. All persons are redrawn from
the observed cells, so that each replicate has as many persons as the table. Leaving out any person of a cell gives the
same estimate, so the jackknife weights a cell by its count. Quantiles are of type 8 (Hyndman and Fan 1996).

With a large bias (|z0| above 0.5) BCa fails quietly: the lower limit becomes the smallest replicate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import scipy

from methods.multiple_systems.loglinear_models import Booleans, Floats
from methods.multiple_systems.model_search import downhill
from methods.multiple_systems.poisson_fits import Fitter

_BLOCK = 250  # replicates between two progress reports
_SPREAD_DRAWS = 200

Tell = Callable[[int, int], None]
"""Called with the number of replicates done and their total."""


class Span(NamedTuple):
    """Lower and upper limit."""

    lower: float
    upper: float


@dataclass(frozen=True)
class BootstrapLimits:
    """The replicates of an estimate and what follows from them.

    Attributes:
        ci95: limits at 95 %.
        ci80: limits at 80 %.
        z0: bias of the replicates, in standard deviations.
        acceleration: how fast the spread grows with the estimate.
        replicates: number drawn.
        failed: number of these without an estimate.
        models: the model of each replicate, and how many chose it, most frequent first.
        spread: half-width that contains 95 % of the lower and upper 95 % limits under other seeds.
    """

    ci95: Span
    ci80: Span
    z0: float
    acceleration: float
    replicates: int
    failed: int
    models: list[tuple[Booleans, int]]
    spread: Span


def bootstrap_limits(
    fitter: Fitter, counts: Floats, estimate: float, replicates: int, seed: int, tell: Tell
) -> BootstrapLimits:
    """Return the BCa limits of `estimate`.

    Args:
        fitter: fitter for the table's lists.
        counts: counts of the observable cells.
        estimate: estimate of all persons, by the same search.
        replicates: number to draw.
        seed: random seed.
        tell: called with progress.
    """
    random = np.random.default_rng(seed)
    persons = int(counts.sum())
    drawn = random.multinomial(persons, counts / persons, size=replicates).astype(np.float64)
    totals, models = np.empty(replicates), np.empty((replicates, len(fitter.space.effects)), dtype=bool)
    for start in range(0, replicates, _BLOCK):
        part = slice(start, start + _BLOCK)
        chosen = downhill(fitter, drawn[part])
        totals[part], models[part] = persons + chosen.unseen, chosen.models
        tell(min(start + _BLOCK, replicates), replicates)
    good = totals[np.isfinite(totals)]
    if len(good) < 2:
        return BootstrapLimits(_NONE, _NONE, np.nan, np.nan, replicates, replicates - len(good), [], _NONE)
    acceleration = _acceleration(fitter, counts)
    ends = _limits(good[None, :], estimate, acceleration, 0.95)[0]
    return BootstrapLimits(
        ci95=Span(*ends.tolist()),
        ci80=Span(*_limits(good[None, :], estimate, acceleration, 0.80)[0].tolist()),
        z0=float(_bias(good[None, :], estimate)[0]),
        acceleration=acceleration,
        replicates=replicates,
        failed=replicates - len(good),
        models=_frequencies(models[np.isfinite(totals)]),
        spread=_spread_of_limits(good, estimate, acceleration, random),
    )


_NONE = Span(np.nan, np.nan)


def _acceleration(fitter: Fitter, counts: Floats) -> float:
    """Return the acceleration from the jackknife: each cell with one person less, weighted by its count."""
    filled = np.flatnonzero(counts)
    fewer = np.tile(counts, (len(filled), 1))
    fewer[np.arange(len(filled)), filled] -= 1
    totals = counts.sum() - 1 + downhill(fitter, fewer).unseen
    known = np.isfinite(totals)
    weights, values = counts[filled][known], totals[known]
    if not len(values):
        return 0.0
    apart = np.average(values, weights=weights) - values
    spread = float((weights * apart**2).sum())
    return float((weights * apart**3).sum() / (6 * spread**1.5)) if spread > 0 else 0.0


def _bias(rows: Floats, estimate: float) -> Floats:
    """Return the share of replicates below the estimate as a normal quantile, kept off its infinite ends."""
    size = rows.shape[1]
    below = (rows < estimate).sum(axis=1) + 0.5 * (rows == estimate).sum(axis=1)
    return np.asarray(scipy.stats.norm.ppf(np.clip(below / size, 0.5 / size, 1 - 0.5 / size)), dtype=np.float64)


def _limits(rows: Floats, estimate: float, acceleration: float, level: float) -> Floats:
    """Return lower and upper limits of each row of replicates."""
    z0 = _bias(rows, estimate)[:, None]
    at = z0 + scipy.stats.norm.ppf([(1 - level) / 2, (1 + level) / 2])
    # if the spread would turn negative, the limit is the outermost replicate
    room = np.maximum(1 - acceleration * at, 1e-9)
    shares = scipy.stats.norm.cdf(z0 + at / room)
    ordered = np.sort(rows, axis=1)
    size = rows.shape[1]
    places = np.clip(shares * (size + 1 / 3) + 1 / 3 - 1, 0, size - 1)  # type 8, counted from 0
    low = np.floor(places).astype(np.int64)
    high = np.minimum(low + 1, size - 1)
    below, above = np.take_along_axis(ordered, low, axis=1), np.take_along_axis(ordered, high, axis=1)
    return below + (places - low) * (above - below)


def _spread_of_limits(good: Floats, estimate: float, acceleration: float, random: np.random.Generator) -> Span:
    """Return how far another seed would move the 95 % limits: the replicates resampled 200 times."""
    again = random.choice(good, size=(_SPREAD_DRAWS, len(good)))
    moved = 1.96 * _limits(again, estimate, acceleration, 0.95).std(axis=0)
    return Span(*moved.tolist())


def _frequencies(models: Booleans) -> list[tuple[Booleans, int]]:
    kinds, counted = np.unique(models, axis=0, return_counts=True)
    return [(kinds[place], int(counted[place])) for place in np.argsort(-counted, kind="stable")]
