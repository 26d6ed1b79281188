"""What persons decided about the cells of one file, as the checks of an entry take it.

Belongs here: that record alone, so that whoever lists decisions loads no check. Does not belong here: who decided, when
and why (`ingestion/submissions/decisions.py`), or reading a cell as decided (`file_check.py`).
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
        cells: place -> what the cell says; it is read in the place of what was typed.
        columns: place of the heading of a column of dates -> what holds of all its dates (`date_order.ANSWERS`).
    """

    cells: Mapping[Place, str] = field(default_factory=dict[Place, str])
    columns: Mapping[Place, str] = field(default_factory=dict[Place, str])

    @property
    def lines(self) -> list[str]:
        """What changes with every decision; nothing where none was made."""
        return [*map(str, sorted(self.cells.items())), *map(str, sorted(self.columns.items()))]
