"""Whether what a home holds lies encrypted on its disk: the home itself, the temporary folder, the swap.

Belongs here: following a place of Linux down to its disks (mounts, device-mapper, LVM, RAID, loop devices, swap), by
what the kernel shows without rights. Does not belong here: encrypting anything (`docs/runbook.md` sets up LUKS).

What a system does not show is reported as unknown, never taken for encrypted. Encryption below the machine (a
self-encrypting disk, the host of a virtual machine) is not shown, and counts as none seen.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from ingestion.file_systems import Mount, mount_of, mounts_within, unescape
from languages.refusal import Refusal

_CIPHERS = ("LUKS1", "LUKS2", "PLAIN", "TCRYPT", "LOOPAES", "BITLK", "FVAULT2")
"""The kinds of dm-crypt volumes, as in `CRYPT-LUKS2-...`; `CRYPT-VERITY` and `CRYPT-INTEGRITY` encrypt nothing."""


class Protection(IntEnum):
    """What is known of a place, the worst last: a place on several disks is as protected as the worst of them."""

    MEMORY = 0
    ENCRYPTED = 1
    UNKNOWN = 2
    PLAIN = 3


@dataclass(frozen=True)
class Machine:
    """What the kernel of a machine says of its volumes.

    Args:
        system: folder in which `proc` and `sys` lie.
    """

    system: Path = Path("/")

    def unprotected_places(self, home: Path, temporary: Path) -> Iterator[Refusal]:
        """Yield what lies on a volume without encryption, and what cannot be told.

        Args:
            home: a data home; volumes that are mounted inside it count as parts of it.
            temporary: the folder of temporary files.

        Yields:
            `volume_plain`, `volume_unknown` for the two folders; `swap_plain`, `swap_unknown` for each swap.
        """
        home, temporary = home.resolve(), temporary.resolve()
        mounts = mounts_within(home, self._mounts)
        for path, mount in {
            home: mounts.pop(home, None),
            temporary: mount_of(temporary, self._mounts),
            **mounts,
        }.items():
            protection = self._of_mount(mount)
            if protection is Protection.PLAIN:
                yield Refusal("volume_plain", where=str(path), device=mount.source if mount else "")
            elif protection is Protection.UNKNOWN:
                yield Refusal("volume_unknown", where=str(path), kind=mount.kind if mount else str(self._mounts))
        for swap, protection in self._swaps().items():
            if protection is Protection.PLAIN:
                yield Refusal("swap_plain", where=swap)
            elif protection is Protection.UNKNOWN:
                yield Refusal("swap_unknown", where=swap)

    @property
    def _mounts(self) -> Path:
        return self.system / "proc/self/mountinfo"

    def _of_mount(self, mount: Mount | None) -> Protection:
        if mount is None:
            return Protection.UNKNOWN
        if mount.kind == "ramfs":
            return Protection.MEMORY
        if mount.kind == "tmpfs":  # lies in memory, and is swapped out like everything there
            return max(self._swaps().values(), default=Protection.MEMORY)
        if mount.kind == "btrfs":  # its device numbers are of no disk
            return self._of_btrfs(mount.source)
        if mount.device.startswith("0:"):  # on no disk of this machine: network, overlay, ZFS, FUSE
            return Protection.UNKNOWN
        return self._of_device(self.system / "sys/dev/block" / mount.device)

    def _of_btrfs(self, source: str) -> Protection:
        device = self._named_device(source)
        if device is None:
            return Protection.UNKNOWN
        for members in (self.system / "sys/fs/btrfs").glob("*/devices"):
            names = [member.name for member in members.iterdir()]
            if device.name in names:
                return self._worst_of(self.system / "sys/class/block" / name for name in names)
        return Protection.UNKNOWN

    def _swaps(self) -> dict[str, Protection]:
        """Return the protection of each swap by its name.

        zswap changes nothing: it only delays what goes to the swap behind it.
        """
        try:
            lines = (self.system / "proc/swaps").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        except OSError:
            return {"/proc/swaps": Protection.UNKNOWN}
        swaps: dict[str, Protection] = {}
        for name, kind, *_ in map(str.split, lines[1:]):
            path = unescape(name)
            if kind == "file":
                swaps[path] = self._of_file(Path(path.removesuffix(" (deleted)")))
            else:
                device = self._named_device(path)
                swaps[path] = self._of_device(device) if device else Protection.UNKNOWN
        return swaps

    def _of_file(self, path: Path) -> Protection:
        return self._of_mount(mount_of(path, self._mounts))

    def _named_device(self, path: str) -> Path | None:
        """Return the folder of a block device in /sys by its path in /dev; None where /sys does not know it."""
        devices = self.system / "sys/class/block"
        name = Path(path).name
        if path.startswith("/dev/mapper/"):
            mapped = (file.parent.parent for file in devices.glob("*/dm/name") if _text(file) == name)
            return next(mapped, None)
        return devices / name if (devices / name).exists() else None

    def _of_device(self, device: Path) -> Protection:
        """Return the protection of a block device: its own, else that of what it is made of."""
        if not device.exists():
            return Protection.UNKNOWN
        device = device.resolve()
        family, _, rest = _text(device / "dm/uuid").partition("-")
        if family == "CRYPT" and rest.partition("-")[0] in _CIPHERS:
            return Protection.ENCRYPTED
        if device.name.startswith("zram"):  # in memory, unless it writes what is idle to a disk
            behind = _text(device / "backing_dev")
            if behind in ("", "none"):
                return Protection.MEMORY
            named = self._named_device(behind)
            return self._of_device(named) if named else Protection.UNKNOWN
        if behind := _text(device / "loop/backing_file"):
            return self._of_file(Path(behind))
        if (device / "partition").exists():
            return self._of_device(device.parent)
        slaves = device / "slaves"
        below = [*slaves.iterdir()] if slaves.is_dir() else []
        return self._worst_of(below) if below else Protection.PLAIN

    def _worst_of(self, devices: Iterable[Path]) -> Protection:
        return max(map(self._of_device, devices), default=Protection.UNKNOWN)


def find_unprotected(home: Path) -> Iterator[Refusal]:
    """Yield which of home, temporary folder and swap of this machine are not seen to be encrypted."""
    yield from Machine().unprotected_places(home, Path(tempfile.gettempdir()))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape").strip()
    except OSError:
        return ""
