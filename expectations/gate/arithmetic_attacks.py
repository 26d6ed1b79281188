"""The arithmetic attacks that need no system of equations, run at the gate against the final figures of a dataset.

Belongs here: one rule per family of attacks, each a function that counts what an attacker could use. The numbers are
those of `docs/disclosure_attacks.md`. Does not belong here: the attacks themselves (`methods/disclosure/attacks`), the
joint audit (`disclosure_audit.py`), attacks on files and words (`text_in_files.py`).

Functions return (evaluated, unexpected). Both are public, so `evaluated` counts printed cells and nothing else.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from expectations.cards.cells import COUNTED, DIMENSIONS, KEY, TOTAL, keys_of, texts_of
from expectations.cards.codes import duration_bands
from expectations.cards.indicator_card import DerivedMeasure, IndicatorCard
from expectations.cards.population import PLACE, residents
from methods.disclosure.attacks.ratios import is_gap_of, is_median_of, is_rate_of, is_ratio_of, is_share_of
from methods.disclosure.attacks.table_arrangement import months_of, overlapping_periods

Counted = tuple[int, int]
# Of a cell or its whole table; masked by another publisher; over a withheld figure or a base that is too small.
_NEUTRAL = ("WITHHELD", "PUBLISHED", "DERIVED")
_FOLLOWS = {"share": is_share_of, "ratio": is_ratio_of, "relative_gap": is_gap_of, "rate": is_rate_of}


def count_revealing_derived(cards: Mapping[str, IndicatorCard], frame: pd.DataFrame) -> Counted:
    """Attacks 10, 11, 12, 19: a ratio of printed figures reveals nothing; any other narrows the true counts behind it.

    Each printed ratio is recomputed in fractions from the two printed figures; one without both operands, or by a
    method that is unknown here, counts as revealing.
    """
    counted = frame[frame["measure"].isin(COUNTED)]
    printed = dict(zip(keys_of(counted), counted["obs_value"].astype(float), strict=True))
    derived = frame[~frame["measure"].isin(COUNTED)]
    shown: list[dict[Any, Any]] = derived[derived["obs_value"].notna()].to_dict("records")
    return len(derived), sum(not _follows_operands(cards, printed, row) for row in shown)


def _follows_operands(cards: Mapping[str, IndicatorCard], printed: Mapping[str, float], row: Mapping[Any, Any]) -> bool:
    indicator = cards.get(str(row["indicator"]))
    entry = (
        next((derived for derived in indicator.derived if derived.measure == row["measure"]), None)
        if indicator
        else None
    )
    if entry is None:
        return False
    if entry.method == "median":
        bands = duration_bands()
        counts = [_operands(cards, printed, {**row, "cust_breakdown": code}, entry)[0] for code in bands.codes]
        return is_median_of(float(row["obs_value"]), counts, bands.edges)
    operands = _operands(cards, printed, row, entry)
    if entry.method == "rate":
        operands.append(residents().get(tuple(str(row[name]) for name in PLACE), float("nan")))
    return _FOLLOWS[entry.method](float(row["obs_value"]), *operands)


def _operands(
    cards: Mapping[str, IndicatorCard], printed: Mapping[str, float], row: Mapping[Any, Any], entry: DerivedMeasure
) -> list[float]:
    """Return the printed operands; a dimension that an operand lacks is its total, or the part that is meant."""
    figures: list[float] = []
    for operand in entry.operands:
        code, _, measure = operand.partition("/")
        own = cards[code].dimensions if code in cards else ()
        codes = [str(row[name]) if name in own else TOTAL for name in DIMENSIONS]
        if code != row["indicator"]:
            codes = [entry.at.get(name, known) for name, known in zip(DIMENSIONS, codes, strict=True)]
        key = "|".join([code, measure, str(row["ref_area"]), str(row["time_period"]), *codes])
        figures.append(printed.get(key, float("nan")))
    return figures


def count_rows_out_of_order(frame: pd.DataFrame) -> Counted:
    """Attacks 13 and 25: rows are ordered by their codes, so that their position reveals nothing of their values."""
    keys = list(zip(*(texts_of(frame[name]) for name in KEY), strict=True))
    if all(map(operator.le, keys, keys[1:])):
        return len(keys), 0
    places = sorted(range(len(keys)), key=lambda place: keys[place])
    return len(keys), sum(place != original for place, original in enumerate(places))


def count_revealing_marks(frame: pd.DataFrame) -> Counted:
    """Attack 22: withheld counts carry a mark that does not say for whose sake a cell is withheld.

    Such marks are few: status `Q` with the name of a rule that withholds small cells and their neighbours alike.
    """
    hidden = frame[(frame["obs_status"] != "O") & frame["obs_value"].isna()]
    is_neutral = (hidden["obs_status"] == "Q") & hidden["disclosure_method"].isin(_NEUTRAL)
    return len(hidden), int((~is_neutral).sum())


def periods_overlapping(frame: pd.DataFrame, last: pd.DataFrame | None) -> Counted:
    """Attack 20: no measure has two printed periods, now and before, whose difference is a shorter period."""
    both = [frame] if last is None else [frame, last]
    printed = pd.concat([figures[["indicator", "measure", "time_period"]] for figures in both]).drop_duplicates()
    overlaps = 0
    for _, rows in printed.groupby(["indicator", "measure"]):
        known = [str(period) for period in rows["time_period"] if _is_period(str(period))]
        overlaps += len(overlapping_periods(known)) + len(rows) - len(known)
    return len(printed), overlaps


def _is_period(text: str) -> bool:
    try:
        return bool(months_of(text))
    except ValueError:
        return False


def find_rounded_again(
    before: pd.DataFrame, now: pd.DataFrame, is_same: np.ndarray, *, rounding_base: int, least: int, small: int
) -> np.ndarray:
    """Attack 16: find the cells of a block and year whose new and earlier roundings together reveal too much.

    Args:
        before: what was last printed of each cell (value, status, method; missing if nothing was).
        now: what is printed, in the same order.
        is_same: which true figures equal those behind `before`. If all do, and all were printed, nothing may change.
        rounding_base: rounding base of the block.
        least: least number of values that must remain possible for a figure that may be small.
        small: figures below this are small.
    """
    was, is_now = (
        figures["disclosure_method"].astype(str).str.startswith("ROUNDED").to_numpy() for figures in (before, now)
    )
    first, second = (figures["obs_value"].to_numpy(dtype=float) for figures in (before, now))
    changed = was & is_now & is_same & (first != second)
    low = np.maximum(np.maximum(first, second) - rounding_base + 1, 0)
    high = np.minimum(first, second) + rounding_base - 1
    is_unchanged = is_same.all() and before["obs_status"].notna().all()
    return changed if is_unchanged else changed & (low < small) & (high - low + 1 < least)
