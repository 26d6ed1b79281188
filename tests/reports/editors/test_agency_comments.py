"""Comments of agencies: sent when, in whose words, and what the checklist says before publication."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words, languages
from reports.answers import answer_sentences
from reports.chapters import law
from reports.editors import agency_comments, checklist, prose
from reports.editors.checklist import ChecklistItem
from reports.editors.editorial_inputs import EditorialInputs
from reports.editors.prose import EditorText
from reports.editors.release_calendar import ReleaseCalendar
from reports.released.report_model import Report

ENGLISH = Words.load("en")
LABOUR, COUNCIL = "iraq_labour_ministry", "iraq_judicial_council"
SUNDAY = datetime.date(2026, 9, 6)  # no holiday lies in the weeks after it


def home_with(tmp_path: Path, text: str) -> Home:
    home = Home.at(tmp_path).open(invented=True)
    (home.prose / agency_comments.NAME).write_text(text, encoding="utf-8")
    return home


def comment(language: str, markdown: str, agency: str = LABOUR) -> EditorText:
    slot = agency_comments.comment_slot(agency)
    return prose.parse_text(f"{slot}.{language}.md", slot, language, markdown)


def matter(*texts: EditorText, **days: datetime.date) -> EditorialInputs:
    calendar = ReleaseCalendar(published=datetime.date(2026, 9, 21), next_release=datetime.date(2027, 9, 21))
    return EditorialInputs(prose=texts, sent_days=days, calendar=calendar, code="0")


def items(report: Report, inputs: EditorialInputs) -> list[ChecklistItem]:
    found = checklist.checklist(report, [], inputs, today=datetime.date(2026, 9, 21))
    return [*found, *checklist.remarks(report, inputs, ENGLISH)]


def test_the_day_of_sending_is_read_by_agency(tmp_path: Path):
    assert agency_comments.read_sent_days(Home.at(tmp_path / "none").open(invented=True)) == {}
    home = home_with(tmp_path / "one", f"{LABOUR}: 2026-06-01\n")
    assert agency_comments.read_sent_days(home) == {LABOUR: datetime.date(2026, 6, 1)}


@pytest.mark.parametrize(
    ("text", "field", "nearest"),
    [
        ("iraq_labor_ministry: 2026-06-01\n", "iraq_labor_ministry", LABOUR),
        (f"{LABOUR}: soon\n", LABOUR, "2026-06-01"),
        (f"{LABOUR}: 2026-06-01 10:00:00\n", LABOUR, "2026-06-01"),
        (f"{LABOUR}: \n", LABOUR, "2026-06-01"),
        ("every_sender: 2026-06-01\n", "every_sender", ""),
    ],
)
def test_an_agency_without_a_duty_and_a_value_that_is_no_day_are_refused(
    tmp_path: Path, text: str, field: str, nearest: str
):
    with pytest.raises(Refusal) as refused:
        agency_comments.read_sent_days(home_with(tmp_path, text))
    assert (refused.value.code, refused.value.arguments["field"]) == ("card_invalid", field)
    assert nearest in str(refused.value.arguments["nearest"])


@pytest.mark.parametrize(("later", "days"), [(0, 0), (1, 0), (2, 1), (5, 4), (7, 4), (14, 9), (15, 10), (16, 11)])
def test_working_days_lie_between_sending_and_publication_and_friday_and_saturday_are_none(later: int, days: int):
    published = SUNDAY + datetime.timedelta(days=later)
    assert agency_comments.days_to_comment(LABOUR, SUNDAY, published) == days
    assert agency_comments.days_to_comment("kurdistan_judicial_council", SUNDAY, published) == days


def test_a_day_of_sending_after_publication_leaves_no_day():
    assert agency_comments.days_to_comment(LABOUR, SUNDAY, SUNDAY - datetime.timedelta(days=3)) == 0


@pytest.mark.parametrize(("sent", "is_short"), [(6, False), (7, True), (8, True)])
def test_fewer_than_ten_working_days_are_a_line_of_the_checklist(report: Report, sent: int, is_short: bool):
    found = [item for item in items(report, matter(iraq_labour_ministry=SUNDAY.replace(day=sent)))
             if item.code == "agency_short_notice"]  # fmt: skip
    assert bool(found) == is_short
    for item in found:
        sentence = checklist.item_sentence(item, ENGLISH)
        assert item.level == "watch" and "Ministry of Labour" in sentence and "fewer than 10" in sentence


def test_agencies_that_were_not_asked_are_a_line_of_the_checklist(report: Report):
    (item,) = {item.code: item for item in items(report, matter(iraq_labour_ministry=SUNDAY))
               if item.code == "agencies_not_sent"}.values()  # fmt: skip
    left = str(item.arguments["agencies"]).split()
    assert item.level == "watch" and COUNCIL in left and LABOUR not in left
    assert all(f"checklist.{item.code}" in Words.load(tag) for tag in languages())


def test_a_comment_is_blocked_without_a_day_in_a_part_of_the_languages_or_with_the_key_of_a_figure(report: Report):
    codes = {item.code for item in items(report, matter(comment("en", "We took in {PRT-08/COUNT@IQ-FED@2025}.")))
             if item.level == "must"}  # fmt: skip
    assert {"comment_not_sent", "comment_language", "comment_key"} <= codes
    whole = [comment(tag, "We answer.") for tag in languages()]
    blocking = {
        item.code for item in items(report, matter(*whole, iraq_labour_ministry=SUNDAY)) if item.level == "must"
    }
    assert not {code for code in blocking if code.startswith(("comment", "prose"))}


def test_a_comment_of_an_unknown_agency_is_blocked_with_the_nearest_name(report: Report):
    text = prose.parse_text("comment-iraq-labor-ministry.en.md", "comment-iraq-labor-ministry", "en", "We answer.")
    (item,) = (item for item in items(report, matter(text)) if item.code == "prose_chapter")
    assert item.level == "must" and "comment-iraq-labour-ministry" in str(item.arguments["nearest"])


@pytest.mark.parametrize("tag", languages())
def test_the_monitor_prints_a_comment_as_it_was_written_and_says_where_none_came(report: Report, tag: str):
    words = Words.load(tag)
    texts = [comment(language, f"Own words, {language}.\n\n- one\n- two") for language in languages()]
    monitor = law.law_monitor(report, matter(*texts, iraq_labour_ministry=SUNDAY, iraq_judicial_council=SUNDAY), words)
    assert monitor is not None
    by_comment = {statement.is_comment: statement for statement in monitor.statements}
    assert by_comment[True].words == (f"Own words, {tag}.", "one", "two")
    assert by_comment[False].words == (words.text("monitor.no_comment"),)
    assert all(statement.sent for statement in monitor.statements) and monitor.not_sent
    whose = {answer.duty for article in monitor.articles for duty in article.duties for answer in duty.answers}
    commented = words.text("monitor.commented", agencies=answer_sentences.agencies_words([LABOUR], words))
    assert commented in whose and answer_sentences.agencies_words([LABOUR], words) not in whose
    assert answer_sentences.agencies_words([COUNCIL], words) in whose


def test_a_comment_that_holds_markup_is_not_printed(report: Report):
    inputs = matter(comment("en", "# Title\n\nWe answer."), iraq_labour_ministry=SUNDAY)
    assert "prose_markup" in {item.code for item in items(report, inputs)}
    monitor = law.law_monitor(report, inputs, ENGLISH)
    assert monitor is not None and not any(statement.is_comment for statement in monitor.statements)


def test_a_recommendation_stands_with_its_duty(report: Report):
    slot = agency_comments.recommendation_slot("is_a_condition_imposed")
    text = prose.parse_text(f"{slot}.en.md", slot, "en", "Take in first.")
    monitor = law.law_monitor(report, replace(matter(text), sent_days={}), ENGLISH)
    assert monitor is not None
    told = {duty.key: duty.recommendation for article in monitor.articles for duty in article.duties}
    assert told.pop("is_a_condition_imposed") == ("Take in first.",) and set(told.values()) == {()}
    assert not [item for item in items(report, matter(text)) if item.code == "prose_chapter"]
