"""Figures in editors' texts: filled in from the release, told where they changed, and kept in titles."""

from __future__ import annotations

import dataclasses

import pytest

from languages.words import Words, languages
from reports.answers.found_answers import answers_of
from reports.chapters.build_edition import edition
from reports.editors import checklist, prose, prose_figures
from reports.editors.editorial_inputs import EditorialInputs
from reports.phrases import wording
from reports.phrases.spoken import words_of_edition
from reports.publishing import prose_slots
from reports.released.report_model import Report


@pytest.mark.parametrize("tag", languages())
def test_the_place_of_each_answer_says_its_section_its_area_its_page_and_its_key(report: Report, tag: str):
    words = Words.load(tag)
    places = {place.id: place for place in prose_slots.slots(report, EditorialInputs(), words)}
    answers = [answer for answer in answers_of(report) if answer.has_figure]
    assert answers
    for answer in answers:
        key, code = prose_figures.key_of(answer), answer.card.answer.indicator
        place = places[prose_figures.slot_of(key)]
        assert f"{{{key}}}" in place.note
        assert place.page == f"{code}.html"
        assert wording.area(answer.area, words_of_edition(words)) in place.title
        assert wording.title(code, words) in place.title
        assert places[prose_figures.slot_of(key, "title")].keys == (key,)


def test_figures_are_filled_in_and_one_that_is_printed_otherwise_is_flagged(report: Report):
    text = prose.parse_text(
        "protection.en.md",
        "protection",
        "en",
        "We know {how_many_victims_are_found@IQ-FED} of {PRT-01/COUNT@IQ-FED@2025} people.",
    )
    matter, words = EditorialInputs(prose=(text,)), Words.load("en")
    (chapter,) = [chapter for chapter in edition(report, words, matter).chapters if chapter.id == "protection"]
    assert chapter.blocks[0].text == "We know about 360 of 360 people."
    assert _codes(report, matter) == []
    before = {"protection.en.md": {"how_many_victims_are_found@IQ-FED": "about 355", "PRT-01/COUNT@IQ-FED@2025": "360"}}
    assert _codes(report, dataclasses.replace(matter, figures=before)) == ["prose_figure_changed"]


def test_a_key_of_no_figure_blocks(report: Report):
    text = prose.parse_text("protection.en.md", "protection", "en", "We know {nothing@IQ} and {PRT-99/COUNT@IQ@2025}.")
    assert _codes(report, EditorialInputs(prose=(text,))) == ["prose_figure_unknown"] * 2


def _codes(report: Report, matter: EditorialInputs) -> list[str]:
    return [item.code for item in checklist._prose_figures(report, matter)]


def test_a_title_that_breaks_its_rule_blocks(report: Report):
    slot = "title-how-many-victims-are-found-iq-fed"
    kept, broken = (
        prose.parse_text(f"{slot}.en.md", slot, "en", title)
        for title in ("Found: {how_many_victims_are_found@IQ-FED}.", "Many were found.")
    )
    editions = [edition(report, Words.load("en"))]
    for text, codes in ((kept, []), (broken, ["prose_title"])):
        items = checklist._prose_files(report, editions, EditorialInputs(prose=(text,)))
        assert [item.code for item in items] == codes
