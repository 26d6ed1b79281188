"""File systems: whether the one under a home supports locks that every writer sees.

Belongs here: which file systems a folder lies on, and the test of their locks. Does not belong here: holding a lock
(`writer_lock.py`), or errors of a disk (`storage.py`).
"""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from languages.refusal import Refusal

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = frozenset(
    (
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre", "gpfs", "beegfs", "glusterfs"),
        *("fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.rclone", "fuse.s3fs", "fuse.davfs", "davfs", "ncpfs"),
    )
)
_LOCKS_OF_ONE_MACHINE = frozenset(("nolock", "nobrl", "local_lock=all", "local_lock=flock", "localflock"))
"""Mount options by which each machine sees only its own locks."""

_TRY = (
    "import fcntl, os, sys\n"
    "try: fcntl.flock(os.open(sys.argv[1], os.O_RDWR), fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
    "except OSError: sys.exit(3)\n"
)
_BUSY = 3


@dataclass(frozen=True)
class Mount:
    """The file system under a folder.

    Args:
        kind: as the kernel calls it, e.g. `ext4`, `nfs4`.
        options: of the mount and of the file system.
        device: its number, e.g. `254:0`; `0:…` where it is no block device.
        source: what was mounted, e.g. `/dev/mapper/home`.
    """

    kind: str
    options: frozenset[str]
    device: str = ""
    source: str = ""


def check_locks(root: Path) -> Iterator[Refusal]:
    """Yield what is wrong with the file system of a home: `locks_missing`, `home_on_network`; nothing if it is sound.

    A network file system is accepted if its locks pass the test and its mount options do not limit them to one machine.
    """
    mount = mount_of(root)
    passed = locks_hold(root)
    if mount and mount.kind in _NETWORK and (passed is not True or mount.options & _LOCKS_OF_ONE_MACHINE):
        yield Refusal("home_on_network", where=str(root), kind=mount.kind)
    elif passed is False:
        yield Refusal("locks_missing", where=str(root))


def mount_of(root: Path, mounts: Path = _MOUNTS) -> Mount | None:
    """Return the mount on which `root` lies; None where the system does not tell."""
    return mounts_within(root, mounts).get(root.resolve())


def mounts_within(root: Path, mounts: Path = _MOUNTS) -> dict[Path, Mount]:
    """Return the mount on which `root` lies, by `root`, and those inside it by their places; {} if none is told."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return {}
    root = root.resolve()
    above, inside = dict[Path, Mount](), dict[Path, Mount]()
    for line in lines:
        own, _, rest = line.partition(" - ")
        fields, others = own.split(" "), rest.split(" ")
        options = frozenset([*fields[5].split(","), *others[-1].split(",")])
        mount = Mount(others[0], options, device=fields[2], source=unescape(others[1]))
        place = Path(unescape(fields[4]))
        if root.is_relative_to(place):  # a later mount at the same path covers the earlier one
            above[place] = mount
        elif place.is_relative_to(root):
            inside[place] = mount
    return {root: above[max(above, key=lambda place: len(place.parts))], **inside} if above else inside


def unescape(path: str) -> str:
    """Return a path of `/proc`, in which the kernel writes blanks and backslashes as octal numbers."""
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), path)


def locks_hold(root: Path) -> bool | None:
    """Return whether a second process is blocked by the lock of a first one, and gets it once that has let go.

    Returns:
        None if nothing can be written.
    """
    path = root / f".locks.{os.getpid()}.tmp"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_met = _try(path) == _BUSY
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        return is_met and _try(path) == 0
    except OSError:
        return False
    finally:
        os.close(descriptor)
        path.unlink(missing_ok=True)


def _try(path: Path) -> int:
    """Return the exit code of another process that tries to take the lock."""
    return subprocess.run([sys.executable, "-I", "-c", _TRY, path], check=False, timeout=60).returncode  # noqa: S603 - our own words
