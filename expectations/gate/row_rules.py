"""Which rows of a final frame satisfy a rule that no stock expectation covers.

Belongs here: one function per rule, over columns of the row alone. Does not belong here: applying them to a dataset
(`house_expectations.py`), or a rule that needs more than the row: other rows, bytes, other cards, the last release
(`mandatory_rules.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from expectations.cards.cells import COUNTED, WITH_FIGURE, conf_status_of, find_matches


def marks_match_values(rows: pd.DataFrame) -> pd.Series:
    """Return which rows have a value as their status says, and are confidential exactly if the value is withheld.

    Args:
        rows: with `obs_value`, `obs_status` and `conf_status`.
    """
    has_value, is_told = rows["obs_value"].notna(), rows["obs_status"].isin(WITH_FIGURE)
    return (has_value == is_told) & (rows["conf_status"] == conf_status_of(rows["obs_status"]))


def methods_fit_units(rows: pd.DataFrame, protected: Sequence[str], units: Sequence[str]) -> pd.Series:
    """Return which rows count a known unit and, if it is protected, were rounded, exact by rule, or derived.

    Args:
        rows: with `measure`, `obs_value`, `unit_measure` and `disclosure_method`.
        protected: units whose values are never released as counted.
        units: all units that the dataset may print.
    """
    is_counted, method = rows["measure"].isin(COUNTED), rows["disclosure_method"]
    fits = (is_counted & method.str.match(r"(?:ROUNDED|EXACT)_\d+$", na=False)) | (~is_counted & (method == "DERIVED"))
    is_asked = rows["obs_value"].notna() & rows["unit_measure"].isin(protected)
    return rows["unit_measure"].isin(units) & (fits | ~is_asked)


def rounded_to_base(rows: pd.DataFrame) -> pd.Series:
    """Return which rows are multiples of the base in their method; a row of another method satisfies the rule.

    Args:
        rows: with `obs_value` and `disclosure_method`.
    """
    base = _parameter(rows, "ROUNDED")
    return base.isna() | (rows["obs_value"].fillna(0) % base == 0)


def exact_is_large_enough(rows: pd.DataFrame) -> pd.Series:
    """Return which exact figures reach the threshold in their method.

    Args:
        rows: with `obs_value` and `disclosure_method`.
    """
    return ~(rows["obs_value"].fillna(0) < _parameter(rows, "EXACT"))


def off_the_never_list(rows: pd.DataFrame, never: Sequence[Mapping[str, str]]) -> pd.Series:
    """Return which rows are at none of the coordinates that are never released.

    Args:
        rows: with the columns of the key.
        never: `never` list of the dataset's card.
    """
    is_allowed = pd.Series(True, index=rows.index)
    for coordinates in never:
        is_allowed &= ~find_matches(rows, coordinates)
    return is_allowed


def _parameter(rows: pd.DataFrame, method: str) -> pd.Series:
    """Return the number in the name of a method; missing for rows of another method."""
    return rows["disclosure_method"].str.extract(rf"^{method}_(\d+)$")[0].astype(float)


ROW_RULES: Mapping[str, Callable[..., pd.Series]] = {
    "marks_match_values": marks_match_values,
    "methods_fit_units": methods_fit_units,
    "rounded_to_base": rounded_to_base,
    "exact_is_large_enough": exact_is_large_enough,
    "nothing_on_the_never_list": off_the_never_list,
}
"""Row rules by the name under which the base suite calls them; none of them is ever waived."""
