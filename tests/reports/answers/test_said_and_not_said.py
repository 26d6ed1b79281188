"""Each question in each region: an example in which its answer is said, and examples in which it is not, and why."""

from __future__ import annotations

import datetime
import re

import pytest

from expectations.cards.adopted_standards import AdoptedStandard
from languages import dates
from languages.numbers import number
from languages.words import Words, languages
from reports.answers import answer_sentences
from reports.answers.found_answers import Answer, answer_in, found_answers
from reports.questions.answer_card import AnswerCard, answer_cards
from reports.released.report_model import Report
from tests.reports.answers.invented_answers import answer_to, release_of, row

PART, WHOLE, COUNT, MEDIAN = 155, 240, 195, 125
STANDARDS = {
    unit: AdoptedStandard(
        unit=unit, met_from=met_from, not_met_below=below, adopted=datetime.date(2025, 12, 10), source={"en": "A plan."}
    )
    for unit, met_from, below in (("percent", 90, 60), ("count", 1, 1))
}
YEARS = ("2021", "2022", "2023", "2024", "2025")
ISOLATES = re.compile("[\u2066-\u2069\u061c]")
ASKED = [(key, area) for key, card in answer_cards().items() for area in card.duty]
FIGURES = [(key, area) for key, area in ASKED if not answer_cards()[key].answer.gap]


def due(card: AnswerCard) -> str:
    return str(2025 - card.years_after)


def cells(
    card: AnswerCard,
    area: str,
    year: str,
    *,
    is_out: bool = True,
    status: str = "A",
    expected: int = 2,
    counts: tuple[int, int] = (PART, WHOLE),
) -> list[dict[str, object]]:
    """The released cells that answer a card, or the same cells without a figure."""
    asked = card.answer
    figures = (
        [(asked.indicator, asked.part, counts[0], asked.at),
         (*asked.whole_of, counts[1], asked.at if asked.whole_at is None else asked.whole_at)]
        if asked.part
        else [(asked.indicator, asked.count, MEDIAN if asked.count == "MEDIAN" else COUNT, asked.at)]
    )  # fmt: skip
    return [
        row(indicator, measure, value if is_out else None, area=area, year=year, status=status, expected=expected, **at)
        for indicator, measure, value, at in figures
    ]


def answer_of(key: str, area: str, *rows: dict[str, object], frozen: str = "") -> Answer:
    release = release_of(*rows, frozen=frozen, years=YEARS)
    return answer_in(Report((release,), (), is_invented=True), key, area)


@pytest.mark.parametrize(("key", "area"), FIGURES)
def test_what_is_released_is_said_in_three_languages(key: str, area: str):
    card = answer_cards()[key]
    answer = answer_of(key, area, *cells(card, area, due(card)))
    value = PART if card.answer.part else MEDIAN if card.answer.count == "MEDIAN" else COUNT
    assert (answer.year, answer.unknown) == (due(card), "no_standard" if card.kind == "standard" else "")
    for tag in languages():
        words = Words.load(tag)
        sentence = ISOLATES.sub("", answer_sentences.figure_sentence(answer, words))
        assert number(value, words.numerals) in sentence and dates.year(words, answer.year) in sentence
        assert "{" not in sentence and sentence.endswith(".") and ".." not in sentence


@pytest.mark.parametrize(("key", "area"), [asked for asked in FIGURES if answer_cards()[asked[0]].kind == "standard"])
def test_what_a_standard_judges_is_said_with_its_verdict_and_without_one_where_rounding_leaves_all(key: str, area: str):
    card = answer_cards()[key]

    def judged(*counts: int) -> Answer:
        release = release_of(*cells(card, area, due(card), counts=counts), years=YEARS)
        standard = STANDARDS["count" if card.answer.count else "percent"]
        return answer_to(found_answers(Report((release,), (), is_invented=True), {key: standard}), key, area)

    answer, few = judged(PART, WHOLE), judged(5, 10)
    if card.answer.count:
        verdict = "met"
    else:
        verdict = "not_met" if card.better == "down" else "partly_met"  # of 240, 155 are concerned, and 85 are not
        assert (few.has_figure, few.verdicts, few.unknown) == (True, (), "too_wide")
    assert answer.verdicts == (verdict,)
    for tag in languages():
        words = Words.load(tag)
        said = ISOLATES.sub("", answer_sentences.judged_sentence(answer, words))
        value = COUNT if card.answer.count else PART
        assert words.text(f"answer.verdict.{verdict}") in said and number(value, words.numerals) in said


@pytest.mark.parametrize(("key", "area"), FIGURES)
def test_what_is_not_released_is_not_said_and_has_its_reason(key: str, area: str):
    card = answer_cards()[key]
    year, later = due(card), str(int(due(card)) + 1)
    examples = {
        "agreement": [answer_of(key, area), answer_of(key, area, *cells(card, area, year, is_out=False, expected=0))],
        "field": [answer_of(key, area, *cells(card, area, year, is_out=False, status="O"))],
        "file": [answer_of(key, area, *cells(card, area, year, is_out=False, status="O", expected=3))],
        "withheld": [answer_of(key, area, *cells(card, area, year, is_out=False, status="Q"))],
        "earlier_release": [answer_of(key, area, *cells(card, area, year), frozen=year)],
        "not_due": [answer_of(key, area, *cells(card, area, later))] if card.years_after else [],
    }
    for reason, answers in examples.items():
        for answer in answers:
            assert (answer.has_figure, answer.verdicts, answer.unknown) == (False, (), reason)
            for tag in languages():
                words = Words.load(tag)
                assert answer_sentences.figure_sentence(answer, words) == ""
                said = ISOLATES.sub("", answer_sentences.judged_sentence(answer, words))
                assert words.text(f"answer.{key}.question") in said and words.text(f"answer.unknown.{reason}") in said


@pytest.mark.parametrize(("key", "area"), [asked for asked in ASKED if asked not in FIGURES])
def test_what_no_indicator_counts_is_a_gap_that_is_named(key: str, area: str):
    answer = answer_of(key, area)
    assert (answer.has_figure, answer.unknown) == (False, "gap")
    for tag in languages():
        words = Words.load(tag)
        said = ISOLATES.sub("", answer_sentences.judged_sentence(answer, words))
        assert words.text(f"question.gap.{answer.card.answer.gap}") in said


def test_each_question_is_asked_in_both_regions_but_for_those_of_one():
    areas = {key: set(card.duty) for key, card in answer_cards().items()}
    assert {key: asked for key, asked in areas.items() if asked != {"IQ-FED", "IQ-KR"}} == {
        "does_our_figure_match_what_unodc_prints": {"IQ"},
        "does_the_region_apply_the_law": {"IQ-KR"},
        "what_do_the_courts_of_the_region_decide": {"IQ-KR"},
    }
