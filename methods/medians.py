"""Medians from counts in bands: how long something took, if only the number of cases in each band of days is printed.

Belongs here: the interpolated median, its interval over chance and over the rounding of the counts, the refusals. Does
not belong here: medians of single durations, which are never published; which indicator has which bands (its card).

A band's cases are assumed to be spread evenly over it. The interval covers chance (a seeded bootstrap, percentile
method: Efron and Tibshirani 1993, An introduction to the bootstrap, 13), the rounding of each count, and that
assumption: it is wider on both sides by the distance between the median of the straight line and that of a smooth curve
through the same cumulative counts (Fritsch and Carlson 1980, Monotone piecewise cubic interpolation). Without this,
intervals of 2,000 observations contained the true median in only half of all tables. A band with most of the cases
shows only that the median lies in it, and the interval then covers that band.

Rounding. A median is at most t exactly if the bands below t hold as much as those above, so it is lowest when the
counts below some edge are as large as possible and all others as small as possible, and highest the other way round.
With k bands there are k + 1 such extreme tables; each is resampled, and the outermost limits are used.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from methods.intervals import LEVEL

LEAST: Final = 20
"""Observations below which no median is published."""

STEP: Final = 5.0
"""Days to which medians and their limits are coarsened."""

ONE_BAND: Final = 2 / 3
"""A band with this share of all observations has neighbours too small to show how they are spread within it."""

REPLICATES: Final = 2000

_Floats = NDArray[np.float64]
_TOUCH = 1e-9


@dataclass(frozen=True)
class BandMedian:
    """A median and its limits.

    Args:
        value: the median to the nearest step; NaN if there is none, or it lies in the open last band.
        lower: lower limit, rounded down to a step; NaN if there is no median.
        upper: upper limit, rounded up to a step; infinite if it lies in the open band.
        at_least: the lower edge of the open band if the median lies in it; else NaN.
        observations: the sum of the counts.
    """

    value: float
    lower: float
    upper: float
    at_least: float
    observations: float


NOTHING: Final = BandMedian(np.nan, np.nan, np.nan, np.nan, np.nan)


def median_of_bands(
    counts: ArrayLike,
    edges: ArrayLike,
    *,
    label: str,
    error: float = 0,
    level: float = LEVEL,
    step: float = STEP,
    replicates: int = REPLICATES,
) -> BandMedian:
    """Return the median of banded observations with its interval.

    Args:
        counts: observations per band; NaN in any of them gives no median.
        edges: lower edge of each band, and the upper edge of the last, infinite if that is open: one more than counts.
            A band holds `edges[i] <= t < edges[i + 1]`; of whole days 0-7 and 8-30 the edges are 0, 8, 31.
        label: names the figure; it alone seeds the draws, so that the same input gives the same bytes.
        error: greatest distance of each true count from the printed one (`base - 1`).
        level: confidence level.
        step: unit of the result.
        replicates: draws per extreme table.

    Raises:
        ValueError: the edges do not rise, or are not one more than the counts.
    """
    observed, borders = np.asarray(counts, dtype=np.float64), np.asarray(edges, dtype=np.float64)
    if len(borders) != len(observed) + 1 or not (np.diff(borders) > 0).all():
        raise ValueError("a band needs a lower and a higher upper edge")
    if np.isnan(observed).any() or observed.sum() - error < LEAST:
        return NOTHING
    middle = float(interpolated_medians(observed[np.newaxis, :], borders)[0])
    is_open = bool(np.isinf(middle))
    lower, upper = _limits(
        tuple(observed.tolist()), tuple(borders.tolist()), error, level, replicates, _label_seed(label)
    )
    if not is_open:
        lower, upper = _over_shapes(observed, borders, middle, (lower, upper))
    return BandMedian(
        value=np.nan if is_open else float(np.floor(middle / step + 0.5) * step),
        lower=float(np.floor(lower / step + _TOUCH) * step),
        upper=float(np.ceil(upper / step - _TOUCH) * step),
        at_least=float(borders[-2]) if is_open else np.nan,
        observations=float(observed.sum()),
    )


def interpolated_medians(tables: _Floats, edges: _Floats) -> _Floats:
    """Return the median of each row of counts; infinite if it lies in an open last band, NaN for an empty row.

    Linear within the band: L + (n/2 - F) / f * w, with the band's lower edge L, its width w, its count f, and F below.
    """
    half = tables.sum(axis=1) / 2
    upto = np.cumsum(tables, axis=1)
    band = np.argmax(upto >= half[:, np.newaxis], axis=1)
    rows = np.arange(len(tables))
    own = tables[rows, band]
    below = upto[rows, band] - own
    fraction = np.divide(half - below, own, out=np.full(len(tables), np.nan), where=own > 0)
    start, end = edges[band], edges[band + 1]
    width = np.where(np.isinf(end), 0.0, end - start)
    return np.where(np.isinf(end) & (own > 0), np.inf, start + fraction * width)


def _over_shapes(counts: _Floats, edges: _Floats, middle: float, limits: tuple[float, float]) -> tuple[float, float]:
    """Return limits that also cover how the observations may be spread within the median's band."""
    allowance = abs(middle - _smooth_median(counts, edges))
    lower, upper = max(limits[0] - allowance, float(edges[0])), limits[1] + allowance
    largest = int(np.argmax(counts))
    if counts[largest] >= ONE_BAND * counts.sum():
        lower, upper = min(lower, float(edges[largest])), max(upper, float(edges[largest + 1]))
    return lower, upper


def _smooth_median(counts: _Floats, edges: _Floats) -> float:
    """Return the median by a monotone cubic through the cumulative counts at the finite edges, in the same band."""
    upto = np.concatenate([[0.0], np.cumsum(counts)])
    known = np.isfinite(edges)
    crossings = scipy.interpolate.PchipInterpolator(edges[known], upto[known]).solve(
        counts.sum() / 2, extrapolate=False
    )
    return float(np.min(crossings[np.isfinite(crossings)], initial=edges[known][-1]))


@lru_cache(maxsize=10_000)
def _limits(
    bands: tuple[float, ...], borders: tuple[float, ...], error: float, level: float, replicates: int, seed: int
) -> tuple[float, float]:
    """Return the outermost limits; cached, because several datasets print one figure, and each gate recomputes it."""
    counts, edges = np.array(bands), np.array(borders)
    generator = np.random.default_rng(seed)
    smallest, largest = np.maximum(counts - error, 0.0), counts + error
    tail = (1 - level) / 2
    lows: list[float] = []
    highs: list[float] = []
    for split in range(len(counts) + 1) if error else range(1):
        below = np.arange(len(counts)) < split
        lows.append(_quantile(np.where(below, largest, smallest), edges, tail, replicates, generator))
        highs.append(_quantile(np.where(below, smallest, largest), edges, 1 - tail, replicates, generator))
    lowest = float(np.nanmin(lows))
    return float(edges[-2]) if np.isinf(lowest) else lowest, float(np.nanmax(highs))


def _quantile(table: _Floats, edges: _Floats, share: float, replicates: int, generator: np.random.Generator) -> float:
    """Return a quantile of the medians of resampled tables: an order statistic, since some may be infinite."""
    total = round(float(table.sum()))
    if total == 0:
        return np.nan
    drawn = generator.multinomial(total, table / table.sum(), size=replicates).astype(np.float64)
    medians = np.sort(interpolated_medians(drawn, edges))
    place = np.floor(share * (replicates - 1)) if share < 1 / 2 else np.ceil(share * (replicates - 1))
    return float(medians[int(place)])


def _label_seed(label: str) -> int:
    return int.from_bytes(hashlib.sha256(label.encode("utf-8")).digest()[:8])
