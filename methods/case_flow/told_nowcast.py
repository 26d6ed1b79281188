"""What may be published of a nowcast: four figures of one year with few digits, and how its trial on the past went.

Belongs here: reducing the results to what may be published. Does not belong here: whether it is published (Marsad's
gate), sentences.

Nothing is published of a refused nowcast, and no figure of a single month: a month has few cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from methods.case_flow.nowcast import Nowcast
from methods.few_digits import round_persons

LEAST_SEEN: Final = 30
"""Cases of the year arrived, below which nothing is published: ten more or less would be a large part of them."""
COVER_STEP, MOST_COVER = 10, 90
"""Percent to which the trial's cover is rounded down, and above which it is not published: 100 % would reveal that
every month was as forecast."""


@dataclass(frozen=True)
class ToldNowcast:
    """The published figures of one year of one sender: all of them together or none.

    Attributes:
        seen: cases that have arrived, to the nearest.
        middle: middle of the forecast once all have arrived, to the nearest.
        lower: end of its 95 % interval, rounded down, and not below `seen`.
        upper: its other end, rounded up.
        cover: least percent of the trial's intervals that contained what came: 80 or 90.
        compared: number of intervals in the trial.
    """

    seen: int
    middle: int
    lower: int
    upper: int
    cover: int
    compared: int


def publishable_nowcast(nowcast: Nowcast, year: str) -> ToldNowcast | None:
    """Return what may be published of a year; None if the nowcast is refused, lacks the year, or has few cases.

    Args:
        nowcast: a nowcast with the year among its groups.
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
