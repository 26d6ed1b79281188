"""The folder of backups on another disk: encrypted pieces and lists, each named by the hash of its own bytes.

    marsad-backup.json              whose it is, and for which public keys; nothing about what it holds
    pieces/<2 digits>/<sha256>      a part of a file, encrypted
    snapshots/<number>-<12 digits>  the list of one backup, encrypted

Belongs here: writing and reading these so that a killed process leaves nothing half-made, and finding harmed ones
without any key. Does not belong here: what goes into a backup (`backup.py`), bringing it back (`restoration.py`).

It may be a disk that knows no rights of Unix: none are set here, what lies here is encrypted.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ingestion.home import json_bytes, read_verified, sha256_of, sha256_of_bytes, sync_folder
from ingestion.keeping.backup_keys import BackupKeys
from ingestion.keeping.backup_register import FORMAT
from ingestion.storage import naming
from ingestion.text.folding import nearest_or_all
from languages.refusal import Refusal

_MARK = "marsad-backup.json"
_TEMPORARY = ".tmp"


@dataclass(frozen=True)
class FolderMark:
    """What `marsad-backup.json` says.

    Args:
        home: the invented name of the home that it belongs to.
        folder: its own.
        invented: whether that home holds invented files.
        task_force: public key.
        recovery: public key.
        format: of the folder.
    """

    home: str
    folder: str
    invented: bool
    task_force: str
    recovery: str
    format: int = FORMAT

    @property
    def keys(self) -> BackupKeys:
        """The public keys."""
        return BackupKeys(self.task_force, self.recovery)


class BackupFolder:
    """A folder of backups.

    Args:
        root: where it is today.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._snapshots = root / "snapshots"
        self._pieces = root / "pieces"

    def begin(self, mark: FolderMark) -> None:
        """Make a new folder of backups, at a place where there is nothing yet.

        Raises:
            Refusal: `backup_place_taken`.
        """
        if self.root.exists() and (not self.root.is_dir() or any(self._not_ours())):
            raise Refusal("backup_place_taken", where=str(self.root))
        for folder in (self.root, self._pieces, self._snapshots):
            folder.mkdir(exist_ok=True, parents=True)
        _put(self.root / _MARK, json_bytes(asdict(mark)))
        sync_folder(self.root)

    def mark(self) -> FolderMark | None:
        """Return what the folder says of itself, None where there is no folder of backups.

        Raises:
            Refusal: `backup_damaged` for a mark of which a byte has changed, `backup_newer`.
        """
        path = self.root / _MARK
        if not path.is_file():
            return None
        data = path.read_bytes()
        try:
            content = json.loads(data)
            found = FolderMark(**content)
        except (ValueError, TypeError) as error:
            raise Refusal("backup_damaged", where=str(path), count=1) from error
        if found.format != FORMAT:
            raise Refusal("backup_newer", where=str(path), found=str(found.format))
        if json_bytes(asdict(found)) != data:
            raise Refusal("backup_damaged", where=str(path), count=1)
        return found

    def snapshots(self) -> list[str]:
        """Return the names of the backups, oldest first."""
        found = [path.name for path in self._snapshots.glob("[0-9]*-*") if path.name.partition("-")[0].isdigit()]
        return sorted(found, key=lambda name: (int(name.partition("-")[0]), name))

    def named(self, snapshot: str) -> str:
        """Return the name of a backup that is there; of the newest if none is named.

        Raises:
            Refusal: `backup_unknown`, with the nearest name.
        """
        found = self.snapshots()
        if not found or (snapshot and snapshot not in found):
            raise Refusal("backup_unknown", where=snapshot or str(self.root), nearest=nearest_or_all(snapshot, found))
        return snapshot or found[-1]

    def encrypted_list(self, snapshot: str) -> bytes:
        """Return the encrypted list of a backup.

        Raises:
            Refusal: `backup_damaged` if it is not what its name says.
        """
        path = self._snapshots / snapshot
        data = path.read_bytes() if path.is_file() else b""
        if sha256_of_bytes(data)[:12] != snapshot.rpartition("-")[2]:
            raise Refusal("backup_damaged", where=str(path), count=1)
        return data

    def has_sound_list(self, snapshot: str) -> bool:
        """Return whether the encrypted list of a backup is what its name says."""
        try:
            self.encrypted_list(snapshot)
        except Refusal:
            return False
        return True

    def prepare(self, data: bytes) -> Path:
        """Write the encrypted list of a backup beside its place, forced to disk; `commit` puts it there."""
        return _write(self._snapshots / f".list{_TEMPORARY}", data)

    def commit(self, prepared: Path, snapshot: str) -> None:
        """Let a backup stand: all its pieces lie on the disk."""
        for folder in (*self._pieces.iterdir(), self._pieces):
            sync_folder(folder)
        prepared.replace(self._snapshots / snapshot)
        sync_folder(self._snapshots)

    def forget(self, snapshot: str) -> None:
        """Delete the list of a backup; its pieces go with the next `sweep`."""
        (self._snapshots / snapshot).unlink(missing_ok=True)
        sync_folder(self._snapshots)

    def put(self, data: bytes) -> str:
        """Write an encrypted piece and return its name."""
        name = sha256_of_bytes(data)
        path = self._piece(name)
        path.parent.mkdir(exist_ok=True)
        _put(path, data)
        return name

    def piece(self, name: str) -> bytes:
        """Return an encrypted piece.

        Raises:
            Refusal: `file_missing`, `bytes_changed`.
        """
        return read_verified(self._piece(name), name)

    def sound(self, names: Collection[str]) -> set[str]:
        """Return those of the named pieces that are there and are what their names say: each is read."""
        return {name for name in names if (path := self._piece(name)).is_file() and sha256_of(path) == name}

    def sweep(self, names: Collection[str]) -> None:
        """Remove what killed processes left, and pieces that are none of the named ones."""
        known = set(names)
        for path in [*self._pieces.glob("*/*"), *self._snapshots.glob(f".*{_TEMPORARY}"), *self._not_ours_yet()]:
            if path.name not in known:
                path.unlink()

    def _not_ours_yet(self) -> Iterator[Path]:
        yield from self.root.glob(f".{_MARK}{_TEMPORARY}")

    def _not_ours(self) -> Iterator[Path]:
        """What lies here before the mark does: what a killed beginning left is ours."""
        ours = {self._pieces, self._snapshots, *self._not_ours_yet()}
        for path in self.root.iterdir():
            if path not in ours or (path.is_dir() and any(path.iterdir())):
                yield path

    def _piece(self, name: str) -> Path:
        return self._pieces / name[:2] / name


def _put(path: Path, data: bytes) -> None:
    _write(path.with_name(f".{path.name}{_TEMPORARY}"), data).replace(path)


def _write(path: Path, data: bytes) -> Path:
    """Write a file and force it to disk; one that could not be written whole is gone."""
    try:
        with naming(path), path.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path
