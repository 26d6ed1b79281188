"""A report goes out once its checklist lets it, and stays as it went out."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from pathlib import Path

import pytest

from expectations.published import report_versions
from ingestion.home import Home, sha256_of, write_bytes
from languages.refusal import Refusal
from languages.words import Words, languages
from reports.chapters.build_edition import edition
from reports.publishing import publish_report
from reports.publishing.issue_report import issue
from reports.released.report_model import Report

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
        publish_report.draft_record(own, found, ["en"], day=TODAY)
    assert refused.value.code == "report_not_ready"
    assert not publish_report.is_published(own.reports / found.report)


def test_what_went_out_is_recorded_and_never_written_again(own: Home):
    _calendar(own, CALENDAR)
    found = publish_report.readiness(own, languages(), today=TODAY)
    drafted = publish_report.draft_record(own, found, languages(), day=TODAY)
    record = json.loads(drafted.content)
    assert not publish_report.is_published(own.reports / record["report"])  # two persons sign the record first
    write_bytes(own.root / drafted.path, drafted.content)
    folder = own.reports / record["report"]
    assert {f"{tag}/{name}" for tag in languages() for name in ("index.html", "report.pdf", "tables.xlsx")} <= set(
        record["files"]
    )
    assert record["calendar"]["next_release"] == "2027-06-30"
    assert "words_unreviewed" in record["known"]
    assert report_versions.FILE in record["files"]
    assert publish_report.changed_files(own) == []
    before = (folder / "en" / "index.html").read_bytes()
    (own.prose / "results.en.md").write_text("A word of an editor, afterwards.", encoding="utf-8")
    assert issue(own, "en").read_bytes() == before
    (folder / "en" / "index.html").write_bytes(before + b" ")
    assert publish_report.changed_files(own) == [folder / "en" / "index.html"]


@pytest.mark.parametrize("record", ["{", "[]", "{}", '{"files": null}', '{"files": [1]}'])
def test_a_record_that_cannot_be_read_is_told_as_a_file_that_changed(tmp_path: Path, record: str):
    (tmp_path / publish_report.RECORD).write_text(record, encoding="utf-8")
    assert list(publish_report.changed_files_in(tmp_path)) == [tmp_path / publish_report.RECORD]
    assert [problem.code for problem in publish_report.problems(tmp_path)] == ["published_changed"]


def test_what_the_record_of_a_report_does_not_name_is_told_in_every_folder(tmp_path: Path):
    page = tmp_path / "en" / "index.html"
    write_bytes(page, b"<p>")
    write_bytes(tmp_path / publish_report.RECORD, json.dumps({"files": {"en/index.html": sha256_of(page)}}).encode())
    assert list(publish_report.problems(tmp_path)) == []
    added = ["en/correction.html", "en/data/x.csv", "figures.csv", "index.html", ".htaccess", "fr/index.html"]
    for name in added:
        write_bytes(tmp_path / name, b"x")
    (tmp_path / "link").symlink_to(page)
    problems = list(publish_report.problems(tmp_path))
    assert {problem.code for problem in problems} == {"file_unexpected"}
    unnamed = {Path(problem.where).relative_to(tmp_path).as_posix() for problem in problems}
    assert unnamed == {*added[:1], "en/data", *added[2:5], "fr", "link"}


def test_what_was_found_when_an_edition_was_issued_is_not_looked_for_again_until_something_changes(
    own: Home, monkeypatch: pytest.MonkeyPatch
):
    _calendar(own, CALENDAR)
    anew = publish_report.readiness(own, ["en"], today=TODAY)  # it was issued without the calendar
    issue(own, "en")
    with monkeypatch.context() as patch:
        patch.setattr(publish_report, "edition", _is_made)
        assert publish_report.readiness(own, ["en"], today=TODAY) == anew
        later = publish_report.readiness(own, ["en"], today=TODAY.replace(year=2027))
        assert "next_release_past" in {item.code for item in later.blocking}  # the day counts anew each time
        (own.prose / "nowhere.en.md").write_text("A word of an editor, afterwards.", encoding="utf-8")
        with pytest.raises(AssertionError):
            publish_report.readiness(own, ["en"], today=TODAY)
    blocking = publish_report.readiness(own, ["en"], today=TODAY).blocking
    assert [item.code for item in blocking] == ["prose_chapter"]


def test_what_was_found_without_an_issued_edition_is_found_anew_once_a_byte_of_a_text_changes(
    own: Home, monkeypatch: pytest.MonkeyPatch
):
    _calendar(own, CALENDAR)
    write_bytes(own.prose / "protection.en.md", b"A word of an editor.\n")
    first = publish_report.readiness(own, ["en"], today=TODAY)
    with monkeypatch.context() as patch:
        patch.setattr(publish_report, "edition", _is_made)
        assert publish_report.readiness(own, ["en"], today=TODAY) == first
        write_bytes(own.prose / "protection.en.md", b"A word of an editor <b>.\n")
        with pytest.raises(AssertionError):
            publish_report.readiness(own, ["en"], today=TODAY)
    blocking = publish_report.readiness(own, ["en"], today=TODAY).blocking
    assert [item.code for item in blocking] == ["prose_markup"]
    write_bytes(own.prose / "protection.en.md", b"A word of an editor.\n")
    assert publish_report.readiness(own, ["en"], today=TODAY) == first


def _is_made(*_: object) -> None:
    raise AssertionError("an edition is made")


def test_under_embargo_it_goes_to_those_alone_whom_the_calendar_names(own: Home):
    roles = "pre_release_access: [{en: Minister of Interior}]\n"
    _calendar(own, f"{CALENDAR}embargo_until: 2026-07-07\n{roles}")
    found = publish_report.readiness(own, languages(), today=TODAY, is_pre_release=True)
    drafted = publish_report.draft_record(own, found, languages(), day=TODAY, is_pre_release=True)
    record = own.root / drafted.path
    write_bytes(record, drafted.content)
    told = json.loads(drafted.content)
    assert record.name == "pre_release.json"
    assert told["calendar"]["pre_release_access"] == [{"en": "Minister of Interior"}]
    assert not publish_report.is_published(record.parent)


def test_a_language_that_was_not_issued_does_not_go_out(own: Home):
    _calendar(own, CALENDAR)
    found = publish_report.readiness(own, ["ar"], today=TODAY)
    (own.reports / found.report / "ar" / "index.html").unlink()
    with pytest.raises(Refusal) as refused:
        publish_report.draft_record(own, found, ["ar"], day=TODAY)
    assert refused.value.code == "file_missing"


def test_the_number_of_a_report_is_short_and_what_it_stands_for_lies_beside_it(own: Home, report: Report):
    folder = own.reports / report.id
    assert re.fullmatch(r"\d{4}-[0-9a-f]{8}", report.id)
    assert report_versions.versions_of(folder) == report.versions
    assert list(publish_report.problems(folder)) == []
    told = json.loads((folder / "ar" / "edition.json").read_bytes())
    assert (told["report"], [one["text"] for one in told["versions"]]) == (
        report.id,
        [one.version for one in report.versions],
    )
    other = folder.rename(own.reports / f"{report.years[-1]}-00000000")
    assert [one.code for one in publish_report.problems(other)] == ["report_number_differs"]


@pytest.mark.parametrize("tag", languages())
def test_the_quality_report_says_what_the_number_stands_for(report: Report, tag: str):
    told = edition(report, Words.load(tag))
    assert told.story is not None
    (said,) = [one.text for one in told.story.quality if one.term == Words.load(tag).text("edition.quality.number")]
    assert all(one in said for one in (report.id, *(one.version for one in report.versions)))
    assert report.id in told.cite
    assert report.id in told.footer
