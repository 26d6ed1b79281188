"""Who publishes a report and whom a reader asks: in the reader's language, in every form, and never made up."""

from __future__ import annotations

import datetime
import io
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words, languages
from reports.chapters import build_edition
from reports.editions.edition import Edition
from reports.editors import contact
from reports.editors.checklist import ChecklistItem, checklist, item_sentence
from reports.editors.editorial_inputs import EditorialInputs
from reports.released.report_model import Report
from reports.renderers import site, workbook
from reports.renderers.story import story_manuscripts
from reports.renderers.typesetting import typeset
from tests.reports.invented_stories import with_story
from tests.reports.printed_text import letters

TODAY = datetime.date(2026, 6, 30)
OFFICE = {"en": "An invented office", "ar": "مكتب مختلَق", "ckb": "نووسینگەیەکی داهێنراو"}
PUBLISHER = {
    "en": "Secretariat of the counter-trafficking task force",
    "ar": "أمانة فريق مكافحة الاتجار بالبشر",
    "ckb": "سکرتاریەتی تیمی بەرەنگاربوونەوەی بازرگانیکردن بە مرۆڤ",
}
_ISOLATES = re.compile("[\u2066-\u2069\u200e\u200f]")


def told(report: Report, tag: str, **texts: str) -> Edition:
    return build_edition.edition(report, Words.load(tag), EditorialInputs(contact=texts, code="0"))


def page(edition: Edition, file: str, *chapters: str) -> str:
    """One page of a site that holds no other chapters than those named."""
    own = tuple(chapter for chapter in edition.chapters if chapter.id in chapters)
    return site.render(edition.model_copy(update={"chapters": own}), [])[file].decode("utf-8")


def with_contributor(report: Report, **one: str) -> Report:
    releases = [replace(release, package={**release.package, "contributors": [one]}) for release in report.releases]
    return replace(report, releases=tuple(releases))


def read(root: Path, text: str) -> dict[str, str]:
    home = Home.at(root).open(invented=True)
    (home.prose / contact.NAME).write_text(text, encoding="utf-8")
    return contact.read_contact(home)


def missing(report: Report, tag: str, **texts: str) -> list[ChecklistItem]:
    matter = EditorialInputs(contact=texts, code="0")
    found = checklist(report, [build_edition.edition(report, Words.load(tag), matter)], matter, today=TODAY)
    return [one for one in found if one.code == "contact_missing"]


def test_a_home_may_say_no_contact_yet(tmp_path: Path):
    assert contact.read_contact(Home.at(tmp_path).open(invented=True)) == {}


def test_a_contact_is_words_by_language(tmp_path: Path):
    assert read(tmp_path, "en: >\n  An invented office,\n  Baghdad\nar: مكتب مختلَق") == {
        "en": "An invented office, Baghdad",
        "ar": "مكتب مختلَق",
    }


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("english: An office", "english"),
        ("en: ''", "en"),
        ("en: [An office]", "en"),
        ("en: [", "yaml"),
        ("en: 2026-13-01", "yaml"),
        ("en: !!timestamp x", "yaml"),
    ],
)
def test_a_contact_holds_nothing_else(tmp_path: Path, text: str, field: str):
    with pytest.raises(Refusal) as refused:
        read(tmp_path, text)
    assert (refused.value.code, refused.value.arguments["field"]) == ("card_invalid", field)


@pytest.mark.parametrize("tag", languages())
def test_publisher_and_contact_are_told_in_the_language_of_the_edition(report: Report, tag: str):
    edition = told(report, tag, **OFFICE)
    assert (edition.publisher, edition.publisher_language) == (PUBLISHER[tag], tag)
    assert (edition.contact, edition.contact_language) == (OFFICE[tag], tag)
    front = page(edition, "index.html")
    assert f"<p>{PUBLISHER[tag]}</p>" in front
    assert f": {OFFICE[tag]}</p>" in front
    assert "<bdi lang" not in front.partition("<footer>")[2]


def test_english_words_in_another_edition_are_told_as_english_and_turn_nothing_around(report: Report):
    renamed = with_contributor(report, title="Another office (new)", role="contact")
    edition = told(renamed, "ar", en="An invented office (2)")
    assert edition.publisher == "\u2068Another office (new)\u2069"
    assert (edition.publisher_language, edition.contact_language) == ("en", "en")
    foot = page(edition, "provenance.html", "provenance").partition("<footer>")[2]
    assert '<bdi lang="en" dir="ltr">\u2068Another office (new)\u2069</bdi>' in foot
    assert '<bdi lang="en" dir="ltr">\u2068An invented office (2)\u2069</bdi>' in foot
    assert told(renamed, "en").publisher == "Another office (new)"


def test_where_a_home_says_no_contact_the_address_of_the_card_stands_there_and_else_nothing(report: Report):
    with_address = with_contributor(report, title=PUBLISHER["en"], email="desk@example.org", role="contact")
    assert _ISOLATES.sub("", told(with_address, "ckb").contact) == "desk@example.org"
    assert (told(report, "ckb").contact, told(report, "ckb").contact_language) == ("", "")
    assert missing(with_address, "ckb") == []


def test_a_contact_that_is_missing_is_told_and_blocks_nothing(report: Report):
    assert missing(report, "ar", **OFFICE) == []
    for texts in ({}, {"en": "An invented office"}):
        (item,) = missing(report, "ar", **texts)
        assert (item.level, item.where) == ("watch", "prose/contact.yml")
        assert "العربية" in item_sentence(item, Words.load("ar"))
    assert missing(report, "en", en="An invented office") == []


@pytest.mark.parametrize("tag", languages())
def test_the_chapter_on_the_edition_names_office_and_publisher(report: Report, tag: str):
    (about,) = (one for one in told(report, tag, **OFFICE).walk() if one.id == "about-contact")
    texts = [entry.text for block in about.blocks if block.kind == "terms" for entry in block.entries]
    assert texts == [OFFICE[tag], PUBLISHER[tag]]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_covers_of_print_and_workbook_say_whom_to_ask(language: str):
    edition = with_story(language).model_copy(update={"contact": OFFICE[language]})
    cover = openpyxl.load_workbook(io.BytesIO(workbook.render(edition))).worksheets[0]
    lines = {str(cell[0]): str(cell[1]) for cell in cover.iter_rows(values_only=True)}
    assert lines[edition.labels["sheet_contact"]] == OFFICE[language]
    with_office, without = (letters(typeset(story_manuscripts.booklet(one))) for one in (edition, with_story(language)))
    shown = (
        "Aninventedoffice" if language == "en" else "مكتب"[::-1]
    )  # from right to left letters come as they are drawn
    assert shown in with_office
    assert shown not in without
