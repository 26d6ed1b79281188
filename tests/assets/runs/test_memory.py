"""Memory that a stage no longer needs goes back to the system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assets.runs.memory import give_back

MEGABYTES = 200


def resident() -> float:
    """Megabytes that this process holds."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_what_is_dead_is_given_back() -> None:
    before = resident()
    held = [bytearray(1000) for _ in range(MEGABYTES * 1000)]
    last = bytearray(1000)  # at the end of the heap: without help nothing before it goes back
    assert resident() - before > MEGABYTES / 2
    del held
    give_back()
    assert resident() - before < MEGABYTES / 4
    assert last
