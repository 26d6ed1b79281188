"""Blocks: measures that relations connect, one year at a time, as one system of equations.

Belongs here: splitting base and cells into blocks and years, and what an attacker is assumed to know of one.
Does not belong here: deciding what is printed (`protect_datasets.py`), or the mathematics (`methods/disclosure`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from expectations.cards import areas
from expectations.cards.cells import (
    COUNTED,
    DIMENSIONS,
    KEY,
    LATE_CASES,
    TOTAL,
    WITH_FIGURE,
    keys_of,
    measure_ids,
    sort_by_key,
)
from expectations.cards.release_scheme import Scheme
from expectations.protection.person_sets import PERSON_SET
from methods.disclosure.auditing.audit import AuditQuestion, AuditReport, audit, published_bounds
from methods.disclosure.auditing.insiders import Insider
from methods.disclosure.auditing.vintages import CellBounds, Vintage
from methods.disclosure.auditing.witnesses import Proof
from methods.disclosure.same_counts import same_counts
from methods.disclosure.table_model import TableModel, build_model, connected_blocks

MINIMUM_VALUES = 3  # a small cell must leave at least this many possible values (docs/decisions/0012)
SENSITIVE_UNDER = 5  # a count of 1-4 persons is small, whatever base a card rounds to
SENSITIVE_KINDS = ("form", "article")  # asked of groups in a governorate: what was done to them, or what they did
ASKED_FOR = (
    "stranger",
    "keeper",
    "body",
    "victim",
)  # the attackers that `attack` plays; the certificate claims protection against no other
WITHHELD = "WITHHELD"
UNROUNDED = {"none": "NONE", "published": "PUBLISHED"}
"""Methods of a unit that is not rounded: as counted, or published before Marsad received it."""
_COORDINATES = ["measure", "area", *DIMENSIONS]


@dataclass(frozen=True)
class BlockYear:
    """One block and year.

    Attributes:
        block: measure ids, sorted.
        base: base cells with a value: `KEY`, `obs_value`; where known, the number of the facts of each (`PERSON_SET`).
        cells: printed or withheld cells, each once over all datasets: `KEY`, `obs_value`.
    """

    block: tuple[str, ...]
    year: str
    base: pd.DataFrame
    cells: pd.DataFrame
    scheme: Scheme

    @property
    def label(self) -> str:
        """Its name, stable over releases: the rounding key includes it."""
        return "+".join(self.block) + "|" + self.year

    @property
    def rounding_base(self) -> int:
        """The base to which its values are rounded."""
        return self.scheme.protection_of(self.block[0].partition("/")[0]).base

    @cached_property
    def model(self) -> TableModel:
        """The matrix of its printed cells over its base cells."""
        return self.model_of(self.cells)

    @cached_property
    def defined(self) -> np.ndarray:
        """For each printed cell, the position of the cell that defines its count: the same count by its card."""
        return same_counts(self.model)

    @cached_property
    def same(self) -> np.ndarray:
        """For each printed cell, the position of the cell whose figure it has.

        That is the cell that defines its count, or one that counts the very same persons in the same area this year.
        Two figures of one set of persons would bound it from both sides, for whoever guesses that it is one.
        """
        if PERSON_SET not in self.base:
            return self.defined
        matrix = sp.csr_matrix(self.model.matrix, dtype=np.uint64)
        sets = matrix @ self.base[PERSON_SET].to_numpy(dtype=np.uint64)
        return join_same_persons(self.defined, sets, self.true_cells, self.cells["ref_area"].to_numpy(dtype=object))

    def add_same_counts(self, chosen: np.ndarray) -> np.ndarray:
        """Return the chosen cells and every cell that is the same count as one of them."""
        leaders = np.zeros(len(chosen), dtype=bool)
        leaders[self.same[chosen]] = True
        return leaders[self.same]

    @property
    def true_base(self) -> np.ndarray:
        """The true counts of its base cells, in the order of the model."""
        return self.base["obs_value"].to_numpy(dtype=float)

    @cached_property
    def true_cells(self) -> np.ndarray:
        """The true counts of its printed cells."""
        return np.asarray(self.model.matrix @ self.true_base)

    def model_of(self, cells: pd.DataFrame) -> TableModel:
        """Return the model of other cells (an earlier release) over the same base cells."""
        base = coordinates(self.base)
        relations = self.scheme.relations(sorted(set(base["measure"])))
        return build_model(base, coordinates(cells), relations, ancestors=_ANCESTORS, merged=self.scheme.merged)

    def find_covered(self, cells: pd.DataFrame) -> pd.Series:
        """Return which cells of an earlier release can still be expressed in today's base cells."""
        known = pd.Series(True, index=cells.index)
        for column in ("indicator", "measure"):
            known &= cells[column].isin(self.base[column])
        leaves = set(self.base["ref_area"])
        known &= cells["ref_area"].isin(leaves | {area for leaf in leaves for area in areas.ancestors_of(leaf)})
        for column in DIMENSIONS:
            codes = set(self.base[column])
            merged = {published for code, published in self.scheme.merged.get(column, {}).items() if code in codes}
            known &= cells[column].isin(codes | merged | {TOTAL})
        return known

    def drop_uncovered_cells(self) -> BlockYear:
        """Return it without cells that no base cell is in: of a code that nobody knows, or of a measure that waits."""
        return replace(self, cells=self.cells[self.find_covered(self.cells)].reset_index(drop=True))


_ANCESTORS: Mapping[str, Sequence[str]] = areas.ANCESTORS


def join_same_persons(defined: np.ndarray, sets: np.ndarray, counts: np.ndarray, areas_of: np.ndarray) -> np.ndarray:
    """Return for each cell the position of the cell whose figure it has, by definition or by the persons it counts.

    Args:
        defined: per cell the position of the one that defines its count.
        sets: per cell the number of the set of facts that it counts.
        counts: per cell its true count; nobody is no set. Behind a frozen year lie other facts than today's: cells are
            joined only if their counts agree too.
        areas_of: per cell its area. A region and its country stay apart: alike, they would tell that the others are 0.
    """
    groups = pd.DataFrame({"set": sets, "count": counts, "area": areas_of}).groupby(["set", "count", "area"])
    group, size = groups.ngroup().to_numpy() + len(defined), len(defined)
    cells = np.arange(size)
    known = cells[counts > 0]
    edges = np.concatenate([np.column_stack([cells, defined]), np.column_stack([known, group[known]])])
    graph = sp.coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(2 * size, 2 * size))
    component = connected_components(graph, directed=False)[1][:size]
    least = np.full(component.max(initial=0) + 1, size)
    np.minimum.at(least, component, defined)  # a cell that defines its own count
    return least[component]


@dataclass(frozen=True)
class PrintedCells:
    """The printed cells of a block and year: for each a value (NaN: withheld) and a method."""

    values: np.ndarray
    methods: tuple[str, ...]

    @classmethod
    def read_frame(cls, cells: pd.DataFrame) -> PrintedCells:
        """Return the cells of a frame with `obs_value` and `disclosure_method`."""
        return cls(cells["obs_value"].to_numpy(dtype=float), tuple(str(name) for name in cells["disclosure_method"]))

    def withhold_cells(self, hidden: np.ndarray) -> PrintedCells:
        """Return the same cells with some of them withheld."""
        methods = tuple(WITHHELD if hide else method for hide, method in zip(hidden, self.methods, strict=True))
        return PrintedCells(np.where(hidden, np.nan, self.values), methods)


def block_years(base: pd.DataFrame, cells: pd.DataFrame, scheme: Scheme) -> Iterator[BlockYear]:
    """Yield every block and year that is rounded and has both base and cells.

    Args:
        base: all base cells of all indicators, with the facts behind each where these are known (`PERSON_SET`).
        cells: the cells of all datasets; missing ones are left out, withheld ones are not.
        scheme: the rules of all cards.
    """
    base, cells = _rounded_rows(base[base["obs_value"].notna()], scheme), _rounded_rows(cells, scheme)
    spoken = cells["obs_status"].isin(WITH_FIGURE) | (cells["disclosure_method"] == WITHHELD)
    cells = cells[spoken].drop_duplicates(list(KEY))
    measures = sorted(set(measure_ids(base)))
    cells_by, base_by = _split_by_block(cells), _split_by_block(base)
    for block, year in blocks_of_years(measures, sorted(set(base["time_period"])), scheme):
        printed = _join_block(cells_by, block, year)
        known = _join_block(base_by, block, year)
        if printed is not None and known is not None:
            yield BlockYear(block, year, _sort_rows(known), _sort_rows(printed), scheme)


def blocks_of_years(measures: Sequence[str], years: Sequence[str], scheme: Scheme) -> list[tuple[tuple[str, ...], str]]:
    """Return the blocks of each year, sorted: a measure belongs to none before its first year.

    So a measure that joins later leaves the label of earlier years, and with it their draws, as they were.
    """
    pairs: list[tuple[tuple[str, ...], str]] = []
    for year in years:
        counted = [measure for measure in measures if scheme.counts_in(measure, year)]
        pairs += [(block, year) for block in connected_blocks(counted, scheme.relations(counted))]
    return sorted(pairs)


def known_bounds(printed: PrintedCells, *, is_kept: np.ndarray) -> CellBounds:
    """Return what a reader knows of each printed cell from its value and method.

    Args:
        printed: a method that is neither rounding nor withholding counts as exact. The rounding base is read
            from the method's name: an earlier release may have had another.
        is_kept: exact cells that were printed before and stay after late cases. Each may be off by up to ten cases: the
            policy is public, so the reader knows that too.
    """
    values, names = printed.values, np.asarray(printed.methods, dtype=str)
    hidden = np.isnan(values) | (names == WITHHELD)
    heard = np.where(np.char.startswith(names, "ROUNDED"), names, "EXACT_11")
    heard = np.where(hidden, "HIDDEN", heard)
    bounds = published_bounds(values, [str(name) for name in heard])
    slack = np.where(is_kept & (heard == "EXACT_11"), LATE_CASES - 1, 0)
    return CellBounds(np.maximum(bounds.lower - slack, 0), bounds.upper + slack)


def bounds_of_vintage(cells: pd.DataFrame, before: pd.DataFrame | None) -> CellBounds:
    """Return what a reader knows of a vintage; an exact figure already in the vintage before it may have been kept."""
    printed, is_kept = PrintedCells.read_frame(cells), np.zeros(len(cells), dtype=bool)
    if before is not None:
        same = before.reset_index(drop=True).reindex(positions(before, cells))
        is_kept = same["obs_value"].to_numpy(dtype=float) == printed.values
    return known_bounds(printed, is_kept=is_kept)


@dataclass(frozen=True)
class AttackerKnowledge:
    """What an attacker may know of one block and year besides the figures that are printed now.

    Attributes:
        vintages: earlier releases of it that differ (`KEY`, `obs_value`, `disclosure_method`).
        insiders: those who know a part.
        external: figures of the same definition that others published (`KEY`, `lower`, `upper`); those that cannot be
            expressed in its base cells are left out.
    """

    vintages: Sequence[pd.DataFrame] = ()
    insiders: Sequence[Insider] = ()
    external: pd.DataFrame | None = None


def attack(
    block_year: BlockYear,
    printed: PrintedCells,
    known: AttackerKnowledge,
    *,
    proof: Proof | None = None,
    enough: float = np.inf,
    counts_narrow: bool = True,
    public_first: bool = False,
) -> AuditReport:
    """Audit what would be printed of one block and year, together with what was printed of it before.

    Args:
        block_year: the block and year with its true figures, which decide which cells are small and nothing else.
        printed: its cells, in the order of `block_year.cells`.
        known: what else the attacker knows.
        proof: witnesses found before; those that do not fit are left out.
        enough: number of failures after which the audit stops.
        counts_narrow: whether to find also what agencies can narrow down without knowing it for certain.
        public_first: whether to skip the insiders if the public alone already learns too much.
    """
    true = block_year.true_cells
    question = AuditQuestion(
        sensitive=(true >= 1) & (true < SENSITIVE_UNDER),
        minimum_values=MINIMUM_VALUES,
        never=block_year.scheme.never_entries(block_year.block),
        of_one_kind=_one_kind_pairs(block_year),
        earlier=[
            _earlier_vintage(block_year, cells, before)
            for before, cells in zip([None, *known.vintages], known.vintages, strict=False)
        ],
        external=[] if known.external is None else _external(block_year, known.external),
        insiders=known.insiders,
        table=block_year.true_base,
        proof=proof,
        enough=enough,
        counts_narrow=counts_narrow,
        public_first=public_first,
    )
    bounds = known_bounds(printed, is_kept=printed.values != true)
    return audit(Vintage(block_year.model, bounds), question)


def drop_unprotected_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of earlier releases except counts of a unit that was protected only later: they hid nobody.

    No rounding undoes what such a row reveals of persons; as a vintage it would freeze its year forever.
    """
    return frame[~frame["disclosure_method"].isin(UNROUNDED.values())]


def coordinates(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that the methods read: measure (`PRT-01/COUNT`), area and dimensions."""
    named = frame.assign(measure=measure_ids(frame), area=frame["ref_area"])
    return named.loc[:, _COORDINATES].reset_index(drop=True)


def positions(cells: pd.DataFrame, wanted: pd.DataFrame) -> np.ndarray:
    """Return the position of each row of `wanted` in `cells` by key, -1 if absent."""
    return keys_of(cells).get_indexer(keys_of(wanted))


def _one_kind_pairs(block_year: BlockYear) -> np.ndarray:
    """Return pairs (part, whole) of governorate cells of which nine in ten or more are truly of one sensitive kind.

    A part that equals its whole by definition reveals nothing.
    """
    cells, true, sizes = block_year.cells, block_year.true_cells, np.diff(block_year.model.matrix.indptr)
    pairs = [np.zeros((0, 2), dtype=np.int64)]
    for name in SENSITIVE_KINDS:
        shown = (cells[name] != TOTAL) & (cells["ref_area"].map(areas.level_of) == "governorate")
        part = np.flatnonzero(shown)
        whole = positions(cells, cells[shown].assign(**{name: TOTAL}))
        part, whole = part[whole >= 0], whole[whole >= 0]
        is_one_kind = (
            (true[part] >= 0.9 * true[whole]) & (true[whole] >= SENSITIVE_UNDER) & (sizes[part] < sizes[whole])
        )
        pairs.append(np.column_stack([part[is_one_kind], whole[is_one_kind]]))
    return np.concatenate(pairs)


def _external(block_year: BlockYear, external: pd.DataFrame) -> list[Vintage]:
    known = external[block_year.find_covered(external) & (external["time_period"] == block_year.year)]
    known = known[measure_ids(known).isin(block_year.block)]
    if known.empty:
        return []
    known = known.groupby(list(KEY), as_index=False).agg({"lower": "max", "upper": "min"})  # all bounds together
    lower, upper = known["lower"].to_numpy(dtype=float), known["upper"].to_numpy(dtype=float)
    return [Vintage(block_year.model_of(known), CellBounds(lower, upper))]


def _earlier_vintage(block_year: BlockYear, cells: pd.DataFrame, before: pd.DataFrame | None) -> Vintage:
    known = cells[block_year.find_covered(cells)].reset_index(drop=True)
    return Vintage(block_year.model_of(known), bounds_of_vintage(known, before))


def _rounded_rows(frame: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    rounded = [code for code in set(frame["indicator"]) if scheme.protection_of(code).protects]
    return frame[frame["measure"].isin(COUNTED) & frame["indicator"].isin(rounded)]


def _split_by_block(frame: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    groups = frame.groupby([measure_ids(frame), frame["time_period"]], sort=False)
    return {(str(measure), str(year)): rows for (measure, year), rows in groups}


def _join_block(frames: Mapping[tuple[str, str], pd.DataFrame], block: Sequence[str], year: str) -> pd.DataFrame | None:
    present = [frames[measure, year] for measure in block if (measure, year) in frames]
    return pd.concat(present) if present else None


def _sort_rows(frame: pd.DataFrame) -> pd.DataFrame:
    return sort_by_key(frame).reset_index(drop=True)
