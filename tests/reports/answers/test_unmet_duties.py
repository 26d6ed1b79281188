"""Unmet duties stand in the order of the persons behind them, as far as rounding allows an order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.cards.adopted_standards import AdoptedStandard
from languages.numbers import number
from languages.words import Words, languages
from reports.answers import answer_sentences
from reports.answers.found_answers import Answer
from reports.answers.judgement import Verdict
from reports.answers.unmet_duties import MOST_OF_ONE_AGENCY, duties_to_begin_with, unmet_duties
from reports.phrases.figure_words import Count, Share
from reports.questions.answer_card import answer_cards

STANDARD = {
    "unit": "percent",
    "met_from": 90,
    "not_met_below": 60,
    "adopted": "2025-12-10",
    "source": {"en": "A plan."},
}
DOCTOR, LAWYER, CHARGED = "are_victims_examined_by_a_doctor", "do_victims_get_legal_advice", "are_victims_charged"
CONDITION, IDENTIFIED, HELP = (
    "is_a_condition_imposed",
    "are_presumed_victims_identified",
    "do_victims_get_psychological_and_social_help",
)


def answer(key: str, part: int, whole: int, *verdicts: Verdict, unit: str = "VICTIM", error: int = 4) -> Answer:
    share = Share(Count(part, error), Count(whole, error))
    return Answer(key, answer_cards()[key], "IQ-FED", "2025", share=share, verdicts=verdicts, unit=unit)


def test_the_duty_with_most_persons_missing_is_first_and_lower_is_better_counts_the_part():
    duties = unmet_duties(
        [
            answer(CHARGED, 45, 380, "not_met"),
            answer(DOCTOR, 85, 295, "partly_met"),
            answer(LAWYER, 40, 295, "not_met"),
        ],
        "IQ-FED",
    )
    assert [(duty.answer.key, duty.least, duty.most, duty.rank) for duty in duties] == [
        (LAWYER, 247, 263, 1), (DOCTOR, 202, 218, 2), (CHARGED, 41, 49, 3),
    ]  # fmt: skip


@pytest.mark.parametrize(("part", "rank"), [(55, 1), (56, 1), (57, 2)])
def test_ranges_that_touch_share_a_rank(part: int, rank: int):
    lawyer = answer(LAWYER, 40, 295, "not_met")  # 247 to 263 persons
    duties = unmet_duties([lawyer, answer(DOCTOR, part, 295, "not_met")], "IQ-FED")  # to 303 less the part
    assert [duty.rank for duty in duties] == [1, rank]


def test_only_unmet_duties_of_persons_in_the_area_are_ranked():
    unmet = [answer(DOCTOR, 85, 295, "not_met"), answer(LAWYER, 40, 295, "not_met", "partly_met")]
    others = [
        answer(CHARGED, 5, 380, "partly_met", "met"),
        answer(CHARGED, 5, 380),
        answer("do_sub_committees_meet", 2, 15, "not_met", unit="INSTITUTION"),
        replace(unmet[0], area="IQ-KR"),
        replace(unmet[0], share=None),
    ]
    assert [duty.answer.key for duty in unmet_duties([*unmet, *others], "IQ-FED")] == [LAWYER, DOCTOR]
    assert [len(duties_to_begin_with(unmet, "IQ-FED", most)) for most in (0, 1, 2, 3)] == [0, 1, 2, 2]


def test_a_short_form_begins_with_leading_duties_and_names_at_most_two_of_one_agency():
    asked = [
        answer(LAWYER, 40, 295, "not_met"),
        answer(HELP, 65, 295, "not_met"),
        answer(DOCTOR, 85, 295, "not_met"),
        answer(CONDITION, 155, 155, "not_met"),
        answer(CHARGED, 45, 380, "not_met"),
        answer(IDENTIFIED, 280, 415, "partly_met"),
    ]
    begun = [duty.answer.key for duty in duties_to_begin_with(asked, "IQ-FED", 9)]
    assert begun == [CONDITION, CHARGED, LAWYER, IDENTIFIED]
    labour = [key for key in begun if answer_cards()[key].duty["IQ-FED"] == ["iraq_labour_ministry"]]
    assert len(labour) == MOST_OF_ONE_AGENCY
    assert [duty.answer.key for duty in duties_to_begin_with(asked[:3], "IQ-FED", 3)] == [LAWYER, HELP]


@pytest.mark.parametrize("tag", languages())
def test_every_duty_that_may_be_unmet_is_said_as_an_act_with_its_border(tag: str):
    words = Words.load(tag)
    keys = [key for key, card in answer_cards().items() if card.kind == "standard" and card.answer.part]
    acts = {key for key in keys if f"answer.{key}.act" in words}
    assert {key for key in keys if answer_cards()[key].leads and answer_cards()[key].noun.endswith("victim")} <= acts
    standard = AdoptedStandard.model_validate(STANDARD)
    for key in acts:
        act = answer_sentences.act_words(replace(answer(key, 40, 295, "not_met"), standard=standard), words)
        assert number(10 if answer_cards()[key].better == "down" else 90, words.numerals) in act


FIVES = st.integers(0, 60)
OFF = st.integers(-4, 4)


@given(st.lists(st.tuples(FIVES, FIVES, OFF, OFF), min_size=2, max_size=5))
def test_an_order_that_is_claimed_holds_for_every_true_figure(figures: list[tuple[int, int, int, int]]):
    told, missing = [], {}
    for place, (part, rest, off, whole_off) in enumerate(figures):
        whole = 5 * (part + rest) + 5
        true_part, true_whole = max(0, 5 * part + off), whole + whole_off
        if true_part <= true_whole:
            told.append(replace(answer(DOCTOR, 5 * part, whole, "not_met"), since=str(place)))
            missing[str(place)] = true_whole - true_part
    duties = unmet_duties(told, "IQ-FED")
    for first in duties:
        for second in duties:
            if first.rank < second.rank:
                assert missing[first.answer.since] > missing[second.answer.since]
