"""How records pile up: ages at round years, dates at default days, last digits, categories that drift.

Belongs here: rules about many records of one variable, given as counts. Does not belong here: figures of tables and
series (`anomalies.py`), missing values (`data_quality.py`).

A pile shows how something was recorded, not that anybody invented it: a year of birth alone becomes the first of
January, and an age limit in the law attracts ages to it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

from methods.anomalies import SIGNIFICANT

ROUGH: Final = 125.0
"""Whipple's index above which the United Nations call ages rough."""

LEAST_DIGIT: Final = 100
"""Last digits of smaller figures are naturally not uniform."""

LEAST_FIGURES: Final = 50
"""Least number of figures for judging last digits: five expected of each digit."""

_MAJORITY = 18
_REPLICATES = 2000
_DAYS_OF_YEAR = 365.25
_DEFAULT_DAYS: Final = {"first_or_middle_of_month": 24 / _DAYS_OF_YEAR, "first_of_half_year": 2 / _DAYS_OF_YEAR}
_Floats = NDArray[np.float64]
# Binomial chances come from `scipy.special`: `scipy.stats`, with the same results, takes a second to load.


@dataclass(frozen=True)
class HeapingTest:
    """The result of one test for a pile.

    Args:
        statistic: what the rule measures; NaN if there is nothing to measure.
        p_value: chance of a value this large without heaping; NaN if not tested.
        is_flagged: whether the sender should be asked.
        observations: number of records or figures tested.
    """

    statistic: float
    p_value: float
    is_flagged: bool
    observations: int


def whipple(counts_by_age: pd.Series) -> HeapingTest:
    """Return Whipple's index of ages: 100 without heaping at 0 and 5, 500 if all ages end in 0 or 5.

    W = 100 * 5 * sum of the ages 25, 30, ..., 60 / sum of the ages 23 to 62 (United Nations 1955, Manual II). Flagged
    above 125, if the binomial chance of at least as many round ages is below 0.001.

    Args:
        counts_by_age: persons by age in whole years.
    """
    ages = counts_by_age.index.to_numpy()
    within = (ages >= 23) & (ages <= 62)
    total = int(counts_by_age[within].sum())
    round_ages = int(counts_by_age[within & (ages % 5 == 0)].sum())
    if total == 0:
        return HeapingTest(np.nan, np.nan, is_flagged=False, observations=0)
    index = 100 * 5 * round_ages / total
    chance = float(scipy.special.bdtrc(round_ages - 1, total, 1 / 5))
    return HeapingTest(index, chance, is_flagged=index > ROUGH and chance < SIGNIFICANT, observations=total)


def age_of_majority(counts_by_age: pd.Series) -> HeapingTest:
    """Return the share of 18 among the ages 17 to 19; a pile suggests that minors may be recorded as adults.

    Args:
        counts_by_age: persons by age in whole years.
    """
    around = counts_by_age.reindex([_MAJORITY - 1, _MAJORITY, _MAJORITY + 1], fill_value=0)
    total, at = int(around.sum()), int(around[_MAJORITY])
    if total == 0:
        return HeapingTest(np.nan, np.nan, is_flagged=False, observations=0)
    chance = float(scipy.special.bdtrc(at - 1, total, 1 / 3))
    return HeapingTest(at / total, chance, is_flagged=chance < SIGNIFICANT, observations=total)


def default_days(dates: pd.Series) -> dict[str, HeapingTest]:
    """Return the shares of dates on days that may mean "some day": 1 and 15 of a month, 1 January and 1 July.

    Flagged at twice the share that the calendar gives, if the binomial chance is below 0.001.

    Args:
        dates: days; missing ones are left out.
    """
    days = pd.to_datetime(dates.dropna())
    is_first_of_half = days.dt.day.eq(1) & days.dt.month.isin([1, 7])
    on_default_days = {"first_or_middle_of_month": days.dt.day.isin([1, 15]), "first_of_half_year": is_first_of_half}
    return {
        name: _default_day(int(hits.sum()), len(days), _DEFAULT_DAYS[name]) for name, hits in on_default_days.items()
    }


def _default_day(hits: int, total: int, expected: float) -> HeapingTest:
    if total == 0:
        return HeapingTest(np.nan, np.nan, is_flagged=False, observations=0)
    chance = float(scipy.special.bdtrc(hits - 1, total, expected))
    return HeapingTest(
        hits / total, chance, is_flagged=hits / total > 2 * expected and chance < SIGNIFICANT, observations=total
    )


def check_last_digits(figures: ArrayLike) -> HeapingTest:
    """Return whether the last digits of figures of 100 and more are uniform (chi-square with nine degrees of freedom).

    Args:
        figures: counts; with fewer than fifty of 100 and more, nothing is judged.
    """
    values = np.asarray(figures, dtype=np.float64)
    large = values[values >= LEAST_DIGIT]
    if len(large) < LEAST_FIGURES:
        return HeapingTest(np.nan, np.nan, is_flagged=False, observations=len(large))
    seen = np.bincount((large % 10).astype(int), minlength=10)
    statistic, chance = (float(number) for number in scipy.stats.chisquare(seen))
    return HeapingTest(statistic, chance, is_flagged=chance < SIGNIFICANT, observations=len(large))


def drift(before: ArrayLike, after: ArrayLike, *, label: str) -> HeapingTest:
    """Return the distance between the shares of categories in two periods: a change of coding, if it is not chance.

    Jensen-Shannon distance to base 2 (0 the same, 1 nothing in common; Endres and Schindelin 2003), compared with draws
    from the shares of both periods together.

    Args:
        before: counts by category, in the order of `after`.
        after: counts by category.
        label: names the test; it alone seeds the draws.
    """
    first, second = np.asarray(before, dtype=np.float64), np.asarray(after, dtype=np.float64)
    sizes = int(first.sum()), int(second.sum())
    if min(sizes) == 0:
        return HeapingTest(np.nan, np.nan, is_flagged=False, observations=sum(sizes))
    distance = float(_distance(first[np.newaxis, :], second[np.newaxis, :])[0])
    shares = (first + second) / sum(sizes)
    generator = np.random.default_rng(int.from_bytes(hashlib.sha256(label.encode("utf-8")).digest()[:8]))
    drawn = [generator.multinomial(size, shares, size=_REPLICATES).astype(np.float64) for size in sizes]
    chance = (1 + int((_distance(drawn[0], drawn[1]) >= distance - 1e-12).sum())) / (1 + _REPLICATES)
    return HeapingTest(distance, chance, is_flagged=chance < SIGNIFICANT, observations=sum(sizes))


def _distance(first: _Floats, second: _Floats) -> _Floats:
    """Return the Jensen-Shannon distance of the rows of two tables of counts."""
    p = first / first.sum(axis=1, keepdims=True)
    q = second / second.sum(axis=1, keepdims=True)
    middle = (p + q) / 2
    divergence = (_entropy_to(p, middle) + _entropy_to(q, middle)) / 2
    return np.sqrt(np.maximum(divergence, 0.0))


def _entropy_to(shares: _Floats, other: _Floats) -> _Floats:
    safe = np.where(shares > 0, shares, 1.0)
    return np.sum(np.where(shares > 0, shares * np.log2(safe / np.where(shares > 0, other, 1.0)), 0.0), axis=1)


def count_out_of_order(rows: pd.DataFrame, steps: list[str]) -> pd.DataFrame:
    """Return how many records have a later step before an earlier one.

    Args:
        rows: one record per row, with a date (or nothing) in each column of `steps`.
        steps: the columns, in the order in which they must happen.

    Returns:
        `earlier`, `later`, `tested` (records with both dates), `broken`; one row per pair of steps.
    """
    pairs = [(first, second) for place, first in enumerate(steps) for second in steps[place + 1 :]]
    counts = [
        (first, second, int(rows[[first, second]].notna().all(axis=1).sum()), int((rows[second] < rows[first]).sum()))
        for first, second in pairs
    ]
    return pd.DataFrame(counts, columns=["earlier", "later", "tested", "broken"])
