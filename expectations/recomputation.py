"""Shares and gaps worked out a second time, from the released rows alone: a derived figure must say nothing more.

Belongs here: finding the printed figures behind each derived one as a reader would, and comparing. Shares no code with
`derivation.py`, so that one mistake cannot hide the other; the arithmetic is that of `methods/disclosure/derived.py`.
Does not belong here: any true figure, or what follows from a difference (`house_rules.py`, `gate.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from expectations.card import DatasetCard
from expectations.cells import COUNTED, DIMENSIONS, KEY, TOTAL
from expectations.indicator_card import Derived, IndicatorCard
from methods.disclosure.derived import relative_gap, share

Printed = Mapping[tuple[str, ...], float]


def wrongly_derived(card: DatasetCard, cards: Mapping[str, IndicatorCard], frame: pd.DataFrame) -> tuple[int, int]:
    """Return how many derived rows there are, and how many do not follow from the counted rows beside them.

    Every row that is not a count is taken for derived; one that no indicator's card describes follows from nothing.
    The values must be equal to the last digit, and missing where a printed operand is missing or too small.

    Args:
        card: of the dataset; its `minimum_base` holds where the indicator's own unit is rounded.
        cards: all indicators by code.
        frame: the final frame, read back from its bytes.
    """
    is_counted = frame["measure"].isin(COUNTED)
    columns = [*KEY, "obs_value"]
    rows: list[dict[Any, Any]] = frame.loc[is_counted, columns].to_dict("records")
    printed: Printed = {tuple(str(row[name]) for name in KEY): float(row["obs_value"]) for row in rows}
    derived: list[dict[Any, Any]] = frame.loc[~is_counted, columns].to_dict("records")
    wrong = [row for row in derived if not _follows(card, cards, printed, row)]
    return len(derived), len(wrong)


def _follows(card: DatasetCard, cards: Mapping[str, IndicatorCard], printed: Printed, row: Mapping[Any, Any]) -> bool:
    indicator = cards.get(str(row["indicator"]))
    entries = [] if indicator is None else [one for one in indicator.derived if one.measure == row["measure"]]
    if indicator is None or len(entries) != 1:
        return False
    first, second = (_operand(cards, printed, row, name) for name in entries[0].operands)
    expected = _result(entries[0], first, second, _least(card, indicator, entries[0]))
    value = float(row["obs_value"])
    return value == expected or (np.isnan(value) and np.isnan(expected))


def _operand(cards: Mapping[str, IndicatorCard], printed: Printed, row: Mapping[Any, Any], name: str) -> float:
    """The printed figure of another measure at the place of `row`; NaN where nothing is printed."""
    code, _, measure = name.partition("/")
    if code not in cards:
        return float("nan")
    codes = [str(row[one]) if one in cards[code].dimensions else TOTAL for one in DIMENSIONS]
    return printed.get((code, measure, str(row["ref_area"]), str(row["time_period"]), *codes), float("nan"))


def _result(entry: Derived, first: float, second: float, least: float) -> float:
    one, other = np.array([first]), np.array([second])
    return float((share(one, other, least) if entry.method == "share" else relative_gap(one, other))[0])


def _least(card: DatasetCard, indicator: IndicatorCard, entry: Derived) -> float:
    unit = card.protection.get(indicator.unit_measure)
    is_protected = unit is None or unit.method in ("rounding", "suppression")
    return max(entry.minimum_base, card.minimum_base) if is_protected else entry.minimum_base
