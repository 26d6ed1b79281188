"""One trial: a fault meets a command at work, what it left is read, and the command runs once more.

Belongs here: forking, disturbing, judging. Does not belong here: which commands (`killed_commands.py`).
The command runs in a fork of a process that has imported what an undisturbed run had imported at its end: the moments
are spent on its work, and the kernel ends it as it would end a process of its own. It is killed with SIGKILL at a
moment of the clock or just before a change of a file, every second time with its children, as a power cut does; or no
file may grow beyond a number of bytes, which a writer meets as it meets a full disk.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import random
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from ingestion import leftovers
from ingestion.home import Home
from ingestion.storage import refusal_of
from tests.end_to_end.faults.file_changes import ChangeCounter
from tests.end_to_end.faults.home_trees import copy_home, half_visible, tree_of

_LOOK_SECONDS = 0.002
_LONGEST_SECONDS = 900
_CRASHED = 70
"""Code of a command that ended with a stack."""


@dataclass(frozen=True)
class KilledCommand:
    """A command to be killed.

    Args:
        name: of the command, with its stage where it has some.
        home: prepared, never changed.
        act: runs the command in a copy of that home.
    """

    name: str
    home: Path
    act: Callable[[Home], object]


@dataclass(frozen=True)
class Undisturbed:
    """What a command does undisturbed: its seconds, its changes of files, its largest file, the trees of hashes."""

    seconds: float
    changes: int
    largest: int
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True)
class Fault:
    """What disturbs a command.

    Attributes:
        at: seconds after its start when it is killed at the latest.
        change: number of the change before which it is killed; 0 for none.
        full_at: bytes beyond which none of its files grows; 0 for none.
        with_children: whether its children are killed at that same moment.
    """

    at: float = _LONGEST_SECONDS
    change: int = 0
    full_at: int = 0
    with_children: bool = True


_NO_FAULT = Fault()


@dataclass(frozen=True)
class Trial:
    """What one trial came to, as a line of JSON.

    Attributes:
        command: its name.
        fault: what disturbed it.
        met: whether it was at work then: killed, or refused.
        left: how many leftovers lay there.
        half_visible: what a reader would have seen in part.
        lost: places that differ from an undisturbed run after the command ran again.
        leftovers: what still lay there then.
    """

    command: str
    fault: Fault
    met: bool
    left: int
    half_visible: list[str]
    lost: list[str]
    leftovers: list[str]


def measure(command: KilledCommand, folder: Path) -> Undisturbed:
    """Run a command undisturbed, twice: what differs between the two is of no use to compare, and is told.

    Raises:
        RuntimeError: the command failed, or two undisturbed runs gave other bytes.
    """
    before, trees, seconds, told = tree_of(command.home), list[dict[str, str]](), 0.0, dict[str, Any]()
    largest = 0
    for number in range(2):
        home = copy_home(command.home, folder / f"undisturbed{number}")
        start = time.monotonic()
        code = _run(command, home, tell=folder / "told.json")
        seconds, told = time.monotonic() - start, json.loads((folder / "told.json").read_bytes())
        if code:
            raise RuntimeError(f"{command.name} failed undisturbed: {code}")
        _import_also(told["modules"])
        trees.append(tree_of(home))
        largest = max(path.stat().st_size for path in home.rglob("*") if path.is_file())
        shutil.rmtree(home)
    if other := _differing(*trees):
        raise RuntimeError(f"{command.name}: two undisturbed runs differ in {other}")
    return Undisturbed(seconds, told["changes"], largest, before, trees[0])


def _import_also(names: list[str]) -> None:
    for name in names:
        with contextlib.suppress(ImportError):  # a name that a library gave to a module of another name
            if name not in sys.modules:
                import_module(name)


def finished(command: KilledCommand, root: Path) -> Path:
    """Return a home in which a command came to its end; one that stands there already is it.

    Raises:
        RuntimeError: the command failed.
    """
    if not root.exists():
        home = copy_home(command.home, root.with_name(f"making_{root.name}"))
        if code := _run(command, home):
            raise RuntimeError(f"{command.name} failed: {code}")
        home.rename(root)
    return root


def killed_by_clock(undisturbed: Undisturbed, chance: random.Random) -> Fault:
    """Return a kill at a random moment of the time that the command takes."""
    return Fault(at=chance.uniform(0, undisturbed.seconds), with_children=chance.random() < 0.5)


def killed_by_change(undisturbed: Undisturbed, chance: random.Random) -> Fault:
    """Return a kill before a random one of its changes of files."""
    return Fault(change=chance.randint(1, max(undisturbed.changes, 1)), with_children=chance.random() < 0.5)


def full_disk(undisturbed: Undisturbed, chance: random.Random) -> Fault:
    """Return a limit on the size of files, each order of magnitude as likely as any other."""
    return Fault(full_at=round(math.exp(chance.uniform(math.log(100), math.log(max(undisturbed.largest, 100))))))


def trial(command: KilledCommand, undisturbed: Undisturbed, folder: Path, fault: Fault) -> Trial:
    """Disturb a command in a copy of its home, read what it left, and run it again."""
    root = copy_home(command.home, folder / "trial")
    try:
        code = _run(command, root, fault)
        left = leftovers.leftovers(root)
        half = half_visible(Home(root), undisturbed.before, undisturbed.after)
        half += [f"ended without words, code {code}"] if code == _CRASHED else []
        _run(command, root)
        lost = _differing(tree_of(root), undisturbed.after)
        still = [path.relative_to(root).as_posix() for path in leftovers.leftovers(root)]
        return Trial(command.name, fault, code != 0, len(left), half, lost, still)
    finally:
        shutil.rmtree(root)


def _differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(place for place in one.keys() | other.keys() if one.get(place) != other.get(place))


def _run(command: KilledCommand, root: Path, fault: Fault = _NO_FAULT, *, tell: Path | None = None) -> int:
    """Run a command in a fork; return its exit code, or minus the number of the signal that ended it.

    Args:
        command: to run.
        root: of the home that it runs in.
        fault: that disturbs it.
        tell: the file into which it writes how many changes it made and what it had imported at last.
    """
    child = os.fork()
    if not child:
        os.setsid()
        _act(command, root, fault, tell)
    deadline = time.monotonic() + fault.at
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() >= deadline:
            with contextlib.suppress(ProcessLookupError):  # it has just begun and leads no group yet
                if fault.with_children:
                    os.killpg(child, signal.SIGKILL)
            os.kill(child, signal.SIGKILL)
            ended = os.waitpid(child, 0)
            break
        time.sleep(_LOOK_SECONDS)
    with contextlib.suppress(ProcessLookupError):  # children that outlive a killed command end before we look
        os.killpg(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(ended[1])


def _act(command: KilledCommand, root: Path, fault: Fault, tell: Path | None) -> None:
    """Be the command: say nothing, and leave without what the process before had planned for its own end."""
    code = _CRASHED
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(silent, stream)
        sys.stdout = sys.stderr = os.fdopen(silent, "w")  # a runner of tests has put files of its own there
        os.environ["MARSAD_HOME"] = str(root)
        sys.modules["__main__"] = ModuleType("__main__")  # or each process that the command starts imports this one
        if fault.full_at:
            resource.setrlimit(resource.RLIMIT_FSIZE, (fault.full_at, fault.full_at))
        counter = ChangeCounter(root, fault.change)
        try:
            command.act(Home.at(root))
        finally:
            if tell:
                tell.write_text(json.dumps({"changes": counter.count, "modules": sorted(sys.modules)}))
        code = 0
    except SystemExit as left:
        code = int(left.code or 0) if not isinstance(left.code, str) else 1
    except Exception as error:
        code = 1 if refusal_of(error, root) else _CRASHED  # as `marsad/start.py` tells it in words
    finally:
        sys.stdout.flush()
        os._exit(code)
