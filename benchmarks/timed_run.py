"""One run of a command as the tables print it: CPU seconds of all its processes, wall seconds, peak memory.

Belongs here: how a run is measured. Does not belong here: what is run (the modules beside this one).
"""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

HOUSE = Path(__file__).resolve().parent.parent
MARSAD = [sys.executable, "-c", "from marsad.start import main; main()"]
"""The command as it is installed, in the interpreter that measures."""
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_LOOK_SECONDS = 0.02


class TimedRun(NamedTuple):
    """One run of a command: CPU and wall seconds, peak bytes of its tree, exit code, most bytes in its spill folder."""

    cpu_seconds: float
    seconds: float
    peak_bytes: int
    code: int
    spilled_bytes: int = 0


def run(command: Sequence[str | Path], environment: dict[str, str], spill: Path | None = None) -> TimedRun:
    """Return time and peak memory of one run; its output is thrown away.

    Args:
        command: what to run.
        environment: of the command.
        spill: the folder into which the command writes what does not fit into memory.
    """
    before, start, peak, spilled = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic(), 0, 0
    child = subprocess.Popen(command, env=environment, cwd=HOUSE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while child.poll() is None:
        peak = max(peak, sum(map(resident, tree(child.pid))))
        spilled = max(spilled, _bytes_in(spill)) if spill else 0
        time.sleep(_LOOK_SECONDS)
    seconds, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return TimedRun(cpu, seconds, peak, child.returncode, spilled)


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.glob("*"):
        with contextlib.suppress(FileNotFoundError):  # removed while we look
            total += path.stat().st_blocks * 512  # a file for spill is longer than what is written in it
    return total


def tree(process: int) -> Iterator[int]:
    """Yield the number of a process, then those of its children, and of theirs."""
    yield process
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in children:
        yield from tree(int(child))


def resident(process: int) -> int:
    """Return the bytes of memory that a process holds; 0 where it is gone."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES
    except (OSError, IndexError):
        return 0


def part_of_memory(process: int) -> int:
    """Return the proportional set size of a process in bytes; 0 where it is gone.

    Added up over a tree of processes it is what all of them hold together. Asking takes milliseconds a gigabyte.
    """
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def cpu_seconds(process: int) -> float:
    """Return the CPU seconds, user and system, that a process alone has used; 0 where it is gone."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / _TICKS
    except (OSError, IndexError):
        return 0.0
