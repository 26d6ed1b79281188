"""Data quality by agency and variable: how complete, how timely, how consistent in itself, how stable over the years.

Belongs here: the four measures, frames in, frames out, each with a verdict. Does not belong here: where the numbers
come from (`ingestion/quality/quality_measures.py`), single suspicious figures (`anomalies.py`, `heaping.py`), the words
of a page.

Measures after WHO (2017, revised 2020), Data quality review: a toolkit for facility data quality assessment, module 1,
Framework and metrics: completeness and timeliness, internal consistency with outliers and consistency over time.
External consistency is the reconciliation of figures, done elsewhere. WHO leaves thresholds to the country; Marsad's
are below.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from methods.breaks import compare_shares

GOOD: Final = 0.9
"""Shares from here up are good."""

FAIR: Final = 0.8
"""Lower shares are poor, as for a variable with over a fifth unknown; between the two they are fair."""

CHANGED: Final = 1 / 3
"""Distance of a year from the mean of the three before it from which WHO's tool flags it."""

YEARS_BEFORE: Final = 3

BEYOND_CHANCE: Final = 3.0
"""Standard deviations of two Poisson counts. WHO's third is for thousands; tens move more by chance alone."""

OUTLIER: Final = 3.5
"""Modified z-score of an outlier (Iglewicz and Hoaglin 1993, How to detect and handle outliers)."""

MATERIAL_LOSS: Final = 0.1
"""Loss of known share from which a variable is flagged, in addition to a clear direction."""

_NORMAL = 0.6745  # third quartile of the normal distribution: makes the median deviation a standard deviation
_LEAST_FOR_OUTLIERS = 5


def completeness(cells: pd.DataFrame) -> pd.DataFrame:
    """Return how much of each variable is known.

    Args:
        cells: one row per agency, variable and any other columns, with the counts `records`, `known` and
            `stated_unknown` (the sender wrote that it is not known, which is an answer and no omission).

    Returns:
        The frame with `empty` (records without any answer), `known_share` and `answered_share` (0 to 1, NaN without
        records) and `verdict` on the known share: `good`, `fair`, `poor`, `none` without records.

    Raises:
        ValueError: more is known than there is.
    """
    empty = cells["records"] - cells["known"] - cells["stated_unknown"]
    if (empty < 0).any():
        raise ValueError("more cells are known than there are records")
    known = _share(cells["known"], cells["records"])
    answered = _share(cells["known"] + cells["stated_unknown"], cells["records"])
    return cells.assign(empty=empty, known_share=known, answered_share=answered, verdict=verdicts(known))


def timeliness(deliveries: pd.DataFrame) -> pd.DataFrame:
    """Return how timely each agency is.

    Args:
        deliveries: one row per agency and period that fell due: `body`, `days_late` (working days after the due day; 0
            if in time; NaN if nothing has come).

    Returns:
        One row per agency: `owed`, `received`, `in_time`, `received_share`, `in_time_share` (of those owed),
        `median_late` and `most_late` (days, of those received; NaN if none), `verdict` on the share in time.
    """
    marked = deliveries.assign(received=deliveries["days_late"].notna(), in_time=deliveries["days_late"].eq(0))
    grouped = marked.groupby("body", sort=True)
    by_sender = pd.DataFrame(
        {
            "owed": grouped.size(),
            "received": grouped["received"].sum(),
            "in_time": grouped["in_time"].sum(),
            "median_late": grouped["days_late"].median(),
            "most_late": grouped["days_late"].max(),
        }
    ).reset_index()
    in_time = _share(by_sender["in_time"], by_sender["owed"])
    received = _share(by_sender["received"], by_sender["owed"])
    return by_sender.assign(received_share=received, in_time_share=in_time, verdict=verdicts(in_time))


def consistency(checks: pd.DataFrame) -> pd.DataFrame:
    """Return how often the records of an agency are consistent with each other.

    Args:
        checks: one row per agency and check, with the counts `tested` and `broken`.

    Returns:
        The frame with `consistent_share` (NaN if nothing was tested) and `verdict`.
    """
    share = _share(checks["tested"] - checks["broken"], checks["tested"])
    return checks.assign(consistent_share=share, verdict=verdicts(share))


def stability(figures: pd.DataFrame) -> pd.DataFrame:
    """Return for each yearly count how it compares with the years before it.

    Args:
        figures: `body`, `variable`, `period` (a year), `value` (a count; NaN if none was sent); a year between the
            first and the last without a row would be skipped.

    Returns:
        The frame by agency, variable and period, with `usual` (mean of the three years before; NaN unless all three are
        there), `ratio` to it, `is_changed` (more than a third away, and more than chance moves two counts), `score`
        (modified z-score among all years of the variable, NaN with fewer than five) and `is_outlier`.
    """
    ordered = figures.sort_values(["body", "variable", "period"]).reset_index(drop=True)
    series = ordered.groupby(["body", "variable"], sort=False)["value"]
    usual = series.transform(lambda own: own.shift(1).rolling(YEARS_BEFORE, min_periods=YEARS_BEFORE).mean())
    ratio = (ordered["value"] / usual.where(usual > 0)).astype(float)
    chance = BEYOND_CHANCE * np.sqrt(ordered["value"] + usual / YEARS_BEFORE)
    is_changed = ((ordered["value"] - usual).abs() > np.maximum(chance, CHANGED * usual)) & usual.notna()
    score = series.transform(_modified_scores)
    is_outlier = (score.abs() > OUTLIER).fillna(value=False)
    return ordered.assign(usual=usual, ratio=ratio, is_changed=is_changed, score=score, is_outlier=is_outlier)


def losses(cells: pd.DataFrame) -> pd.DataFrame:
    """Return for each variable and year whether less of it is known than in the years before.

    Args:
        cells: `body`, `variable`, `period` (a year), `records`, `known`.

    Returns:
        The frame by agency, variable and period, with `before_share` (known in up to three years before, NaN without)
        and `is_lost`: the share fell by a tenth or more, and the interval of the difference excludes no change.
    """
    ordered = cells.sort_values(["body", "variable", "period"]).reset_index(drop=True)
    before = {name: _sum_before(ordered, name) for name in ("known", "records")}
    changes = compare_shares((before["known"], before["records"]), (ordered["known"], ordered["records"]))
    share = _share(before["known"], before["records"])
    fell = share - _share(ordered["known"], ordered["records"])
    return ordered.assign(before_share=share, is_lost=(changes.direction == "down") & (fell >= MATERIAL_LOSS))


def _sum_before(ordered: pd.DataFrame, name: str) -> pd.Series:
    """Add up to three earlier counts of each series; NaN for its first one."""
    counts = ordered.groupby(["body", "variable"], sort=False)[name]
    before = counts.shift(1)
    for years in range(2, YEARS_BEFORE + 1):
        before = before + counts.shift(years).fillna(0)
    return before


def verdicts(shares: pd.Series) -> pd.Series:
    """Return `good`, `fair`, `poor`, or `none` for a share that does not exist."""
    named = np.select([shares.isna(), shares >= GOOD, shares >= FAIR], ["none", "good", "fair"], "poor")
    return pd.Series(named, index=shares.index, dtype=object)


def _modified_scores(values: pd.Series) -> pd.Series:
    """0.6745 (x - median) / MAD; if half of all values are equal, the mean deviation replaces it."""
    distance = values - values.median()
    scale = distance.abs().median() / _NORMAL
    if not scale > 0:
        scale = distance.abs().mean() * np.sqrt(np.pi / 2)
    enough = values.notna().sum() >= _LEAST_FOR_OUTLIERS and scale > 0
    return distance / scale if enough else pd.Series(np.nan, index=values.index)


def _share(part: pd.Series, whole: pd.Series) -> pd.Series:
    return (part / whole.where(whole > 0)).astype(float)
