"""The files of the invented country as its agencies would send them.

Belongs here: filling the sheets with their headers, totals and footers; the same country gives the same bytes.
Does not belong here: which rows an agency has (`views.py`), its columns (`layouts.py`), how it spells a cell
(`spelling.py`), how a sheet becomes bytes (`grids.py`), the dirt used only by tests (`dirt/`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from ingestion.files.template_sheets import stamp_text
from samples.bodies.sight import IOM, UNODC, LetterDelivery, Row
from samples.grids import MergedSpan, SheetGrid, write_text, write_workbook
from samples.layouts import (
    DATES,
    DIGITS,
    FURNITURE,
    GLOTIP_COLUMNS,
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
    SheetColumn,
    table_of,
)
from samples.life.chance import RandomStream
from samples.life.country import Country
from samples.life.spelling import Cell, ClerkHand, words_of
from samples.views import deliveries


class SentFile(NamedTuple):
    """A file that was written, the letter it came with, and the day on which its sender withdrew it."""

    source: str
    path: Path
    letter_date: date
    letter_number: str
    taken_back: date | None


STAMP = stamp_text("invented")
"""At the foot of each table, at the head of UNODC's: real homes recognise the file by it, or by a pseudonymous ID."""

# Columns that joined later, typed in one way: a drawn spelling would change the draws of the whole file.
_UNVARIED = {"channel_code", "is_suspended", "is_planned", "is_held"}
_MULTIPLE = {"exploitation", "act", "means", "law", "audience"}  # code lists of which a cell may name several


def write(country: Country, folder: Path, *, sent_until: date | None = None) -> list[SentFile]:
    """Write `folder/<source>/<file>` for every file sent until that day and return them in the order of the letters."""
    written: list[SentFile] = []
    for number, delivery in enumerate(deliveries(country), start=1):
        if sent_until is not None and delivery.came_on > sent_until:
            continue
        path = folder / delivery.source / delivery.file_name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file_content(country, delivery))
        letter = (delivery.letter_date, str(1200 + 37 * number))
        written.append(SentFile(delivery.source, path, *letter, delivery.taken_back))
    return written


def file_content(country: Country, delivery: LetterDelivery) -> bytes:
    """Return the bytes of one file: a workbook, or a windows-1256 text file as an Arabic office saves it."""
    grids = grids_of(country, delivery)
    return write_text(grids[0]) if delivery.file_name.endswith(".csv") else write_workbook(grids)


def grids_of(country: Country, delivery: LetterDelivery) -> list[SheetGrid]:
    """Return the sheets of one file, one for each of its tables."""
    chance = RandomStream(country.seed, f"the hand that typed {delivery.file_name}")
    if delivery.source == UNODC:
        return [_glotip(delivery)]
    key = (delivery.source, delivery.period_year)
    dates = DATES[(delivery.period_year + len(delivery.source)) % len(DATES)]
    hand = ClerkHand(
        chance,
        DIGITS.get(key, "latin"),
        dates,
        has_separators=key in SEPARATORS,
        language=LETTERHEADS[delivery.source].language,
    )
    if delivery.source == IOM:
        return _htcds(delivery, hand)
    return [_sheet(delivery, table, hand) for table in delivery.tables]


# Sheets


def _sheet(delivery: LetterDelivery, name: str, hand: ClerkHand) -> SheetGrid:
    table, rows = table_of(name, delivery.period_year), delivery.tables[name]
    words = FURNITURE[table.language]
    grid = SheetGrid(table.sheet, name, [None, *table.columns], is_right_to_left=table.language != "en")
    width = len(table.columns) + 1
    for title in (
        *LETTERHEADS[delivery.source].titles,
        hand.text(words.title.format(title=table.title, year=delivery.period_year)),
    ):
        grid.add("title", [title], MergedSpan(0, width - 1))
    _add_header(grid, [words.running_number, *(column.header for column in table.columns)])
    for number, row in enumerate(rows, start=1):
        grid.add("data", [hand.year(number), *(_cell(hand, column, row) for column in table.columns)])
    if any(column.kind == "count" for column in table.columns):
        grid.add("total", [words.total, *(_sum(delivery, hand, column, rows) for column in table.columns)])
    grid.add("other", [])
    grid.add("other", [STAMP, *[None] * (width - 4), LETTERHEADS[delivery.source].footer])
    return grid


def _add_header(grid: SheetGrid, headers: Sequence[str]) -> None:
    """Add one header row, or two if some columns form groups: groups and lone headers are merged cells."""
    split = [header.split(" / ") for header in headers]
    if all(len(parts) == 1 for parts in split):
        grid.add("header", headers)
        return
    first: list[Cell] = []
    spans: list[MergedSpan] = []
    for place, parts in enumerate(split):
        if len(parts) == 1:
            spans.append(MergedSpan(place, place, 2))
            first.append(parts[0])
            continue
        is_new = place == 0 or split[place - 1][0] != parts[0]
        first.append(parts[0] if is_new else None)
        if is_new:
            spans.append(MergedSpan(place, max(column for column, other in enumerate(split) if other[0] == parts[0])))
    grid.add("header", first, *spans)
    grid.add("header", [parts[1] if len(parts) > 1 else None for parts in split])


def _cell(hand: ClerkHand, column: SheetColumn, row: Row) -> Cell:
    return hand.write_flaw(str(row.get("flaw", "")), column.field, _type_cell(hand, column, row))


def _type_cell(hand: ClerkHand, column: SheetColumn, row: Row) -> Cell:
    value, kind = row[column.field], column.kind
    if column.field in _UNVARIED:
        return words_of(kind)[value][0] if value else None
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


def _sum(delivery: LetterDelivery, hand: ClerkHand, column: SheetColumn, rows: Sequence[Row]) -> Cell:
    if column.kind != "count":
        return None
    total = sum(row[column.field] for row in rows if isinstance(row[column.field], int))
    is_wrong = (delivery.source, delivery.period_year, column.field) == WRONG_TOTAL
    return hand.number(total + WRONG_BY if is_wrong else total)


def _glotip(delivery: LetterDelivery) -> SheetGrid:
    columns = [GLOTIP_COLUMNS.get(header) for header in GLOTIP_HEADERS]
    grid = SheetGrid(GLOTIP_SHEET, "glotip", columns, is_right_to_left=False)
    grid.add("title", ["Invented figures in the layout of UNODC", STAMP])
    grid.add("title", [f"{delivery.letter_date:%d/%m/%Y}"])
    grid.add("header", GLOTIP_HEADERS)
    for row in delivery.tables["glotip"]:
        figure = row["figure"]
        labels: list[Any] = [row[name] for name in ("measure", "dimension", "category", "sex_label", "age_label")]
        text = figure if isinstance(figure, str) else f"{figure:,}"
        land = GLOTIP_LANDS[row["reporting_area"]]
        grid.add("data", [row["reporting_area"], *land, *labels, row["reference_year"], "Counts", text, "GLOTIP"])
    return grid


def _htcds(delivery: LetterDelivery, hand: ClerkHand) -> list[SheetGrid]:
    """Return the case sheet of HTCDS 2.0, and for each earlier year a sheet named after it."""
    rows = delivery.tables["caseload"]
    years = sorted({row["registered_date"].year for row in rows}, reverse=True)
    names = [HTCDS_SHEET, *(f"{HTCDS_SHEET} {year}" for year in years[1:])]
    own = [[row for row in rows if row["registered_date"].year == year] for year in years]
    return [_case_sheet(name, part, hand) for name, part in zip(names, own, strict=True)]


def _case_sheet(name: str, rows: Sequence[Row], hand: ClerkHand) -> SheetGrid:
    """Return one case sheet: a hidden row of field names, and empty columns for personal data."""
    columns = [HTCDS_COLUMNS.get(heading) for heading in HTCDS_HEADINGS.values()]
    grid = SheetGrid(name, "caseload", columns, is_right_to_left=False, is_first_row_hidden=True)
    grid.add("title", [name or None for name in HTCDS_HEADINGS])
    grid.add("header", [*HTCDS_HEADINGS.values()])
    for row in rows:
        grid.add("data", [_cell(hand, column, row) if column else None for column in columns])
    return grid
