"""The first simulated row of a table in docs/benchmarks.md, run again with its seed, is the row that stands there."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from benchmarks.statistics import comparison_runs, courts_runs

PRINTED = (Path(__file__).resolve().parents[3] / "docs/benchmarks.md").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("topic", [courts_runs, comparison_runs], ids=["courts", "comparisons"])
def test_a_printed_row_comes_out_again(topic: object) -> None:
    lines = [line for line in islice(topic.report(40, 1), 4) if line.startswith("|")]
    assert len(lines) == 3
    assert [line for line in lines if line not in PRINTED] == []
