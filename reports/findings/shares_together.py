"""What may be said of several shares together: how many are certainly below a half, how many above.

Belongs here: counting them, each by the true counts that the published ones allow. A share of a frozen year, or of
counts whose range is not known, is neither.
Does not belong here: one share (`finding_search.py`), words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from reports.analysis import true_ranges
from reports.analysis.printed_counts import operands_of
from reports.analysis.scoreboard import IndicatorStanding
from reports.analysis.true_ranges import TrueRange
from reports.findings.demand_states import operand_range
from reports.released.report_model import ReportedRelease

_HALF = 0.5


class SharesAgainstHalf(NamedTuple):
    """How many shares there are, and how many are certainly below and above a half."""

    number: int
    below: int
    above: int


def against_half(release: ReportedRelease, shares: Iterable[IndicatorStanding]) -> SharesAgainstHalf:
    """Return how many shares lie on each side of a half for any true counts that rounding allows."""
    ranges = [share_range(release, standing) for standing in shares]
    known = [true_range for true_range in ranges if true_range is not None]
    below = sum(true_range.highest < _HALF for true_range in known)
    return SharesAgainstHalf(len(ranges), below, sum(true_range.lowest > _HALF for true_range in known))


def share_range(release: ReportedRelease, standing: IndicatorStanding) -> TrueRange | None:
    """Return the range of the true share; None if it is not certain."""
    operands = operands_of(release, standing.indicator, standing.measure)
    ranges = [operand_range(release, name, standing) for name in operands]
    if len(ranges) != 2 or standing.year in release.frozen_years(standing.indicator):
        return None
    part, whole = ranges
    return true_ranges.range_of_share(part, whole) if part and whole else None
