"""Categories that do not add up have no total in print, and its loss is no loss of data."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from pydantic import ValidationError

from expectations.candidates.candidate import cells_of
from expectations.cards.cells import BASE_COLUMNS, DIMENSIONS, TOTAL
from expectations.cards.dataset_card import load_dataset
from expectations.cards.indicator_card import IndicatorCard
from expectations.cards.indicator_messages import card_files
from expectations.gate.mandatory_rules import FinalFiles, check_files
from expectations.gate.rule_result import RuleResult

META = {str(card.meta["code"]): dict(card.meta) for card in card_files()}
PLACE = {"model": "ind", "relation": '"main"."ind"', "facts": [], "checksum": ""}
NATIONAL = load_dataset("four_ps_national")
NOT_ADDING = {"PAR-02", "PRS-18", "PRT-15", "PRV-06"}
GROUPS = ("TAKES_WOMEN", "TAKES_MEN", "TAKES_CHILDREN")


def _card(code: str, **changes: object) -> IndicatorCard:
    return IndicatorCard.model_validate({**META[code], **PLACE, **changes})


def _cells(card: IndicatorCard) -> pd.DataFrame:
    codes = dict.fromkeys(DIMENSIONS, TOTAL)
    reports = {"reports_received_count": 1, "reports_expected_count": 1}
    where = {"indicator": card.code, "measure": "NUMERATOR", "ref_area": "IQ-FED", "time_period": "2024", **codes}
    rows = [{**where, "cust_breakdown": group, "obs_value": 2.0, "obs_status": "A", **reports} for group in GROUPS]
    return cells_of(NATIONAL, [card], pd.DataFrame(rows, columns=list(BASE_COLUMNS)))


def _rows_kept(last: pd.DataFrame, now: pd.DataFrame, card: IndicatorCard) -> RuleResult:
    files = FinalFiles(NATIONAL, now, b"", last, [], {card.code: card}, datetime.date(2026, 1, 10))
    return next(result for result in check_files(files) if result.id == "rows_kept")


def test_these_indicators_have_no_total():
    assert {code for code, meta in META.items() if not meta.get("adds_up", True)} == NOT_ADDING


def test_categories_that_do_not_add_up_are_printed_without_a_total():
    assert set(_cells(_card("PRT-15"))["cust_breakdown"]) == set(GROUPS)
    assert set(_cells(_card("PRT-15", adds_up=True))["cust_breakdown"]) == {*GROUPS, TOTAL}


def test_a_card_without_a_breakdown_has_nothing_that_could_not_add_up():
    with pytest.raises(ValidationError, match="adds_up"):
        _card("PRT-02", adds_up=False)


def test_a_total_that_a_card_gave_up_is_no_lost_row_and_a_category_is():
    card = _card("PRT-15")
    before, now = _cells(_card("PRT-15", adds_up=True)), _cells(card)
    assert _rows_kept(before, now, card).passed
    assert not _rows_kept(before, now[now["cust_breakdown"] != "TAKES_MEN"], card).passed
    assert not _rows_kept(before, now, _card("PRT-15", adds_up=True)).passed
