"""Whether the figure of an answer got better since the year before, or why that cannot be said.

Belongs here: the comparison of the very figure that answers: share, count or median of the same people in two years.
Does not belong here: the tests themselves (`methods/breaks.py`), the level of a figure, which a break leaves as it is.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np

from expectations.cards.series_breaks import select_spanned_breaks
from methods.breaks import YEAR_TO_YEAR, compare_counts, compare_shares
from reports.analysis.growing_years import grows
from reports.analysis.part_years import part_years
from reports.phrases.figure_words import Count, Share
from reports.released.released_tables import ReleasedCell
from reports.released.report_model import ReportedRelease

Way = Literal["", "better", "worse", "no_clear_change", "not_comparable"]
WhyNot = Literal["", "break", "growing", "no_year_before", "part", "reporter", "too_small"]
Figure = Share | Count | ReleasedCell
_SIGNS = {"up": 1, "down": -1, "no_clear_change": 0}


@dataclass(frozen=True)
class Direction:
    """Whether a figure got better.

    Attributes:
        way: empty where neither side is better.
        why_not: why two years are not comparable.
        breaks: the codes of the breaks between them (`break.<code>`).
    """

    way: Way = ""
    why_not: WhyNot = ""
    breaks: tuple[str, ...] = ()

    @property
    def is_comparable(self) -> bool:
        """Whether the two years may be compared: the one rule for every form."""
        return self.way not in ("", "not_comparable")


@dataclass(frozen=True)
class FigureYear:
    """A figure of a year, and whether each agency that owed a file sent it."""

    year: str
    figure: Figure | None
    is_complete: bool


def find_direction(
    release: ReportedRelease,
    counts: Collection[tuple[str, str]],
    area: str,
    before: FigureYear,
    now: FigureYear,
    *,
    is_up_better: bool,
) -> Direction:
    """Return whether a figure got better between two years.

    Args:
        release: that publishes both.
        counts: indicator and measure of the counts that the figure is made of.
        area: of the figure.
        before: the earlier year.
        now: the later year.
        is_up_better: whether a higher figure is better.
    """
    if before.figure is None or now.figure is None:
        return Direction("not_comparable", "no_year_before")
    indicators = {indicator for indicator, _ in counts}
    if breaks := select_spanned_breaks(release.breaks, indicators, area, before.year, now.year):
        return Direction("not_comparable", "break", tuple(spanned.code for spanned in breaks))
    years = (before.year, now.year)
    if part_years(release, indicators, area, years):
        return Direction("not_comparable", "part")
    if any(grows(release, indicator, measure, area, year) for indicator, measure in counts for year in years):
        return Direction("not_comparable", "growing")
    if not (before.is_complete and now.is_complete):
        return Direction("not_comparable", "reporter")
    sign = _sign(before.figure, now.figure)
    if sign is None:
        return Direction("not_comparable", "too_small")
    return Direction("no_clear_change" if not sign else "better" if (sign > 0) == is_up_better else "worse")


def _sign(before: Figure, now: Figure) -> int | None:
    """Return 1 for up, -1 for down, 0 for no clear change; None if the figures are too small to tell.

    What was counted whole is compared as it stands: a provision in force, or the same share of governorates.
    """
    if isinstance(before, Share) and isinstance(now, Share):
        if before.is_exact and now.is_exact and before.printed == now.printed:
            return 0
        changes = compare_shares(
            (before.part.value, before.whole.value),
            (now.part.value, now.whole.value),
            earlier_error=max(before.part.error, before.whole.error),
            later_error=max(now.part.error, now.whole.error),
        )
    elif isinstance(before, Count) and isinstance(now, Count):
        if before.is_exact and now.is_exact:
            return (now.value > before.value) - (now.value < before.value)
        errors = {"earlier_error": before.error, "later_error": now.error}
        changes = compare_counts(before.value, now.value, spread=YEAR_TO_YEAR, **errors)
    elif isinstance(before, ReleasedCell) and isinstance(now, ReleasedCell):
        return _sign_of_medians(before, now)
    else:
        return None
    return _SIGNS.get(str(np.asarray(changes.direction).reshape(-1)[0]))


def _sign_of_medians(before: ReleasedCell, now: ReleasedCell) -> int | None:
    """Return a sign only if the two intervals do not overlap; one without an upper limit overlaps all above it."""
    if before.lower is None or now.lower is None:
        return None
    if now.lower > _upper(before):
        return 1
    return -1 if _upper(now) < before.lower else 0


def _upper(median: ReleasedCell) -> float:
    return math.inf if median.upper is None else median.upper
