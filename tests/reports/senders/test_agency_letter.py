"""The letter to an agency: the rows whose duty is its own, the figures it is asked for, in its language."""

from __future__ import annotations

import datetime

import pytest

from languages.refusal import Refusal
from languages.words import Words, languages
from reports.answers import answer_sentences, law_duties
from reports.answers.found_answers import answers_of
from reports.editors import agency_comments
from reports.released.report_model import Report
from reports.senders.agency_letter import agency_letter
from tests.reports.markup import Reader

DAY = datetime.date(2026, 6, 30)
LABOUR = "iraq_labour_ministry"


def letter(report: Report, agency: str, tag: str = "en") -> str:
    return agency_letter(report, agency, Words.load(tag), published=DAY)


def questions(report: Report, html: str) -> set[str]:
    told = {text for name, text in Reader(html).texts if name == "strong"}
    words = Words.load("en")
    return {answer.key for answer in answers_of(report) if answer_sentences.question(answer, words) in told}


@pytest.mark.parametrize("agency", list(law_duties.named_agencies()))
def test_an_agency_reads_its_own_duties_and_what_it_is_asked_for_and_nothing_else(report: Report, agency: str):
    duties = {
        answer.key
        for article in law_duties.law_articles(answers_of(report))
        for duty in article.duties
        for answer in duty.answers
        if agency in answer.card.duty[answer.area]
    }
    asked = {
        answer.key
        for answer in answers_of(report)
        if agency in answer.card.sender[answer.area] and law_duties.is_asked_by_letter(answer)
    }
    assert duties and questions(report, letter(report, agency)) == duties | asked


@pytest.mark.parametrize("tag", languages())
def test_the_letter_is_written_in_each_language_says_that_it_is_invented_and_when_it_is_out(report: Report, tag: str):
    html, words = letter(report, LABOUR, tag), Words.load(tag)
    assert f'lang="{tag}"' in html and f'dir="{words.direction}"' in html
    assert words.text("monitor.letter.title") in html and "2026" in html.replace("٢٠٢٦", "2026")
    assert Reader(html).all("script") == []


@pytest.mark.parametrize(
    ("agency", "tag"),
    [(LABOUR, "ar"), ("kurdistan_interior_ministry", "ckb"), ("kurdistan_parliament", "ckb"), ("governors", "ar")],
)
def test_an_agency_is_written_to_in_its_own_language(agency: str, tag: str):
    assert agency_comments.language_of(agency) == tag


@pytest.mark.parametrize("agency", ["iraq_labor_ministry", "every_sender", ""])
def test_an_agency_without_a_duty_is_refused(agency: str):
    with pytest.raises(Refusal) as refused:
        agency_comments.language_of(agency)
    assert refused.value.code == "agency_unknown"
