"""What is computed after protection, and when a one-way table may be printed exactly."""

from __future__ import annotations

import numpy as np
import pytest

from methods.disclosure.derived import relative_gap, share
from methods.disclosure.exact import is_exact_allowed

MISSING = np.nan


def test_a_share_needs_its_minimum_base():
    shares = share(np.array([10, 10, 0, 5, MISSING]), np.array([30, 15, 40, MISSING, 40]), 20)
    np.testing.assert_array_equal(shares, [0.333, MISSING, 0, MISSING, MISSING])


def test_a_share_stays_between_none_and_all():
    np.testing.assert_array_equal(share(np.array([25, 0]), np.array([20, 0]), 0), [1, MISSING])


def test_a_gap_is_taken_over_the_mean_of_both():
    gaps = relative_gap(np.array([110, 0, 5, MISSING]), np.array([90, 0, 0, 10]))
    np.testing.assert_array_equal(gaps, [0.2, 0, 2, MISSING])


@pytest.mark.parametrize(("values", "allowed"), [([11, 40], True), ([10, 40], False), ([0, 40], False), ([], False)])
def test_a_table_is_exact_only_if_every_category_reaches_the_minimum(values: list[int], allowed: bool):
    assert is_exact_allowed(np.array(values)) is allowed


@pytest.mark.parametrize(
    ("before", "allowed"),
    [([20, 40], True), ([20, 39], False), ([9, 40], True), ([MISSING, MISSING], True), ([21, 40], False)],
)
def test_a_table_that_changed_by_few_cases_is_not_exact_again(before: list[float], allowed: bool):
    assert is_exact_allowed(np.array([20, 40]), previous=np.array(before)) is allowed


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("change", range(13))
def test_a_change_is_none_or_reaches_the_minimum_in_either_direction(change: int, sign: int):
    before = np.array([40.0, 40 + sign * change])
    assert is_exact_allowed(np.array([40, 40]), previous=before) is (change == 0 or change >= 11)
