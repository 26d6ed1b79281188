"""Rules about suspicious figures: by hand, and how often they find what was planted in invented series, or cry wolf."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st

from methods.anomalies import (
    FALSE_DISCOVERIES,
    chance_of_repeating,
    control_false_flags,
    doubtful_zeros,
    failing_sums,
    find_copied,
    find_recycled,
    large_revisions,
    measure_jumps,
    parts_above_whole,
)

SEED = 20251130


def series(values: list[float], name: str = "s") -> pd.DataFrame:
    return pd.DataFrame({"series": name, "period": range(2016, 2016 + len(values)), "value": values})


def test_a_total_is_the_sum_of_its_parts() -> None:
    tables = pd.DataFrame(
        {"total": [100, 101, 99, 105], "a": [60, 60, 60, 60], "b": [40, 40, 40, 40], "has_unknown": [0, 0, 1, 1]}
    )
    assert failing_sums(tables, ["a", "b"])["is_flagged"].tolist() == [False, True, True, False]


def test_rounded_parts_may_miss_their_total_by_half_a_unit_for_each_in_the_root() -> None:
    tables = pd.DataFrame({"total": [103.0, 104.0], "a": 60.0, "b": 40.0, "has_unknown": False})
    assert failing_sums(tables, ["a", "b"], rounding=5)["is_flagged"].tolist() == [False, True]


def test_a_part_above_its_whole_is_certain_within_one_cohort_only() -> None:
    found = parts_above_whole(pd.DataFrame({"part": [5, 6, 6], "whole": 5, "is_one_cohort": [True, True, False]}))
    assert found["is_flagged"].tolist() == [False, True, True]
    assert found["is_certain"].tolist() == [False, True, False]


def test_the_chance_of_the_same_count_twice_is_the_measured_one() -> None:
    """Nine per cent at a mean of 10, four at 50; about 1 / sqrt(4 pi m)."""
    assert chance_of_repeating([10, 50]) == pytest.approx([0.09, 0.04], abs=0.002)
    generator = np.random.default_rng(SEED)
    one, other = generator.poisson(12, size=(2, 200_000))
    assert chance_of_repeating(12) == pytest.approx(np.mean(one == other), abs=0.002)


def tables(count: int, cells: int, *, is_recycled: bool) -> pd.DataFrame:
    generator = np.random.default_rng(SEED)
    first = generator.poisson(generator.uniform(5, 60, size=cells), size=(count, cells))
    second = first if is_recycled else generator.poisson(generator.uniform(5, 60, size=cells), size=(count, cells))
    rows = [
        (f"t{table:03d}", f"c{cell}", period, values[table, cell])
        for period, values in ((2020, first), (2021, second))
        for table in range(count)
        for cell in range(cells)
    ]
    return pd.DataFrame(rows, columns=["table", "cell", "period", "value"])


def test_recycled_tables_are_found_and_honest_ones_left_alone() -> None:
    assert find_recycled(tables(200, 8, is_recycled=True))["is_flagged"].mean() >= 0.99
    assert find_recycled(tables(400, 8, is_recycled=False))["is_flagged"].mean() <= 0.01


def test_one_figure_that_repeats_proves_nothing() -> None:
    figures = pd.DataFrame({"table": "t", "cell": ["a", "a"], "period": [2020, 2021], "value": [250, 250]})
    found = find_recycled(figures)
    assert found[["compared", "repeated", "is_flagged"]].to_numpy().tolist() == [[1, 1, False]]


def test_three_figures_of_twenty_that_repeat_together_are_told_with_their_years() -> None:
    rows = [(cell, year, value) for cell, value in (("a", 40), ("b", 25), ("c", 31)) for year in (2020, 2022)]
    figures = pd.DataFrame(rows, columns=["cell", "period", "value"]).assign(table="t")
    assert find_recycled(figures)[["earlier", "period", "is_flagged"]].to_numpy().tolist() == [[2020, 2022, True]]


def test_two_holders_with_one_series_are_one_source() -> None:
    rows = [(holder, year, year % 100 + 10) for holder in ("a", "b") for year in range(2016, 2021)]
    rows += [("c", year, year % 100 + 10 + (year == 2018)) for year in range(2016, 2021)]
    found = find_copied(pd.DataFrame(rows, columns=["holder", "period", "value"]).assign(series="s"))
    flagged = {(row["holder"], row["other"]): row["is_flagged"] for row in found.to_dict("records")}
    assert flagged == {("a", "b"): True, ("a", "c"): False, ("b", "c"): False}


def test_two_equal_small_years_are_no_copy() -> None:
    rows = [(holder, year, 3) for holder in ("a", "b") for year in (2019, 2020)]
    assert not find_copied(pd.DataFrame(rows, columns=["holder", "period", "value"]).assign(series="s"))[
        "is_flagged"
    ].any()


def test_a_jump_is_measured_as_the_rule_says() -> None:
    found = measure_jumps(series([20, 200]))
    expected = np.log(200.5 / 20.5) / np.sqrt(1 / 200.5 + 1 / 20.5 + 2 * 0.28**2)
    assert found["score"].iloc[1] == pytest.approx(expected)
    assert found["is_flagged"].tolist() == [False, True]


def test_slips_of_a_digit_are_found_and_years_that_vary_are_left_alone() -> None:
    generator = np.random.default_rng(SEED)
    rates = 60 * generator.gamma(1 / 0.28**2, 0.28**2, size=(1000, 2))
    honest = generator.poisson(rates)
    slipped = np.column_stack([honest[:, 0], honest[:, 1] * 10])

    def flagged(pairs: np.ndarray) -> float:
        frame = pd.concat(series(list(pair), name=f"s{number:04d}") for number, pair in enumerate(pairs))
        return float(measure_jumps(frame)["is_flagged"].sum() / len(pairs))

    assert flagged(slipped) >= 0.95
    assert flagged(honest) <= 0.02


def test_nothing_jumps_over_a_gap() -> None:
    assert not measure_jumps(series([20, np.nan, 2000]))["is_flagged"].any()


def test_a_zero_where_many_are_usual_is_asked_about() -> None:
    found = doubtful_zeros(series([12, 9, 0, 11]))
    assert found["is_flagged"].tolist() == [False, False, True, False]
    assert found["p_value"].iloc[2] == pytest.approx(np.exp(-32 / 3))
    assert not doubtful_zeros(series([2, 1, 0, 3]))["is_flagged"].any()
    assert not doubtful_zeros(series([0]))["is_flagged"].any()


def test_a_revision_is_judged_by_the_revisions_this_house_has_seen() -> None:
    revisions = pd.DataFrame({"old": [100, 100, 0], "new": [104, 150, 5]})
    history = np.linspace(0, 0.2, 40)
    assert large_revisions(revisions, history)["is_flagged"].tolist() == [False, True, False]
    assert not large_revisions(revisions, history[:10])["is_flagged"].any()


def test_of_many_questions_few_false_flags_remain() -> None:
    generator = np.random.default_rng(SEED)
    false_flags = [control_false_flags(generator.uniform(size=100)).any() for _ in range(500)]
    assert np.mean(false_flags) <= 0.07
    kept = control_false_flags([1e-9, 0.9, np.nan, 1e-8, 0.04])
    assert kept.tolist() == [True, False, False, True, False]
    assert control_false_flags([np.nan]).tolist() == [False]
    assert control_false_flags([]).tolist() == []


@given(st.lists(st.one_of(st.just(float("nan")), st.integers(0, 200).map(lambda number: number / 997)), max_size=40))
def test_the_flags_that_stay_are_those_of_the_published_procedure(chances: list[float]) -> None:
    asked = [chance for chance in chances if not np.isnan(chance)]
    adjusted = iter(scipy.stats.false_discovery_control(asked) if asked else ())
    expected = [not np.isnan(chance) and bool(next(adjusted) <= FALSE_DISCOVERIES) for chance in chances]
    assert control_false_flags(chances).tolist() == expected
