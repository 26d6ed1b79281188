"""Header rows: which rows are the header of a card's table, the column of each heading, what is wrong with it.

Belongs here: one to three header rows, groups that are merged or written once, headings that are unknown or missing.
Does not belong here: which sheet a table is in and which rows are data (`table_finder.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingestion.cards.headings import (
    RUNNING_NUMBERS,
    find_header_named,
    is_form_name,
    is_of_persons,
    known_headings,
    nearest_heading,
    wordings,
)
from ingestion.cards.source_card import TableCard
from ingestion.files.reader import CellValue, Sheet
from ingestion.findings import Finding, cell_name, column_letters
from ingestion.text.folding import fold

Row = list[CellValue]
SEARCHED_ROWS = 30
"""Rows in which the first header of a sheet is searched; no export seen has more titles above it."""

_HEIGHTS = (1, 2, 3)
_LONGEST_HEADER = 80
_MOST_SUGGESTIONS = 100  # columns of a sheet for which the nearest heading is looked up


@dataclass
class Header:
    """The best reading of a header for one table; rows and columns count from 0.

    Args:
        row: its first row.
        height: its number of rows.
        columns: column -> heading as in the card.
        ignored: columns that the card recognises but does not read.
        running: those of the ignored that number the rows.
        extra: column -> heading that the card does not recognise.
        twice: columns whose heading another column has already.
        is_by_form: its first row holds field names, such as `prs_Gender`.
    """

    row: int = 0
    height: int = 1
    columns: dict[int, str] = field(default_factory=dict[int, str])
    ignored: list[int] = field(default_factory=list[int])
    running: list[int] = field(default_factory=list[int])
    extra: dict[int, str] = field(default_factory=dict[int, str])
    twice: list[int] = field(default_factory=list[int])
    is_by_form: bool = False

    @property
    def first_data_row(self) -> int:
        """The row below it."""
        return self.row + self.height

    def is_complete(self, table: TableCard) -> bool:
        """Return whether all headings are present that a file must have."""
        return set(table.required_headers) <= set(self.columns.values())


def find_header(sheet: Sheet, table: TableCard) -> Header:
    """Return the reading of the first rows that recognises most headings: one row, or rows of groups over a row."""
    return find_header_of(sheet, known_headings(table))


def find_header_of(sheet: Sheet, known: Mapping[str, str]) -> Header:
    """Return the reading of the first rows that recognises most of these headings; as `find_header`."""
    best = Header()
    for row in range(min(len(sheet.rows), SEARCHED_ROWS)):
        best = max(best, header_at(sheet.rows, row, known), key=_rank_header)  # on a tie the fewest rows, the first
    if not best.columns:
        best.extra = dict(_texts(sheet.rows[best.row])) if sheet.rows else {}
    return best


def header_at(rows: list[Row], row: int, known: Mapping[str, str]) -> Header:
    """Return the reading of a header that begins in a row, with the height that recognises most headings."""
    heights = (height for height in _HEIGHTS if row + height <= len(rows))
    return max((_read_header(rows, row, height, known) for height in heights), key=_rank_header)


def heading_of(value: CellValue) -> str:
    """Return a cell as a heading; empty if it is none: a number, a date, a sentence."""
    return " ".join(value.split()) if isinstance(value, str) and len(value) <= _LONGEST_HEADER else ""


def header_problems(header: Header, sheet: Sheet, table: TableCard) -> list[Finding]:
    """Return what is wrong with a header; a heading that no card has is named by the letters of its column.

    `header_missing` and `header_twice` refuse; `unknown_column` and `names_not_read` are flags, raised only for a
    complete header.
    """
    there = set(header.columns.values())
    missing = [name for name in table.required_headers if name not in there]
    findings = [_finding_of_missing(name, wordings(table, name), header, sheet) for name in missing]
    for column in header.twice:
        place = cell_name(header.row + header.height, column + 1)
        findings.append(Finding("refuse", "header_twice", sheet.name, place, {"column": column_letters(column + 1)}))
    if missing:
        return findings
    known, of_persons = wordings(table), _columns_of_persons(header, sheet)
    for column in of_persons:
        place = cell_name(header.row + header.height, column + 1)
        findings.append(Finding("flag", "names_not_read", sheet.name, place, {"column": column_letters(column + 1)}))
    unknown = [(column, heading) for column, heading in header.extra.items() if column not in of_persons]
    for count, (column, heading) in enumerate(unknown):
        place = cell_name(header.row + header.height, column + 1)
        near = nearest_heading([heading], known) if count < _MOST_SUGGESTIONS else ""
        arguments = {"column": column_letters(column + 1), "nearest": near}
        findings.append(Finding("flag", "unknown_column", sheet.name, place, arguments))
    return findings + _columns_without_heading(header, sheet)


def _columns_of_persons(header: Header, sheet: Sheet) -> list[int]:
    """Return the columns that name or reach persons by their heading, and are not read; the card's own if filled."""
    paths = list(_paths(sheet.rows[header.row : header.first_data_row]))
    below = sheet.rows[header.first_data_row :]
    filled = {column for column in header.ignored if any(row[column] is not None for row in below)}
    return [column for column in sorted({*header.extra, *filled}) if paths[column] and is_of_persons(paths[column][-1])]


def _rank_header(header: Header) -> tuple[bool, int, int]:
    """Rank a reading: by headings recognised, then fewer rows; field names (HTCDS hides them) rank below headings."""
    return len(header.columns) > 1 and not header.is_by_form, len(header.columns), -header.height


def _read_header(rows: list[Row], row: int, height: int, known: Mapping[str, str]) -> Header:
    header = Header(row, height, is_by_form=all(is_form_name(text) for _, text in _texts(rows[row])))
    for column, parts in enumerate(_paths(rows[row : row + height])):
        names = [" / ".join(parts[place:]) for place in range(len(parts))]
        match = find_header_named(names, known)
        if match is None:
            if names:
                header.extra[column] = names[0]
        elif match in header.columns.values():
            header.twice.append(column)
        elif match:
            header.columns[column] = match
        else:
            header.ignored.append(column)
            if fold(names[-1]) in RUNNING_NUMBERS:
                header.running.append(column)
    return header


def _paths(rows: list[Row]) -> Iterator[list[str]]:
    """Yield for each column the headings from the group down to its own.

    A group is written in the first cell of its columns, merged or not, and extends until another one in its row or in a
    row above; a blank cell above nothing belongs to none.
    """
    last = [""] * len(rows)
    for column in range(len(rows[0])):
        own = [heading_of(row[column]) for row in rows]
        for level, heading in enumerate(own):
            if heading:
                last[level:] = [heading, *[""] * (len(rows) - level - 1)]
            elif any(own[level + 1 :]):
                own[level] = last[level]
        yield [heading for heading in own if heading]


def _texts(row: Row) -> Iterator[tuple[int, str]]:
    for column, value in enumerate(row):
        if heading := heading_of(value):
            yield column, heading


def _finding_of_missing(name: str, written: Sequence[str], header: Header, sheet: Sheet) -> Finding:
    """Return the finding on a missing heading, with the column of the nearest one in the header, else in the top."""
    headings = {heading: (header.first_data_row - 1, column) for column, heading in header.extra.items()}
    if not header.columns:
        for row in range(min(len(sheet.rows), SEARCHED_ROWS) - 1, -1, -1):
            headings |= {heading: (row, column) for column, heading in _texts(sheet.rows[row])}
    near = nearest_heading(written, headings)
    row, column = headings.get(near, (header.row, 0))
    arguments = {"expected": name, "nearest": column_letters(column + 1) if near else ""}
    return Finding("refuse", "header_missing", sheet.name, cell_name(row + 1, column + 1), arguments)


def _columns_without_heading(header: Header, sheet: Sheet) -> list[Finding]:
    """Flag columns that hold something without any heading."""
    bare = set(range(len(sheet.rows[0]))) - set(header.columns) - set(header.extra)
    top = sheet.rows[header.row : header.first_data_row]
    bare -= {column for row in top for column, value in enumerate(row) if value is not None}
    held = {column for row in sheet.rows[header.first_data_row :] for column in bare if row[column] is not None}
    return [
        Finding(
            "flag",
            "unknown_column",
            sheet.name,
            cell_name(header.first_data_row, column + 1),
            {"column": column_letters(column + 1)},
        )
        for column in sorted(held)
    ]
