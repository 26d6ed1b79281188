"""Released figures next to others' published ones, and the table written of them.

Does not belong here: what is compared (`reports/analysis/reconciled_figures.py`), how it is written
(`reports/analysis/reconciliation_table.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from expectations.published.publications import publications
from ingestion.home import Home, write_bytes
from languages.words import Words, languages
from marsad.answers.exported_release import refuse_released_folder
from reports.analysis import reconciled_figures, reconciliation_table
from reports.analysis.reconciled_figures import ReconciledLine
from reports.released.released_figures import figures_of
from reports.released.released_folder import latest_release


@dataclass(frozen=True)
class ReconciledRelease:
    """The latest release of a dataset, compared with publications; `files` are those that were written."""

    dataset: str
    version: str
    comparisons: list[ReconciledLine]
    files: list[str]


def reconcile_release(home: Home, dataset: str, output: Path | None) -> ReconciledRelease:
    """Compare the latest release of a dataset with the home's publications; with `output` write the table there.

    Raises:
        Refusal: `export_into_release`, and those of `latest_release` and `publications`.
    """
    released = latest_release(home, dataset)
    comparisons = reconciled_figures.reconcile(figures_of(released, "reconcile", "obs_value"), publications(home))
    written: list[str] = []
    if output is not None:
        refuse_released_folder(output)
        made = reconciliation_table.files(comparisons, released, [Words.load(tag) for tag in languages()])
        written = [str(output / name) for name in made]
        for name, data in made.items():
            write_bytes(output / name, data)
    return ReconciledRelease(released.dataset, released.version, comparisons, written)
