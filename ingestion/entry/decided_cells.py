"""Persons' decisions about the cells of one file, in the form that the entry check takes.

Belongs here: that record alone, so that listing decisions loads no checks. Does not belong here: who decided, when and
why (`ingestion/submissions/decisions.py`), or reading a cell as decided (`file_check.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Place = tuple[str, str]
"""A sheet's name and a cell, e.g. `B7`."""


@dataclass(frozen=True)
class Decided:
    """What persons decided about one file.

    Args:
        cells: place -> the decided text of the cell, read instead of the typed one.
        columns: place of the heading of a column of dates -> what holds for all its dates (`date_order.ANSWERS`).
    """

    cells: Mapping[Place, str] = field(default_factory=dict[Place, str])
    columns: Mapping[Place, str] = field(default_factory=dict[Place, str])

    @property
    def lines(self) -> list[str]:
        """Text lines that change with every decision; empty if none was made."""
        return [*map(str, sorted(self.cells.items())), *map(str, sorted(self.columns.items()))]
