"""The cost of a search over models, before it begins.

Belongs here: how many fits a bootstrap makes and how long they take. Does not belong here: whether that is too long
(`hidden_part.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb

_SECONDS_PER_FIT = 1.0e-5  # whatever the size
_SECONDS_PER_SOLVED = 3.0e-9  # times effects³: the equations
_SECONDS_PER_ENTRY = 5.0e-10  # times cells times effects²: their matrix
"""Measured for three to ten lists (`python -m tests.methods.measure_runs` prints the times of a machine)."""


@dataclass(frozen=True)
class Cost:
    """The cost of a search that is repeated, for a bootstrap and its jackknife.

    Attributes:
        effects: number of effects of the largest model.
        fits: approximate number of fits.
        seconds: approximate time on one ordinary core.
    """

    effects: int
    fits: int
    seconds: float

    @classmethod
    def estimate_cost(cls, lists: int, searches: int) -> Cost:
        """Return the cost: a search takes about as many steps as there are lists, and tries all effects in each.

        A bootstrap searches once per replicate; the jackknife of its limits once per cell with a person.
        """
        effects = 1 + lists + comb(lists, 2)
        fits = searches * (effects - lists - 1) * (lists + 1)
        each = _SECONDS_PER_SOLVED * effects**3 + _SECONDS_PER_ENTRY * (2**lists - 1) * effects**2
        return cls(effects, fits, fits * (_SECONDS_PER_FIT + each))
