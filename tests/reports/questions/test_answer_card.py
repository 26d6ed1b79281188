"""Cards of questions: each says what it asks, of which figure, and whose duty it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from expectations.cards.areas import FEDERAL, KURDISTAN
from expectations.cards.indicator_messages import card_files
from languages.words import Words, languages
from reports.answers.found_answers import Answer
from reports.chapters.story.answer_chapters import chapter_of
from reports.questions.answer_card import AnswerCard, AnswerFigure, answer_cards

GOOD: dict[str, Any] = {
    "demand": "D1", "kind": "open", "answer": {"indicator": "PRT-08", "part": "NUMERATOR", "whole": "DENOMINATOR"},
    "duty": {"IQ-FED": ["a"]}, "sender": {"IQ-FED": ["a"]},
}  # fmt: skip


def test_every_demand_has_leading_questions_and_every_card_an_agency() -> None:
    cards = answer_cards()
    assert {card.demand for card in cards.values() if card.leads} == {"D1", "D2", "D3", "D4"}
    assert all(any(card.duty.values()) and any(card.sender.values()) for card in cards.values())
    assert all(set(card.duty) <= {"IQ", FEDERAL, KURDISTAN} for card in cards.values())


def test_every_indicator_stands_in_a_card() -> None:
    named = {
        code
        for card in answer_cards().values()
        for code in (
            card.answer.indicator,
            card.answer.whole.partition("/")[0],
            *(more.indicator for more in card.explains),
        )
    }
    assert {str(card.meta["code"]) for card in card_files()} - named == {"PRS-14"}  # never published


def test_the_categories_of_a_figure_explain_one_answer_of_a_chapter() -> None:
    """Told under several questions, a reader takes them for several things."""
    chapters: dict[object, list[str]] = {}
    for key, card in answer_cards().items():
        for more in card.explains:
            if more.each:
                place = (chapter_of(Answer(key, card, FEDERAL)), more.indicator, more.measure, more.each)
                chapters.setdefault((*place, *more.at.items()), []).append(key)
    assert {place: keys for place, keys in chapters.items() if len(keys) > 1} == {}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"answer": {"indicator": "PRT-99", "count": "COUNT"}}, "PRT-99"),
        ({"answer": {"indicator": "PRT-08", "part": "NUMERATOR"}}, "part and whole"),
        ({"answer": {"indicator": "PRT-08", "count": "COUNT", "gap": "never_told"}}, "part and whole"),
        ({"answer": {"gap": "no_such_gap"}}, "no_such_gap"),
        ({"answer": {"count": "COUNT"}}, "indicator"),
        ({"answer": {"indicator": "PRT-08", "count": "COUNT", "at": {"colour": "RED"}}}, "colour"),
        ({"kind": "standard"}, "better"),
        ({"demand": "", "leads": True}, "demand or article"),
        ({"demand": "", "article": "28/2012 4", "leads": True}, "leads"),
        ({"of_whom": {"tall": {"height": "2"}}}, "height"),
        ({"explains": [{"indicator": "PRT-11", "each": "sex", "at": {"sex": "F"}}]}, "each"),
        ({"years_after": 6}, "years_after"),
        ({"leed": True}, "leed"),
        ({"lines": [{"part": "D5", "place": 1, "name": "admitted"}]}, "D5"),
        ({"lines": [{"part": "D1", "place": 1}]}, "name or place 0"),
        ({"lines": [{"part": "D1", "place": 1, "name": "admitted", "has_figure": False}]}, "has_figure or each"),
        ({"lines": [{"part": "D1", "place": 1, "name": "admitted", "group": "giants"}]}, "giants"),
        ({"lines": [{"part": "D1", "place": 1, "name": "admitted", "each": "PRT-11"}]}, "PRT-11"),
    ],
)
def test_a_card_that_cannot_be_answered_is_refused(change: dict[str, Any], word: str) -> None:
    AnswerCard.model_validate(GOOD)
    with pytest.raises(ValidationError) as refused:
        AnswerCard.model_validate(GOOD | change)
    assert word in json.dumps(refused.value.errors(include_url=False), default=str)


def test_the_figure_of_a_gap_is_a_gap_alone() -> None:
    assert AnswerFigure(gap="never_told").indicator == ""


def test_no_card_holds_the_numbers_of_a_standard() -> None:
    folder = Path(__file__).parents[3] / "reports" / "questions" / "cards"
    assert [path.name for path in folder.glob("*.yml") if "met_from" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("tag", languages())
def test_every_card_has_its_words_and_no_words_are_left_over(tag: str) -> None:
    shared = "aim demand done group noun order reasons standard unknown verdict way why_not"
    of_all = tuple(f"answer.{name}." for name in shared.split())
    keys = {
        key
        for key in Words.load(tag).messages
        if key.startswith("answer.") and key.count(".") > 1 and not key.startswith(of_all)
    }
    wanted = {f"answer.{key}.question" for key in answer_cards()}
    wanted |= {f"answer.{key}.told" for key, card in answer_cards().items() if not card.answer.gap}
    ordered = {key for key in keys if key.endswith(".ordered")}
    exact = {key for key in keys if key.endswith((".zero", ".single"))}
    cautions = {key for key in keys if key.endswith((".caution", ".act"))}
    wanted |= {f"answer.{key}.excludes" for key, card in answer_cards().items() if card.excludes}
    assert keys - ordered - exact - cautions == wanted
    assert {key.rpartition(".")[0] + ".told" for key in exact | cautions} <= wanted
    assert {key.split(".")[1] for key in ordered} <= {
        key for key, card in answer_cards().items() if card.article and card.read in ("read", "second_hand")
    }


@pytest.mark.parametrize("tag", languages())
def test_each_noun_and_each_group_of_a_card_has_its_words_and_none_is_left_over(tag: str) -> None:
    messages, cards = Words.load(tag).messages, answer_cards().values()
    nouns, groups = {card.noun for card in cards} - {""}, {name for card in cards for name in card.of_whom}
    for name, wanted in (("noun", nouns), ("group", groups)):
        assert {key.split(".")[2] for key in messages if key.startswith(f"answer.{name}.")} == wanted


@pytest.mark.parametrize("tag", languages())
def test_a_told_sentence_holds_its_figure_and_its_noun_side_by_side(tag: str) -> None:
    messages = Words.load(tag).messages
    for key, card in answer_cards().items():
        if not card.answer.gap:
            (text,) = messages[f"answer.{key}.told"].text or messages[f"answer.{key}.told"].english
            assert text.count("{figure} {noun}" if card.noun else "{figure}") == 1 and "{year}" in text, key
            assert tag != "en" or not card.noun or text.startswith("{figure}"), key


OF_PERSONS = {"persons", "forms", "citizenship", "children", "child_forms", "agency", "list", "before", "parts"}
"""Lines of the two pages that stand on no card, and how lines are written."""


@pytest.mark.parametrize("tag", languages())
def test_each_line_of_the_two_pages_has_its_words_and_none_is_left_over(tag: str) -> None:
    words, lines = Words.load(tag), [line for card in answer_cards().values() for line in card.lines]
    names = {key.split(".")[2] for key in words.messages if key.startswith("summary.line.")}
    assert names - OF_PERSONS == {line.name for line in lines} - {""}
    assert {line.label for line in lines if line.label and line.label not in words} == set()
    entries = {key for key in words.messages if key.startswith("summary.entry.")}
    assert entries <= {line.label for line in lines}


def test_each_line_has_one_place_and_each_leading_question_but_the_first_of_a_demand_has_a_line() -> None:
    places: dict[tuple[str, int], set[str]] = {}
    for card in answer_cards().values():
        for line in card.lines:
            places.setdefault((line.part, line.place), set()).add(line.name)
    assert {place: names for place, names in places.items() if len(names) > 1} == {}
    for demand in ("D1", "D2", "D3", "D4"):
        _, *others = [card for card in answer_cards().values() if card.leads and card.demand == demand]
        assert others and all(any(line.part == demand for line in card.lines) for card in others)
