"""The line "registered late" tells of no single year, however the late cases lie."""

from __future__ import annotations

import itertools

import pytest

from methods.disclosure.late import late_statement

KEY = b"an invented key"
LEAST, BASE = 11, 5


def _box(said: str, value: int | None) -> tuple[int, int]:
    """What a reader knows of the sum."""
    if said == "about":
        assert value is not None
        return max(value - BASE + 1, LEAST), value + BASE - 1
    return (0, LEAST - 1) if said == "fewer" else (LEAST, 10_000)


@pytest.mark.parametrize("years", [1, 2, 3])
def test_every_year_keeps_five_possible_numbers_or_only_the_threshold_is_said(years: int):
    for late in itertools.product(range(LEAST), repeat=years):
        said, value = late_statement(late, key=KEY, label="late|VICTIM")
        low, high = _box(said, value)
        assert low <= sum(late) <= high
        others = (LEAST - 1) * (years - 1)
        possible = range(max(0, low - others), min(LEAST - 1, high) + 1)
        assert len(possible) >= BASE
        assert said != "about" or (value is not None and value % BASE == 0 and value >= LEAST)


def test_fewer_than_eleven_over_all_years_are_never_counted():
    for late in ([0], [10], [5, 5], [1] * 10):
        assert late_statement(late, key=KEY, label="x") == ("fewer", None)


def test_the_same_sum_is_said_in_the_same_way_wherever_it_lies():
    assert late_statement([9, 8, 6], key=KEY, label="x") == late_statement([10, 10, 3], key=KEY, label="x")


def test_another_key_rounds_another_way_and_neither_is_further_than_four_away():
    answers = {late_statement([9, 8, 5], key=bytes([number]), label="x")[1] for number in range(40)}
    assert answers == {20, 25}
