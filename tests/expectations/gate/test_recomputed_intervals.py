"""The gate works limits out by formulas of its own: to the last digit those that protection prints."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from expectations.gate import recomputation
from expectations.gate.recomputation import limits_of_rate, limits_of_share
from methods import intervals
from methods.intervals import poisson_rate, round_outward, wilson

STEP = 0.001
errors = st.integers(0, 4)
counts = st.one_of(st.integers(0, 60), st.integers(0, 5000), st.just(float("nan")))


def _arrays(*values: float) -> list[np.ndarray]:
    return [np.array([value], dtype=float) for value in values]


@given(counts, counts, errors, errors)
@example(20, 20, 0, 0)
@example(0, 20, 0, 0)
@example(18, 20, 2, 0)
@example(3, 0, 4, 4)
@example(1, 4, 0, 4)
def test_limits_of_a_share_are_those_of_protection(part: float, whole: float, wide: int, wide_too: int):
    own = limits_of_share(*_arrays(part, whole, wide, wide_too))
    printed = round_outward(wilson(*_arrays(part, whole), numerator_error=wide, denominator_error=wide_too), STEP)
    np.testing.assert_array_equal(own, np.stack(printed))


@given(counts, st.one_of(st.integers(0, 50_000_000), st.just(float("nan"))), errors)
@example(0, 46_000_000, 0)
@example(4, 46_000_000, 4)
@example(5, 46_000_000, 4)
def test_limits_of_a_rate_are_those_of_protection(count: float, people: float, wide: int):
    own = limits_of_rate(*_arrays(count, people, wide))
    printed = round_outward(poisson_rate(*_arrays(count, people), error=wide), STEP)
    np.testing.assert_array_equal(own, np.stack(printed))


@given(st.integers(1, 5000), errors)
def test_a_share_of_all_ends_at_one_and_a_share_of_none_begins_at_zero(whole: int, wide: int):
    everybody, nobody = (limits_of_share(*_arrays(part, whole, wide, wide)).ravel() for part in (whole, 0))
    assert everybody[1] == 1.0
    assert nobody[0] == 0.0
    assert 0 <= everybody[0] <= 1 and 0 <= nobody[1] <= 1


def test_the_gate_takes_no_interval_from_where_protection_takes_it():
    """One mistake in them must not hide the other."""
    shared = [
        name for name, value in vars(recomputation).items() if getattr(value, "__module__", "") == intervals.__name__
    ]
    assert shared == []
    assert intervals not in vars(recomputation).values()


@pytest.mark.parametrize("step", [0.001, 0.01, 0.1])
@given(number=st.integers(0, 100_000))
def test_a_limit_that_lies_on_a_step_stays_there(step: float, number: int):
    limit = np.array([number * step])
    coarse = round_outward(intervals.Limits(limit, limit), step)
    assert coarse.lower == coarse.upper == pytest.approx(number * step, abs=1e-9)
    beside = round_outward(intervals.Limits(limit + step / 10, limit - step / 10), step)
    assert beside.lower == coarse.lower and beside.upper == coarse.upper
    within = round_outward(intervals.Limits(limit - step / 10, limit + step / 10), step)
    assert within.lower == pytest.approx((number - 1) * step, abs=1e-9)
    assert within.upper == pytest.approx((number + 1) * step, abs=1e-9)
