"""Attacks 22 and 16 at the gate: marks that tell hidden cells apart, and figures that are rounded a second time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from expectations.gate.arithmetic_attacks import count_revealing_marks, find_rounded_again


def _hidden(*marks: tuple[str, str]) -> pd.DataFrame:
    rows = [{"measure": "COUNT", "unit_measure": "VICTIM", "obs_value": None, "obs_status": s, "disclosure_method": m}
            for s, m in marks]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("marks", "telling"),
    [
        ([("Q", "WITHHELD"), ("Q", "WITHHELD")], 0),
        ([("Q", "WITHHELD"), ("Q", "DERIVED"), ("Q", "PUBLISHED")], 0),
        ([("O", "NONE"), ("Q", "WITHHELD")], 0),
        ([("Q", "WITHHELD"), ("Q", "PRIMARY")], 1),
        ([("Q", "WITHHELD"), ("A", "WITHHELD")], 1),
        ([], 0),
    ],
)
def test_a_mark_says_that_a_cell_is_hidden_and_not_for_whose_sake(marks: list[tuple[str, str]], telling: int):
    columns = ["measure", "unit_measure", "obs_value", "obs_status", "disclosure_method"]
    frame = _hidden(*marks) if marks else pd.DataFrame(columns=columns, dtype=object)
    hidden = sum(status != "O" for status, _ in marks)
    assert count_revealing_marks(frame) == (hidden, telling)


@pytest.mark.parametrize(
    ("base", "figures", "elsewhere_same", "told"),
    [
        (5, (5, 10), True, True),  # nothing changed in the year: no other rounding is due
        (5, (5, 10), False, False),  # 6 to 9: four values
        (3, (3, 6), False, True),  # 4 or 5, which may be small
        (3, (198, 201), False, False),  # 199 or 200: nobody's secret
        (5, (10, 10), True, False),
    ],
)
def test_a_figure_that_did_not_change_is_not_rounded_a_second_time(
    base: int, figures: tuple[int, int], elsewhere_same: bool, told: bool
):
    before, now = (
        pd.DataFrame({"obs_value": [float(value), 20.0], "obs_status": "A", "disclosure_method": f"ROUNDED_{base}"})
        for value in figures
    )
    same = np.array([True, elsewhere_same])
    assert find_rounded_again(before, now, same, rounding_base=base, least=3, small=5).tolist() == [told, False]


def test_a_cell_that_was_never_printed_is_not_rounded_again():
    now = pd.DataFrame({"obs_value": [5.0], "obs_status": ["A"], "disclosure_method": ["ROUNDED_5"]})
    before = pd.DataFrame({"obs_value": [np.nan], "obs_status": [None], "disclosure_method": [None]})
    assert not find_rounded_again(before, now, np.array([True]), rounding_base=5, least=3, small=5).any()
