"""A release of the report model as exporters see it: the rows that a report has read, without reading them again.

Belongs here: rows of the model as text, so that the questions of treaties are answered from the report's own data.
Does not belong here: opening a folder (`released_folder.py`), or choosing answers (`reports/questions`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from expectations.cards.cells import DIMENSIONS, csv_bytes
from reports.released.area_merge import Row
from reports.released.print_order import rank
from reports.released.released_figures import ReleasedFigures
from reports.released.released_folder import ReleasedFolder
from reports.released.report_model import ReportedRelease


def figures_in(release: ReportedRelease, indicators: Collection[str]) -> ReleasedFigures:
    """Return the rows of a release for some indicators, for lookup.

    Args:
        release: as the report model read it.
        indicators: their codes.

    Returns:
        Figures of these indicators only; nothing is read from disk.
    """
    frame = release.frame[release.frame["indicator"].isin(indicators)]
    return ReleasedFigures(_LoadedReport(Path(release.dataset), release.version, release.manifest, frame=frame))


@dataclass(frozen=True)
class _LoadedReport(ReleasedFolder):
    frame: pd.DataFrame = field(kw_only=True)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return tuple(csv.DictReader(io.StringIO(csv_bytes(self.frame).decode("utf-8"))))

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        return DIMENSIONS

    def codes(self, column: str) -> tuple[str, ...]:
        return tuple(sorted({row[column] for row in self.rows if row[column]}, key=lambda code: rank(column, code)))
