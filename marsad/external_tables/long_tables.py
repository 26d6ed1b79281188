"""Long CSV tables as cells: one row per cell, `_T` for totals, every column but value and status a dimension.

Belongs here: reading a table or a landed shape `counts` as cells, and hierarchies. Does not belong here: what can be
inferred and what must be suppressed (`methods.disclosure`), the result (`auditing_tables.py`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import numpy as np

from ingestion.entry.checked_tables import ConformedTable
from ingestion.files.reader import read_workbook
from ingestion.files.uploads import read_upload
from ingestion.strict_yaml import parse_yaml
from languages.refusal import Refusal
from methods.disclosure.listed_tables.cell_tables import (
    TOTAL,
    CellTable,
    Hierarchy,
    ListedCount,
    TableProblem,
    build_table,
)

HIDDEN = "Q"
ATTRIBUTES = ("primary", "lower_protection", "upper_protection")
_NOT_COLLECTED = frozenset({"O", "L", "M", ""})
_BELOW = re.compile(r"<\s*(\d{1,15})")
_UP_TO = re.compile(r"(?:<=|≤)\s*(\d{1,15})")
_RANGE = re.compile(r"(\d{1,15})\s*[-–]\s*(\d{1,15})")
_NUMBER = re.compile(r"[-−]?\d[\d,٬]*(?:[.٫]\d+)?")


@dataclass(frozen=True)
class TableReading:
    """How tables are read.

    Args:
        value: column of the figure.
        status: column of the status; a table may lack it.
        mark_from: the least count behind a mark such as `<5`.
    """

    value: str = "obs_value"
    status: str = "obs_status"
    mark_from: int = 1


@dataclass(frozen=True)
class LongTable:
    """A long CSV as read: header, rows of texts, and the line of each row."""

    name: str
    header: list[str]
    rows: list[list[str]]
    lines: list[int]

    def column(self, name: str) -> list[str]:
        """Return the texts of a column."""
        place = self.header.index(name)
        return [row[place] for row in self.rows]


def as_system(
    printed: Sequence[ListedCount],
    names: Sequence[str],
    hierarchy: Path | None,
    absent: Literal["unknown", "zero"] = "unknown",
) -> CellTable:
    """Build the table; its problems become refusals."""
    try:
        return build_table(printed, names, read_hierarchy(hierarchy), absent=absent)
    except TableProblem as problem:
        raise Refusal(problem.code, where=problem.where, **problem.arguments) from problem


def read_hierarchy(path: Path | None) -> Hierarchy:
    """Read dimension -> parent -> children from YAML.

    Raises:
        Refusal: the file is missing or has another form.
    """
    if path is None:
        return {}
    try:
        content = parse_yaml(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Refusal("hierarchy_unreadable", where=str(path)) from error
    result: dict[str, dict[str, list[str]]] = {}
    for name, tree in _mapping(content, path).items():
        result[name] = {parent: _codes(children, path) for parent, children in _mapping(tree, path).items()}
    return result


def _mapping(content: object, path: Path) -> dict[str, object]:
    if not isinstance(content, dict):
        raise Refusal("hierarchy_unreadable", where=str(path))
    return {str(key): value for key, value in cast(dict[object, object], content).items()}


def _codes(content: object, path: Path) -> list[str]:
    codes = cast(list[object], content) if isinstance(content, list) else [content]
    if codes == [content] or any(isinstance(code, list | dict) for code in codes):
        raise Refusal("hierarchy_unreadable", where=str(path))
    return [str(code) for code in codes]


def read_long(file: Path) -> LongTable:
    """Read a long CSV (or the first sheet of a workbook) as texts.

    Raises:
        Refusal: the file is missing, unreadable or without rows, or a column has no name or a repeated one.
    """
    workbook = read_workbook(read_upload(file).data, file.name)
    filled = [sheet for sheet in workbook.sheets if sheet.rows]
    if not filled:
        raise Refusal("table_unreadable", where=str(file))
    texts = [[_text(cell) for cell in row] for row in filled[0].rows]
    header, lines = texts[0], [n for n, row in enumerate(texts[1:], start=2) if any(row)]
    if len(set(header)) < len(header) or not all(header):
        raise Refusal("table_header", where=str(file))
    if not lines:
        raise Refusal("table_no_rows", where=str(file))
    return LongTable(file.name, header, [texts[line - 1] for line in lines], lines)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def dimensions_of(table: LongTable, reading: TableReading, attributes: Sequence[str] = ()) -> list[str]:
    """Return the columns that are neither value nor status nor one of the attributes."""
    return [name for name in table.header if name not in {reading.value, reading.status, *attributes}]


def printed_of(table: LongTable, reading: TableReading, attributes: Sequence[str] = ()) -> list[ListedCount]:
    """Return the published count of each row.

    Raises:
        Refusal: no value column; a figure that is negative, fractional or no number, by its line.
    """
    if reading.value not in table.header:
        raise Refusal("table_without_value", where=table.name, column=reading.value)
    names = dimensions_of(table, reading, attributes)
    places = [table.header.index(name) for name in names]
    values = table.column(reading.value)
    statuses = table.column(reading.status) if reading.status in table.header else [""] * len(values)
    result: list[ListedCount] = []
    for row, value, status, line in zip(table.rows, values, statuses, table.lines, strict=True):
        where = f"{table.name}:{line}"
        low, high, state = _box(value, status.upper(), reading.mark_from, where)
        coordinates = {name: row[place] or TOTAL for name, place in zip(names, places, strict=True)}
        result.append(ListedCount(coordinates, low, high, state, where))
    return result


def _box(
    value: str, status: str, mark_from: int, where: str
) -> tuple[float, float, Literal["open", "hidden", "marked", "missing"]]:
    marked = _mark(value, mark_from)
    if marked is not None:
        return *marked, "marked"
    if status == HIDDEN:
        return 0.0, np.inf, "hidden"
    if not value:
        if status in _NOT_COLLECTED:
            return 0.0, np.inf, "missing"
        raise Refusal("table_not_a_count", where=where)
    count = count_of(value, where)
    return count, count, "open"


def _mark(value: str, mark_from: int) -> tuple[float, float] | None:
    if match := _UP_TO.fullmatch(value):
        return float(mark_from), float(match[1])
    if match := _BELOW.fullmatch(value):
        return float(mark_from), float(int(match[1]) - 1)
    if match := _RANGE.fullmatch(value):
        return float(match[1]), float(match[2])
    return None


def count_of(value: str, where: str) -> float:
    """Return a whole, non-negative count, with or without thousands separators, in any digits.

    Raises:
        Refusal: `table_not_a_count`, `table_negative`, `table_fraction`; never with the value.
    """
    if not _NUMBER.fullmatch(value):
        raise Refusal("table_not_a_count", where=where)
    number = float(value.replace(",", "").replace("٬", "").replace("٫", ".").replace("−", "-"))
    if number < 0:
        raise Refusal("table_negative", where=where)
    if not number.is_integer():
        raise Refusal("table_fraction", where=where)
    return number


def figures_beside_status(table: LongTable, reading: TableReading) -> int:
    """Return how many cells of status Q still show a figure."""
    if reading.status not in table.header or reading.value not in table.header:
        return 0
    pairs = zip(table.column(reading.value), table.column(reading.status), strict=True)
    return sum(status.upper() == HIDDEN and bool(_NUMBER.fullmatch(value)) for value, status in pairs)


def published_cells(tables: Sequence[ConformedTable], country: str | None) -> list[ListedCount]:
    """Return the cells of landed tables of the shape `counts`: breakdowns as dimensions, the publisher's Total as `_T`.

    A file that prints no zero at all masks its zeros as well, so its marks start at 0.
    """
    rows: list[ListedCount] = []
    names = ["reporting_area", "measure", "reference_year", "unit_label", "sex_label", "age_label"]
    for table in (table for table in tables if table.shape == "counts"):
        columns = table.columns
        least = 0.0 if 0 not in columns["figure"] else 1.0
        for place, area in enumerate(columns["reporting_area"]):
            if country not in {None, area}:
                continue
            coordinates = {name: _code(columns[name][place]) for name in names}
            if (breakdown := _code(columns["dimension"][place])) != TOTAL:
                coordinates[breakdown] = _code(columns["category"][place])
            state, low, high = "open", columns["figure"][place], columns["figure"][place]
            if columns["figure_mark"][place] == "masked":
                state, low, high = "marked", least, columns["figure_high"][place]
            if low is not None and high is not None:
                where = f"{columns['sheet'][place]}:{columns['row_number'][place]}"
                rows.append(ListedCount(coordinates, float(cast(float, low)), float(cast(float, high)), state, where))
    return rows


def _code(value: object) -> str:
    text = "" if value is None else str(value)
    return TOTAL if text in {"", "Total"} else text
