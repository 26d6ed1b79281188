"""What the invented editors write passes the checklist of a report, and nobody's text is written over."""

from __future__ import annotations

import datetime
from pathlib import Path

from ingestion.home import Home
from languages.words import Words, languages
from reports.editors import agency_comments, contact, prose, release_calendar
from samples import editorial_texts

DAY = datetime.date(2026, 6, 30)


def test_every_text_is_plain_holds_no_number_and_stands_in_every_language(tmp_path: Path):
    home = Home.at(tmp_path).open(invented=True)
    editorial_texts.write(home.prose, DAY)
    texts = prose.read_texts(home)
    assert {one.language for one in texts} == set(languages())
    assert [one.name for one in texts if one.refused or not one.parts] == []
    assert [found for one in texts for found in prose.unprinted_numbers(one, (), Words.load(one.language))] == []


def test_the_calendar_names_the_next_edition_and_roles_in_every_language(tmp_path: Path):
    home = Home.at(tmp_path).open(invented=True)
    editorial_texts.write(home.prose, DAY)
    found = release_calendar.read_calendar(home)
    assert found is not None and found.next_release == datetime.date(2027, 6, 30)
    assert all(set(role) == set(languages()) for role in found.pre_release_access)


def test_the_rows_of_each_edition_were_sent_for_comment_before_it_and_to_one_agency_too_late(tmp_path: Path):
    home = Home.at(tmp_path).open(invented=True)
    for year in (2025, 2026):
        published = DAY.replace(year=year)
        editorial_texts.write(home.prose, published)
        sent = agency_comments.read_sent_days(home)
        assert {day.year for day in sent.values()} == {year}
        days = [agency_comments.days_to_comment(agency, day, published) for agency, day in sent.items()]
        assert sorted(number < agency_comments.LEAST_DAYS for number in days) == [False, False, True]


def test_the_contact_says_in_every_language_that_it_is_invented(tmp_path: Path):
    home = Home.at(tmp_path).open(invented=True)
    editorial_texts.write(home.prose, DAY)
    found = contact.read_contact(home)
    assert set(found) == set(languages())
    assert "invented" in found["en"]


def test_a_text_that_somebody_changed_stays(tmp_path: Path):
    home = Home.at(tmp_path).open(invented=True)
    (home.prose / "results.en.md").write_text("Mine.", encoding="utf-8")
    (home.prose / contact.NAME).write_text("en: My own office", encoding="utf-8")
    editorial_texts.write(home.prose, DAY)
    assert contact.read_contact(home) == {"en": "My own office"}
    assert (home.prose / "results.en.md").read_text(encoding="utf-8") == "Mine."
