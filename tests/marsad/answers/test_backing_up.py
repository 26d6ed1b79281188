"""Backup and return by the commands a person types: there, back, and what a withdrawal and the doctor say of it."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from ingestion import intake_lock
from ingestion.home import Home, json_bytes, sha256_of_bytes, write_bytes
from ingestion.keeping import retention
from ingestion.submissions import receipts
from languages.words import Words, languages
from marsad.diagnosis import home_looks
from tests.ingestion.keeping.forging import forge

Marsad = Callable[..., tuple[int, str, str]]
CONTENT = b"what was taken"
SIGNED = ("--reason", "it was sent by mistake", "--by", "Secretariat, statistics section")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A real home into which one file came."""
    home = Home(tmp_path / "home").open()
    sha256 = sha256_of_bytes(CONTENT)
    day = (datetime.datetime.now(tz=datetime.UTC) - datetime.timedelta(days=99)).date().isoformat()
    line = receipts.Receipt(
        "iraq_interior_ministry", sha256, ".xlsx", "accepted", 1, 1, 0, {}, "", "", day, taken=sha256
    )
    with intake_lock.lock(home):
        write_bytes(home.taken / receipts.next_submission(home, sha256), CONTENT)
        receipts.append(home, line)
    return home


@pytest.fixture
def marsad(home: Home, monkeypatch: pytest.MonkeyPatch, typed: Marsad) -> Marsad:
    monkeypatch.setenv("MARSAD_HOME", str(home.root))
    return typed


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
    named = ("--snapshot", told["snapshot"])
    code, out, _ = marsad("restore", begun, tmp_path / "new", "--key", tmp_path / "sealed", *named, "--json")
    back = json.loads(out)
    assert (code, back["snapshot"], back["files"], back["lost"]) == (0, told["snapshot"], told["files"], [])
    assert [one.sha256 for one in receipts.live_receipts(Home(tmp_path / "new"))] == [sha256_of_bytes(CONTENT)]
    assert list(receipts.verify_files(Home(tmp_path / "new"))) == []


class _Terminal(StringIO):
    """A terminal at which somebody types."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("tag", languages())
def test_a_terminal_is_told_what_would_come_and_asked_for_the_noted_name(
    marsad: Marsad, begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    name = next(begun.glob("snapshots/*")).name
    restore = ("restore", begun, tmp_path / "new", "--key", tmp_path / "ours", "--language", tag)
    monkeypatch.setattr(sys, "stdin", _Terminal("000001-0123456789abcdef0123\n"))
    code, out, err = marsad(*restore)
    assert (code, "backup_unknown" in err, name in out, (tmp_path / "new").exists()) == (1, True, False, False)
    monkeypatch.setattr(sys, "stdin", _Terminal(f" {name}\n"))
    code, out, _ = marsad(*restore)
    words = Words.load(tag)
    asked = out.index(words.text("desk.restore_name_asked"))
    for text in ("restore_no_releases", "restore_known.known"):
        assert -1 < out.index(words.text(f"desk.{text}")) < asked
    assert (code, (tmp_path / "new" / "receipts.jsonl").exists()) == (0, True)


def test_another_backup_than_the_newest_is_told_again_once_it_is_named(
    marsad: Marsad, home: Home, begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = next(begun.glob("snapshots/*")).name
    home.receipts.write_text(home.receipts.read_text() * 2)
    marsad("backup", begun)
    monkeypatch.setattr(sys, "stdin", _Terminal(f"{first}\n"))
    code, out, _ = marsad("restore", begun, tmp_path / "new", "--key", tmp_path / "ours")
    assert code == 0
    newest, named = out.index("Receipts: 2,"), out.index("Receipts: 1,")
    assert newest < out.index(first) < named


def test_the_newest_is_taken_with_its_risk_told_and_refused_where_the_register_does_not_know_it(
    marsad: Marsad, begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restore = ("--key", tmp_path / "ours", "--newest")
    name = next(begun.glob("snapshots/*")).name
    code, _, err = marsad("restore", begun, tmp_path / "new", *restore)
    assert (code, Words.load("en").text("desk.restore_newest", snapshot=name) in err) == (0, True)
    log = b'{"dataset": "four_ps_national", "version": "000001-0123456789ab"}\n'
    groups = {"readers": "audio"}
    settings = json_bytes({"format_version": 3, "invented": False, "groups": groups})
    forged = forge(begun, {"home.json": settings, "ledger/log.jsonl": log})
    code, out, err = marsad("restore", begun, tmp_path / "forged", *restore)
    assert (code, "restore_newest_unknown" in err, forged in err) == (1, True, False)
    assert not (tmp_path / "forged").exists()
    monkeypatch.setenv("MARSAD_HOME", str(tmp_path / "a machine without a home"))
    code, out, _ = marsad("restore", begun, tmp_path / "forged", *restore)
    words = Words.load("en")
    release = {"dataset": "four_ps_national", "newest": "000001-0123456789ab", "last_year": "–"}
    told = [words.text("desk.restore_releases", count=1, **release), words.text("desk.restore_known.none")]
    assert (code, [text in out for text in told]) == (0, [True, True]), "no signature says more: its number of receipts"
    assert "Receipts: 0" in out
    assert words.text("desk.restore_groups", groups="audio") in out


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
    submission = receipts.live_receipts(home)[0].submission
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
    monkeypatch.setattr(home_looks, "today", lambda: later)
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
        (("restore", begun, begun.parent, "--key", tmp_path / "ours", "--newest"), 2, "backup_inside_home"),
        (("restore", begun, tmp_path / "new", "--key", tmp_path / "none", "--newest"), 2, "backup_key_missing"),
        (("restore", begun, tmp_path / "new", "--key", tmp_path / "ours"), 2, "restore_needs_name"),
        (("restore", begun, tmp_path / "new", "--key", tmp_path / "ours", "--json"), 2, "restore_needs_name"),
        (
            ("restore", begun, tmp_path / "new", "--key", tmp_path / "ours", "--newest", "--snapshot", "x"),
            2,
            "restore_name_or_newest",
        ),
    ):
        ended, _, err = marsad(*words, *said)
        assert (ended, reason in err) == (code, True), err
        assert Words.load(tag).messages[f"refusal.{reason}.remedy"].english
    piece = next(begun.glob("pieces/*/*"))
    piece.unlink()
    ended, _, err = marsad("restore", begun, tmp_path / "new", "--key", tmp_path / "ours", "--newest", *said)
    assert (ended, "backup_damaged" in err) == (1, True)
    ended, out, _ = marsad("backup", begun, *said)
    assert ended == 1, "a schedule notices a disk that fails"
    assert Words.load(tag).text("desk.backup_harmed", count=1) in out
