"""The answer of `marsad audit`: what can be inferred about the suppressed cells of any tables.

Belongs here: the counts and intervals that are shown. Does not belong here: reading tables (`long_tables.py`), what can
be inferred (`methods.disclosure`), suppression (`protecting.py`), printing (`commands/printed_tables.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ingestion.entry.file_check import examine
from ingestion.files.uploads import read_upload
from languages.refusal import Refusal
from marsad.answers.answer_forms import short_text
from marsad.external_tables.long_tables import (
    TableReading,
    as_system,
    dimensions_of,
    figures_beside_status,
    printed_of,
    published_cells,
    read_long,
)
from methods.disclosure.listed_tables.cell_intervals import CellVerdicts, Intervals, intervals, judge
from methods.disclosure.listed_tables.cell_tables import CellTable, ListedCount

_SHOWN_PLACES = 5


@dataclass(frozen=True)
class AuditRequest:
    """The options of `marsad audit`.

    Args:
        reading: how the tables are read.
        hierarchy: YAML file: dimension -> parent: [children].
        threshold: counts under it are small; None: the default, see `judge`.
        absent: what an unlisted combination means.
        seconds: limit of time.
        with_intervals: show the interval of each suppressed cell.
    """

    reading: TableReading = field(default_factory=TableReading)
    hierarchy: Path | None = None
    threshold: int | None = None
    absent: Literal["unknown", "zero"] = "unknown"
    seconds: float = 600.0
    with_intervals: bool = False


@dataclass(frozen=True)
class TableAudit:
    """What can be inferred about the suppressed cells of tables.

    Args:
        table: the tables, read as one system.
        bounds: the interval of each suppressed cell.
        verdicts: which of them are safe.
        is_listed: whether places and cells may be listed one by one.
        figures_beside_status: figures that stand beside the status of a suppressed cell.
        source: the source whose workbook was read; empty for tables of others.
    """

    table: CellTable
    bounds: Intervals
    verdicts: CellVerdicts
    is_listed: bool = True
    figures_beside_status: int = 0
    source: str = ""

    @property
    def is_safe(self) -> bool:
        """Whether every suppressed cell is safe."""
        return not self.counts["unsafe"]

    @property
    def counts(self) -> dict[str, int]:
        """How many cells are suppressed, unsafe, known exactly, uncertified, doubtful; the sums of the tables."""
        hidden = np.flatnonzero(self.table.hidden)
        return {
            "hidden": len(hidden),
            "unsafe": int((self.table.hidden & ~self.verdicts.safe).sum()),
            "exact": int(self.verdicts.exact.sum()),
            "uncertified": int((~self.bounds.certified[hidden]).sum()),
            "doubtful": int(self.bounds.doubtful[hidden].sum()),
            "sums": self.table.families.shape[0],
        }

    @property
    def cells(self) -> list[dict[str, Any]]:
        """Each suppressed cell with its interval, and whether it is exact, safe, certified."""
        table, bounds, verdicts = self.table, self.bounds, self.verdicts
        return [
            {
                "cell": dict(zip(table.dimensions, table.keys[cell], strict=True)),
                "lower": int(bounds.lower[cell]),
                "upper": int(bounds.upper[cell]) if np.isfinite(bounds.upper[cell]) else None,
                "exact": bool(verdicts.exact[cell]),
                "safe": bool(verdicts.safe[cell]),
                "certified": bool(bounds.certified[cell]),
            }
            for cell in np.flatnonzero(table.hidden)
        ]

    @property
    def problems(self) -> dict[str, Any]:
        """What is odd about the tables; places and cells only if they may be listed."""
        table, bounds, wholes = self.table, self.bounds, self.table.wholes()
        contradictions = [
            [
                {
                    "whole": dict(zip(table.dimensions, table.keys[wholes[family]], strict=True)),
                    "along": table.along[family],
                }
                for family in families
            ]
            for families in bounds.contradictions
        ]
        return {
            "repeated_rows": table.repeated,
            "conflicting_rows": [list(places) for places in table.conflicts]
            if self.is_listed
            else len(table.conflicts),
            "unlisted_cells": table.unlisted,
            "contradictions": contradictions if self.is_listed else len(contradictions),
        }


def audit(files: Sequence[Path], question: AuditRequest) -> TableAudit:
    """Return what can be inferred about the suppressed cells of tables.

    Raises:
        Refusal: a table that cannot be read as counts.
    """
    tables = [read_long(file) for file in files]
    printed = [row for table in tables for row in printed_of(table, question.reading)]
    names = list(dict.fromkeys(name for table in tables for name in dimensions_of(table, question.reading)))
    figures_with_status = sum(figures_beside_status(table, question.reading) for table in tables)
    return replace(_audit_cells(printed, names, question), figures_beside_status=figures_with_status)


def audit_source(file: Path, source: str, country: str | None, question: AuditRequest) -> TableAudit:
    """As `audit`, for a published workbook of a source with the shape `counts`; intervals only if requested.

    Raises:
        Refusal: intake refuses the file, or asks about words of it, or it holds nothing of that area.
    """
    today = datetime.datetime.now(tz=datetime.UTC).date()
    examined = examine(read_upload(file).data, file.name, source, today=today)
    if examined.verdict == "refused":
        raise Refusal("audit_source_refused", where=str(file))
    if examined.verdict == "asks":
        cells = [f"{text.sheet} {text.cell}".strip() for text in examined.asked]
        shown = {"places": len(cells), "cells": short_text(cells, most=_SHOWN_PLACES)}
        raise Refusal("audit_source_asks", where=str(file), source=source, **shown)
    printed = published_cells(examined.tables, country)
    if not printed:
        raise Refusal("audit_source_empty", where=country or source)
    names = list(dict.fromkeys(name for cell in printed for name in cell.coordinates))
    return replace(_audit_cells(printed, names, question), is_listed=question.with_intervals, source=source)


def _audit_cells(printed: Sequence[ListedCount], names: Sequence[str], question: AuditRequest) -> TableAudit:
    table = as_system(printed, names, question.hierarchy, question.absent)
    bounds = intervals(table, table.hidden, question.seconds)
    return TableAudit(table, bounds, judge(table, bounds, question.threshold))
