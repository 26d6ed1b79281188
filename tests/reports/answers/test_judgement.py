"""A verdict holds for every true figure that rounding allows; at a border it has both words."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from expectations.cards.adopted_standards import AdoptedStandard
from reports.answers.judgement import BETTER, judge
from reports.phrases.figure_words import Count, Share

DAY = datetime.date(2025, 12, 10)


def standard(met_from: float, not_met_below: float, unit: Literal["percent", "count"] = "percent") -> AdoptedStandard:
    source = {"en": "A plan."}
    return AdoptedStandard(unit=unit, met_from=met_from, not_met_below=not_met_below, adopted=DAY, source=source)


def exact(part: int, whole: int) -> Share:
    return Share(Count(part), Count(whole))


@pytest.mark.parametrize(
    ("part", "verdict"), [(89, "partly_met"), (90, "met"), (91, "met"), (59, "not_met"), (60, "partly_met")]
)
def test_a_border_belongs_to_the_better_side(part: int, verdict: str) -> None:
    assert judge(exact(part, 100), standard(90, 60)) == (verdict,)


@pytest.mark.parametrize(
    ("part", "verdict"), [(4, "met"), (5, "met"), (6, "partly_met"), (50, "partly_met"), (51, "not_met")]
)
def test_where_lower_is_better_the_numbers_are_of_the_rest(part: int, verdict: str) -> None:
    assert judge(exact(part, 100), standard(95, 50), is_lower_better=True) == (verdict,)


@pytest.mark.parametrize(("value", "verdict"), [(0, "not_met"), (1, "met"), (2, "met")])
def test_what_must_be_there_is_a_count_of_one(value: int, verdict: str) -> None:
    assert judge(Count(value), standard(1, 1, unit="count")) == (verdict,)


def test_a_count_is_not_judged_by_percent_nor_a_share_by_a_count() -> None:
    assert judge(Count(5), standard(90, 60)) == ()
    assert judge(exact(5, 10), standard(1, 1, unit="count")) == ()


def test_a_range_over_one_border_has_both_words_and_over_two_none() -> None:
    share = Share(Count(45, 4), Count(85, 4))
    assert judge(share, standard(90, 60)) == ("not_met", "partly_met")
    assert judge(share, standard(60, 50)) == ()


OFF = st.integers(-4, 4)
PERCENT = st.integers(1, 99)
STEPS = st.integers(0, 80)


@given(st.tuples(STEPS, STEPS).map(sorted), OFF, OFF, st.tuples(PERCENT, PERCENT).map(sorted), st.booleans())
def test_the_verdict_on_the_true_figure_is_among_those_that_are_given(
    steps: list[int], off: int, whole_off: int, numbers: list[int], is_lower_better: bool
) -> None:
    (part, whole), (below, met_from) = steps, numbers
    true_part, true_whole = 5 * part + off, 5 * whole + whole_off
    assume(whole > 0 and 0 <= true_part <= true_whole and true_whole > 0)
    adopted = standard(met_from, below)
    given_verdicts = judge(Share(Count(5 * part, 4), Count(5 * whole, 4)), adopted, is_lower_better=is_lower_better)
    (true,) = judge(exact(true_part, true_whole), adopted, is_lower_better=is_lower_better)
    assert not given_verdicts or true in given_verdicts
    assert given_verdicts == tuple(word for word in BETTER if word in given_verdicts)


@given(st.fractions(0, 1, max_denominator=200))
def test_an_exact_share_has_one_verdict(value: Fraction) -> None:
    assert len(judge(exact(value.numerator, value.denominator), standard(90, 60))) == 1
