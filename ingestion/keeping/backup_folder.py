"""The folder of backups on another disk: encrypted pieces and lists, each named by the hash of its own bytes.

marsad-backup.json              the home it belongs to, and its public keys; nothing about its content
pieces/<2 digits>/<sha256>      a part of a file, encrypted
snapshots/<number>-<20 digits>  the list of one backup, encrypted
snapshots/<name>.sig            the machine's signature over these bytes, which anybody checks without a key

Belongs here: writing and reading these so that a killed process leaves nothing half-written, and finding damaged
ones without any key. Does not belong here: what goes into a backup (`backup.py`), restoring it (`restoration.py`).

The disk may not support Unix permissions: none are set here, and everything is encrypted. Whoever has the disk can
put anything here, so a link, which leads to other files of the machine, is refused before anything is read or
removed.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ingestion.home import json_bytes, read_verified, sha256_of, sha256_of_bytes, sync_folder
from ingestion.keeping.backup_keys import BackupKeys
from ingestion.keeping.backup_register import FORMAT
from ingestion.people.machine_key import SIGNATURE
from ingestion.storage import naming, parse_json
from languages.refusal import Refusal

_MARK = "marsad-backup.json"
_TEMPORARY = ".tmp"
_DIGITS = 20
"""Hash digits in a backup's name: a fast machine forges a list for 12 digits in some hours, for 20 it cannot."""
_NAME = re.compile(r"[0-9]{6,12}-[0-9a-f]{20}", re.ASCII)
_PIECE_BYTES = 2**27
"""Longest piece that is read: several times the size of a part (`backup.PART_BYTES`)."""
_MARK_BYTES = 2**16
_LIST_BYTES = 2**28
"""Longest list that is read: enough for some hundred thousand files."""


def name_of(number: int, encrypted_list: bytes) -> str:
    """Return the name of a backup: its number, and a part of the hash of its encrypted list."""
    return f"{number:06d}-{sha256_of_bytes(encrypted_list)[:_DIGITS]}"


@dataclass(frozen=True)
class FolderMark:
    """The content of `marsad-backup.json`.

    Args:
        home: random ID of the home that it belongs to.
        folder: random ID of this folder.
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
        """Create a new folder of backups at an empty place.

        Raises:
            Refusal: `backup_place_taken`.
        """
        if self.root.exists() and (not self.root.is_dir() or any(self.foreign_paths())):
            raise Refusal("backup_place_taken", where=str(self.root))
        for folder in (self.root, self._pieces, self._snapshots):
            folder.mkdir(exist_ok=True, parents=True)
        _put_file(self.root / _MARK, json_bytes(asdict(mark)))
        sync_folder(self.root)

    def mark(self) -> FolderMark | None:
        """Return the mark of the folder; None if it is no folder of backups.

        Raises:
            Refusal: `backup_link` for a link in the folder, `backup_damaged` for a mark with a changed byte,
                `backup_newer`.
        """
        path = self.root / _MARK
        self._refuse_links()
        if not path.is_file():
            return None
        self._refuse_links_below()
        try:
            data = _read_file(path, _MARK_BYTES)
            mark = FolderMark(**parse_json(data))
        except (ValueError, TypeError) as error:
            raise Refusal("backup_damaged", where=str(path), count=1) from error
        if mark.format != FORMAT:
            raise Refusal("backup_newer", where=str(path), found=str(mark.format))
        if json_bytes(asdict(mark)) != data:
            raise Refusal("backup_damaged", where=str(path), count=1)
        return mark

    def snapshots(self) -> list[str]:
        """Return the names of the backups, oldest first."""
        names = [path.name for path in self._snapshots.glob("*") if _NAME.fullmatch(path.name)]
        return sorted(names, key=lambda name: (int(name.partition("-")[0]), name))

    def name_of_backup(self, snapshot: str) -> str:
        """Return the name of an existing backup; the newest if none is named.

        Raises:
            Refusal: `backup_unknown`, which shows no name: anybody with the disk could have put one there.
        """
        names = self.snapshots()
        if not names or (snapshot and snapshot not in names):
            raise Refusal("backup_unknown", where=ascii(snapshot)[1:-1] or str(self.root))
        return snapshot or names[-1]

    @classmethod
    def is_at(cls, place: Path) -> bool:
        """Return whether there is a folder of backups."""
        return (place / _MARK).is_file()

    def path_of(self, snapshot: str) -> Path:
        """Return the path of a backup's encrypted list."""
        return self._snapshots / snapshot

    def encrypted_list(self, snapshot: str) -> bytes:
        """Return the encrypted list of a backup.

        Raises:
            Refusal: `backup_damaged` if its hash does not match its name.
        """
        path = self._snapshots / snapshot
        try:
            data = _read_file(path, _LIST_BYTES)
        except ValueError as error:
            raise Refusal("backup_damaged", where=str(path), count=1) from error
        if not sha256_of_bytes(data).startswith(snapshot.rpartition("-")[2]):
            raise Refusal("backup_damaged", where=str(path), count=1)
        return data

    def has_sound_list(self, snapshot: str) -> bool:
        """Return whether the hash of a backup's encrypted list matches its name."""
        try:
            self.encrypted_list(snapshot)
        except Refusal:
            return False
        return True

    def prepare(self, data: bytes) -> Path:
        """Write the encrypted list of a backup under a temporary name, forced to disk; `commit` moves it into place."""
        return _write(self._snapshots / f".list{_TEMPORARY}", data)

    def commit(self, prepared: Path, snapshot: str, signature: bytes) -> None:
        """Make a backup valid, once all its pieces and its signature, if it has one, are on the disk."""
        if signature:
            _put_file(self._snapshots / (snapshot + SIGNATURE), signature)
        for folder in (*self._pieces.iterdir(), self._pieces):
            sync_folder(folder)
        prepared.replace(self._snapshots / snapshot)
        sync_folder(self._snapshots)

    def forget(self, snapshot: str) -> None:
        """Delete the list of a backup; the next `sweep` removes its pieces and its signature."""
        (self._snapshots / snapshot).unlink(missing_ok=True)
        sync_folder(self._snapshots)

    def put_piece(self, data: bytes) -> str:
        """Write an encrypted piece and return its name."""
        name = sha256_of_bytes(data)
        path = self._piece(name)
        path.parent.mkdir(exist_ok=True)
        _put_file(path, data)
        return name

    def piece(self, name: str) -> bytes:
        """Return an encrypted piece.

        Raises:
            Refusal: `file_missing`, `bytes_changed`.
        """
        path = self._piece(name)
        if not _is_plain(path):
            raise Refusal("file_missing", where=str(path))
        if self.size_of(name) > _PIECE_BYTES:
            raise Refusal("bytes_changed", where=str(path))
        return read_verified(path, name)

    def size_of(self, name: str) -> int:
        """Return the size of an encrypted piece in bytes, 0 if it does not exist."""
        path = self._piece(name)
        return path.lstat().st_size if _is_plain(path) else 0

    def sound_pieces(self, names: Collection[str]) -> set[str]:
        """Return which of the named pieces exist and match their names; each is read."""
        return {name for name in names if _is_plain(path := self._piece(name)) and sha256_of(path) == name}

    def sweep(self, names: Collection[str]) -> None:
        """Remove what killed processes left, and all pieces except the named ones."""
        known = set(names)
        signatures = {self._snapshots / (name + SIGNATURE) for name in self.snapshots()}
        orphans = set(self._snapshots.glob(f"*{SIGNATURE}")) - signatures
        written = self._snapshots.glob(f".*{_TEMPORARY}")
        for path in [*self._pieces.glob("*/*"), *written, *orphans, *self._not_ours_yet()]:
            if path.name not in known and _is_plain(path):
                path.unlink()

    def _not_ours_yet(self) -> Iterator[Path]:
        yield from self.root.glob(f".{_MARK}{_TEMPORARY}")

    def foreign_paths(self) -> Iterator[Path]:
        """Yield what lies here besides a mark; what a killed first backup left is ours."""
        ours = {self._pieces, self._snapshots, *self._not_ours_yet()}
        for path in self.root.iterdir():
            if path not in ours or (path.is_dir() and any(path.iterdir())):
                yield path

    def _refuse_links(self) -> None:
        """Refuse a folder with a link where a backup is read, written or swept."""
        for path in (self.root / _MARK, *self.root.glob(f".*{_TEMPORARY}"), self._pieces, self._snapshots):
            _refuse_link(path)
        for path in (*self._pieces.glob("*"), *self._pieces.glob("*/*"), *self._snapshots.glob("*")):
            _refuse_link(path)

    def _refuse_links_below(self) -> None:
        """Refuse a link anywhere in a folder that bears our mark; other folders are not searched."""
        for folder, names, files in os.walk(self.root):
            for name in (*names, *files):
                _refuse_link(Path(folder) / name)

    def _piece(self, name: str) -> Path:
        return self._pieces / name[:2] / name


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise Refusal("backup_link", where=str(path))


def _is_plain(path: Path) -> bool:
    """Return whether the path is a regular file: no link, and nothing that can be read endlessly."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def _read_file(path: Path, most: int) -> bytes:
    """Return the content of a regular file, empty if there is none.

    Raises:
        ValueError: the file is longer than any of ours.
    """
    if not _is_plain(path):
        return b""
    if path.lstat().st_size > most:
        raise ValueError(f"longer than {most} bytes")
    return path.read_bytes()


def _put_file(path: Path, data: bytes) -> None:
    _write(path.with_name(f".{path.name}{_TEMPORARY}"), data).replace(path)


def _write(path: Path, data: bytes) -> Path:
    """Write a file and force it to disk; remove it if it could not be written whole."""
    try:
        path.unlink(missing_ok=True)  # an existing file may be a hard link to another file
        with naming(path), path.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path
