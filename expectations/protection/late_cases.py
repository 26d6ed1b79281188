"""The line "registered late": how many cases the frozen years do not include yet, as far as that may be published.

Belongs here: counting late cases between the printed base and today's, and the lines of all units of count.
Does not belong here: what may be published of a number (`methods/disclosure/late.py`), or the words
(`release_notes.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from expectations.cards.cells import COUNT_COLUMNS, KEY, LATE_CASES, measure_ids
from methods.disclosure.late import Said, late_statement


@dataclass(frozen=True)
class LateLine:
    """What is published of the late cases of one unit of count, over all frozen years of all datasets together.

    Attributes:
        said: `fewer` than eleven, `about` as many as `value`, or `at_least` that many.
    """

    unit: str
    said: Said
    value: int | None

    @property
    def figures(self) -> dict[str, int]:
        """The numbers in its sentence."""
        return {"cases": LATE_CASES if self.value is None else self.value}


def additions(printed: pd.DataFrame, today: pd.DataFrame) -> int:
    """Return the number of late cases of the measure that grew most. Removed or moved cases are not counted.

    Args:
        printed: the true base behind the printed figures (`KEY`, `obs_value`).
        today: the current base; measures that were not printed before are left out.
    """
    known = today.loc[measure_ids(today).isin(measure_ids(printed)), [*COUNT_COLUMNS]]
    joined = printed.loc[:, [*COUNT_COLUMNS]].merge(known, on=list(KEY), how="outer", suffixes=("_then", "_now"))
    grown = (joined["obs_value_now"].fillna(0) - joined["obs_value_then"].fillna(0)).clip(lower=0)
    return int(grown.groupby(measure_ids(joined)).sum().max())


class FrozenBlock(NamedTuple):
    """A block of a frozen year: its unit of count, the year, and how many cases came late (`additions`)."""

    unit: str
    year: str
    late: int


def late_lines(frozen: Iterable[FrozenBlock], key: bytes) -> tuple[LateLine, ...]:
    """Return one line for each unit of count that has a frozen year.

    Args:
        frozen: all frozen blocks. Persons are counted in several blocks of a year, so the block with most late cases
            stands for the year; units are never added up.
        key: the series key.
    """
    years: dict[str, dict[str, int]] = {}
    for unit, year, late in frozen:
        known = years.setdefault(unit, {})
        known[year] = max(late, known.get(year, 0))
    return tuple(
        LateLine(unit, *late_statement(list(known.values()), key=key, label=f"late|{unit}", least=LATE_CASES))
        for unit, known in sorted(years.items())
    )
