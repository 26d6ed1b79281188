"""One writer at a time: a kernel lock, which dies with its holder, and a file that names the holder and its start.

Belongs here: taking such a lock, waiting for it, reporting its holder. Does not belong here: what a lock guards
(`home.py`, `intake_lock.py`, `submissions/inbox.py`), or whether a file system supports locks (`file_systems.py`).

The holder is named in a separate file, because a contender empties the lock file when it opens it.
"""

from __future__ import annotations

import datetime
import errno
import json
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from ingestion.storage import parse_json
from languages.refusal import Refusal

WITHOUT_LOCKS = {errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP}
"""Errors of a file system without locks."""

_LOOKS = 5
_SECONDS_BETWEEN_LOOKS = 0.02


def _tell_nobody(_held: Refusal) -> None:
    """Do nothing: the default of `on_wait`."""


@contextmanager
def hold_lock(
    path: Path, purpose: str, *, where: Path, wait: float = 0.0, on_wait: Callable[[Refusal], None] = _tell_nobody
) -> Generator[None]:
    """Hold the lock `path` for one writer.

    Args:
        path: the lock file; its folder exists.
        purpose: what holds it, as a person would type it.
        where: what it guards, for the refusal.
        wait: most seconds to wait for another holder, `math.inf` for ever.
        on_wait: called once before waiting, with the refusal that names the holder.

    Raises:
        Refusal: `lock_held`, naming the holder's purpose, process and start; `locks_missing` on a file system
            without locks.
    """
    from filelock import FileLock, Timeout  # imported late: reading commands take no lock

    lock = FileLock(path, mode=0o600, fallback_to_soft=False)  # a soft lock would outlive a killed holder
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if not wait:
                raise
            on_wait(_holder_refusal(path, where))
            lock.acquire(timeout=wait, poll_interval=0.2)
    except Timeout as error:
        raise _holder_refusal(path, where) from error
    except OSError as error:
        if error.errno in WITHOUT_LOCKS:
            raise Refusal("locks_missing", where=str(path)) from error
        raise
    try:
        _sweep(path)
        _name(path, purpose)
        yield
    finally:
        holder_of(path).unlink(missing_ok=True)
        lock.release()


def holder_of(path: Path) -> Path:
    """Return the path of the file that names a lock's holder."""
    return path.with_name(f"{path.name}.holder")


def _name(path: Path, purpose: str) -> None:
    """Write who holds the lock; not forced to disk, because no lock survives a power cut."""
    now = datetime.datetime.now().astimezone()  # local time
    content = {"holder": f"{purpose}, process {os.getpid()}", "since": now.strftime("%Y-%m-%d %H:%M:%S")}
    holder_file = holder_of(path)
    temporary = holder_file.with_name(f".{holder_file.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(content, stream)
    temporary.replace(holder_file)


def _sweep(path: Path) -> None:
    """Remove the holder files that killed processes had begun to write: only the lock's holder writes one."""
    for left in path.parent.glob(f".{holder_of(path).name}.*.tmp"):
        left.unlink(missing_ok=True)


def _holder_refusal(path: Path, where: Path) -> Refusal:
    """Return the refusal that names a lock's holder; a new holder writes its name a moment after taking the lock."""
    for _ in range(_LOOKS):
        with suppress(OSError, ValueError, KeyError, TypeError):
            content = parse_json(holder_of(path).read_bytes())
            return Refusal("lock_held", where=str(where), holder=str(content["holder"]), since=str(content["since"]))
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    return Refusal("lock_held", where=str(where), holder="?", since="?")
