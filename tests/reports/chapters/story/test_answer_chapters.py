"""The chapters of answers: each question stands once, with the other region beneath it, and none is dropped."""

from __future__ import annotations

from collections import Counter

import pytest

from expectations.cards.areas import COUNTRY, FEDERAL, KURDISTAN
from languages.words import Words, languages
from reports.answers import answer_sentences
from reports.answers.found_answers import NOT_SENT, answers_of
from reports.chapters.opening import demands
from reports.chapters.story.answer_chapters import answer_chapters, chapter_of, leading_answers
from reports.chapters.story.both_regions import regions_table, regions_text
from reports.chapters.story.unknown_lines import agreement_lines
from reports.editions.answered import AnswerChapter
from reports.released.report_model import NATIONAL, IndicatorSection, Report
from tests.reports.answers.invented_answers import release_of, row


def chapters(report: Report, tag: str = "en") -> list[AnswerChapter]:
    return list(answer_chapters(report, Words.load(tag)))


@pytest.mark.parametrize("tag", languages())
def test_each_question_that_a_figure_answers_stands_in_one_chapter(report: Report, tag: str):
    told = Counter(answer.key.partition("@")[0] for chapter in chapters(report, tag) for answer in chapter.answers)
    answered = {
        answer.key for answer in answers_of(report) if (answer.has_figure or answer.groups) and chapter_of(answer)
    }
    assert set(told) == answered and set(told.values()) == {1}


@pytest.mark.parametrize("tag", languages())
def test_no_sentence_stands_twice_and_each_chart_says_what_it_is_of(report: Report, tag: str):
    answers = [answer for chapter in chapters(report, tag) for answer in chapter.answers]
    assert len({answer.sentence for answer in answers}) == len(answers)
    assert all(answer.name and answer.unit and answer.place and answer.year for answer in answers)
    assert all(answer.sentence in answer.chart.alternative for answer in answers if answer.chart)


def test_a_chapter_of_prosecution_is_that_of_the_courts(report: Report):
    by_id = {chapter.id: {answer.code for answer in chapter.answers} for chapter in chapters(report)}
    assert all(code.startswith("PRS") for code in by_id["courts"])
    assert not any(code.startswith("PRS") for code in by_id["demand-d3"])


def test_leading_questions_come_first(report: Report):
    leads = {answer.key for answer in answers_of(report) if answer.card.leads}
    for chapter in chapters(report):
        is_leading = [answer.key.partition("@")[0] in leads for answer in chapter.answers]
        assert is_leading == sorted(is_leading, reverse=True)


def test_the_report_opens_with_those_found_in_all_of_iraq_and_closes_with_the_courts():
    rows = [
        *(row("PRT-01", "COUNT", value, area=area) for area, value in ((COUNTRY, 450), (FEDERAL, 380))),
        row("PRT-01", "COUNT", 490, area=COUNTRY, year="2024"),
        row("PRT-08", "NUMERATOR", 155), row("PRT-08", "DENOMINATOR", 240), row("PRS-05", "COUNT", 195),
    ]  # fmt: skip
    sections = tuple(
        IndicatorSection(NATIONAL, code, "VICTIM", (), (), (), (), (), ()) for code in ("PRT-01", "PRT-08", "PRS-05")
    )
    report = Report((release_of(*rows),), sections, is_invented=True)
    leading = list(leading_answers(report, Words.load("en")))
    assert "Iraq: About 450" in leading[0].sentence and leading[0].chart is None
    assert [(answer.code, answer.figure) for answer in leading] == [
        ("PRT-01", "about 450"), ("PRT-08", "about 155"), ("PRS-05", "about 195")
    ]  # fmt: skip


@pytest.mark.parametrize("tag", languages())
def test_each_question_without_a_figure_is_named_with_its_reason_or_counted_for_its_region(report: Report, tag: str):
    words = Words.load(tag)
    by_id = {chapter.id: " ".join(chapter.unknown) for chapter in chapters(report, tag)}
    once = " ".join(agreement_lines(answers_of(report), words))
    assert once in regions_text(None, report, words)
    for answer in answers_of(report):
        code = chapter_of(answer)
        if not code or answer.has_figure or answer.groups:
            continue
        text = by_id["courts" if code == "courts" else f"demand-{code.lower()}"]
        if answer.unknown == "agreement":
            assert words.text(f"code.area.{answer.area}") in once, "said once, not at the end of each chapter"
            assert once not in text
        else:
            assert answer_sentences.question(answer, words) in text
            assert answer.unknown not in NOT_SENT or answer_sentences.sender_words(answer, words) in text


def test_both_regions_stand_side_by_side_only_where_both_have_a_figure(report: Report):
    table = regions_table(report, Words.load("en"))
    both = Counter(
        answer.key for answer in answers_of(report) if answer.has_figure and answer.area in (FEDERAL, KURDISTAN)
    )
    assert (0 if table is None else len(table.groups[0].rows)) == sum(count == 2 for count in both.values())


def test_the_pages_have_a_section_for_each_question_with_the_same_sentences(report: Report):
    (chapter,) = demands(report, Words.load("en"))
    told = {section.id: [question.id for question in section.chapters] for section in chapter.chapters}
    ids = [question for questions in told.values() for question in questions]
    assert len(ids) == len(set(ids))
    for own, section in zip(chapters(report), chapter.chapters, strict=True):
        assert [question.title for question in section.chapters] == [answer.question for answer in own.answers]
        assert [question.blocks[0].text for question in section.chapters] == [answer.sentence for answer in own.answers]
