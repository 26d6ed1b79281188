"""Memory that a stage no longer needs goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

MEGABYTES = 200
HELD_AND_GIVEN_BACK = f"""
from pathlib import Path

from assets.runs.memory import give_back


def resident():
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6


before = resident()
held = [bytearray(1000) for _ in range({MEGABYTES} * 1000)]
last = bytearray(1000)  # at the end of the heap: without help nothing before it goes back
print(resident() - before)
del held
give_back()
print(resident() - before)
"""
"""In a process of its own: one that has run other tests takes these bytes from what those have left free."""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_is_dead_is_given_back() -> None:
    told = subprocess.run([sys.executable, "-c", HELD_AND_GIVEN_BACK], capture_output=True, text=True, check=True)
    held, left = map(float, told.stdout.split())
    assert held > MEGABYTES / 2
    assert left < MEGABYTES / 4
