"""Making a backup: files of a home that cannot be rebuilt are encrypted into a folder elsewhere, only new ones.

Belongs here: what a backup consists of, in which order, and which older ones are deleted. Does not belong here: which
classes of files are backed up (`retention.yml`), the folder (`backup_folder.py`), restoring (`restoration.py`).

The home's writer lock is held, so that no build, release or withdrawal changes the home meanwhile. Files may still be
received: the logs and the names of all files are read at one moment, under the intake lock, and what was received by
then never changes.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256 as sha256_hash
from io import BytesIO
from pathlib import Path, PurePosixPath

from ingestion import intake_lock
from ingestion.home import Home, sha256_of_bytes
from ingestion.keeping import backup_register, retention
from ingestion.keeping.backup_folder import BackupFolder, FolderMark, name_of
from ingestion.keeping.backup_keys import BackupKeys
from ingestion.keeping.backup_register import BackupLine, Contents, Unfinished
from ingestion.keeping.retention import KeptFile
from ingestion.people import machine_key, openssh
from ingestion.people.roster import SNAPSHOT, read_roster
from languages.refusal import Refusal

_COMMAND = "marsad backup"

PART_BYTES = 32 * 2**20
"""Most bytes of a file that are read, encrypted and written at once; a backup needs three times that in memory."""


@dataclass(frozen=True)
class BackupReport:
    """The result of a backup.

    Args:
        snapshot: its name.
        place: where the folder is.
        files: how many it holds.
        bytes: of those files, before encryption.
        new_pieces: how many pieces were written.
        new_bytes: of those pieces, encrypted.
        skipped: paths under the home that belong to no class of the card, or are links: not backed up.
        harmed: names of older backups of which something in the folder is damaged or missing.
        missing: names of older backups that are no longer in the folder.
        forgotten: names of older backups that were deleted, by order or by age.
        signed: whether the machine signed it.
    """

    snapshot: str
    place: str
    files: int
    bytes: int
    new_pieces: int
    new_bytes: int
    skipped: list[str]
    harmed: list[str]
    missing: list[str]
    forgotten: list[str]
    signed: bool


def back_up(
    home: Home,
    place: Path,
    keys: BackupKeys | None = None,
    *,
    forget: Collection[str] = (),
    now: datetime.datetime | None = None,
    tell: Callable[[str], None] = lambda _step: None,
    wait: float = 0.0,
    on_wait: Callable[[Refusal], None] = lambda _held: None,
) -> BackupReport:
    """Back a home up into the folder at `place`, and delete older backups that are named or too old.

    Args:
        home: to be backed up.
        place: a folder on another disk: one of this home's backups, or a new one.
        keys: public keys; they start a new folder, and without them there must be one.
        forget: names of backups to delete once the new one is complete.
        now: the moment that the backup is labelled with.
        tell: called with each step.
        wait: most seconds to wait for another writer of the home.
        on_wait: called once, with the refusal that names the current holder.

    Raises:
        Refusal: `backup_inside_home`, `backup_place_taken`, `backup_none`, `backup_of_another_home`, `backup_mixed`,
            `backup_other_keys`, `backup_damaged`, `backup_link`, `backup_newer`, `backup_unknown`, `backups_broken`,
            `lock_held`.
        OSError: a disk error, naming the file (`storage.refusal_of`).
    """
    place = place.resolve()
    if place.is_relative_to(home.root) or home.root.is_relative_to(place):
        raise Refusal("backup_inside_home", where=str(place))
    moment = (now or datetime.datetime.now(tz=datetime.UTC)).replace(microsecond=0)
    with home.lock(_COMMAND, wait=wait, on_wait=on_wait):
        folder = BackupFolder(place)
        return _Backup(home, folder, _mark_of(home, folder, keys), moment, tell).run(forget)


def _mark_of(home: Home, folder: BackupFolder, keys: BackupKeys | None) -> FolderMark:
    """Return the mark of a folder that belongs to this home; written now if there is none and keys are given."""
    lines = backup_register.read_register(home)
    mark = folder.mark()
    own = [line for line in lines if mark and line.folder == mark.folder]
    if keys and mark is None:
        return _begin_folder(home, folder, lines, keys)
    if mark is None or not (keys or own):  # whoever starts a folder names the keys: an existing mark does not
        raise Refusal("backup_none", where=str(folder.root))
    if mark.invented != home.is_invented:
        raise Refusal("backup_mixed", where=str(folder.root))
    if not _is_of_this_home(mark, folder, lines, own):
        raise Refusal("backup_of_another_home", where=str(folder.root))
    if keys and keys != mark.keys:
        raise Refusal("backup_other_keys", where=str(folder.root))
    return mark


def _begin_folder(home: Home, folder: BackupFolder, lines: list[BackupLine], keys: BackupKeys) -> FolderMark:
    name = lines[0].home if lines else backup_register.new_name()
    mark = FolderMark(name, backup_register.new_name(), home.is_invented, keys.task_force, keys.recovery)
    folder.begin(mark)
    return mark


def _is_of_this_home(mark: FolderMark, folder: BackupFolder, lines: list[BackupLine], own: list[BackupLine]) -> bool:
    """Return whether the register lists all backups in a folder; a diverged copy of this home has others there.

    A folder without any backup that the register does not know either was left by a killed first backup. If somebody
    changed the keys in the mark, nothing is encrypted for them.
    """
    there = set(folder.snapshots())
    is_known = bool(own) and own[-1].keys == mark.keys
    is_begun = not own and not there
    is_same_home = not lines or lines[0].home == mark.home
    return (is_known or is_begun) and is_same_home and there <= {line.snapshot for line in own}


class _Backup:
    """One backup in progress; the lock of the home is held."""

    def __init__(
        self,
        home: Home,
        folder: BackupFolder,
        mark: FolderMark,
        moment: datetime.datetime,
        tell: Callable[[str], None],
    ) -> None:
        self._home, self._folder, self._mark, self._moment, self._tell = home, folder, mark, moment, tell
        self._pieces: dict[str, str] = {}  # part -> piece that is verified
        self._new: dict[str, int] = {}  # piece that was written -> its bytes
        self._unfinished = Unfinished(home, mark.folder)
        self._signature = b""

    def run(self, forget: Collection[str]) -> BackupReport:
        missing = self._drop_missing()
        known = {line.snapshot for line in self._own_lines()}
        for name in forget:
            if name not in known:
                self._folder.name_of_backup(name)  # refuses unknown names, suggesting the nearest
        self._tell("backup: what is there is read")
        harmed = self._look_through()
        self._tell("backup: new files are copied")
        skipped, contents, size = self._copy_files()
        snapshot = self._complete(contents)
        forgotten = self._forget({*forget, *self._old_backups()} - {snapshot})
        return BackupReport(
            snapshot=snapshot,
            place=str(self._folder.root),
            files=len(contents.files),
            bytes=size,
            new_pieces=len(self._new),
            new_bytes=sum(self._new.values()),
            skipped=skipped,
            harmed=harmed,
            missing=missing,
            forgotten=forgotten,
            signed=bool(self._signature),
        )

    def _own_lines(self) -> list[BackupLine]:
        return [line for line in backup_register.standing_backups(self._home) if line.folder == self._mark.folder]

    def _drop_missing(self) -> list[str]:
        """Record the backups that are no longer in the folder: deleted there, or killed before they were complete."""
        there = set(self._folder.snapshots())
        gone = [line for line in self._own_lines() if line.snapshot not in there]
        for line in gone:
            self._record_gone(line)
        for name in there - {line.snapshot for line in self._own_lines()}:
            self._folder.forget(name)
        backup_register.sweep_lists(self._home)
        return [line.snapshot for line in gone]

    def _lists(self) -> dict[str, Contents | None]:
        """Return the contents of each backup in the folder; None if its list in the home is damaged or missing."""
        return {line.snapshot: _contents_of(self._home, line) for line in self._own_lines()}

    def _sweep(self, also: Iterable[str] = ()) -> None:
        """Remove pieces that no backup needs; if the list of any backup is unknown, remove none."""
        lists = self._lists().values()
        if None not in lists:
            self._folder.sweep(
                {piece for contents in lists if contents for piece in contents.pieces.values()} | set(also)
            )

    def _look_through(self) -> list[str]:
        """Read every piece that a backup names; return the damaged backups."""
        unfinished, lists = self._unfinished.pieces, self._lists()
        self._sweep(unfinished.values())
        pairs = [pair for contents in lists.values() if contents for pair in contents.pieces.items()] + [
            *unfinished.items()
        ]
        sound = self._folder.sound_pieces({piece for _, piece in pairs})
        self._pieces = {part: piece for part, piece in pairs if piece in sound}
        return [
            name
            for name, contents in lists.items()
            if not (
                contents
                and sound.issuperset(contents.pieces.values())
                and self._folder.has_sound_list(name)
                and self._has_own_signature(name, contents.line["at"][:10])
            )
        ]

    def _has_own_signature(self, name: str, day: str) -> bool:
        """Return whether our machine signed a backup; one up to the day of its first good key needs no signature."""
        try:
            roster = read_roster(self._home)
            if any(day > key.valid_after.isoformat() for key in roster.machine if not key.revoked):
                machine_key.refuse_unsigned(self._folder.path_of(name), SNAPSHOT, roster.allowed_signers())
        except Refusal as refusal:
            return not refusal.code.startswith("machine_")
        return True

    def _sign(self, encrypted: bytes) -> bytes:
        """Return the machine's signature; empty where it cannot sign: a backup without one is better than none."""
        try:
            key = machine_key.key_in_use(self._home)
            return openssh.sign_alone(encrypted, key, SNAPSHOT) if key else b""
        except Refusal:
            return b""

    def _copy_files(self) -> tuple[list[str], Contents, int]:
        files, logs = self._snapshot_files()
        parts: dict[str, list[str]] = {}
        hashes: dict[str, str] = {}
        size = 0
        for path in [file.path for file in files if file.is_backed_up]:
            try:
                hashes[path], parts[path], read = self._copied_file(path, logs)
            except FileNotFoundError:  # just removed by an editor: no longer part of the home
                continue
            size += read
        used = {part for parts_of_file in parts.values() for part in parts_of_file}
        pieces = {part: piece for part, piece in self._pieces.items() if part in used}
        line = {name: str(text) for name, text in asdict(self._line("", "")).items()}
        skipped = [file.path for file in files if not file.name]
        return skipped, Contents(line, self._home.is_invented, parts, hashes, pieces), size

    def _copied_file(self, path: str, logs: Mapping[str, bytes]) -> tuple[str, list[str], int]:
        """Copy the new parts of a file; return its hash, those of its parts and its size in bytes."""
        whole, parts, size = sha256_hash(), list[str](), 0
        with BytesIO(logs[path]) if path in logs else (self._home.root / path).open("rb") as stream:
            while data := stream.read(PART_BYTES):
                whole.update(data)
                size += len(data)
                parts.append(self._store_part(data))
        return whole.hexdigest(), parts, size

    def _snapshot_files(self) -> tuple[list[KeptFile], dict[str, bytes]]:
        """Return the files of the home, and the bytes of those that grow: logs in its root, and their heads."""
        with intake_lock.lock(self._home, _COMMAND):
            files = list(retention.files_of(self._home.root))
            grow = [file.path for file in files if file.is_backed_up and _is_growing(file.path)]
            return files, {path: (self._home.root / path).read_bytes() for path in grow}

    def _store_part(self, data: bytes) -> str:
        """Return the hash of a part after storing its piece in the folder."""
        part = sha256_of_bytes(data)
        if part not in self._pieces:
            encrypted = self._mark.keys.encrypt(data)
            piece = self._folder.put_piece(encrypted)
            self._unfinished.add(part, piece)
            self._pieces[part], self._new[piece] = piece, len(encrypted)
        return part

    def _line(self, snapshot: str, list_sha256: str) -> BackupLine:
        mark, at = self._mark, self._moment.isoformat()
        keys = (mark.task_force, mark.recovery)
        return BackupLine("taken", mark.home, mark.folder, str(self._folder.root), *keys, snapshot, list_sha256, at)

    def _complete(self, contents: Contents) -> str:
        """Complete the backup: its list in the home, its line, then signature and list in the folder, by one rename."""
        data = contents.as_bytes()
        encrypted = self._mark.keys.encrypt(data)
        number = backup_register.next_number(backup_register.read_register(self._home))
        snapshot = name_of(number, encrypted)
        prepared = self._folder.prepare(encrypted)
        backup_register.keep_list(self._home, snapshot, data)
        backup_register.append(self._home, self._line(snapshot, sha256_of_bytes(data)))
        self._signature = self._sign(encrypted)
        self._folder.commit(prepared, snapshot, self._signature)
        self._unfinished.end()
        return snapshot

    def _old_backups(self) -> Iterable[str]:
        """Return the backups older than the card allows, but never the newest ones, whatever the clock says."""
        rhythm = retention.card().backups
        oldest = self._moment - datetime.timedelta(days=rhythm.kept_days)
        own = self._own_lines()[: -rhythm.at_least]
        return [line.snapshot for line in own if datetime.datetime.fromisoformat(line.at) < oldest]

    def _forget(self, names: Collection[str]) -> list[str]:
        """Delete backups: first their lists in the folder, then record it in the register, then remove pieces.

        The register names a backup until its list is gone. A process killed later leaves only pieces that nobody can
        read as files; the next backup removes them.
        """
        gone = [line for line in self._own_lines() if line.snapshot in names]
        for line in gone:
            self._folder.forget(line.snapshot)
        for line in gone:
            self._record_gone(line)
        backup_register.sweep_lists(self._home)
        self._sweep()
        return [line.snapshot for line in gone]

    def _record_gone(self, line: BackupLine) -> None:
        backup_register.append(self._home, replace(line, event="gone", at=self._moment.isoformat()))


def _is_growing(path: str) -> bool:
    """Return whether a file is a log or one of its heads (`chain_heads.py`), which must be of the same moment."""
    return "/" not in path or PurePosixPath(path).match("backups/*.head")


def _contents_of(home: Home, line: BackupLine) -> Contents | None:
    try:
        return backup_register.contents_of(home, line)
    except Refusal:
        return None
