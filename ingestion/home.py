"""The data home: where files lie, and how they are written so that a killed process leaves nothing half-made.

Belongs here: the paths of a home, its format version, its lock, atomic writes, hashes that are verified on read.
Does not belong here: what any of those files mean, or DuckDB (`warehouse.py`).
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from languages.refusal import Refusal

FORMAT_VERSION = 1
_FOLDERS = (
    "inbox",
    "received",
    "quarantine",
    "raw",
    "build",
    "candidates",
    "verdicts",
    "releases",
    "research",
    "custom_tables",
    "publications",
    "prose",
    "ledger",
    "lineage",
    "keys",
    "reports",
    "dagster",
)


@dataclass(frozen=True)
class Home:
    """A data home. Every path of it is named here and nowhere else."""

    root: Path

    @classmethod
    def at(cls, root: Path | None = None) -> Home:
        """Return the home at `root`, else at `$MARSAD_HOME`, else at `./home` (read now, not at import)."""
        return cls((root or Path(os.environ.get("MARSAD_HOME") or "home")).resolve())

    def open(self, *, invented: bool = False) -> Home:
        """Create what is missing and return self.

        Args:
            invented: mark a new home as one of invented files; the mark never changes afterwards.

        Raises:
            Refusal: `home_version` for a home of another format; `home_mixed` when invented files would meet real ones.
        """
        marker = self.root / "home.json"
        if marker.exists():
            found = json.loads(marker.read_text(encoding="utf-8"))
            if found.get("format_version") != FORMAT_VERSION:
                raise Refusal("home_version", where=str(self.root), found=str(found.get("format_version")))
            if invented and not found.get("invented"):
                raise Refusal("home_mixed", where=str(self.root))
        for folder in _FOLDERS:
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        if not marker.exists():
            write_json(marker, {"format_version": FORMAT_VERSION, "invented": invented})
        return self

    def existing(self) -> Home:
        """Return self if somebody has opened this home before: a question never makes one.

        Raises:
            Refusal: `home_empty`.
        """
        if not (self.root / "home.json").exists():
            raise Refusal("home_empty", where=str(self.root))
        return self.open()

    def for_real_files(self) -> Home:
        """Return self if senders' files may come in here.

        Raises:
            Refusal: `home_is_invented` for a home of invented files.
        """
        if self.is_invented:
            raise Refusal("home_is_invented", where=str(self.root))
        return self

    def __getattr__(self, name: str) -> Path:
        """Return the folder of that name (`inbox`, `received`, `raw`, …)."""
        if name in _FOLDERS:
            return self.root / name
        raise AttributeError(name)

    @property
    def is_invented(self) -> bool:
        """Whether this home holds invented files only; every page says so."""
        marker = self.root / "home.json"
        return marker.exists() and bool(json.loads(marker.read_text(encoding="utf-8")).get("invented"))

    @property
    def receipts(self) -> Path:
        """The append-only, hash-chained list of receipts."""
        return self.root / "receipts.jsonl"

    @property
    def decisions(self) -> Path:
        """The append-only, hash-chained list of what persons decided about received files."""
        return self.root / "decisions.jsonl"

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
        """The secret that makes rounding sticky; made once, never released.

        An invented home gets a fixed public key, so that the demo gives the same bytes everywhere.
        """
        path = self.root / "keys" / "series.key"
        if not path.exists():
            key = hashlib.sha256(b"marsad demo key: public").digest() if self.is_invented else secrets.token_bytes(32)
            write_bytes(path, key.hex().encode("ascii"), mode=0o600)
        return bytes.fromhex(path.read_text(encoding="ascii"))

    @contextmanager
    def lock(self, purpose: str) -> Generator[None]:
        """Hold the one lock for writers of this home; a kernel lock, so a killed holder leaves none.

        Raises:
            Refusal: `lock_held`, naming the holder's purpose and process number.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        holder = self.root / "lock.holder"
        lock = FileLock(self.root / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            found = holder.read_text(encoding="utf-8") if holder.exists() else "?"
            raise Refusal("lock_held", where=str(self.root), holder=found) from error
        try:
            holder.write_text(f"{purpose}, process {os.getpid()}", encoding="utf-8")
            yield
        finally:
            holder.unlink(missing_ok=True)
            lock.release()


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
    if not path.exists():
        raise Refusal("file_missing", where=str(path))
    data = path.read_bytes()
    if sha256_of_bytes(data) != sha256:
        raise Refusal("bytes_changed", where=str(path))
    return data


def write_bytes(path: Path, data: bytes, *, mode: int = 0o644) -> str:
    """Write `data` at `path` atomically (temporary file, fsync, rename, fsync of the folder); return its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)
    return sha256_of_bytes(data)


def write_json(path: Path, content: Any) -> str:  # noqa: ANN401 - whatever json can write
    """Write `content` as sorted, indented JSON, atomically; return its SHA-256."""
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    return write_bytes(path, text.encode("utf-8"))


def append_line(path: Path, line: str) -> None:
    """Append one line to a log and force it to disk."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
        stream.flush()
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to disk, so that a rename survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_folder(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write a folder whole: beside, hidden, forced to disk, then renamed."""
    _beside(folder, content).replace(folder)
    sync_folder(folder.parent)


def replace_folder(folder: Path, content: Mapping[str, bytes]) -> None:
    """Write a folder whole in the place of the one that stands there, which stays whole until it is put aside.

    Whoever is killed between the two renames leaves it aside, hidden: `mend_folder` puts it back.
    """
    fresh, aside = _beside(folder, content), _aside(folder)
    mend_folder(folder)
    if folder.exists():
        folder.replace(aside)
    try:
        fresh.replace(folder)
    finally:
        mend_folder(folder)
    sync_folder(folder.parent)


def mend_folder(folder: Path) -> None:
    """Put back a folder that was put aside for another that never came; one that came leaves nothing aside."""
    aside = _aside(folder)
    if aside.exists() and not folder.exists():
        aside.replace(folder)
        sync_folder(folder.parent)
    shutil.rmtree(aside, ignore_errors=True)


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.before")


def _beside(folder: Path, content: Mapping[str, bytes]) -> Path:
    """Write a folder beside its place, hidden, forced to disk; what a process of the same number left is gone."""
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    for name, data in content.items():
        write_bytes(temporary / name, data)
    return temporary
