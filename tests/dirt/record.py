"""The record that the dial keeps of what it did.

Belongs here: the stains while the grids still change (`Stained`), and where they ended up (`DirtyFile`).
Does not belong here: making a stain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

from samples.grids import SheetGrid, SheetLine
from samples.life.spelling import Cell
from tests.dirt.defects import MAYBE_EXCHANGED, OUTCOMES, Defect, Fate, Outcome
from tests.dirt.dirt_dates import day_of

_AS_CLEAN: Mapping[str, object] = MappingProxyType({})


class Stain(NamedTuple):
    """A cell that was spoilt: where, what stood there, and the raw values it then lands with where they differ."""

    defect: Defect
    line: SheetLine
    column: int
    clean: Cell
    reads_as: Mapping[str, object] = _AS_CLEAN


class Repair(NamedTuple):
    """How a fault is mended that is not one cell: `rename` a sheet `to` its name, `clear` a row."""

    defect: Defect
    what: Literal["rename", "clear"]
    sheet: str
    row_number: int = 0
    to: str = ""


class Spot(NamedTuple):
    """A stain in the written file: `cell` as a sheet writes it, and what to type there instead."""

    defect: Defect
    sheet: str
    cell: str
    row_number: int
    clean: Cell
    reads_as: Mapping[str, object]


class Row(NamedTuple):
    """A data row of the written file.

    Args:
        table: the table of the source's card.
        sheet: its sheet.
        row_number: from 1, as the sheet counts.
        original: which row of the clean table it is, from 0.
        outcome: what must become of it, if the file is accepted.
        reads_as: raw values that differ from those of the clean row.
    """

    table: str
    sheet: str
    row_number: int
    original: int
    outcome: Outcome
    reads_as: Mapping[str, object]


@dataclass(frozen=True)
class DirtyFile:
    """A spoilt file and everything that was done to it.

    Args:
        name: the file's name.
        content: its bytes.
        outcome: what must become of the file: refused, with the acceptable kinds of findings, or not.
        rows: its data rows, all of them and no other row.
        spots: the cells that were spoilt.
        repairs: how to mend what is not a cell.
        defects: those that are in it.
    """

    name: str
    content: bytes
    outcome: Outcome
    rows: tuple[Row, ...]
    spots: tuple[Spot, ...]
    repairs: tuple[Repair, ...]
    defects: frozenset[Defect]


@dataclass
class Stained:
    """The sheets of a file while they are being spoilt."""

    grids: list[SheetGrid]
    period_year: int
    period_fields: Mapping[str, str]
    stains: list[Stain] = field(default_factory=list[Stain])
    originals: dict[SheetLine, int] = field(default_factory=dict[SheetLine, int])
    tables: dict[SheetLine, str] = field(default_factory=dict[SheetLine, str])
    after_subtotal: set[SheetLine] = field(default_factory=set[SheetLine])
    doubtful: set[SheetLine] = field(
        default_factory=set[SheetLine]
    )  # a date of which another cell proves that it may be reversed
    maybe_exchanged: set[SheetLine] = field(default_factory=set[SheetLine])  # a true date beside such cells
    to_clear: list[tuple[Defect, SheetLine]] = field(default_factory=list[tuple[Defect, SheetLine]])
    names: dict[str, str] = field(default_factory=dict[str, str])  # new name of a sheet -> its own
    defects: set[Defect] = field(default_factory=set[Defect])

    def __post_init__(self) -> None:
        known: Counter[str] = Counter()  # a table may have a sheet for each year
        for grid in self.grids:
            for line in grid.lines_of_kind("data"):
                self.originals[line], self.tables[line] = known[grid.table], grid.table
                known[grid.table] += 1

    def years_of(self, grid: SheetGrid) -> set[int]:
        """Return the years of the clean days in the column of a grid that says the period."""
        clean = {(stain.line, stain.column): stain.clean for stain in self.stains}
        columns = [
            place
            for place, column in enumerate(grid.columns)
            if column and column.field == self.period_fields.get(grid.table)
        ]
        days = [
            day_of(clean.get((line, column), line.cells[column]))
            for line in grid.lines_of_kind("data")
            for column in columns
        ]
        return {day.year for day in days if day}

    def is_stained(self, line: SheetLine, column: int) -> bool:
        """Return whether a cell was spoilt already: one stain a cell."""
        return any(stain.line is line and stain.column == column for stain in self.stains)

    def stain(
        self, defect: Defect, line: SheetLine, column: int, cell: Cell, reads_as: Mapping[str, object] = _AS_CLEAN
    ) -> None:
        """Spoil a cell and note what stood there."""
        while len(line.cells) <= column:
            line.cells.append(None)
        self.stains.append(Stain(defect, line, column, line.cells[column], reads_as))
        line.cells[column] = cell
        self.defects.add(defect)

    def rows(self, sheet_name: str = "") -> list[Row]:
        """Return the data rows as they stand now; the sheet of a text file bears the file's name."""
        return [
            self._row(sheet_name or grid.sheet, number, line)
            for grid in self.grids
            for number, line in enumerate(grid.lines, start=1)
            if line.kind == "data"
        ]

    def _row(self, sheet: str, number: int, line: SheetLine) -> Row:
        own = [stain for stain in self.stains if stain.line is line]
        outcomes = [OUTCOMES[stain.defect] for stain in own]
        outcomes += [OUTCOMES[Defect.SUBTOTALS]] if line in self.after_subtotal else []
        outcomes += [OUTCOMES[Defect.MONTH_FIRST]] if line in self.doubtful else []
        outcomes += [MAYBE_EXCHANGED] if line in self.maybe_exchanged else []
        outcome = worst_of(outcomes)
        reads_as = {name: value for stain in own for name, value in stain.reads_as.items()}
        return Row(self.tables[line], sheet, number, self.originals[line], outcome, reads_as)

    def spots(self, sheet_name: str = "") -> list[Spot]:
        """Return where the stains stand now."""
        places = self._places(sheet_name)
        return [
            Spot(stain.defect, *_cell_of(places[stain.line], stain.column), stain.clean, stain.reads_as)
            for stain in self.stains
            if stain.line in places
        ]

    def repairs(self) -> list[Repair]:
        """Return how to mend what is not a cell."""
        places = self._places("")
        found = [Repair(defect, "clear", *places[line]) for defect, line in self.to_clear if line in places]
        return found + [Repair(Defect.SHEETS_WITHOUT_NAME, "rename", new, to=own) for new, own in self.names.items()]

    def _places(self, sheet_name: str) -> dict[SheetLine, tuple[str, int]]:
        return {
            line: (sheet_name or grid.sheet, number)
            for grid in self.grids
            for number, line in enumerate(grid.lines, start=1)
        }


def worst_of(outcomes: Sequence[Outcome]) -> Outcome:
    """Return the gravest fate among outcomes, with the kinds of all that share it."""
    for fate in _GRAVEST:
        alike = [outcome for outcome in outcomes if outcome.fate == fate]
        if alike:
            return Outcome(fate, frozenset[str]().union(*(outcome.kinds for outcome in alike)))
    return Outcome("lands")


_GRAVEST: tuple[Fate, ...] = ("refuses", "waits", "may wait", "lands")


def _cell_of(place: tuple[str, int], column: int) -> tuple[str, str, int]:
    sheet, number = place
    letters = ""
    rest = column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return sheet, f"{letters}{number}", number
