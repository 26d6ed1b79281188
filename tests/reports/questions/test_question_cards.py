"""The cards of questions: complete, in words of three languages, and strict about every word they may hold."""

from __future__ import annotations

import re

import pytest

from languages.refusal import Refusal
from languages.words import Words, languages
from reports.questions import question_card
from reports.questions.answer_card import answer_cards
from reports.questions.question_card import CATALOGUE, GAPS

GOOD = "reference: a treaty\ncaveats: []\nquestions:\n  victims:\n    - {indicator: PRT-02, at: {sex: F}}\n"


def test_treaties_and_reports_have_a_card():
    assert question_card.treaties() == ["cedaw", "crc_opsc", "glotip", "us_tip"]


@pytest.mark.parametrize("treaty", question_card.treaties())
@pytest.mark.parametrize("tag", languages())
def test_every_question_and_caveat_has_words_in_every_language(treaty: str, tag: str):
    words, found = Words.load(tag), question_card.load(treaty)
    texts = [words.text(f"question.{treaty}"), *(words.text(f"question.{treaty}.{name}") for name in found.questions)]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("tag", languages())
def test_every_gap_has_words_and_no_words_of_questions_are_left_over(tag: str):
    keys = {key for key in Words.load(tag).messages if key.startswith("question.")}
    gaps = {f"question.gap.{gap}" for gap in GAPS}
    treaties = {f"question.{name}" for name in question_card.treaties()}
    asked = {
        f"question.{name}.{question}"
        for name in question_card.treaties()
        for question in question_card.load(name).questions
    }
    frame = {
        "question." + name
        for name in ("by", "frozen", "incomplete", "never", "no_indicator", "not_released", "release", "silent")
    }
    frame |= {f"question.column.{name}" for name in ("area", "indicator", "mark", "since", "unit", "what")}
    assert keys == gaps | treaties | asked | frame


def test_every_gap_is_named_by_a_card():
    cards = [question_card.load(treaty) for treaty in question_card.treaties()]
    named = {row.gap for one in cards for rows in one.questions.values() for row in rows if row.gap}
    named |= {card.answer.gap for card in answer_cards().values() if card.answer.gap}
    assert named | {gap for one in cards for gap in one.caveats} == set(GAPS)


def test_the_catalogue_is_that_of_eighty_five_indicators():
    assert len(CATALOGUE) == 85
    assert all(re.fullmatch(r"(PRT|NCR|PRS|PRV|PAR)-\d\d", code) for code in CATALOGUE)


def test_a_good_card_is_read():
    found = question_card.parse_card("treaty", GOOD)
    assert (found.name, found.questions["victims"][0].at) == ("treaty", {"sex": "F"})


@pytest.mark.parametrize(
    ("written", "instead", "field", "nearest"),
    [
        ("at: {", "att: {", "questions.victims.0.att", "at"),
        ("caveats", "caveat", "caveat", "caveats"),
        ("PRT-02", "PRT-99", "questions.victims.0.indicator", None),
        ("sex: F", "sexx: F", "questions.victims.0.sexx", "sex"),
        ("sex: F", "sex: W", "questions.victims.0.at.sex", None),
        ("at: {sex: F}", "each: formm", "questions.victims.0.formm", "form"),
        ("at: {sex: F}", "at: {sex: F}, each: sex", "questions.victims.0.each", None),
        ("{indicator: PRT-02, at: {sex: F}}", "{gap: urban}", "questions.victims.0.gap", None),
        ("at: {sex: F}", "gap: urban_rural", "questions.victims.0.gap", None),
        ("indicator: PRT-02, at: {sex: F}", "gap: urban_rural, each: sex", "questions.victims.0.gap", None),
        ("indicator: PRT-02, at: {sex: F}", "gap: urban_rural, measure: COUNT", "questions.victims.0.gap", None),
        ("\n    - {indicator: PRT-02, at: {sex: F}}", " []", "questions.victims", None),
        ("[]", "[april]", "caveats.april", None),
        ("victims", "Victims", "questions.Victims", None),
    ],
)
def test_a_word_that_no_card_may_hold_is_refused_with_the_nearest_known_one(
    written: str, instead: str, field: str, nearest: str | None
):
    assert written in GOOD
    with pytest.raises(Refusal) as refused:
        question_card.parse_card("treaty", GOOD.replace(written, instead))
    told = refused.value
    assert (told.code, told.where, told.arguments["field"]) == ("card_invalid", "treaty.yml", field)
    assert told.arguments["nearest"] == nearest or (nearest is None and told.arguments["nearest"])


@pytest.mark.parametrize("text", [GOOD + "caveats: []\n", GOOD.replace("sex: F", "sex: F, sex: M"), "a: [", "- a list"])
def test_a_key_that_stands_twice_or_a_text_that_is_no_card_is_refused(text: str):
    with pytest.raises(Refusal) as refused:
        question_card.parse_card("treaty", text)
    assert (refused.value.code, refused.value.where) == ("card_invalid", "treaty.yml")
