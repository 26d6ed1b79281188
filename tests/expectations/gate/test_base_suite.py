"""Every dataset starts from one suite; a card adds to it or narrows it, and never takes anything away."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from expectations.cards.cells import COLUMNS, KEY
from expectations.cards.dataset_card import DatasetCard, dataset_names, load_dataset
from expectations.cards.suite_card import base_checks
from expectations.gate import dataset_suite
from expectations.gate.stored_verdict import Verdict
from ingestion.home import json_bytes
from languages.refusal import Refusal

GOVERNORATE = "four_ps_governorate"
SET = "expect_column_values_to_be_in_set"
Change = Callable[..., None]


def _row(**values: object) -> dict[str, object]:
    blank = dict.fromkeys(COLUMNS) | dict.fromkeys(("form", "article", "holder", "citizenship", "cust_breakdown"), "_T")
    known = {
        "indicator": "PRT-01",
        "measure": "COUNT",
        "ref_area": "IQG01",
        "time_period": "2024",
        "sex": "_T",
        "age": "_T",
        "obs_value": 15.0,
        "unit_measure": "VICTIM",
        "obs_status": "A",
        "conf_status": "F",
        "disclosure_method": "ROUNDED_5",
    }
    return blank | known | values


def _broken(card: DatasetCard, *rows: dict[str, object]) -> dict[str, int]:
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS)).loc[:, card.columns]
    results = dataset_suite.results_of(card, dataset_suite.validate(card, frame))
    return {one.id: one.unexpected for one in results if not one.passed and one.severity == "critical"}


@pytest.fixture(scope="module")
def card() -> DatasetCard:
    return load_dataset(GOVERNORATE)


@pytest.mark.parametrize("dataset", dataset_names())
def test_every_dataset_asks_the_whole_base_suite(dataset: str) -> None:
    asked = {check.id: check for check in load_dataset(dataset).checks}
    assert {check.id: (check.expectation, check.severity) for check in base_checks()}.items() <= {
        name: (check.expectation, check.severity) for name, check in asked.items()
    }.items()
    assert all(check.kwargs["value_set"] for check in asked.values() if check.expectation == SET)


def test_the_base_suite_asks_for_every_column_of_the_key() -> None:
    checks = {check.id: check for check in base_checks()}
    assert checks["keys_are_unique"].kwargs["column_list"] == list(KEY)
    assert set(KEY) < set(checks["keys_are_complete"].each)


def test_a_sound_row_breaks_nothing(card: DatasetCard) -> None:
    assert _broken(card, _row(), _row(sex="F")) == {}


@pytest.mark.parametrize(
    ("rows", "rule", "times"),
    [
        ([_row(), _row()], "keys_are_unique", 2),
        ([_row(), _row(sex="F", age=None)], "keys_are_complete", 1),
        ([_row(), _row(sex=None, unit_measure=None)], "keys_are_complete", 2),
        ([_row(sex="X")], "sexes_are_known", 1),
        ([_row(citizenship="SYR")], "citizenships_are_known", 1),
        ([_row(ref_area="IQ")], "areas_are_known", 1),
        ([_row(disclosure_method="ROUNDED_3")], "methods_are_known", 1),
        ([_row(measure="MEDIAN")], "measures_are_known", 1),
        ([_row(holder="iraq_interior_ministry")], "holders_are_not_named", 1),
    ],
)
def test_what_a_reader_relies_on_is_asked_by_stock_expectations(
    card: DatasetCard, rows: list[dict[str, object]], rule: str, times: int
) -> None:
    assert _broken(card, *rows)[rule] == times


UNIQUE = "expect_compound_columns_to_be_unique"


@pytest.mark.parametrize(
    ("name", "expectation", "kwargs", "severity"),
    [
        ("sexes_are_known", SET, {"column": "sex", "value_set": ["F", "X"]}, "critical"),
        ("sexes_are_known", SET, {"column": "sex", "value_set": []}, "critical"),
        ("sexes_are_known", SET, {"column": "age", "value_set": ["_T"]}, "critical"),
        ("sexes_are_known", SET, {"column": "sex", "value_set": ["_T"]}, "warning"),
        ("keys_are_unique", UNIQUE, {"column_list": [*KEY, "obs_value"]}, "critical"),
    ],
)
def test_a_card_that_weakens_the_base_suite_is_refused(
    change_cards: Change, name: str, expectation: str, kwargs: dict[str, object], severity: str
) -> None:
    check = {"id": name, "expectation": expectation, "kwargs": kwargs, "severity": severity}
    change_cards(GOVERNORATE, checks=[check])
    with pytest.raises(Refusal) as refused:
        load_dataset(GOVERNORATE)
    assert (refused.value.code, refused.value.where) == ("card_invalid", f"{GOVERNORATE}.yml")


def test_a_card_may_print_fewer_values(change_cards: Change) -> None:
    change_cards(
        GOVERNORATE,
        checks=[
            {
                "id": "sexes_are_known",
                "expectation": SET,
                "kwargs": {"column": "sex", "value_set": ["_T"]},
                "severity": "critical",
            }
        ],
    )
    assert "sexes_are_known" in _broken(load_dataset(GOVERNORATE), _row(sex="F"))


def test_a_severity_that_is_none_is_refused_in_a_card_and_blocks_in_a_verdict(change_cards: Change) -> None:
    rules = [
        {"id": name, "origin": "card", "severity": word, "passed": False, "evaluated": 1, "unexpected": 1}
        for name, word in (("grave", "critical"), ("light", "warning"), ("odd", "?"))
    ]
    empty = Verdict(GOVERNORATE, {}, "", "", "", {}, ()).content()
    read = Verdict.from_bytes(json_bytes(empty | {"rules": rules}))
    assert [rule.id for rule in read.broken] == ["grave", "odd"]
    assert [rule.id for rule in read.watched] == ["light"]
    change_cards(GOVERNORATE, checks=[{"id": "one", "expectation": SET, "severity": "must"}])
    with pytest.raises(Refusal):
        load_dataset(GOVERNORATE)


def test_great_expectations_tells_no_terminal_where_it_works(
    card: DatasetCard, caplog: pytest.LogCaptureFixture
) -> None:
    dataset_suite.validate(card, pd.DataFrame([_row()], columns=list(COLUMNS)).loc[:, card.columns])
    assert [record.name for record in caplog.records if record.name.startswith("great_expectations")] == []
