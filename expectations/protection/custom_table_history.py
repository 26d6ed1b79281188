"""Join custom-table figures to the printed figures of a block and year: one system, audited together.

Belongs here: joining figures published in custom tables from the same base as is printed now to its printed cells.
Figures from an earlier base belong to the vintages (`revisions.py`).
Does not belong here: answering a question (`custom_tables.py`), or the audit (`constraint_systems.attack`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from expectations.cards.cells import KEY
from expectations.protection.constraint_systems import BlockYear, PrintedCells, known_bounds, positions


@dataclass(frozen=True)
class WithCustomTables:
    """A block and year with the figures that custom tables published of it.

    Attributes:
        block_year: its printed cells first, in their order, then the cells that only custom tables publish.
        further: the latter.
        twice: custom-table figures of cells that are now printed too: `KEY`, `lower`, `upper`; may be empty.
    """

    block_year: BlockYear
    further: PrintedCells
    twice: pd.DataFrame

    def known_figures(self, external: pd.DataFrame | None) -> pd.DataFrame | None:
        """Return the external figures and the second figures of printed cells, in the form the audit takes."""
        if self.twice.empty:
            return external
        return self.twice if external is None or external.empty else pd.concat([external, self.twice])


def join_custom_tables(block_year: BlockYear, figures: pd.DataFrame) -> WithCustomTables:
    """Return a block and year with what custom tables published of it.

    Args:
        block_year: the block and year with its printed cells.
        figures: custom-table figures (`KEY`, `obs_value`, `obs_status`, `disclosure_method`), all from its base.
    """
    if figures.empty:
        return WithCustomTables(block_year, PrintedCells(np.zeros(0), ()), figures)
    known = figures[block_year.find_covered(figures)]
    is_printed = positions(block_year.cells, known) >= 0
    again, further = known[is_printed], known[~is_printed].sort_values(list(KEY))
    columns = block_year.cells.columns
    cells = pd.concat([block_year.cells, further.reindex(columns=columns)], ignore_index=True) if len(further) else None
    whole = block_year
    if cells is not None:
        whole = BlockYear(block_year.block, block_year.year, block_year.base, cells, block_year.scheme)
    bounds = known_bounds(PrintedCells.read_frame(again), is_kept=np.zeros(len(again), dtype=bool))
    twice = again.loc[:, list(KEY)].assign(lower=bounds.lower, upper=bounds.upper)
    return WithCustomTables(whole, PrintedCells.read_frame(further), twice)
