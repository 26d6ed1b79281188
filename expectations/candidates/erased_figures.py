"""Released figures whose evidence can no longer be shown, because it was withdrawn and erased on purpose.

Belongs here: which facts behind the newest releases appear in erased files only, and how many figures count them.
Does not belong here: the state of one file (`received_evidence.py`), the walk forward (`footprint.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from expectations.candidates import candidate
from expectations.candidates.footprint import find_touched_cells
from expectations.candidates.lineage import read_rows
from expectations.candidates.received_evidence import ReceivedEvidence
from expectations.cards.cells import (
    MEMBER_COLUMNS,
    WITH_FIGURE,
)
from expectations.published import ledger
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home

_FACT = [*MEMBER_COLUMNS]


@dataclass(frozen=True)
class ErasedFigures:
    """The figures of one release that rest on erased evidence only.

    Attributes:
        dataset: the dataset of the release.
        version: its newest published version.
        figures: number of cells with a figure that count a fact whose every record was in an erased file and that the
            last build does not count in the same cell; figures computed from such a count are included.
    """

    dataset: str
    version: str
    figures: int


def erased_figures(home: Home, submissions: Collection[str] = ()) -> list[ErasedFigures]:
    """Return the figures that rest on erased evidence only, one entry per dataset whose newest release has any.

    Args:
        home: a data home with the log of receipts and the sealed lineage.
        submissions: only figures that count a fact of these; of all where none is given.

    Raises:
        Refusal: `receipts_broken`, `ledger_broken`, `file_missing`, `bytes_changed`.
    """
    received, log = ReceivedEvidence(home), ReleaseLog.read_log(home)
    if not received.withdrawn:
        return []
    today = _today(home)
    newest = {entry.dataset: entry for entry in log.entries if entry.dataset not in ledger.ESTIMATES}
    answers: list[ErasedFigures] = []
    for dataset, entry in newest.items():
        if entry.version in log.withdrawals_of(dataset):
            continue
        rows = read_rows(home, entry)
        alone = _rows_of_erased_files(rows, received, today)
        if submissions:
            alone = alone[alone["submission"].isin(list(submissions))]
        if len(alone):
            cells = find_touched_cells(home, log, entry, alone).cells
            figures = int(cells["obs_status"].isin(WITH_FIGURE).sum())
            answers.append(ErasedFigures(dataset, entry.version, figures))
    return answers


def _today(home: Home) -> pd.MultiIndex:
    """The facts of the last build by cell; facts without a record are no evidence."""
    paths = (home.candidates / "members.parquet", home.candidates / "facts.parquet")
    if not all(path.exists() for path in paths):
        return pd.MultiIndex.from_frame(pd.DataFrame(columns=_FACT))
    shown = candidate.read_facts(home).dropna(subset=["record"])[["indicator", "member"]].drop_duplicates()
    return _facts_of(candidate.read_members(home).merge(shown, on=["indicator", "member"]))


def _rows_of_erased_files(rows: pd.DataFrame, received: ReceivedEvidence, today: pd.MultiIndex) -> pd.DataFrame:
    """The rows of facts whose records were all in erased files and that the last build does not count in that cell."""
    recorded = rows[rows["record"].notna()]
    submissions = map(str, recorded["submission"].unique())
    erased = {one for one in submissions if received.file_of(one).state == "erased"}
    is_shown = ~recorded["submission"].isin(erased)
    shown = _facts_of(recorded[is_shown]).union(today)
    return recorded[~_facts_of(recorded).isin(shown)]


def _facts_of(rows: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[_FACT].astype("string"))
