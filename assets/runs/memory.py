"""Memory between two stages of a build, which runs all of them in one process.

Belongs here: giving back what a stage no longer needs, before the next one begins. Does not belong here: what a stage
may take (`dbt_project/profiles.yml`, `expectations/protection/parallel_blocks.py`).
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress


def give_back() -> None:
    """Hand free memory back to the system: C libraries and Arrow keep it for themselves.

    Python's own collector is not called: it takes a quarter of a second a stage, and comes by itself.
    """
    if arrow := sys.modules.get("pyarrow"):  # who has read no table has nothing to give back, and need not load it
        arrow.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError):  # only glibc has it
        ctypes.CDLL(None).malloc_trim(0)
