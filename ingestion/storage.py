"""What a disk says no to, as a refusal in words: full, read-only, not permitted, broken; and memory that is not there.

Belongs here: telling such an error apart from a fault of the program, whichever library met it.
Does not belong here: files that are there and say something wrong: who reads them says so.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from languages.refusal import Refusal

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NOT_PERMITTED = {errno.EACCES, errno.EPERM, errno.EROFS}
_BROKEN = {errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.EMFILE, errno.ENFILE}
OF_THE_DISK = ("disk_full", "not_permitted", "disk_broken")
"""The codes of what a disk says no to."""
# What databases say where the system's number is lost on the way.
_FULL_WORDS = ("database or disk is full", "no space left", "disk quota", "file too large", "could not write all bytes")
_PERMITTED_WORDS = ("readonly database", "read-only", "permission denied", "unable to open database file")
_DATABASES = ("duckdb", "sqlalchemy", "sqlite3", "dbt", "dagster")


def refusal_of(error: BaseException, where: Path | str) -> Refusal | None:
    """Return what a failed write or read means: `disk_full`, `not_permitted`, `disk_broken`, `memory_full`, or None.

    Args:
        error: with whatever caused it.
        where: the home; a file that the error names is told instead.
    """
    for one in _causes(error):
        if isinstance(one, Refusal):
            return one
        if code := _code_of(one):
            named = getattr(one, "filename", None)
            return Refusal(code, where=str(named) if isinstance(named, str) else str(where))
    return None


def is_of_the_disk(error: BaseException) -> bool:
    """Return whether a disk said no, so that what was being read is not to blame."""
    return any(_code_of(one) in OF_THE_DISK for one in _causes(error))


@contextmanager
def naming(path: Path) -> Generator[None]:
    """Name the file that a write was about, where the system's own error does not: two disks may be in play."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def _code_of(error: BaseException) -> str:
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryException":  # the latter is DuckDB's
        return "memory_full"
    if isinstance(error, OSError) and error.errno is not None:
        return _code_of_number(error.errno)
    if isinstance(error, sqlite3.Error) or type(error).__module__.partition(".")[0].lstrip("_") in _DATABASES:
        text = str(error).lower()
        if any(words in text for words in _FULL_WORDS):
            return "disk_full"
        if any(words in text for words in _PERMITTED_WORDS):
            return "not_permitted"
        if "disk i/o error" in text:
            return "disk_broken"
    return ""


def _code_of_number(number: int) -> str:
    codes = (("disk_full", _FULL), ("not_permitted", _NOT_PERMITTED), ("disk_broken", _BROKEN))
    return next((code for code, numbers in codes if number in numbers), "")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what caused it, each once."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__
