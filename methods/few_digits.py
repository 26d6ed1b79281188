"""Numbers of persons with few digits, as estimates are published.

Belongs here: the rounding. Does not belong here: which estimate is published (`told_estimate.py`, `told_nowcast.py`),
or the rounding of counts (`methods/disclosure`).
"""

from __future__ import annotations

from math import ceil, floor, log10
from typing import Literal

DIGITS = 2
_SLACK = 1e-9  # of a step: a limit that is on a step stays there despite the last bit of the division

Way = Literal["nearest", "down", "up"]


def round_persons(value: float, way: Way = "nearest") -> int:
    """Return a number of persons with two significant digits; below 100 a multiple of 10, so that none is exact.

    Args:
        value: at least 0.
        way: to the nearest, halves upwards; down, for a lower limit; up, for an upper one.
    """
    step = 10 ** max(1, floor(log10(value)) - DIGITS + 1) if value >= 1 else 10
    share = value / step
    steps = {"nearest": floor(share + 0.5), "down": floor(share + _SLACK), "up": ceil(share - _SLACK)}
    return steps[way] * step
