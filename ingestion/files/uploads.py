"""A file that somebody sends: opened and read once, so that the bytes examined are the bytes received.

Belongs here: which files exist and may be read, reading one once, and removing a file if it is still the one that was
read; bytes that come without a file, from a browser, which are never written to one.
Does not belong here: what the bytes are (`guard.py`), opening sealed ones (`sealing/sealed_files.py`), what becomes of
them (`landing.py`), which files are ready (`inbox.py`).
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ingestion.files.guard import MAX_FILE_BYTES, is_sealed
from ingestion.findings import Finding
from ingestion.home import sha256_of_bytes
from languages.refusal import Refusal

SEALED_SUFFIX = ".age"
LONGEST_HEADER = 8_192
"""Bytes in front of sealed content, enough for some eighty keys: the library's time grows with their square."""
MAX_SEALED_BYTES = MAX_FILE_BYTES + LONGEST_HEADER + 16 * (MAX_FILE_BYTES // 65_536 + 2)
"""Size of a sealed file of `MAX_FILE_BYTES`: age adds 16 bytes to each 64 KiB, and 16 bytes at the start."""
_HEAD = 1_024  # bytes that show whether a file is sealed
_LONGEST_NAME = 255

Stamp = tuple[int, int, int]
"""Size, modification time and change time (ctime) of a file, in nanoseconds; no copy can set the last one."""

# On Windows folders hold no such links and no pipes.
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class Upload:
    """A file that was read.

    Args:
        path: where it lay.
        data: its bytes; of a sealed file that was opened the plain ones.
        stamp: of the file when it was read.
        entry: device and inode of the file that was read; another file at the same path has another one.
        sealed_sha256: the hash of its bytes as it lay there, if it came sealed.
        fault: what is wrong with its seal, so that nothing else can be known of it.
        has_file: whether a file lies at its path; without one the path is a name, and nothing lies next to it.
    """

    path: Path
    data: bytes = field(repr=False)
    stamp: Stamp
    entry: tuple[int, int]
    sealed_sha256: str = ""
    fault: Finding | None = None
    has_file: bool = True

    @property
    def plain_path(self) -> Path:
        """Its path without the ending of sealed files: the name that its kind and its answers go by."""
        return self.path.with_suffix("") if self.path.suffix.lower() == SEALED_SUFFIX else self.path

    @property
    def is_sealed(self) -> bool:
        """Whether it came sealed."""
        return bool(self.sealed_sha256)

    @cached_property
    def sha256(self) -> str:
        """The hash of the bytes."""
        return sha256_of_bytes(self.data)

    def remove(self) -> None:
        """Remove the file if the one at its path is still the file that was read."""
        if not self.has_file:
            return
        try:
            status = self.path.lstat()
        except FileNotFoundError:
            return
        if stamp_of(status) == self.stamp and (status.st_dev, status.st_ino) == self.entry:
            self.path.unlink()


def refuse_missing(*files: Path) -> None:
    """Refuse if one of the files does not exist, before the first is touched."""
    for file in files:
        if not file.is_file():
            raise Refusal("upload_missing", where=str(file))


def starts_sealed(path: Path) -> bool:
    """Return whether a file begins like a sealed one; false for a link, a folder, or what is not there."""
    try:
        with os.fdopen(os.open(path, _FLAGS), "rb") as stream:
            return is_sealed(stream.read(_HEAD))
    except OSError:
        return False


def read_upload(path: Path, called: str = "") -> Upload:
    """Read a file once, if it is a regular one of a size that the guard allows.

    Args:
        path: where it lies.
        called: its name in refusals; by default its path.

    Raises:
        Refusal: `upload_missing`; `upload_no_file` for a folder, a link, a pipe or a device; `upload_too_large` before
            more than its beginning is read; `upload_changed` for one that is being written; `file_unreadable` for
            all else.
    """
    where = called or _printable(str(path))
    try:
        _check(path.lstat(), where, MAX_SEALED_BYTES)
        descriptor = os.open(path, _FLAGS)
        with os.fdopen(descriptor, "rb") as stream:
            before = os.fstat(descriptor)
            _check(before, where, MAX_SEALED_BYTES)
            data = stream.read(_HEAD)
            if not is_sealed(data):
                _check(before, where, MAX_FILE_BYTES)
            data += stream.read(MAX_SEALED_BYTES)
            after = os.fstat(descriptor)
    except FileNotFoundError as error:
        raise Refusal("upload_missing", where=where) from error
    except OSError as error:
        is_link = error.errno == errno.ELOOP
        raise Refusal("upload_no_file" if is_link else "file_unreadable", where=where) from error
    if stamp_of(before) != stamp_of(after) or len(data) != before.st_size:
        raise Refusal("upload_changed", where=where)
    return Upload(path, data, stamp_of(before), (before.st_dev, before.st_ino))


def upload_of_bytes(name: str, data: bytes) -> Upload:
    """Return bytes that came without a file, under the name that their sender gives them.

    Args:
        name: as a browser sends it; of a path only the last part is taken.
        data: the bytes.

    Raises:
        Refusal: `upload_too_large` for more than the guard allows.
    """
    last = name.replace("\\", "/").rpartition("/")[2].replace("\0", "")
    path = Path(last[-_LONGEST_NAME:] if last not in ("", ".", "..") else "file")
    if len(data) > (MAX_SEALED_BYTES if is_sealed(data) else MAX_FILE_BYTES):
        raise Refusal("upload_too_large", where=_printable(path.name), limit=str(MAX_FILE_BYTES // 1_000_000))
    return Upload(path, data, (len(data), 0, 0), (0, 0), has_file=False)


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp of a file."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())


def _check(status: os.stat_result, where: str, limit: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise Refusal("upload_no_file", where=where)
    if status.st_size > limit:
        raise Refusal("upload_too_large", where=where, limit=str(MAX_FILE_BYTES // 1_000_000))
