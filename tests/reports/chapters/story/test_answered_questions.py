"""An answer says each of its figures once: in its sentence, of a group, or behind it."""

from __future__ import annotations

import re

import pytest

from languages.words import Words, languages
from reports.answers.found_answers import found_answers
from reports.chapters.story.answered_questions import answered_question
from reports.editions.answered import AnsweredQuestion
from reports.released.report_model import NATIONAL, IndicatorSection, Report
from tests.reports.answers.invented_answers import answer_to, release_of, row

ISOLATES = re.compile("[\u2066-\u2069\u061c]")
BANDS = {
    "SENTENCE_LT_5": 5,
    "SENTENCE_5_9": 50,
    "SENTENCE_10_19": 110,
    "SENTENCE_SUSPENDED": 15,
    "SENTENCE_NO_TERM": 25,
}
SENTENCES = [row("PRS-09", "NUMERATOR", value, cust_breakdown=code) for code, value in BANDS.items()]


def told(key: str, tag: str, *rows: dict[str, object]) -> AnsweredQuestion:
    codes = {str(one["indicator"]) for one in rows}
    sections = tuple(IndicatorSection(NATIONAL, code, "ACCUSED", (), (), (), (), (), ()) for code in codes)
    report = Report((release_of(*rows),), sections, is_invented=True)
    return answered_question(answer_to(found_answers(report, {}), key), None, report, Words.load(tag))


@pytest.mark.parametrize("tag", languages())
def test_a_figure_of_the_sentence_or_of_a_group_is_not_said_again(tag: str):
    answer = told("what_sentences_are_given", tag, row("PRS-05", "COUNT", 205), *SENTENCES)
    numbers = [
        int(number) for number in re.findall(r"\d+", ISOLATES.sub("", " ".join((answer.groups, *answer.reasons))))
    ]
    assert {5, 50, 15, 25} <= set(numbers) and 110 not in numbers  # the sentence says 110, its groups no whole
    assert all(numbers.count(value) == 1 for value in (15, 25)) and 205 not in numbers


def test_what_stands_behind_an_answer_beside_its_groups_is_called_the_other_categories():
    answer = told("what_sentences_are_given", "en", row("PRS-05", "COUNT", 205), *SENTENCES)
    assert "suspended: about 15" in ISOLATES.sub("", answer.groups)
    assert [ISOLATES.sub("", text) for text in answer.reasons] == [
        "Sentences, the other categories: No prison term recorded (about 25)."
    ]


def test_a_group_with_a_whole_of_its_own_names_it():
    women = [
        row("PRT-08", measure, value, sex="F", age="Y_GE18")
        for measure, value in (("NUMERATOR", 60), ("DENOMINATOR", 80))
    ]
    whole = [row("PRT-08", measure, value) for measure, value in (("NUMERATOR", 155), ("DENOMINATOR", 240))]
    answer = told("are_those_who_ask_admitted", "en", *whole, *women)
    assert ISOLATES.sub("", answer.groups) == "Women: about 60 of about 80."
