"""Who owes what: what is overdue since when, what came last, and the letter in the agency's language."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ingestion.cards.source_card import load_source, source_names
from ingestion.home import Home
from ingestion.submissions import receipts
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import owed_deliveries
from tests.expectations import toy_home

TODAY = datetime.date(2026, 6, 1)
INTERIOR = "iraq_interior_ministry"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").open(invented=True)


def test_a_year_that_came_is_not_owed_and_its_day_is_the_last(home: Home):
    before = owed_deliveries.state_of(home, INTERIOR, TODAY)
    receipts.append(home, toy_home.receipt(letter_date="2025-01-05"))
    state = owed_deliveries.state_of(home, INTERIOR, TODAY)
    assert before.last_received is None
    assert (state.last_received, state.last_periods) == (datetime.date(2025, 1, 5), ("2023", "2024"))
    assert {owed.period for owed in before.owed} - {owed.period for owed in state.owed} == {"2023", "2024"}


def test_what_is_owed_is_told_since_its_oldest_day_in_working_days(home: Home):
    state = owed_deliveries.state_of(home, INTERIOR, TODAY)
    oldest = state.owed[0]
    assert (state.since, state.days_late) == (oldest.due, oldest.days_late)
    assert oldest.period == str(load_source(INTERIOR).rhythm.first_period)
    assert 0 < oldest.days_late < (TODAY - oldest.due).days
    assert state.next_due is not None
    assert state.next_due >= TODAY


def test_everybody_is_listed_and_the_longest_owed_stands_first(home: Home):
    states = owed_deliveries.states_of_all(home, TODAY)
    assert sorted(state.source for state in states) == source_names()
    late = [state.days_late for state in states]
    assert late == sorted(late, reverse=True)


def test_a_publisher_owes_nothing(home: Home):
    state = owed_deliveries.state_of(home, "unodc_glotip", TODAY)
    assert (state.owed, state.since, state.days_late, state.next_due) == ((), None, 0, None)


def test_a_misspelt_agency_is_refused(home: Home):
    with pytest.raises(Refusal) as refused:
        owed_deliveries.state_of(home, "iraq_interior", TODAY)
    assert refused.value.code == "unknown_source"


@pytest.mark.parametrize("source", source_names())
def test_a_letter_is_in_the_language_of_the_agency_unless_another_is_named(home: Home, source: str):
    assert owed_deliveries.owed_letter(home, source, TODAY).words.tag == load_source(source).language
    assert owed_deliveries.owed_letter(home, source, TODAY, "en").words.tag == "en"


@pytest.mark.parametrize("tag", languages())
def test_the_text_of_a_letter_names_each_year_that_is_owed(home: Home, tag: str):
    receipts.append(home, toy_home.receipt(letter_date="2025-01-05"))
    state = owed_deliveries.state_of(home, INTERIOR, TODAY)
    letter = owed_deliveries.owed_letter(home, INTERIOR, TODAY, tag)
    assert len(letter.owed) == len(state.owed) > 0
    for text in (letter.subject, letter.receiver, letter.day, letter.intro, *letter.owed, *letter.remarks):
        assert text in letter.text
    assert Words.load(tag).text("letter.owed.reason") in letter.remarks


@pytest.mark.parametrize("tag", languages())
def test_who_owes_nothing_is_thanked(home: Home, tag: str):
    letter = owed_deliveries.owed_letter(home, INTERIOR, datetime.date(2016, 6, 1), tag)
    assert letter.owed == ()
    assert letter.intro == Words.load(tag).text("letter.owed.intro.none")
    assert Words.load(tag).text("letter.owed.reason") not in letter.remarks
