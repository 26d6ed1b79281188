"""The monitor of the law: one row a question, what is ordered, the answer in both regions, figure, and whose duty."""

from __future__ import annotations

from dataclasses import replace

import pytest

from expectations.cards.cells import DIMENSIONS, TOTAL
from languages.words import Words, languages
from reports.answers import answer_sentences
from reports.answers.found_answers import answers_of
from reports.chapters import law
from reports.editions.edition import Chapter, TableBlock, TermList
from reports.editions.law_monitor import LawMonitor, MonitorDuty
from reports.editors.editorial_inputs import EditorialInputs
from reports.released.report_model import Report

ENGLISH = Words.load("en")


@pytest.fixture(scope="module")
def monitor(report: Report) -> LawMonitor:
    found = law.law_monitor(report, EditorialInputs(code="0"), ENGLISH)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def chapter(monitor: LawMonitor) -> Chapter:
    (chapter,) = law.law_chapter(monitor, ENGLISH)
    return chapter


def duties(monitor: LawMonitor) -> dict[str, MonitorDuty]:
    return {duty.key: duty for article in monitor.articles for duty in article.duties}


def test_a_duty_says_what_is_ordered_its_figure_since_when_and_whose_it_is(report: Report, monitor: LawMonitor):
    duty = duties(monitor)["how_many_victims_are_found"]
    federal, region = duty.answers
    count = report.cell("PRT-01", "COUNT", "IQ-FED", "2025").value
    assert count is not None and f"{count:.0f}" in federal.text and "since 2016" in federal.text
    assert federal.duty == answer_sentences.agencies_words(["iraq_interior_ministry"], ENGLISH)
    assert "Kurdistan" in region.place and "Kurdistan" in region.duty


def test_a_crime_and_an_article_that_was_not_read_have_figures_and_no_verdict(monitor: LawMonitor):
    crime, unread = duties(monitor)["article_5_base_offence"], duties(monitor)["does_consent_end_cases"]
    assert "crime" in crime.note and "not read" in unread.note
    verdicts = {"met", "partly_met", "not_met", "no_standard"}
    assert all(answer.state not in verdicts for duty in (crime, unread) for answer in duty.answers)


def test_an_article_without_a_question_says_that_there_is_nothing_to_measure(monitor: LawMonitor):
    (empty,) = (article for article in monitor.articles if not article.duties)
    assert (empty.key, empty.note) == ("14", "There is nothing to count.")


def test_without_an_adopted_standard_duties_with_a_figure_have_none_and_the_others_are_not_known(
    report: Report, monitor: LawMonitor
):
    federal = [answer for answer in answers_of(report) if answer.area == "IQ-FED" and answer.card.kind == "standard"]
    assert not any(answer.verdicts for answer in federal)
    assert {count.state for count in monitor.counts} == {"not_known", "no_standard"}


@pytest.mark.parametrize("tag", languages())
def test_the_page_has_a_row_and_a_section_for_each_duty_in_each_language(report: Report, tag: str):
    words = Words.load(tag)
    monitor = law.law_monitor(report, EditorialInputs(code="0"), words)
    assert monitor is not None
    (chapter,) = law.law_chapter(monitor, words)
    keys = list(duties(monitor))
    sections = [below for section in chapter.chapters for below in section.chapters]
    assert [section.id for section in sections] == [f"law-28-{key.replace('_', '-')}" for key in keys]
    (table,) = (block for block in chapter.blocks if isinstance(block, TableBlock) and block.id == "law-28-duties")
    rows = [row for group in table.groups for row in group.rows]
    assert [row.label for row in rows] == [duty.question for duty in duties(monitor).values()]
    for section, duty in zip(sections, duties(monitor).values(), strict=True):
        (terms,) = section.blocks
        assert isinstance(terms, TermList)
        assert {answer.place for answer in duty.answers} <= {entry.term for entry in terms.entries}


def test_without_a_national_release_there_is_no_monitor(report: Report):
    assert law.law_monitor(replace(report, releases=()), EditorialInputs(code="0"), ENGLISH) is None
    assert list(law.law_chapter(None, ENGLISH)) == []


@pytest.mark.parametrize(
    ("on_time", "state", "follows"),
    [(1.0, "met", ""), (0.0, "not_met", "Done when the share is at least 99%.")],
)
def test_an_unmet_duty_says_what_would_show_it_done_and_by_whose_standard(
    report: Report, on_time: float, state: str, follows: str
):
    headline = report.releases[0]
    standard = {"met_from": 99, "not_met_below": 99, "adopted": "2016-01-01", "source": {"en": "A plan"}}
    key = ("PAR-07", "NUMERATOR", "IQ-FED", "2025", *(TOTAL,) * len(DIMENSIONS))
    part, whole = (headline.cells[key[0], measure, *key[2:]] for measure in ("NUMERATOR", "DENOMINATOR"))
    cells = {**headline.cells, key: replace(part, value=on_time * (whole.value or 0.0))}
    manifest = {**headline.manifest, "standards": {"do_agencies_report_on_time": standard}}
    judged = replace(report, releases=(replace(headline, manifest=manifest, cells=cells), *report.releases[1:]))
    monitor = law.law_monitor(judged, EditorialInputs(code="0"), ENGLISH)
    assert monitor is not None
    federal = duties(monitor)["do_agencies_report_on_time"].answers[0]
    assert (federal.state, federal.follows) == (state, follows)
    assert monitor.adopted == ("Standards: A plan, adopted on 1 January 2016.",)
    assert next(count.numbers for count in monitor.counts if count.state == state)[0] == 1


def test_a_figure_that_an_agency_can_send_is_asked_of_it(monitor: LawMonitor):
    by_agency, of_another = duties(monitor)["do_victims_get_legal_advice"], duties(monitor)["are_officials_trained"]
    assert {answer.follows for answer in by_agency.answers} == {"The figure is asked of it by letter."}
    assert "register of activities" in of_another.answers[0].follows
    never = duties(monitor)["article_8_death_of_the_victim"]
    assert {answer.follows for answer in never.answers} == {""}
