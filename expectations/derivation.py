"""Shares and gaps: computed after protection, from what is printed and from nothing else.

Belongs here: finding the two printed figures behind a derived one, and its status.
Does not belong here: the arithmetic (`methods/disclosure/derived.py`), or which indicator has which (its card).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from expectations.card import DatasetCard
from expectations.cells import COLUMNS, DIMENSIONS, KEY, TOTAL, keys_of, measure_ids
from expectations.indicator_card import Derived, IndicatorCard
from methods.disclosure.derived import relative_gap, share


def derived_rows(card: DatasetCard, cards: Mapping[str, IndicatorCard], printed: pd.DataFrame) -> pd.DataFrame:
    """Return the derived rows of a dataset (`COLUMNS`).

    Args:
        card: of the dataset; its `minimum_base` holds for shares of protected counts.
        cards: all indicators by code.
        printed: the protected counted rows of this dataset.
    """
    own = [indicator for indicator in cards.values() if card.name in indicator.datasets]
    rows = [_rows(card, cards, indicator, entry, printed) for indicator in own for entry in indicator.derived]
    filled = [frame for frame in rows if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS))


def _rows(
    card: DatasetCard,
    cards: Mapping[str, IndicatorCard],
    indicator: IndicatorCard,
    entry: Derived,
    printed: pd.DataFrame,
) -> pd.DataFrame:
    first, second = entry.operands
    own, other = (first, second) if first.startswith(indicator.code) else (second, first)
    here = printed[measure_ids(printed) == own].reset_index(drop=True)
    there = _looked_up(printed, here, other, cards)
    left, right = (here, there) if own == first else (there, here)
    values = _values(entry, left, right, _minimum_base(card, indicator, entry))
    missing = (here["obs_status"] == "O") | ~there["obs_status"].isin(["A", "Q"])
    status = np.where(missing, "O", np.where(np.isnan(values), "Q", "A"))
    return here.assign(
        indicator=indicator.code,
        measure=entry.measure,
        obs_value=values,
        obs_status=status,
        unit_measure=indicator.unit_measure,
        disclosure_method=np.where(missing, "NONE", "DERIVED"),
    ).loc[:, list(COLUMNS)]


def _looked_up(
    printed: pd.DataFrame, here: pd.DataFrame, measure: str, cards: Mapping[str, IndicatorCard]
) -> pd.DataFrame:
    """The rows of `measure` at the places of `here`; a dimension it does not have is its total."""
    code, _, name = measure.partition("/")
    lacking = {dimension: TOTAL for dimension in DIMENSIONS if dimension not in cards[code].dimensions}
    wanted = here.loc[:, list(KEY)].assign(indicator=code, measure=name, **lacking)
    there = printed.reset_index(drop=True)
    return there.reindex(keys_of(there).get_indexer(keys_of(wanted))).reset_index(drop=True)


def _values(entry: Derived, left: pd.DataFrame, right: pd.DataFrame, minimum_base: int) -> np.ndarray:
    first, second = left["obs_value"].to_numpy(dtype=float), right["obs_value"].to_numpy(dtype=float)
    return share(first, second, minimum_base) if entry.method == "share" else relative_gap(first, second)


def _minimum_base(card: DatasetCard, indicator: IndicatorCard, entry: Derived) -> int:
    """A dataset's minimum is about persons; where nothing is protected the indicator's own one is enough."""
    is_protected = card.protection[indicator.unit_measure].protects
    return max(entry.minimum_base, card.minimum_base) if is_protected else entry.minimum_base
