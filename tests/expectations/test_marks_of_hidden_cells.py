"""Attack 22 at the gate: which marks of hidden cells tell them apart."""

from __future__ import annotations

import pandas as pd
import pytest

from expectations.attacks import marks_telling_apart


def _hidden(*marks: tuple[str, str]) -> pd.DataFrame:
    rows = [{"measure": "COUNT", "unit_measure": "VICTIM", "obs_value": None, "obs_status": s, "disclosure_method": m}
            for s, m in marks]  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("marks", "telling"),
    [
        ([("Q", "WITHHELD"), ("Q", "WITHHELD")], 0),
        ([("Q", "WITHHELD"), ("Q", "SUPPRESSION_5"), ("Q", "SUPPRESSION_5")], 0),
        ([("O", "NONE"), ("Q", "WITHHELD")], 0),
        ([("Q", "SUPPRESSION_5"), ("Q", "SUPPRESSION_11"), ("Q", "SUPPRESSION_5")], 1),
        ([("Q", "WITHHELD"), ("Q", "PRIMARY")], 1),
        ([("Q", "WITHHELD"), ("A", "WITHHELD")], 1),
        ([], 0),
    ],
)
def test_a_mark_says_that_a_cell_is_hidden_and_not_for_whose_sake(marks: list[tuple[str, str]], telling: int):
    columns = ["measure", "unit_measure", "obs_value", "obs_status", "disclosure_method"]
    frame = _hidden(*marks) if marks else pd.DataFrame(columns=columns, dtype=object)
    hidden = sum(status != "O" for status, _ in marks)
    assert marks_telling_apart(frame) == (hidden, telling)
