"""Directions between two years: against known values, over all counts behind the printed ones, and by simulation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from methods.breaks import YEAR_TO_YEAR, compare_counts, compare_shares


def _rounded(counts: np.ndarray, base: int, generator: np.random.Generator) -> np.ndarray:
    rest = counts % base
    return counts - rest + np.where(generator.random(counts.shape) < rest / base, base, 0)


def test_a_difference_of_shares_is_newcombes() -> None:
    """Newcombe (1998), table II: 56/70 less 48/80 is 0.2, 0.0524 to 0.3339 by method 10."""
    found = compare_shares(([48], [80]), ([56], [70]))
    assert (found.lower[0], found.upper[0]) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.direction.tolist() == ["up"]


@given(earlier=st.integers(0, 200), later=st.integers(0, 200))
def test_a_direction_of_counts_is_that_of_the_exact_conditional_test(earlier: int, later: int) -> None:
    found = str(compare_counts(earlier, later).direction)
    if max(earlier, later) < 10:
        assert found == "too_small"
        return
    total = earlier + later
    rises = stats.binom.sf(later - 1, total, 0.5) < 0.025
    falls = stats.binom.cdf(later, total, 0.5) < 0.025
    assert found == ("up" if rises else "down" if falls else "no_clear_change")


def test_limits_of_a_ratio_are_those_of_the_binomial_share() -> None:
    found = compare_counts([40], [60])
    theirs = stats.binomtest(60, 100).proportion_ci(method="exact")
    assert found.lower[0] == pytest.approx(theirs.low / (1 - theirs.low))
    assert found.upper[0] == pytest.approx(theirs.high / (1 - theirs.high))


@given(pair=st.tuples(st.integers(1, 30), st.integers(0, 30)), other=st.tuples(st.integers(1, 30), st.integers(0, 30)))
def test_limits_of_rounded_shares_are_the_outermost_of_all_counts_behind_them(
    pair: tuple[int, int], other: tuple[int, int]
) -> None:
    wholes = [20 + pair[0], 20 + other[0]]
    parts = [min(pair[1], wholes[0] - 5), min(other[1], wholes[1] - 5)]
    found = compare_shares(([parts[0]], [wholes[0]]), ([parts[1]], [wholes[1]]), earlier_error=2, later_error=2)
    steps = range(-2, 3)
    behind = [
        compare_shares(
            ([max(parts[0] + a, 0)], [wholes[0] + b]),
            ([max(parts[1] + c, 0)], [wholes[1] + d]),
        )
        for a, b, c, d in itertools.product(steps, repeat=4)
        if abs(a) == abs(b) == abs(c) == abs(d) == 2 or a == b == c == d == 0
    ]
    assert found.lower[0] == pytest.approx(min(one.lower[0] for one in behind), abs=1e-12)
    assert found.upper[0] == pytest.approx(max(one.upper[0] for one in behind), abs=1e-12)


def test_rounding_takes_a_direction_away() -> None:
    assert compare_counts([30], [50]).direction.tolist() == ["up"]
    assert compare_counts([30], [50], earlier_error=4, later_error=4).direction.tolist() == ["no_clear_change"]
    assert compare_counts([30], [80], earlier_error=4, later_error=4).direction.tolist() == ["up"]
    assert compare_shares(([20], [50]), ([30], [50])).direction.tolist() == ["up"]
    wide = compare_shares(([20], [50]), ([30], [50]), earlier_error=4, later_error=4)
    assert wide.direction.tolist() == ["no_clear_change"]


def test_nothing_is_said_of_few_or_of_what_is_not_printed() -> None:
    found = compare_counts([0, 5, 0, np.nan, 20], [9, 5, 10, 50, np.nan])
    assert found.direction.tolist() == ["too_small", "too_small", "up", "not_known", "not_known"]
    assert compare_counts([0], [10], later_error=4).direction.tolist() == ["too_small"]
    shares = compare_shares(([1, np.nan, 1], [19, 50, 0]), ([15, 20, 1], [50, 50, 50]))
    assert shares.direction.tolist() == ["too_small", "not_known", "not_known"]


def test_a_rise_from_what_may_be_nothing_has_no_upper_limit() -> None:
    found = compare_counts([0, 5], [60, 60], earlier_error=[0, 5])
    assert found.upper.tolist() == [np.inf, np.inf]
    assert found.direction.tolist() == ["up", "up"]


@pytest.mark.parametrize("mean", [30, 150])
def test_years_without_a_change_seldom_get_a_direction(mean: int) -> None:
    generator = np.random.default_rng(20251130)
    earlier, later = generator.poisson(mean, size=(2, 4000))
    printed = _rounded(earlier, 5, generator), _rounded(later, 5, generator)
    found = compare_counts(*printed, earlier_error=4, later_error=4)
    assert np.mean(np.isin(found.direction, ["up", "down"])) <= 0.05


def test_rates_that_vary_by_themselves_get_a_direction_too_often_unless_that_spread_is_told() -> None:
    generator = np.random.default_rng(20251130)
    rates = 100 * generator.gamma(1 / 0.17**2, 0.17**2, size=(2, 4000))
    earlier, later = generator.poisson(rates)
    alone, told = (compare_counts(earlier, later, spread=spread).direction for spread in (0.0, 0.17))
    assert np.mean(alone != "no_clear_change") > 0.15
    assert np.mean(told != "no_clear_change") <= 0.06


def test_a_true_doubling_is_seen_through_rounding_and_a_factor_of_five_through_the_spread_of_national_totals() -> None:
    generator = np.random.default_rng(20251130)
    earlier, doubled, fivefold = (_rounded(generator.poisson(mean, size=2000), 5, generator) for mean in (60, 120, 300))
    seen = compare_counts(earlier, doubled, earlier_error=4, later_error=4).direction
    assert np.mean(seen == "up") >= 0.9
    seen = compare_counts(earlier, fivefold, earlier_error=4, later_error=4, spread=YEAR_TO_YEAR).direction
    assert np.mean(seen == "up") >= 0.95


def test_years_with_equal_shares_seldom_get_a_direction_and_different_ones_get_the_right_one() -> None:
    generator = np.random.default_rng(20251130)
    wholes = generator.integers(40, 300, size=(3, 3000))
    parts = generator.binomial(wholes, np.array([[0.3], [0.3], [0.7]]))
    tops, bottoms = _rounded(parts, 5, generator), _rounded(wholes, 5, generator)
    same = compare_shares((tops[0], bottoms[0]), (tops[1], bottoms[1]), earlier_error=4, later_error=4)
    other = compare_shares((tops[0], bottoms[0]), (tops[2], bottoms[2]), earlier_error=4, later_error=4)
    assert np.mean(np.isin(same.direction, ["up", "down"])) <= 0.05
    assert np.mean(other.direction == "up") >= 0.85
    assert not (other.direction == "down").any()
