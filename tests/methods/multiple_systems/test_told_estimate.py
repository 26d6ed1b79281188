"""What may be told of an estimate: two digits, bounds outwards, nothing of a refused one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from methods.few_digits import Way, round_persons
from methods.multiple_systems.bootstrap_limits import Span
from methods.multiple_systems.hidden_part import HiddenPart
from methods.multiple_systems.told_estimate import ToldEstimate, publishable_estimate

FOUND = HiddenPart(
    "warn",
    ["few_overlaps"],
    ("a", "b", "c", "d"),
    (),
    observed=384,
    overlaps=25,
    estimate=1449.6,
    ci95=Span(1010.2, 2501.0),
    ci80=Span(1100.0, 2000.0),
    chao_lower=1399.9,
    left_out={"a": 1500.0, "b": 1600.0, "c": None, "d": 1400.0},
)


@pytest.mark.parametrize(
    ("value", "way", "told"),
    [
        (1449.9, "nearest", 1400), (1450.0, "nearest", 1500), (1450.0, "down", 1400), (1401.0, "up", 1500),
        (1400.0, "up", 1400), (1400.0, "down", 1400), (99.9, "nearest", 100), (94.0, "nearest", 90), (12.0, "down", 10),
        (4.0, "nearest", 0), (0.0, "up", 0), (0.4, "up", 10), (123456.0, "up", 130000),
    ],
)  # fmt: skip
def test_two_digits_are_told_and_a_bound_is_rounded_away_from_the_estimate(value: float, way: Way, told: int):
    assert round_persons(value, way) == told


def test_one_set_is_told_with_a_word_for_the_lists_left_out():
    assert publishable_estimate(FOUND) == ToldEstimate(1400, 1000, 2600, 1100, 2000, 1300, "stable", ("few_overlaps",))
    told = publishable_estimate(replace(FOUND, left_out={"a": 900.0}))
    assert told and told.stability == "unstable"
    told = publishable_estimate(replace(FOUND, left_out={}))
    assert told and told.stability == "not_asked"


@pytest.mark.parametrize("missing", ["estimate", "ci95", "ci80", "chao_lower"])
def test_of_a_refused_or_unfinished_estimate_nothing_is_told(missing: str):
    assert publishable_estimate(replace(FOUND, status="refused", reasons=["interval_too_wide"])) is None
    assert publishable_estimate(replace(FOUND, **{missing: None})) is None  # pyright: ignore[reportArgumentType]
