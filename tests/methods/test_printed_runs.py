"""The first simulated row of a table on the page of a method, run again with its seed, is the row that stands there."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from tests.methods import comparison_runs

PAGES = Path(__file__).resolve().parents[2] / "docs" / "methods"


def test_a_printed_row_comes_out_again() -> None:
    lines = [line for line in islice(comparison_runs.report(40, 1), 4) if line.startswith("|")]
    assert len(lines) == 3
    printed = (PAGES / "trends.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line not in printed] == []
