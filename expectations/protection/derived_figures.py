"""Shares, rates, medians and gaps, with their intervals: computed after protection, from printed figures only.

Belongs here: finding the printed figures behind a derived one, its interval and its status.
Does not belong here: the arithmetic (`methods/disclosure/derived.py`, `methods/intervals.py`, `methods/medians.py`), or
which indicator has which (its card).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from expectations.cards.cells import (
    COLUMNS,
    DERIVED_UNITS,
    DIMENSIONS,
    KEY,
    PART,
    SPOKEN,
    TOTAL,
    WHOLE,
    keys_of,
    measure_ids,
    rounding_error,
)
from expectations.cards.codes import duration_bands
from expectations.cards.dataset_card import DatasetCard
from expectations.cards.indicator_card import DerivedMeasure, IndicatorCard
from expectations.cards.population import PLACE, residents
from methods.disclosure.derived import rate, ratio, relative_gap, share
from methods.intervals import Limits, poisson_rate, round_outward, wilson
from methods.medians import median_of_bands

WILSON, POISSON, BOOTSTRAP = "WILSON_95", "POISSON_95", "BOOTSTRAP_95"
STEP = 0.001  # limits have as many decimals as the figure, and are rounded outward
_NOTHING = ""


def derived_rows(card: DatasetCard, cards: Mapping[str, IndicatorCard], printed: pd.DataFrame) -> pd.DataFrame:
    """Return the derived rows of a dataset (`COLUMNS`).

    Args:
        card: card of the dataset; its `minimum_base` applies to figures of protected counts.
        cards: cards of all indicators, by code.
        printed: the protected counted rows of this dataset.
    """
    own = [indicator for indicator in cards.values() if card.name in indicator.datasets]
    by_measure = {str(name): rows.reset_index(drop=True) for name, rows in printed.groupby(measure_ids(printed))}
    printed_rows = _Printed(by_measure, nothing=printed.iloc[:0].reset_index(drop=True))
    rows = [_rows(card, cards, indicator, entry, printed_rows) for indicator in own for entry in indicator.derived]
    filled = [frame for frame in rows if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS))


@dataclass(frozen=True)
class _Printed:
    """The protected counted rows of a dataset, grouped once by measure: a figure looks up only its operands."""

    by_measure: Mapping[str, pd.DataFrame]
    nothing: pd.DataFrame

    def rows_of(self, measure: str) -> pd.DataFrame:
        """Return the rows of a measure, e.g. `PRT-01/COUNT`."""
        return self.by_measure.get(measure, self.nothing)


def _rows(
    card: DatasetCard,
    cards: Mapping[str, IndicatorCard],
    indicator: IndicatorCard,
    entry: DerivedMeasure,
    printed: _Printed,
) -> pd.DataFrame:
    minimum = _minimum_base(card, indicator, entry)
    if entry.method == "median":
        return _medians(indicator, entry, printed, minimum)
    own = next(operand for operand in entry.operands if operand.startswith(indicator.code))
    here = printed.rows_of(own)
    if entry.method == "rate":
        people = [residents().get(tuple(place), np.nan) for place in here[list(PLACE)].itertuples(index=False)]
        there = here.assign(obs_value=people, obs_status=np.where(np.isnan(people), "O", "A"), disclosure_method="NONE")
    else:
        other = next((operand for operand in entry.operands if operand != own), own)
        there = _look_up_rows(printed, here, other, cards, entry.at)
    is_first = own == entry.operands[0]
    left, right = (here, there) if is_first else (there, here)
    values = _values(entry, left, right, minimum)
    limits, method = _interval(card, indicator, entry, left, right)
    missing = (here["obs_status"] == "O") | ~there["obs_status"].isin(SPOKEN)
    is_part = (here["obs_status"] == PART) | (there["obs_status"] == PART)
    if entry.method == "relative_gap":  # a part of a year is compared with nothing
        missing |= is_part
    marked = here.assign(obs_status=np.where(is_part, PART, here["obs_status"]))
    return _complete_rows(marked, indicator, entry, values, limits, method, missing.to_numpy())


def _complete_rows(
    here: pd.DataFrame,
    indicator: IndicatorCard,
    entry: DerivedMeasure,
    values: np.ndarray,
    limits: Limits,
    method: str,
    missing: np.ndarray,
) -> pd.DataFrame:
    is_told = ~np.isnan(values) & ~missing
    told = np.where(here["obs_status"] == PART, PART, WHOLE)
    has_limits = is_told & ~np.isnan(limits.lower) if method else np.zeros(len(here), dtype=bool)
    return here.assign(
        indicator=indicator.code,
        measure=entry.measure,
        obs_value=np.where(missing, np.nan, values),
        lower=np.where(has_limits, limits.lower, np.nan),
        upper=np.where(has_limits & np.isfinite(limits.upper), limits.upper, np.nan),
        interval_method=pd.Series(method, index=here.index).where(has_limits, None),
        obs_status=np.where(missing, "O", np.where(is_told, told, "Q")),
        unit_measure=DERIVED_UNITS.get(entry.measure, indicator.unit_measure),
        conf_status=None,  # filled in later, from the status
        disclosure_method=np.where(missing, "NONE", "DERIVED"),
    ).loc[:, list(COLUMNS)]


def _look_up_rows(
    printed: _Printed,
    here: pd.DataFrame,
    measure: str,
    cards: Mapping[str, IndicatorCard],
    at: Mapping[str, str],
) -> pd.DataFrame:
    """Return the rows of `measure` for the rows of `here`; dimensions it lacks are totals, `at` selects its part."""
    code, _, name = measure.partition("/")
    lacking = {dimension: TOTAL for dimension in DIMENSIONS if dimension not in cards[code].dimensions}
    wanted = here.loc[:, list(KEY)].assign(indicator=code, measure=name, **lacking, **at)
    there = printed.rows_of(measure)
    return there.reindex(keys_of(there).get_indexer(keys_of(wanted))).reset_index(drop=True)


def _values(entry: DerivedMeasure, left: pd.DataFrame, right: pd.DataFrame, minimum_base: int) -> np.ndarray:
    first, second = left["obs_value"].to_numpy(dtype=float), right["obs_value"].to_numpy(dtype=float)
    if entry.method == "relative_gap":
        return relative_gap(first, second)
    return {"share": share, "ratio": ratio, "rate": rate}[entry.method](first, second, minimum_base)


def _interval(
    card: DatasetCard, indicator: IndicatorCard, entry: DerivedMeasure, left: pd.DataFrame, right: pd.DataFrame
) -> tuple[Limits, str]:
    """Return the interval and its name, for shares of persons and rates; gaps, ratios, shares of agencies have none."""
    first, second = left["obs_value"].to_numpy(dtype=float), right["obs_value"].to_numpy(dtype=float)
    error = _errors(left["disclosure_method"])
    if entry.method == "rate":
        return round_outward(poisson_rate(first, second, error=error), STEP), POISSON
    if entry.method == "share" and card.protection[indicator.unit_measure].protects:
        wide = wilson(first, second, numerator_error=error, denominator_error=_errors(right["disclosure_method"]))
        return round_outward(wide, STEP), WILSON
    return Limits(np.full(len(first), np.nan), np.full(len(first), np.nan)), _NOTHING


def _medians(indicator: IndicatorCard, entry: DerivedMeasure, printed: _Printed, minimum: int) -> pd.DataFrame:
    """Return one row for each place whose bands are all printed: the median of the days in these bands."""
    bands = duration_bands()
    rows = printed.rows_of(entry.operands[0])
    places = rows[rows["cust_breakdown"] == TOTAL].reset_index(drop=True)
    columns = [
        rows.reindex(keys_of(rows).get_indexer(keys_of(places.assign(cust_breakdown=code)))) for code in bands.codes
    ]
    counts = np.column_stack([band["obs_value"].to_numpy(dtype=float) for band in columns])
    errors = np.column_stack([_errors(band["disclosure_method"]) for band in columns]).max(axis=1)
    labels = [f"{indicator.code}/{entry.measure}|{key}" for key in keys_of(places)]
    medians = [
        median_of_bands(band_counts, bands.edges, label=label, error=float(error))
        for band_counts, label, error in zip(counts, labels, errors, strict=True)
    ]
    enough = np.array([median.observations >= minimum for median in medians], dtype=bool)
    values = np.where(enough, [median.value for median in medians], np.nan)
    limits = Limits(np.array([median.lower for median in medians]), np.array([median.upper for median in medians]))
    missing = (places["obs_status"] == "O").to_numpy()
    return _complete_rows(places, indicator, entry, values, limits, BOOTSTRAP, missing)


def _errors(methods: pd.Series) -> np.ndarray:
    """Return how far the true count may lie from each printed one; 0 if nothing is printed."""
    return methods.fillna("").map(rounding_error).to_numpy(dtype=float)


def _minimum_base(card: DatasetCard, indicator: IndicatorCard, entry: DerivedMeasure) -> int:
    """Return the minimum base: the dataset's applies to protected figures; otherwise the indicator's own is enough."""
    is_protected = card.protection[indicator.unit_measure].protects and entry.method != "rate"
    return max(entry.minimum_base, card.minimum_base) if is_protected else entry.minimum_base
