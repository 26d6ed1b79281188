"""Attacks on the arrangement of a table: its order, its charts, its marks, its periods.

Belongs here: numbers 13, 14, 20 and 22 of the attack suite. Does not belong here: files and their bytes
(`expectations/gate/text_in_files.py`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from math import inf

_BELOW = re.compile(r"<\s*\d+")
_YEAR = re.compile(r"(\d{4})")
_PART = re.compile(r"(\d{4})-([SHQM]?)(\d{1,2})")
_RUN = re.compile(r"(\d{4})-(\d{2})/P(\d{1,3})M")
_MONTHS_OF = {"S": 6, "H": 6, "Q": 3, "M": 1, "": 1}
_MONTHS = 12


def hidden_by_order(values: Sequence[float | None]) -> list[tuple[float, float]]:
    """Return what the order of rows reveals of each hidden value (None), if the rows are sorted by size (attack 13).

    If rows are not sorted by size, or are too few to tell, the range is 0 to infinity.
    """
    seen = [value for value in values if value is not None]
    falls = len(seen) > 1 and all(value >= other for value, other in pairwise(seen)) and seen[0] > seen[-1]
    ranges: list[tuple[float, float]] = []
    for place, value in enumerate(values):
        if value is None:
            above = [neighbour for neighbour in values[:place] if neighbour is not None]
            below = [neighbour for neighbour in values[place + 1 :] if neighbour is not None]
            ranges.append((below[0] if below else 0, above[-1] if above else inf) if falls else (0, inf))
    return ranges


def read_bar(length: float, scale: float) -> int:
    """Return the count that a bar of this length stands for, if one unit is `scale` long (attack 14)."""
    return round(length / scale)


def small_by_marks(marks: Sequence[str]) -> list[bool | None]:
    """Return what the marks of hidden cells reveal of each (attack 22): small, surely not small, or nothing (None).

    A mark such as `<5` says 1 to 4. Any other mark used with it then belongs to a cell hidden for the sake of others,
    which is not 1 to 4. A single mark for all reveals nothing, unless it states such a range itself.
    """
    is_below = [bool(_BELOW.fullmatch(mark.strip())) for mark in marks]
    return [below if any(is_below) else None for below in is_below]


def months_of(period: str) -> frozenset[tuple[int, int]]:
    """Return the months of an SDMX period: `2024`, `2024-S1`, `2024-Q3`, `2024-07`, `2024-M07`, `2024-01/P7M`.

    Raises:
        ValueError: another form: a period that is not understood is not assumed harmless.
    """
    if match := _YEAR.fullmatch(period):
        return _run(int(match[1]), 1, _MONTHS)
    if match := _PART.fullmatch(period):
        length = _MONTHS_OF[match[2]]
        return _run(int(match[1]), (int(match[3]) - 1) * length + 1, length)
    if match := _RUN.fullmatch(period):
        return _run(int(match[1]), int(match[2]), int(match[3]))
    raise ValueError(f"no period: {period}")


def _run(year: int, month: int, length: int) -> frozenset[tuple[int, int]]:
    starts = range(month - 1, month - 1 + length)
    return frozenset((year + place // _MONTHS, place % _MONTHS + 1) for place in starts)


def overlapping_periods(periods: Sequence[str]) -> list[tuple[str, str]]:
    """Return the pairs of different periods that share a month: their difference is another count."""
    months = {period: months_of(period) for period in dict.fromkeys(periods)}
    return [(period, other) for period, other in combinations(months, 2) if months[period] & months[other]]


def subtract_periods(printed: Mapping[str, int]) -> dict[frozenset[tuple[int, int]], int]:
    """Return the counts of the months between two periods, one of which contains the other (attack 20)."""
    differences: dict[frozenset[tuple[int, int]], int] = {}
    for first, other in overlapping_periods(list(printed)):
        short, long = sorted((first, other), key=lambda period: len(months_of(period)))
        rest = months_of(long) - months_of(short)
        if rest and months_of(short) < months_of(long):
            differences[rest] = printed[long] - printed[short]
    return differences
