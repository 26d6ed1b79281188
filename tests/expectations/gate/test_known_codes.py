"""Codes of a release are those of their lists: citizenships by the card, breakdowns by the card of their indicator."""

from __future__ import annotations

import pandas as pd
import pytest

from expectations.cards.cells import KEY, TOTAL
from expectations.cards.dataset_card import dataset_names, load_dataset
from expectations.cards.indicator_card import IndicatorCard
from expectations.gate import dataset_suite
from expectations.gate.mandatory_rules import FILE_RULES, FinalFiles


def _indicator(code: str, breakdown: str | None) -> IndicatorCard:
    return IndicatorCard.model_validate(
        {
            "code": code, "pillar": "prevention", "unit_measure": "VICTIM", "basis": "cohort", "title_en": code,
            "definition_en": "Invented.", "numerator": "Invented.", "holders": [], "demand": ["D4"],
            "dimensions": ["cust_breakdown"], "datasets": ["four_ps_national"], "derived": [], "model": "ind",
            "relation": "ind", "facts": [], "checksum": "", "level": "region", "breakdown": breakdown,
        }
    )  # fmt: skip


INDICATORS = {"PRV-08": _indicator("PRV-08", "driver"), "PRT-11": _indicator("PRT-11", "refusal_reason")}


def _frame(*cells: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame([dict.fromkeys(KEY, TOTAL) | {"indicator": i, "cust_breakdown": code} for i, code in cells])


def _unknown(*cells: tuple[str, str]) -> tuple[int, int]:
    card = load_dataset("four_ps_national")
    return FILE_RULES["breakdowns_are_known"](FinalFiles(card, _frame(*cells), b"", None, (), INDICATORS, None))


def test_a_code_of_the_list_of_its_indicator_and_a_total_are_known() -> None:
    assert _unknown(("PRV-08", "DRIVER_POVERTY"), ("PRT-11", "REFUSAL_SEX"), ("PRT-11", TOTAL)) == (3, 0)


def test_a_code_of_no_list_or_of_that_of_another_indicator_is_not() -> None:
    assert _unknown(("PRV-08", "X"), ("PRV-08", "REFUSAL_SEX"), ("PRT-11", "REFUSAL_SEX")) == (3, 2)


def test_an_indicator_that_no_card_knows_has_no_known_breakdown() -> None:
    assert _unknown(("PRT-01", "DRIVER_POVERTY"), ("PRT-01", TOTAL)) == (2, 1)


@pytest.mark.parametrize("dataset", dataset_names())
def test_an_unknown_citizenship_breaks_the_check_of_every_card(dataset: str) -> None:
    card = load_dataset(dataset)
    frame = _frame(("PRT-01", TOTAL), ("PRT-01", TOTAL)).reindex(columns=card.columns)
    frame["citizenship"] = ["FOREIGN", "X"]
    found = {one.id: one for one in dataset_suite.results_of(card, dataset_suite.validate(card, frame))}
    assert (found["citizenships_are_known"].passed, found["citizenships_are_known"].unexpected) == (False, 1)
