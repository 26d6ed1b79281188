"""The result of `marsad audit`: what can be inferred about the suppressed cells of any tables.

Belongs here: the counts and intervals that are shown. Does not belong here: reading tables (`long_tables.py`), what can
be inferred (`methods.disclosure`), suppression (`protecting.py`), the texts of the command line (`command.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np

from ingestion.entry.file_check import examine
from ingestion.files.uploads import read_upload
from languages.refusal import Refusal
from languages.words import Words
from marsad.external_tables.long_tables import (
    TableReading,
    as_system,
    dimensions_of,
    figures_beside_status,
    printed_of,
    published_cells,
    read_long,
)
from marsad.terminal import console
from methods.disclosure.listed_tables.cell_intervals import Intervals, intervals, judge
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


def audit(files: Sequence[Path], question: AuditRequest, words: Words, *, as_json: bool) -> bool:
    """Print what can be inferred about the suppressed cells of tables, and return whether all of them are safe.

    Raises:
        Refusal: a table that cannot be read as counts.
    """
    tables = [read_long(file) for file in files]
    printed = [row for table in tables for row in printed_of(table, question.reading)]
    names = list(dict.fromkeys(name for table in tables for name in dimensions_of(table, question.reading)))
    figures_with_status = sum(figures_beside_status(table, question.reading) for table in tables)
    return _answer_question(
        printed, names, question, words, as_json=as_json, listed=True, extra={"figures_beside_q": figures_with_status}
    )


def audit_source(
    file: Path, source: str, country: str | None, question: AuditRequest, words: Words, *, as_json: bool
) -> bool:
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
        shown = {"places": len(cells), "cells": console.short_text(cells, most=_SHOWN_PLACES)}
        raise Refusal("audit_source_asks", where=str(file), source=source, **shown)
    printed = published_cells(examined.tables, country)
    if not printed:
        raise Refusal("audit_source_empty", where=country or source)
    names = list(dict.fromkeys(name for cell in printed for name in cell.coordinates))
    shown = question.with_intervals
    return _answer_question(printed, names, question, words, as_json=as_json, listed=shown, extra={"source": source})


def _answer_question(
    printed: Sequence[ListedCount],
    names: Sequence[str],
    question: AuditRequest,
    words: Words,
    *,
    as_json: bool,
    listed: bool,
    extra: Mapping[str, object],
) -> bool:
    table = as_system(printed, names, question.hierarchy, question.absent)
    bounds = intervals(table, table.hidden, question.seconds)
    verdicts = judge(table, bounds, question.threshold)
    hidden = np.flatnonzero(table.hidden)
    unsafe = int((table.hidden & ~verdicts.safe).sum())
    counts = {
        "hidden": len(hidden),
        "unsafe": unsafe,
        "exact": int(verdicts.exact.sum()),
        "uncertified": int((~bounds.certified[hidden]).sum()),
        "doubtful": int(bounds.doubtful[hidden].sum()),
        "sums": table.families.shape[0],
    }
    rows: list[dict[str, Any]] = [
        {
            "cell": dict(zip(table.dimensions, table.keys[cell], strict=True)),
            "lower": int(bounds.lower[cell]),
            "upper": int(bounds.upper[cell]) if np.isfinite(bounds.upper[cell]) else None,
            "exact": bool(verdicts.exact[cell]),
            "safe": bool(verdicts.safe[cell]),
            "certified": bool(bounds.certified[cell]),
        }
        for cell in hidden
    ]
    if as_json:
        problems = _problems(table, bounds, listed=listed)
        console.document({**counts, "cells": rows if listed else [], "problems": problems, **extra})
    else:
        _tell_audit(counts, table, bounds, extra, words)
        if question.with_intervals:
            lines = [{**row, "cell": " ".join(f"{n}={c}" for n, c in row["cell"].items())} for row in rows]
            console.table_of(lines, ("cell", "lower", "upper", "exact", "safe"))
    return not unsafe


def _problems(table: CellTable, bounds: Intervals, *, listed: bool) -> dict[str, Any]:
    """Return what is odd about the tables; places and cells only if they may be shown."""
    wholes = table.wholes()
    return {
        "repeated_rows": table.repeated,
        "conflicting_rows": [list(places) for places in table.conflicts] if listed else len(table.conflicts),
        "unlisted_cells": table.unlisted,
        "contradictions": [
            [
                {
                    "whole": dict(zip(table.dimensions, table.keys[wholes[family]], strict=True)),
                    "along": table.along[family],
                }
                for family in families
            ]
            for families in bounds.contradictions
        ]
        if listed
        else len(bounds.contradictions),
    }


def _tell_audit(
    counts: Mapping[str, int], table: CellTable, bounds: Intervals, extra: Mapping[str, object], words: Words
) -> None:
    console.say(words.text("audit.counts", **counts))
    if not counts["sums"]:
        console.say(words.text("audit.no_sums"))
    notes = {
        "audit.contradictions": len(bounds.contradictions),
        "audit.conflicts": len(table.conflicts),
        "audit.repeated": table.repeated,
        "audit.unlisted": table.unlisted,
        "audit.uncertified": counts["uncertified"],
        "audit.beside": cast(int, extra.get("figures_beside_q", 0)),
    }
    for key, count in notes.items():
        if count:
            console.say(words.text(key, count=count))
