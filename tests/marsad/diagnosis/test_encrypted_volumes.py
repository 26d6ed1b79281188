"""What the kernel shows of home, temporary folder and swap: encrypted, not encrypted, or not to be told."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from marsad.diagnosis.encrypted_volumes import Machine, find_unprotected

_HOME, _TEMPORARY = Path("/srv/marsad/home"), Path("/var/tmp")  # noqa: S108 - of an invented machine
_ROOT = "25 1 253:1 / / rw - ext4 /dev/mapper/root rw"
_LUKS = "CRYPT-LUKS2-0123456789abcdef-root"


@dataclass
class _Disks:
    """An invented machine: an encrypted root on `sda2`, nothing else."""

    root: Path
    mounts: list[str] = field(default_factory=lambda: [_ROOT])
    swaps: list[str] = field(default_factory=list)

    def add_disk(self, number: str, place: str, **files: str) -> None:
        """Add a block device; `place` is its folder below `sys/devices`, files are named with `_` for `/`."""
        folder = self.root / "sys/devices" / place
        for name, text in files.items():
            path = folder / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}\n")
        folder.mkdir(parents=True, exist_ok=True)
        for link in (f"sys/dev/block/{number}", f"sys/class/block/{folder.name}"):
            (self.root / link).parent.mkdir(parents=True, exist_ok=True)
            (self.root / link).symlink_to(folder)

    def add_mapped(self, minor: int, uuid: str, *slaves: str, name: str = "") -> None:
        """Add a device-mapper device on top of others."""
        self.add_disk(f"253:{minor}", f"virtual/block/dm-{minor}", dm__uuid=uuid, dm__name=name)
        self._add_slaves(f"dm-{minor}", slaves)

    def add_raid(self, *slaves: str) -> None:
        """Add `md0`, number 9:0."""
        self.add_disk("9:0", "virtual/block/md0")
        self._add_slaves("md0", slaves)

    def _add_slaves(self, name: str, slaves: tuple[str, ...]) -> None:
        folder = self.root / f"sys/devices/virtual/block/{name}/slaves"
        folder.mkdir()
        for slave in slaves:
            (folder / slave).symlink_to((self.root / "sys/class/block" / slave).resolve())

    def findings(self) -> list[tuple[str, str]]:
        """Return code and place of each finding."""
        processes = self.root / "proc"
        (processes / "self").mkdir(parents=True, exist_ok=True)
        (processes / "self/mountinfo").write_text("\n".join([*self.mounts, ""]))
        head = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority"
        (processes / "swaps").write_text("\n".join([head, *self.swaps, ""]))
        refusals = Machine(self.root).unprotected_places(_HOME, _TEMPORARY)
        return [(refusal.code, refusal.where) for refusal in refusals]


@pytest.fixture
def disks(tmp_path: Path) -> _Disks:
    machine = _Disks(tmp_path)
    machine.add_disk("8:0", "pci/block/sda")
    machine.add_disk("8:2", "pci/block/sda/sda2", partition="2")
    machine.add_disk("8:3", "pci/block/sda/sda3", partition="3")
    machine.add_mapped(1, _LUKS, "sda2", name="root")
    return machine


def test_an_encrypted_root_without_swap_is_no_finding(disks: _Disks) -> None:
    assert disks.findings() == []


@pytest.mark.parametrize(
    ("uuid", "is_encrypted"),
    [
        *(("CRYPT-LUKS1-ab-home", True), ("CRYPT-PLAIN-home", True), ("CRYPT-BITLK-ab-home", True)),
        *(("CRYPT-VERITY-ab-home", False), ("CRYPT-INTEGRITY-ab-home", False), ("LVM-ab", False), ("", False)),
    ],
)
def test_only_a_device_that_encrypts_counts_as_encrypted(disks: _Disks, uuid: str, is_encrypted: bool) -> None:
    disks.add_mapped(2, uuid, "sda3")
    disks.mounts.append("26 25 253:2 / /srv rw - ext4 /dev/mapper/home rw")
    assert disks.findings() == ([] if is_encrypted else [("volume_plain", str(_HOME))])


def test_a_partition_is_as_encrypted_as_its_disk_which_may_be_an_array_of_encrypted_disks(disks: _Disks) -> None:
    disks.mounts.append("26 25 259:0 / /srv rw - xfs /dev/md0p1 rw")
    disks.add_raid("dm-1")
    disks.add_disk("259:0", "virtual/block/md0/md0p1", partition="1")
    assert disks.findings() == []


def test_a_volume_on_an_encrypted_and_a_plain_disk_is_plain(disks: _Disks) -> None:
    disks.add_mapped(2, "LVM-ab", "dm-1", "sda3")
    disks.mounts.append("26 25 253:2 / /srv rw - ext4 /dev/mapper/vg-srv rw")
    assert disks.findings() == [("volume_plain", str(_HOME))]


def test_logical_volumes_on_an_encrypted_disk_are_encrypted_swap_too(disks: _Disks) -> None:
    disks.add_mapped(2, "LVM-ab", "dm-1")
    disks.add_mapped(3, "LVM-cd", "dm-1", name="vg-swap")
    disks.mounts.append("26 25 253:2 / /srv rw - ext4 /dev/mapper/vg-srv rw")
    disks.swaps += ["/dev/dm-3 partition 8 0 -2", "/dev/mapper/vg-swap partition 8 0 -3"]
    assert disks.findings() == []


def test_a_plain_disk_is_named_for_each_place_on_it_and_a_volume_inside_the_home_is_a_place(disks: _Disks) -> None:
    disks.mounts = ["25 1 8:3 / / rw - ext4 /dev/sda3 rw", f"26 25 253:1 / {_HOME}/build rw - ext4 /dev/mapper/root rw"]
    assert disks.findings() == [("volume_plain", str(_HOME)), ("volume_plain", str(_TEMPORARY))]
    disks.mounts = [_ROOT, f"26 25 8:3 / {_HOME}/build rw - ext4 /dev/sda3 rw"]
    assert disks.findings() == [("volume_plain", f"{_HOME}/build")]


@pytest.mark.parametrize(
    ("mount", "kind"),
    [
        ("26 25 0:40 / /srv rw - nfs4 host:/x rw", "nfs4"),
        ("26 25 0:41 / /srv rw - fuse.sshfs host:/x rw", "fuse.sshfs"),
        ("26 25 0:42 / /srv rw - overlay overlay rw", "overlay"),
        ("26 25 0:43 / /srv rw - zfs pool/srv rw", "zfs"),
        ("26 25 0:44 / /srv rw - btrfs /dev/unknown rw", "btrfs"),
        ("26 25 7:99 / /srv rw - ext4 /dev/loop99 rw", "ext4"),
    ],
)
def test_what_the_kernel_does_not_show_is_not_told_and_never_encrypted(disks: _Disks, mount: str, kind: str) -> None:
    disks.mounts.append(mount)
    assert disks.findings() == [("volume_unknown", str(_HOME))]
    [refusal] = Machine(disks.root).unprotected_places(_HOME, _TEMPORARY)
    assert refusal.arguments == {"kind": kind}


@pytest.mark.parametrize(("second", "codes"), [("dm-1", []), ("sda3", ["volume_plain"])])
def test_btrfs_is_as_encrypted_as_all_its_disks(disks: _Disks, second: str, codes: list[str]) -> None:
    disks.add_mapped(2, "CRYPT-LUKS2-ab-data", "sda3", name="data")
    for name in ("dm-2", second):
        (disks.root / "sys/fs/btrfs/ab/devices" / name).mkdir(parents=True)
    disks.mounts.append("26 25 0:44 /@srv /srv rw - btrfs /dev/mapper/data rw")
    assert [code for code, _ in disks.findings()] == codes


def test_a_loop_device_is_as_encrypted_as_the_file_behind_it(disks: _Disks) -> None:
    disks.add_disk("7:0", "virtual/block/loop0", loop__backing_file="/images/disk")
    disks.mounts.append("26 25 7:0 / /srv rw - ext4 /dev/loop0 rw")
    assert disks.findings() == []
    disks.mounts.append("27 25 8:3 / /images rw - ext4 /dev/sda3 rw")
    assert disks.findings() == [("volume_plain", str(_HOME))]


_SWAP = "/dev/sda3 partition 8388604 0 -2"
_MEMORY = "26 25 0:40 / /var/tmp rw - tmpfs tmpfs rw"


@pytest.mark.parametrize(
    ("swap", "codes"),
    [
        (_SWAP, ["swap_plain"]),
        ("/swap\\040file file 8 0 -2", []),
        ("/mnt/swapfile file 8 0 -2", ["swap_plain"]),
        ("/dev/sdz9 partition 8 0 -2", ["swap_unknown"]),
        ("/dev/mapper/unheard-of partition 8 0 -2", ["swap_unknown"]),
    ],
)
def test_swap_is_a_place_of_its_own(disks: _Disks, swap: str, codes: list[str]) -> None:
    disks.mounts.append("26 25 8:3 / /mnt rw - ext4 /dev/sda3 rw")
    disks.swaps.append(swap)
    assert [code for code, _ in disks.findings()] == codes


def test_a_folder_in_memory_is_as_encrypted_as_the_swap(disks: _Disks) -> None:
    disks.mounts.append(_MEMORY)
    assert disks.findings() == []
    disks.swaps.append(_SWAP)
    assert disks.findings() == [("volume_plain", str(_TEMPORARY)), ("swap_plain", "/dev/sda3")]
    disks.mounts[-1] = _MEMORY.replace("tmpfs", "ramfs")
    assert disks.findings() == [("swap_plain", "/dev/sda3")]


def test_zram_lies_in_memory_unless_it_writes_to_a_disk(disks: _Disks) -> None:
    disks.swaps.append("/dev/zram0 partition 8 0 100")
    disks.add_disk("252:0", "virtual/block/zram0", backing_dev="none")
    assert disks.findings() == []
    backing = disks.root / "sys/class/block/zram0/backing_dev"
    for device, codes in (("/dev/sda3", ["swap_plain"]), ("/dev/dm-1", []), ("/dev/gone", ["swap_unknown"])):
        backing.write_text(f"{device}\n")
        assert [code for code, _ in disks.findings()] == codes


def test_zswap_does_not_make_the_swap_behind_it_safe(disks: _Disks) -> None:
    enabled = disks.root / "sys/module/zswap/parameters/enabled"
    enabled.parent.mkdir(parents=True)
    enabled.write_text("Y\n")
    disks.swaps.append(_SWAP)
    assert disks.findings() == [("swap_plain", "/dev/sda3")]


def test_a_system_without_these_files_tells_nothing(tmp_path: Path) -> None:
    refusals = list(Machine(tmp_path).unprotected_places(_HOME, _TEMPORARY))
    assert [refusal.code for refusal in refusals] == ["volume_unknown", "volume_unknown", "swap_unknown"]


def test_this_machine_is_asked_without_more_rights(tmp_path: Path) -> None:
    codes = {refusal.code for refusal in find_unprotected(tmp_path)}
    assert codes <= {"volume_plain", "volume_unknown", "swap_plain", "swap_unknown"}
