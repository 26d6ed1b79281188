"""Piles in ages, dates and digits, and drifting categories: by hand, and planted in invented records."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from methods.heaping import age_of_majority, check_last_digits, count_out_of_order, default_days, drift, whipple

SEED = 20251130


def ages(generator: np.random.Generator, size: int, heaped: float = 0.0) -> pd.Series:
    drawn = np.floor(10 + generator.gamma(4, 6, size)).astype(int)
    rounded = np.where(generator.random(size) < heaped, (drawn + 2) // 5 * 5, drawn)
    return pd.Series(rounded).value_counts()


def test_whipples_index_is_a_hundred_for_even_ages_and_five_hundred_for_round_ones() -> None:
    even = pd.Series(10, index=range(0, 100))
    assert whipple(even).statistic == 100
    assert not whipple(even).is_flagged
    round_only = pd.Series(10, index=range(25, 61, 5))
    assert whipple(round_only).statistic == 500
    assert whipple(round_only).is_flagged


def test_a_third_of_rounded_ages_is_found_in_three_hundred_and_none_where_there_are_none() -> None:
    generator = np.random.default_rng(SEED)
    assert np.mean([whipple(ages(generator, 300, heaped=0.33)).is_flagged for _ in range(200)]) >= 0.9
    assert np.mean([whipple(ages(generator, 300)).is_flagged for _ in range(200)]) <= 0.01


def test_a_pile_at_the_age_of_majority_is_told() -> None:
    found = age_of_majority(pd.Series({16: 20, 17: 8, 18: 60, 19: 20}))
    assert found.is_flagged
    assert found.statistic == pytest.approx(60 / 88)
    assert not age_of_majority(pd.Series({17: 30, 18: 34, 19: 30})).is_flagged
    assert age_of_majority(pd.Series({40: 5})).observations == 0


def test_default_days_are_found_and_days_by_chance_are_not() -> None:
    generator = np.random.default_rng(SEED)
    year = pd.Timestamp("2024-01-01")

    def days(default: float) -> pd.Series:
        drawn = year + pd.to_timedelta(generator.integers(0, 366, 150), unit="D")
        return pd.Series(np.where(generator.random(150) < default, year.to_datetime64(), drawn.to_numpy()))

    planted = [default_days(days(0.1)) for _ in range(100)]
    honest = [default_days(days(0.0)) for _ in range(200)]
    assert np.mean([found["first_of_half_year"].is_flagged for found in planted]) >= 0.9
    assert np.mean([found["first_of_half_year"].is_flagged for found in honest]) <= 0.01
    assert np.mean([found["first_or_middle_of_month"].is_flagged for found in honest]) <= 0.01


def test_no_dates_are_no_habit() -> None:
    found = default_days(pd.Series([pd.NaT, pd.NaT], dtype="datetime64[ns]"))
    assert {heap.observations for heap in found.values()} == {0}


def test_rounded_figures_are_found_by_their_last_digits_and_small_ones_are_not_judged() -> None:
    generator = np.random.default_rng(SEED)
    figures = generator.integers(100, 5000, 200)
    rounded = np.where(generator.random(200) < 0.4, figures // 10 * 10, figures)
    assert check_last_digits(rounded).is_flagged
    assert not check_last_digits(figures).is_flagged
    assert np.isnan(check_last_digits(generator.integers(20, 99, 500)).p_value)


def test_a_change_of_coding_is_found_and_chance_is_not() -> None:
    generator = np.random.default_rng(SEED)
    shares, other = [0.5, 0.3, 0.15, 0.05], [0.3, 0.3, 0.15, 0.25]

    def found(second: list[float]) -> float:
        draws = [(generator.multinomial(150, shares), generator.multinomial(180, second)) for _ in range(100)]
        return float(np.mean([drift(*pair, label=f"{number}").is_flagged for number, pair in enumerate(draws)]))

    assert found(other) >= 0.8
    assert found(shares) <= 0.01


def test_a_drift_is_between_nothing_and_one_and_the_same_each_time() -> None:
    assert drift([50, 0], [0, 50], label="a").statistic == pytest.approx(1)
    assert drift([50, 20], [50, 20], label="a").statistic == pytest.approx(0)
    assert drift([50, 20, 9], [41, 30, 2], label="a") == drift([50, 20, 9], [41, 30, 2], label="a")
    assert not drift([0, 0], [5, 6], label="a").is_flagged


def test_a_verdict_before_its_charge_is_counted_once_for_each_pair_of_steps() -> None:
    rows = pd.DataFrame(
        {
            "contact": pd.to_datetime(["2024-01-05", "2024-02-01", None]),
            "charge": pd.to_datetime(["2024-02-01", "2024-01-15", "2024-03-01"]),
            "verdict": pd.to_datetime(["2024-06-01", None, "2024-02-01"]),
        }
    )
    found = count_out_of_order(rows, ["contact", "charge", "verdict"])
    assert found.to_numpy().tolist() == [
        ["contact", "charge", 2, 1],
        ["contact", "verdict", 1, 0],
        ["charge", "verdict", 2, 1],
    ]
