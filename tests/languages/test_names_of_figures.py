"""Two figures have two names, and one figure has one, in each language: 22 and 25 were both "inspections"."""

from __future__ import annotations

import pytest

from expectations.cards.indicator_messages import card_files
from languages.words import Words

LANGUAGES = ("en", "ar", "ckb")
CODES = sorted(str(card.meta["code"]) for card in card_files())
PLANNED_INSPECTIONS = (
    "answer.group.inspections",
    "summary.entry.inspections",
    "code.cust_breakdown.ACTIVITY_INSPECTION",
)
ALL_INSPECTIONS = ("indicator.prv_05.title", "indicator.prv_05.numerator", "unit.INSPECTION")
OF_THE_HOTLINE = ("indicator.prv_01.numerator", "indicator.prv_01.title")
OF_THE_POLICE = ("indicator.prs_01.numerator", "indicator.prs_01.title", "unit.CASE")
PLAN = {"en": "plan", "ar": "الخطة", "ckb": "پلان"}


def texts_of(tag: str, keys: tuple[str, ...]) -> set[str]:
    catalogue = Words.load(tag)
    return {catalogue.text(key).casefold() for key in keys}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_no_two_indicators_have_one_title(tag: str) -> None:
    keys = tuple(f"indicator.{code.lower().replace('-', '_')}.title" for code in CODES)
    assert len(texts_of(tag, keys)) == len(CODES)


@pytest.mark.parametrize("tag", LANGUAGES)
def test_inspections_of_the_plan_are_named_so_wherever_they_stand_alone(tag: str) -> None:
    planned = texts_of(tag, PLANNED_INSPECTIONS)
    assert all(PLAN[tag] in text for text in planned)
    assert planned.isdisjoint(texts_of(tag, ALL_INSPECTIONS))


@pytest.mark.parametrize("tag", LANGUAGES)
def test_what_hotlines_count_is_not_called_a_case_file(tag: str) -> None:
    assert texts_of(tag, OF_THE_HOTLINE).isdisjoint(texts_of(tag, OF_THE_POLICE))
    file = Words.load(tag).text("unit.CASE").casefold()
    assert not any(file in text for text in texts_of(tag, OF_THE_HOTLINE))


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_sentence_for_life_or_twenty_years_has_one_name(tag: str) -> None:
    assert len(texts_of(tag, ("answer.group.life_or_20_and_more", "code.cust_breakdown.SENTENCE_GE_20"))) == 1
