"""Protect one block and year: rounded, partly exact, frozen or withheld, until the audit finds nothing.

Belongs here: the order of attempts and retreats. Does not belong here: the mathematics of each step
(`methods/disclosure`), the treatment of a year printed before (`revisions.py`), or files.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd

from expectations.cards.areas import ancestors_of, level_of
from expectations.cards.cells import COUNT_COLUMNS, DIMENSIONS, KEY, PRINTED_COLUMNS, TOTAL, keys_of
from expectations.cards.release_scheme import PrintedTable
from expectations.protection.constraint_systems import (
    AttackerKnowledge,
    BlockYear,
    PrintedCells,
    attack,
    coordinates,
    positions,
)
from expectations.protection.exactness import drop_telling_tables, exact_after_revision, exact_at_first, exact_threshold
from expectations.protection.insider_knowledge import Contributions, insiders_of
from expectations.protection.revisions import (
    PriorReleases,
    State,
    change,
    decide,
    frozen_block_year,
    is_complete,
    is_held,
)
from languages.refusal import Refusal
from methods.disclosure.auditing.attack_questions import NEVER
from methods.disclosure.auditing.audit import AuditFailure, AuditReport
from methods.disclosure.auditing.insiders import Insider
from methods.disclosure.rounding.additive_rounding import RoundingImpossible, WantedCells, controlled_rounding

TURNS = 3  # how often cells that reveal too much are rounded the other way before tables are withheld


@dataclass(frozen=True)
class _Plan:
    """What to try: which cells are exact, and at which values."""

    exact: np.ndarray
    fixed: np.ndarray


@dataclass(frozen=True)
class ProtectedBlock:
    """The result for one block and year.

    Attributes:
        printed: `KEY`, `obs_value`, `obs_status`, `disclosure_method`.
        base: the true base behind the printed figures; for a frozen year the earlier one.
        report: the last audit; None if nothing was audited because nothing changed.
    """

    state: State
    printed: pd.DataFrame
    base: pd.DataFrame
    report: AuditReport | None


@dataclass(frozen=True)
class ReaderKnowledge:
    """What readers know besides the released figures of a block and year.

    Attributes:
        contributions: what each agency sent, for any block and year.
        external: figures of the same definition that others published (`KEY`, `lower`, `upper`); None if there are
            none.
    """

    contributions: Contributions
    external: pd.DataFrame | None = None


@dataclass(frozen=True)
class BlockContext:
    """A block and year, its earlier releases and its readers: all that its protection depends on besides the key.

    Attributes:
        state: the decision about it.
        block_year: as it is printed; for a frozen one, as it was when last printed, without what contradicts it.
        prior: what was printed of it.
        contributions: what each agency sent; None if it is printed as before, so that no insider is asked.
        external: figures that others published.
        waiting: the cells (`KEY`) of measures that contradict it: they are withheld until the year is revised.
    """

    state: State
    block_year: BlockYear
    prior: PriorReleases
    contributions: pd.DataFrame | None
    external: pd.DataFrame | None
    waiting: pd.DataFrame

    @cached_property
    def is_held(self) -> bool:
        """Whether nothing changed since it was printed, so that what was printed must stay."""
        return is_held(self.block_year, self.prior)

    @cached_property
    def apart(self) -> np.ndarray:
        """Which cells stay as printed although the same count has another figure, from before both were one cell."""
        others = self.prior.find_otherwise_printed(self.block_year)
        return others if self.is_held else np.zeros(len(others), dtype=bool)

    @cached_property
    def insiders(self) -> Sequence[Insider]:
        """Everybody who knows part of it."""
        return [] if self.contributions is None else insiders_of(self.block_year, self.contributions)

    def audit_printed(
        self,
        printed: PrintedCells,
        earlier: AuditReport | None = None,
        enough: float = np.inf,
        *,
        public_first: bool = False,
    ) -> AuditReport:
        """Audit what would be printed; the witnesses of an earlier audit are tried first.

        What agencies can narrow down decides nothing here: the gate counts it for the final figures.
        """
        vintages = differing_vintages(self.prior.vintages, _printed_frame(self.block_year, printed))
        return attack(
            self.block_year,
            printed,
            AttackerKnowledge(vintages, self.insiders, self.external),
            proof=earlier.proof if earlier else None,
            enough=enough,
            counts_narrow=False,
            public_first=public_first,
        )


def context_of(block_year: BlockYear, prior: PriorReleases, readers: ReaderKnowledge) -> BlockContext:
    """Decide how a block and year is treated, and collect who reads it.

    A frozen year with new cells is rounded from the frozen base, so that its late cases are behind no printed figure.
    If it cannot be frozen, it is revised.
    """
    state = decide(block_year, prior)
    waiting = block_year.cells.loc[[], list(KEY)]
    if state == "frozen" and not is_complete(block_year, prior):
        frozen = frozen_block_year(block_year, prior)
        if frozen is None:
            state = "revised"
        else:
            waiting = block_year.cells.loc[positions(frozen.cells, block_year.cells) < 0, list(KEY)]
            block_year = frozen
    is_repeated = state == "unchanged" or (state == "frozen" and is_complete(block_year, prior))
    contributions = None if is_repeated else readers.contributions.select_block_year(block_year)
    return BlockContext(state, block_year, prior, contributions, readers.external, waiting)


def protect_block(context: BlockContext, key: bytes) -> ProtectedBlock:
    """Return what may be printed of one block and year.

    Attempts, in this order: as printed before (unchanged, frozen); rounded, with the exact tables that the cards allow;
    without those of them that reveal too much; rounded throughout; rounded the other way where a cell reveals too much;
    with tables withheld, finest first; and for a year that was printed before, frozen after all. If the audit still
    fails, the gate will refuse.

    Raises:
        Refusal: `rounding_impossible`, naming block and year.
    """
    if context.contributions is None:
        return _repeat_release(context.block_year, context.prior, context.state)
    if context.state == "frozen":
        return replace(_protect_block(context, key, "revised"), state="frozen")
    return _protect_block(context, key, context.state)


def _protect_block(context: BlockContext, key: bytes, state: State) -> ProtectedBlock:
    """Round until the audit finds nothing; a year that was printed before is frozen if it still finds something."""
    block_year, prior = context.block_year, context.prior
    printed, report = _round_block(context, key, _plans(block_year, prior, state))
    if not report.passed and state == "revised" and _is_all_printed(block_year, prior):
        return _repeat_release(block_year, prior, "frozen")
    return ProtectedBlock(state, _printed_frame(block_year, printed), block_year.base.loc[:, [*COUNT_COLUMNS]], report)


def _round_block(context: BlockContext, key: bytes, plans: Sequence[_Plan]) -> tuple[PrintedCells, AuditReport]:
    """Round, with fewer exact cells, then the other way, and then with withheld tables."""
    plan, *others = plans
    printed, report = _try_plan(
        context, key, plan, public_first=bool(others)
    )  # refuted already by what the public learns
    exact = drop_telling_tables(context.block_year, plan.exact, _telling_cells(context.block_year, report))
    further = [] if any((exact == known_plan.exact).all() for known_plan in plans) else [replace(plan, exact=exact)]
    waiting = [*further, *others]
    for place, other in enumerate(waiting, start=1):
        if not report.passed:
            plan, is_last = other, place == len(waiting)  # of the other plans only whether they pass matters
            printed, report = _try_plan(context, key, plan, report, enough=np.inf if is_last else 1)
    if not report.passed:
        printed, report = _turn_roundings(context, key, plan, printed, report)
    if not report.passed:
        printed, report = _withhold_tables(context, printed, report)
    return printed, report


def differing_vintages(vintages: Sequence[pd.DataFrame], printed: pd.DataFrame) -> list[pd.DataFrame]:
    """Return the vintages that differ from what is printed now."""
    keys = keys_of(printed)
    return [
        vintage for vintage in vintages if not _repeats_vintage(vintage, printed, keys.get_indexer(keys_of(vintage)))
    ]


def _repeats_vintage(vintage: pd.DataFrame, printed: pd.DataFrame, places: np.ndarray) -> bool:
    columns = ["obs_value", "disclosure_method"]
    before, now = vintage[columns].reset_index(drop=True), printed[columns].iloc[places].reset_index(drop=True)
    return bool((places >= 0).all()) and before.equals(now.astype(before.dtypes))


def _exact_masks(block_year: BlockYear, prior: PriorReleases, state: State) -> tuple[list[np.ndarray], np.ndarray]:
    """Return which cells may be exact, from the boldest choice to none at all, and at which values."""
    first, nothing = exact_at_first(block_year, prior), np.zeros(len(block_year.cells), dtype=bool)
    if state == "first":
        return _distinct_masks([first, nothing]), block_year.true_cells
    still_exact, values = exact_after_revision(block_year, prior)
    is_same_base = all(change(sealed, block_year.base) == 0 for sealed in prior.sealed)
    # new tables next to unchanged ones are printed for the first time
    bold = still_exact | first if is_same_base else still_exact
    return _distinct_masks([bold, still_exact, nothing]), np.where(still_exact, values, block_year.true_cells)


def _plans(block_year: BlockYear, prior: PriorReleases, state: State) -> list[_Plan]:
    masks, fixed = _exact_masks(block_year, prior, state)
    return [_Plan(mask, fixed) for mask in masks]


def _distinct_masks(masks: Sequence[np.ndarray]) -> list[np.ndarray]:
    return [mask for place, mask in enumerate(masks) if not any((mask == other).all() for other in masks[:place])]


def _telling_cells(block_year: BlockYear, report: AuditReport) -> np.ndarray:
    """Return the cells that reveal too much by the audit, and those of the same counts."""
    places = {tuple(sorted(failure.coordinates.items())) for failure in report.failures if failure.rule != NEVER}
    rows = coordinates(block_year.cells).to_dict("records")
    named = [tuple(sorted((str(name), str(code)) for name, code in row.items() if code != TOTAL)) for row in rows]
    return block_year.add_same_counts(np.array([name in places for name in named], dtype=bool))


def _turn_roundings(
    context: BlockContext, key: bytes, plan: _Plan, printed: PrintedCells, report: AuditReport
) -> tuple[PrintedCells, AuditReport]:
    """Round the revealing cells the other way, a few times, as long as their number falls."""
    avoided = np.full(len(printed.values), np.nan)
    for _ in range(TURNS):
        telling = _telling_cells(context.block_year, report)
        if report.passed or not telling.any():
            break
        avoided = np.where(telling, printed.values, avoided)
        try:
            other, anew = _try_plan(context, key, plan, report, avoided=avoided, enough=len(report.failures))
        except Refusal:  # no table has those neighbours
            break
        if len(anew.failures) >= len(report.failures):
            break
        printed, report = other, anew
    return printed, report


def _try_plan(
    context: BlockContext,
    key: bytes,
    plan: _Plan,
    earlier: AuditReport | None = None,
    *,
    avoided: np.ndarray | None = None,
    enough: float = np.inf,
    public_first: bool = False,
) -> tuple[PrintedCells, AuditReport]:
    """Round by a plan and audit it, with the witnesses of the previous plan; see `controlled_rounding` and `audit`."""
    block_year = context.block_year
    before = context.prior.row_of_counts(block_year)
    was_rounded = before["disclosure_method"].astype(str).str.startswith("ROUNDED").to_numpy()
    wanted = WantedCells(
        previous=np.where(was_rounded, before["obs_value"].to_numpy(dtype=float), np.nan),
        exact=plan.exact,
        avoided=avoided,
        is_held=context.is_held,
    )
    rounded = _round_cells(block_year, key, wanted)
    methods = np.where(plan.exact, f"EXACT_{exact_threshold(block_year)}", f"ROUNDED_{block_year.rounding_base}")
    values = np.where(plan.exact, plan.fixed, rounded)
    own = context.prior.row_of(block_year.cells)
    values = np.where(context.apart, own["obs_value"].to_numpy(dtype=float), values)
    methods = np.where(context.apart, own["disclosure_method"].to_numpy(dtype=object), methods)
    printed = PrintedCells(values, tuple(str(method) for method in methods))
    return printed, context.audit_printed(printed, earlier, enough, public_first=public_first)


def _round_cells(block_year: BlockYear, key: bytes, wanted: WantedCells) -> np.ndarray:
    """Round; if nothing adds up with all that count the same persons alike, with those alone that do by definition."""
    rounding = partial(
        controlled_rounding,
        block_year.model,
        block_year.true_base,
        base=block_year.rounding_base,
        key=key,
        label=block_year.label,
    )
    with suppress(RoundingImpossible):
        return rounding(wanted=replace(wanted, same=block_year.same))
    try:
        return rounding(wanted=replace(wanted, same=block_year.defined))
    except RoundingImpossible as error:
        raise Refusal("rounding_impossible", where=block_year.label) from error


def _withhold_tables(
    context: BlockContext, printed: PrintedCells, report: AuditReport
) -> tuple[PrintedCells, AuditReport]:
    """Withhold tables in the declared order while a cell or cross fails, then restore those that need not be."""
    block_year = context.block_year
    withheld: list[np.ndarray] = []
    whole = printed
    for table in block_year.scheme.withholding_order():
        offences = [failure for failure in report.failures if failure.coordinates]
        hidden = block_year.add_same_counts(_offending_cells(block_year, table, offences))
        if hidden.any():
            withheld.append(hidden)
            printed = printed.withhold_cells(hidden)
            report = context.audit_printed(printed, report)
    if not report.passed:
        return printed, report
    for given_back in reversed(withheld):  # the most important table first
        others = [hidden for hidden in withheld if hidden is not given_back]
        fuller = whole.withhold_cells(np.logical_or.reduce(others)) if others else whole
        attempt = context.audit_printed(fuller, report, enough=1)
        if attempt.passed:
            withheld, printed, report = others, fuller, attempt
    return printed, report


def _offending_cells(block_year: BlockYear, table: PrintedTable, offences: Sequence[AuditFailure]) -> np.ndarray:
    cells = block_year.cells
    in_table = cells["ref_area"].map(level_of).isin(table.levels)
    for name in DIMENSIONS:
        in_table &= (cells[name] != TOTAL) == (name in table.dimensions)
    areas: set[str] = set()
    for failure in offences:
        if any(failure.coordinates.get(name, TOTAL) != TOTAL for name in table.dimensions):
            areas |= _related_areas(set(cells["ref_area"]), failure.coordinates["area"])
    return (in_table & cells["ref_area"].isin(areas)).to_numpy()


def _related_areas(areas: set[str], place: str) -> set[str]:
    return {area for area in areas if area == place or place in ancestors_of(area) or area in ancestors_of(place)}


def _repeat_release(block_year: BlockYear, prior: PriorReleases, state: State) -> ProtectedBlock:
    rows = prior.row_of(block_year.cells).loc[:, [*PRINTED_COLUMNS]]
    return ProtectedBlock(state, rows, prior.sealed[-1], None)


def _is_all_printed(block_year: BlockYear, prior: PriorReleases) -> bool:
    return bool(prior.row_of(block_year.cells)["obs_status"].notna().all())


def _printed_frame(block_year: BlockYear, printed: PrintedCells) -> pd.DataFrame:
    status = np.where(np.isnan(printed.values), "Q", "A")
    return block_year.cells.loc[:, list(KEY)].assign(
        obs_value=printed.values, obs_status=status, disclosure_method=list(printed.methods)
    )
