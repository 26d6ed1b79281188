"""The expectations of the house, asked by Great Expectations itself: each constant at one less, equal and one more."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from expectations.cards.cells import COLUMNS
from expectations.cards.dataset_card import dataset_names, load_dataset
from expectations.gate import dataset_suite, waivers
from expectations.gate.row_rules import ROW_RULES
from languages.words import Words

DATASET = "four_ps_national"
TOTALS = ("sex", "age", "form", "article", "holder", "citizenship", "cust_breakdown")
ROUNDED = {"obs_value": 15.0, "disclosure_method": "ROUNDED_5"}


def _asked(*rows: dict[str, object]) -> dict[str, tuple[int, int]]:
    """How many rows each rule of the house looked at, and how many broke it."""
    sound = dict.fromkeys(COLUMNS) | dict.fromkeys(TOTALS, "_T")
    sound |= {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQ-FED", "time_period": "2024"}
    sound |= {"unit_measure": "VICTIM", "obs_status": "A", "conf_status": "F", **ROUNDED}
    card = load_dataset(DATASET)
    frame = pd.DataFrame([sound | row for row in rows], columns=list(COLUMNS)).loc[:, card.columns]
    results = dataset_suite.results_of(card, dataset_suite.validate(card, frame))
    assert all(result.passed == (result.unexpected == 0) for result in results if result.id in ROW_RULES)
    return {result.id: (result.evaluated, result.unexpected) for result in results if result.id in ROW_RULES}


HIDDEN = {"obs_value": None, "obs_status": "Q", "conf_status": "C", "disclosure_method": "ROUNDED_5"}
MISSING = {"obs_value": None, "obs_status": "O", "conf_status": "F", "disclosure_method": "ROUNDED_5"}


def test_sound_rows_hidden_and_missing_ones_break_nothing() -> None:
    assert set(_asked({}, HIDDEN, MISSING, {"obs_value": 0.0}).values()) == {(4, 0)}


@pytest.mark.parametrize(
    ("rule", "row"),
    [
        ("marks_match_values", {**MISSING, "obs_value": 15.0}),
        ("marks_match_values", {**HIDDEN, "obs_value": 15.0}),
        ("marks_match_values", {"obs_value": None}),
        ("marks_match_values", {"obs_value": math.nan}),
        ("marks_match_values", {"conf_status": "C"}),
        ("marks_match_values", {**HIDDEN, "conf_status": "F"}),
        ("marks_match_values", {"obs_value": None, "obs_status": None, "conf_status": None}),
        ("methods_fit_units", {"disclosure_method": "NONE"}),
        ("methods_fit_units", {"disclosure_method": None}),
        ("methods_fit_units", {"disclosure_method": "DERIVED"}),
        ("methods_fit_units", {"disclosure_method": "ROUNDED_"}),
        ("methods_fit_units", {"disclosure_method": "ROUNDED_5 "}),
        ("methods_fit_units", {"measure": "SHARE", "obs_value": 0.5}),
        ("methods_fit_units", {"unit_measure": "SOUL"}),
        ("methods_fit_units", {**HIDDEN, "unit_measure": None}),
        ("rounded_to_base", {"obs_value": 14.0}),
        ("rounded_to_base", {"obs_value": 16.0}),
        ("rounded_to_base", {"obs_value": 15.5}),
        ("exact_is_large_enough", {"obs_value": 29.0, "disclosure_method": "EXACT_30"}),
    ],
)
def test_each_rule_counts_the_row_that_breaks_it(rule: str, row: dict[str, object]) -> None:
    assert _asked({}, row, {"sex": "F"})[rule] == (3, 1)


@pytest.mark.parametrize(
    "row",
    [
        {"obs_value": 30.0, "disclosure_method": "EXACT_30"},
        {"obs_value": 31.0, "disclosure_method": "EXACT_30"},
        {"measure": "SHARE", "obs_value": 0.5, "disclosure_method": "DERIVED"},
        {"obs_value": 20.0},
    ],
)
def test_what_reaches_its_threshold_or_is_derived_breaks_nothing(row: dict[str, object]) -> None:
    assert set(_asked(row).values()) == {(1, 0)}


@pytest.mark.parametrize("entry", range(3))
def test_a_row_at_coordinates_of_the_never_list_is_counted_even_when_it_is_hidden(entry: int) -> None:
    never = load_dataset(DATASET).never[entry]
    assert _asked({}, never, {**never, **HIDDEN})["nothing_on_the_never_list"] == (3, 2)


def test_every_rule_of_a_row_is_asked_of_every_dataset_blocks_and_is_never_waived() -> None:
    for name in dataset_names():
        asked = {check.id: check.severity for check in load_dataset(name).checks}
        assert {rule: asked.get(rule) for rule in ROW_RULES} == dict.fromkeys(ROW_RULES, "critical")
    assert set(ROW_RULES) <= waivers.NEVER


def test_the_page_of_great_expectations_says_in_words_what_is_asked() -> None:
    from expectations.gate.house_expectations import RowExpectation  # late: seconds

    kinds = RowExpectation.__subclasses__()
    assert len(kinds) == len(ROW_RULES) and all(kind.__doc__ for kind in kinds)
    assert all(str(kind.__fields__["description"].default).endswith(".") for kind in kinds)
    assert all(Words.load("ar").text(f"rule.{rule}") for rule in ROW_RULES)
