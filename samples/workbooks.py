"""The files of the invented country as its bodies would send them.

Belongs here: writing the sheets with their headers, totals and footers; the same country gives the same bytes.
Does not belong here: which rows a body has (`views.py`), its columns (`layouts.py`), or how it spells a cell
(`spelling.py`).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from samples.bodies.sight import IOM, UNODC, Delivery, Row
from samples.chance import Chance
from samples.country import Country
from samples.layouts import (
    DATES,
    DIGITS,
    FURNITURE,
    GLOTIP_HEADERS,
    GLOTIP_LANDS,
    GLOTIP_SHEET,
    HTCDS_COLUMNS,
    HTCDS_HEADINGS,
    HTCDS_SHEET,
    LETTERHEADS,
    SEPARATORS,
    WRONG_BY,
    WRONG_TOTAL,
    Column,
    table_of,
)
from samples.spelling import Cell, Hand
from samples.views import deliveries


class SentFile(NamedTuple):
    """A file that was written, and the letter it came with."""

    source: str
    path: Path
    letter_date: date
    letter_number: str


_MULTIPLE = {"exploitation", "act", "means", "law", "audience"}  # code lists of which a cell may name several
_CREATED = datetime(2016, 1, 1)  # a fixed day inside the file, so that the bytes stay the same


@dataclass(frozen=True)
class _Grid:
    """Rows of cells with the blocks of cells that are merged (row, column, last row, last column)."""

    sheet: str
    rows: list[list[Cell]] = field(default_factory=list[list[Cell]])
    merged: list[tuple[int, int, int, int]] = field(default_factory=list[tuple[int, int, int, int]])
    is_right_to_left: bool = True
    is_first_row_hidden: bool = False


def write(country: Country, folder: Path, *, sent_until: date | None = None) -> list[SentFile]:
    """Write `folder/<source>/<file>` for every file sent until that day and return them in the order of the letters."""
    written: list[SentFile] = []
    for number, delivery in enumerate(deliveries(country), start=1):
        if sent_until is not None and delivery.letter_date > sent_until:
            continue
        path = folder / delivery.source / delivery.file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content_of(country, delivery))
        written.append(SentFile(delivery.source, path, delivery.letter_date, str(1200 + 37 * number)))
    return written


def content_of(country: Country, delivery: Delivery) -> bytes:
    """Return the bytes of one file: a workbook, or a windows-1256 text file as an Arabic office saves it."""
    chance = Chance(country.seed, f"the hand that typed {delivery.file_name}")
    if delivery.source == UNODC:
        return _workbook([_glotip(delivery)])
    key = (delivery.source, delivery.period_year)
    dates = DATES[(delivery.period_year + len(delivery.source)) % len(DATES)]
    hand = Hand(
        chance,
        DIGITS.get(key, "latin"),
        dates,
        has_separators=key in SEPARATORS,
        language=LETTERHEADS[delivery.source].language,
    )
    if delivery.source == IOM:
        return _workbook([_htcds(delivery, hand)])
    grids = [_sheet(delivery, table, hand) for table in delivery.tables]
    return _text(grids[0]) if delivery.file_name.endswith(".csv") else _workbook(grids)


# Sheets


def _sheet(delivery: Delivery, name: str, hand: Hand) -> _Grid:
    table, rows = table_of(name, delivery.period_year), delivery.tables[name]
    words = FURNITURE[table.language]
    grid = _Grid(table.sheet, is_right_to_left=table.language != "en")
    width = len(table.columns) + 1
    for title in (
        *LETTERHEADS[delivery.source].titles,
        hand.text(words.title.format(title=table.title, year=delivery.period_year)),
    ):
        grid.merged.append((len(grid.rows), 0, len(grid.rows), width - 1))
        grid.rows.append([title])
    _add_header(grid, [words.running_number, *(column.header for column in table.columns)])
    for number, row in enumerate(rows, start=1):
        grid.rows.append([hand.year(number), *(_cell(hand, column, row) for column in table.columns)])
    if any(column.kind == "count" for column in table.columns):
        grid.rows.append([words.total, *(_sum(delivery, hand, column, rows) for column in table.columns)])
    grid.rows.append([])
    grid.rows.append([*[None] * (width - 3), LETTERHEADS[delivery.source].footer])
    return grid


def _add_header(grid: _Grid, headers: Sequence[str]) -> None:
    """Add one header row, or two where some columns stand in groups: groups and lone headers are merged cells."""
    split = [header.split(" / ") for header in headers]
    top = len(grid.rows)
    if all(len(parts) == 1 for parts in split):
        grid.rows.append([*headers])
        return
    first: list[Cell] = []
    for place, parts in enumerate(split):
        if len(parts) == 1:
            grid.merged.append((top, place, top + 1, place))
            first.append(parts[0])
            continue
        is_new = place == 0 or split[place - 1][0] != parts[0]
        first.append(parts[0] if is_new else None)
        if is_new:
            last = max(column for column, other in enumerate(split) if other[0] == parts[0])
            grid.merged.append((top, place, top, last))
    grid.rows.extend([first, [parts[1] if len(parts) > 1 else None for parts in split]])


def _cell(hand: Hand, column: Column, row: Row) -> Cell:
    return hand.flawed(str(row.get("flaw", "")), column.field, _typed(hand, column, row))


def _typed(hand: Hand, column: Column, row: Row) -> Cell:
    value, kind = row[column.field], column.kind
    simple = {"text": str, "date": hand.day, "count": hand.number, "number": hand.number, "year": hand.year}
    if kind in simple:
        return value if kind == "text" else simple[kind](value)
    if kind == "age":
        return hand.age(row)
    if kind == "citation":
        return hand.citation(value, row["article_codes"])
    if kind == "presence":
        return {"Y": "غيابي", "N": "وجاهي"}[value]
    if kind in ("court", "office"):
        return hand.court(value) if kind == "court" else hand.text(f"مكتب {hand.code(value, 'governorate')}")
    if kind in _MULTIPLE:
        return hand.codes(value, kind)
    return hand.code(value, kind, is_feminine=bool(row.get("is_feminine")))


def _sum(delivery: Delivery, hand: Hand, column: Column, rows: Sequence[Row]) -> Cell:
    if column.kind != "count":
        return None
    total = sum(row[column.field] for row in rows if isinstance(row[column.field], int))
    is_wrong = (delivery.source, delivery.period_year, column.field) == WRONG_TOTAL
    return hand.number(total + WRONG_BY if is_wrong else total)


def _glotip(delivery: Delivery) -> _Grid:
    grid = _Grid(GLOTIP_SHEET, is_right_to_left=False)
    grid.rows.extend(
        [["Invented figures in the layout of UNODC"], [f"{delivery.letter_date:%d/%m/%Y}"], [*GLOTIP_HEADERS]]
    )
    for row in delivery.tables["glotip"]:
        figure = row["figure"]
        labels: list[Any] = [row[name] for name in ("measure", "dimension", "category", "sex_label", "age_label")]
        text = figure if isinstance(figure, str) else f"{figure:,}"
        land = GLOTIP_LANDS[row["reporting_area"]]
        grid.rows.append([row["reporting_area"], *land, *labels, row["reference_year"], "Counts", text, "GLOTIP"])
    return grid


def _htcds(delivery: Delivery, hand: Hand) -> _Grid:
    """Return the case sheet of HTCDS 2.0: its hidden row of field names, its columns of personal data empty."""
    grid = _Grid(HTCDS_SHEET, is_right_to_left=False, is_first_row_hidden=True)
    grid.rows.extend([[name or None for name in HTCDS_HEADINGS], [*HTCDS_HEADINGS.values()]])
    columns = [HTCDS_COLUMNS.get(heading) for heading in HTCDS_HEADINGS.values()]
    for row in delivery.tables["caseload"]:
        grid.rows.append([_cell(hand, column, row) if column else None for column in columns])
    return grid


# Files


def _workbook(grids: Sequence[_Grid]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        head = book.add_format(
            {"bold": True, "align": "center", "valign": "vcenter", "border": 1, "bg_color": "#DDE6EE"}
        )
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for grid in grids:
            sheet = book.add_worksheet(grid.sheet)
            if grid.is_right_to_left:
                sheet.right_to_left()
            if grid.is_first_row_hidden:
                sheet.set_row(0, None, None, {"hidden": True})
            sheet.set_column(0, 0, 6)
            sheet.set_column(1, 24, 20)
            last_merged = max((block[2] for block in grid.merged), default=-1)
            for block in grid.merged:
                if block[:2] != block[2:]:
                    sheet.merge_range(*block, "", head)
            for place, row in enumerate(grid.rows):
                _write_row(sheet, place, row, head if place <= last_merged else None, day)
    return buffer.getvalue()


def _write_row(sheet: Any, place: int, row: Sequence[Cell], style: Any, day: Any) -> None:  # noqa: ANN401 - xlsxwriter's
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(place, column, cell, style)
        elif isinstance(cell, date):
            sheet.write_datetime(place, column, datetime(cell.year, cell.month, cell.day), day)
        elif cell is not None:
            sheet.write_number(place, column, cell, style)


def _text(grid: _Grid) -> bytes:
    """Return the grid as `;`-separated text in windows-1256 with the line ends of Windows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    width = max(len(row) for row in grid.rows)
    for row in grid.rows:
        cells = [f"{cell.day}/{cell.month}/{cell.year}" if isinstance(cell, date) else cell for cell in row]
        writer.writerow([*cells, *[None] * (width - len(row))])
    return buffer.getvalue().encode("windows-1256")
