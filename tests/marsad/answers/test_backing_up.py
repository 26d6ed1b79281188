"""Backup and return by the commands a person types: there, back, and what a withdrawal and the doctor say of it."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion import intake_lock
from ingestion.home import Home, sha256_of_bytes, write_bytes
from ingestion.keeping import retention
from ingestion.submissions import receipts
from languages.words import Words, languages
from marsad.answers import diagnosing
from marsad.command import main

Marsad = Callable[..., tuple[int, str, str]]
CONTENT = b"bytes that came"
SIGNED = ("--reason", "it was sent by mistake", "--by", "Secretariat, statistics section")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A real home into which one file came."""
    home = Home(tmp_path / "home").open()
    sha256 = sha256_of_bytes(CONTENT)
    day = (datetime.datetime.now(tz=datetime.UTC) - datetime.timedelta(days=99)).date().isoformat()
    line = receipts.Receipt("iraq_interior_ministry", sha256, ".xlsx", "accepted", 1, 1, 0, {}, "", "", day)
    with intake_lock.lock(home):
        write_bytes(home.received / sha256, CONTENT)
        receipts.append(home, line)
    return home


@pytest.fixture
def marsad(home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Marsad:
    monkeypatch.setenv("MARSAD_HOME", str(home.root))

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["marsad", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return int(left.value.code or 0), captured.out, captured.err

    return run


@pytest.fixture
def begun(marsad: Marsad, tmp_path: Path) -> Path:
    """A folder of backups with one backup."""
    public = [json.loads(marsad("backup-key", tmp_path / name, "--json")[1])["public"] for name in ("ours", "sealed")]
    place = tmp_path / "disk"
    assert marsad("backup", place, "--task-force", public[0], "--recovery", public[1])[0] == 0
    return place


def test_there_and_back_and_on(marsad: Marsad, home: Home, begun: Path, tmp_path: Path) -> None:
    code, out, _ = marsad("backup", begun, "--json")
    told = json.loads(out)
    assert (code, told["harmed"], told["skipped"], told["forgotten"]) == (0, [], [], [])
    code, out, _ = marsad("restore", begun, tmp_path / "new", "--key", tmp_path / "sealed", "--json")
    back = json.loads(out)
    assert (code, back["snapshot"], back["files"], back["lost"]) == (0, told["snapshot"], told["files"], [])
    assert [one.sha256 for one in receipts.live(Home(tmp_path / "new"))] == [sha256_of_bytes(CONTENT)]
    assert list(receipts.verify_files(Home(tmp_path / "new"))) == []


def test_a_backup_meets_another_writer_and_is_told_who_it_is_or_waits(marsad: Marsad, home: Home, begun: Path) -> None:
    with home.lock("marsad build"):
        code, _, err = marsad("backup", begun)
        assert (code, "lock_held" in err, "marsad build" in err) == (1, True, True)
        code, _, err = marsad("backup", begun, "--wait", "0.1")
        assert (code, "lock_held" in err) == (1, True)
    assert marsad("backup", begun, "--wait")[0] == 0


@pytest.mark.parametrize("tag", languages())
def test_a_withdrawal_names_the_backups_that_hold_the_bytes_and_how_they_go(
    marsad: Marsad, home: Home, begun: Path, tag: str
) -> None:
    snapshot = next(begun.glob("snapshots/*")).name
    submission = receipts.live(home)[0].submission
    code, out, _ = marsad("submissions", "withdraw", submission, *SIGNED, "--language", tag)
    assert code == 0
    assert f"{snapshot}  {begun}" in out
    assert "marsad backup TARGET --forget SNAPSHOT" in out
    code, out, _ = marsad("backup", begun, "--forget", snapshot, "--language", tag)
    assert (code, snapshot in out) == (0, True)
    assert Words.load(tag).text("desk.backup_forgotten", count=1) in out
    assert len(list(begun.glob("snapshots/*"))) == 1


def test_the_doctor_asks_for_a_backup_and_then_for_the_next(
    marsad: Marsad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> dict[str, str]:
        return {one["code"]: one["cure"] for one in json.loads(marsad("doctor", "--json")[1])["problems"]}

    assert told() == {"backup_never": "backup"}
    public = [json.loads(marsad("backup-key", tmp_path / name, "--json")[1])["public"] for name in ("ours", "sealed")]
    marsad("backup", tmp_path / "disk", "--task-force", public[0], "--recovery", public[1])
    assert told() == {}
    later = datetime.datetime.now(tz=datetime.UTC).date() + datetime.timedelta(retention.card().backups.every_days + 1)
    monkeypatch.setattr(diagnosing, "_today", lambda: later)
    assert told() == {"backup_late": "backup"}
    code, out, _ = marsad("doctor")
    assert (code, "Run marsad backup." in out) == (1, True)


@pytest.mark.parametrize("tag", languages())
def test_what_is_wrong_is_told_in_the_readers_language_and_ends_as_documented(
    marsad: Marsad, begun: Path, tmp_path: Path, tag: str
) -> None:
    said = ("--language", tag)
    for words, code, reason in (
        (("backup", tmp_path / "unplugged"), 1, "backup_none"),
        (("backup", tmp_path / "home" / "x"), 2, "backup_inside_home"),
        (("backup", begun, "--recovery", "age1x"), 2, "backup_key_unreadable"),
        (("restore", begun, begun.parent, "--key", tmp_path / "ours"), 2, "backup_inside_home"),
        (("restore", begun, tmp_path / "new", "--key", tmp_path / "none"), 2, "backup_key_missing"),
    ):
        ended, _, err = marsad(*words, *said)
        assert (ended, reason in err) == (code, True), err
        assert Words.load(tag).messages[f"refusal.{reason}.remedy"].english
    piece = next(begun.glob("pieces/*/*"))
    piece.unlink()
    ended, _, err = marsad("restore", begun, tmp_path / "new", "--key", tmp_path / "ours", *said)
    assert (ended, "backup_damaged" in err) == (1, True)
    ended, out, _ = marsad("backup", begun, *said)
    assert ended == 1, "a schedule notices a disk that fails"
    assert Words.load(tag).text("desk.backup_harmed", count=1) in out
