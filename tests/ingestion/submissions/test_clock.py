"""A clock that goes back changes no order: what came later counts, whatever the days say; the doctor tells it."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import openpyxl
import pytest

from ingestion.cards.source_card import FOLDER
from ingestion.files.uploads import read_upload
from ingestion.home import Home
from ingestion.submissions import current_submissions, files_in_force, landing, preview, receipts
from languages.words import Words
from marsad.commands import diagnosing
from marsad.diagnosis import home_looks

MINISTRY = "iraq_interior_ministry"
SAMPLE = FOLDER / "sources" / MINISTRY / "sample.xlsx"
DAYS = (datetime.date(2026, 6, 30), datetime.date(2025, 11, 2), datetime.date(2026, 1, 1))
"""Of three files for the same periods, in the order in which they came."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "home").open()
    for number, day in enumerate(DAYS):
        landing.receive(home, MINISTRY, _export(tmp_path, f"file {number}"), today=day)
    return home


def _export(folder: Path, creator: str) -> Path:
    """A file of the ministry whose bytes nobody has sent yet; all have the same periods."""
    book = openpyxl.load_workbook(SAMPLE)
    book.properties.creator = creator
    book.save(folder / "export.xlsx")
    return folder / "export.xlsx"


def test_the_file_that_came_last_counts_though_the_clock_went_back(home: Home) -> None:
    landing.land(home, MINISTRY)
    came = receipts.read_receipts(home)
    assert [one.received_at for one in came] == [day.isoformat() for day in DAYS]
    assert [one.n for one in came] == [1, 2, 3]
    assert receipts.live_receipts(home)[-1].submission == came[-1].submission
    assert {one.receipt.submission for one in current_submissions.counted_periods_by_source(home)[MINISTRY]} == {
        came[-1].submission
    }
    assert files_in_force.counting_receipts(home) == [came[-1]]


def test_a_file_that_comes_while_the_clock_is_behind_is_told_to_replace_what_counted(
    home: Home, tmp_path: Path
) -> None:
    arrival = preview.examine_arrival(
        home, MINISTRY, read_upload(_export(tmp_path, "file 9")), today=datetime.date(2025, 12, 1)
    )
    assert {one.kind for one in arrival.receipt.findings if "letter" in one.kind or "replaces" in one.kind} == {
        "replaces_period"
    }


def test_the_date_of_a_letter_decides_nothing(home: Home, tmp_path: Path) -> None:
    receipt = landing.receive(
        home, MINISTRY, _export(tmp_path, "file 8"), letter_date=datetime.date(2025, 1, 2), today=DAYS[0]
    )
    assert [counting.n for counting in files_in_force.counting_receipts(home)] == [receipt.n]


def _found(home: Home, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    diagnosing.tell_diagnosis(home, Words.load("en"), lambda _step: None, as_json=True)
    return {one["code"]: one["cure"] for one in json.loads(capsys.readouterr().out)["problems"]}


@pytest.mark.parametrize(("today", "is_told"), [("2026-06-29", True), ("2026-06-30", False), ("2026-07-01", False)])
def test_the_doctor_tells_a_clock_that_is_behind_the_last_entry(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, today: str, is_told: bool
) -> None:
    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
            return datetime.datetime.fromisoformat(f"{today}T12:00:00").replace(tzinfo=tz)

    monkeypatch.setattr(home_looks.datetime, "datetime", Clock)
    assert (_found(home, capsys).get("clock_behind") == "keeper") is is_told
