"""Decide from the ledger how a year that is published again is treated: unchanged, frozen or revised.

Belongs here: the policy of decision 8, and collecting what was printed of one block and year, in which vintages.
Does not belong here: rounding or auditing (`protect_datasets.py`), or the files of the ledger (`ledger.py`).

    first       never printed: protect it freely
    unchanged   the same true base as when it was printed: print the same values
    frozen      fewer than eleven cases changed: print the same values, say so in the notes; cells that were never
                            printed (a new table), or not from the newest base (a killed run), are rounded from the
                            frozen base; those of a new measure that contradicts it are withheld
    revised     more cases changed: round again, keeping every printed value that is still allowed
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import numpy as np
import pandas as pd

from expectations.cards.cells import (
    COUNT_COLUMNS,
    KEY,
    LATE_CASES,
    PART,
    PRINTED_COLUMNS,
    SPOKEN,
    WHOLE,
    keys_of,
    measure_ids,
    sort_by_key,
)
from expectations.protection.constraint_systems import BlockYear, drop_unprotected_rows, positions
from expectations.protection.person_sets import PERSON_SET
from expectations.published import ledger
from ingestion.home import Home

State = Literal["first", "unchanged", "frozen", "revised"]
_PRINTED = [*PRINTED_COLUMNS]


@dataclass(frozen=True)
class PriorReleases:
    """Earlier releases of one block and year.

    Attributes:
        printed: the last printed row of each cell that was ever shown or withheld (`KEY`, value, status, method).
        sealed: the true base behind it, one frame for each dataset that printed it.
        vintages: what was printed, one frame for each different true base (more, if one base was printed in two ways),
            oldest first.
    """

    printed: pd.DataFrame
    sealed: list[pd.DataFrame] = field(default_factory=list[pd.DataFrame])
    vintages: list[pd.DataFrame] = field(default_factory=list[pd.DataFrame])

    def row_of(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Return the printed rows of `cells`, in their order; a row without a key for a cell that was never printed."""
        return self.printed.reset_index(drop=True).reindex(positions(self.printed, cells)).reset_index(drop=True)

    def row_of_counts(self, block_year: BlockYear) -> pd.DataFrame:
        """Return the printed row of the count in each cell: the row to quote, if several cells print the count.

        That is the row of the cell that defines the count, else of the first cell that printed it.
        """
        rows = self.row_of(block_year.cells)
        is_told = rows["obs_status"].notna().to_numpy()
        source = np.full(len(rows), -1)
        for cell in np.flatnonzero(is_told)[::-1]:
            source[block_year.same[cell]] = cell
        leaders = np.unique(block_year.same)
        source[leaders] = np.where(is_told[leaders], leaders, source[leaders])
        return rows.reindex(source[block_year.same]).reset_index(drop=True)

    def find_otherwise_printed(self, block_year: BlockYear) -> np.ndarray:
        """Return which cells were printed differently from the cell that defines their count."""
        own, quoted = self.row_of(block_year.cells), self.row_of_counts(block_year)
        is_other = ~_same_figures(own, quoted)
        return own["obs_status"].notna().to_numpy() & is_other


class ReleaseHistory:
    """The ledger, split into blocks and years. Reads only the files that are needed."""

    def __init__(self, home: Home) -> None:
        self._home = home
        # an estimate is no sum of cells: it is attacked where it is computed
        lines = [entry for entry in ledger.entries(home) if entry.dataset not in ledger.ESTIMATES]
        self._entries = {entry.order: entry for entry in lines}
        printed = ledger.read_published_cells(home, lines)
        spoken = drop_unprotected_rows(printed[printed["obs_status"].isin(SPOKEN)])
        # that a year was covered in part tells an attacker nothing: a figure is a figure
        self._groups = _split_by_measure(spoken.assign(obs_status=spoken["obs_status"].replace(PART, WHOLE)))
        self._sealed = lru_cache(maxsize=32)(self._read_sealed)
        self._joined = lru_cache(maxsize=8)(self._join_base)  # a vintage also needs the base behind the newest row

    def prior_releases(self, block: Sequence[str], year: str) -> PriorReleases:
        """Return the earlier releases of one block and year."""
        groups = [self._groups[measure, year] for measure in block if (measure, year) in self._groups]
        if not groups:
            return PriorReleases(pd.DataFrame(columns=_PRINTED))
        rows = pd.concat(groups).sort_values("order", kind="stable")
        latest = rows.drop_duplicates(list(KEY), keep="last")
        orders = rows.groupby("dataset")["order"].max()
        sealed = [self._base(int(order), block, year) for order in sorted(orders)]
        return PriorReleases(latest.loc[:, _PRINTED], sealed, self._vintages(rows, block, year))

    def _vintages(self, rows: pd.DataFrame, block: Sequence[str], year: str) -> list[pd.DataFrame]:
        """Join the releases that were made from one true base and do not contradict each other.

        An attacker reads them together. Two different figures of one cell are two vintages, even from one base: both
        were seen, and neither may be forgotten.
        """
        by_base: list[tuple[pd.DataFrame, list[pd.DataFrame]]] = []
        last: dict[str, pd.DataFrame] = {}
        for order, printed in rows.groupby("order", sort=True):
            shown = sort_by_key(printed.loc[:, _PRINTED])
            dataset = str(printed["dataset"].iloc[0])
            if dataset in last and _is_same(last[dataset], shown):
                continue
            last[dataset] = shown
            base = self._base(int(order), block, year)  # pyright: ignore[reportArgumentType]
            known = next((vintages for behind, vintages in by_base if _is_same(behind, base)), None)
            if known is None:
                by_base.append((base, known := []))
            if known and not _is_contradicting(known[-1], shown):
                known[-1] = pd.concat([known[-1], shown]).drop_duplicates(list(KEY), keep="last")
            else:
                known.append(shown)
        return [vintage for _, vintages in by_base for vintage in vintages]

    def _base(self, order: int, block: Sequence[str], year: str) -> pd.DataFrame:
        return self._joined(order, tuple(block), year)

    def _join_base(self, order: int, block: tuple[str, ...], year: str) -> pd.DataFrame:
        frames = [self._sealed(order).get((measure, year)) for measure in block]
        return pd.concat([frame for frame in frames if frame is not None], ignore_index=True)

    def _read_sealed(self, order: int) -> dict[tuple[str, str], pd.DataFrame]:
        return _split_by_measure(ledger.sealed_of(self._home, self._entries[order]).loc[:, list(ledger.SEALED_COLUMNS)])


def decide(block_year: BlockYear, prior: PriorReleases) -> State:
    """Return how a block and year that may have been printed before is treated.

    The change is the sum of absolute differences over the base cells of a measure, for the measure that changed most:
    one late case is counted in several measures of a block, and counts once. A new measure changed nothing.
    """
    if prior.printed.empty:
        return "first"
    newest = prior.sealed[-1]
    known = block_year.base[measure_ids(block_year.base).isin(measure_ids(newest))]
    changed = change(newest, known)
    if changed == 0:
        return "unchanged" if is_complete(block_year, prior) else "revised"
    return "frozen" if changed < LATE_CASES else "revised"


def is_complete(block_year: BlockYear, prior: PriorReleases) -> bool:
    """Return whether every cell was printed before, and all datasets from one base: then it can be printed again."""
    return bool((positions(prior.printed, block_year.cells) >= 0).all()) and _agree_on_base(prior.sealed)


def frozen_block_year(block_year: BlockYear, prior: PriorReleases) -> BlockYear | None:
    """Return the block and year as last printed, with the measures that joined since and do not contradict that base.

    A count that joins contradicts it once a case came late or moved on: the same persons by another breakdown, or a
    cohort that is followed through by now and is more than its frozen whole. Beside the frozen figures it would tell
    how many. It has no cells here, and the year has no other base because of it.

    None if that base has other cells than today's, or contradicts the relations of today: then it cannot be frozen.
    """
    newest, today = prior.sealed[-1], block_year.base
    is_joined = ~measure_ids(today).isin(measure_ids(newest))
    if not keys_of(newest).sort_values().equals(keys_of(today[~is_joined]).sort_values()):
        return None
    columns, joined = [*COUNT_COLUMNS], today[is_joined]
    while True:
        base = pd.concat([newest[columns], joined[columns]]).sort_values(list(KEY)).reset_index(drop=True)
        if PERSON_SET in today:
            sets = today[PERSON_SET].to_numpy(dtype=np.uint64)
            base = base.assign(**{PERSON_SET: sets[positions(today, base)]})
        cells = block_year.cells[measure_ids(block_year.cells).isin(measure_ids(base))].reset_index(drop=True)
        frozen = BlockYear(block_year.block, block_year.year, base, cells, block_year.scheme)
        linked, model = frozen.model.links @ frozen.true_base, frozen.model
        broken = np.flatnonzero((linked > model.link_upper) | (linked < model.link_lower))
        if not broken.size:
            return frozen
        relations = [model.relations[row] for row in broken.tolist()]
        names = {name for relation in relations for name in (relation.measure, relation.of)}
        is_contradicting = measure_ids(joined).isin(names)
        if not is_contradicting.any():
            return None
        joined = joined[~is_contradicting]


def change(before: pd.DataFrame, now: pd.DataFrame) -> float:
    """Return how many cases changed between two bases, for the measure that changed most."""
    if keys_of(before).equals(keys_of(now)) and before["obs_value"].tolist() == now["obs_value"].tolist():
        return 0.0  # the case of most years, and a merge takes several times as long
    joined = before.merge(now.loc[:, [*COUNT_COLUMNS]], on=list(KEY), how="outer", suffixes=("_before", "_now"))
    difference = (joined["obs_value_before"].fillna(0) - joined["obs_value_now"].fillna(0)).abs()
    return float(difference.groupby(measure_ids(joined)).sum().max())


def is_held(block_year: BlockYear, prior: PriorReleases) -> bool:
    """Return whether a year was printed before, by no dataset from another base: what was printed of it stays.

    A new measure changed nothing.
    """
    ids = measure_ids(block_year.base)
    known = (block_year.base[ids.isin(measure_ids(sealed))] for sealed in prior.sealed)
    return bool(prior.sealed) and all(change(*pair) == 0 for pair in zip(prior.sealed, known, strict=True))


def quoted_indicators(block_year: BlockYear, printed: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """Return indicators that print a count differently from the indicator that defines it, each with that one.

    A figure that is withheld is no other figure. Cells that count the same persons by chance are not told: the notes
    would say that they do.

    Args:
        block_year: block and year of the cells.
        printed: printed rows of its cells, in their order.
    """
    values = printed["obs_value"].to_numpy(dtype=float)
    is_other = np.flatnonzero(~_same_values(values, values[block_year.defined]) & ~np.isnan(values))
    codes = printed["indicator"].to_numpy(dtype=object)
    return tuple(sorted({(str(codes[cell]), str(codes[block_year.defined[cell]])) for cell in is_other}))


def _same_figures(figures: pd.DataFrame, other: pd.DataFrame) -> np.ndarray:
    """Return which rows have the same value, or none, by the same method."""
    values, others = (frame["obs_value"].to_numpy(dtype=float) for frame in (figures, other))
    methods = (figures["disclosure_method"].astype(str) == other["disclosure_method"].astype(str)).to_numpy()
    return _same_values(values, others) & methods


def _same_values(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    return (values == others) | (np.isnan(values) & np.isnan(others))


def _split_by_measure(rows: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    groups = rows.groupby([measure_ids(rows), rows["time_period"]], sort=False)
    return {(str(measure), str(year)): group for (measure, year), group in groups}


def _is_same(frame: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Return whether two frames of the same columns are equal, row for row."""
    return len(frame) == len(other) and frame.reset_index(drop=True).equals(other.reset_index(drop=True))


def _is_contradicting(cells: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Return whether a cell is in both with another value or method."""
    known, shown = (frame[["obs_value", "disclosure_method"]].assign(key=keys_of(frame)) for frame in (cells, other))
    both = known.merge(shown, on="key", suffixes=("", "_then"))
    same_value = (both["obs_value"] == both["obs_value_then"]) | (
        both["obs_value"].isna() & both["obs_value_then"].isna()
    )
    return not bool((same_value & (both["disclosure_method"] == both["disclosure_method_then"])).all())


def _agree_on_base(sealed: Sequence[pd.DataFrame]) -> bool:
    return all(change(sealed[0], other) == 0 for other in sealed[1:])
