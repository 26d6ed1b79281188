"""HiGHS without its banner, with the settings that make the same model give the same answer.

Belongs here: creating a solver. Does not belong here: any model. Rounding and audit each write their own, so
that a mistake in one of them cannot hide a mistake in another.
"""

from __future__ import annotations

import highspy


class QuietHighs(highspy.Highs):
    """A solver that prints nothing, runs on one thread and draws from a fixed seed.

    `Highs` prints its banner when it registers callbacks. None is used here, so none is registered.
    """

    def __init__(self, **options: float | str) -> None:
        super().__init__()
        for name, value in {"output_flag": False, "threads": 1, "random_seed": 0, **options}.items():
            if self.setOptionValue(name, value) != highspy.HighsStatus.kOk:
                raise ValueError(f"HiGHS does not take the option {name}={value}")

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's own name
        """Register no callback: `Highs` prints its banner at that moment."""
