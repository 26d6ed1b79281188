"""Protection: one step over the candidates of all datasets and everything ever released.

Belongs here: running all blocks and years, distributing the result to the datasets, writing the final bytes and the
pending state that a release will seal. Does not belong here: how one block is protected (`protect_block.py`), the
verdict (`verdicts.py`), or publishing anything.

    candidates/<dataset>/final/{data.parquet,data.csv}   the bytes that the gate examines
    candidates/pending.parquet                           sealed: the true base behind the printed figures
    candidates/proofs.npz                                sealed: the witnesses of the audits (`audit_proofs.py`)
    candidates/protection.json                           what was frozen, revised and withheld, and for which bytes;
                                                         sealed with a key (`seals.py`)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from expectations.candidates import candidate
from expectations.cards.cells import (
    COUNT_COLUMNS,
    KEY,
    PART,
    PRINTED_COLUMNS,
    WHOLE,
    conf_status_of,
    csv_bytes,
    join_frames,
    keys_of,
    order_cells,
    parquet_bytes,
    read_parquet,
)
from expectations.cards.dataset_card import DatasetCard
from expectations.cards.release_scheme import Scheme
from expectations.protection.audit_proofs import read_proofs, write_proofs
from expectations.protection.constraint_systems import UNROUNDED, WITHHELD, BlockYear, block_years
from expectations.protection.derived_figures import derived_rows
from expectations.protection.insider_knowledge import Contributions
from expectations.protection.late_cases import FrozenBlock, LateLine, additions, late_lines
from expectations.protection.parallel_blocks import Sized, run_in_order
from expectations.protection.person_sets import add_person_sets
from expectations.protection.protect_block import (
    BlockContext,
    ProtectedBlock,
    ReaderKnowledge,
    context_of,
    protect_block,
)
from expectations.protection.protection_costs import compare_block, losses
from expectations.protection.revisions import ReleaseHistory, quoted_indicators
from expectations.published.external import external_rows
from expectations.published.release_log import ReleaseLog
from expectations.published.rounding_key import check_value, series_key
from expectations.published.unlisted_versions import list_versions
from ingestion.home import Home, json_bytes, read_verified, write_bytes
from ingestion.seals import read_sealed, write_sealed
from ingestion.storage import parse_json
from languages.refusal import Refusal
from methods.disclosure.auditing.witnesses import Proof

FINAL_FILES = ("data.parquet", "data.csv")


@dataclass(frozen=True)
class BlockOutcome:
    """The result of one block and year; counts of cells, no figures.

    Attributes:
        state: `first`, `unchanged`, `frozen` or `revised`.
        safe: whether the audit inside protection found nothing (true if nothing changed).
        to_quote: indicators that print a count differently from the indicator that defines it, each with that one.
    """

    block: tuple[str, ...]
    year: str
    state: str
    cells: int
    exact: int
    withheld: int
    checked: int
    safe: bool
    to_quote: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ProtectionReport:
    """The result of protection.

    Attributes:
        outcomes: result of every block and year.
        files: hashes of the final files, by dataset and name.
        late: what may be published of late cases that frozen years do not include.
        loss: what it cost readers, by dataset: `methods.disclosure.loss.PublicLoss`, coarse enough to be public.
    """

    outcomes: tuple[BlockOutcome, ...]
    files: Mapping[str, Mapping[str, str]]
    late: tuple[LateLine, ...] = ()
    loss: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])


def protect(
    home: Home,
    progress: Callable[[str], None] | None = None,
    workers: int | None = None,
    meanwhile: Callable[[], None] = lambda: None,
) -> ProtectionReport:
    """Protect the candidates of all datasets together and write the final bytes of each.

    Args:
        home: a data home with candidates built.
        progress: called with one line about each block and year.
        workers: number of processes; None: as many as are worth it. The bytes do not depend on it.
        meanwhile: called while other processes work, if any do.

    Raises:
        Refusal: `ledger_broken` if the ledger has lost releases that exist in the home, and `series_key_changed`, both
            before anything is rounded; `rounding_impossible`, `cards_disagree`, `worker_lost`, or whatever the cards
            raise.
    """
    list_versions(home, ReleaseLog.read_log(home))
    series_key(home)
    scheme = Scheme.read_scheme(home)
    base = add_person_sets(candidate.read_base(home), candidate.read_members(home))
    cells = {name: candidate.read_cells(home, name) for name in scheme.datasets}
    years = list(block_years(base, pd.concat(cells.values(), ignore_index=True), scheme))
    side_by_side = partial(run_in_order, where="protection", workers=workers, meanwhile=meanwhile)
    protected = _protect_all(home, scheme, years, progress, side_by_side)
    write_proofs(home, protected.proofs)
    pending_sha256 = write_bytes(home.candidates / "pending.parquet", parquet_bytes(protected.pending), mode=0o600)
    files = {
        card.name: _write_final(home, card, _final(card, scheme, cells[card.name], protected.printed))
        for card in scheme.datasets.values()
    }
    report = ProtectionReport(tuple(protected.outcomes), files, protected.late, losses(cells, protected.figures))
    sealed = {"pending_sha256": pending_sha256, "key_check": check_value(series_key(home))}
    write_sealed(home, home.candidates / "protection.json", json_bytes({**asdict(report), **sealed}))
    return report


def final_bytes(home: Home, dataset: str) -> dict[str, bytes]:
    """Return the final files of a dataset as stored, unverified: the gate hashes them, the release verifies them.

    Raises:
        Refusal: `file_missing` if protection has not run.
    """
    folder = home.candidates / dataset / "final"
    missing = [name for name in FINAL_FILES if not (folder / name).exists()]
    if missing:
        raise Refusal("file_missing", where=str(folder / missing[0]))
    return {name: (folder / name).read_bytes() for name in FINAL_FILES}


def last_report(home: Home) -> ProtectionReport:
    """Return the result of the last protection, read from its file."""
    content = _report_content(home)
    entries: list[dict[str, Any]] = content["outcomes"]
    outcomes = tuple(_read_outcome(entry) for entry in entries)
    late = tuple(LateLine(**line) for line in content["late"])
    return ProtectionReport(outcomes, content["files"], late, content["loss"])


def _read_outcome(entry: dict[str, Any]) -> BlockOutcome:
    """Return the result in an entry of the report."""
    quoted = tuple((str(own), str(other)) for own, other in entry.pop("to_quote"))
    return BlockOutcome(tuple(entry.pop("block")), to_quote=quoted, **entry)


def pending_base(home: Home) -> pd.DataFrame:
    """Return the true base behind the final bytes, verified: `KEY`, `obs_value`."""
    return read_parquet(read_verified(home.candidates / "pending.parquet", _report_content(home)["pending_sha256"]))


def key_check(home: Home) -> str:
    """Return the check value of the key that rounded the final bytes."""
    return _report_content(home)["key_check"]


def _report_content(home: Home) -> dict[str, Any]:
    return parse_json(read_sealed(home, home.candidates / "protection.json"))


_Told = tuple[ProtectedBlock, pd.DataFrame, tuple[tuple[str, str], ...]]
"""The protected block, its comparison with the true figures, and the indicators not to quote."""


@dataclass(frozen=True)
class _AllBlocks:
    """The results of all blocks and years.

    Attributes:
        outcomes: result of each.
        printed: the rows that are printed.
        pending: the true base behind them: `KEY`, `obs_value`.
        late: what may be published of late cases.
        figures: for each block and year, printed and true figures.
        proofs: tables that prove a block and year safe, by its label; for an unchanged one, the earlier tables.
    """

    outcomes: list[BlockOutcome]
    printed: pd.DataFrame
    pending: pd.DataFrame
    late: tuple[LateLine, ...]
    figures: list[pd.DataFrame]
    proofs: dict[str, Proof]


def _protect_all(
    home: Home,
    scheme: Scheme,
    years: Sequence[BlockYear],
    progress: Callable[[str], None] | None,
    side_by_side: Callable[[Callable[[BlockContext], _Told], Iterator[Sized[BlockContext]]], Iterator[_Told]],
) -> _AllBlocks:
    history, key, readers = (
        ReleaseHistory(home),
        series_key(home),
        ReaderKnowledge(Contributions(home), external_rows(home)),
    )
    outcomes: list[BlockOutcome] = []
    frozen: list[FrozenBlock] = []
    printed = [pd.DataFrame(columns=[*PRINTED_COLUMNS])]
    pending = [pd.DataFrame(columns=[*COUNT_COLUMNS])]
    figures: list[pd.DataFrame] = []
    earlier, proofs = read_proofs(home), dict[str, Proof]()
    arriving = _contexts(years, history, readers)
    protected_blocks = side_by_side(partial(_protected_block, key), arriving)
    for block_year, (block_protected, compared_with_truth, quoted) in zip(years, protected_blocks, strict=True):
        outcomes.append(replace(_outcome(block_year.block, block_year.year, block_protected), to_quote=quoted))
        if progress:
            progress(f"protection: {_codes(block_year.block)}, {block_year.year}: {block_protected.state}")
        if block_protected.state == "frozen":
            unit = scheme.indicators[block_year.block[0].partition("/")[0]].unit_measure
            frozen.append(FrozenBlock(unit, block_year.year, additions(block_protected.base, block_year.base)))
        report = block_protected.report
        proof = report.proof if report else earlier.get(block_year.label)  # the gate may have to audit it again
        if proof:
            proofs[block_year.label] = proof
        printed.append(block_protected.printed)
        figures.append(compared_with_truth)
        pending.append(block_protected.base.loc[:, [*COUNT_COLUMNS]])
    base_behind = join_frames(pending).sort_values(list(KEY)).reset_index(drop=True)
    return _AllBlocks(outcomes, join_frames(printed), base_behind, late_lines(frozen, key), figures, proofs)


def _contexts(
    years: Sequence[BlockYear], history: ReleaseHistory, readers: ReaderKnowledge
) -> Iterator[Sized[BlockContext]]:
    """Yield what the protection of each block and year depends on, the largest first; an unchanged one has size 0."""
    for place in sorted(range(len(years)), key=lambda place: -len(years[place].base)):
        block_year = years[place]
        context = context_of(block_year, history.prior_releases(block_year.block, block_year.year), readers)
        yield Sized(place, context, 0 if context.contributions is None else len(context.block_year.base))


def _protected_block(key: bytes, context: BlockContext) -> _Told:
    block_protected = protect_block(context, key)
    quoted = quoted_indicators(context.block_year, block_protected.printed)
    waiting = context.waiting.assign(obs_value=np.nan, obs_status="Q", disclosure_method=WITHHELD)
    whole = replace(block_protected, printed=join_frames([block_protected.printed, waiting]))
    return whole, compare_block(context.block_year, block_protected), quoted


def _codes(block: tuple[str, ...]) -> str:
    return " ".join(sorted({measure.partition("/")[0] for measure in block}))


def _outcome(block: tuple[str, ...], year: str, block_protected: ProtectedBlock) -> BlockOutcome:
    methods, report = block_protected.printed["disclosure_method"].astype(str), block_protected.report
    return BlockOutcome(
        block=block,
        year=year,
        state=block_protected.state,
        cells=len(methods),
        exact=int(methods.str.startswith("EXACT").sum()),
        withheld=int((methods == WITHHELD).sum()),
        checked=report.checked if report else 0,
        safe=report.passed if report else True,
    )


def _final(card: DatasetCard, scheme: Scheme, cells: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Return the protected rows of one dataset: counted rows with protected values, then the derived ones."""
    methods = {unit: UNROUNDED.get(protection.method, "") for unit, protection in card.protection.items()}
    counted = cells.assign(disclosure_method=cells["unit_measure"].map(methods))
    is_missing, is_part = counted["obs_status"] == "O", counted["obs_status"] == PART
    counted.loc[is_missing, "disclosure_method"] = "NONE"
    is_withheld = (counted["obs_status"] == "Q") & (counted["disclosure_method"] == UNROUNDED["none"])
    counted.loc[is_withheld, "disclosure_method"] = WITHHELD  # an amount of too few institutions
    rounded = (counted["disclosure_method"] == "").to_numpy()
    rows = printed.reset_index(drop=True).reindex(keys_of(printed).get_indexer(keys_of(counted[rounded])))
    if rows["obs_status"].isna().any():
        raise ValueError(f"{card.name}: a cell with a value was not protected")
    counted.loc[rounded, "obs_value"] = rows["obs_value"].to_numpy(dtype=float)
    for column in ("obs_status", "disclosure_method"):
        counted.loc[rounded, column] = rows[column].to_numpy()
    counted.loc[is_part & (counted["obs_status"] == WHOLE), "obs_status"] = PART
    derived = derived_rows(card, scheme.indicators, counted)
    together = join_frames([counted, derived]).astype({"obs_value": np.float64})
    together = together.assign(conf_status=conf_status_of(together["obs_status"]))
    return order_cells(together).loc[:, card.columns]


def _write_final(home: Home, card: DatasetCard, final: pd.DataFrame) -> dict[str, str]:
    folder = home.candidates / card.name / "final"
    content = {"data.parquet": parquet_bytes(final), "data.csv": csv_bytes(final)}
    return {name: write_bytes(folder / name, content[name]) for name in FINAL_FILES}
