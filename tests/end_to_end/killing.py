"""Builds that are killed, one after the other in one home: at every stage's end, and inside of every stage.

Started as a program of its own, so that each build is a fork of a process that has imported everything already. The
first build is killed before any stage, while dbt reads its project. In each stage a build is killed before the 5th
change of a file since that stage began, the 60th amid dbt's models, and one at the stage's end. Each takes up what the
one before it left, within a time limit.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from assets.stages import STAGE_NAMES

SECONDS = 900
"""How long one build may take before somebody waits for nothing."""
_BEFORE = "before any stage"
_FIFTH, _CHANGES = 5, {"warehouse": 60}
_END = sys.maxsize
_WRITING = os.O_WRONLY | os.O_RDWR


LANGUAGES = ("en", "ar")
"""Those that reports are written in here: enough for one to be made in a process of its own."""


def main(root: Path) -> None:
    """Kill builds in the home at `root` and print each as a line of JSON: stage, place, how it ended."""
    for heavy in ("great_expectations", "dbt.cli.main", "assets.definitions", "reports.publishing.issue_report"):
        import_module(heavy)
    vars(sys.modules["assets.definitions"])["languages"] = lambda: list(LANGUAGES)
    kills = [(stage, change) for stage in STAGE_NAMES for change in (_CHANGES.get(stage, _FIFTH), _END)]
    for stage, change in [(_BEFORE, 1), *kills]:
        ended = _outcome_of(lambda change=change, stage=stage: _build(root, stage, change))
        sys.stdout.write(json.dumps({"stage": stage, "change": change, "ended": ended}) + "\n")
        sys.stdout.flush()
        if ended != ("end of the stage" if change == _END else "killed"):
            return


def _outcome_of(build: Callable[[], None]) -> str:
    """Run a build in a fork and return how it ended: `killed`, `end of the stage`, `waited`, or its exit code."""
    told, tell = os.pipe()
    child = os.fork()
    if not child:
        os.set_inheritable(tell, True)
        os.environ["KILLING_TELL"] = str(tell)
        build()
        os._exit(0)
    os.close(tell)
    deadline = time.monotonic() + SECONDS
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "waited"
        time.sleep(0.05)
    with os.fdopen(told) as stream:
        said = stream.read()
    if os.WIFSIGNALED(ended[1]) and os.WTERMSIG(ended[1]) == signal.SIGKILL:
        return said or "killed"
    return f"exit {ended[1]}"


def _build(root: Path, stage: str, change: int) -> None:
    """Build, and be killed before the given change of a file since the stage began, or at the end of the stage."""
    from assets import house
    from ingestion.home import Home
    from tests import signing

    home, finish, begin = Home.at(root), house.BuildContext.finish_stage, house.BuildContext._begin
    killer = _Killer(home.root, change, is_counting=stage == _BEFORE)

    def begin_and_count(context: house.BuildContext, begun: str) -> None:
        begin(context, begun)
        if begun == stage:
            killer.is_counting = True

    def finish_and_die(context: house.BuildContext, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - as it has
        finish(context, *arguments, **named)
        if stage in (*context.done, *context.proposed):
            os.write(int(os.environ["KILLING_TELL"]), b"end of the stage")
            os.kill(os.getpid(), signal.SIGKILL)

    house.BuildContext.finish_stage = finish_and_die
    house.BuildContext._begin = begin_and_count
    sys.addaudithook(killer)
    outcome = signing.build(home, progress=lambda _step: None)
    sys.stderr.write(f"{outcome}\n")


class _Killer:
    """An audit hook: counts the changes of files in a home, Dagster's own left out, and kills before the given one."""

    def __init__(self, root: Path, change: int, *, is_counting: bool) -> None:
        self.is_counting = is_counting
        self._roots = tuple(str(path) for path in root.iterdir() if path.name not in ("dagster", "lock"))
        self._left = change
        self._counting = threading.Lock()

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_counting:
            return
        changed = {"open": self._opened, "os.rename": self._renamed}.get(event)
        if changed and changed(arguments) is True:
            with self._counting:
                self._left -= 1
                if not self._left:
                    os.kill(os.getpid(), signal.SIGKILL)

    def _opened(self, arguments: tuple[Any, ...]) -> bool:
        path, _, flags = arguments
        return isinstance(flags, int) and bool(flags & _WRITING) and str(path).startswith(self._roots)

    def _renamed(self, arguments: tuple[Any, ...]) -> bool:
        return str(arguments[1]).startswith(self._roots)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
