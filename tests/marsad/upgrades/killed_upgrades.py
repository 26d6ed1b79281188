"""An upgrade killed before each of its changes, one after the other."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ingestion.home import Home, sha256_of
from marsad.upgrades import upgrade_steps

_WRITING = os.O_WRONLY | os.O_RDWR
_CHANGING = ("os.rename", "os.remove", "os.rmdir", "os.chmod", "os.mkdir")

Files = dict[str, tuple[str, int]]


def quiet(_step: object) -> None:
    """Take no notice of progress."""


def files_of(home: Home) -> Files:
    """Return the files of a home without its locks -> hash and mode."""
    paths = [path for path in home.root.rglob("*") if path.is_file() and "lock" not in path.name]
    return {path.relative_to(home.root).as_posix(): (sha256_of(path), path.stat().st_mode) for path in paths}


class _Killer:
    """An audit hook: kills this process before the given change of the home."""

    def __init__(self, root: Path, change: int) -> None:
        self._root, self._left = str(root), change

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._changes(event, arguments):
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)

    def _changes(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "open":
            writes = isinstance(arguments[2], int) and bool(arguments[2] & _WRITING)
            return writes and str(arguments[0]).startswith(self._root)
        return event in _CHANGING and str(arguments[0]).startswith(self._root)


def killed_before(home: Home, change: int) -> bool:
    """Upgrade in a child process that is killed before the given change; return whether it was."""
    child = os.fork()
    if not child:
        sys.addaudithook(_Killer(home.root, change))
        upgrade_steps.upgrade(home, quiet)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def kill_before_each_change(
    older: Path, folder: Path, look: Callable[[Home, bool, int], None], *, every: int = 1
) -> None:
    """Kill an upgrade before each of its changes, let another end it, and hold the result to one that nobody killed.

    Args:
        older: root of the home.
        folder: for its copies.
        look: told each killed home, whether it was killed, and before which change.
        every: of so many changes one.
    """
    whole, change = Home(shutil.copytree(older, folder / "whole")), 1
    upgrade_steps.upgrade(whole, quiet)
    with whole.lock("marsad build"):  # mends rights, whatever umask the archive was unpacked under
        pass
    wanted = files_of(whole)
    while True:
        home = Home(shutil.copytree(older, folder / str(change)))
        was_killed = killed_before(home, change)
        look(home, was_killed, change)
        upgrade_steps.upgrade(home, quiet)
        with home.lock("marsad build"):  # sweeps what the killed one left
            pass
        assert files_of(home) == wanted, change
        assert not upgrade_steps.unfinished_upgrade(home)
        if not was_killed:
            return
        change += every
