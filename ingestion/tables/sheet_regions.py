"""The blocks of a sheet: several tables below or next to each other, each with its own title and header.

Belongs here: where each table of a card begins and ends in a sheet, the year that a sheet is named after, and headers
that no card recognises, so that rows below them are never taken for rows of the table above.
Does not belong here: how a header is read (`header_rows.py`), which rows of a block are data (`table_finder.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from ingestion.cards.headings import known_headings
from ingestion.cards.source_card import SourceCard, TableCard, load_shape
from ingestion.files.cell_marks import UNCALCULATED
from ingestion.files.file_facts import CellBlock
from ingestion.files.reader import CellValue, Sheet
from ingestion.files.template_sheets import stamp_of
from ingestion.findings import column_letters
from ingestion.tables.cell_values import mark_of
from ingestion.tables.footnotes import is_dated_line
from ingestion.tables.header_rows import Header, Row, find_header, header_at, heading_of
from ingestion.tables.totals import is_total
from ingestion.text.folding import fold
from ingestion.text.tokens import is_token

_YEARS = range(1990, 2101)
_BARE_YEAR = re.compile(r"(?:ل?سنه |ل?عام |سالي |year )?(\d{4})م?")
_LEAST_HEADINGS = 2  # a single known word is no header
_HIGHEST = 3  # rows of a header
_TYPED = ("integer", "decimal", "date", "year", "token")  # fields whose cells are never words without a digit


@dataclass(frozen=True)
class Block:
    """A table with its position.

    Args:
        name: the table's name in the card.
        table: its card.
        sheet: the sheet reduced to the block and what stands above; rows and columns keep their numbers.
        header: the reading of its header.
        first_row: where its titles begin.
        word_rows: the rows that hold only words, in at least two cells, in order.
        repeated: the rows where its header is repeated, e.g. at the top of each printed page.
        first_column: where it begins, if it stands next to another table and is not the first.
    """

    name: str
    table: TableCard
    sheet: Sheet
    header: Header
    first_row: int = 0
    word_rows: list[int] = field(default_factory=list[int])
    repeated: set[int] = field(default_factory=set[int])
    first_column: int = 0

    @property
    def place(self) -> str:
        """The sheet as rows name it: `القضايا`, `القضايا!H` for a table next to another with the same row numbers."""
        return f"{self.sheet.name}!{column_letters(self.first_column + 1)}" if self.first_column else self.sheet.name

    @property
    def titles(self) -> list[str]:
        """The texts above its header, without the day of a letter."""
        rows = self.sheet.rows[self.first_row : self.header.row]
        return [value for row in rows for value in row if isinstance(value, str) and not is_dated_line(value)]


def blocks_of(name: str, sheet: Sheet, card: SourceCard) -> list[Block]:
    """Return the tables of a sheet in their order: the one that it is named after, and others of the card."""
    table = card.tables[name]
    main = find_header(sheet, table)
    if not main.columns:
        return [Block(name, table, sheet, main)]
    bands = _bands(sheet, main, card)
    if len(bands) > 1:
        return [block for band in bands for block in _blocks_in(band, sheet, main.row, card, bands[0])]
    if not main.is_complete(table):
        return [Block(name, table, sheet, main)]
    word_rows = [row for row, values in enumerate(sheet.rows) if _is_of_words(values)]
    headers = sorted(
        [(name, main), *_find_other_headers(sheet, main, word_rows, card)], key=lambda named_header: named_header[1].row
    )
    return list(_cut_tables(sheet, headers, word_rows, card))


def find_unknown_header(block: Block) -> int | None:
    """Return the first row below a block's header that is the header of a table in no card, or None.

    Such a row follows a blank line, a title or a total, holds only words, has words where the block has numbers, dates
    or pseudonymous IDs, or nothing in its columns, and is not followed by more words.
    """
    rows, header = block.sheet.rows, block.header
    for row in block.word_rows:
        if row <= header.first_data_row or row + 1 >= len(rows) or row in block.repeated:
            continue
        below = [value for value in rows[row + 1] if value is not None]
        is_above_data = len(below) >= _LEAST_HEADINGS and not all(map(_is_heading, below))
        if is_above_data and (_is_break(rows[row - 1]) or is_total(rows[row - 1])) and _is_foreign(block, row):
            return row
    return None


def year_of_sheet(name: str, table: TableCard) -> int | None:
    """Return the year that a sheet is named after: `2023`, `٢٠٢٤`, `سنة ۲۰۲۵`, or by a pattern of the card."""
    form = fold(name)
    match = _BARE_YEAR.fullmatch(form) or next(
        filter(None, (pattern.fullmatch(form) for pattern in patterns_of(table))), None
    )
    return int(match[1]) if match and int(match[1]) in _YEARS else None


def patterns_of(table: TableCard) -> list[re.Pattern[str]]:
    """Return what the folded name of a sheet must match that a card calls `{year}`, `الضحايا {year}`."""
    parted = [sheet.partition("{year}") for sheet in table.sheets if "{year}" in sheet]
    forms = [(re.escape(fold(before)), re.escape(fold(behind))) for before, _, behind in parted]
    return [re.compile(rf"{before} ?(\d{{4}}) ?{behind}") for before, behind in forms]


# Headers


def _is_of_words(row: Row) -> bool:
    """Return whether a row holds only words, in at least two cells; most rows of data hold a number or a date."""
    for value in row:
        if value is not None and not isinstance(value, str):
            return False
    there = [value for value in row if value]
    return len(there) >= _LEAST_HEADINGS and all(map(_is_heading, there))


def _is_heading(value: CellValue) -> bool:
    return isinstance(value, str) and _is_heading_text(value)


@lru_cache(maxsize=65536)
def _is_heading_text(text: str) -> bool:
    if text == UNCALCULATED or is_token(text.strip()) or stamp_of(text):
        return False
    return any(map(str.isalpha, text)) and bool(heading_of(text)) and not mark_of(text)


def _is_break(row: Row) -> bool:
    """Return whether a row is blank or one line of words, as a title is."""
    there = [value for value in row if value is not None]
    return not there or (len(there) == 1 and _is_title(there[0]))


def _is_title(value: CellValue) -> bool:
    return isinstance(value, str) and any(map(str.isalpha, value)) and not is_token(value.strip())


def _is_foreign(block: Block, row: int) -> bool:
    """Return whether the words of a row cannot belong to a row of the block."""
    fields, card = load_shape(block.table.shape).fields, block.table
    cells = {column: block.sheet.rows[row][column] for column in block.header.columns}
    typed = [
        column for column, heading in block.header.columns.items() if fields[card.headings[heading]].type in _TYPED
    ]
    return any(_is_heading(cells[column]) and not _has_digit(cells[column]) for column in typed) or all(
        value is None for value in cells.values()
    )


def _has_digit(value: CellValue) -> bool:
    return any(map(str.isdigit, str(value)))


def _find_other_headers(
    sheet: Sheet, main: Header, word_rows: list[int], card: SourceCard
) -> Iterator[tuple[str, Header]]:
    """Yield the headers of the card's tables elsewhere in the sheet, above the main one and below it.

    A header that lacks a single heading and has an unknown one is included, so that the error can be reported.
    """
    known = {name: known_headings(table) for name, table in card.tables.items()}
    free = main.first_data_row
    for row in word_rows:
        if main.row - _HIGHEST < row < free:
            continue
        first = row - 1 if row > free and _is_break(sheet.rows[row - 1]) else row  # a group by itself
        named_header = max(
            filter(None, (_card_header(sheet.rows, start, known, card, _lacks_little) for start in {first, row})),
            key=lambda named_header: (*_likeness(named_header, card), -named_header[1].height),
            default=None,
        )
        if named_header:
            yield named_header
            free = max(free, named_header[1].first_data_row) if row > main.row else free


def _card_header(
    rows: list[Row],
    row: int,
    known: Mapping[str, Mapping[str, str]],
    card: SourceCard,
    is_header: Callable[[Header, TableCard], bool],
) -> tuple[str, Header] | None:
    read = [(name, header_at(rows, row, headings)) for name, headings in known.items()]
    candidates = [
        named_header
        for named_header in read
        if is_header(named_header[1], card.tables[named_header[0]]) and not named_header[1].twice
    ]
    best = max(candidates, key=lambda named_header: _likeness(named_header, card), default=None)
    return best if best and len(best[1].columns) >= _LEAST_HEADINGS else None


def _likeness(named_header: tuple[str, Header], card: SourceCard) -> tuple[int, bool]:
    """Rank a header: a table with eight matching headings is not another one that needs only three of them."""
    name, header = named_header
    return len(header.columns), header.is_complete(card.tables[name])


def _lacks_little(header: Header, table: TableCard) -> bool:
    """Return whether a header is complete, or lacks only one heading while most of its others are recognised."""
    lacking = set(table.required_headers) - set(header.columns.values())
    is_near = (
        len(lacking) == 1 and 0 < len(header.extra) < len(header.columns) and len(header.columns) > _LEAST_HEADINGS
    )
    return not lacking or is_near


# Cutting


def _cut_tables(
    sheet: Sheet, headers: list[tuple[str, Header]], word_rows: list[int], card: SourceCard
) -> Iterator[Block]:
    """Yield each table with the rows up to the titles of the next one."""
    name, header = headers[0]
    first, repeated = 0, set[int]()
    for next_name, next_header in headers[1:]:
        start = _titles_from(sheet.rows, next_header.row, header.first_data_row)
        if next_name == name and next_header.columns == header.columns and _is_page_break(sheet, start, next_header):
            repeated |= set(range(next_header.row, next_header.first_data_row))
            continue
        part = replace(sheet, rows=sheet.rows[:start], merged=_blocks_above(sheet, start))
        yield Block(name, card.tables[name], part, header, first, [row for row in word_rows if row < start], repeated)
        name, header, first, repeated = next_name, next_header, start, set[int]()
    yield Block(name, card.tables[name], sheet, header, first, word_rows, repeated)


def _is_page_break(sheet: Sheet, start: int, header: Header) -> bool:
    """Return whether a repeated header begins a page and not a table: no title and no total before it."""
    has_title = any(value is not None for row in sheet.rows[start : header.row] for value in row)
    return not has_title and not is_total(sheet.rows[start - 1])


def _blocks_above(sheet: Sheet, end: int) -> list[CellBlock]:
    return [block._replace(bottom=min(block.bottom, end)) for block in sheet.merged if block.top <= end]


def _titles_from(rows: list[Row], header_row: int, lowest: int) -> int:
    """Return the row in which the titles above a header begin: the nearest lines with one text each."""
    row = header_row
    while row > lowest and _is_break(rows[row - 1]) and not is_total(rows[row - 1]):
        row -= 1
    return row


# Tables side by side


def _bands(sheet: Sheet, main: Header, card: SourceCard) -> list[range]:
    """Return the columns of each of several tables side by side, separated by columns with no heading and no cell.

    One band means the whole sheet: it is divided only if each part has a complete header of the card.
    """
    width = len(sheet.rows[0])
    headings = sheet.rows[main.row : main.first_data_row]
    gaps = [column for column in range(width) if not any(heading_of(row[column]) for row in headings)]
    gaps = [column for column in gaps if all(row[column] is None for row in sheet.rows[main.row :])]
    edges = [-1, *gaps, width]
    bands = [range(left + 1, right) for left, right in pairwise(edges) if right > left + 1]
    is_parted = len(bands) > 1 and all(
        _best_table(_only_columns(sheet, band, main.row), main.row, card) for band in bands
    )
    return bands if is_parted else [range(width)]


def _blocks_in(band: range, sheet: Sheet, header_row: int, card: SourceCard, first: range) -> Iterator[Block]:
    """Yield the tables of one band of a sheet."""
    part = _only_columns(sheet, band, header_row)
    for block in blocks_of(_best_table(part, header_row, card), part, card):
        yield replace(block, first_column=0 if band == first else band.start)


def _best_table(part: Sheet, row: int, card: SourceCard) -> str:
    """Return the table whose complete header is in that row of a part of a sheet; empty if there is none."""
    known = {name: known_headings(table) for name, table in card.tables.items()}
    named_header = _card_header(part.rows, row, known, card, Header.is_complete)
    return named_header[0] if named_header else ""


def _only_columns(sheet: Sheet, band: range, header_row: int) -> Sheet:
    """Return the sheet reduced to the cells of a band, and the titles that stand above all bands."""
    rows = [
        row
        if place < header_row and _is_break(row)
        else [value if at in band else None for at, value in enumerate(row)]
        for place, row in enumerate(sheet.rows)
    ]
    return replace(sheet, rows=rows, merged=[block for block in sheet.merged if block.left - 1 in band])
