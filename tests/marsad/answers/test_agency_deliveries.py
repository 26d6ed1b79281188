"""What agencies owe, in words, is what `marsad submissions status` counts."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ingestion.cards.source_card import load_source, source_names
from ingestion.home import Home
from ingestion.submissions import landing
from ingestion.submissions.current_submissions import state
from languages.words import Words, languages
from marsad.answers.agency_deliveries import AgencyDeliveries, deliveries_of
from tests.ingestion.workbooks import case, cases, xlsx

SOURCE = "iraq_interior_ministry"
TODAY = datetime.date(2026, 6, 1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open()


def send(home: Home, year: int, day: datetime.date, tmp_path: Path) -> str:
    path = tmp_path / f"{year}.xlsx"
    path.write_bytes(xlsx({"القضايا": cases(case(year, date=f"1/2/{year}"))}))
    return landing.receive(home, SOURCE, path, letter_date=day).submission


def owed(home: Home) -> AgencyDeliveries:
    (answer,) = deliveries_of(home, [SOURCE], TODAY)
    return answer


def test_each_agency_owes_what_the_status_says(home: Home, tmp_path: Path):
    send(home, 2024, datetime.date(2025, 2, 1), tmp_path)
    landing.land(home, SOURCE)
    rows = {str(row["source"]): row for row in state(home, TODAY)}
    answers = deliveries_of(home, source_names(), TODAY)
    assert [answer.source for answer in answers] == source_names()
    for answer in answers:
        row = rows[answer.source]
        assert answer.owes == (load_source(answer.source).kind == "authority")
        assert sorted(year.period for year in answer.late) == row["overdue"]
        assert bool(answer.late) == bool(row["is_late"])
        if answer.next_due:
            assert answer.next_due.due_date.isoformat() == row["next_due"]
        assert sum(year.sent_date is not None for year in answer.years) == row["received"]


def test_a_year_came_in_time_or_late_or_is_missing_and_its_files_are_named(home: Home, tmp_path: Path):
    first = send(home, 2023, datetime.date(2024, 2, 1), tmp_path)
    late = send(home, 2024, datetime.date(2025, 12, 1), tmp_path)
    years = {year.period: year for year in owed(home).years}
    assert list(years) == sorted(years, reverse=True)
    assert (years["2023"].state, years["2023"].submissions, years["2023"].days_late) == ("received", (first,), 0)
    assert (years["2024"].state, years["2024"].submissions) == ("received_late", (late,))
    assert years["2024"].days_late > 0
    assert (years["2025"].state, years["2025"].sent_date, years["2025"].submissions) == ("late", None, ())
    next_due = owed(home).next_due
    assert next_due is not None
    assert (next_due.period, next_due.state) == ("2026", "due")


def test_what_falls_due_next_is_not_asked_again_once_it_came(home: Home, tmp_path: Path):
    send(home, 2025, datetime.date(2026, 1, 5), tmp_path)
    (answer,) = deliveries_of(home, [SOURCE], datetime.date(2026, 1, 6))
    assert answer.next_due is None
    assert [year.state for year in answer.years if year.period == "2025"] == ["received"]


def test_a_part_of_the_running_year_is_no_delivery_and_its_reminder_stays(home: Home, tmp_path: Path):
    part = send(home, 2026, datetime.date(2026, 5, 1), tmp_path)
    (running,) = (year for year in owed(home).years if year.period == "2026")
    assert (running.state, running.delivery, running.sent_date, running.submissions) == ("due", "part", None, (part,))
    assert owed(home).next_due == running
    words = Words.load("en")
    assert words.text("browser.owed.part") in running.in_words(words)
    (later,) = deliveries_of(home, [SOURCE], datetime.date(2027, 6, 1))
    assert {year.period: year.state for year in later.late}["2026"] == "late"


@pytest.mark.parametrize("tag", languages())
def test_it_is_told_in_each_language(home: Home, tmp_path: Path, tag: str):
    send(home, 2023, datetime.date(2024, 2, 1), tmp_path)
    send(home, 2024, datetime.date(2025, 12, 1), tmp_path)
    words, answer = Words.load(tag), owed(home)
    assert answer.next_due is not None
    sentences = {year.state: year.in_words(words) for year in (*answer.years, answer.next_due)}
    assert set(sentences) == {"received", "received_late", "late", "due"}
    assert len(set(sentences.values())) == 4
    assert answer.title(words)
