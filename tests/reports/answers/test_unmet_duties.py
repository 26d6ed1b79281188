"""Unmet duties stand in the order of the persons behind them, as far as rounding allows an order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.answers.found_answers import Answer
from reports.answers.judgement import Verdict
from reports.answers.unmet_duties import unmet_duties
from reports.phrases.figure_words import Count, Share
from reports.questions.answer_card import answer_cards

DOCTOR, LAWYER, CHARGED = "are_victims_examined_by_a_doctor", "do_victims_get_legal_advice", "are_victims_charged"


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


def test_only_unmet_duties_of_persons_in_the_area_are_ranked_and_at_most_as_many_as_asked_for():
    unmet = [answer(DOCTOR, 85, 295, "not_met"), answer(LAWYER, 40, 295, "not_met", "partly_met")]
    others = [
        answer(CHARGED, 5, 380, "partly_met", "met"),
        answer(CHARGED, 5, 380),
        answer("do_sub_committees_meet", 2, 15, "not_met", unit="INSTITUTION"),
        replace(unmet[0], area="IQ-KR"),
        replace(unmet[0], share=None),
    ]
    assert [duty.answer.key for duty in unmet_duties([*unmet, *others], "IQ-FED")] == [LAWYER, DOCTOR]
    assert [len(unmet_duties(unmet, "IQ-FED", most)) for most in (0, 1, 2, 3)] == [0, 1, 2, 2]


FIVES = st.integers(0, 60)
OFF = st.integers(-4, 4)


@given(st.lists(st.tuples(FIVES, FIVES, OFF, OFF), min_size=2, max_size=5))
def test_an_order_that_is_claimed_holds_for_every_true_figure(figures: list[tuple[int, int, int, int]]):
    told, missing = [], {}
    for number, (part, rest, off, whole_off) in enumerate(figures):
        whole = 5 * (part + rest) + 5
        true_part, true_whole = max(0, 5 * part + off), whole + whole_off
        if true_part <= true_whole:
            told.append(replace(answer(DOCTOR, 5 * part, whole, "not_met"), since=str(number)))
            missing[str(number)] = true_whole - true_part
    duties = unmet_duties(told, "IQ-FED")
    for first in duties:
        for second in duties:
            if first.rank < second.rank:
                assert missing[first.answer.since] > missing[second.answer.since]
