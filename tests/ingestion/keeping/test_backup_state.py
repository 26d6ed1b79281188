"""What the doctor asks of backups and of what is kept: too old, never made, gone, changed, kept too long."""

from __future__ import annotations

import datetime
import os
import shutil
from pathlib import Path

import pytest

from ingestion import intake_lock
from ingestion.home import Home, write_bytes
from ingestion.keeping import backup_register, backup_state, retention
from ingestion.keeping.backup import back_up
from ingestion.submissions import receipts
from languages.refusal import Refusal
from tests.ingestion.keeping.small_homes import flip, key_files

DAY = datetime.date(2026, 3, 1)
NOW = datetime.datetime(2026, 3, 1, 23, tzinfo=datetime.UTC)
LIMIT = retention.card().backups.every_days


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return _with_a_receipt(Home(tmp_path / "home").open())


def _with_a_receipt(home: Home) -> Home:
    line = receipts.Receipt(
        "iraq_interior_ministry", "0" * 64, ".xlsx", "accepted", 1, 1, 0, {}, "", "", DAY.isoformat()
    )
    with intake_lock.lock(home):
        receipts.append(home, line)
    return home


def _told(home: Home, days: int) -> list[tuple[str, object]]:
    found = backup_state.backup_problems(home, DAY + datetime.timedelta(days=days))
    return [(one.code, one.arguments.get("days")) for one in found]


@pytest.mark.parametrize(("days", "told"), [(LIMIT, []), (LIMIT + 1, [("backup_never", LIMIT + 1)])])
def test_a_home_that_was_never_backed_up_is_told_once_files_came(
    home: Home, days: int, told: list[tuple[str, int]]
) -> None:
    assert _told(home, days) == told
    assert _told(Home(home.root.with_name("empty")).open(), 99) == []


@pytest.mark.parametrize(("days", "told"), [(LIMIT, []), (LIMIT + 1, [("backup_late", LIMIT + 1)])])
def test_a_last_backup_is_too_old_a_day_after_the_rhythm_of_the_card(
    home: Home, tmp_path: Path, days: int, told: list[tuple[str, int]]
) -> None:
    back_up(home, tmp_path / "disk", key_files(tmp_path / "keys").public, now=NOW)
    assert _told(home, days) == told


def test_the_newest_backup_of_any_disk_counts_and_a_disk_that_is_away_is_no_fault(home: Home, tmp_path: Path) -> None:
    keys = key_files(tmp_path / "keys").public
    back_up(home, tmp_path / "a", keys, now=NOW)
    back_up(home, tmp_path / "b", keys, now=NOW + datetime.timedelta(days=LIMIT))
    back_up(home, tmp_path / "a", now=NOW + datetime.timedelta(days=1))
    shutil.rmtree(tmp_path / "a")
    assert _told(home, LIMIT + 1) == []


def test_a_home_of_invented_files_needs_no_backup(tmp_path: Path) -> None:
    assert _told(_with_a_receipt(Home(tmp_path / "home").open(invented=True)), 999) == []


def test_a_last_backup_that_is_gone_and_a_changed_list_are_told(home: Home, tmp_path: Path) -> None:
    report = back_up(home, tmp_path / "disk", key_files(tmp_path / "keys").public, now=NOW)
    (tmp_path / "disk" / "snapshots" / report.snapshot).unlink()
    flip(backup_register.list_path(home, report.snapshot))
    assert [code for code, _ in _told(home, 0)] == ["bytes_changed", "backup_gone"]
    backup_register.list_path(home, report.snapshot).unlink()
    assert [code for code, _ in _told(home, 0)] == ["file_missing", "backup_gone"]


@pytest.mark.parametrize("harm", [lambda path: path.write_bytes(b""), lambda path: path.unlink(), flip])
def test_a_register_that_was_cut_lost_or_changed_is_told(home: Home, tmp_path: Path, harm: object) -> None:
    back_up(home, tmp_path / "disk", key_files(tmp_path / "keys").public, now=NOW)
    harm(backup_register.register_path(home))  # type: ignore[operator]
    with pytest.raises(Refusal, match="backups_broken"):
        _told(home, 0)


def _kept(home: Home, days: int) -> list[tuple[str, object]]:
    today = datetime.datetime.now(tz=datetime.UTC).date()
    found = backup_state.find_kept_too_long(home, today + datetime.timedelta(days=days))
    return [(one.code, one.arguments["count"]) for one in found]


def test_a_copy_in_the_inbox_is_told_after_the_days_of_the_card(home: Home) -> None:
    days = retention.card().classes["inbox"].kept
    assert isinstance(days, int)
    dropped = home.inbox / "iraq_interior_ministry" / "export.xlsx"
    write_bytes(dropped, b"x")
    os.utime(dropped, (0, 0))  # copied with the date of its making: it came today all the same
    assert _kept(home, days) == []
    assert _kept(home, days + 1) == [("kept_too_long", 1)]


def test_files_that_nobody_decided_about_are_told(home: Home) -> None:
    (home.root / "names.xlsx").write_bytes(b"x")
    assert _kept(home, 0) == [("file_unclassified", 1)]
