"""Recompute derived figures from the released rows alone: a derived figure must reveal nothing more.

Belongs here: finding the printed figures behind each derived one as a reader would, and comparing. Shares no code with
`derived_figures.py`, and its intervals share none with `methods/intervals.py`, so that one mistake cannot hide the
other; all other arithmetic is that of `methods`.
Does not belong here: any true figure, or what follows from a difference (`mandatory_rules.py`, `verdicts.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import scipy

from expectations.cards.cells import COUNTED, DIMENSIONS, KEY, TOTAL, texts_of
from expectations.cards.codes import duration_bands
from expectations.cards.dataset_card import DatasetCard
from expectations.cards.indicator_card import DerivedMeasure, IndicatorCard
from expectations.cards.population import PLACE, residents
from methods.disclosure.derived import rate, ratio, relative_gap, share
from methods.medians import median_of_bands

Printed = Mapping[tuple[str, ...], tuple[float, float]]
"""Value and error (how far the true count may lie from it) of each printed count, by key."""

_NOTHING = (np.nan, 0.0)
_STEPS = 1000  # steps of a limit per unit: three decimals
_Z = 1.959963984540054  # for 95 %: the normal quantile of 0.975
_TAIL = 0.025
_PER = 100_000
_QUOTIENTS = {"share": share, "ratio": ratio}


def count_wrongly_derived(
    card: DatasetCard, cards: Mapping[str, IndicatorCard], frame: pd.DataFrame
) -> tuple[int, int]:
    """Return the number of derived rows, and the number of those that do not follow from the counted rows.

    Every row that is not a count is treated as derived; one that no indicator's card describes follows from nothing.
    Values and limits must be equal to the last digit, and missing if a printed operand is missing or too small.

    Args:
        card: card of the dataset; its `minimum_base` applies if the indicator's own unit is rounded.
        cards: cards of all indicators, by code.
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
        if description := _describe_row(card, cards, str(code), str(measure)):
            rows_of_entry = [_DerivedRow(row, *description) for row in own.to_dict("records")]
            alike.setdefault((description[0].method, description[2]), []).extend(rows_of_entry)
    following = sum(
        _count_following(cards, printed, method, derived_rows) for (method, _), derived_rows in alike.items()
    )
    return len(derived), len(derived) - following


def _error(disclosure_method: object) -> float:
    method, _, base = str(disclosure_method).partition("_")
    return float(base) - 1 if method == "ROUNDED" else 0.0


class _DerivedRow(NamedTuple):
    """A released row with its entry in the indicator's card, and the smallest base that it may have."""

    row: Mapping[Any, Any]
    entry: DerivedMeasure
    least: float
    has_interval: bool


def _describe_row(
    card: DatasetCard, cards: Mapping[str, IndicatorCard], code: str, measure: str
) -> tuple[DerivedMeasure, float, bool] | None:
    """Return the other fields of a `_DerivedRow`; None if no entry of a card, or more than one, describes the row."""
    indicator = cards.get(code)
    entries = [] if indicator is None else [entry for entry in indicator.derived if entry.measure == measure]
    if indicator is None or len(entries) != 1:
        return None
    is_protected = _is_protected(card, indicator)
    least = entries[0].minimum_base
    if is_protected and entries[0].method != "rate":
        least = max(least, card.minimum_base)
    return entries[0], least, is_protected


def _count_following(
    cards: Mapping[str, IndicatorCard], printed: Printed, method: str, alike: Sequence[_DerivedRow]
) -> int:
    """Return how many rows of one method agree with their operands; all are computed at once."""
    if method == "median":
        expected = np.array(
            [_median(cards, printed, derived_row.row, derived_row.entry, derived_row.least) for derived_row in alike]
        )
    else:
        expected = _results(cards, printed, method, alike)
    limits = ("obs_value", "lower", "upper")
    stated = np.array(
        [
            [np.nan if derived_row.row[name] is None else float(derived_row.row[name]) for name in limits]
            for derived_row in alike
        ]
    )
    return int(((stated == expected) | (np.isnan(stated) & np.isnan(expected))).all(axis=1).sum())


def _results(
    cards: Mapping[str, IndicatorCard], printed: Printed, method: str, alike: Sequence[_DerivedRow]
) -> np.ndarray:
    """Return value, lower and upper limit of each row; a figure without limits has NaN there."""
    first, wide = _operands(cards, printed, alike, 0)
    least = np.array([derived_row.least for derived_row in alike])
    limits = np.full((2, len(alike)), np.nan)
    if method == "rate":
        places = [tuple(str(derived_row.row[name]) for name in PLACE) for derived_row in alike]
        people = np.array([residents().get(place, np.nan) for place in places])
        values, limits = rate(first, people, least), limits_of_rate(first, people, wide)
    else:
        second, wide_too = _operands(cards, printed, alike, 1)
        values = relative_gap(first, second) if method == "relative_gap" else _QUOTIENTS[method](first, second, least)
        if method == "share" and alike[0].has_interval:
            limits = limits_of_share(first, second, wide, wide_too)
    is_told = ~np.isnan(values)
    return np.column_stack([values, *(np.where(is_told, limit, np.nan) for limit in limits)])


def limits_of_share(part: np.ndarray, whole: np.ndarray, wide: np.ndarray, wide_too: np.ndarray) -> np.ndarray:
    """Return Wilson's limits of shares, lower and upper: where the normal approximation just reaches the printed share.

    They are the roots of (n + z²)p² - (2x + z²)p + x²/n = 0, for the least and the greatest share compatible with two
    rounded counts.

    Args:
        part: printed counts.
        whole: printed counts that include them.
        wide: how far the true part may lie from the printed one.
        wide_too: how far the true whole may lie from the printed one.
    """
    most, least = whole + wide_too, np.maximum(whole - wide_too, 0)
    lower = _root(np.clip(part - wide, 0, most), most, -1.0)
    upper = np.where(part + wide >= least, 1.0, _root(np.minimum(part + wide, least), least, 1.0))
    is_told = ~np.isnan(part) & (whole > 0)
    return np.where(is_told, _round_limits_outward(lower, upper), np.nan)


def _root(count: np.ndarray, of: np.ndarray, sign: float) -> np.ndarray:
    of = np.where(of > 0, of, 1.0)
    middle = 2 * count + _Z**2
    spread = np.sqrt(np.maximum(middle**2 - 4 * (of + _Z**2) * count**2 / of, 0.0))
    return np.where((count <= 0) & (sign < 0), 0.0, (middle + sign * spread) / (2 * (of + _Z**2)))


def limits_of_rate(count: np.ndarray, people: np.ndarray, wide: np.ndarray) -> np.ndarray:
    """Return the exact Poisson limits of rates, lower and upper: the means whose tails just hold the count.

    Args:
        count: printed counts.
        people: residents.
        wide: how far the true count may lie from the printed one.
    """
    least, most = np.maximum(count - wide, 0), count + wide
    lower = np.where(least > 0, scipy.special.gammaincinv(np.maximum(least, 1e-9), _TAIL), 0.0)
    upper = scipy.special.gammaincinv(most + 1, 1 - _TAIL)
    is_told = (count >= 0) & (people > 0)
    per = np.divide(_PER, people, out=np.full(len(people), np.nan), where=people > 0)
    return np.where(is_told, _round_limits_outward(lower * per, upper * per), np.nan)


def _round_limits_outward(lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Round limits outward to a thousandth; one that is a thousandth already, up to float error, is unchanged."""
    nearest = [np.rint(limit * _STEPS) for limit in (lower, upper)]
    outside = [np.floor(lower * _STEPS), np.ceil(upper * _STEPS)]
    is_there = [np.abs(limit * _STEPS - near) < 1e-9 for limit, near in zip((lower, upper), nearest, strict=True)]
    return np.round(np.where(is_there, nearest, outside) / _STEPS, 3)


def _operands(
    cards: Mapping[str, IndicatorCard], printed: Printed, alike: Sequence[_DerivedRow], place: int
) -> tuple[np.ndarray, np.ndarray]:
    figures = [
        _operand(cards, printed, derived_row.row, derived_row.entry, derived_row.entry.operands[place])
        for derived_row in alike
    ]
    values, errors = zip(*figures, strict=True)
    return np.array(values), np.array(errors)


def _median(
    cards: Mapping[str, IndicatorCard], printed: Printed, row: Mapping[Any, Any], entry: DerivedMeasure, least: float
) -> tuple[float, float, float]:
    bands = duration_bands()
    figures = [
        _operand(cards, printed, {**row, "cust_breakdown": code}, entry, entry.operands[0]) for code in bands.codes
    ]
    key = "|".join([entry.operands[0].replace("/", "|"), *(str(row[name]) for name in KEY[2:])])
    median = median_of_bands(
        [value for value, _ in figures],
        bands.edges,
        label=f"{row['indicator']}/{entry.measure}|{key}",
        error=max(error for _, error in figures),
    )
    if np.isnan(median.value) or median.observations < least:
        return np.nan, np.nan, np.nan
    return median.value, median.lower, median.upper if np.isfinite(median.upper) else np.nan


def _operand(
    cards: Mapping[str, IndicatorCard], printed: Printed, row: Mapping[Any, Any], entry: DerivedMeasure, name: str
) -> tuple[float, float]:
    """Return the printed figure of another measure at the coordinates of `row`, and its error; NaN if there is none."""
    code, _, measure = name.partition("/")
    if code not in cards:
        return _NOTHING
    codes = [str(row[dimension]) if dimension in cards[code].dimensions else TOTAL for dimension in DIMENSIONS]
    if code != row["indicator"]:
        codes = [entry.at.get(dimension, known) for dimension, known in zip(DIMENSIONS, codes, strict=True)]
    return printed.get((code, measure, str(row["ref_area"]), str(row["time_period"]), *codes), _NOTHING)


def _is_protected(card: DatasetCard, indicator: IndicatorCard) -> bool:
    unit = card.protection.get(indicator.unit_measure)
    return unit is None or unit.protects
