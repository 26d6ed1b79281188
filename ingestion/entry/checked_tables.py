"""Tables that are ready to be stored, and which periods their file replaces and covers.

Belongs here: the records of a table, the reasons of its quarantined rows, and the sums over a file's tables.
Does not belong here: how a row is judged (`row_checks.py`), what is written where (`landing.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # many modules read quarantined rows without reading a cell
    from ingestion.tables.cell_values import RawValue
    from ingestion.tables.coverage import Covered, StoredPart

PLACE_COLUMNS = ("table_name", "sheet", "row_number", "period")
CELL_COLUMN = "cell_column"
"""The column letters of a record, in a shape whose records are cells: one row then gives several records."""


@dataclass(frozen=True)
class Quarantined:
    """A row that does not land: its place and the reason; never its content."""

    sheet: str
    row_number: int
    cell: str
    kind: str


@dataclass(frozen=True)
class ConformedTable:
    """A table ready to land.

    Args:
        table: its name in the card.
        shape: its kind of record.
        columns: raw column -> values of the records that land, in the order of the sheet: one per row, or one per
            figure.
        quarantined: the reasons of the rows that do not land; a row may have several.
        rows_in: the number of its data rows.
        scope: the periods that the table covers: those of the file, or the year that its sheet is named after.
        covered: period -> the part of it that the file covers, if not the whole.
    """

    table: str
    shape: str
    columns: Mapping[str, list[RawValue]]
    quarantined: list[Quarantined]
    rows_in: int
    scope: tuple[str, ...] = ()
    covered: Mapping[str, Covered] = field(default_factory=dict[str, Any])

    @property
    def rows_landed(self) -> int:
        """The number of rows that land."""
        return len(set(self.columns["row_number"]))

    @property
    def rows_quarantined(self) -> int:
        """The number of rows that do not."""
        return len({(row.sheet, row.row_number) for row in self.quarantined})


def count_replaced_rows(tables: list[ConformedTable]) -> dict[str, dict[str, int]]:
    """Return shape -> period -> number of landing rows, for everything that a file replaces.

    A file replaces the periods of its scope for every shape that its tables cover: with the rows that land, and with
    none where a table is empty. A table that has rows of which none lands replaces nothing (`nothing_landed`); the same
    holds for a file of which no row lands.

    Args:
        tables: all tables of one file, ready to land.

    Returns:
        Numbers of rows (not of records: a row of counts gives several). A period with 0 is replaced by nothing.
    """
    replaced: dict[str, dict[str, int]] = {}
    landed: Counter[tuple[str, str]] = Counter()
    rows_in: Counter[tuple[str, str]] = Counter()
    for table in tables:
        rows = set(zip(table.columns["row_number"], table.columns["period"], strict=True))
        landed.update(Counter((table.shape, str(period)) for _, period in rows))
        rows_in.update({(table.shape, period): table.rows_in for period in table.scope})
    for table in tables:
        for period in table.scope:
            key = table.shape, period
            if landed[key] or (not rows_in[key] and any(landed[other.shape, period] for other in tables)):
                replaced.setdefault(table.shape, {})[period] = landed[key]
    return replaced


def covered_parts(tables: list[ConformedTable]) -> dict[str, dict[str, StoredPart]]:
    """Return shape -> period -> the part of the year that a file covers, as stored; only if it is not the whole year.

    Args:
        tables: all tables of one file, ready to land.
    """
    covered: dict[str, dict[str, StoredPart]] = {}
    for table in tables:
        for period, part in table.covered.items():
            covered.setdefault(table.shape, {})[period] = part.as_json()
    return covered


def landing_of(tables: Sequence[ConformedTable], sheets: Sequence[str]) -> object:
    """Return everything of a file that lands and everything that does not, for comparison with a copy of the file.

    Sheets are identified by their order and columns without their letters: a copy may name and place them otherwise.

    Args:
        tables: all tables of the file, ready to land.
        sheets: the names of its sheets, in their order.
    """
    places = [str(place) for table in tables for place in table.columns["sheet"]]
    held = {_sheet_of(place) for place in [*places, *(row.sheet for table in tables for row in table.quarantined)]}
    number = {name: at for at, name in enumerate(name for name in sheets if name in held)}
    return [_table_landing(table, number) for table in tables]


def _table_landing(table: ConformedTable, number: Mapping[str, int]) -> object:
    columns = {name: values for name, values in table.columns.items() if name != CELL_COLUMN}
    columns["sheet"] = [number[_sheet_of(str(place))] for place in columns["sheet"]]
    kept_out = sorted((number[_sheet_of(row.sheet)], row.row_number, row.kind) for row in table.quarantined)
    return table.table, table.shape, columns, kept_out, table.rows_in, table.scope, dict(table.covered)


def _sheet_of(place: str) -> str:
    """Return the sheet of a place that also names a column, as of side-by-side tables: `القضايا!H`."""
    return place.rpartition("!")[0] or place
