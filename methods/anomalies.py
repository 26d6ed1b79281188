"""Suspicious figures in tables and series: sums that fail, figures that repeat or jump, zeros that mean "unknown".

Belongs here: rules about published or reported counts, each with its formula and its source, and the correction for
many checks at once. Does not belong here: how ages, dates and digits pile up (`heaping.py`), what is done about a flag,
its words.

A flag asks a question and accuses nobody. Counts of tens follow no scale law, so Benford's law does not apply here.
Rules marked [M] were measured on UNODC's GLOTIP file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

from methods.breaks import YEAR_TO_YEAR

SIGNIFICANT: Final = 0.001
"""Chance below which a repetition counts as no accident."""

JUMP: Final = 3.0
"""Standard deviations from which a jump is flagged."""

LEAST_RECYCLED: Final = 20
"""Smaller figures often repeat by chance."""

TOGETHER: Final = 3
"""Number of figures repeating together from which they are flagged."""

LEAST_IN_TABLE: Final = 5
"""Least number of figures, and of cells, for judging a whole table against chance."""

SURELY_NONE: Final = 0.01
"""A zero is flagged if its chance, given the usual mean, is less."""

LEAST_REVISIONS: Final = 20
"""Number of earlier revisions needed to judge a new one."""

FALSE_DISCOVERIES: Final = 0.05

_Floats = NDArray[np.float64]


def failing_sums(tables: pd.DataFrame, parts: Sequence[str], *, rounding: float = 0) -> pd.DataFrame:
    """Return whether totals are the sums of their parts.

    A total and its parts, each rounded to `rounding`, may differ by half of it for each part, on average by half of it
    times the root of their number. If `has_unknown` says that some of the whole belong to no part shown, the total may
    be greater, never smaller.

    Args:
        tables: one row per table: `total`, the columns `parts` (NaN counts as not shown), `has_unknown`.
        parts: names of the columns of parts.
        rounding: unit of rounding; 0 for none.

    Returns:
        The frame with `difference` (total less parts) and `is_flagged`.
    """
    shown = tables[list(parts)]
    difference = (tables["total"] - shown.sum(axis=1)).astype(float)
    tolerance = rounding / 2 * np.sqrt(shown.notna().sum(axis=1))
    is_over = ~tables["has_unknown"].astype(bool) & (difference > tolerance)
    return tables.assign(difference=difference, is_flagged=is_over | (difference < -tolerance))


def parts_above_whole(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return whether a part exceeds its whole.

    Figures of one period may do so legitimately if they are about different cohorts (convicted this year, prosecuted
    the year before): then `is_one_cohort` is false and the flag is a question.

    Args:
        pairs: `part`, `whole`, `is_one_cohort`.

    Returns:
        The frame with `is_flagged` and `is_certain` (impossible within one cohort).
    """
    is_flagged = pairs["part"] > pairs["whole"]
    return pairs.assign(is_flagged=is_flagged, is_certain=is_flagged & pairs["is_one_cohort"].astype(bool))


def chance_of_repeating(mean: ArrayLike) -> _Floats:
    """Return the chance that two Poisson counts of one mean are equal: exp(-2m) I0(2m), about 1 / sqrt(4 pi m)."""
    return np.asarray(scipy.special.ive(0, 2 * np.asarray(mean, dtype=np.float64)), dtype=np.float64)


def find_recycled(figures: pd.DataFrame) -> pd.DataFrame:
    """Return, for each table and pair of successive periods, how many figures repeat.

    One figure that repeats proves nothing [M]: 130 of 4,220 pairs of GLOTIP totals are equal; by chance alone 183 would
    be. Several figures of 20 and more together, or more of a whole table than chance explains, are flagged.

    Args:
        figures: `table`, `cell`, `period`, `value`; a table is a set of figures printed together.

    Returns:
        `table`, `period` (the later), `earlier`, `compared` (cells in both), `repeated` (of those of 20 and more),
        `p_value` (chance of as many equal cells among those of 5 and more; NaN with fewer than five) and `is_flagged`.
    """
    rows: list[dict[str, object]] = []
    for table, own in figures.groupby("table", sort=True):
        wide = own.pivot_table(index="cell", columns="period", values="value", aggfunc="first").sort_index(axis=1)
        for earlier, later in zip(wide.columns[:-1], wide.columns[1:], strict=True):
            both = wide[[earlier, later]].dropna().to_numpy(dtype=np.float64)
            rows.append(
                {"table": table, "period": later, "earlier": earlier} | _compare_periods(both[:, 0], both[:, 1])
            )
    columns = ["table", "period", "earlier", "compared", "repeated", "p_value", "is_flagged"]
    return pd.DataFrame(rows, columns=columns)


def _compare_periods(first: _Floats, second: _Floats) -> dict[str, object]:
    repeated = int(((first == second) & (first >= LEAST_RECYCLED)).sum())
    judged = (first + second) / 2 >= LEAST_IN_TABLE
    chance = _chance_of_as_many(first[judged], second[judged])
    is_flagged = repeated >= TOGETHER or chance < SIGNIFICANT
    return {"compared": len(first), "repeated": repeated, "p_value": chance, "is_flagged": is_flagged}


def _chance_of_as_many(first: _Floats, second: _Floats) -> float:
    """Return the chance of at least as many equal pairs, for independent cells; NaN for too few cells."""
    if len(first) < LEAST_IN_TABLE:
        return float("nan")
    distribution = np.ones(1)
    for chance in chance_of_repeating((first + second) / 2):
        distribution = np.convolve(distribution, [1 - chance, chance])
    return float(min(1.0, distribution[int((first == second).sum()) :].sum()))


def find_copied(figures: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of holders whose series are equal: they are one source, and count as one list.

    Args:
        figures: `holder`, `series`, `period`, `value`.

    Returns:
        `series`, `holder`, `other`, `compared` (periods that both have), `p_value` (chance that all are equal) and
        `is_flagged`: all are equal, and chance would not explain it.
    """
    rows: list[dict[str, object]] = []
    for series, own in figures.groupby("series", sort=True):
        if own["holder"].nunique() < 2:
            continue
        wide = own.pivot_table(index="period", columns="holder", values="value", aggfunc="first").sort_index(axis=1)
        for place, holder in enumerate(wide.columns):
            for other in wide.columns[place + 1 :]:
                both = wide[[holder, other]].dropna().to_numpy(dtype=np.float64)
                chance = float(np.prod(chance_of_repeating(both.mean(axis=1))))
                is_same = bool(len(both)) and bool((both[:, 0] == both[:, 1]).all())
                pair: dict[str, object] = {"series": series, "holder": holder, "other": other, "compared": len(both)}
                rows.append(pair | {"p_value": chance, "is_flagged": is_same and chance < SIGNIFICANT})
    return pd.DataFrame(rows, columns=["series", "holder", "other", "compared", "p_value", "is_flagged"])


def measure_jumps(figures: pd.DataFrame, *, spread: float = YEAR_TO_YEAR) -> pd.DataFrame:
    """Return how far each figure jumps from that of the previous period.

    z = r / sqrt(1/x + 1/y + 2 c^2) with r = log((x + 1/2) / (y + 1/2)), x after y, c the variation from year to year
    [M]: 95 % of ratios lie within a factor of 4.7. The denominator gets 1/2 too, because a count may be 0.

    Args:
        figures: `series`, `period`, `value` (NaN for a gap; no jump is measured across it).
        spread: c.

    Returns:
        The frame by series and period, with `before`, `score` (NaN without a previous figure), `p_value`, `is_flagged`.
    """
    ordered = figures.sort_values(["series", "period"]).reset_index(drop=True)
    before = ordered.groupby("series", sort=False)["value"].shift(1)
    x, y = (np.asarray(column, dtype=np.float64) + 0.5 for column in (ordered["value"], before))
    score = np.log(x / y) / np.sqrt(1 / x + 1 / y + 2 * spread**2)
    chance = 2 * scipy.special.ndtr(-np.abs(score))  # not from `scipy.stats`, which takes a second to load
    return ordered.assign(before=before, score=score, p_value=chance, is_flagged=np.abs(score) > JUMP)


def doubtful_zeros(figures: pd.DataFrame) -> pd.DataFrame:
    """Return zeros that the other periods of their series make unlikely: truly none, or unknown?

    Args:
        figures: `series`, `period`, `value`.

    Returns:
        The frame by series and period, with `usual` (mean of the other periods), `p_value` (exp(-m), NaN unless the
        value is 0) and `is_flagged`.
    """
    ordered = figures.sort_values(["series", "period"]).reset_index(drop=True)
    values = ordered.groupby("series", sort=False)["value"]
    others = values.transform("count") - 1
    usual = ((values.transform("sum") - ordered["value"]) / others.where(others > 0)).astype(float)
    chance = np.exp(-usual).where(ordered["value"].eq(0))
    return ordered.assign(usual=usual, p_value=chance, is_flagged=chance.lt(SURELY_NONE))


def large_revisions(revisions: pd.DataFrame, history: ArrayLike) -> pd.DataFrame:
    """Return revisions larger than 95 % of the past ones.

    Args:
        revisions: `old`, `new`: the same figure before and after.
        history: past relative revisions |new - old| / old; with fewer than twenty nothing is flagged.

    Returns:
        The frame with `revision` (relative; NaN if the old figure was 0) and `is_flagged`.
    """
    old = revisions["old"].where(revisions["old"] > 0)
    revision = ((revisions["new"] - revisions["old"]).abs() / old).astype(float)
    past = np.asarray(history, dtype=np.float64)
    limit = float(np.quantile(past, 0.95)) if len(past) >= LEAST_REVISIONS else np.inf
    return revisions.assign(revision=revision, is_flagged=revision > limit)


def control_false_flags(p_values: ArrayLike) -> NDArray[np.bool_]:
    """Return which checks of a delivery stay flagged if at most 5 % of the flags may be false.

    Benjamini and Hochberg (1995), Controlling the false discovery rate, JRSS B 57. A NaN was not checked.
    """
    chances = np.asarray(p_values, dtype=np.float64)
    asked = ~np.isnan(chances)
    ordered = np.sort(chances[asked])
    limits = FALSE_DISCOVERIES * np.arange(1, len(ordered) + 1) / max(len(ordered), 1)
    return asked & (chances <= np.max(ordered[ordered <= limits], initial=-1.0))
