"""The range in which the true value of a published figure lies, given its method of protection.

Belongs here: the range of a released count. A cell about which nothing is certain has none.
Does not belong here: the range of a share (`reports/phrases/figure_words.py`), what may be said of a range
(`reports/answers`).
"""

from __future__ import annotations

from typing import NamedTuple

from expectations.cards.cells import rounding_base, rounding_error
from reports.released.released_tables import ReleasedCell

_AS_COUNTED = ("NONE", "EXACT", "PUBLISHED")
"""Methods, without their base, that publish a figure as counted."""


class TrueRange(NamedTuple):
    """The least and the greatest value that a true figure can have."""

    lowest: float
    highest: float


def range_of_count(cell: ReleasedCell) -> TrueRange | None:
    """Return the range of a count; None if no figure is published, or the error of its method is not known.

    A count that was rounded to zero has a range too: up to less than its base.
    """
    name = cell.method.partition("_")[0]
    is_printed = cell.value is not None and cell.mark in ("", "low", "p", "r")
    if not is_printed or cell.value is None or not (name in _AS_COUNTED or rounding_base(cell.method)):
        return None
    error = rounding_error(cell.method)
    return TrueRange(max(0.0, cell.value - error), cell.value + error)
