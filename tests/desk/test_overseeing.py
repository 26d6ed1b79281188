"""Officers: who owes what, the letter in the agency's language, quality pages as looks of the person."""

from __future__ import annotations

import html

import pytest

from desk.identity.access import SIGNERS, roles_of
from desk.overseeing import views
from ingestion import hash_chain
from ingestion.cards.source_card import load_source, source_names
from ingestion.home import Home
from ingestion.people.acts_log import read_acts
from ingestion.submissions import receipts
from languages import dates
from languages.words import Words, languages
from tests.desk.browsers import browser
from tests.expectations import toy_home

INTERIOR, KURDISTAN = "iraq_interior_ministry", "kurdistan_interior_ministry"


@pytest.fixture
def received(home: Home) -> Home:
    """The home with one file of the Ministry of Interior."""
    receipts.append(home, toy_home.receipt(letter_date="2025-01-05"))
    return home


@pytest.mark.parametrize(
    "view",
    [views.list_owed, views.show_agency, views.show_letter, views.show_quality, views.show_named_rows],
)
def test_officers_alone_see_what_agencies_owe(view: object):
    assert roles_of(view) == SIGNERS


@pytest.mark.parametrize("tag", languages())
def test_each_agency_is_listed_with_what_came_last(received: Home, tag: str):
    page = html.unescape(browser("amina", tag).get("/owed").content.decode())
    words = Words.load(tag)
    for source in source_names():
        assert words.text(f"source.{source}.title") in page
        assert f"/owed/{source}" in page
    assert dates.day(words, "2025-01-05") in page
    assert "2025-01-05" not in page
    assert words.text("quality.deliveries.none") in page


@pytest.mark.parametrize("tag", languages())
def test_an_agency_shows_each_owed_year_and_where_its_letter_is(received: Home, tag: str):
    page = html.unescape(browser("dara", tag).get(f"/owed/{INTERIOR}").content.decode())
    for address in ("letter", "quality", "rows"):
        assert f'href="/owed/{INTERIOR}/{address}"' in page
    for address in ("quality", "rows"):
        for other in languages():
            assert f'lang="{other}" href="/owed/{INTERIOR}/{address}?language={other}" target="_blank"' in page
    assert Words.load(tag).text("browser.owed.caption") in page


def test_an_agency_without_a_duty_under_the_law_has_no_rows(received: Home):
    assert "/rows" not in browser("amina").get("/owed/unodc_glotip").content.decode()


def test_a_misspelt_agency_is_refused_in_words():
    answer = browser("amina").get("/owed/nobody")
    assert answer.status_code == 422
    assert "nobody" in answer.content.decode()


@pytest.mark.parametrize("source", [INTERIOR, KURDISTAN])
def test_a_letter_stands_in_the_language_of_the_agency_as_page_and_as_text(received: Home, source: str):
    client = browser("amina", "en")
    page = html.unescape(client.get(f"/owed/{source}/letter").content.decode())
    words = Words.load(load_source(source).language)
    assert f'<article class="letter" lang="{words.tag}" dir="{words.direction}">' in page
    assert page.count(words.text("letter.owed.subject")) == 2
    other = html.unescape(client.get(f"/owed/{source}/letter?language=en").content.decode())
    assert other.count(Words.load("en").text("letter.owed.subject")) == 2


def test_a_letter_in_a_language_that_there_is_not_is_the_agencys(received: Home):
    page = browser("amina", "en").get(f"/owed/{KURDISTAN}/letter?language=xx").content.decode()
    assert '<article class="letter" lang="ckb"' in page


def test_a_quality_page_is_a_look_of_the_person_under_its_own_policy(received: Home):
    answer = browser("amina", "en").get(f"/owed/{INTERIOR}/quality")
    assert answer.status_code == 200
    assert Words.load("ar").text("quality.title") in html.unescape(answer.content.decode())
    last = read_acts(received)[-1]
    assert (last["kind"], last["person"], last["what"]) == ("looked", "amina", f"quality {INTERIOR}")
    assert answer["Content-Security-Policy"] == "frame-ancestors 'none'"
    assert "default-src 'none'; style-src 'sha256-" in html.unescape(answer.content.decode())


def test_a_quality_page_that_cannot_be_logged_is_not_shown(received: Home, monkeypatch: pytest.MonkeyPatch):
    def full(*_arguments: object) -> None:
        raise OSError(28, "full")

    client = browser("amina", "en")
    monkeypatch.setattr(hash_chain, "append", full)
    answer = client.get(f"/owed/{INTERIOR}/quality")
    assert answer.status_code == 422
    assert Words.load("ar").text("quality.title") not in html.unescape(answer.content.decode())


def test_rows_of_an_agency_before_anything_is_released_are_refused(received: Home):
    assert browser("amina").get(f"/owed/{INTERIOR}/rows").status_code == 422
