"""A demand's answer is that of its leading questions; what is not known is never dropped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from languages.words import Words, languages
from reports.answers import answer_sentences
from reports.answers.demand_answers import demand_answer, demand_answers
from reports.answers.found_answers import Answer
from reports.answers.judgement import Verdict
from reports.questions.answer_card import answer_cards

D3 = [key for key, card in answer_cards().items() if card.demand == "D3" and card.leads]
Verdicts = tuple[Verdict, ...]


def answers(*verdicts: Verdicts) -> list[Answer]:
    """The three leading answers of the third demand."""
    return [
        Answer(key, answer_cards()[key], "IQ-FED", verdicts=each, unknown="" if each else "field")
        for key, each in zip(D3, verdicts, strict=True)
    ]


@pytest.mark.parametrize(
    ("leading", "verdicts", "state"),
    [
        ((("met",), ("met",), ("met",)), ("met",), "known"),
        ((("not_met",), ("not_met",), ("not_met",)), ("not_met",), "known"),
        ((("partly_met",), ("partly_met",), ("partly_met",)), ("partly_met",), "known"),
        ((("met",), ("met",), ("not_met",)), ("partly_met",), "known"),
        ((("met",), ("met",), ("partly_met", "met")), ("partly_met", "met"), "known"),
        ((("not_met",), ("not_met", "partly_met"), ("not_met",)), ("not_met", "partly_met"), "known"),
        (((), (), ()), (), "not_known"),
        ((("met",), ("met",), ()), (), "known_in_part"),
        ((("not_met",), ("not_met",), ()), (), "known_in_part"),
        ((("met",), ("not_met",), ()), ("partly_met",), "known_in_part"),
        ((("met",), (), ()), (), "known_in_part"),
    ],
)
def test_a_demand_is_met_only_where_all_its_leading_questions_are(
    leading: tuple[Verdicts, ...], verdicts: Verdicts, state: str
):
    answer = demand_answer(answers(*leading), "D3", "IQ-FED")
    assert (answer.verdicts, answer.state) == (verdicts, state)
    assert [each.verdicts for each in answer.leading] == list(leading)


D1 = ["are_those_who_ask_admitted", "is_a_condition_imposed"]


@pytest.mark.parametrize(
    ("admitted", "condition", "verdicts", "state"),
    [
        (("met",), ("not_met",), ("not_met",), "known"),
        (("partly_met",), ("not_met",), ("not_met",), "known"),
        (("not_met",), ("met",), ("partly_met",), "known"),
        (("met",), ("met",), ("met",), "known"),
        (("met",), ("not_met", "partly_met"), ("not_met", "partly_met"), "known"),
        ((), ("not_met",), ("not_met",), "known_in_part"),
        (("met",), (), (), "known_in_part"),
    ],
)
def test_shelter_on_a_condition_is_not_unconditional(
    admitted: Verdicts, condition: Verdicts, verdicts: Verdicts, state: str
):
    leading = [
        Answer(key, answer_cards()[key], "IQ-FED", verdicts=each, unknown="" if each else "field")
        for key, each in zip(D1, (admitted, condition), strict=True)
    ]
    answer = demand_answer(leading, "D1", "IQ-FED")
    assert (answer.verdicts, answer.state) == (verdicts, state)


def test_each_demand_is_answered_in_each_region():
    told = answers(("met",), ("met",), ("met",))
    assert [(each.demand, each.area) for each in demand_answers(told)] == [
        (demand, area) for demand in ("D1", "D2", "D3", "D4") for area in ("IQ-FED", "IQ-KR")
    ]
    other = replace(told[0], card=told[0].card.model_copy(update={"leads": False}))
    assert demand_answer([other, *told[1:]], "D3", "IQ-FED").others == (other,)


@pytest.mark.parametrize("tag", languages())
def test_the_sentences_of_a_demand_name_what_is_not_known(tag: str):
    words = Words.load(tag)
    answer = demand_answer(answers((), (), ()), "D3", "IQ-FED")
    head, *leading = answer_sentences.demand_sentences(answer, words)
    assert words.text("demand.D3") in head and answer_sentences.demand_state_words(answer, words) in head
    assert all(words.text(f"answer.{key}.question") in text for key, text in zip(D3, leading, strict=True))
