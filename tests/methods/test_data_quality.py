"""The four measures of data quality, on invented bodies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from methods.data_quality import completeness, consistency, losses, stability, timeliness

BODY, VARIABLE = "invented_ministry", "sex_code"


def series(values: list[float], variable: str = VARIABLE, first: int = 2016) -> pd.DataFrame:
    return pd.DataFrame(
        {"body": BODY, "variable": variable, "period": range(first, first + len(values)), "value": values}
    )


def known(records: list[int], shares: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "body": BODY,
            "variable": VARIABLE,
            "period": range(2018, 2018 + len(records)),
            "records": records,
            "known": [round(count * share) for count, share in zip(records, shares, strict=True)],
        }
    )


def test_a_stated_unknown_is_an_answer_and_no_knowledge() -> None:
    cells = pd.DataFrame({"records": [100, 100, 100, 0], "known": [95, 85, 70, 0], "stated_unknown": [5, 5, 20, 0]})
    found = completeness(cells)
    assert found["empty"].tolist() == [0, 10, 10, 0]
    assert found["known_share"].tolist()[:3] == [0.95, 0.85, 0.7]
    assert found["answered_share"].tolist()[:3] == [1.0, 0.9, 0.9]
    assert found["verdict"].tolist() == ["good", "fair", "poor", "none"]


def test_more_known_cells_than_records_are_an_error() -> None:
    with pytest.raises(ValueError, match="more cells"):
        completeness(pd.DataFrame({"records": [10], "known": [8], "stated_unknown": [3]}))


def test_what_never_came_counts_against_a_body_but_has_no_delay() -> None:
    deliveries = pd.DataFrame({"body": ["a", "a", "a", "a", "b"], "days_late": [0, 12, np.nan, 4, np.nan]})
    found = timeliness(deliveries).set_index("body")
    assert found.loc["a", ["owed", "received", "in_time"]].tolist() == [4, 3, 1]
    assert found.loc["a", ["in_time_share", "received_share"]].tolist() == [0.25, 0.75]
    assert found.loc["a", ["median_late", "most_late"]].tolist() == [4, 12]
    assert np.isnan(found.loc["b", "median_late"])
    assert found["verdict"].tolist() == ["poor", "poor"]


def test_records_that_agree_with_themselves_are_counted_against_those_that_could() -> None:
    found = consistency(pd.DataFrame({"tested": [50, 0], "broken": [1, 0]}))
    assert found["consistent_share"].tolist()[0] == 0.98
    assert found["verdict"].tolist() == ["good", "none"]


def test_a_year_a_third_away_from_the_three_before_is_told() -> None:
    found = stability(series([300, 310, 290, 305, 150]))
    assert found["is_changed"].tolist() == [False, False, False, False, True]
    assert found["ratio"].iloc[4] == pytest.approx(150 / (905 / 3))
    assert found["usual"].isna().tolist() == [True, True, True, False, False]


def test_tens_that_move_by_a_third_by_chance_are_not_told() -> None:
    generator = np.random.default_rng(20251130)
    frames = [series(list(generator.poisson(15, 4)), variable=f"v{number}") for number in range(600)]
    found = stability(pd.concat(frames))
    last = found[found["period"] == 2019]
    assert (abs(last["ratio"] - 1) > 1 / 3).mean() > 0.2
    assert last["is_changed"].mean() < 0.02


def test_a_missing_year_is_no_change_and_takes_the_comparison_away() -> None:
    found = stability(series([300, np.nan, 300, 300, 10]))
    assert not found["is_changed"].any()


def test_an_outlier_is_one_year_far_from_the_median_of_all() -> None:
    found = stability(series([100, 104, 98, 101, 99, 400]))
    assert found["is_outlier"].tolist() == [False] * 5 + [True]
    assert not stability(series([100, 104, 98, 400]))["is_outlier"].any()


def test_an_outlier_among_equal_years_is_found_though_their_deviation_is_nothing() -> None:
    assert stability(series([50, 50, 50, 50, 50, 500]))["is_outlier"].tolist() == [False] * 5 + [True]
    assert not stability(series([50, 50, 50, 50, 50, 50]))["is_outlier"].any()


def test_a_variable_that_is_no_longer_filled_in_is_told_in_the_year_it_stopped() -> None:
    found = losses(known([100, 110, 120, 115], [0.95, 0.94, 0.96, 0.55]))
    assert found["is_lost"].tolist() == [False, False, False, True]
    assert found["before_share"].iloc[3] == pytest.approx(0.95, abs=0.005)


def test_few_records_or_small_steps_lose_nothing() -> None:
    assert not losses(known([12, 12, 12], [0.9, 0.9, 0.5]))["is_lost"].any()
    assert not losses(known([5000, 5000], [0.95, 0.92]))["is_lost"].any()


def test_bodies_and_variables_are_judged_apart() -> None:
    one, other = series([300, 310, 290, 305]), series([30, 31, 29, 30], variable="age")
    found = stability(pd.concat([one, other]))
    assert not found["is_changed"].any()
    assert found.groupby("variable")["usual"].count().tolist() == [1, 1]
