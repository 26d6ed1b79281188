"""The sender's own sums as checksums: totals against the rows above them, a row's sum against its parts.

Belongs here: which sums of a table do not add up, with both numbers and the place.
Does not belong here: which rows are totals (`totals.py`), how it is reported (`row_checks.py`). A wrong sum never
quarantines a row: only the sender can say which number is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingestion.cards.source_card import load_shape
from ingestion.files.cell_marks import UNCALCULATED
from ingestion.tables.cell_values import RawValue
from ingestion.tables.table_finder import FoundTable
from ingestion.tables.totals import Total, groups_of, mismatch, whole_number

_OPEN = ("masked", "error")  # a total over such a cell cannot be computed
_UNSAID = (*_OPEN, "blank", "not_received")  # nor can a row's own sum over one of these
_NO_COUNTS = ("decimal", "age", "year", "date")


@dataclass(frozen=True)
class Counts:
    """A column of counts: values and marks of all data rows."""

    values: Sequence[RawValue]
    marks: Sequence[RawValue]


@dataclass(frozen=True)
class Mismatch:
    """A sum that does not add up: where it stands, what it states, what the parts add up to."""

    row: int
    column: int
    stated: int
    computed: int


def find_wrong_totals(table: FoundTable, counts: Mapping[int, Counts]) -> Iterator[Mismatch]:
    """Yield the totals that no set of rows adds up to: sums of counts, in other columns a number of rows.

    Args:
        table: as found in the sheet.
        counts: column number -> the counts read in it.

    Yields:
        One mismatch per total: its row and column, what it states and what its rows add up to. Column 0 stands for a
        number of rows.
    """
    kept_out = len(table.rows_after_total) + len(table.foreign_rows)
    rows = table.data_rows[: len(table.data_rows) - kept_out]
    for total in table.totals:
        groups = groups_of(total, table.totals, rows)
        if total.stated_count is not None:
            computed = mismatch(total.stated_count, groups, len)
            if computed is not None:
                yield Mismatch(total.row, 0, total.stated_count, computed)
        yield from _find_wrong_sums(table, total, groups, counts)


def uncalculated_totals(table: FoundTable) -> Iterator[tuple[int, int]]:
    """Yield the places of formulas in totals that no program has calculated."""
    for total in table.totals:
        row = table.sheet.rows[total.row]
        if UNCALCULATED in row:
            yield total.row, row.index(UNCALCULATED)


def find_wrong_rows(
    table: FoundTable, counts: Mapping[int, Counts], column_of: Mapping[str, int]
) -> Iterator[Mismatch]:
    """Yield the rows in which a count is not the sum of its parts, as the card says; one unknown cell leaves it open.

    Args:
        table: as found in the sheet.
        counts: column number -> the counts read in it.
        column_of: folded heading -> column number, 1 for A.

    Yields:
        One mismatch per row and sum of the card.
    """
    for checksum in table.card.sums:
        columns = [column_of.get(header, -1) for header in (checksum.whole, *checksum.parts)]
        if -1 in columns:
            continue
        for place, row in enumerate(table.data_rows):
            if {counts[column].marks[place] for column in columns} & set(_UNSAID):
                continue
            whole, *parts = [_number(counts[column].values[place]) for column in columns]
            if whole != sum(parts):
                yield Mismatch(row, columns[0], whole, sum(parts))


def _find_wrong_sums(
    table: FoundTable, total: Total, groups: Sequence[Sequence[int]], counts: Mapping[int, Counts]
) -> Iterator[Mismatch]:
    fields = load_shape(table.card.shape).fields
    for column in sorted({*table.read_columns, *table.ignored}):
        stated = whole_number(table.sheet.rows[total.row][column])
        name = table.columns.get(column, "")
        if stated is None or (name and fields[name].type in _NO_COUNTS):
            continue
        own = counts.get(column)
        computed = mismatch(stated, groups, (lambda group, own=own: _sum(own, group)) if own else len)
        if computed is not None:
            yield Mismatch(total.row, column, stated, computed)


def _sum(counts: Counts, places: Sequence[int]) -> int | None:
    if any(counts.marks[place] in _OPEN for place in places):
        return None
    return sum(_number(counts.values[place]) for place in places)


def _number(value: RawValue) -> int:
    return value if isinstance(value, int) else 0
