"""Long work as a process of its own, which a page follows and a stopped desk does not end.

Belongs here: starting it, what it printed, how it ended. Does not belong here: what it does (`build_work.py`,
`report_work.py`).

    build/desk/<name>.txt    what it printed
              /<name>.code   its exit code, once it has ended
"""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from ingestion.home import Home, make_folder

_running: dict[tuple[Path, str], subprocess.Popen[bytes]] = {}
_beginning = threading.Lock()


@dataclass(frozen=True)
class FollowedWork:
    """The last work of a name: whether it goes on, whether it ended well, what it printed; empty before the first."""

    is_running: bool
    is_done: bool
    lines: tuple[str, ...]


def begin(home: Home, name: str, module: str, asked: str) -> bool:
    """Start a module as a program, with one argument, unless work of that name goes on; return whether it was started.

    What it prints takes the place of what was printed before.
    """
    with _beginning:  # two clicks come in two threads
        if state(home, name).is_running:
            return False
        folder = _folder(home)
        (folder / f"{name}.code").unlink(missing_ok=True)
        with (folder / f"{name}.txt").open("wb") as printed:
            work = subprocess.Popen(  # noqa: S603 - our own module; the word is one argument
                [sys.executable, "-m", module, asked],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _running[home.root, name] = work
        threading.Thread(target=_await, args=(work, folder / f"{name}.code"), daemon=True).start()
    return True


def state(home: Home, name: str) -> FollowedWork:
    """Return how far the last work is; one whose desk was stopped meanwhile has ended, and is not done."""
    folder, work = _folder(home), _running.get((home.root, name))
    path, code = folder / f"{name}.txt", folder / f"{name}.code"
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    is_running = work is not None and work.poll() is None
    is_done = not is_running and code.exists() and code.read_text(encoding="ascii") == "0"
    return FollowedWork(is_running, is_done, tuple(lines))


def _await(work: subprocess.Popen[bytes], code: Path) -> None:
    code.write_text(str(work.wait()), encoding="ascii")


def _folder(home: Home) -> Path:
    folder = home.build / "desk"
    make_folder(folder)
    return folder
