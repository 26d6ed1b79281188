"""The answer of `marsad protect`: any table with cells suppressed or rounded, audited before it is written.

Belongs here: which method is used, the audit of its result, and the file that is written. Does not belong here:
reading tables (`long_tables.py`), the methods themselves (`methods.disclosure`).
"""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any, Literal

import numpy as np

from ingestion.home import write_bytes
from languages.refusal import Refusal
from languages.spreadsheet_text import neutral_text
from marsad.external_tables.long_tables import (
    ATTRIBUTES,
    HIDDEN,
    LongTable,
    TableReading,
    as_system,
    dimensions_of,
    printed_of,
    read_long,
)
from methods.disclosure.auditing.audit import AuditQuestion, published_bounds
from methods.disclosure.auditing.audit import audit as audit_rounding
from methods.disclosure.auditing.vintages import Vintage
from methods.disclosure.listed_tables.cell_intervals import THRESHOLD, reaches
from methods.disclosure.listed_tables.cell_tables import CellTable, TableProblem
from methods.disclosure.rounding.additive_rounding import RoundingImpossible, controlled_rounding
from methods.disclosure.rounding.rounding_of_tables import base_columns, rounding_model
from methods.disclosure.suppression.suppression_greedy import find_greedy_pattern
from methods.disclosure.suppression.suppression_moves import (
    NotProtected,
    SuppressionPattern,
    SuppressionProblem,
    complete_counts,
    levels_problem,
    threshold_problem,
)
from methods.disclosure.suppression.suppression_optimal import bound_pattern, find_optimal_pattern

Method = Literal["optimal", "greedy", "rounding"]
BOUND_SECONDS = 30.0  # limit for computing how far the greedy pattern may be from the cheapest
_YES = frozenset({"1", "true", "yes", "y"})
_NO = frozenset({"", "0", "false", "no", "n"})


@dataclass(frozen=True)
class Order:
    """The options of `marsad protect`.

    Args:
        method: how.
        reading: how the table is read.
        hierarchy: YAML file: dimension -> parent: [children].
        threshold: counts from 1 to below it are primary; None: by the column `primary`, and 5 if there is none.
        by_value: whether suppressing a cell costs its value, or 1.
        seconds: limit of time.
        key: file with the secret of the series, for rounding; None: a new one, so that the result is not repeatable.
    """

    method: Method
    reading: TableReading
    hierarchy: Path | None
    threshold: int | None
    by_value: bool
    seconds: float
    key: Path | None


def protect_table(file: Path, order: Order, output: Path) -> dict[str, Any]:
    """Protect a table, audit the result, write it and return what it cost.

    Raises:
        Refusal: the table cannot be read (or is its own output), or no result passed the audit.
    """
    if output.resolve() == file.resolve():
        raise Refusal("protect_same_file", where=str(file))
    if order.key and not order.key.is_file():
        raise Refusal("upload_missing", where=str(order.key))
    start = monotonic()
    source = read_long(file)
    table = _true_table(source, order)
    try:
        columns, answer = (
            _round_cells(source, table, order) if order.method == "rounding" else _hide_cells(source, table, order)
        )
    except TableProblem as problem:
        raise Refusal(problem.code, where=problem.where or str(file), **problem.arguments) from problem
    except NotProtected as error:
        code = "protect_impossible" if error.in_time else "protect_out_of_time"
        raise Refusal(code, where=str(file), bound=int(error.bound)) from error
    _write_table(source, order.reading, columns, output)
    return answer | {"method": order.method, "seconds": round(monotonic() - start, 3), "output": str(output)}


def _true_table(source: LongTable, order: Order) -> CellTable:
    reading = replace(order.reading, status="")
    attributes = (*ATTRIBUTES, order.reading.status)
    table = as_system(
        printed_of(source, reading, attributes), dimensions_of(source, reading, attributes), order.hierarchy
    )
    if table.conflicts:
        raise Refusal("protect_conflict", where=", ".join(table.conflicts[0]))
    return table


def _hide_cells(source: LongTable, table: CellTable, order: Order) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Return value and status per row with cells suppressed, and what it cost."""
    problem = _problem(source, table, order)
    pattern = _pattern(problem, table, order)
    hidden = _values_of_rows(source, table, pattern.hidden, order)
    texts = source.column(order.reading.value)
    shown = [("", HIDDEN) if flag else (text, "A") for text, flag in zip(texts, hidden, strict=True)]
    if not _passes(_published_table(source, shown, order), problem, order.seconds):
        raise Refusal("protect_audit_failed", where=source.name)
    listed_hidden = pattern.hidden & table.listed
    return shown, {
        "cost": int(pattern.cost),
        "bound": None if pattern.bound is None else int(pattern.bound),
        "proved_optimal": pattern.proved_optimal,
        "primary": int(problem.primary.sum()),
        "secondary": int((listed_hidden & ~problem.primary).sum()),
        "hidden": int(listed_hidden.sum()),
        "cells": int(table.listed.sum()),
    }


def _pattern(problem: SuppressionProblem, table: CellTable, order: Order) -> SuppressionPattern:
    if order.method == "greedy":
        start = monotonic()
        pattern = find_greedy_pattern(problem, order.seconds)
        return bound_pattern(problem, pattern, min(order.seconds - (monotonic() - start), BOUND_SECONDS))
    return find_optimal_pattern(
        problem, order.seconds, lambda hidden: _passes(_with_hidden(table, hidden), problem, order.seconds)
    )


def _with_hidden(table: CellTable, hidden: np.ndarray) -> CellTable:
    return replace(
        table, lower=np.where(hidden, 0.0, table.lower), upper=np.where(hidden, np.inf, table.upper), hidden=hidden
    )


def _passes(seen: CellTable, problem: SuppressionProblem, seconds: float) -> bool:
    """Return whether the result passes the independent audit: suppressed cells are protected as required."""
    asked = problem.needs & (seen.lower < seen.upper)
    if (problem.primary & ~asked & problem.needs).any():
        return False
    lowest = np.where(asked, problem.values - problem.down, np.inf)
    highest = np.where(asked, problem.values + problem.up, -np.inf)
    return reaches(seen, lowest, highest, seconds)


def _published_table(source: LongTable, shown: Sequence[tuple[str, str]], order: Order) -> CellTable:
    """Return the table read back from what is about to be written."""
    written = _rewrite_table(source, order.reading, shown)
    names = dimensions_of(written, order.reading)
    return as_system(printed_of(written, order.reading), names, order.hierarchy)


def _problem(source: LongTable, table: CellTable, order: Order) -> SuppressionProblem:
    if order.threshold is not None or "primary" not in source.header:
        return threshold_problem(table, order.threshold or THRESHOLD, by_value=order.by_value)
    primary = _values_by_column(source, table, [float(flag) for flag in _flags(source)], order) > 0
    down, up = (_values_by_column(source, table, _levels(source, name), order) for name in ATTRIBUTES[1:])
    return levels_problem(table, primary, down, up, by_value=order.by_value)


def _flags(source: LongTable) -> list[bool]:
    result: list[bool] = []
    for text, line in zip(source.column("primary"), source.lines, strict=True):
        if text.lower() not in _YES | _NO:
            raise Refusal("protect_flag", where=f"{source.name}:{line}")
        result.append(text.lower() in _YES)
    return result


def _levels(source: LongTable, name: str) -> list[float]:
    if name not in source.header:
        raise Refusal("protect_levels_missing", where=source.name, column=name)
    result: list[float] = []
    for text, line in zip(source.column(name), source.lines, strict=True):
        try:
            level = float(text or 0)
        except ValueError:
            level = -1.0
        if not 0 <= level < np.inf:
            raise Refusal("protect_level", where=f"{source.name}:{line}")
        result.append(level)
    return result


def _places(source: LongTable, table: CellTable, order: Order) -> list[int]:
    """Return, per row, its column of the table."""
    place = {key: number for number, key in enumerate(table.keys)}
    reading = replace(order.reading, status="")
    rows = printed_of(source, reading, (*ATTRIBUTES, order.reading.status))
    return [place[tuple(row.coordinates[name] for name in table.dimensions)] for row in rows]


def _values_by_column(source: LongTable, table: CellTable, values: Sequence[float], order: Order) -> np.ndarray:
    """Return the rows' values per column of the table; the greatest if several rows are of one cell."""
    result = np.zeros(len(table.lower))
    np.maximum.at(result, _places(source, table, order), np.asarray(values, dtype=float))
    return result


def _values_of_rows(source: LongTable, table: CellTable, values: np.ndarray, order: Order) -> np.ndarray:
    return values[_places(source, table, order)]


def _round_cells(source: LongTable, table: CellTable, order: Order) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Return value and status per row with every figure rounded to base 5, and how far that is from the true ones."""
    values = complete_counts(table)
    model = rounding_model(table)
    key = order.key.read_bytes() if order.key else secrets.token_bytes(32)
    try:
        printed = controlled_rounding(model, values[base_columns(table)], key=key, label="table")
    except RoundingImpossible as error:
        raise Refusal("protect_impossible", where=source.name, bound=0) from error
    true = values[table.listed]
    small = _small_cells(source, table, true, order)
    bounds = published_bounds(printed, ["ROUNDED_5"] * len(printed))
    report = audit_rounding(Vintage(model, bounds), AuditQuestion(sensitive=small))
    rounded = np.zeros(len(table.lower))
    rounded[table.listed] = printed
    if not report.passed or _sums(table, rounded).any() or not _keeps_levels(source, table, rounded, order):
        raise Refusal("protect_audit_failed", where=source.name)
    errors = np.abs(printed - true)
    shown = [(str(int(number)), "A") for number in _values_of_rows(source, table, rounded, order)]
    return shown, {
        "cost": int(errors.sum()),
        "bound": None,
        "proved_optimal": False,
        "primary": int(small.sum()),
        "secondary": 0,
        "hidden": 0,
        "cells": len(true),
        "mean_error": round(float(errors.mean()), 3),
    }


def _small_cells(source: LongTable, table: CellTable, true: np.ndarray, order: Order) -> np.ndarray:
    if order.threshold is None and "primary" in source.header:
        return _values_by_column(source, table, [float(flag) for flag in _flags(source)], order)[table.listed] > 0
    return (true > 0) & (true < (order.threshold or THRESHOLD))


def _keeps_levels(source: LongTable, table: CellTable, rounded: np.ndarray, order: Order) -> bool:
    """Return whether each primary cell can still move as far as its own levels require, if the table has levels."""
    if order.threshold is not None or "primary" not in source.header:
        return True
    problem = _problem(source, table, order)
    bounds = published_bounds(rounded, ["ROUNDED_5"] * len(rounded))
    lower, upper = np.where(table.listed, bounds.lower, 0.0), np.where(table.listed, bounds.upper, np.inf)
    lowest = np.where(problem.primary, problem.values - problem.down, np.inf)
    highest = np.where(problem.primary, problem.values + problem.up, -np.inf)
    return reaches(replace(table, lower=lower, upper=upper), lowest, highest, order.seconds)


def _sums(table: CellTable, values: np.ndarray) -> np.ndarray:
    """Return the remainder of each family of which every cell is listed."""
    unlisted = abs(table.families) @ (~table.listed).astype(float) > 0
    return np.where(unlisted, 0.0, table.families @ values)


def _rewrite_table(source: LongTable, reading: TableReading, shown: Sequence[tuple[str, str]]) -> LongTable:
    """Return the table with value and status replaced; primary cells are not marked: it would give them away."""
    columns = [place for place, name in enumerate(source.header) if name not in {*ATTRIBUTES, reading.status}]
    header = [*(source.header[place] for place in columns), reading.status]
    figure = header.index(reading.value)
    rows: list[list[str]] = []
    for row, (value, status) in zip(source.rows, shown, strict=True):
        cells = [*(row[place] for place in columns), status]
        cells[figure] = value
        rows.append(cells)
    return LongTable(source.name, header, rows, source.lines)


def _write_table(source: LongTable, reading: TableReading, shown: Sequence[tuple[str, str]], output: Path) -> None:
    written = _rewrite_table(source, reading, shown)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([neutral_text(cell) for cell in row] for row in (written.header, *written.rows))
    write_bytes(output, text.getvalue().encode("utf-8"))
