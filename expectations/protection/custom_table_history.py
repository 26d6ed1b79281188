"""Figures of custom tables beside what is printed of a block and year: one system, audited together.

Belongs here: joining the figures that were told of the very base that is printed now to its printed cells. Figures told
of an earlier base stand in the vintages (`revisions.py`).
Does not belong here: answering a question (`custom_tables.py`), or the audit (`blocks.attack`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from expectations.cards.cells import KEY
from expectations.protection.constraint_systems import BlockYear, known_bounds, positions


@dataclass(frozen=True)
class WithCustomTables:
    """A block and year with the figures that custom tables told of it.

    Attributes:
        block_year: its printed cells first, in their order, then the cells that only custom tables tell.
        values: of the latter.
        methods: of the latter.
        twice: what custom tables told of cells that are printed by now: `KEY`, `lower`, `upper`; may be empty.
    """

    block_year: BlockYear
    values: np.ndarray
    methods: tuple[str, ...]
    twice: pd.DataFrame

    def known_figures(self, external: pd.DataFrame | None) -> pd.DataFrame | None:
        """Return figures that others published, and the second figures of printed cells, as the audit takes them."""
        if self.twice.empty:
            return external
        return self.twice if external is None or external.empty else pd.concat([external, self.twice])


def join_custom_tables(block_year: BlockYear, figures: pd.DataFrame) -> WithCustomTables:
    """Return a block and year with what custom tables told of it.

    Args:
        block_year: with its printed cells.
        figures: those of custom tables (`KEY`, `obs_value`, `obs_status`, `disclosure_method`), all of its base.
    """
    if figures.empty:
        return WithCustomTables(block_year, np.zeros(0), (), figures)
    known = figures[block_year.find_covered(figures)]
    is_printed = positions(block_year.cells, known) >= 0
    again, further = known[is_printed], known[~is_printed].sort_values(list(KEY))
    columns = block_year.cells.columns
    cells = pd.concat([block_year.cells, further.reindex(columns=columns)], ignore_index=True) if len(further) else None
    whole = block_year
    if cells is not None:
        whole = BlockYear(block_year.block, block_year.year, block_year.base, cells, block_year.scheme)
    bounds = known_bounds(_values(again), _methods(again), is_kept=np.zeros(len(again), dtype=bool))
    twice = again.loc[:, list(KEY)].assign(lower=bounds.lower, upper=bounds.upper)
    return WithCustomTables(whole, _values(further), tuple(_methods(further)), twice)


def _values(rows: pd.DataFrame) -> np.ndarray:
    return rows["obs_value"].to_numpy(dtype=float)


def _methods(rows: pd.DataFrame) -> Sequence[str]:
    return [str(method) for method in rows["disclosure_method"]]
