"""Date columns with a doubtful order of day and month: quarantined as a column, one finding, settled by one answer.

Belongs here: the order of one column of a table, its finding at the heading, the reasons of the rows that wait.
Does not belong here: what proves an order (`ingestion/text/date_order.py`), other reasons to wait (`row_checks.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from ingestion.cards.source_card import load_shape
from ingestion.entry.checked_tables import Quarantined
from ingestion.findings import Finding, cell_name
from ingestion.tables.coverage import stated_parts
from ingestion.tables.table_finder import FoundTable
from ingestion.text.date_order import (
    NOTHING_TOLD,
    ColumnOrder,
    OrderProof,
    can_only_be,
    column_order,
    fits_both_orders,
    sure_day,
)

Answers = Mapping[tuple[str, str], str]
"""Sheet and cell of a heading -> a person's answer about the dates in its column."""


@dataclass(frozen=True)
class DateColumn:
    """One column of dates of one table; another table, even on the same sheet, may use another order.

    Args:
        table: the table.
        column: of the sheet, from 0.
        order: how its cells are read.
    """

    table: FoundTable
    column: int
    order: ColumnOrder

    @classmethod
    def from_column(
        cls, table: FoundTable, column: int, card: ColumnOrder, answers: Answers, today: datetime.date
    ) -> DateColumn:
        """Return a column with the order that its cells prove or a person's answer settles.

        Args:
            table: the table.
            column: of the sheet, from 0.
            card: the order that the sender's card states, and how the workbook counts days.
            answers: for the file.
            today: a day after it is in the future.
        """
        rows = [row for row in table.data_rows if row not in table.foreign_rows]
        values = [table.sheet.rows[row][column] for row in rows]
        told = _Told(table, column, card, today).count(rows)
        answer = answers.get((table.sheet.name, heading_cell(table, column)), "")
        unkept = OrderProof(*table.unkept_orders.get(column, (0, 0)), 0)
        order = column_order(
            values, day_first=card.day_first, from_1904=card.from_1904, answer=answer, told=told, unkept=unkept
        )
        return cls(table, column, order)

    def is_doubted(self, kind: str) -> bool:
        """Return whether a cell that was read with this kind of finding waits for the answer about the column."""
        return bool(kind) and kind == self.order.doubt

    def finding(self, rows: Sequence[int]) -> Finding:
        """Return the column's single finding, at its heading, for the rows that wait."""
        counts = {"waiting": len(rows), **self.order.proof._asdict()}
        heading = self.table.headers[self.table.columns.get(self.column) or self.table.second[self.column]]
        arguments = {"column": heading} | {name: str(count) for name, count in counts.items()}
        place = self.table.sheet.name, heading_cell(self.table, self.column)
        return Finding("quarantine", self.order.doubt, *place, arguments)

    def reasons(self, rows: Sequence[int]) -> Iterator[tuple[int, Quarantined]]:
        """Yield the reason why each of these rows waits."""
        for row in rows:
            cell = cell_name(row + 1, self.column + 1)
            yield row, Quarantined(self.table.place, row + 1, cell, self.order.doubt)


class _Told:
    """What the rows and titles of a table tell about the order of day and month in one of its columns."""

    def __init__(self, table: FoundTable, column: int, card: ColumnOrder, today: datetime.date) -> None:
        self._table, self._column, self._from_1904, self._today = table, column, card.from_1904, today
        names = {**table.columns, **table.second}
        own, column_of = names[column], {name: number for number, name in names.items()}
        steps = load_shape(table.card.shape).steps
        place = steps.index(own) if own in steps else 0
        self._before = [column_of[name] for name in steps[:place] if name in column_of]
        self._after = [column_of[name] for name in steps[place + 1 :] if own in steps and name in column_of]
        self._periods = stated_parts(table) if own == table.card.period_field else []

    def count(self, rows: Sequence[int]) -> OrderProof:
        """Return how many cells can only be true in one order."""
        values = [self._table.sheet.rows[row][self._column] for row in rows]
        doubtful = {value for value in set(values) if fits_both_orders(value, from_1904=self._from_1904)}
        told = [
            can_only_be(value, partial(self._may_be, row), from_1904=self._from_1904)
            for row, value in zip(rows, values, strict=True)
            if value in doubtful
        ]
        return OrderProof(*map(sum, zip(*told, strict=True))) if told else NOTHING_TOLD

    def _may_be(self, row: int, day: datetime.date) -> bool:
        if day > self._today or not (any(part.start <= day <= part.end for part in self._periods) or not self._periods):
            return False
        earlier, later = self._days(row, self._before), self._days(row, self._after)
        return all(other <= day for other in earlier) and all(day <= other for other in later)

    def _days(self, row: int, columns: Sequence[int]) -> list[datetime.date]:
        days = (sure_day(self._table.sheet.rows[row][column], from_1904=self._from_1904) for column in columns)
        return [day for day in days if day]


def heading_cell(table: FoundTable, column: int) -> str:
    """Return the cell in which the heading of a column begins."""
    first = table.title_rows.stop
    rows = range(first, min(table.data_rows, default=first))
    row = next((row for row in rows if table.sheet.rows[row][column] is not None), first)
    return cell_name(row + 1, column + 1)
