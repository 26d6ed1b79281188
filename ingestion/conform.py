"""The entry check of a file's rows: each data row lands or is quarantined, and each doubtful cell is named.

Belongs here: a row's period, its required fields, duplicates, the sender's totals, and the columns that land.
Does not belong here: where the rows are (`tables.py`), what a cell is worth (`cells.py`), keys and relations between
tables (dbt tests).
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from ingestion.card import FieldCard, SourceCard, load_shape
from ingestion.cells import Habits, Raw, RawValue, Reader, Reading, columns_of, is_plausible_year, reader_of
from ingestion.findings import Finding, Severity, cell_name, column_letters
from ingestion.reader import CellValue, Workbook
from ingestion.tables import FoundTable, find_tables, whole_number

UNKNOWN = "_U"  # the code of every list for what the sender says is not known
PLACE_COLUMNS = ("table_name", "sheet", "row_number", "period")


@dataclass(frozen=True)
class Quarantined:
    """A row that does not land: its place, and why; never what it holds."""

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
        columns: raw column -> values of the rows that land, in the order of the sheet.
        quarantined: the reasons of the rows that do not; a row may have several.
        rows_in: the number of its data rows.
    """

    table: str
    shape: str
    columns: Mapping[str, list[RawValue]]
    quarantined: list[Quarantined]
    rows_in: int

    @property
    def rows_landed(self) -> int:
        """The number of rows that land."""
        return len(self.columns["row_number"])

    @property
    def rows_quarantined(self) -> int:
        """The number of rows that do not."""
        return len({(row.sheet, row.row_number) for row in self.quarantined})


def conform(workbook: Workbook, card: SourceCard, today: datetime.date) -> tuple[list[ConformedTable], list[Finding]]:
    """Return the file's tables as they would land, and all findings of structure and cells.

    Args:
        workbook: what was read and passed privacy.
        card: the source's card.
        today: a period after it is in the future.
    """
    found, findings = find_tables(workbook, card)
    if any(finding.severity == "refuse" for finding in findings):
        return [], findings
    passes = [_Pass(table, card.day_first, today) for table in found]
    tables = [one.run() for one in passes]
    for one in passes:
        findings += one.ordered_findings()
    rows = sum(table.rows_in for table in tables)
    if rows and rows == sum(len(one.future_rows) for one in passes):
        findings.append(Finding("refuse", "all_periods_in_future", found[0].sheet.name))
    return tables, findings


@dataclass
class _Pass:
    """One pass over one table, column by column."""

    table: FoundTable
    day_first: bool
    today: datetime.date
    findings: list[tuple[int, int, Finding]] = field(default_factory=list[tuple[int, int, Finding]])
    future_rows: set[int] = field(default_factory=set[int])
    _kept_out: dict[int, list[Quarantined]] = field(default_factory=dict[int, list[Quarantined]])
    _raw: dict[str, list[RawValue]] = field(default_factory=dict[str, list[RawValue]])
    _periods: list[RawValue] = field(default_factory=list[RawValue])

    def run(self) -> ConformedTable:
        shape = load_shape(self.table.card.shape)
        habits = Habits(self.day_first, self.today, self.table.card.codes)
        column_of = {name: column for column, name in self.table.columns.items()}
        for name, card in shape.fields.items():
            if name in column_of:
                self._read_column(column_of[name], name, card, reader_of(name, card, habits))
            else:
                self._fill_absent(name, card)
        self._check_rows_after_total()
        self._flag_duplicates()
        self._check_total(shape.fields)
        return self._landed()

    def ordered_findings(self) -> list[Finding]:
        """Return the findings in the order of the sheet."""
        return [finding for _, _, finding in sorted(self.findings, key=lambda item: item[:2])]

    # Columns

    def _read_column(self, column: int, name: str, card: FieldCard, read: Reader) -> None:
        rows = self.table.sheet.rows
        known: dict[object, Reading] = {}
        readings: list[Reading] = []
        is_period = name == self.table.card.period_field
        for row in self.table.data_rows:
            value = rows[row][column]
            key = value if isinstance(value, str) else (type(value), value)
            reading = known.get(key)
            if reading is None:
                reading = known[key] = read(value)
            if is_period:
                reading = self._with_period(row, reading)
            elif not reading.kind and self._is_wanting(name, card, reading):
                reading = reading._replace(kind="required_missing", is_bad=True)
            if reading.kind:
                self._note(row, column, name, reading)
            readings.append(reading)
        self._keep(name, card, [reading.raw for reading in readings])

    def _keep(self, name: str, card: FieldCard, values: list[Raw]) -> None:
        default = self.table.card.defaults.get(name)
        for place, raw_column in enumerate(columns_of(name, card)):
            self._raw[raw_column] = [raw[place] for raw in values]
        if default is not None:
            self._raw[name] = [default if value is None else value for value in self._raw[name]]

    def _fill_absent(self, name: str, card: FieldCard) -> None:
        count = len(self.table.data_rows)
        for raw_column in columns_of(name, card):
            blank = "blank" if raw_column == f"{name}_mark" else None
            self._raw[raw_column] = [blank] * count
        if name in self.table.card.defaults:
            self._raw[name] = [self.table.card.defaults[name]] * count

    def _is_wanting(self, name: str, card: FieldCard, reading: Reading) -> bool:
        """Return whether a row cannot be used for what this cell does not say."""
        if name in self.table.card.known and reading.raw[0] in (None, UNKNOWN):
            return True
        return card.required and reading.raw[0] is None and self._is_missing(reading)

    @staticmethod
    def _is_missing(reading: Reading) -> bool:
        """A required count may be `-`, `لم ترد` or `<5`: that is said; only a blank says nothing."""
        return len(reading.raw) == 1 or reading.raw[1] in (None, "blank")

    def _with_period(self, row: int, reading: Reading) -> Reading:
        """Return the reading with what its year deserves; the year is kept as the row's period."""
        value = reading.raw[0]
        year = value.year if isinstance(value, datetime.date) else value
        self._periods.append(None if year is None else str(year))
        if reading.is_bad or not isinstance(year, int):
            return reading if reading.is_bad else reading._replace(kind="period_missing", is_bad=True)
        if reading.kind == "date_in_future" or year > self.today.year:
            self.future_rows.add(row)
            return reading._replace(kind="period_in_future", is_bad=True)
        return reading if is_plausible_year(year) else reading._replace(kind="period_too_old", is_bad=True)

    # Findings

    def _note(self, row: int, column: int, name: str, reading: Reading) -> None:
        severity: Severity = "quarantine" if reading.is_bad else "flag"
        if reading.kind == "not_a_token":
            severity = "refuse"
        arguments = {"column": self.table.headers[name]}
        if reading.nearest:
            arguments["nearest"] = reading.nearest
        self._find(severity, reading.kind, row, column, arguments)

    def _find(self, severity: Severity, kind: str, row: int, column: int, arguments: Mapping[str, str]) -> None:
        cell, sheet = cell_name(row + 1, column + 1), self.table.sheet.name
        self.findings.append((row, column, Finding(severity, kind, sheet, cell, arguments)))
        if severity == "quarantine":
            self._kept_out.setdefault(row, []).append(Quarantined(sheet, row + 1, cell, kind))

    def _check_rows_after_total(self) -> None:
        first = min(self.table.columns)
        for row in sorted(self.table.rows_after_total):
            self._find("quarantine", "row_after_total", row, first, {})

    def _flag_duplicates(self) -> None:
        """Flag rows that say the same in every column; they land, the facts count a key once."""
        columns = sorted(self.table.columns)
        seen: dict[tuple[CellValue, ...], int] = {}
        for row in self.table.data_rows:
            cells = self.table.sheet.rows[row]
            first = seen.setdefault(tuple([cells[column] for column in columns]), row)
            if first != row:
                self._find("flag", "duplicate_row", row, columns[0], {"first": str(first + 1)})

    # Totals

    def _check_total(self, fields: Mapping[str, FieldCard]) -> None:
        """Compare the sender's own total with the rows above it: sums of counts, elsewhere a number of rows."""
        if self.table.total_row is None:
            return
        count = len(self.table.data_rows) - len(self.table.rows_after_total)
        if self.table.stated_count is not None:
            self._compare(0, self.table.stated_count, count, "")
        for column in sorted({*self.table.columns, *self.table.ignored}):
            stated = whole_number(self.table.sheet.rows[self.table.total_row][column])
            name = self.table.columns.get(column, "")
            if stated is None or (name and fields[name].type in ("decimal", "age", "year", "date")):
                continue
            computed = self._sum_of(name, count) if name and fields[name].type == "integer" else count
            if computed is not None:
                self._compare(column, stated, computed, name)

    def _sum_of(self, name: str, count: int) -> int | None:
        """Return the sum of a column, or None where a masked or unreadable cell leaves it open."""
        if {"masked", "error"} & set(self._raw[f"{name}_mark"][:count]):
            return None
        return sum(value for value in self._raw[name][:count] if isinstance(value, int))

    def _compare(self, column: int, stated: int, computed: int, name: str) -> None:
        if stated == computed or self.table.total_row is None:
            return
        heading = self.table.headers[name] if name else column_letters(column + 1)
        arguments = {"column": heading, "stated": str(stated), "computed": str(computed)}
        self._find("flag", "total_mismatch", self.table.total_row, column, arguments)

    # Landing

    def _landed(self) -> ConformedTable:
        keep = [place for place, row in enumerate(self.table.data_rows) if row not in self._kept_out]
        rows = [self.table.data_rows[place] for place in keep]
        place_columns: dict[str, list[RawValue]] = {
            "table_name": [self.table.name] * len(keep),
            "sheet": [self.table.sheet.name] * len(keep),
            "row_number": [row + 1 for row in rows],
            "period": [self._periods[place] for place in keep],
        }
        fields = {name: [values[place] for place in keep] for name, values in self._raw.items()}
        quarantined = [reason for row in sorted(self._kept_out) for reason in self._kept_out[row]]
        table, shape = self.table.name, self.table.card.shape
        return ConformedTable(table, shape, {**place_columns, **fields}, quarantined, len(self.table.data_rows))
