"""Between which numbers a true figure lies that was printed by a method of protection.

Belongs here: the range of a released count, and of a share of two. A cell of which nothing
is certain has none.
Does not belong here: what may be said of a range (`finding_search.py`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from expectations.cards.cells import rounding_base, rounding_error
from reports.released.released_tables import ReleasedCell

_AS_COUNTED = ("NONE", "EXACT", "PUBLISHED")
"""Methods, without their base, that print a figure as it was counted."""


class TrueRange(NamedTuple):
    """The least and the greatest that a true figure can be."""

    lowest: float
    highest: float


def range_of_count(cell: ReleasedCell) -> TrueRange | None:
    """Return the range of a count; None where no figure is printed, or by a method whose error is not known.

    A count that was rounded to zero has a range too: up to less than its base.
    """
    name = cell.method.partition("_")[0]
    is_printed = cell.value is not None and cell.mark in ("", "low", "p", "r")
    if not is_printed or cell.value is None or not (name in _AS_COUNTED or rounding_base(cell.method)):
        return None
    error = rounding_error(cell.method)
    return TrueRange(max(0.0, cell.value - error), cell.value + error)


def range_of_share(part: TrueRange, whole: TrueRange) -> TrueRange | None:
    """Return the range of a share, 0 to 1, of which both counts are ranges; None where the whole may be nothing."""
    if whole.lowest <= 0:
        return None
    return TrueRange(part.lowest / whole.highest, min(1.0, part.highest / whole.lowest))


def range_of_sum(ranges: list[TrueRange]) -> TrueRange:
    """Return the range of a sum."""
    return TrueRange(
        math.fsum(true_range.lowest for true_range in ranges), math.fsum(true_range.highest for true_range in ranges)
    )
