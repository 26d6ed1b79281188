"""The table of estimates against the truth on the method page, of which one seed is made again."""

from __future__ import annotations

from pathlib import Path

from tests.methods.multiple_systems.estimates_against_truth import SEEDS, drawn, known_country
from tests.methods.multiple_systems.hidden_part_runs import WORLDS

PAGE = Path(__file__).parents[3] / "docs" / "methods" / "multiple_systems.md"


def test_a_row_of_the_method_page_comes_out_again_and_no_row_is_missing():
    rows = [
        line
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith(tuple(f"| {one} |" for one in WORLDS))
    ]
    assert known_country("unequal", 8).row in rows
    assert len(rows) == len(WORLDS) * len(SEEDS)


def test_the_picture_marks_the_truth_and_each_country():
    one = known_country("independent", 1)
    picture = drawn([one])
    assert picture.count("<circle") == 1
    assert "truth 1,500" in picture
