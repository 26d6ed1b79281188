"""Where a home may lie: on a file system whose locks every writer sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion import file_systems
from ingestion.file_systems import Mount, check_locks, locks_hold, mount_of

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
30 22 0:31 / /srv rw,relatime shared:2 - xfs /dev/vdb rw
31 30 0:40 / /srv/on\\040the\\040net rw,nosuid shared:3 master:1 - nfs4 host:/x rw,vers=4.2,local_lock=none
32 30 0:41 / /srv/over rw - ext4 /dev/vdc rw
33 30 0:42 / /srv/over rw - cifs //host/x rw,nobrl
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mountinfo"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/elsewhere/home", "ext4"),
        ("/srv", "xfs"),
        ("/srv/marsad/home", "xfs"),
        ("/srv/on the net", "nfs4"),
        ("/srv/on the net/home", "nfs4"),
        ("/srv/on the network", "xfs"),
        ("/srv/over/home", "cifs"),
    ],
)
def test_the_file_system_of_a_place_is_that_of_the_nearest_mount(mounts: Path, place: str, kind: str) -> None:
    found = mount_of(Path(place), mounts)
    assert found and found.kind == kind


def test_a_system_that_does_not_tell_its_mounts_is_not_blamed(tmp_path: Path) -> None:
    assert mount_of(tmp_path, tmp_path / "nowhere") is None


def test_locks_of_this_machines_disk_hold_and_the_test_leaves_nothing(tmp_path: Path) -> None:
    assert locks_hold(tmp_path) is True
    assert list(tmp_path.iterdir()) == []
    assert list(check_locks(tmp_path)) == []


def test_locks_that_a_second_process_does_not_meet_fail_the_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_systems.fcntl, "flock", lambda *_arguments: None)  # ours; the other process has its own
    assert locks_hold(tmp_path) is False
    assert [one.code for one in check_locks(tmp_path)] == ["locks_missing"]


def test_locks_that_the_file_system_does_not_know_fail_the_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(*_arguments: object) -> None:
        raise OSError(38, "no locks")

    monkeypatch.setattr(file_systems.fcntl, "flock", flock)
    assert locks_hold(tmp_path) is False
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "options", "passed", "codes"),
    [
        ("nfs4", {"rw", "local_lock=none"}, True, []),
        ("nfs4", {"rw", "local_lock=none"}, False, ["home_on_network"]),
        ("nfs4", {"rw", "local_lock=none"}, None, ["home_on_network"]),
        ("nfs", {"rw", "nolock"}, True, ["home_on_network"]),
        ("nfs", {"rw", "local_lock=flock"}, True, ["home_on_network"]),
        ("cifs", {"rw", "nobrl"}, True, ["home_on_network"]),
        ("fuse.sshfs", {"rw"}, False, ["home_on_network"]),
        ("ext4", {"rw"}, True, []),
        ("ext4", {"ro"}, None, []),
        ("vfat", {"rw"}, False, ["locks_missing"]),
    ],
)
def test_a_network_file_system_is_refused_unless_its_locks_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, options: set[str], passed: bool | None, codes: list[str]
) -> None:
    monkeypatch.setattr(file_systems, "mount_of", lambda _root: Mount(kind, frozenset(options)))
    monkeypatch.setattr(file_systems, "locks_hold", lambda _root: passed)
    assert [one.code for one in check_locks(tmp_path)] == codes


def test_a_place_that_cannot_be_written_is_not_tested(tmp_path: Path) -> None:
    assert locks_hold(tmp_path / "nowhere") is None
