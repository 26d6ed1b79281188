"""Totals of categories that do not add up, and dimensions that a card gave up, are not printed: no loss of data."""

from __future__ import annotations

import datetime

import pandas as pd
import pytest
from pydantic import ValidationError

from expectations.candidates.candidate import cells_of
from expectations.cards.cells import BASE_COLUMNS, DIMENSIONS, TOTAL
from expectations.cards.dataset_card import dataset_names, load_dataset
from expectations.cards.indicator_card import IndicatorCard
from expectations.cards.indicator_messages import card_files
from expectations.gate.mandatory_rules import FinalFiles, check_files
from expectations.gate.rule_result import RuleResult
from expectations.protection.derived_figures import derived_rows

META = {str(card.meta["code"]): dict(card.meta) for card in card_files()}
PLACE = {"model": "ind", "relation": '"main"."ind"', "facts": [], "checksum": ""}
NATIONAL = load_dataset("four_ps_national")
NOT_ADDING = {"PAR-02", "PRS-18", "PRT-15", "PRV-06"}
GROUPS = ("TAKES_WOMEN", "TAKES_MEN", "TAKES_CHILDREN")


def _card(code: str, **changes: object) -> IndicatorCard:
    return IndicatorCard.model_validate({**META[code], **PLACE, **changes})


def _base(card: IndicatorCard) -> pd.DataFrame:
    """Base cells of one region and year, two of everything."""
    codes = dict.fromkeys(DIMENSIONS, TOTAL)
    reports = {"reports_received_count": 1, "reports_expected_count": 1}
    where = {"indicator": card.code, "ref_area": "IQ-FED", "time_period": "2024", **codes}
    groups = GROUPS if card.breakdown else (TOTAL,)
    rows = [
        {**where, "measure": measure, "cust_breakdown": group, "obs_value": 2.0, "obs_status": "A", **reports}
        for measure in ("NUMERATOR", "DENOMINATOR")
        for group in groups
    ]
    return pd.DataFrame(rows, columns=list(BASE_COLUMNS))


def _cells(card: IndicatorCard) -> pd.DataFrame:
    return cells_of(NATIONAL, [card], _base(card))


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


def test_no_total_of_categories_that_do_not_add_up_leaves_in_any_dataset():
    """Not as a count, and not as a share of it: "3 of 45 governorates" is no figure of anything."""
    base = pd.concat([_base(_card(code)) for code in sorted(NOT_ADDING)])
    for dataset in dataset_names():
        card = load_dataset(dataset)
        cards = {code: _card(code) for code in META}
        counted = cells_of(card, [one for one in cards.values() if dataset in one.datasets], base)
        derived = derived_rows(card, cards, counted.assign(disclosure_method="NONE"))
        assert dataset != NATIONAL.name or (set(counted["indicator"]) == NOT_ADDING and len(derived))
        assert TOTAL not in set(counted["cust_breakdown"]) | set(derived["cust_breakdown"])


def test_rows_of_a_dimension_that_a_card_gave_up_are_no_lost_rows_and_others_are():
    whole = _card("PRT-14", dimensions=["cust_breakdown"], breakdown="taken_in", given_up=[])
    before, now = _cells(whole), _cells(_card("PRT-14"))
    assert set(now["cust_breakdown"]) == {TOTAL} < set(before["cust_breakdown"])
    assert _rows_kept(before, now, _card("PRT-14")).passed
    assert not _rows_kept(before, now, _card("PRT-14", given_up=[])).passed
    assert not _rows_kept(before, now.iloc[:0], _card("PRT-14")).passed


@pytest.mark.parametrize("given_up", [["sex", "form"], ["nothing"]])
def test_a_card_gives_up_no_dimension_that_it_has_or_nobody_knows(given_up: list[str]):
    with pytest.raises(ValidationError, match="given_up"):
        _card("PRT-02", given_up=given_up)
