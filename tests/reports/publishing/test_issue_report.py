"""A report is issued whole in the place of the one before: nothing old stays, and nothing breaks half-way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion import home as house
from ingestion.home import Home, write_bytes
from reports.publishing import issue_report, publish_report
from reports.publishing.issue_report import issue
from reports.released.report_model import Report

FIRST = {"index.html": b"1", "law-28.html": b"1", "charts/victims.svg": b"1", "charts/prt-01-chart.png": b"1"}
SECOND = {"index.html": b"2", "charts/victims.svg": b"2"}
Issue = Callable[[dict[str, bytes]], Path]


@pytest.fixture
def reissue(report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Issue:
    """Issue the English report of a home of the test's own with files that the test names; return its folder."""
    own = Home.at(tmp_path).open(invented=True)
    monkeypatch.setattr(issue_report.report_model, "load", lambda _home: report)  # read once for all of these
    monkeypatch.setattr(issue_report, "_datasets", lambda *_: {})  # no release lies in their home

    def issued(content: dict[str, bytes]) -> Path:
        monkeypatch.setattr(issue_report, "files", lambda *_: content)
        return issue(own, "en").parent

    return issued


def standing(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_an_earlier_issue_wrote_and_this_one_does_not_is_gone(reissue: Issue):
    folder = reissue(FIRST)
    assert standing(folder) == FIRST
    assert standing(reissue(SECOND)) == SECOND
    assert sorted(path.name for path in folder.parent.iterdir()) == ["en", "versions.json"]


def test_what_somebody_else_put_there_stays(reissue: Issue):
    folder = reissue(FIRST)
    theirs = {"notes.pdf": b"theirs", "charts/source.txt": b"theirs", "letters/minister.html": b"theirs"}
    for name, data in theirs.items():
        write_bytes(folder / name, data)
    assert standing(reissue(SECOND)) == theirs | SECOND


def test_an_issue_that_breaks_while_it_writes_leaves_the_earlier_one_whole(
    reissue: Issue, monkeypatch: pytest.MonkeyPatch
):
    folder = reissue(FIRST)
    written: list[Path] = []

    def breaks(path: Path, data: bytes) -> str:
        written.append(path)
        if len(written) == len(SECOND):
            raise OSError
        return write_bytes(path, data)

    monkeypatch.setattr(house, "write_bytes", breaks)
    with pytest.raises(OSError):
        reissue(SECOND)
    assert standing(folder) == FIRST
    monkeypatch.undo()


@pytest.mark.parametrize("is_killed", [False, True])
def test_an_issue_that_breaks_between_the_renames_puts_the_earlier_one_back(
    reissue: Issue, monkeypatch: pytest.MonkeyPatch, is_killed: bool
):
    folder = reissue(FIRST)
    rename = Path.replace

    def breaks(path: Path, target: Path) -> Path:
        if path.name.endswith(".tmp") and target == folder:
            raise OSError
        return rename(path, target)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", breaks)
        if is_killed:
            broken.setattr(house, "mend_folder", lambda _: None)
        with pytest.raises(OSError):
            reissue(SECOND)
    assert folder.exists() != is_killed
    assert standing(folder if folder.exists() else folder.with_name(".en.before")) == FIRST
    assert standing(reissue(SECOND)) == SECOND


def test_a_published_report_stays_as_it_went_out_and_is_put_back_if_it_was_put_aside(reissue: Issue):
    folder = reissue(FIRST)
    write_bytes(folder.parent / publish_report.RECORD, b"{}")
    folder.replace(folder.with_name(".en.before"))
    assert standing(reissue(SECOND)) == FIRST


def test_the_datasets_lie_once_beside_the_languages_and_a_withdrawn_one_goes(
    reissue: Issue, monkeypatch: pytest.MonkeyPatch
):
    both = {"national.csv": b"1", "national.parquet": b"2"}
    monkeypatch.setattr(issue_report, "_datasets", lambda *_: both)
    report = reissue(FIRST).parent
    assert standing(report / "data") == both
    (report / "data").replace(report / ".data.before")  # a process was killed between the renames
    reissue(SECOND)
    assert standing(report / "data") == both and not (report / ".data.before").exists()
    monkeypatch.setattr(issue_report, "_datasets", lambda *_: {"national.csv": b"1"})
    reissue(SECOND)
    assert standing(report / "data") == {"national.csv": b"1"}


def test_every_file_of_a_real_issue_is_known_as_one(fronts: dict[str, Path]):
    assert issue_report._foreign_files(fronts["en"].parent) == {}  # pyright: ignore[reportPrivateUsage]
