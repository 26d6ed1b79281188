"""The change list: cells added, dropped, revised or newly withheld since the last version, by indicator and year.

Belongs here: counting, and the list as a file. No value of an earlier version is repeated: a reader who needs it has
that version. Nothing is compared with a withdrawn version.
Does not belong here: changes in words (`year_changes.py`, `wording.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields

import pandas as pd

from expectations.cards.cells import csv_bytes
from expectations.releases.release_difference import compare
from reports.released.print_order import rank
from reports.released.release_memo import once
from reports.released.report_model import Report, ReportedRelease

KINDS = ("added", "gone", "revised", "newly_hidden")


@dataclass(frozen=True)
class ChangedCells:
    """How many cells of one indicator and year differ between two versions of a dataset, by `KINDS`."""

    dataset: str
    before: str
    now: str
    indicator: str
    time_period: str
    added: int
    gone: int
    revised: int
    newly_hidden: int


@once
def changed_cells(release: ReportedRelease) -> list[ChangedCells]:
    """Return a line for each indicator and year that changed; none if there is no earlier version to compare with."""
    if release.previous is None:
        return []
    comparison = compare(release.previous, release.frame)
    counts = {kind: _count_pairs(getattr(comparison, kind)) for kind in KINDS}
    keys = {key for counter in counts.values() for key in counter}
    versions = (release.dataset, str(release.manifest.get("previous", "")), release.version)
    ordered = sorted(keys, key=lambda key: (rank("indicator", key[0]), key[1]))
    return [ChangedCells(*versions, *key, *(counts[kind][key] for kind in KINDS)) for key in ordered]


def change_list(report: Report) -> bytes:
    """Return the change list of all datasets of a report as CSV; only the header if nothing can be compared."""
    return csv_bytes(
        pd.DataFrame(list(_lines(report)), columns=[field.name for field in fields(ChangedCells)], dtype=object)
    )


def _lines(report: Report) -> Iterator[tuple[str | int, ...]]:
    for release in report.releases:
        yield from (astuple(line) for line in changed_cells(release))


def _count_pairs(frame: pd.DataFrame) -> Counter[tuple[str, str]]:
    pairs = zip(frame["indicator"].astype(str), frame["time_period"].astype(str), strict=True)
    return Counter(pairs)
