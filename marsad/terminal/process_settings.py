"""What holds in every process that runs a command or a part of one.

Belongs here: when waste is looked for, whose warnings are told. Does not belong here: rights, which a process has from
the one that began it (`start.py`).
"""

from __future__ import annotations

import gc
import warnings

_FIRST_COLLECTION = 100_000
"""What a command makes while it starts stays to its end; to look for waste in it costs a fifteenth of its time."""


def settle() -> None:
    """Settle this process."""
    gc.set_threshold(_FIRST_COLLECTION)
    warnings.filterwarnings("ignore", module="pyspark")  # in English, to a clerk; the lock decides what goes together
