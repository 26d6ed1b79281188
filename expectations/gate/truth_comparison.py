"""Compare the printed values of a block and year with the true ones: computed anew each time, and never stored.

Belongs here: which printed values are further from the true ones than their method allows, which were rounded
differently before though nothing changed, which counts are printed as two figures. Does not belong here: what could be
learnt from them (`disclosure_audit.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from expectations.cards.cells import KEY, LATE_CASES, keys_of
from expectations.gate.arithmetic_attacks import find_rounded_again
from expectations.protection.constraint_systems import (
    MINIMUM_VALUES,
    SENSITIVE_UNDER,
    BlockYear,
    PrintedCells,
)
from expectations.protection.revisions import PriorReleases, is_held


@dataclass(frozen=True)
class DisclosureFinding:
    """A possible disclosure, or a value that does not follow from the true ones. Sealed: it names a cell."""

    block: tuple[str, ...]
    year: str
    rule: str
    coordinates: Mapping[str, str]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class ShownBlock:
    """The released figures of one block and year, now and before."""

    block_year: BlockYear
    prior: PriorReleases

    def compare_with_truth(self) -> TruthComparison:
        """Compare the printed values with the true ones."""
        return TruthComparison(
            _find_strays(self.block_year, self.prior),
            _find_rounded_again(self.block_year, self.prior),
            _find_two_figures(self.block_year, self.prior),
        )

    def is_out(self) -> bool:
        """Whether all of it was printed identically before: no refusal undoes what agencies have since learnt."""
        now, before = self.block_year.cells, self.prior.row_of(self.block_year.cells)
        values, then = (cells["obs_value"].to_numpy(dtype=float) for cells in (now, before))
        method, method_then = (cells["disclosure_method"].astype(str).to_numpy() for cells in (now, before))
        same_value = (then == values) | (np.isnan(then) & np.isnan(values))
        return bool((same_value & (method == method_then)).all())


@dataclass(frozen=True)
class TruthComparison:
    """What the true values of one block and year show about the printed ones.

    Attributes:
        strays: printed values further from the true ones than their method allows.
        rounded_again: cells that were rounded differently before, though nothing changed behind them.
        two_figures: cells that print a count differently from the cell that defines it.
    """

    strays: list[DisclosureFinding]
    rounded_again: list[DisclosureFinding]
    two_figures: list[DisclosureFinding]


def printed_cells(block_year: BlockYear) -> PrintedCells:
    """Return the printed cells of a block and year; a cell without a value is withheld, whatever its method says."""
    printed = PrintedCells.read_frame(block_year.cells)
    return printed.withhold_cells(np.isnan(printed.values))


def _find_strays(block_year: BlockYear, prior: PriorReleases) -> list[DisclosureFinding]:
    """Return rounded values not within their base, and exact ones that are neither true nor kept.

    A cell that was never printed is kept with the cell of the same count.
    """
    printed = printed_cells(block_year)
    values, methods = printed.values, printed.methods
    away = np.abs(values - block_year.true_cells)
    names = np.asarray(methods, dtype=str)
    own, of_count = prior.row_of(block_year.cells), prior.row_of_counts(block_year)
    before = own.where(own["obs_status"].notna(), of_count)
    was_exact = before["disclosure_method"].astype(str).str.startswith("EXACT").to_numpy()
    is_kept = was_exact & (before["obs_value"].to_numpy(dtype=float) == values) & (away < LATE_CASES)
    rounded, exact = np.char.startswith(names, "ROUNDED"), np.char.startswith(names, "EXACT")
    bases = np.array([float(name.partition("_")[2]) if name.startswith("ROUNDED") else np.inf for name in methods])
    wrong = (rounded & (away >= bases)) | (exact & (away > 0) & ~is_kept)
    rows = block_year.cells.loc[wrong, list(KEY)]
    return [finding(block_year.block, block_year.year, "away_from_truth", row) for row in rows.to_dict("records")]


def _find_rounded_again(block_year: BlockYear, prior: PriorReleases) -> list[DisclosureFinding]:
    """Return cells rounded differently than before although the true values behind them are unchanged."""
    if not prior.sealed:
        return []
    changed = np.zeros(len(block_year.base), dtype=bool)
    for behind in prior.sealed:  # one per dataset: they differ if a process was killed between two releases
        place = keys_of(behind).get_indexer(keys_of(block_year.base))
        changed |= (place < 0) | (behind["obs_value"].to_numpy(dtype=float)[place] != block_year.true_base)
    is_same = np.asarray(block_year.model.matrix @ changed.astype(float)) == 0
    limits = {"rounding_base": block_year.rounding_base, "least": MINIMUM_VALUES, "small": SENSITIVE_UNDER}
    again = find_rounded_again(prior.row_of(block_year.cells), block_year.cells, is_same, **limits)
    rows = block_year.cells.loc[again, list(KEY)]
    return [finding(block_year.block, block_year.year, "rounded_again", row) for row in rows.to_dict("records")]


def _find_two_figures(block_year: BlockYear, prior: PriorReleases) -> list[DisclosureFinding]:
    """Return cells whose figure differs from another cell of the same count, except those kept as printed before."""
    printed = printed_cells(block_year)
    values, names = printed.values, np.asarray(printed.methods, dtype=object)
    others, other_names = values[block_year.defined], names[block_year.defined]
    is_other = ~((values == others) | (np.isnan(values) & np.isnan(others))) | (names != other_names)
    if is_other.any() and is_held(block_year, prior):
        before = prior.row_of(block_year.cells)["obs_value"].to_numpy(dtype=float)
        is_other &= ~(prior.find_otherwise_printed(block_year) & (before == values))
    rows = block_year.cells.loc[is_other, list(KEY)]
    return [finding(block_year.block, block_year.year, "two_figures", row) for row in rows.to_dict("records")]


def finding(block: tuple[str, ...], year: str, rule: str, row: Mapping[Any, Any]) -> DisclosureFinding:
    """Return the finding of a rule at the cell of a row; its columns become the coordinates."""
    return DisclosureFinding(block, year, rule, {str(name): str(value) for name, value in row.items()})
