"""What a reader may not do while it reads: write outside of its folder, call, start another program, take long."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

_PROGRAMS = ("workbook_child.py", "ssh-keygen")
"""What a reader starts by design: the limited child that opens workbooks, and OpenSSH, which is asked about keys."""
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Event of Python -> which of its arguments are paths; a library in another language that opens a file sends none.
_CHANGES = {
    **dict.fromkeys(("os.mkdir", "os.remove", "os.rmdir", "os.truncate", "os.chmod", "os.chown", "os.utime"), (0,)),
    **dict.fromkeys(("os.rename", "os.link"), (0, 1)),
    **{"open": (0,), "os.symlink": (1,)},
}
_CALLS = {
    "subprocess.Popen",
    "socket.connect",
    "socket.bind",
    "socket.getaddrinfo",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
}


class TookTooLong(BaseException):
    """No `Exception`: a reader that turns whatever a bad file provokes into an answer must not catch it."""


class _Watch:
    """The one hook of this process: Python has no way to take one back."""

    folder = ""
    breaches: list[str]
    is_installed = False

    def __init__(self) -> None:
        self.breaches = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.folder:
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & _WRITES):
            return
        if event == "subprocess.Popen" and any(str(argument).endswith(_PROGRAMS) for argument in arguments[1]):
            return
        if event in _CALLS:
            self.breaches.append(f"{event} {arguments[:1]}")
        for place in _CHANGES.get(event, ()):
            self._check(event, arguments[place])

    def _check(self, event: str, path: object) -> None:
        if isinstance(path, int):  # a file that is open already
            return
        name = os.path.abspath(os.fsdecode(path))  # type: ignore[arg-type]  # noqa: PTH100 - a path object opens nothing
        if name != self.folder and not name.startswith(self.folder + os.sep) and name != os.devnull:
            self.breaches.append(f"{event} {name}")


_WATCH = _Watch()


@contextmanager
def watched(folder: Path, seconds: float) -> Iterator[None]:
    """Fail with an `AssertionError` where what runs inside writes outside of a folder or takes longer than allowed.

    Args:
        folder: where it may write.
        seconds: of CPU time; of waiting it may take ten times as much.
    """
    if not _WATCH.is_installed:
        sys.addaudithook(_WATCH)
        _WATCH.is_installed = True
    _WATCH.folder, _WATCH.breaches = os.path.abspath(folder), []  # noqa: PTH100 - as above
    clocks = {signal.ITIMER_PROF: (signal.SIGPROF, seconds), signal.ITIMER_REAL: (signal.SIGALRM, 10 * seconds)}
    before = {number: signal.signal(number, _stop) for number, _ in clocks.values()}
    for clock, (_, limit) in clocks.items():
        signal.setitimer(clock, limit)
    try:
        yield
    except TookTooLong:
        raise AssertionError(f"took longer than {seconds:g} s") from None
    finally:
        for clock, (number, _) in clocks.items():
            signal.setitimer(clock, 0)
            signal.signal(number, before[number])
        _WATCH.folder = ""
    assert not _WATCH.breaches, _WATCH.breaches


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise TookTooLong
