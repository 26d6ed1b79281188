"""What may be told of a nowcast: four figures of one year with few digits, and how its trial on the past went.

Here: from what was computed to what may leave. Not here: whether it leaves (the gate of the house), sentences.

A refused nowcast tells nothing. No figure of a month is told: a month has few cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from methods.case_flow.nowcast import Nowcast
from methods.few_digits import round_persons

LEAST_SEEN: Final = 30
"""Cases of the year that have arrived, below which nothing is told: ten more or less would be all of it."""
COVER_STEP, MOST_COVER = 10, 90
"""Percent to which the cover of the trial is rounded down, and above which it is not told: all of it would tell that no
month came otherwise than was forecast."""


@dataclass(frozen=True)
class ToldNowcast:
    """What is told of one year of one sender, all of it together or nothing.

    Attributes:
        seen: cases that have arrived, to the nearest.
        middle: of the forecast once all have come, to the nearest.
        lower: end of its 95 % interval, rounded down, and not below `seen`.
        upper: its other end, rounded up.
        cover: percent of the intervals of the trial that held what came: at least so many, 80 or 90.
        compared: intervals of the trial.
    """

    seen: int
    middle: int
    lower: int
    upper: int
    cover: int
    compared: int


def publishable_nowcast(nowcast: Nowcast, year: str) -> ToldNowcast | None:
    """Return what may be told of a year; None where the nowcast is refused, was not asked for it, or is of few cases.

    Args:
        nowcast: with the year among its groups.
        year: name of the group.
    """
    forecast, trial = nowcast.by_group.get(year), nowcast.back_cast
    if not nowcast.is_told or forecast is None or trial is None or forecast.seen < LEAST_SEEN:
        return None
    seen = round_persons(forecast.seen)
    held = round(trial.cover * trial.compared)
    return ToldNowcast(
        seen=seen,
        middle=max(round_persons(forecast.middle), seen),
        lower=max(round_persons(forecast.lower, "down"), seen),
        upper=max(round_persons(forecast.upper, "up"), seen),
        cover=min(MOST_COVER, 100 * held // trial.compared // COVER_STEP * COVER_STEP),
        compared=trial.compared,
    )
