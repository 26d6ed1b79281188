"""The figure that stands for an indicator says what it is, and is never a sum of all categories."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from expectations.cards.codes import SEEDS
from expectations.cards.indicator_messages import card_files
from languages.words import Words, languages
from reports.analysis import indicator_headlines
from reports.analysis.indicator_headlines import headline_name, headline_of
from reports.phrases import wording
from reports.questions.answer_card import answer_cards

CARDS: dict[str, dict[str, Any]] = {str(card.meta["code"]): card.meta for card in card_files()}
OVERLAPPING = {"groups_overlap", "agency_steps_overlap"}


def _main_measure(card: dict[str, Any]) -> str:
    return next((str(derived["measure"]) for derived in card["derived"]), "COUNT")


def _is_whole_of_itself(card: dict[str, Any]) -> bool:
    """Whether the main share divides a whole by categories: they add up to the very count below the line."""
    shares = [derived for derived in card["derived"] if derived["measure"] == "SHARE"]
    parts = {
        (f"{card['code']}/{relation['measure']}", relation["of"])
        for relation in card["relations"]
        if relation["kind"] == "partition" and not relation.get("at") and not relation.get("part")
    }
    return any((share["numerator"], share["denominator"]) in parts for share in shares)


@pytest.mark.parametrize("code", sorted(CARDS))
def test_no_headline_is_a_sum_over_categories_that_overlap_or_that_make_the_whole(code: str):
    card, headline = CARDS[code], headline_of(code)
    if OVERLAPPING & set(card["caveats"]) or _is_whole_of_itself(card):
        divided = {"cust_breakdown", "article", "citizenship"} & set(card["dimensions"])
        assert divided & set(headline.at), "one category, not all of them"


def test_those_that_divide_a_whole_are_known():
    assert {code for code, card in CARDS.items() if _is_whole_of_itself(card)} == {
        "PAR-08", "PRS-07", "PRS-09", "PRT-06", "PRV-08"
    }  # fmt: skip
    assert {code for code, card in CARDS.items() if OVERLAPPING & set(card["caveats"])} == {"PRT-15", "PRV-06"}


@pytest.mark.parametrize("code", sorted(CARDS))
def test_a_headline_stands_at_a_category_of_its_indicator(code: str):
    card, at = CARDS[code], dict(headline_of(code).at)
    assert set(at) <= set(card["dimensions"])
    if "cust_breakdown" in at:
        with (SEEDS / "cust_breakdown.csv").open(encoding="utf-8", newline="") as stream:
            codes = {row["code"] for row in csv.DictReader(stream) if row["list"] == card["breakdown"]}
        assert at["cust_breakdown"] in codes


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("code", sorted(CARDS))
def test_a_headline_that_is_a_share_or_a_part_says_of_what(code: str, tag: str):
    words, measure, headline = Words.load(tag), _main_measure(CARDS[code]), headline_of(code)
    name = headline_name(code, measure, words)
    if headline.at:
        assert name.count(words.label(*next(iter(headline.at.items()))))
    elif measure == "SHARE":
        assert name == words.text(f"answer.{headline.question}.question"), "what it answers, not only `Share`"
    elif measure == "RATIO":  # `0.03` answers no question
        assert wording.title(code, words) in name and wording.measure(code, measure, words) in name


@pytest.mark.parametrize(
    ("code", "measure", "name"),
    [
        ("PRT-12", "SHARE", "Does admission to a shelter depend on a judge's order or a complaint?"),
        ("PRS-06", "SHARE", "Where do cases stop: how many suspects come to trial?"),
        ("PRS-09", "SHARE", "Sentences: 10 to under 20 years"),
        ("PRT-06", "SHARE", "Channel of detection: Police"),
        ("PRT-15", "SHARE", "Governorates with a shelter: for women"),
        ("PRT-31", "COUNT", "Presumed victims by citizenship: Foreign or stateless"),
    ],
)
def test_what_stood_there_without_a_word_has_one(code: str, measure: str, name: str):
    assert headline_name(code, measure, Words.load("en")) == name


def test_the_first_question_answered_by_a_whole_indicator_comes_before_one_of_a_category():
    of_activities = [key for key, card in answer_cards().items() if card.answer.indicator == "PAR-03"]
    assert of_activities[0] == "are_planned_inspections_held"
    assert headline_of("PAR-03").question == "are_planned_activities_carried_out"


def test_an_indicator_that_no_question_asks_has_its_total():
    assert headline_of("PRT-99") == indicator_headlines.IndicatorHeadline()
    assert set(headline_of("PRT-99").codes) == {"_T"}
