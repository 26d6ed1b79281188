"""Intervals against printed values, against scipy, and by simulation with fixed seeds; what few observations allow."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from methods.intervals import classify_standing, mark, poisson, poisson_rate, round_outward, wilson


def _rounded(counts: np.ndarray, base: int, generator: np.random.Generator) -> np.ndarray:
    """Counts at one of the two neighbouring multiples, as controlled rounding leaves them."""
    rest = counts % base
    return counts - rest + np.where(generator.random(counts.shape) < rest / base, base, 0)


@pytest.mark.parametrize(("successes", "lower", "upper"), [(3, 0.107791, 0.603222), (0, 0.0, 0.277533)])
def test_wilson_gives_the_printed_values(successes: int, lower: float, upper: float) -> None:
    limits = wilson(successes, 10)
    assert (float(limits.lower), float(limits.upper)) == pytest.approx((lower, upper), abs=1e-6)


@given(trials=st.integers(1, 500), share=st.floats(0, 1))
def test_wilson_without_rounding_is_scipys(trials: int, share: float) -> None:
    successes = round(share * trials)
    theirs = stats.binomtest(successes, trials).proportion_ci(method="wilson")
    ours = wilson(successes, trials)
    assert (float(ours.lower), float(ours.upper)) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


@given(top=st.integers(0, 15), bottom=st.integers(1, 15), error=st.integers(0, 4), own=st.integers(0, 4))
def test_the_wide_interval_is_the_union_over_all_pairs_behind_the_printed_one(
    top: int, bottom: int, error: int, own: int
) -> None:
    pairs = [
        (x, n)
        for x, n in itertools.product(range(top - own, top + own + 1), range(bottom - error, bottom + error + 1))
        if 0 <= x <= n and n > 0
    ]
    if not pairs:
        return
    single = [wilson(x, n) for x, n in pairs]
    wide = wilson(top, bottom, numerator_error=own, denominator_error=error)
    assert float(wide.lower) == pytest.approx(min(float(one.lower) for one in single), abs=1e-12)
    assert float(wide.upper) >= max(float(one.upper) for one in single) - 1e-12
    if top + own < bottom - error:
        assert float(wide.upper) == pytest.approx(max(float(one.upper) for one in single), abs=1e-12)


@pytest.mark.parametrize("base", [3, 5])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.35, 0.8, 0.97])
def test_intervals_of_rounded_counts_hold_the_true_share_and_that_of_the_process(base: int, share: float) -> None:
    generator = np.random.default_rng(20251130)
    whole = generator.integers(20, 400, size=4000)
    part = generator.binomial(whole, share)
    printed_part, printed_whole = _rounded(part, base, generator), _rounded(whole, base, generator)
    limits = wilson(printed_part, printed_whole, numerator_error=base - 1, denominator_error=base - 1)
    true = part / whole
    printed = np.minimum(printed_part / printed_whole, 1)
    assert ((limits.lower <= true) & (true <= limits.upper)).all()
    assert ((limits.lower <= printed) & (printed <= limits.upper)).all()
    assert np.mean((limits.lower <= share) & (share <= limits.upper)) >= 0.95


def test_an_interval_that_takes_printed_counts_for_true_ones_covers_too_little() -> None:
    generator = np.random.default_rng(20251130)
    whole = generator.integers(20, 40, size=4000)
    part = generator.binomial(whole, 0.1)
    limits = wilson(np.minimum(_rounded(part, 5, generator), whole), _rounded(whole, 5, generator))
    assert np.mean((limits.lower <= 0.1) & (limits.upper >= 0.1)) < 0.93


def test_a_share_without_a_denominator_has_no_interval() -> None:
    limits = wilson([1.0, np.nan, 0.0], [np.nan, 10.0, 0.0], numerator_error=4, denominator_error=4)
    assert np.isnan(limits.lower).all() and np.isnan(limits.upper).all()


def test_a_part_that_may_be_the_whole_has_no_upper_limit_under_one() -> None:
    limits = wilson([25, 30], [25, 25], numerator_error=4, denominator_error=4)
    assert limits.upper.tolist() == [1.0, 1.0]
    assert (limits.lower < 1).all()


def test_an_exact_poisson_interval_gives_the_printed_values() -> None:
    limits = poisson([5, 0])
    assert limits.lower == pytest.approx([1.623, 0.0], abs=5e-4)
    assert limits.upper == pytest.approx([11.668, 3.689], abs=5e-4)


def test_the_poisson_limits_are_where_the_tails_are() -> None:
    count = np.arange(1, 60)
    limits = poisson(count)
    assert stats.poisson.sf(count - 1, limits.lower) == pytest.approx(np.full(59, 0.025))
    assert stats.poisson.cdf(count, limits.upper) == pytest.approx(np.full(59, 0.025))


@pytest.mark.parametrize("mean", [2.0, 12.0, 60.0, 300.0])
def test_intervals_of_rounded_counts_hold_the_expected_count(mean: float) -> None:
    generator = np.random.default_rng(20251130)
    true = generator.poisson(mean, size=4000)
    limits = poisson(_rounded(true, 5, generator), error=4)
    assert np.mean((limits.lower <= mean) & (mean <= limits.upper)) >= 0.95


def test_a_rate_is_the_count_over_the_population_and_none_where_nobody_is_counted() -> None:
    limits = poisson_rate([5, 5, 5, np.nan], [1_000_000, np.nan, 0, 1_000_000])
    assert limits.upper[0] == pytest.approx(1.1668, abs=1e-4)
    assert np.isnan(limits.upper[1:]).all() and np.isnan(limits.lower[1:]).all()


def test_a_rate_is_told_of_a_hundred_thousand_persons() -> None:
    assert poisson_rate([7], [100_000]).upper.tolist() == poisson([7]).upper.tolist()


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20))
def test_rounding_an_interval_never_narrows_it(pairs: list[tuple[float, float]]) -> None:
    limits = wilson([min(pair) * 50 for pair in pairs], [50.0] * len(pairs))
    coarse = round_outward(limits, 0.001)
    assert (coarse.lower <= limits.lower + 1e-9).all() and (coarse.upper >= limits.upper - 1e-9).all()
    assert (limits.lower - coarse.lower < 0.001 + 1e-9).all() and (coarse.upper - limits.upper < 0.001 + 1e-9).all()


def test_a_limit_on_a_step_stays_there() -> None:
    coarse = round_outward(wilson([0], [10]), 0.001)
    assert (float(coarse.lower[0]), float(coarse.upper[0])) == (0.0, 0.278)


def test_few_observations_allow_less() -> None:
    counts = [np.nan, 2, 3, 9, 10, 19, 20]
    assert classify_standing(counts).tolist() == [
        "nothing", "nothing", "count_only", "count_only", "marked", "marked", "plain",
    ]  # fmt: skip
    assert mark(counts).tolist() == ["", "", "", "", "u", "u", ""]


def test_the_rule_for_small_numbers_takes_the_least_that_may_stand_behind_a_printed_count() -> None:
    assert classify_standing([20, 25], error=4).tolist() == ["marked", "plain"]
