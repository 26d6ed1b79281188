"""Derived figures worked out a second time, from the released rows alone: a derived figure must say nothing more.

Belongs here: finding the printed figures behind each derived one as a reader would, and comparing. Shares no code with
`derived_figures.py`, so that one mistake cannot hide the other; the arithmetic is that of `methods`.
Does not belong here: any true figure, or what follows from a difference (`mandatory_rules.py`, `verdicts.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from expectations.cards.cells import COUNTED, DIMENSIONS, KEY, TOTAL, texts_of
from expectations.cards.codes import duration_bands
from expectations.cards.dataset_card import DatasetCard
from expectations.cards.indicator_card import DerivedMeasure, IndicatorCard
from expectations.cards.population import PLACE, residents
from methods.disclosure.derived import rate, ratio, relative_gap, share
from methods.intervals import Limits, outward, poisson_rate, wilson
from methods.medians import median_of_bands

Printed = Mapping[tuple[str, ...], tuple[float, float]]
"""Value and error (how far the true count may lie from it) of each printed count, by key."""

_NOTHING = (np.nan, 0.0)
_STEP = 0.001
_QUOTIENTS = {"share": share, "ratio": ratio}


def wrongly_derived(card: DatasetCard, cards: Mapping[str, IndicatorCard], frame: pd.DataFrame) -> tuple[int, int]:
    """Return how many derived rows there are, and how many do not follow from the counted rows beside them.

    Every row that is not a count is taken for derived; one that no indicator's card describes follows from nothing.
    Values and limits must be equal to the last digit, and missing where a printed operand is missing or too small.

    Args:
        card: of the dataset; its `minimum_base` holds where the indicator's own unit is rounded.
        cards: all indicators by code.
        frame: the final frame, read back from its bytes.
    """
    is_counted = frame["measure"].isin(COUNTED)
    columns = [*KEY, "obs_value", "lower", "upper", "disclosure_method"]
    rows = frame.loc[is_counted, columns]
    places = zip(*(texts_of(rows[name]) for name in KEY), strict=True)
    values = zip(rows["obs_value"].astype(float).tolist(), map(_error, rows["disclosure_method"]), strict=True)
    printed: Printed = dict(zip(places, values, strict=True))
    derived = frame.loc[~is_counted, columns]
    alike: dict[tuple[str, bool], list[_DerivedRow]] = {}
    for (code, measure), own in derived.groupby(["indicator", "measure"], sort=False):
        if found := _described(card, cards, str(code), str(measure)):
            rows_of_entry = [_DerivedRow(row, *found) for row in own.to_dict("records")]
            alike.setdefault((found[0].method, found[2]), []).extend(rows_of_entry)
    following = sum(_following(cards, printed, method, told) for (method, _), told in alike.items())
    return len(derived), len(derived) - following


def _error(told: object) -> float:
    method, _, base = str(told).partition("_")
    return float(base) - 1 if method == "ROUNDED" else 0.0


class _DerivedRow(NamedTuple):
    """A released row with the entry of the card that describes it, and the least that it may stand on."""

    row: Mapping[Any, Any]
    entry: DerivedMeasure
    least: float
    has_interval: bool


def _described(
    card: DatasetCard, cards: Mapping[str, IndicatorCard], code: str, measure: str
) -> tuple[DerivedMeasure, float, bool] | None:
    """Return what a `_DerivedRow` holds beside its row; None for what no card, or more than one entry, describes."""
    indicator = cards.get(code)
    entries = [] if indicator is None else [one for one in indicator.derived if one.measure == measure]
    if indicator is None or len(entries) != 1:
        return None
    is_protected = _is_protected(card, indicator)
    least = entries[0].minimum_base
    if is_protected and entries[0].method != "rate":
        least = max(least, card.minimum_base)
    return entries[0], least, is_protected


def _following(cards: Mapping[str, IndicatorCard], printed: Printed, method: str, alike: Sequence[_DerivedRow]) -> int:
    """Return how many rows of one method say what their operands say; all are worked out in one go."""
    if method == "median":
        expected = np.array([_median(cards, printed, one.row, one.entry, one.least) for one in alike])
    else:
        expected = _results(cards, printed, method, alike)
    limits = ("obs_value", "lower", "upper")
    told = np.array([[np.nan if one.row[name] is None else float(one.row[name]) for name in limits] for one in alike])
    return int(((told == expected) | (np.isnan(told) & np.isnan(expected))).all(axis=1).sum())


def _results(
    cards: Mapping[str, IndicatorCard], printed: Printed, method: str, alike: Sequence[_DerivedRow]
) -> np.ndarray:
    """Return value, lower and upper limit of each row; a figure without limits has NaN there."""
    first, wide = _operands(cards, printed, alike, 0)
    least = np.array([one.least for one in alike])
    limits = Limits(np.full(len(alike), np.nan), np.full(len(alike), np.nan))
    if method == "rate":
        places = [tuple(str(one.row[name]) for name in PLACE) for one in alike]
        people = np.array([residents().get(place, np.nan) for place in places])
        values, limits = rate(first, people, least), outward(poisson_rate(first, people, error=wide), _STEP)
    else:
        second, wide_too = _operands(cards, printed, alike, 1)
        values = relative_gap(first, second) if method == "relative_gap" else _QUOTIENTS[method](first, second, least)
        if method == "share" and alike[0].has_interval:
            limits = outward(wilson(first, second, numerator_error=wide, denominator_error=wide_too), _STEP)
    is_told = ~np.isnan(values)
    return np.column_stack([values, *(np.where(is_told, limit, np.nan) for limit in limits)])


def _operands(
    cards: Mapping[str, IndicatorCard], printed: Printed, alike: Sequence[_DerivedRow], place: int
) -> tuple[np.ndarray, np.ndarray]:
    found = [_operand(cards, printed, one.row, one.entry, one.entry.operands[place]) for one in alike]
    values, errors = zip(*found, strict=True)
    return np.array(values), np.array(errors)


def _median(
    cards: Mapping[str, IndicatorCard], printed: Printed, row: Mapping[Any, Any], entry: DerivedMeasure, least: float
) -> tuple[float, float, float]:
    bands = duration_bands()
    found = [
        _operand(cards, printed, {**row, "cust_breakdown": code}, entry, entry.operands[0]) for code in bands.codes
    ]
    key = "|".join([entry.operands[0].replace("/", "|"), *(str(row[name]) for name in KEY[2:])])
    median = median_of_bands(
        [value for value, _ in found],
        bands.edges,
        label=f"{row['indicator']}/{entry.measure}|{key}",
        error=max(error for _, error in found),
    )
    if np.isnan(median.value) or median.observations < least:
        return np.nan, np.nan, np.nan
    return median.value, median.lower, median.upper if np.isfinite(median.upper) else np.nan


def _operand(
    cards: Mapping[str, IndicatorCard], printed: Printed, row: Mapping[Any, Any], entry: DerivedMeasure, name: str
) -> tuple[float, float]:
    """The printed figure of another measure at the place of `row`, and its error; NaN where nothing is printed."""
    code, _, measure = name.partition("/")
    if code not in cards:
        return _NOTHING
    codes = [str(row[one]) if one in cards[code].dimensions else TOTAL for one in DIMENSIONS]
    if code != row["indicator"]:
        codes = [entry.at.get(one, known) for one, known in zip(DIMENSIONS, codes, strict=True)]
    return printed.get((code, measure, str(row["ref_area"]), str(row["time_period"]), *codes), _NOTHING)


def _is_protected(card: DatasetCard, indicator: IndicatorCard) -> bool:
    unit = card.protection.get(indicator.unit_measure)
    return unit is None or unit.method in ("rounding", "suppression")
