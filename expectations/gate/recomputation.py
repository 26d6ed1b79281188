"""Derived figures worked out a second time, from the released rows alone: a derived figure must say nothing more.

Belongs here: finding the printed figures behind each derived one as a reader would, and comparing. Shares no code with
`derived_figures.py`, so that one mistake cannot hide the other; the arithmetic is that of `methods`.
Does not belong here: any true figure, or what follows from a difference (`mandatory_rules.py`, `verdicts.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from expectations.cards.cells import COUNTED, DIMENSIONS, KEY, TOTAL
from expectations.cards.codes import duration_bands
from expectations.cards.dataset_card import DatasetCard
from expectations.cards.indicator_card import DerivedMeasure, IndicatorCard
from expectations.cards.population import PLACE, residents
from methods.disclosure.derived import rate, ratio, relative_gap, share
from methods.intervals import outward, poisson_rate, wilson
from methods.medians import median_of_bands

Printed = Mapping[tuple[str, ...], tuple[float, float]]
"""Value and error (how far the true count may lie from it) of each printed count, by key."""

_NOTHING = (np.nan, 0.0)
_STEP = 0.001


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
    rows: list[dict[Any, Any]] = frame.loc[is_counted, columns].to_dict("records")
    printed: Printed = {tuple(str(row[name]) for name in KEY): (float(row["obs_value"]), _error(row)) for row in rows}
    derived: list[dict[Any, Any]] = frame.loc[~is_counted, columns].to_dict("records")
    wrong = [row for row in derived if not _follows(card, cards, printed, row)]
    return len(derived), len(wrong)


def _error(row: Mapping[Any, Any]) -> float:
    method, _, base = str(row["disclosure_method"]).partition("_")
    return float(base) - 1 if method == "ROUNDED" else 0.0


def _follows(card: DatasetCard, cards: Mapping[str, IndicatorCard], printed: Printed, row: Mapping[Any, Any]) -> bool:
    indicator = cards.get(str(row["indicator"]))
    entries = [] if indicator is None else [one for one in indicator.derived if one.measure == row["measure"]]
    if indicator is None or len(entries) != 1:
        return False
    is_protected = _is_protected(card, indicator)
    least = entries[0].minimum_base
    if is_protected and entries[0].method != "rate":
        least = max(least, card.minimum_base)
    expected = _result(cards, printed, row, entries[0], least, has_interval=is_protected)
    told = [float(row[name]) if row[name] is not None else np.nan for name in ("obs_value", "lower", "upper")]
    return all(one == other or (np.isnan(one) and np.isnan(other)) for one, other in zip(told, expected, strict=True))


class _RecomputedFigure(NamedTuple):
    """A derived figure and its limits; NaN where there is none."""

    value: float
    lower: float
    upper: float


def _result(
    cards: Mapping[str, IndicatorCard],
    printed: Printed,
    row: Mapping[Any, Any],
    entry: DerivedMeasure,
    least: float,
    *,
    has_interval: bool,
) -> _RecomputedFigure:
    if entry.method == "median":
        return _median(cards, printed, row, entry, least)
    (first, wide), *others = [_operand(cards, printed, row, entry, name) for name in entry.operands]
    limits = np.nan, np.nan
    if entry.method == "rate":
        people = residents().get(tuple(str(row[name]) for name in PLACE), np.nan)
        value = float(rate(np.array([first]), np.array([people]), least)[0])
        limits = outward(poisson_rate([first], [people], error=[wide]), _STEP)
    else:
        second, wide_too = others[0]
        one, other = np.array([first]), np.array([second])
        values = {"share": share(one, other, least), "ratio": ratio(one, other, least)}
        value = float(values.get(entry.method, relative_gap(one, other))[0])
        if entry.method == "share" and has_interval:
            limits = outward(wilson([first], [second], numerator_error=[wide], denominator_error=[wide_too]), _STEP)
    lower, upper = (float(np.asarray(limit).reshape(-1)[0]) for limit in limits)
    return _RecomputedFigure(value, np.nan, np.nan) if np.isnan(value) else _RecomputedFigure(value, lower, upper)


def _median(
    cards: Mapping[str, IndicatorCard], printed: Printed, row: Mapping[Any, Any], entry: DerivedMeasure, least: float
) -> _RecomputedFigure:
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
        return _RecomputedFigure(np.nan, np.nan, np.nan)
    return _RecomputedFigure(median.value, median.lower, median.upper if np.isfinite(median.upper) else np.nan)


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
