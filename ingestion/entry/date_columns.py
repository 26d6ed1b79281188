"""Date columns with a doubtful order of day and month: quarantined as a column, one finding, settled by one answer.

Belongs here: the order of one column of a table, its finding at the heading, the reasons of the rows that wait.
Does not belong here: what proves an order (`ingestion/text/date_order.py`), other reasons to wait (`row_checks.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingestion.entry.checked_tables import Quarantined
from ingestion.findings import Finding, cell_name
from ingestion.tables.table_finder import FoundTable
from ingestion.text.date_order import ColumnOrder, column_order

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
    def from_column(cls, table: FoundTable, column: int, card: ColumnOrder, answers: Answers) -> DateColumn:
        """Return a column with the order that its cells prove or a person's answer settles.

        Args:
            table: the table.
            column: of the sheet, from 0.
            card: the order that the sender's card states, and how the workbook counts days.
            answers: for the file.
        """
        rows = table.sheet.rows
        values = [rows[row][column] for row in table.data_rows if row not in table.foreign_rows]
        answer = answers.get((table.sheet.name, heading_cell(table, column)), "")
        return cls(
            table, column, column_order(values, day_first=card.day_first, from_1904=card.from_1904, answer=answer)
        )

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


def heading_cell(table: FoundTable, column: int) -> str:
    """Return the cell in which the heading of a column begins."""
    first = table.title_rows.stop
    rows = range(first, min(table.data_rows, default=first))
    row = next((row for row in rows if table.sheet.rows[row][column] is not None), first)
    return cell_name(row + 1, column + 1)
