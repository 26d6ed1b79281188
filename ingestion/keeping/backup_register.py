"""The register of backups in the home: which were made where, and which bytes each of them holds.

    backups.jsonl               one chained line for each backup that was made, and for each that is gone
    backups/<snapshot>.json     what one backup holds: every file with its hash and pieces
    backups/unfinished.jsonl    pieces that a backup has written so far: the next one continues with them

Belongs here: reading and writing these. Does not belong here: the folder elsewhere (`backup_folder.py`).
A line is written before its backup is complete: so a withdrawal may list a backup that never was, but misses none.
"""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Strict, StringConstraints, TypeAdapter, with_config

from ingestion import hash_chain
from ingestion.home import Home, json_bytes, make_folder, read_verified, write_bytes
from ingestion.keeping import retention
from ingestion.keeping.backup_keys import BackupKeys
from ingestion.storage import parse_json
from languages.refusal import Refusal

FORMAT = 1
_OF_THE_CHAIN = {"n", "prev", "hash"}
_Sha256 = Annotated[str, StringConstraints(pattern=r"\A[0-9a-f]{64}\z")]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True)
class BackupLine:
    """One line of `backups.jsonl`.

    Args:
        event: `taken`, or `gone`: deleted by order, by age, or missing in its folder.
        home: random ID of this home, the same in all lines; a folder elsewhere belongs to one home.
        folder: random ID of the folder elsewhere, whatever its path is today.
        place: its path when the backup was made.
        task_force: public key.
        recovery: public key.
        snapshot: the backup's name: its number, and a part of the hash of its encrypted list.
        list_sha256: of `backups/<snapshot>.json`.
        at: time of writing, ISO, UTC; only a label: the lines define the order.
    """

    event: Literal["taken", "gone"]
    home: str
    folder: str
    place: str
    task_force: str
    recovery: str
    snapshot: str
    list_sha256: str
    at: str

    @property
    def keys(self) -> BackupKeys:
        """The public keys that it was encrypted for."""
        return BackupKeys(self.task_force, self.recovery)


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True)
class Contents:
    """What one backup holds.

    Args:
        line: of the register, except for `snapshot` and `list_sha256`, known only once the list is written.
        invented: whether the home holds invented files.
        files: path under the home -> the hashes of its parts in their order.
        sha256: path -> hash of the whole file.
        pieces: hash of a part -> name of the piece that holds it, the hash of its encrypted bytes.
    """

    line: Mapping[str, str]
    invented: Annotated[bool, Strict()]
    files: Mapping[str, list[_Sha256]]
    sha256: Mapping[str, _Sha256]
    pieces: Mapping[_Sha256, _Sha256]

    def as_bytes(self) -> bytes:
        """Return the list as it is stored."""
        return json_bytes({"format": FORMAT, **asdict(self)})

    @classmethod
    def from_bytes(cls, data: bytes, where: str) -> Contents:
        """Parse a stored list.

        Raises:
            Refusal: `backup_newer` for another format, `bytes_changed` for bytes that are no list: whoever has the
                public keys could have written anything there.
        """
        try:
            content: dict[str, Any] = parse_json(data)
            version = content.pop("format")
            if version != FORMAT:
                raise Refusal("backup_newer", where=where, found=str(version))
            contents = _adapter_of_contents().validate_python(content)
            contents.line_of("", "")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refusal("bytes_changed", where=where) from error
        if contents.files.keys() != contents.sha256.keys():
            raise Refusal("bytes_changed", where=where)
        return contents

    def line_of(self, snapshot: str, list_sha256: str) -> BackupLine:
        """Return the register's line for this backup.

        Raises:
            pydantic.ValidationError: for an invalid line; `read_register` refuses it.
        """
        line = {**self.line, "snapshot": snapshot, "list_sha256": list_sha256}
        _MOMENT.validate_strings(str(line.get("at")))
        return _adapter_of_lines().validate_python(line)


_MOMENT = TypeAdapter(AwareDatetime)


@cache
def _adapter_of_lines() -> TypeAdapter[BackupLine]:
    return TypeAdapter(BackupLine)


@cache
def _adapter_of_contents() -> TypeAdapter[Contents]:
    return TypeAdapter(Contents)


def register_path(home: Home) -> Path:
    """Return the path of the register: outside the folder of lists, so that it survives the loss of that folder."""
    return home.root / "backups.jsonl"


def read_register(home: Home) -> list[BackupLine]:
    """Return the register, oldest first.

    Raises:
        Refusal: `backups_broken`, naming the line where the chain breaks.
    """
    lines, problems = hash_chain.read_lines(register_path(home), [field.name for field in fields(BackupLine)])
    if problems:
        raise Refusal("backups_broken", where=str(register_path(home)), line=problems[0])
    return [BackupLine(**{name: text for name, text in line.items() if name not in _OF_THE_CHAIN}) for line in lines]


def standing_backups(home: Home) -> list[BackupLine]:
    """Return the lines of the backups that are not gone, oldest first.

    Raises:
        Refusal: `backups_broken`.
    """
    lines = read_register(home)
    gone = {line.snapshot for line in lines if line.event == "gone"}
    return [line for line in lines if line.event == "taken" and line.snapshot not in gone]


def append(home: Home, line: BackupLine) -> None:
    """Append a line; the caller holds the lock of the home.

    Raises:
        Refusal: `backups_broken`.
    """
    read_register(home)
    lines, _ = hash_chain.read_lines(register_path(home), [field.name for field in fields(BackupLine)])
    hash_chain.append(register_path(home), asdict(line), len(lines), str(lines[-1]["hash"]) if lines else "")


def new_name() -> str:
    """Return a random ID for a home or a folder, which reveals nothing."""
    return secrets.token_hex(8)


def next_number(lines: Iterable[BackupLine]) -> int:
    """Return the number of the next backup: one more than the highest ever used."""
    return max((int(line.snapshot.partition("-")[0]) for line in lines), default=0) + 1


def list_path(home: Home, snapshot: str) -> Path:
    """Return the path of a backup's list."""
    return home.backups / f"{snapshot}.json"


def keep_list(home: Home, snapshot: str, data: bytes) -> None:
    """Store the list of a backup before its line is written."""
    write_bytes(list_path(home, snapshot), data, mode=0o600)


def contents_of(home: Home, line: BackupLine) -> Contents:
    """Return what a backup holds.

    Raises:
        Refusal: `file_missing`, `bytes_changed`, `backup_newer`.
    """
    path = list_path(home, line.snapshot)
    return Contents.from_bytes(read_verified(path, line.list_sha256), str(path))


def backups_holding(home: Home, is_meant: Callable[[str, str], bool]) -> list[BackupLine]:
    """Return the backups that still hold certain files, oldest first; a backup whose list is lost is included.

    Args:
        home: whose register is searched.
        is_meant: whether a path and a SHA-256 belong to one of those files.

    Raises:
        Refusal: `backups_broken`.
    """

    def holds(line: BackupLine) -> bool:
        try:
            return any(is_meant(path, sha256) for path, sha256 in contents_of(home, line).sha256.items())
        except Refusal:
            return True  # unknown: reported rather than missed

    return [line for line in standing_backups(home) if holds(line)]


def last_day(line: BackupLine) -> str:
    """Return the day from which the next backup deletes this one, ISO, provided that enough newer ones stand."""
    day = datetime.datetime.fromisoformat(line.at).date()
    return (day + datetime.timedelta(days=retention.card().backups.kept_days)).isoformat()


def sweep_lists(home: Home) -> None:
    """Remove lists of backups that are gone or were never completed."""
    known = {list_path(home, line.snapshot) for line in standing_backups(home)}
    for path in home.backups.glob("[0-9]*.json"):
        if path not in known:
            path.unlink()


class Unfinished:
    """The pieces that a backup into one folder has written so far, whether it completes or is killed."""

    def __init__(self, home: Home, folder: str) -> None:
        """Read what an earlier backup into this folder left; entries for another folder are ignored."""
        self._path = home.backups / "unfinished.jsonl"
        self._folder = folder
        self.pieces = dict(self._read_lines())

    def add(self, part: str, piece: str) -> None:
        """Record a piece that is in the folder; a line lost in a power cut costs one piece."""
        make_folder(self._path.parent)
        with self._path.open("a", encoding="ascii") as stream:
            stream.write(json.dumps([self._folder, part, piece]) + "\n")

    def end(self) -> None:
        """Discard the record: from now on the list of the backup names the pieces."""
        self._path.unlink(missing_ok=True)

    def _read_lines(self) -> Iterable[tuple[str, str]]:
        lines = self._path.read_text(encoding="ascii", errors="replace").splitlines() if self._path.exists() else []
        for text in lines:
            try:
                folder, part, piece = parse_json(text)
            except (ValueError, TypeError):  # torn
                continue
            if folder == self._folder:
                yield str(part), str(piece)
