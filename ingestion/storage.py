"""Disk and memory errors as refusals: disk full, read-only, not permitted, broken; out of memory.

Belongs here: distinguishing such an error from a bug, whichever library raised it; reading JSON that somebody else may
have written; naming a stored file that is not as it was written; refusing a name that leads out of its folder.
Does not belong here: what such a file means, which its reader knows.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from languages.refusal import Refusal

_LONGEST_NAME = 255
"""Longest file name on Linux file systems, in bytes."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_READ_ONLY = {errno.EROFS}
_NOT_PERMITTED = {errno.EACCES, errno.EPERM}
_BROKEN = {errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.EMFILE, errno.ENFILE}
_NO_FILE = {errno.EISDIR, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}
OF_THE_DISK = ("disk_full", "disk_read_only", "not_permitted", "disk_broken")
"""The refusal codes of disk errors."""
# What databases say if the system's error number is lost on the way.
_FULL_WORDS = ("database or disk is full", "no space left", "disk quota", "file too large", "could not write all bytes")
_PERMITTED_WORDS = ("readonly database", "read-only", "permission denied", "unable to open database file")
_DATABASES = ("duckdb", "sqlalchemy", "sqlite3", "dbt", "dagster")


def refusal_of(error: BaseException, where: Path | str) -> Refusal | None:
    """Return the refusal for a failed write or read: one of `OF_THE_DISK`, `memory_full`, `not_a_file`, or None.

    A missing file is reported as `file_missing` if it belongs to the home; about others the caller knows more.

    Args:
        error: with its causes.
        where: the home; replaced by a file that the error names.
    """
    for cause in _causes(error):
        if isinstance(cause, Refusal):
            return cause
        named = getattr(cause, "filename", None)
        path = str(named) if isinstance(named, str | Path) else ""
        if code := _code_of(cause):
            return Refusal(code, where=path or str(where))
        if path and isinstance(cause, FileNotFoundError) and Path(path).is_relative_to(where):
            return Refusal("file_missing", where=path)
    return None


def is_of_the_disk(error: BaseException) -> bool:
    """Return whether a disk failed, so that the content being read is not to blame."""
    return any(_code_of(cause) in OF_THE_DISK for cause in _causes(error))


def parse_json(data: str | bytes) -> Any:  # noqa: ANN401 - whatever json can hold
    """Parse JSON that somebody else may have written.

    Raises:
        ValueError: it is no JSON, nests deeper than any of ours, or holds a lone surrogate, which no file of ours can.
    """
    try:
        content = json.loads(data)
        json.dumps(content, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise ValueError("nested too deep") from None
    return content


@contextmanager
def naming(path: Path) -> Generator[None]:
    """Add the name of the written file to a system error that lacks it: two disks may be involved."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


@contextmanager
def reading(path: Path) -> Generator[None]:
    """Name a stored file that is not as it was written: a library's own error says neither which one nor what to do.

    Raises:
        Refusal: `file_missing`, `bytes_changed`.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise Refusal("file_missing", where=str(path)) from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise Refusal("bytes_changed", where=str(path)) from error
    except OSError as error:
        if error.errno is not None and error.errno not in _NO_FILE:
            raise
        raise Refusal("bytes_changed", where=str(path)) from error  # Arrow's error for damaged pages


def read_plain(path: Path, most: int) -> bytes:
    """Return the bytes of a file that somebody else may have put there: its name may stand for a pipe without an end.

    Args:
        path: of the file.
        most: bytes that such a file has at most.

    Raises:
        Refusal: `file_missing`; `name_leads_out` for a link or anything else than a file; `bytes_changed` for a longer
            one.
    """
    with reading(path):
        state = path.lstat()
        if not stat.S_ISREG(state.st_mode):
            raise Refusal("name_leads_out", where=str(path.parent), name=ascii(path.name))
        if state.st_size > most:
            raise Refusal("bytes_changed", where=str(path))
        return path.read_bytes()


def refuse_leading_out(folder: Path, name: str, *, deep: bool = False) -> None:
    """Refuse a name in a foreign file that leads to a file outside the folder it came with.

    Args:
        folder: the folder that the file came with.
        name: of a file in it, or in a folder next to it.
        deep: whether it may lie in a subfolder.

    Raises:
        Refusal: `name_leads_out` for a path of another form, with invisible characters or longer than a disk accepts,
            or one that goes through a link.
    """
    parts = PurePosixPath(name).parts
    is_path = 0 < len(parts) <= (len(name) if deep else 1) and "/".join(parts) == name and ".." not in parts
    is_plain = is_path and name.isprintable() and all(len(os.fsencode(part)) <= _LONGEST_NAME for part in parts)
    if not is_plain or name == "/" or "\\" in name:
        raise Refusal("name_leads_out", where=str(folder), name=ascii(name))
    for end in range(1, len(parts) + 1):
        if folder.joinpath(*parts[:end]).is_symlink():
            raise Refusal("name_leads_out", where=str(folder), name=ascii(name))


def _code_of(error: BaseException) -> str:
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":  # the latter is DuckDB's
        return "memory_full"
    if isinstance(error, OSError) and error.errno is not None:
        return _code_of_number(error.errno)
    if type(error).__module__.partition(".")[0].lstrip("_") in _DATABASES:
        text = str(error).lower()
        if any(words in text for words in _FULL_WORDS):
            return "disk_full"
        if any(words in text for words in _PERMITTED_WORDS):
            return "not_permitted"
        if "disk i/o error" in text:
            return "disk_broken"
    return ""


def _code_of_number(number: int) -> str:
    sets = (_FULL, _READ_ONLY, _NOT_PERMITTED, _BROKEN, _NO_FILE)
    codes = tuple(zip((*OF_THE_DISK, "not_a_file"), sets, strict=True))
    return next((code for code, numbers in codes if number in numbers), "")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and its causes, each once."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        cause = cause.__cause__ or cause.__context__
