"""The demo, stage by stage: CPU seconds of the busiest process and of the others, wall seconds, peak memory.

`python -m benchmarks.demo` runs `marsad demo` in a home of its own, or in that of `MARSAD_HOME`, and prints a Markdown
table; further arguments go to the command. On a busy machine read the CPU seconds: those of the busiest process can use
one core only, so they bound the demo from below. Belongs here: which lines begin a stage. Does not belong here: how a
tree of processes is watched (`timed_run.py`).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.timed_run import HOUSE, MARSAD, cpu_seconds, part_of_memory, tree

_BEGINS = (
    ("Inventing", "inventing"),
    ("received", "receiving"),
    ("landed", "landing, with the start of Dagster"),
    ("dbt:", "dbt"),
    ("candidates:", "candidates"),
    ("protection:", "protection"),
    ("gate:", "gates"),
    ("release:", "releases"),
    ("The invented country has sent", "sending"),
    ("report:", "reports"),
)
"""How the lines begin that open a stage; a line that opens none belongs to the stage before it."""


class Reading(NamedTuple):
    """What a tree of processes had used at a moment: wall seconds, and CPU seconds by the number of each process."""

    seconds: float
    used: Mapping[int, float]


@dataclass
class Part:
    """A stretch of the demo in one stage."""

    stage: str
    begun: Reading
    peak_bytes: int = 0


class Watch:
    """Looks at a tree of processes until it ends."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._start = time.monotonic()
        self._used: dict[int, float] = {}
        self.parts = [Part("start", Reading(0.0, {}))]

    def read(self) -> Reading:
        """Return what the tree has used so far; a process that is gone counts with what was seen of it last."""
        for process in tree(self._process):
            self._used[process] = max(self._used.get(process, 0.0), cpu_seconds(process))
        return Reading(time.monotonic() - self._start, dict(self._used))

    def look(self) -> None:
        """Remember the memory of the tree now."""
        self.parts[-1].peak_bytes = max(self.parts[-1].peak_bytes, sum(map(part_of_memory, tree(self._process))))

    def hear(self, line: str) -> None:
        """Begin another stage where a line of the demo says so."""
        message = line.strip().partition(" s ")[2].strip()
        stage = next((name for words, name in _BEGINS if message.startswith(words)), self.parts[-1].stage)
        if stage != self.parts[-1].stage:
            self.parts.append(Part(stage, self.read()))


class Stage(NamedTuple):
    """A stage as it is printed: CPU seconds of its busiest process and of the others, wall seconds, peak bytes."""

    name: str
    busiest: float
    others: float
    seconds: float
    peak_bytes: int


def stages(watch: Watch) -> Iterator[Stage]:
    """Yield the stages in their order."""
    ends = [part.begun for part in watch.parts[1:]] + [watch.read()]
    for part, end in zip(watch.parts, ends, strict=True):
        spent = [seconds - part.begun.used.get(process, 0.0) for process, seconds in end.used.items()]
        busiest = max(spent, default=0.0)
        yield Stage(part.stage, busiest, sum(spent) - busiest, end.seconds - part.begun.seconds, part.peak_bytes)


def watch_stages(command: Sequence[str], home: Path) -> list[Stage]:
    """Run a command of the house in a home and return its stages; what it tells goes on to the terminal.

    Args:
        command: what tells on its stderr what it does.
        home: in which it works.

    Raises:
        CalledProcessError: the command failed, so its times mean nothing.
    """
    environment = os.environ | {"MARSAD_HOME": str(home)}
    child = subprocess.Popen(
        command, env=environment, cwd=HOUSE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    watch = Watch(child.pid)
    ticking = threading.Thread(target=_tick, args=(child, watch), daemon=True)
    ticking.start()
    for line in child.stderr or ():
        watch.hear(line)
        print(line, end="", file=sys.stderr)
    ticking.join()
    if child.wait():
        raise subprocess.CalledProcessError(child.returncode, command)
    return list(stages(watch))


def _tick(child: subprocess.Popen[str], watch: Watch) -> None:
    looked = 0.0
    while child.poll() is None:
        watch.read()
        if time.monotonic() - looked >= 1:  # to ask what a gigabyte is made of takes the system some time
            watch.look()
            looked = time.monotonic()
        time.sleep(0.1)


def print_stages(measured: list[Stage]) -> None:
    """Print stages as a Markdown table, their sums last."""
    print("| stage | CPU s, busiest process | CPU s, others | wall s | peak MB |\n|---|---:|---:|---:|---:|")
    _, busiest, others, seconds, peaks = zip(*measured, strict=True)
    for stage in [*measured, Stage("all", sum(busiest), sum(others), sum(seconds), max(peaks))]:
        used = f"{stage.busiest:.1f} | {stage.others:.1f} | {stage.seconds:.1f}"
        print(f"| {stage.name} | {used} | {stage.peak_bytes / 1e6:,.0f} |")


def main() -> None:
    """Run the demo and print the table."""
    _, words = argparse.ArgumentParser(description=__doc__).parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(os.environ.get("MARSAD_HOME") or f"{folder}/home")
        print_stages(watch_stages([*MARSAD, "demo", *words], home))


if __name__ == "__main__":
    main()
