"""Derived figures: from printed counts alone, with an interval, worked out twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from expectations.cards.cells import COLUMNS, KEY, TOTAL
from expectations.cards.codes import duration_bands
from expectations.cards.dataset_card import DatasetCard, load_dataset
from expectations.cards.indicator_card import IndicatorCard
from expectations.gate.arithmetic_attacks import count_revealing_derived
from expectations.gate.recomputation import count_wrongly_derived
from expectations.protection.derived_figures import derived_rows


def _indicator(code: str, dimensions: list[str], derived: list[dict[str, Any]], unit: str = "VICTIM") -> IndicatorCard:
    return IndicatorCard.model_validate(
        {
            "code": code, "pillar": "protection", "unit_measure": unit, "basis": "period", "title_en": code,
            "definition_en": "Invented.", "numerator": "Invented.", "holders": [], "demand": ["D1"],
            "dimensions": dimensions, "datasets": ["four_ps_national"], "derived": derived, "model": "ind",
            "relation": "ind", "facts": [], "checksum": "",
        }
    )  # fmt: skip


def _cell(code: str, measure: str, value: float | None, *, unit: str = "VICTIM", **place: str) -> dict[str, Any]:
    key = dict.fromkeys(KEY, TOTAL) | {"ref_area": "IQ", "time_period": "2024"} | place
    return {
        **key, "indicator": code, "measure": measure, "obs_value": np.nan if value is None else value,
        "lower": np.nan, "upper": np.nan, "interval_method": None, "unit_measure": unit,
        "obs_status": "O" if value is None else "A", "disclosure_method": "NONE" if value is None else "ROUNDED_5",
        "reports_received_count": 1, "reports_expected_count": 1,
    }  # fmt: skip


def _derived(cards: list[IndicatorCard], cells: list[dict[str, Any]]) -> pd.DataFrame:
    """Derive, and have the two other ways of working it out agree."""
    card: DatasetCard = load_dataset("four_ps_national")
    known = {one.code: one for one in cards}
    printed = pd.DataFrame(cells, columns=list(COLUMNS))
    found = derived_rows(card, known, printed)
    frame = pd.concat([printed, found], ignore_index=True)
    assert count_wrongly_derived(card, known, frame) == (len(found), 0)
    assert count_revealing_derived(known, frame)[1] == 0
    for column in ("obs_value", "lower", "upper"):  # and each of the two sees a figure that was tampered with
        if found[column].notna().any():
            tampered = frame.copy()
            tampered.loc[tampered["measure"] == found["measure"].iloc[0], column] += 5
            assert count_wrongly_derived(card, known, tampered)[1] > 0
    return found


def test_a_share_has_an_interval_over_all_counts_that_may_stand_behind_the_rounded_ones():
    share = {
        "measure": "SHARE",
        "method": "share",
        "numerator": "PRT-08/NUMERATOR",
        "denominator": "PRT-08/DENOMINATOR",
    }
    card = _indicator("PRT-08", [], [share])
    cells = [_cell("PRT-08", "NUMERATOR", 30), _cell("PRT-08", "DENOMINATOR", 60)]
    (row,) = _derived([card], cells).to_dict("records")
    assert row["obs_value"] == 0.5
    assert row["interval_method"] == "WILSON_95"
    assert row["lower"] < 26 / 64  # the least share that 30 of 60 can stand for, and chance beside it
    assert row["upper"] > 34 / 56


def test_a_share_of_a_whole_that_is_not_in_the_release_has_no_value_and_no_interval():
    share = {"measure": "SHARE", "method": "share", "numerator": "NCR-02/NUMERATOR", "denominator": "PRT-01/COUNT"}
    cards = [_indicator("NCR-02", [], [share]), _indicator("PRT-01", [], [])]
    (row,) = _derived(cards, [_cell("NCR-02", "NUMERATOR", 30)]).to_dict("records")
    assert np.isnan(row["obs_value"])
    assert np.isnan(row["lower"])


def test_the_denominator_of_a_share_can_be_a_part_of_another_indicator():
    share = {
        "measure": "SHARE", "method": "share", "numerator": "NCR-02/NUMERATOR", "denominator": "PRT-01/COUNT",
        "at": {"form": "SEXUAL"},
    }  # fmt: skip
    cards = [_indicator("NCR-02", [], [share]), _indicator("PRT-01", ["form"], [])]
    cells = [
        _cell("NCR-02", "NUMERATOR", 10), _cell("PRT-01", "COUNT", 200), _cell("PRT-01", "COUNT", 40, form="SEXUAL"),
    ]  # fmt: skip
    (row,) = _derived(cards, cells).to_dict("records")
    assert row["obs_value"] == 0.25


def test_a_rate_exists_only_where_residents_were_counted():
    rate = {"measure": "RATE", "method": "rate", "numerator": "PRT-04/COUNT", "minimum_base": 10}
    card = _indicator("PRT-04", ["sex"], [rate])
    cells = [
        _cell("PRT-04", "COUNT", 460), _cell("PRT-04", "COUNT", 460, time_period="2015"),
        _cell("PRT-04", "COUNT", 5, sex="M"),
    ]  # fmt: skip
    found = _derived([card], cells).set_index(["time_period", "sex"])
    known = found.loc[("2024", TOTAL)]
    assert (known["obs_value"], known["unit_measure"]) == (pytest.approx(0.997, abs=0.001), "PER_100000")
    assert known["lower"] < 456 / 461.18793 < 464 / 461.18793 < known["upper"]
    assert found.loc[("2015", TOTAL), "obs_status"] == "O"
    assert found.loc[("2024", "M"), "obs_status"] == "Q"  # under ten persons


def test_a_ratio_joins_two_units_and_has_no_interval():
    ratio = {
        "measure": "RATIO",
        "method": "ratio",
        "numerator": "PRV-01/NUMERATOR",
        "denominator": "PRV-01/DENOMINATOR",
    }
    card = _indicator("PRV-01", [], [ratio], unit="CONTACT")
    cells = [_cell("PRV-01", "NUMERATOR", 30, unit="CONTACT"), _cell("PRV-01", "DENOMINATOR", 20, unit="CONTACT")]
    (row,) = _derived([card], cells).to_dict("records")
    assert row["obs_value"] == 1.5
    assert np.isnan(row["lower"])


def _bands(counts: list[float | None]) -> list[dict[str, Any]]:
    codes = duration_bands().codes
    total = None if None in counts else sum(count or 0 for count in counts)
    cells = [_cell("PRT-16", "COUNT", value, cust_breakdown=code) for code, value in zip(codes, counts, strict=True)]
    return [*cells, _cell("PRT-16", "COUNT", total)]


def test_a_median_is_read_from_printed_bands_coarsened_to_five_days_with_an_interval():
    median = {"measure": "MEDIAN", "method": "median", "numerator": "PRT-16/COUNT", "minimum_base": 20}
    card = _indicator("PRT-16", ["cust_breakdown"], [median])
    (row,) = _derived([card], _bands([10, 20, 40, 20, 10, 0, 0])).to_dict("records")
    assert row["obs_value"] % 5 == 0
    assert row["lower"] <= row["obs_value"] <= row["upper"]
    assert 31 <= row["obs_value"] <= 90
    assert (row["interval_method"], row["unit_measure"], row["cust_breakdown"]) == ("BOOTSTRAP_95", "DAY", TOTAL)


@pytest.mark.parametrize(
    ("counts", "status"),
    [([5.0, 10.0, 0.0, 0.0, 0.0, 0.0, 0.0], "Q"), ([0.0, 0.0, 0.0, 5.0, 0.0, 0.0, 90.0], "Q"), ([None] * 7, "O")],
    ids=["fewer than twenty", "in the open band", "nobody reported"],
)
def test_no_median_of_few_none_in_an_open_band_and_none_where_nobody_reported(counts: list[float | None], status: str):
    median = {"measure": "MEDIAN", "method": "median", "numerator": "PRT-16/COUNT", "minimum_base": 20}
    card = _indicator("PRT-16", ["cust_breakdown"], [median])
    (row,) = _derived([card], _bands(counts)).to_dict("records")
    assert np.isnan(row["obs_value"])
    assert row["obs_status"] == status


@pytest.mark.parametrize(("lacking", "status"), [(1, "Q"), (0, "A"), (-1, "A")])
def test_a_median_is_told_from_the_minimum_of_its_card_on(lacking: int, status: str):
    median = {"measure": "MEDIAN", "method": "median", "numerator": "PRT-16/COUNT", "minimum_base": 60}
    card = _indicator("PRT-16", ["cust_breakdown"], [median])
    (row,) = _derived([card], _bands([10, 10, 20.0 - lacking, 10, 10, 0, 0])).to_dict("records")
    assert row["obs_status"] == status
