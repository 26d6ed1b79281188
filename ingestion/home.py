"""The data home: its paths, and writing files so that a killed process leaves nothing half-written.

Belongs here: the paths of a home, its lock, its keys, atomic writes, hashes that are verified on read.
Does not belong here: what any of those files mean, its settings (`home_settings.py`), who may read them (`access.py`),
or DuckDB (`warehouse.py`).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ingestion import access, leftovers, writer_lock
from ingestion.home_folders import HomeFolder, PublishedFolder
from ingestion.home_settings import NAME, HomeSettings, read_settings
from ingestion.storage import parse_json, reading
from languages.refusal import Refusal

FORMAT_VERSION = 3
"""Format of a home, the only one that is read; a home of another format is refused."""

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements.lock"
"""The locked library versions: other versions may write other bytes, so every fingerprint includes this file."""

_KEY_BYTES = 32


@dataclass(frozen=True)
class Home:
    """A data home. Every path of it is named here and nowhere else, so that the type checker finds a wrong name.

    Args:
        root: its own folder.
        published: where releases, ledger and lineage lie; None for the home itself (`proposing`).
    """

    root: Path
    published: Path | None = None

    inbox = HomeFolder()  # what senders drop, a folder each
    taken = HomeFolder()  # of each file words of closed languages, and where they stood
    quarantine = HomeFolder()
    raw = HomeFolder()
    build = HomeFolder()  # fingerprints, dbt, the warehouse while it is built
    candidates = HomeFolder()  # sealed: unrounded values
    verdicts = HomeFolder()
    releases = PublishedFolder()
    publications = HomeFolder()
    prose = HomeFolder()
    ledger = PublishedFolder()
    lineage = PublishedFolder()
    proposal = HomeFolder()  # what a build would publish, until it is signed
    acts = HomeFolder()  # what was done in the name of the house, signed
    links = HomeFolder()  # which records are probably one person; sealed
    keys = HomeFolder()
    reports = HomeFolder()
    dagster = HomeFolder()
    backups = HomeFolder()  # lists of what each backup elsewhere holds

    @classmethod
    def at(cls, root: Path | None = None) -> Home:
        """Return the home at `root`, else at `$MARSAD_HOME`, else at `./home` (read now, not at import)."""
        return cls((root or Path(os.environ.get("MARSAD_HOME") or "home")).resolve())

    def open(self, *, invented: bool = False) -> Home:
        """Create what is missing and return self.

        Args:
            invented: mark a new home as one of invented files; the mark never changes afterwards.

        Raises:
            Refusal: `home_newer`, `home_older` for a home of another format; `home_mixed` when invented files would
                meet real ones; `home_settings_unreadable`, `home_settings_unknown`.
        """
        settings = self._stored_settings()
        if settings and invented and not settings.invented:
            raise Refusal("home_mixed", where=str(self.root))
        for folder in (self.root, *(self.root / name for name in FOLDERS)):
            make_folder(folder)
        if settings is None:
            settings = HomeSettings(FORMAT_VERSION, invented)
            write_json(self.root / NAME, {"format_version": FORMAT_VERSION, "invented": invented})
        for source in settings.senders:
            make_folder(self.inbox / source)
        access.mend(self.root, settings, rooms_only=True)
        return self

    def proposing(self) -> Home:
        """Return this home with the releases, ledger and lineage of its proposal instead of its own."""
        return replace(self, published=self.proposal)

    def existing(self) -> Home:
        """Return self if this home exists, for commands that only read: they create none.

        Raises:
            Refusal: `home_empty`, `home_newer`, `home_older`.
        """
        if self._stored_settings() is None:
            raise Refusal("home_empty", where=str(self.root))
        with contextlib.suppress(OSError):  # reading works on a read-only disk, too
            self.open()
        return self

    def refuse_other_format(self) -> None:
        """Refuse a home of another format than this program's.

        Raises:
            Refusal: `home_older`, `home_newer`.
        """
        self._settings()

    def for_real_files(self) -> Home:
        """Return self if senders' real files may be received here.

        Raises:
            Refusal: `home_is_invented` for a home of invented files.
        """
        if self.is_invented:
            raise Refusal("home_is_invented", where=str(self.root))
        return self

    @property
    def is_invented(self) -> bool:
        """Whether this home holds invented files only; every page states it."""
        settings = self._settings()
        return settings is not None and settings.invented

    def invented_key(self, person: str) -> Path:
        """Return where the private key of an invented person lies; a home of real files has none."""
        return self.keys / "invented_people" / f"{person}.key"

    @property
    def is_new(self) -> bool:
        """Whether nothing is here yet; `open` would make a home.

        Raises:
            Refusal: `home_newer`, `home_older`, `home_settings_unreadable`.
        """
        return self._stored_settings() is None

    @property
    def settings(self) -> HomeSettings:
        """The content of `home.json`.

        Raises:
            Refusal: `home_empty` if there is no home, `home_newer`, `home_older`, or as `read_settings`.
        """
        settings = self._settings()
        if settings is None:
            raise Refusal("home_empty", where=str(self.root))
        return settings

    def _settings(self) -> HomeSettings | None:
        settings = read_settings(self.root)
        if settings and settings.format_version != FORMAT_VERSION:
            code = "home_newer" if settings.format_version > FORMAT_VERSION else "home_older"
            raise Refusal(code, where=str(self.root), found=settings.format_version, wanted=FORMAT_VERSION)
        return settings

    def _stored_settings(self) -> HomeSettings | None:
        """Return the settings; None for a new home. A home that has files but no settings is refused, not guessed."""
        settings = self._settings()
        if settings is None and (self.receipts.exists() or any((self.root / "ledger").glob("*"))):
            raise Refusal("home_settings_unreadable", where=str(self.root / NAME))
        return settings

    @property
    def receipts(self) -> Path:
        """The append-only, hash-chained list of receipts."""
        return self.root / "receipts.jsonl"

    @property
    def decisions(self) -> Path:
        """The append-only, hash-chained list of persons' decisions about received files."""
        return self.root / "decisions.jsonl"

    @property
    def editing(self) -> Path:
        """The append-only, hash-chained list of texts that editors saved and sentences that native readers read."""
        return self.root / "editing.jsonl"

    @property
    def standards(self) -> Path:
        """The standards that the task force adopted, written by hand."""
        return self.root / "standards.yml"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file: a cache, rebuilt from `raw/`."""
        return self.root / "warehouse.duckdb"

    @property
    def dbt_target(self) -> Path:
        """Where dbt writes its manifest and compiled SQL."""
        return self.root / "build" / "dbt"

    @property
    def series_key(self) -> bytes:
        """The secret that makes rounding consistent; created once, never released.

        An invented home gets a fixed public key, so that the demo gives the same bytes everywhere.
        """
        return self._key("series", b"marsad demo key: public")

    @property
    def seal_key(self) -> bytes:
        """The secret for the seals on verdicts and reports of protection, never the rounding key; created once."""
        return self._key("seal", b"marsad demo seal: public")

    def _key(self, name: str, public: bytes) -> bytes:
        path = self.root / "keys" / f"{name}.key"
        if not path.exists():
            key = hashlib.sha256(public).digest() if self.is_invented else secrets.token_bytes(_KEY_BYTES)
            write_bytes(path, key.hex().encode("ascii"), mode=0o600)
        try:
            key = bytes.fromhex(path.read_text(encoding="ascii"))
        except ValueError as error:
            raise Refusal("key_unreadable", where=str(path)) from error
        if len(key) != _KEY_BYTES:
            raise Refusal("key_unreadable", where=str(path))
        return key

    @contextmanager
    def lock(
        self,
        purpose: str,
        *,
        wait: float = 0.0,
        on_wait: Callable[[Refusal], None] = lambda _held: None,
    ) -> Generator[leftovers.Tidied]:
        """Hold the writers' lock of this home; a kernel lock, so a killed holder leaves none.

        Leftovers of killed writers are removed first, and permissions that differ from `access.py` are corrected.

        Args:
            purpose: as in `writer_lock.hold_lock`, like the next two.
            wait: seconds.
            on_wait: called once, with the refusal that names the current holder.

        Raises:
            Refusal: as `writer_lock.hold_lock` and `refuse_other_format`.
        """
        self.refuse_other_format()
        make_folder(self.root)
        with writer_lock.hold_lock(self.root / "lock", purpose, where=self.root, wait=wait, on_wait=on_wait):
            yield self._tidy()

    def _tidy(self) -> leftovers.Tidied:
        settings = self._settings()
        swept = leftovers.sweep(self.root)
        return leftovers.Tidied(swept, access.mend(self.root, settings) if settings else [])


FOLDERS = tuple(name for name, value in vars(Home).items() if isinstance(value, HomeFolder))
"""The folders that every home has."""


def sha256_of_bytes(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_verified(path: Path, sha256: str) -> bytes:
    """Return the bytes of `path`, whose hash must be `sha256`.

    Raises:
        Refusal: `file_missing` or `bytes_changed`. A flipped bit in Parquet is otherwise read silently.
    """
    with reading(path):
        data = path.read_bytes()
    if sha256_of_bytes(data) != sha256:
        raise Refusal("bytes_changed", where=str(path))
    return data


def read_json(path: Path) -> Any:  # noqa: ANN401 - whatever json can hold
    """Return the content of a stored JSON file.

    Raises:
        Refusal: `file_missing`; `bytes_changed` if it is no longer JSON.
    """
    with reading(path):
        return parse_json(path.read_bytes())


def write_bytes(path: Path, data: bytes, *, mode: int | None = None) -> str:
    """Write `data` at `path` atomically (temporary file, fsync, rename, fsync of the folder); return its SHA-256.

    Without a mode the file gets the permissions that its folder passes on (`access.inherited_mode`).
    """
    make_folder(path.parent)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            temporary.chmod(access.inherited_mode(path.parent) if mode is None else mode)  # whatever the umask says
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)
    return sha256_of_bytes(data)


def write_new_bytes(path: Path, data: bytes) -> None:
    """Write `data` at `path` atomically, like `write_bytes`, but never over a file.

    Raises:
        FileExistsError: something has this name already.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write_bytes(temporary, data)
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError as error:  # a memory stick has no second names: nothing but this look guards the first
            if os.path.lexists(path):
                raise FileExistsError(path) from error
            temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def make_folder(folder: Path) -> None:
    """Make a folder and its missing parents, each with the permissions that its parent passes on."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(access.inherited_mode(folder.parent, is_folder=True))


def write_json(path: Path, content: Any) -> str:  # noqa: ANN401 - whatever json can write
    """Write `content` as sorted, indented JSON, atomically; return its SHA-256."""
    return write_bytes(path, json_bytes(content))


def json_bytes(content: Any) -> bytes:  # noqa: ANN401 - whatever json can write
    """Return `content` as sorted, indented JSON."""
    return (json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode("utf-8")


def append_line(path: Path, line: str) -> None:
    """Append one line to a log and force it to disk."""
    with open(path, "a", encoding="utf-8", opener=open_private) as stream:
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def open_private(path: str, flags: int) -> int:
    """Open a file that only its owner may read, for `open(..., opener=open_private)`."""
    return os.open(path, flags, 0o600)


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to disk, so that a rename survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_folder(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write a folder whole: under a hidden name next to its place, forced to disk, then renamed."""
    _write_beside(folder, content).replace(folder)
    sync_folder(folder.parent)


def replace_folder(folder: Path, content: Mapping[str, bytes]) -> None:
    """Replace a folder with another one, written whole; the old one stays complete until it is put aside.

    A process killed between the two renames leaves the old one aside, hidden: `mend_folder` puts it back.
    """
    fresh, aside = _write_beside(folder, content), _aside_path(folder)
    mend_folder(folder)
    if folder.exists():
        folder.replace(aside)
    try:
        fresh.replace(folder)
    finally:
        mend_folder(folder)
    sync_folder(folder.parent)


def mend_folder(folder: Path) -> None:
    """Put back a folder that was put aside for a new one that never came; if it came, remove the old one."""
    aside = _aside_path(folder)
    if aside.exists() and not folder.exists():
        aside.replace(folder)
        sync_folder(folder.parent)
    shutil.rmtree(aside, ignore_errors=True)


def _aside_path(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.before")


def _write_beside(folder: Path, content: Mapping[str, bytes]) -> Path:
    """Write a folder next to its place, hidden, forced to disk; remove what an earlier process of the same ID left."""
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    for name, data in content.items():
        write_bytes(temporary / name, data)
    return temporary
