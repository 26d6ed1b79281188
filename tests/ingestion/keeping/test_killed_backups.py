"""Backups and restorations that are killed at random moments: nothing is lost, nothing stands half made."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.home import Home, write_bytes
from ingestion.keeping import backup_register, restoration
from ingestion.keeping.backup import back_up
from ingestion.keeping.backup_folder import BackupFolder
from ingestion.people import machine_key
from ingestion.people.roster import SNAPSHOT
from samples import invented_people
from tests.ingestion.keeping.small_homes import kept_files, key_files, small_home

TRIALS = 20
_CHANGES = {"os.rename", "os.remove", "os.mkdir"}
_WRITING = os.O_WRONLY | os.O_RDWR


def _killed(act: Callable[[], object], change: int) -> bool:
    """Do something in a fork that is killed before its given change of a file; return whether it was."""
    child = os.fork()
    if not child:
        try:
            sys.addaudithook(_killer(change))
            act()
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _killer(change: int) -> Callable[[str, tuple[object, ...]], None]:
    left = [change]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        is_opened = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & _WRITING)
        if is_opened or event in _CHANGES:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return hook


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork.*:DeprecationWarning")
@pytest.mark.whole_home
def test_a_backup_killed_at_any_moment_is_taken_up_by_the_next(tmp_path: Path) -> None:
    home, place, keys = small_home(tmp_path / "home"), tmp_path / "disk", key_files(tmp_path / "keys")
    with home.lock("test"):
        signers = invented_people.found(home).allowed_signers()
    chance, killed = random.Random(13), 0
    for trial in range(TRIALS):
        write_bytes(home.prose / "today.md", f"trial {trial}".encode())
        first = keys.public if trial == 0 or not backup_register.standing_backups(home) else None
        was_killed = _killed(lambda first=first: back_up(home, place, first), chance.randint(1, 70 if first else 30))
        killed += was_killed
        stood = [line.snapshot for line in backup_register.standing_backups(home)]
        assert set(BackupFolder(place).snapshots()) <= set(stood), "a withdrawal would miss it"
        report = back_up(home, place, keys.public)
        assert report.harmed == []
        assert set(report.missing) <= set(stood[-1:])
        assert BackupFolder(place).snapshots() == [line.snapshot for line in backup_register.standing_backups(home)]
        assert [*place.rglob("*.tmp"), *home.backups.glob("unfinished*")] == []
        for name in BackupFolder(place).snapshots():
            machine_key.refuse_unsigned(BackupFolder(place).path_of(name), SNAPSHOT, signers)
        assert len(list(place.glob("snapshots/*.sig"))) == len(BackupFolder(place).snapshots())
    assert killed > TRIALS // 2
    restoration.restore(place, tmp_path / "new", keys.recovery)
    assert kept_files(Home(tmp_path / "new")) == kept_files(home)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork.*:DeprecationWarning")
@pytest.mark.whole_home
def test_a_restoration_killed_at_any_moment_leaves_no_half_home(tmp_path: Path) -> None:
    home, place, keys = small_home(tmp_path / "home"), tmp_path / "disk", key_files(tmp_path / "keys")
    back_up(home, place, keys.public)
    chance, killed, expected = random.Random(14), 0, kept_files(home)
    for trial in range(TRIALS):
        root = tmp_path / f"new{trial}"
        killed += _killed(lambda root=root: restoration.restore(place, root, keys.recovery), chance.randint(1, 60))
        if root.exists():
            assert kept_files(Home(root)) == expected
            continue
        restoration.restore(place, root, keys.recovery)
        assert kept_files(Home(root)) == expected
        assert not list(tmp_path.glob(".new*"))
    assert killed > TRIALS // 2
