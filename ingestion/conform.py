"""The entry check of a file's rows: each data row lands or is quarantined, and each doubtful cell is named.

Belongs here: a row's period, its required fields, duplicates, the sender's totals, and the columns that land.
Does not belong here: where the rows are (`tables.py`), what a cell is worth (`cells.py`), keys and relations between
tables (dbt tests).
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ingestion.card import FieldCard, SourceCard, load_shape
from ingestion.cells import Habits, Raw, RawValue, Reader, Reading, columns_of, is_plausible_year, reader_of
from ingestion.coverage import Coverage, Covered, coverage_of
from ingestion.dates import are_mixed, order_of
from ingestion.findings import Finding, Severity, cell_name, column_letters
from ingestion.reader import UNCALCULATED, CellValue, Workbook
from ingestion.tables import FoundTable, find_tables, whole_number
from ingestion.telling import safely_read

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
        scope: the periods that the file is about, the same for all its tables.
        covered: period -> the part of it that the file covers, where that is not the whole.
    """

    table: str
    shape: str
    columns: Mapping[str, list[RawValue]]
    quarantined: list[Quarantined]
    rows_in: int
    scope: tuple[str, ...] = ()
    covered: Mapping[str, Covered] = field(default_factory=dict[str, Covered])

    @property
    def rows_landed(self) -> int:
        """The number of rows that land."""
        return len(self.columns["row_number"])

    @property
    def rows_quarantined(self) -> int:
        """The number of rows that do not."""
        return len({(row.sheet, row.row_number) for row in self.quarantined})


def replaced_by(tables: list[ConformedTable]) -> dict[str, dict[str, int]]:
    """Return shape -> period -> rows that land, of all that a file replaces.

    A file replaces the periods of its scope for every shape that its tables cover: by the rows that land, and by none
    where a table is empty. A table with rows of which none lands replaces nothing (`nothing_landed`), nor does a file
    without any row that lands.
    """
    replaced: dict[str, dict[str, int]] = {}
    landed = Counter((table.shape, str(period)) for table in tables for period in table.columns["period"])
    rows_in: Counter[str] = Counter()
    for table in tables:
        rows_in[table.shape] += table.rows_in
    for table in tables:
        for period in table.scope:
            key = table.shape, period
            if landed[key] or (not rows_in[table.shape] and any(landed[one.shape, period] for one in tables)):
                replaced.setdefault(table.shape, {})[period] = landed[key]
    return replaced


def covered_by(tables: list[ConformedTable]) -> dict[str, dict[str, dict[str, str | float | None]]]:
    """Return shape -> period -> the part of the year that a file covers, as stored; only where it is not the whole."""
    return {
        table.shape: {period: covered.as_json() for period, covered in table.covered.items()}
        for table in tables
        if table.covered
    }


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
    habits = Habits(card.day_first, today, {}, workbook.from_1904)
    passes = [_Pass(table, habits) for table in found]
    for one in passes:
        one.read()
    scope = _scope_of(passes, card)
    coverage = Coverage()
    if card.kind == "authority":
        coverage = coverage_of(found, scope, day_first=card.day_first, named=not workbook.encoding)
        findings += coverage.findings(map(int, scope))
    tables = [one.judged(scope, coverage) for one in passes]
    for one in passes:
        findings += one.ordered_findings()
    rows = sum(table.rows_in for table in tables)
    if rows and rows == sum(len(one.future_rows) for one in passes):
        return tables, [*findings, Finding("refuse", "all_periods_in_future", found[0].sheet.name)]
    for one, table in zip(passes, tables, strict=True):
        if not table.rows_landed and (table.rows_in or not rows):
            findings.append(Finding("flag", "nothing_landed", one.table.sheet.name))
    return tables, findings


def _scope_of(passes: list[_Pass], card: SourceCard) -> tuple[str, ...]:
    """Return the periods that a file is about: all of a publisher's table, of a yearly export the one of most rows."""
    counts = Counter(year for one in passes for year in one.years.values())
    if card.kind == "publisher" or not counts:
        return tuple(sorted(counts))
    return (max(counts, key=lambda year: (counts[year], year)),)


@dataclass
class _Pass:
    """One pass over one table, column by column."""

    table: FoundTable
    file_habits: Habits
    findings: list[tuple[int, int, Finding]] = field(default_factory=list[tuple[int, int, Finding]])
    future_rows: set[int] = field(default_factory=set[int])
    years: dict[int, str] = field(default_factory=dict[int, str])  # row -> period, where it can be one
    _kept_out: dict[int, list[Quarantined]] = field(default_factory=dict[int, list[Quarantined]])
    _raw: dict[str, list[RawValue]] = field(default_factory=dict[str, list[RawValue]])
    _periods: list[RawValue] = field(default_factory=list[RawValue])

    def read(self) -> None:
        """Read all columns."""
        shape = load_shape(self.table.card.shape)
        habits = replace(self.file_habits, words=self.table.card.codes, pcodes=self.table.card.pcodes)
        column_of = {name: column for column, name in self.table.columns.items()}
        for name, card in shape.fields.items():
            if name in column_of:
                self._read_column(column_of[name], name, card, reader_of(name, card, habits))
            else:
                self._fill_absent(name, card)

    def judged(self, scope: tuple[str, ...], coverage: Coverage) -> ConformedTable:
        """Return the table as it would land, in a file about these periods."""
        self._check_periods(scope)
        self._check_rows_after_total()
        self._flag_duplicates()
        self._check_total(load_shape(self.table.card.shape).fields)
        return self._landed(scope, coverage)

    def ordered_findings(self) -> list[Finding]:
        """Return the findings in the order of the sheet."""
        return [finding for _, _, finding in sorted(self.findings, key=lambda item: item[:2])]

    # Columns

    def _read_column(self, column: int, name: str, card: FieldCard, read: Reader) -> None:
        rows = self.table.sheet.rows
        if card.type == "date" and are_mixed(rows[row][column] for row in self.table.data_rows):
            read = _never_guessing(read)
        known: dict[object, Reading] = {}
        readings: list[Reading] = []
        is_period = name == self.table.card.period_field
        for row in self.table.data_rows:
            value = rows[row][column]
            key = value if isinstance(value, str) else (type(value), value)
            reading = known.get(key)
            if reading is None:
                reading = known[key] = _uncalculated(name, card) if value == UNCALCULATED else read(value)
            if is_period:
                reading = self._with_period(row, reading)
            elif not reading.kind and self._is_wanting(name, card, reading):
                reading = reading._replace(kind="required_missing", is_bad=True)
            if reading.kind:
                self._note(row, column, name, reading, card)
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
        if reading.kind == "date_in_future" or year > self.file_habits.today.year:
            self.future_rows.add(row)
            return reading._replace(kind="period_in_future", is_bad=True)
        if not is_plausible_year(year):
            return reading._replace(kind="period_too_old", is_bad=True)
        self.years[row] = str(year)
        return reading

    # Findings

    def _note(self, row: int, column: int, name: str, reading: Reading, card: FieldCard) -> None:
        severity: Severity = "quarantine" if reading.is_bad else "flag"
        if reading.kind == "not_a_token":
            severity = "refuse"
        arguments = {"column": self.table.headers[name], "expected": reading.nearest or card.good}
        if reading.nearest:
            arguments["nearest"] = reading.nearest
        if read := safely_read(self.table.sheet.rows[row][column], card, reading.nearest):
            arguments["read"] = read
        self._find(severity, reading.kind, row, column, arguments)

    def _find(self, severity: Severity, kind: str, row: int, column: int, arguments: Mapping[str, str]) -> None:
        cell, sheet = cell_name(row + 1, column + 1), self.table.sheet.name
        self.findings.append((row, column, Finding(severity, kind, sheet, cell, arguments)))
        if severity == "quarantine":
            self._kept_out.setdefault(row, []).append(Quarantined(sheet, row + 1, cell, kind))

    def _check_periods(self, scope: tuple[str, ...]) -> None:
        """Keep out the rows of other periods: the file of their own year would count them once more."""
        name = self.table.card.period_field
        column = next(column for column, field_name in self.table.columns.items() if field_name == name)
        for row, year in self.years.items():
            if year not in scope:
                arguments = {"column": self.table.headers[name], "period": ", ".join(scope), "year": year}
                self._find("quarantine", "period_outside_file", row, column, arguments)

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
        row = self.table.sheet.rows[self.table.total_row]
        if UNCALCULATED in row:
            self._find("flag", "formula_uncalculated", self.table.total_row, row.index(UNCALCULATED), {})
        count = len(self.table.data_rows) - len(self.table.rows_after_total)
        if self.table.stated_count is not None:
            self._compare(0, self.table.stated_count, count, "")
        for column in sorted({*self.table.columns, *self.table.ignored}):
            stated = whole_number(row[column])
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

    def _landed(self, scope: tuple[str, ...], coverage: Coverage) -> ConformedTable:
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
        table, shape, rows_in = self.table.name, self.table.card.shape, len(self.table.data_rows)
        parts = {period: part for period in scope if (part := coverage.of(shape, int(period)))}
        return ConformedTable(table, shape, {**place_columns, **fields}, quarantined, rows_in, scope, parts)


def _never_guessing(read: Reader) -> Reader:
    """Return a reader of dates for a column that holds both orders of day and month: the card's word proves nothing."""

    def read_doubting(value: object) -> Reading:
        return Reading((None,), "date_ambiguous", True) if order_of(value) == "either" else read(value)

    return read_doubting


def _uncalculated(name: str, card: FieldCard) -> Reading:
    """Return what a formula without a result is worth: nothing, and least of all the zero that many programs store."""
    raw = tuple("error" if column == f"{name}_mark" else None for column in columns_of(name, card))
    return Reading(raw, "formula_uncalculated", True)
