"""Forward tracing: what a received file affected in every release. Sealed: it never leaves the data home.

Belongs here: finding the file by hash, path or submission, and following its rows through facts and indicators to every
released cell that counts one of them or is computed from such a count.
Does not belong here: tracing back from a cell (`lineage.py`), the counts behind a derived figure (`operands.py`).

"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow.parquet as pq

from expectations.candidates.lineage import forgettings, read_rows
from expectations.candidates.received_evidence import EvidenceFile, ReceivedEvidence
from expectations.cards import areas
from expectations.cards.cells import DIMENSIONS, KEY, TOTAL, measure_ids, texts_of
from expectations.cards.operands import places_behind
from expectations.published import ledger
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home, read_verified, sha256_of
from ingestion.people import acts
from ingestion.storage import parse_json
from ingestion.submissions import receipts
from ingestion.submissions.files_in_force import counting_receipts
from ingestion.submissions.landed_submission import landed_submission, reasons_of
from ingestion.submissions.receipts import Receipt
from ingestion.text.folding import nearest_word_or_all
from languages.refusal import Refusal

State = Literal["counting", "replaced", "withdrawn"]
_BASE_KEY = list(KEY)
_Key = tuple[str, ...]


@dataclass(frozen=True)
class TouchedRelease:
    """What a file contributed to one release.

    Attributes:
        cells: the released cells: `KEY`, `obs_value`, `obs_status`, and `facts`, the number of facts of this file
            counted in the cell, or, for a computed cell, the sum over the counts that it is computed from.
        facts: number of facts of the file that the release counts.
        is_withdrawn: whether the release was withdrawn later.
    """

    dataset: str
    version: str
    is_withdrawn: bool
    facts: int
    cells: pd.DataFrame


@dataclass(frozen=True)
class Footprint:
    """What a file affected.

    Attributes:
        state: whether the next build counts the file; releases of a replaced or withdrawn file remain listed.
        file: the state of its bytes.
        rows: each landed row (`record`) to the facts that any release made of it; empty for rows that made none.
        held_back: number of quarantined rows, which count nowhere.
        indicators: `PRT-01/COUNT` to the number of facts of the file that it counts, over all releases.
    """

    source: str
    sha256: str
    submissions: tuple[str, ...]
    state: State
    file: EvidenceFile
    rows: dict[str, list[str]]
    held_back: int
    indicators: dict[str, int]
    releases: tuple[TouchedRelease, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the whole footprint: file, rows, facts, indicators, and each released cell with its coordinates."""
        facts = sorted({fact for row_facts in self.rows.values() for fact in row_facts})
        return {
            "source": self.source,
            "sha256": self.sha256,
            "submissions": list(self.submissions),
            "state": self.state,
            "file": asdict(self.file),
            "rows": [{"record": record, "facts": row_facts} for record, row_facts in self.rows.items()],
            "rows_quarantined": self.held_back,
            "facts": facts,
            "indicators": self.indicators,
            "releases": [_release_as_json(touched_release) for touched_release in self.releases],
        }


def footprint(home: Home, asked: str) -> Footprint:
    """Return what a file affected.

    Args:
        home: a data home with the log of receipts and the sealed lineage.
        asked: the SHA-256 of the file, its path (read and hashed, not stored), or a submission.

    Raises:
        Refusal: `trace_unknown_file` (never received here; with the nearest submission), `trace_refused_file` (with the
            reason of its refusal); `trace_withdrawn_file`, `trace_replaced_file`, if it was withdrawn or replaced
            before anything was released from it; `trace_unbuilt_file` if no build has run since it was received;
            `bytes_changed`, `file_missing` if the lineage is not the one that was sealed.
    """
    own = _accepted_receipts(home, asked)
    submissions, sha256 = [receipt.submission for receipt in own], own[-1].sha256
    state = _state(home, own)
    log = ReleaseLog.read_log(home)
    known = _lineage_of(home, log, submissions)
    landed = _landed_records(home, own)
    if not any(len(rows) for _, rows in known) and not (
        state == "counting" and any(landed_submission(home, receipt) for receipt in own)
    ):
        raise _explain_never_counted(home, own, state)
    together = pd.concat([rows for _, rows in known], ignore_index=True) if known else _empty_rows()
    together = together.drop_duplicates([*_BASE_KEY, "member", "record"])
    made = {str(record): sorted(set(members)) for record, members in together.groupby("record")["member"]}
    counted = together.assign(id=measure_ids(together)).groupby("id")["member"].nunique()
    return Footprint(
        source=own[-1].source,
        sha256=sha256,
        submissions=tuple(submissions),
        state=state,
        file=ReceivedEvidence(home).file_of(submissions[-1]),
        rows={record: made.get(record, []) for record in sorted({*landed, *made})},
        held_back=len({(receipt.n, row.sheet, row.row_number) for receipt in own for row in reasons_of(home, receipt)}),
        indicators={str(measure): int(count) for measure, count in counted.items()},
        releases=tuple(find_touched_cells(home, log, entry, rows) for entry, rows in known if len(rows)),
    )


def _accepted_receipts(home: Home, asked: str) -> list[Receipt]:
    """The accepted receipts of a file, oldest first."""
    everything = receipts.read_receipts(home)
    path = Path(asked)
    sha256 = sha256_of(path) if path.is_file() else asked.lower()
    matching = [receipt for receipt in everything if sha256 == receipt.sha256 or asked == receipt.submission != ""]
    accepted = [receipt for receipt in matching if receipt.verdict == "accepted"]
    if accepted:
        return accepted
    if matching:
        raise Refusal(
            "trace_refused_file", where=asked, date=matching[-1].received_at, kinds=", ".join(matching[-1].kinds)
        )
    known = [receipt.submission for receipt in everything if receipt.submission]
    raise Refusal("trace_unknown_file", where=asked, nearest=nearest_word_or_all(asked, known))


def _state(home: Home, own: Sequence[Receipt]) -> State:
    names = {receipt.submission for receipt in own}
    if names & {receipt.submission for receipt in counting_receipts(home)}:
        return "counting"
    return "replaced" if names & {receipt.submission for receipt in receipts.live_receipts(home)} else "withdrawn"


def _explain_never_counted(home: Home, own: Sequence[Receipt], state: State) -> Refusal:
    last = own[-1]
    for folder in forgettings(home):
        act = acts.read_act(folder)
        if last.submission in act.facts["submissions"]:
            return Refusal("submission_forgotten", where=last.submission, date=act.day)
    if state == "withdrawn":
        line = next(receipt for receipt in receipts.read_receipts(home) if receipt.withdraws == last.submission)
        return Refusal("trace_withdrawn_file", where=last.submission, date=line.received_at, reason=line.reason)
    if state == "replaced":
        later = [
            receipt for receipt in receipts.live_receipts(home) if receipt.source == last.source and receipt.n > last.n
        ]
        return Refusal("trace_replaced_file", where=last.submission, by=later[-1].submission)
    return Refusal("trace_unbuilt_file", where=last.submission)


def _lineage_of(
    home: Home, log: ReleaseLog, submissions: Sequence[str]
) -> list[tuple[ledger.LedgerEntry, pd.DataFrame]]:
    """The sealed lineage rows of these submissions, per release, oldest first."""
    by_release: list[tuple[ledger.LedgerEntry, pd.DataFrame]] = []
    for entry in log.entries:
        if entry.dataset not in ledger.ESTIMATES:
            rows = read_rows(home, entry)
            by_release.append((entry, rows[rows["submission"].isin(list(submissions))]))
    return by_release


def _empty_rows() -> pd.DataFrame:
    return pd.DataFrame(columns=[*_BASE_KEY, "member", "record", "submission", "sha256"])


def _landed_records(home: Home, own: Sequence[Receipt]) -> set[str]:
    """The keys of the landed rows, as the warehouse names its records (`record_key` in `records.sql`)."""
    names: set[str] = set()
    for receipt in own:
        for path in home.raw.glob(f"*/source={receipt.source}/submission={receipt.submission}/rows.parquet"):
            with pq.ParquetFile(path) as file:
                columns = [
                    column for column in ("sheet", "row_number", "cell_column") if column in file.schema_arrow.names
                ]
                rows = file.read(columns=columns).to_pylist()
            stem = f"{receipt.source}/{receipt.submission}"
            names |= {
                "/".join([stem, str(row["sheet"]).replace(" ", "_"), *(str(row[name]) for name in columns[1:])])
                for row in rows
            }
    return names


# From base cells to released cells


def find_touched_cells(home: Home, log: ReleaseLog, entry: ledger.LedgerEntry, rows: pd.DataFrame) -> TouchedRelease:
    """Return the cells of a release that count one of these lineage rows or are computed from such a count.

    Args:
        home: a data home with the release.
        log: says which releases were withdrawn.
        entry: ledger entry of the release.
        rows: rows of its lineage.
    """
    manifest_path = home.releases / entry.dataset / entry.version / "manifest.json"
    manifest = parse_json(read_verified(manifest_path, entry.manifest_sha256))
    released = ledger.cells_of(home, entry)
    counts = _counts(rows, manifest["protection"]["merge"])
    facts = pd.Series(_facts_behind(released, counts, manifest), index=released.index)
    has_figure = released["obs_status"] != "O"  # a country total that lacks a region needs no figure
    cells = released.assign(facts=facts)[has_figure & (facts > 0)].loc[
        :, [*_BASE_KEY, "obs_value", "obs_status", "facts"]
    ]
    is_withdrawn = entry.version in log.withdrawals_of(entry.dataset)
    return TouchedRelease(entry.dataset, entry.version, is_withdrawn, int(rows["member"].nunique()), cells)


def _facts_behind(released: pd.DataFrame, counts: Mapping[_Key, int], manifest: Mapping[str, Any]) -> list[int]:
    """Return the number of facts in the counts behind each row; measures without counted facts are skipped."""
    columns = {name: texts_of(released[name]) for name in KEY}
    counted = {key[:2] for key in counts}
    facts = [0] * len(released)
    rows_of: dict[tuple[str, str], list[int]] = {}
    for row, figure in enumerate(zip(columns["indicator"], columns["measure"], strict=True)):
        rows_of.setdefault(figure, []).append(row)
    for (code, measure), rows in rows_of.items():
        for place in places_behind(code, measure, manifest):
            moved = {"indicator": code, "measure": measure} | place
            if (moved["indicator"], moved["measure"]) in counted:
                texts = [
                    [moved[name]] * len(rows) if name in moved else [columns[name][row] for row in rows] for name in KEY
                ]
                for row, key in zip(rows, zip(*texts, strict=True), strict=True):
                    facts[row] += counts.get(key, 0)
    return facts


def _counts(rows: pd.DataFrame, merge: dict[str, dict[str, str]]) -> dict[_Key, int]:
    """Return the number of facts of the file in each cell that may have been released, by key.

    A base cell is counted in the cells of its area and the areas above, at its code or the total of each dimension.
    """
    base = rows.groupby(_BASE_KEY, dropna=False)["member"].nunique().rename("facts").reset_index()
    base = base.assign(**{name: base[name].replace(codes) for name, codes in merge.items() if name in DIMENSIONS})
    around = [(area, *areas.ancestors_of(str(area))) for area in base["ref_area"]]
    base = base.assign(ref_area=pd.Series(around, index=base.index, dtype=object))
    placed = base.explode("ref_area", ignore_index=True)
    own = [of_indicator for _, of_indicator in placed.groupby("indicator", sort=False)]
    tables = [_add_totals(of_indicator, subset) for of_indicator in own for subset in _subsets(of_indicator)]
    counts = pd.concat(tables, ignore_index=True).groupby(_BASE_KEY, sort=False)["facts"].sum().reset_index()
    keys = zip(*(texts_of(counts[name]) for name in KEY), strict=True)
    return dict(zip(keys, counts["facts"].tolist(), strict=True))


def _subsets(placed: pd.DataFrame) -> list[tuple[str, ...]]:
    used = [name for name in DIMENSIONS if bool((placed[name] != TOTAL).any())]
    return [subset for size in range(len(used) + 1) for subset in combinations(used, size)]


def _add_totals(placed: pd.DataFrame, subset: Sequence[str]) -> pd.DataFrame:
    """The cells of one table, totals for omitted dimensions; cells already at such a total belong to other tables."""
    shown = placed[(placed[list(subset)] != TOTAL).all(axis=1)] if subset else placed
    totals = {name: TOTAL for name in DIMENSIONS if name not in subset}
    return shown.assign(**totals).groupby(_BASE_KEY, sort=False)["facts"].sum().reset_index()


def _release_as_json(touched_release: TouchedRelease) -> dict[str, Any]:
    cells = touched_release.cells.astype(object).where(touched_release.cells.notna(), None)
    return {
        "dataset": touched_release.dataset,
        "version": touched_release.version,
        "withdrawn": touched_release.is_withdrawn,
        "facts": touched_release.facts,
        "cells": cells.to_dict(orient="records"),
    }
