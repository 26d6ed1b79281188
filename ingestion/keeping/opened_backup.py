"""One backup, opened with a secret key: its list is read, and trusted only as far as it is checked here.

Belongs here: what a list must satisfy before a file of it is written, and reading single files of it. Does not belong
here: writing them into a home (`restoration.py`), the summary shown first (`backup_prospect.py`).

Whoever has the folder and knows the public keys can forge a whole backup. Its name, noted on paper when it was made,
proves that it is the right one; the machine's signature, that it is one of this house, newest or not.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from ingestion.home import FORMAT_VERSION, json_bytes, sha256_of_bytes
from ingestion.home_settings import NAME, HomeSettings, parse_settings
from ingestion.keeping import backup_register, retention
from ingestion.keeping.backup_folder import BackupFolder, FolderMark
from ingestion.keeping.backup_keys import SecretKeys
from ingestion.keeping.backup_register import Contents
from ingestion.people import machine_key
from ingestion.people.roster import SNAPSHOT
from languages.refusal import Refusal

_MOST_REPEATS = 100
"""Most repeats of a part in one file (3 GB of zeros); unlimited, a list of a megabyte could write for days."""
_SETTINGS_BYTES = 2**20
_SHOWN = 200
"""Most characters of a path that are shown."""
_INVENTED_NAME = re.compile(r"[0-9a-f]{16}", re.ASCII)


class OpenedBackup:
    """One backup, whose list was read.

    Attributes:
        name: of the backup.
        folder: that holds it.
        contents: its list.
        data: the bytes of that list.
        own_keys: the public keys of the secret ones that opened it.
    """

    def __init__(self, place: Path, secret: Path, snapshot: str = "", allowed_signers: str = "") -> None:
        """Open a backup.

        Args:
            place: the folder of backups.
            secret: file with a secret key.
            snapshot: name of the backup; the newest if empty.
            allowed_signers: of the house, had from elsewhere: its machine must have signed the backup.

        Raises:
            Refusal: `backup_none`, `backup_link`, `backup_newer`, `backup_unknown`, `backup_key_missing`,
                    `backup_key_unreadable`, `backup_key_wrong`, `backup_damaged`; `backup_strange_path` for a list with
                    a path that no backup of a home holds, `backup_key_unnamed` for one that was not encrypted for the
                    key that opens it; those of `machine_key.refuse_unsigned`.
        """
        self.folder = BackupFolder(place)
        self._keys = SecretKeys(secret)
        mark = self.folder.mark()
        if mark is None:
            raise Refusal("backup_none", where=str(place))
        self.name = self.folder.name_of_backup(snapshot)
        if allowed_signers:
            machine_key.refuse_unsigned(self.folder.path_of(self.name), SNAPSHOT, allowed_signers)
        self.own_keys = self._keys.public
        self.data = self._keys.decrypt(self.folder.encrypted_list(self.name))
        self.contents = Contents.from_bytes(self.data, self.name)
        self._refuse_another_mark(mark)
        if not self.own_keys & {mark.task_force, mark.recovery}:
            raise Refusal("backup_key_unnamed", where=str(secret))
        strangers = retention.strangers_of(self.contents.files.keys())
        if strangers:
            raise Refusal(
                "backup_strange_path", where=self.name, path=_showable_path(strangers[0]), count=len(strangers)
            )
        for path, parts in self.contents.files.items():
            if max(Counter(parts).values(), default=0) > _MOST_REPEATS:
                raise Refusal("backup_damaged", where=path, count=1)

    @property
    def line(self) -> backup_register.BackupLine:
        """The register's line for it."""
        return self.contents.line_of(self.name, sha256_of_bytes(self.data))

    @property
    def newer(self) -> list[str]:
        """The names of later backups in the folder."""
        names = self.folder.snapshots()
        return names[names.index(self.name) + 1 :]

    @property
    def most_bytes(self) -> int:
        """Upper limit of the files' total bytes: encryption makes each part a little longer."""
        return self._upper_bound_of_bytes(self.contents.files.values())

    def settings(self) -> HomeSettings:
        """Return the settings of the home in the backup.

        Raises:
            Refusal: `backup_damaged`; `backup_newer`, `backup_older` for a home of another format.
        """
        parts = self.contents.files.get(NAME, ())
        if not 0 < self._upper_bound_of_bytes([parts]) < _SETTINGS_BYTES:
            raise Refusal("backup_damaged", where=NAME, count=1)
        try:
            settings = parse_settings(b"".join(self.parts(NAME)), Path(NAME))
        except Refusal as refusal:
            if refusal.code == "backup_key_wrong":
                raise
            raise Refusal("backup_damaged", where=NAME, count=1) from refusal
        if settings.format_version != FORMAT_VERSION:
            code = "backup_newer" if settings.format_version > FORMAT_VERSION else "backup_older"
            raise Refusal(code, where=self.name, found=str(settings.format_version))
        return settings

    def parts(self, path: str) -> Iterator[bytes]:
        """Yield the bytes of a file, part by part.

        Raises:
            Refusal: `file_missing`, `bytes_changed` for damage in the folder.
        """
        whole = hashlib.sha256()
        for part in self.contents.files[path]:
            piece = self.contents.pieces.get(part)
            data = self._keys.decrypt(self.folder.piece(piece)) if piece else b""
            if sha256_of_bytes(data) != part:
                raise Refusal("bytes_changed", where=part)
            whole.update(data)
            yield data
        if whole.hexdigest() != self.contents.sha256[path]:
            raise Refusal("bytes_changed", where=path)

    def _upper_bound_of_bytes(self, files: Iterable[Iterable[str]]) -> int:
        sizes = {part: self.folder.size_of(piece) for part, piece in self.contents.pieces.items()}
        return sum(sizes.get(part, 0) for parts in files for part in parts)

    def _refuse_another_mark(self, mark: FolderMark) -> None:
        """Refuse a mark that differs from the list: the mark is not encrypted, so anybody could have written it."""
        line = self.line
        written = FolderMark(line.home, line.folder, self.contents.invented, line.task_force, line.recovery)
        is_named = _INVENTED_NAME.fullmatch(line.home) and _INVENTED_NAME.fullmatch(line.folder)
        if not is_named or line.event != "taken" or json_bytes(asdict(written)) != json_bytes(asdict(mark)):
            raise Refusal("backup_damaged", where=str(self.folder.root), count=1)


def _showable_path(path: str) -> str:
    """Return an untrusted path in a form safe to print: no control characters for a terminal, and not too long."""
    shown = ascii(path)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}..."
