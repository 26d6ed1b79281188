"""The table of promises names tests that are there, and a promise without one is no promise."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.packages import tree_of

HOUSE = Path(__file__).resolve().parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (HOUSE / "docs" / "promises.md").read_text(encoding="utf-8").splitlines()
    if re.match(r"\| \d", line)
]


def test_each_of_the_eleven_promises_has_a_test_a_figure_and_a_break() -> None:
    assert {int(row[0].partition(".")[0]) for row in ROWS} == set(range(1, 12))
    assert all(len(row) == 4 and all(row) for row in ROWS)


@pytest.mark.parametrize("test", sorted({row[1].strip("`") for row in ROWS}))
def test_the_test_that_a_promise_names_is_there(test: str) -> None:
    path, _, name = test.partition("::")
    tree = tree_of(HOUSE / path)
    assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}


@pytest.mark.parametrize("change", [row[3] for row in ROWS])
def test_the_file_that_was_changed_to_break_a_promise_is_there(change: str) -> None:
    found = re.match(r"`([^`]+)`: ", change)
    assert found, change
    assert (HOUSE / found[1]).is_file()
