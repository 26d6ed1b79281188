"""What the guard finds in a file and in each of its sheets, in the same form for every format.

Belongs here: the facts, and the limits that hold for all formats. Does not belong here: how a format states them
(`sheet_scan.py`, `ods_scan.py`, `old_excel/xls_scan.py`), what the reader makes of them (`reader.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from ingestion.files.safe_zip import Stop
from ingestion.findings import Finding, cell_name

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_MAX_SHEETS = 200


class CellBlock(NamedTuple):
    """A block of cells by the numbers of its first and last row and column, from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def cells(self) -> int:
        """The number of its cells."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


@dataclass
class SheetFacts:
    """What the bytes of a sheet show.

    Args:
        name: the sheet's name, which no finding says.
        number: its number among the sheets that are read, from 1.
        is_hidden: whether the workbook hides it.
        last_row: the greatest row that a cell names.
        first_column: the smallest column that a cell names.
        last_column: the greatest column that a cell names.
        held_rows: the rows with at least one cell that is not blank, whatever the parser makes of them.
        dimension: the extent that the sheet declares, as in `merged`; None if it declares none.
        hidden_rows: rows that a filter or a person hides.
        uncalculated: row and column of each formula without a stored result, or with an unreliable one.
        texts: row and column -> text of each cell that the parser reads wrongly, such as an error (`#REF!`).
        merged: as `reader.Sheet.merged`, for formats where the parser does not return it.
        findings: flags.
    """

    MAX_CELLS: ClassVar[int] = 5 * 1_048_576  # five columns of all rows: a parser allocates the whole rectangle

    name: str
    number: int
    is_hidden: bool = False
    last_row: int = 0
    first_column: int = LAST_COLUMN
    last_column: int = 0
    held_rows: set[int] = field(default_factory=set[int])
    dimension: CellBlock | None = None
    hidden_rows: set[int] = field(default_factory=set[int])
    uncalculated: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    texts: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    merged: list[CellBlock] = field(default_factory=list[CellBlock])
    findings: list[Finding] = field(default_factory=list[Finding])

    @property
    def label(self) -> str:
        """Its name in findings."""
        return sheet_label(self.number)

    def flag_dimension(self) -> None:
        """Flag a declared extent that is smaller than the data: a program that trusts it silently loses rows."""
        if self.dimension is None or not self.held_rows:
            return
        top, left, bottom, right = self.dimension
        has_all_rows = top <= min(self.held_rows) and max(self.held_rows) <= bottom
        if not has_all_rows or self.first_column < left or self.last_column > right:
            stated = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
            cell = cell_name(max(self.held_rows), self.last_column)
            self.findings.append(Finding("flag", "dimension_too_small", self.label, cell, {"stated": stated}))

    def extend(self, row: int, first_column: int, last_column: int) -> None:
        """Extend the sheet by a row's cells.

        Raises:
            Stop: `far_corner` if the rectangle of cells, which a parser allocates whole, becomes too large.
        """
        self.last_row = max(self.last_row, row)
        self.first_column = min(self.first_column, first_column)
        self.last_column = max(self.last_column, last_column)
        if self.last_row * self.last_column > self.MAX_CELLS:
            raise Stop("far_corner", sheet=self.label, cell=cell_name(self.last_row, self.last_column))

    def flag_cells(self, kind: str, cells: Sequence[str]) -> None:
        """Flag the first of some cells, with their number; no flag if there are none."""
        if cells:
            self.findings.append(Finding("flag", kind, self.label, cells[0], {"count": str(len(cells))}))


@dataclass
class Guarded:
    """The guard's result for a file.

    Args:
        form: `xlsx`, `ods`, `xls`, `csv`, or empty when refused.
        findings: the first reason to refuse, else the flags.
        sheets: facts of each sheet, in the workbook's order.
        from_1904: whether the workbook counts its days from 1904.
    """

    form: str = ""
    findings: list[Finding] = field(default_factory=list[Finding])
    sheets: list[SheetFacts] = field(default_factory=list[SheetFacts])
    from_1904: bool = False

    def end_sheets(self) -> None:
        """Collect the flags of all sheets.

        Raises:
            Stop: `unreadable` for no sheet or too many, `far_corner` for too many cells in all of them.
        """
        if not self.sheets or len(self.sheets) > _MAX_SHEETS:
            raise Stop("unreadable")
        if sum(facts.last_row * facts.last_column for facts in self.sheets) > SheetFacts.MAX_CELLS:
            raise Stop("far_corner")
        self.findings += [finding for facts in self.sheets for finding in facts.findings]


def sheet_label(number: int) -> str:
    """Return how findings name a sheet: by its number, since its name may be a person's."""
    return f"#{number}"


def is_blank(value: object) -> bool:
    """Return whether a cell is empty: no value, or a text of white space only."""
    return value is None or (isinstance(value, str) and not value.strip())
