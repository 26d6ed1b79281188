"""The first simulated row of a table on the page of a method, run again with its seed, is the row that stands there."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from tests.methods import comparison_runs
from tests.methods.case_flow import courts_runs

PAGES = Path(__file__).resolve().parents[2] / "docs" / "methods"


@pytest.mark.parametrize(
    ("topic", "page"), [(courts_runs, "survival.md"), (comparison_runs, "trends.md")], ids=["courts", "comparisons"]
)
def test_a_printed_row_comes_out_again(topic: object, page: str) -> None:
    lines = [line for line in islice(topic.report(40, 1), 4) if line.startswith("|")]
    assert len(lines) == 3
    printed = (PAGES / page).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line not in printed] == []
