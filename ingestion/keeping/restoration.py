"""Restoring a home from a backup: whole or not at all, every part checked against its hash.

Belongs here: writing the contents of an opened backup into a new folder. Does not belong here: making one
(`backup.py`), opening one and what is refused in it (`opened_backup.py`), or what `marsad build` can rebuild.

The home is written under a hidden name next to its place and appears by one rename: a killed process leaves no half
home.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingestion import access, leftovers
from ingestion.home import Home, open_private, sync_folder
from ingestion.home_settings import NAME, HomeSettings
from ingestion.keeping import backup_register
from ingestion.keeping.opened_backup import OpenedBackup
from ingestion.storage import naming
from languages.refusal import Refusal


@dataclass(frozen=True)
class RestorationReport:
    """The result of a restoration.

    Args:
        snapshot: the name of the backup.
        at: when it was made, ISO.
        files: how many were restored.
        bytes: of those files.
        lost: paths of files that are damaged in the backup, and were not restored.
        newer: names of later backups.
    """

    snapshot: str
    at: str
    files: int
    bytes: int
    lost: list[str]
    newer: list[str]


def restore(
    place: Path,
    root: Path,
    secret: Path,
    *,
    snapshot: str = "",
    partial: bool = False,
    tell: Callable[[str], None] = lambda _step: None,
) -> RestorationReport:
    """Restore a home into a new folder.

    Args:
        place: the folder of backups.
        root: of the new home: a folder that does not exist yet, or an empty one.
        secret: file with a secret key.
        snapshot: name of the backup; the newest if empty, whoever made it: the caller has warned of that risk.
        partial: restore what is sound, and leave out what is damaged in the backup.
        tell: called with each step.

    Raises:
        Refusal: as `open_for_restoration` and `bring_back`.
        OSError: as `bring_back`.
    """
    return bring_back(open_for_restoration(root, place, secret, snapshot), root, partial=partial, tell=tell)


def open_for_restoration(
    root: Path, place: Path, secret: Path, snapshot: str = "", allowed_signers: str = ""
) -> OpenedBackup:
    """Open a backup that is to be restored into the new folder `root`.

    Raises:
        Refusal: `restore_not_empty`, `backup_inside_home`, or as `OpenedBackup`.
    """
    place, root = place.resolve(), root.resolve()
    if root.is_relative_to(place) or place.is_relative_to(root):
        raise Refusal("backup_inside_home", where=str(root))
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise Refusal("restore_not_empty", where=str(root))
    return OpenedBackup(place, secret, snapshot, allowed_signers)


def bring_back(
    backup: OpenedBackup,
    root: Path,
    *,
    partial: bool = False,
    tell: Callable[[str], None] = lambda _step: None,
) -> RestorationReport:
    """Restore a home from an opened backup into a new folder.

    Args:
        backup: opened for this folder.
        root: of the new home.
        partial: restore what is sound, and leave out what is damaged in the backup.
        tell: called with each step.

    Raises:
        Refusal: `restore_not_empty`, `backup_damaged` naming the first file, `backup_mixed`, `backup_newer`,
            `disk_full` before anything is written.
        OSError: a disk error, naming the file (`storage.refusal_of`).
    """
    root = root.resolve()
    tell("restore: files are read and held against their hashes")
    _sweep(root)
    settings = backup.settings()
    if settings.invented != backup.contents.invented:
        raise Refusal("backup_mixed", where=NAME)
    _refuse_too_much(backup, root)
    staging = root.with_name(f".{root.name}.{os.getpid()}.tmp")
    try:
        report = _Restoration(backup, staging).run(partial=partial)
        _complete(Home(staging), backup, settings)
        _put_in_place(staging, root)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return report


def _sweep(root: Path) -> None:
    """Remove what killed restorations left next to the place of the home."""
    for path in root.parent.glob(f".{root.name}.*.tmp"):
        if leftovers.is_left(path):
            shutil.rmtree(path)


def _refuse_too_much(backup: OpenedBackup, root: Path) -> None:
    """Refuse a backup that does not fit on the disk: a forged list can claim any number of bytes."""
    disk = next(folder for folder in root.parents if folder.is_dir())
    if backup.most_bytes > shutil.disk_usage(disk).free:
        raise Refusal("disk_full", where=str(root))


def _complete(home: Home, backup: OpenedBackup, settings: HomeSettings) -> None:
    """Record in the new home the backup that it came from, as the old one did, and set all permissions."""
    backup_register.keep_list(home, backup.name, backup.data)
    backup_register.append(home, backup.line)
    access.mend(home.root, settings)


def _put_in_place(staging: Path, root: Path) -> None:
    root.parent.mkdir(parents=True, exist_ok=True)
    try:
        staging.replace(root)  # also onto an empty folder
    except OSError as error:
        if root.exists() and any(root.iterdir()):
            raise Refusal("restore_not_empty", where=str(root)) from error
        raise
    sync_folder(root.parent)


class _Restoration:
    """One restoration in progress."""

    def __init__(self, backup: OpenedBackup, staging: Path) -> None:
        self._backup, self._staging = backup, staging

    def run(self, *, partial: bool) -> RestorationReport:
        lost: list[str] = []
        size = 0
        self._staging.mkdir(parents=True, mode=0o700)
        for path in sorted(self._backup.contents.files):
            written = self._write(path)
            if written is None:
                lost.append(path)
            size += written or 0
        if lost and not partial:
            raise Refusal("backup_damaged", where=lost[0], count=len(lost))
        for folder, _, _ in os.walk(self._staging):
            sync_folder(Path(folder))
        return RestorationReport(
            snapshot=self._backup.name,
            at=self._backup.line.at,
            files=len(self._backup.contents.files) - len(lost),
            bytes=size,
            lost=lost,
            newer=self._backup.newer,
        )

    def _write(self, path: str) -> int | None:
        """Write a file, forced to disk; return its size in bytes, None (and no file) if any part of it is damaged."""
        target = self._staging / path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        size = 0
        try:
            with naming(target), open(target, "xb", opener=open_private) as stream:
                for data in self._backup.parts(path):
                    size += stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        except Refusal as refusal:
            if refusal.code not in ("file_missing", "bytes_changed"):
                raise
            target.unlink()
            return None
        return size
