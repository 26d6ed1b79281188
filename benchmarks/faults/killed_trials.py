"""One trial: a command is killed with SIGKILL at a random moment, what it left is read, and it runs once more.

Belongs here: forking, killing, judging. Does not belong here: which commands (`killed_commands.py`).
The command runs in a fork of a process that has imported everything: the moments are spent on its work, and the kernel
ends it as it would end a process of its own. Every second trial on average kills its children with it, as a power cut
does. Trials take turns: one is killed at a moment of the clock, the next one just before a change of a file.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.changes import ChangeCounter
from benchmarks.faults.home_trees import copy_home, half_visible, tree_of
from ingestion import leftovers
from ingestion.home import Home

_LOOK_SECONDS = 0.002
_LONGEST_SECONDS = 900


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
    """What a command does when nobody disturbs it: its seconds, its changes of files, the trees before and after it."""

    seconds: float
    changes: int
    before: dict[str, str]
    after: dict[str, str]


@dataclass(frozen=True)
class Trial:
    """What one trial came to, as a line of JSON.

    Attributes:
        command: its name.
        at: seconds after its start when it was killed at the latest.
        change: number of the change before which it was killed; 0 for one killed by the clock.
        killed: whether it still ran then.
        left: how many leftovers lay there.
        half_visible: what a reader would have seen in part.
        lost: places that differ from an undisturbed run after the command ran again.
        leftovers: what still lay there then.
    """

    command: str
    at: float
    change: int
    killed: bool
    left: int
    half_visible: list[str]
    lost: list[str]
    leftovers: list[str]


def measure(command: KilledCommand, folder: Path) -> Undisturbed:
    """Run a command undisturbed, twice: what differs between the two is of no use to compare, and is told.

    Raises:
        RuntimeError: the command failed, or two undisturbed runs gave other bytes.
    """
    before, trees, seconds, changes = tree_of(command.home), list[dict[str, str]](), 0.0, 0
    for number in range(2):
        home = copy_home(command.home, folder / f"undisturbed{number}")
        start = time.monotonic()
        code = _run(command, home, tell=folder / "changes")
        seconds, changes = time.monotonic() - start, int((folder / "changes").read_text())
        if code:
            raise RuntimeError(f"{command.name} failed undisturbed: {code}")
        trees.append(tree_of(home))
        shutil.rmtree(home)
    if other := _differing(*trees):
        raise RuntimeError(f"{command.name}: two undisturbed runs differ in {other}")
    return Undisturbed(seconds, changes, before, trees[0])


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


def trial(
    command: KilledCommand, undisturbed: Undisturbed, folder: Path, chance: random.Random, *, by_clock: bool
) -> Trial:
    """Kill a command at a random moment of its undisturbed length or before a random change, and run it again."""
    root = copy_home(command.home, folder / "trial")
    try:
        at = chance.uniform(0, undisturbed.seconds) if by_clock else _LONGEST_SECONDS
        change = 0 if by_clock else chance.randint(1, max(undisturbed.changes, 1))
        killed = _run(command, root, at, change, with_children=chance.random() < 0.5) == -signal.SIGKILL
        left = leftovers.leftovers(root)
        half = half_visible(Home(root), undisturbed.before, undisturbed.after)
        _run(command, root)
        lost = _differing(tree_of(root), undisturbed.after)
        still = [path.relative_to(root).as_posix() for path in leftovers.leftovers(root)]
        return Trial(command.name, round(at, 3), change, killed, len(left), half, lost, still)
    finally:
        shutil.rmtree(root)


def _differing(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(place for place in one.keys() | other.keys() if one.get(place) != other.get(place))


def _run(
    command: KilledCommand,
    root: Path,
    at: float = _LONGEST_SECONDS,
    change: int = 0,
    *,
    with_children: bool = True,
    tell: Path | None = None,
) -> int:
    """Run a command in a fork; return its exit code, or minus the number of the signal that ended it.

    Args:
        command: to run.
        root: of the home that it runs in.
        at: seconds after which it is killed.
        change: before which it is killed; 0 for none.
        with_children: whether its children are killed at that same moment.
        tell: the file into which it writes how many changes it made.
    """
    child = os.fork()
    if not child:
        os.setsid()
        _act(command, root, change, tell)
    deadline = time.monotonic() + at
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() >= deadline:
            with contextlib.suppress(ProcessLookupError):  # it has just begun and leads no group yet
                if with_children:
                    os.killpg(child, signal.SIGKILL)
            os.kill(child, signal.SIGKILL)
            ended = os.waitpid(child, 0)
            break
        time.sleep(_LOOK_SECONDS)
    with contextlib.suppress(ProcessLookupError):  # children that outlive a killed command end before we look
        os.killpg(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(ended[1])


def _act(command: KilledCommand, root: Path, change: int, tell: Path | None) -> None:
    """Be the command: say nothing, and leave without what the process before had planned for its own end."""
    code = 1
    try:
        silent = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(silent, stream)
        os.environ["MARSAD_HOME"] = str(root)
        counter = ChangeCounter(root, change)
        try:
            command.act(Home.at(root))
        finally:
            if tell:
                tell.write_text(str(counter.count))
        code = 0
    except SystemExit as left:
        code = int(left.code or 0) if not isinstance(left.code, str) else 1
    finally:
        sys.stdout.flush()
        os._exit(code)
