"""All indicators, counted again from the words of law and cards, agree with the warehouse over random legal rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dbt_project.invented_raw import SHAPES, RawFiles, Warehouse, build
from tests.second_warehouse.base_cells import Cells, Country, cards
from tests.second_warehouse.comparison import (
    differences,
    second_cells,
    second_coverage,
    warehouse_cells,
    warehouse_coverage,
)
from tests.second_warehouse.landed_rows import read_landed
from tests.second_warehouse.random_rows import land_at_random

SEED = 23
Both = tuple[Warehouse, Country, dict[str, Cells]]
CODES = sorted(cards())
_COVERAGE_OF_THEIR_OWN = {"PAR-07", "PAR-10"}  # all bodies that owe anything, and a publisher that owes nothing


@pytest.fixture(scope="module")
def both(parsed_rows: Callable[[], Path]) -> Both:
    """The warehouse over random legal rows, and what the second one counts in the same rows."""
    raw = RawFiles(parsed_rows() / "raw")
    land_at_random(raw, SEED)
    warehouse = build(raw, "--exclude-resource-type", "unit_test")
    country = Country(read_landed(raw.root, SHAPES))
    return warehouse, country, second_cells(country)


def test_legal_rows_stop_no_model(both: Both) -> None:
    warehouse, _, _ = both
    assert warehouse.not_passed() == {}


@pytest.mark.parametrize("code", CODES)
def test_an_indicator_counts_what_the_law_and_its_card_say(both: Both, code: str) -> None:
    warehouse, _, second = both
    assert differences(warehouse_cells(warehouse, code), second[code]) == []


@pytest.mark.parametrize("code", sorted(set(CODES) - _COVERAGE_OF_THEIR_OWN))
def test_an_indicator_tells_how_many_bodies_reported_the_whole_year(both: Both, code: str) -> None:
    warehouse, country, _ = both
    assert warehouse_coverage(warehouse, code) == second_coverage(country, code)


def test_every_indicator_was_asked_with_figures_and_with_silence(
    both: Both,
) -> None:
    _, _, second = both
    told = {code for code, cells in second.items() if any(value for value, _ in cells.values())}
    silent = {code for code, cells in second.items() if any(status == "O" for _, status in cells.values())}
    assert (set(CODES) - told, set(CODES) - silent) == (set(), {"PAR-07"})  # some body always sent something


def test_a_cell_that_differs_is_told_with_both_readings() -> None:
    key = ("COUNT", "IQ-FED", "2024", "F", "_T")
    assert differences({key: (1, "A")}, {key: (2, "A")}) == ["COUNT IQ-FED 2024 F: warehouse (1, 'A'), second (2, 'A')"]
    assert differences({key: (0, "A")}, {key: (None, "O")}) != []
    assert differences({}, {key: (0, "A")}) != []
    assert differences({key: (1, "A")}, {key: (1, "A")}) == []
