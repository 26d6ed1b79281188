"""A report goes out once its checklist lets it, and stays as it went out."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path

import pytest

from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import languages
from reports.publishing import publish_report
from reports.publishing.issue_report import issue

TODAY = datetime.date(2026, 6, 30)
CALENDAR = "published: 2026-06-30\nnext_release: 2027-06-30\n"


@pytest.fixture
def own(home: Home, fronts: dict[str, Path], tmp_path: Path) -> Home:
    """A home of the test's own, with the report of every language in it."""
    assert fronts
    shutil.copytree(home.root, tmp_path / "home")
    return Home.at(tmp_path / "home")


def _calendar(home: Home, text: str) -> None:
    home.prose.mkdir(exist_ok=True)
    (home.prose / "calendar.yml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("calendar", "code"),
    [
        ("", "calendar_missing"),
        ("published: 2026-06-30\n", "next_release_missing"),
        ("published: 2026-06-30\nnext_release: 2026-06-30\n", "next_release_past"),
        (CALENDAR + "embargo_until: 2026-07-01\n", "embargo"),
    ],
)
def test_without_its_dates_no_report_goes_out(own: Home, calendar: str, code: str):
    if calendar:
        _calendar(own, calendar)
    found = publish_report.readiness(own, ["en"], today=TODAY)
    assert [item.code for item in found.blocking] == [code]
    with pytest.raises(Refusal) as refused:
        publish_report.publish(own, found, ["en"], today=TODAY)
    assert refused.value.code == "report_not_ready"
    assert not publish_report.is_published(own, found.report)


def test_what_went_out_is_recorded_and_never_written_again(own: Home):
    _calendar(own, CALENDAR)
    found = publish_report.readiness(own, languages(), today=TODAY)
    record = json.loads(publish_report.publish(own, found, languages(), today=TODAY).read_bytes())
    folder = own.reports / record["report"]
    assert {f"{tag}/{name}" for tag in languages() for name in ("index.html", "report.pdf", "tables.xlsx")} <= set(
        record["files"]
    )
    assert record["calendar"]["next_release"] == "2027-06-30"
    assert "words_unreviewed" in record["known"]
    assert publish_report.changed(own) == []
    before = (folder / "en" / "index.html").read_bytes()
    (own.prose / "results.en.md").write_text("A word of an editor, afterwards.", encoding="utf-8")
    assert issue(own, "en").read_bytes() == before
    (folder / "en" / "index.html").write_bytes(before + b" ")
    assert publish_report.changed(own) == [folder / "en" / "index.html"]


def test_under_embargo_it_goes_to_those_alone_whom_the_calendar_names(own: Home):
    roles = "pre_release_access: [{en: Minister of Interior}]\n"
    _calendar(own, f"{CALENDAR}embargo_until: 2026-07-07\n{roles}")
    found = publish_report.readiness(own, languages(), today=TODAY, is_pre_release=True)
    record = publish_report.publish(own, found, languages(), today=TODAY, is_pre_release=True)
    told = json.loads(record.read_bytes())
    assert record.name == "pre_release.json"
    assert told["calendar"]["pre_release_access"] == [{"en": "Minister of Interior"}]
    assert not publish_report.is_published(own, told["report"])


def test_a_language_that_was_not_issued_does_not_go_out(own: Home):
    _calendar(own, CALENDAR)
    found = publish_report.readiness(own, ["ar"], today=TODAY)
    (own.reports / found.report / "ar" / "index.html").unlink()
    with pytest.raises(Refusal) as refused:
        publish_report.publish(own, found, ["ar"], today=TODAY)
    assert refused.value.code == "file_missing"
