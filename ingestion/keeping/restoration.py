"""Bringing a home back from a backup: whole or not at all, every part held against its hash.

Belongs here: reading a backup with a secret key into a new folder. Does not belong here: making one (`backup.py`), or
what can be made again: `marsad build` does.

The home is written beside its place, hidden, and appears by one rename: a killed process leaves no half home.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from ingestion import access, leftovers
from ingestion.home import Home, json_bytes, sha256_of_bytes, sync_folder
from ingestion.home_settings import NAME, read_settings
from ingestion.keeping import backup_register
from ingestion.keeping.backup_folder import BackupFolder, FolderMark
from ingestion.keeping.backup_keys import SecretKeys
from ingestion.keeping.backup_register import BackupLine, Contents
from ingestion.storage import naming
from languages.refusal import Refusal


@dataclass(frozen=True)
class RestorationReport:
    """What came back.

    Args:
        snapshot: the name of the backup.
        at: when it was made, ISO.
        files: how many came back.
        bytes: of them.
        lost: paths of files that are damaged in the backup, and did not come back.
        newer: names of backups that were made later.
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
    """Bring a home back into a new folder.

    Args:
        place: the folder of backups.
        root: of the new home: a folder that is not there yet, or an empty one.
        secret: file with a secret key.
        snapshot: name of the backup; the newest if empty.
        partial: bring back what is sound, and leave out what is damaged in the backup.
        tell: is told each step.

    Raises:
        Refusal: `restore_not_empty`, `backup_inside_home`, `backup_none`, `backup_newer`, `backup_unknown`,
            `backup_key_missing`, `backup_key_unreadable`, `backup_key_wrong`, `backup_damaged` naming the first file,
            `backup_mixed`.
        OSError: what the disk says no to, naming the file (`storage.refusal_of`).
    """
    place, root = place.resolve(), root.resolve()
    if root.is_relative_to(place) or place.is_relative_to(root):
        raise Refusal("backup_inside_home", where=str(root))
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise Refusal("restore_not_empty", where=str(root))
    folder, keys = BackupFolder(place), SecretKeys(secret)
    mark = folder.mark()
    if mark is None:
        raise Refusal("backup_none", where=str(place))
    name = folder.named(snapshot)
    contents, data = _contents(folder, name, keys, mark)
    tell("restore: files are read and held against their hashes")
    _sweep(root)
    staging = root.with_name(f".{root.name}.{os.getpid()}.tmp")
    try:
        report = _Restoration(folder, keys, contents, staging).run(name, partial=partial)
        _complete(Home(staging), contents, name, data)
        _put_in_place(staging, root)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return report


def _contents(folder: BackupFolder, name: str, keys: SecretKeys, mark: FolderMark) -> tuple[Contents, bytes]:
    """Return the list of a backup, and its bytes.

    What stands in the folder in clear could be anybody's: the encrypted list says whose it is, and for which keys.
    """
    data = keys.decrypt(folder.encrypted_list(name))
    contents = Contents.read(data, name)
    line = contents.line
    said = FolderMark(line["home"], line["folder"], contents.invented, line["task_force"], line["recovery"])
    if json_bytes(asdict(said)) != json_bytes(asdict(mark)):
        raise Refusal("backup_damaged", where=str(folder.root), count=1)
    if any(not _is_inside(path) for path in contents.files):
        raise Refusal("backup_damaged", where=name, count=1)
    return contents, data


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts


def _sweep(root: Path) -> None:
    """Remove what killed restorations left beside the place of the home."""
    for path in root.parent.glob(f".{root.name}.*.tmp"):
        if leftovers.is_left(path):
            shutil.rmtree(path)


def _complete(home: Home, contents: Contents, snapshot: str, data: bytes) -> None:
    """Let the new home know the backup that it came from, as the old one does, and give each place its rights."""
    settings = read_settings(home.root)
    if settings is None or settings.invented != contents.invented:
        raise Refusal("backup_mixed" if settings else "backup_damaged", where=NAME, count=1)
    backup_register.keep_list(home, snapshot, data)
    known = {"snapshot": snapshot, "list_sha256": sha256_of_bytes(data)}
    backup_register.append(home, BackupLine(**{**contents.line, **known}))  # pyright: ignore[reportArgumentType] - `event` is checked by reading it
    access.mend(home.root, settings)


def _put_in_place(staging: Path, root: Path) -> None:
    root.parent.mkdir(parents=True, exist_ok=True)
    try:
        staging.replace(root)  # onto an empty folder, too
    except OSError as error:
        if root.exists() and any(root.iterdir()):
            raise Refusal("restore_not_empty", where=str(root)) from error
        raise
    sync_folder(root.parent)


class _Restoration:
    """One restoration in the making."""

    def __init__(self, folder: BackupFolder, keys: SecretKeys, contents: Contents, staging: Path) -> None:
        self._folder, self._keys, self._contents, self._staging = folder, keys, contents, staging

    def run(self, name: str, *, partial: bool) -> RestorationReport:
        lost: list[str] = []
        size = 0
        self._staging.mkdir(parents=True, mode=0o700)
        for path, parts in sorted(self._contents.files.items()):
            written = self._write(path, parts)
            if written is None:
                lost.append(path)
            size += written or 0
        if lost and not partial:
            raise Refusal("backup_damaged", where=lost[0], count=len(lost))
        for folder, _, _ in os.walk(self._staging):
            sync_folder(Path(folder))
        names = self._folder.snapshots()
        return RestorationReport(
            snapshot=name,
            at=self._contents.line["at"],
            files=len(self._contents.files) - len(lost),
            bytes=size,
            lost=lost,
            newer=names[names.index(name) + 1 :],
        )

    def _write(self, path: str, parts: list[str]) -> int | None:
        """Write a file, forced to disk; return its size in bytes, None (and no file) if something of it is damaged."""
        target = self._staging / path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        whole, size = hashlib.sha256(), 0
        try:
            with naming(target), open(target, "xb", opener=_private) as stream:
                for part in parts:
                    data = self._part(part)
                    whole.update(data)
                    size += stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            if whole.hexdigest() == self._contents.sha256[path]:
                return size
        except Refusal as refusal:
            if refusal.code not in ("file_missing", "bytes_changed"):
                raise
        target.unlink()
        return None

    def _part(self, part: str) -> bytes:
        piece = self._contents.pieces.get(part)
        data = self._keys.decrypt(self._folder.piece(piece)) if piece else b""
        if sha256_of_bytes(data) != part:
            raise Refusal("bytes_changed", where=part)
        return data


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
