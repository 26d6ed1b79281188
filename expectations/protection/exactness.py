"""Which one-way tables above the governorates are printed exactly, and which stay exact when late cases come.

Belongs here: finding these tables among the printed cells of a block, and choosing among them.
Does not belong here: the threshold itself (`methods/disclosure/exact.py`), or the audit, which decides finally.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from expectations.cards.areas import level_of
from expectations.cards.cells import DIMENSIONS, LATE_CASES, TOTAL, measure_ids
from expectations.protection.constraint_systems import BlockYear
from expectations.protection.revisions import PriorReleases
from methods.disclosure.exact import is_exact_allowed

Key = tuple[str, str, str]


@dataclass(frozen=True)
class OneWayTable:
    """A printed one-way table: positions of its categories and of its total (-1 if not printed) among the cells."""

    measure: str
    area: str
    dimension: str
    categories: np.ndarray
    total: int

    @property
    def key(self) -> Key:
        """Its measure, area and dimension."""
        return self.measure, self.area, self.dimension

    @property
    def cells(self) -> np.ndarray:
        """Positions of its categories and its total."""
        return self.categories if self.total < 0 else np.append(self.categories, self.total)


def exact_threshold(block_year: BlockYear) -> int | None:
    """Return the count from which one-way tables of this block may be exact; None: never."""
    return block_year.scheme.protection_of(block_year.block[0].partition("/")[0]).exact_from


def exact_at_first(block_year: BlockYear, prior: PriorReleases) -> np.ndarray:
    """Return which cells are printed exactly, among tables that were never printed before.

    A table is exact if every category reaches the threshold; a part (identified victims) only if the rest of its whole
    (victims not identified) reaches it too; a total only with a one-way table of its own.
    """
    threshold = exact_threshold(block_year)
    if threshold is None:
        return np.zeros(len(block_year.cells), dtype=bool)
    methods = prior.row_of_counts(block_year)["disclosure_method"].to_numpy(dtype=object)
    tables = {table.key: table for table in one_way_tables(block_year) if _is_new(table, methods)}
    allowed = {key: table for key, table in tables.items() if _is_allowed(block_year, table, threshold)}
    chosen = [table for table in allowed.values() if _leaves_enough(block_year, table, tables, threshold)]
    return _mark_cells(block_year, chosen)


class StillExact(NamedTuple):
    """Which cells stay exact, and for each cell the value that was printed."""

    cells: np.ndarray
    printed: np.ndarray


def exact_after_revision(block_year: BlockYear, prior: PriorReleases) -> StillExact:
    """Return which exact cells stay at their printed value.

    A table stays while fewer than eleven of its cases changed: reprinting it would reveal the late cases by
    subtraction. Otherwise it is rounded from now on.
    """
    rows = prior.row_of_counts(block_year)
    was_exact = rows["disclosure_method"].astype(str).str.startswith("EXACT").to_numpy()
    printed = rows["obs_value"].to_numpy(dtype=float)
    changed = np.abs(printed - block_year.true_cells)
    chosen = [
        table
        for table in one_way_tables(block_year)
        if was_exact[table.cells].all() and changed[table.categories].sum() < LATE_CASES
    ]
    return StillExact(_mark_cells(block_year, chosen) & was_exact, printed)


def drop_telling_tables(block_year: BlockYear, exact: np.ndarray, telling: np.ndarray) -> np.ndarray:
    """Return the exact cells that remain after every exact table with a revealing cell is rounded.

    Args:
        block_year: block and year of the cells.
        exact: which cells were to be exact.
        telling: which cells reveal too much.
    """
    chosen = [
        table for table in one_way_tables(block_year) if exact[table.cells].all() and not telling[table.cells].any()
    ]
    return _mark_cells(block_year, chosen) & exact


def one_way_tables(block_year: BlockYear) -> Iterator[OneWayTable]:
    """Yield the one-way tables of country and regions that a card allows to be exact."""
    cells, totals = block_year.cells, _totals(block_year)
    is_told = (cells[list(DIMENSIONS)] != TOTAL).to_numpy()
    is_one_way = is_told.sum(axis=1) == 1
    levels, names = cells["ref_area"].map(level_of), list(zip(measure_ids(cells), cells["ref_area"], strict=True))
    for printed in block_year.scheme.exact_tables():
        dimension = printed.dimensions[0]
        here = is_one_way & is_told[:, DIMENSIONS.index(dimension)] & levels.isin(printed.levels).to_numpy()
        places: dict[tuple[str, str], list[int]] = {}
        for row in np.flatnonzero(here).tolist():
            places.setdefault(names[row], []).append(row)
        for measure, area in sorted(places):
            rows = np.array(places[measure, area])
            yield OneWayTable(measure, area, dimension, rows, totals.get((measure, area), -1))


def _is_allowed(block_year: BlockYear, table: OneWayTable, threshold: int) -> bool:
    """Return whether every category is large enough, and none is missing that subtraction could recover."""
    values = block_year.true_cells[table.categories]
    complete = table.total < 0 or values.sum() == block_year.true_cells[table.total]
    return bool(complete) and is_exact_allowed(values, threshold)


def _leaves_enough(block_year: BlockYear, table: OneWayTable, tables: dict[Key, OneWayTable], threshold: int) -> bool:
    for relation in block_year.scheme.relations(block_year.block):
        whole = tables.get((relation.of, table.area, table.dimension))
        is_of_all = relation.measure == table.measure and relation.kind == "subset" and not relation.part
        if is_of_all and whole is not None:
            rest = block_year.true_cells[whole.categories] - block_year.true_cells[table.categories]
            if not is_exact_allowed(rest, threshold):
                return False
    return True


def _is_new(table: OneWayTable, methods: np.ndarray) -> bool:
    """Return whether no category was ever printed, and its total only exactly if at all."""
    printed_methods = [str(method) for method in methods[table.cells] if isinstance(method, str)]
    is_unsaid = not any(isinstance(method, str) for method in methods[table.categories])
    return is_unsaid and all(method.startswith("EXACT") for method in printed_methods)


def _mark_cells(block_year: BlockYear, tables: list[OneWayTable]) -> np.ndarray:
    """Mark the cells of tables, and every cell that is the same count as one of them."""
    marked = np.zeros(len(block_year.cells), dtype=bool)
    for table in tables:
        marked[table.cells] = True
    return block_year.add_same_counts(marked)


def _totals(block_year: BlockYear) -> dict[tuple[str, str], int]:
    """Return the position of the total of each measure and area."""
    cells = block_year.cells
    is_total = (cells[list(DIMENSIONS)] == TOTAL).all(axis=1).to_numpy()
    places = zip(measure_ids(cells)[is_total], cells["ref_area"][is_total], strict=True)
    return {place: int(row) for place, row in zip(places, np.flatnonzero(is_total), strict=True)}
