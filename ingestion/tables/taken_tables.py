"""What the house takes of a file: the tables of a card, and of each cell only a word of its field's closed language.

Belongs here: masking a found table, so that nothing else of its sheet is left in it.
Does not belong here: which cells are understood (`closed_languages.py`), where tables are (`table_finder.py`), what
becomes of a row (`row_checks.py`): that is read from the taken table alone.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from ingestion.cards.source_card import SourceCard, load_labels, load_shape
from ingestion.files.cell_marks import UNCALCULATED, kind_of_mark, not_understood
from ingestion.files.file_facts import is_blank
from ingestion.files.reader import CellValue
from ingestion.findings import Finding
from ingestion.tables.cell_values import Habits
from ingestion.tables.closed_languages import Keeper, keeper_of
from ingestion.tables.footnotes import is_dated_line
from ingestion.tables.header_rows import Row
from ingestion.tables.table_finder import FoundTable, flag_skipped
from ingestion.tables.totals import whole_number
from ingestion.tables.unkeyed_hashes import unkeyed_row
from ingestion.text.date_order import ColumnOrder
from ingestion.text.folding import fold
from ingestion.text.periods import period_words
from ingestion.text.typed_dates import order_of
from ingestion.text.typed_numbers import DecimalSign, decimal_sign_of

_GREATEST = 999_999_999  # of a total: a longer number may be a telephone
_MOST_ROWS = 999_999  # of a total that counts rows, in a column of no numbers
_NUMBERS = ("year", "integer", "decimal")


def take_table(table: FoundTable, card: SourceCard, today: datetime.date, *, from_1904: bool) -> FoundTable:
    """Return a found table with nothing in its grid but what the house may keep.

    Headings are those of the card; of a title the words that state a period stay, of a total its numbers, of a data
    row the cells of the columns that are read, each as the language of its field allows.

    Args:
        table: as found in the sheet.
        card: of its sender.
        today: the day of coming.
        from_1904: whether the workbook counts its days from 1904.
    """
    width = len(table.sheet.rows[0]) if table.sheet.rows else 0
    rows: list[Row] = [[None] * width for _ in table.sheet.rows]
    habits = Habits(today, table.card.codes, ColumnOrder(card.day_first, from_1904=from_1904), table.card.pcodes)
    for row, column, words in _period_words(table):
        rows[row][column] = words
    _put(rows, table, _header_rows(table), dict(_headings(table)))
    _keep_totals(table, rows)
    labels = load_labels(card.name)
    for column in table.read_columns:
        _keep_column(table, column, _keepers(table, column, habits, labels), rows)
    _put(rows, table, table.data_rows, dict.fromkeys(_unkeyed_columns(table), not_understood("token_unkeyed")))
    below = _lines_below(table, rows)
    data_rows = [row for row in table.data_rows if row not in below]
    return replace(
        table,
        sheet=replace(table.sheet, rows=rows),
        data_rows=data_rows,
        hidden_rows={row for row in data_rows if table.sheet.is_hidden or row + 1 in table.sheet.hidden_rows},
        sheet_states=period_words(table.sheet.name),
        decimal_signs={column: _decimal_sign_of(table, column) for column in _columns_of(table, _NUMBERS)},
        unkept_orders={column: _unkept_orders(table, column, rows) for column in _columns_of(table, ("date",))},
    )


def lines_below(found: FoundTable, taken: FoundTable) -> list[Finding]:
    """Return a flag for each line below a table that looked like a row of it until its cells were read."""
    taken_rows = set(taken.data_rows)
    return flag_skipped(found.sheet, [row for row in found.data_rows if row not in taken_rows])


def _lines_below(table: FoundTable, rows: list[Row]) -> set[int]:
    """Return the rows that a blank line parts from the last row with an understood cell, and that have none."""
    data, read = table.data_rows, table.read_columns
    understood = (row for row in data if any(not _is_lost(rows[row][column]) for column in read))
    numbered = (row for row in data if any(whole_number(table.sheet.rows[row][c]) is not None for c in table.ignored))
    last = max((*understood, *numbered), default=None)
    if last is None:
        return set()
    blank = next((row for row in range(last + 1, len(rows)) if all(map(is_blank, table.sheet.rows[row]))), len(rows))
    return {row for row in data if row > blank} - table.foreign_rows


def _is_lost(kept: CellValue) -> bool:
    return kept is None or bool(kind_of_mark(kept))


def _put(rows: list[Row], table: FoundTable, at: Iterable[int], texts: Mapping[int, str]) -> None:
    """Put for each column a text into the rows that are filled there in the sheet."""
    for column, text in texts.items():
        for row in at:
            if not is_blank(table.sheet.rows[row][column]):
                rows[row][column] = text


def _keep_column(table: FoundTable, column: int, keepers: list[Keeper], rows: list[Row]) -> None:
    """Put what is kept of the data cells of a column into the rows; equal cells are judged once."""
    kept: dict[object, CellValue] = {}
    for row in table.data_rows:
        value = table.sheet.rows[row][column]
        key = value if type(value) is str else (type(value), value)
        if key not in kept:
            kept[key] = _keep(value, keepers)
        rows[row][column] = kept[key]


def _keep_totals(table: FoundTable, rows: list[Row]) -> None:
    """Put the numbers of the totals into the rows, of the columns that are read and of those the card ignores."""
    numbers = _columns_of(table, _NUMBERS)
    for total in table.totals:
        for column in {*table.read_columns, *table.ignored}:
            value = table.sheet.rows[total.row][column]
            if _is_of_total(value, _GREATEST if column in numbers else _MOST_ROWS):
                rows[total.row][column] = value


def _unkeyed_columns(table: FoundTable) -> list[int]:
    """Return the columns of tokens in which a plain hash was found: whoever made one made all of its column."""
    first = min(table.data_rows, default=len(table.sheet.rows))
    return [c for c in _columns_of(table, ("token",)) if unkeyed_row(table.sheet.rows, c, first) is not None]


def _keepers(table: FoundTable, column: int, habits: Habits, labels: Mapping[str, Collection[str]]) -> list[Keeper]:
    """Return a keeper for each field that is read from a column."""
    shape = load_shape(table.card.shape)
    names = [name for name in (table.columns.get(column), table.second.get(column)) if name]
    names += [shape.figure] if column in table.cells else []
    own = replace(habits, decimal_sign=_decimal_sign_of(table, column))
    return [
        keeper_of(
            name,
            shape.fields[name],
            own if shape.fields[name].type in _NUMBERS else habits,
            frozenset(map(fold, labels.get(name, ()))),
        )
        for name in names
    ]


def _columns_of(table: FoundTable, types: Collection[str]) -> list[int]:
    """Return the columns of fields of these types, and for numbers those of figures."""
    fields = load_shape(table.card.shape).fields
    names = (*table.columns.items(), *table.second.items())
    figures = table.cells if types == _NUMBERS else {}
    return sorted({*figures, *(column for column, name in names if fields[name].type in types)})


def _decimal_sign_of(table: FoundTable, column: int) -> DecimalSign:
    """Return the decimal sign that a column proves by itself, or that all columns of figures prove together."""
    columns = sorted(table.cells) if column in table.cells else [column]
    return decimal_sign_of(table.sheet.rows[row][each] for each in columns for row in table.data_rows)


def _unkept_orders(table: FoundTable, column: int, rows: list[Row]) -> tuple[int, int]:
    """Return how many cells that are not kept fitted only the day first, and only the month first."""
    lost = (table.sheet.rows[row][column] for row in table.data_rows if kind_of_mark(rows[row][column]))
    orders = Counter(map(order_of, lost))
    return orders["day_first"], orders["month_first"]


def _keep(value: CellValue, keepers: list[Keeper]) -> CellValue:
    """Return what the first language keeps that understands a cell, else the mark of the first."""
    kept = [keep(value) for keep in keepers]
    return next((own for own in kept if own == value), kept[0] if kept else None)


def _period_words(table: FoundTable) -> Iterator[tuple[int, int, str]]:
    for row in table.title_rows:
        for column, value in enumerate(table.sheet.rows[row]):
            if isinstance(value, str) and not is_dated_line(value) and (words := period_words(value)):
                yield row, column, words


def _headings(table: FoundTable) -> Iterator[tuple[int, str]]:
    for column, name in (*table.second.items(), *table.columns.items()):
        yield column, table.headers[name]
    yield from table.cells.items()


def _header_rows(table: FoundTable) -> range:
    first = table.title_rows.stop
    return range(first, min(table.data_rows, default=min(first + 1, len(table.sheet.rows))))


def _is_of_total(value: CellValue, greatest: int) -> bool:
    number = whole_number(value)
    return value == UNCALCULATED or (number is not None and abs(number) <= greatest)
