"""Candidates: what would be printed if nobody had to be protected, and the bytes of a frame."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.candidates import candidate
from expectations.cards.cells import (
    COLUMNS,
    DIMENSIONS,
    TOTAL,
    csv_bytes,
    find_matches,
    order_cells,
    parquet_bytes,
    read_parquet,
)
from expectations.cards.dataset_card import load_dataset
from ingestion.home import Home
from languages.refusal import Refusal
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"


def _value(frame: pd.DataFrame, **coordinates: str) -> tuple[float, str]:
    totals = dict.fromkeys(DIMENSIONS, TOTAL)
    found = frame[find_matches(frame, totals | coordinates)]
    assert len(found) == 1, found
    return float(found["obs_value"].iloc[0]), str(found["obs_status"].iloc[0])


def test_a_region_is_the_sum_of_its_leaves_over_all_categories(protected: Home):
    true = sum(count for key, count in toy_home.victims().items() if key[1] == "2023" and key[0] != "IQG06")
    cells = candidate.read_cells(protected, NATIONAL)
    where = {"indicator": "PRT-01", "measure": "COUNT", "time_period": "2023"}
    assert _value(cells, ref_area="IQ-FED", **where) == (true, "A")


def test_a_country_with_a_silent_region_is_missing_and_not_the_sum_of_the_others(protected: Home):
    cells = candidate.read_cells(protected, NATIONAL)
    for area in ("IQ", "IQ-KR"):
        rows = cells[(cells["indicator"] == "PRT-01") & (cells["ref_area"] == area)]
        assert len(rows) > 0
        assert set(rows["obs_status"]) == {"O"}
        assert rows["obs_value"].isna().all()


def test_a_reported_zero_is_a_zero(protected: Home):
    cells = candidate.read_cells(protected, GOVERNORATE)
    where = {"indicator": "PRS-07", "measure": "NUMERATOR", "time_period": "2023", "ref_area": "IQG02"}
    assert _value(cells, article="A6_A8", **where) == (5, "A")


def test_when_every_region_reports_the_country_has_a_value(empty_home: Home):
    country = toy_home.Country(silent=())
    toy_home.prepare(empty_home, country)
    candidate.build(empty_home)
    true = sum(count for key, count in country.victims.items() if key[1] == "2024")
    where = {"indicator": "PRT-01", "measure": "COUNT", "time_period": "2024", "ref_area": "IQ"}
    cells = candidate.read_cells(empty_home, NATIONAL)
    assert _value(cells, **where) == (true, "A")
    row = cells[find_matches(cells, {**where, "sex": TOTAL, "age": TOTAL, "form": TOTAL})]
    assert row["reports_expected_count"].tolist() == [4]  # two bodies in each of two regions


def test_deaths_under_article_8_are_merged_before_anything_else(protected: Home):
    for dataset in (NATIONAL, GOVERNORATE):
        articles = set(candidate.read_cells(protected, dataset)["article"])
        assert articles == {"A5_1", "A6_A8", TOTAL}


def test_a_cell_on_the_never_list_is_dropped_and_not_merely_hidden(empty_home: Home, change_cards: Callable[..., None]):
    change_cards(NATIONAL, tables=[[], ["sex"], ["form"], ["sex", "form"]])
    toy_home.prepare(empty_home)
    candidate.build(empty_home)
    cells = candidate.read_cells(empty_home, NATIONAL)
    assert find_matches(cells, {"sex": "F", "form": "SEXUAL"}).any()
    assert not find_matches(cells, {"sex": "M", "form": "SEXUAL"}).any()


def test_an_indicator_stands_only_in_tables_whose_dimensions_it_has(protected: Home):
    cells = candidate.read_cells(protected, NATIONAL)
    assert set(cells[cells["indicator"] == "PRS-05"]["sex"]) == {TOTAL}
    holders = cells[cells["indicator"] == "PAR-07"]
    assert set(holders["holder"]) == {"iraq_interior_ministry", TOTAL}
    assert set(holders["ref_area"]) == {"IQ-FED"}


def test_a_unit_of_count_without_protection_is_refused(protected: Home, change_cards: Callable[..., None]):
    change_cards(NATIONAL, protection={"VICTIM": {"method": "rounding"}, "ACCUSED": {"method": "rounding"}})
    with pytest.raises(Refusal) as refusal:
        candidate.build(protected)
    assert refusal.value.code == "unit_unprotected"
    assert refusal.value.arguments == {"indicator": "PAR-07", "unit": "INSTITUTION"}


def test_columns_are_published_because_a_line_says_so():
    assert "members" not in load_dataset(NATIONAL).columns


@given(st.lists(st.tuples(st.text(max_size=8), st.none() | st.integers(0, 10**6) | st.floats(0, 1)), max_size=20))
def test_the_same_rows_in_any_order_give_the_same_bytes_and_come_back(rows: list[tuple[str, float | None]]):
    codes = [code for code, _ in rows]
    if len(set(codes)) < len(codes) or any("\ud800" <= letter <= "\udfff" for code in codes for letter in code):
        return
    filled = dict.fromkeys(COLUMNS, "x") | {
        "lower": 0.0,
        "upper": 1.0,
        "reports_received_count": 1,
        "reports_expected_count": 1,
    }
    frame = pd.DataFrame([filled | {"holder": code, "obs_value": value} for code, value in rows], columns=list(COLUMNS))
    frame = frame.astype({"obs_value": "float64"})
    first, second = order_cells(frame), order_cells(frame.iloc[::-1])
    assert parquet_bytes(first) == parquet_bytes(second)
    assert csv_bytes(first) == csv_bytes(second)
    back = read_parquet(parquet_bytes(first))
    assert csv_bytes(back) == csv_bytes(first)


@given(st.text(min_size=1, max_size=6), st.sampled_from("=+-@\t\r"))
def test_no_text_of_a_csv_starts_like_a_formula(text: str, start: str):
    frame = pd.DataFrame({"holder": [start + text]})
    line = csv_bytes(frame).decode("utf-8", errors="replace").split("\n", 1)[1]
    assert line.lstrip('"').startswith("'")
