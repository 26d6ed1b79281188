"""The entry check of a file's rows: each data row lands or is quarantined, and each doubtful cell is named.

Belongs here: a row's period, its required fields, duplicates, the sender's totals, and the columns that land.
Does not belong here: where the rows are (`table_finder.py`), what a cell's text means (`cell_values.py`), keys and
relations between tables (dbt tests).
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from ingestion.cards.source_card import PLACE_FIELD, FieldCard, SourceCard, load_shape
from ingestion.cards.stored_text import is_dropped
from ingestion.entry.checked_tables import CELL_COLUMN, ConformedTable, Quarantined
from ingestion.entry.checksums import Counts, Mismatch, find_wrong_rows, find_wrong_totals, uncalculated_totals
from ingestion.entry.date_columns import Answers, DateColumn
from ingestion.files.cell_marks import UNCALCULATED, kind_of_mark
from ingestion.files.reader import CellValue, Sheet, Workbook
from ingestion.findings import Finding, Severity, cell_name, column_letters, refuses
from ingestion.tables.cell_values import (
    CellReading,
    Habits,
    Raw,
    RawValue,
    Reader,
    columns_of,
    is_plausible_year,
    reader_of,
    suggested_word,
)
from ingestion.tables.coverage import Coverage, coverages_of, scope_of
from ingestion.tables.signatures import looks_like
from ingestion.tables.table_finder import FoundTable
from ingestion.tables.taken_file import TakenFile, take
from ingestion.text.date_order import ColumnOrder
from ingestion.text.folding import ascii_digits
from ingestion.text.typed_numbers import DecimalSign, decimal_sign_of

UNKNOWN = "_U"  # in every code list: the sender states that it is not known
_NUMBERS = ("year", "integer", "decimal")  # types whose cells a sign before the decimals changes
_DATE = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2,4}|\d{4}([/.-])\d{1,2}\2\d{1,2}|\d{4}")
_NUMBER = re.compile(r"[+-]?\d{1,6}([.,]\d{1,3})?")  # seven digits may be a telephone


def conform(
    workbook: Workbook, card: SourceCard, today: datetime.date, answers: Answers | None = None
) -> tuple[list[ConformedTable], list[Finding]]:
    """Return a workbook's tables as they would land, and all findings of structure and cells: `take`, then `read_rows`.

    Args:
        workbook: as read.
        card: the source's card.
        today: a period after it is in the future.
        answers: about columns of dates.
    """
    return read_rows(take(workbook, card, today), card, today, answers)


def read_rows(
    taken: TakenFile, card: SourceCard, today: datetime.date, answers: Answers | None = None
) -> tuple[list[ConformedTable], list[Finding]]:
    """Return the tables of a taken file as they would land, and all findings of structure and cells.

    The same for the same taken file, card and answers, whenever it is asked. While the file is still there with its
    sender (`TakenFile.typed`), the findings also tell her what was typed.

    Args:
        taken: what the house has of the file.
        card: the source's card.
        today: the day of coming: a period after it is in the future.
        answers: about columns of dates.
    """
    found_tables, findings = taken.tables, list(taken.findings)
    if refuses(findings):
        return [], findings
    dates = ColumnOrder(card.day_first, from_1904=taken.from_1904)
    typed = taken.typed or [table.sheet for table in found_tables]
    passes = [
        _Pass(table, sheet, Habits(today, {}, dates), answers or {})
        for table, sheet in zip(found_tables, typed, strict=True)
    ]
    for table_pass in passes:
        table_pass.read_columns()
    _keep_out_copies(passes)
    unnamed = [
        table_pass for table_pass in passes if not table_pass.own_scope
    ] or passes  # a sheet named for a year is an export of its own
    scope = scope_of((table_pass.years.values() for table_pass in unnamed), of_all=card.kind == "publisher")
    scopes = [table_pass.own_scope or scope for table_pass in passes]
    own_coverages = coverages_of(found_tables, scopes, day_first=card.day_first, named=taken.is_named)
    coverages = own_coverages if card.kind == "authority" else {}
    for own, coverage in coverages.items():
        findings += coverage.findings(map(int, own))
    tables = [
        table_pass.conform_table(own, coverages.get(own, Coverage()))
        for table_pass, own in zip(passes, scopes, strict=True)
    ]
    for table_pass in passes:
        findings += table_pass.ordered_findings()
    rows = sum(table.rows_in for table in tables)
    if rows and rows == sum(len(table_pass.future_rows) for table_pass in passes):
        return tables, [*findings, Finding("refuse", "all_periods_in_future", found_tables[0].sheet.name)]
    for table_pass, table in zip(passes, tables, strict=True):
        if not table.rows_landed and (table.rows_in or not rows):
            findings.append(Finding("flag", "nothing_landed", table_pass.table.sheet.name))
    return tables, findings


def _keep_out_copies(passes: list[_Pass]) -> None:
    """Keep out the rows of each hidden table that holds the same rows as a shown one: both would count them."""
    hidden = [table_pass for table_pass in passes if table_pass.is_hidden]
    shown = {(one.table.name, one.understood_rows()) for one in passes if hidden and not one.is_hidden}
    for table_pass in hidden:
        rows = table_pass.understood_rows()
        if rows and (table_pass.table.name, rows) in shown:
            table_pass.keep_out_copy()


@dataclass
class _Pass:
    """One pass over one table, column by column."""

    table: FoundTable
    typed: Sheet
    file_habits: Habits
    answers: Answers
    findings: list[tuple[int, int, Finding]] = field(default_factory=list[tuple[int, int, Finding]])
    future_rows: set[int] = field(default_factory=set[int])
    years: dict[int, str] = field(default_factory=dict[int, str])  # row -> period, if the row has a valid one
    _kept_out: dict[int, list[Quarantined]] = field(default_factory=dict[int, list[Quarantined]])
    _dates: dict[int, DateColumn] = field(default_factory=dict[int, DateColumn])  # columns of dates
    _raw: dict[str, list[RawValue]] = field(default_factory=dict[str, list[RawValue]])
    _periods: list[RawValue] = field(default_factory=list[RawValue])
    _cells: dict[int, list[Raw]] = field(default_factory=dict[int, list[Raw]])  # column of figures -> raw values

    @property
    def own_scope(self) -> tuple[str, ...]:
        """The year that the sheet is named after; empty for any other sheet."""
        return () if self.table.sheet_year is None else (str(self.table.sheet_year),)

    @property
    def is_hidden(self) -> bool:
        """Whether nobody who opens the file sees any of its rows."""
        return bool(self.table.data_rows) and self.table.hidden_rows.issuperset(self.table.data_rows)

    def understood_rows(self) -> frozenset[tuple[tuple[CellValue, ...], int]]:
        """Return each row with how often it stands in the table; none if a cell of any was not understood."""
        rows, columns = self.table.sheet.rows, self.table.read_columns
        cells = [tuple([rows[row][column] for column in columns]) for row in self.table.data_rows]
        if any(kind_of_mark(cell) for row in cells for cell in row):
            return frozenset()
        return frozenset(Counter(cells).items())

    def keep_out_copy(self) -> None:
        """Quarantine every row of a hidden table that is there a second time: which of both is meant, nobody says."""
        for row in self.table.data_rows:
            self._find("quarantine", "row_of_hidden_copy", row, self.table.read_columns[0], {})

    def read_columns(self) -> None:
        """Read all columns."""
        shape = load_shape(self.table.card.shape)
        habits = replace(self.file_habits, words=self.table.card.codes, pcodes=self.table.card.pcodes)
        column_of = {name: column for column, name in (*self.table.columns.items(), *self.table.second.items())}
        for name, card in shape.fields.items():
            if name in column_of:
                columns = [column_of[name]] if card.type in _NUMBERS else []
                own = replace(habits, decimal_sign=self._decimal_sign_of(columns))
                if card.type == "date":
                    dates = DateColumn.from_column(
                        self.table, column_of[name], self.file_habits.dates, self.answers, self.file_habits.today
                    )
                    self._dates[column_of[name]], own = dates, replace(own, dates=dates.order)
                self._read_column(column_of[name], name, card, reader_of(name, card, own))
            elif name == self.table.card.period_field:
                self._take_stated_year(name, card)
            else:
                self._fill_absent(name, card)
        self._take_place_of_sheet(column_of)
        if self.table.cells:
            self._read_cells(shape.figure, shape.fields[shape.figure], habits)

    def conform_table(self, scope: tuple[str, ...], coverage: Coverage) -> ConformedTable:
        """Return the table as it would land, in a file that covers these periods."""
        self._check_periods(scope)
        self._keep_out_strangers()
        self._flag_duplicates()
        self._flag_hidden()
        self._check_sums()
        return self._landed_columns(scope, coverage)

    def ordered_findings(self) -> list[Finding]:
        """Return the findings in the order of the sheet."""
        return [finding for _, _, finding in sorted(self.findings, key=lambda item: item[:2])]

    # Columns

    def _read_column(self, column: int, name: str, card: FieldCard, read: Reader) -> None:
        if name == self.table.card.period_field:
            read_each = zip(self.table.data_rows, self._readings(column, name, card, read), strict=True)
            readings = [self._add_period(row, reading) for row, reading in read_each]
        else:
            readings = self._readings(column, name, card, self._refuse_missing(name, card, read))
        dates, doubtful = self._dates.get(column), list[int]()
        for row, reading in zip(self.table.data_rows, readings, strict=True):
            if dates and dates.is_doubted(reading.kind):
                doubtful += [] if row in self.table.foreign_rows else [row]
            elif reading.kind:
                self._note(row, column, self.table.headers[name], reading, card)
        if dates and doubtful:
            self.findings.append((self.table.title_rows.stop, column, dates.finding(doubtful)))
            for row, reason in dates.reasons(doubtful):
                self._kept_out.setdefault(row, []).append(reason)
        self._keep(name, card, [reading.raw for reading in readings])

    def _decimal_sign_of(self, columns: Collection[int]) -> DecimalSign:
        """Return the decimal sign that the cells proved as typed, else that they prove by what persons decided."""
        proved: list[DecimalSign] = [sign for column in columns if (sign := self.table.decimal_signs.get(column))]
        return proved[0] if proved else decimal_sign_of(value for column in columns for value in self._values(column))

    def _values(self, column: int) -> list[CellValue]:
        rows = self.table.sheet.rows
        return [rows[row][column] for row in self.table.data_rows]

    def _readings(self, column: int, name: str, card: FieldCard, read: Reader) -> list[CellReading]:
        """Return the reading of each data row's cell in a column; equal cells are read once."""
        known: dict[object, CellReading] = {UNCALCULATED: _read_uncalculated(name, card)}
        readings: list[CellReading] = []
        for value in self._values(column):
            key = value if type(value) is str else (type(value), value)  # 1, 1.0 and True are three different values
            reading = known.get(key)
            if reading is None:
                reading = known[key] = read(value)
            readings.append(reading)
        return readings

    def _refuse_missing(self, name: str, card: FieldCard, read: Reader) -> Reader:
        """Return a reader that quarantines a row if it lacks a value that the table cannot be used without."""

        def read_wanted(value: object) -> CellReading:
            reading = read(value)
            is_wanting = not reading.kind and self._is_wanting(name, card, reading)
            return reading._replace(kind="required_missing", is_bad=True) if is_wanting else reading

        return read_wanted

    def _read_cells(self, name: str, card: FieldCard, habits: Habits) -> None:
        """Read the columns of figures; a blank figure is stored as blank, a row without any figure does not land."""
        own = replace(habits, decimal_sign=self._decimal_sign_of(self.table.cells))
        read = reader_of(name, card, own)
        for column, heading in self.table.cells.items():
            readings = self._readings(column, name, card, read)
            for row, reading in zip(self.table.data_rows, readings, strict=True):
                if reading.kind:
                    self._note(row, column, heading, reading, card)
            self._cells[column] = [reading.raw for reading in readings]
        first = min(self.table.cells)
        for place, row in enumerate(self.table.data_rows):
            if all(raws[place][1] == "blank" for raws in self._cells.values()):
                missing = CellReading((None,), "required_missing", True)
                self._note(row, first, self.table.cells[first], missing, card)

    def _take_stated_year(self, name: str, card: FieldCard) -> None:
        """Give every row the year of the title or of the sheet's name."""
        year, column = self.table.stated_year, self.table.read_columns[0]
        for row in self.table.data_rows:
            reading = self._add_period(row, CellReading((year,)))
            if reading.kind:
                self._note(row, column, self.table.headers[name], reading, card)
        self._keep(name, card, [(year,)] * len(self.table.data_rows))

    def _take_place_of_sheet(self, read: Mapping[str, int]) -> None:
        """Give every row the governorate that the sheet is named after, if no column states one."""
        place = self.table.sheet_place
        if not place or PLACE_FIELD not in self._raw or PLACE_FIELD in read or not self.table.data_rows:
            return
        self._raw[PLACE_FIELD] = [place] * len(self.table.data_rows)
        if not self.table.card.place_from:
            self._find("flag", "place_from_sheet", self.table.data_rows[0], self.table.read_columns[0], {})

    def _keep(self, name: str, card: FieldCard, values: list[Raw]) -> None:
        default = self.table.card.defaults.get(name)
        for place, raw_column in enumerate(columns_of(name, card)):
            self._raw[raw_column] = [raw[place] for raw in values]
        if is_dropped(card.type, card.kept_because):
            self._raw[columns_of(name, card)[0]] = [None] * len(values)
        if default is not None:
            self._raw[name] = [default if value is None else value for value in self._raw[name]]

    def _fill_absent(self, name: str, card: FieldCard) -> None:
        count = len(self.table.data_rows)
        for raw_column in columns_of(name, card):
            blank = "blank" if raw_column == f"{name}_mark" else None
            self._raw[raw_column] = [blank] * count
        if name in self.table.card.defaults:
            self._raw[name] = [self.table.card.defaults[name]] * count

    def _is_wanting(self, name: str, card: FieldCard, reading: CellReading) -> bool:
        """Return whether a row cannot be used because this cell gives no value."""
        if name in self.table.card.known and reading.raw[0] in (None, UNKNOWN):
            return True
        return card.required and reading.raw[0] is None and self._is_missing(reading)

    @staticmethod
    def _is_missing(reading: CellReading) -> bool:
        """Return whether a required value is missing: `-`, `لم ترد` and `<5` say something; only a blank does not."""
        return len(reading.raw) == 1 or reading.raw[1] in (None, "blank")

    def _add_period(self, row: int, reading: CellReading) -> CellReading:
        """Return the reading with the findings on its year; the year is stored as the row's period."""
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

    def _note(self, row: int, column: int, heading: str, reading: CellReading, card: FieldCard) -> None:
        if row in self.table.foreign_rows:
            return  # its headings are not those of this table; that alone quarantines it
        severity: Severity = "quarantine" if reading.is_bad else "flag"
        arguments = {"column": heading}
        value, nearest = self.typed.rows[row][column], ""
        if reading.kind == "unknown_code":  # what was typed is there for its sender alone
            nearest = suggested_word(value, card, self.table.card.codes.get(self.table.columns.get(column, ""), {}))
        if nearest:
            arguments["nearest"] = nearest
        if expected := nearest or ("" if reading.kind == "unknown_code" else card.good):
            arguments["expected"] = expected  # an example could be mistaken for the intended word
        if read := _figure_read(value, card):
            arguments["read"] = read
        if reading.kind == "not_a_token" and (line := looks_like(self.typed.rows, row)):
            arguments["looks_like"] = line
        self._find(severity, reading.kind, row, column, arguments)

    def _find(self, severity: Severity, kind: str, row: int, column: int, arguments: Mapping[str, str]) -> None:
        cell, sheet = cell_name(row + 1, column + 1), self.table.sheet.name
        self.findings.append((row, column, Finding(severity, kind, sheet, cell, arguments)))
        if severity == "quarantine":
            self._kept_out.setdefault(row, []).append(Quarantined(self.table.place, row + 1, cell, kind))

    def _check_periods(self, scope: tuple[str, ...]) -> None:
        """Quarantine the rows of other periods: the file of their own year would count them again."""
        name = self.table.card.period_field
        columns = (column for column, field_name in self.table.columns.items() if field_name == name)
        column = next(columns, self.table.read_columns[0])
        for row, year in self.years.items():
            if year not in scope:
                arguments = {"column": self.table.headers[name], "period": ", ".join(scope), "year": year}
                self._find("quarantine", "period_outside_file", row, column, arguments)

    def _keep_out_strangers(self) -> None:
        """Quarantine what stands below the total, or below an unknown header."""
        first = self.table.read_columns[0]
        for row in sorted(self.table.rows_after_total):
            self._find("quarantine", "row_after_total", row, first, {})
        for row in sorted(self.table.foreign_rows):
            self._find("quarantine", "row_of_unknown_table", row, first, {})

    def _flag_duplicates(self) -> None:
        """Flag rows that are equal in every column; they land, and the facts count each key once."""
        columns = self.table.read_columns
        seen: dict[tuple[CellValue, ...], int] = {}
        for row in self.table.data_rows:
            cells = self.table.sheet.rows[row]
            if any(kind_of_mark(cells[column]) for column in columns):
                continue  # two words that nobody has learnt are not known to be equal
            first = seen.setdefault(tuple([cells[column] for column in columns]), row)
            if first != row:
                self._find("flag", "duplicate_row", row, columns[0], {"first": str(first + 1)})

    def _flag_hidden(self) -> None:
        """Flag once that rows which are hidden are counted, with their periods."""
        hidden = [row for row in self.table.data_rows if row in self.table.hidden_rows and row not in self._kept_out]
        if hidden:
            periods = ", ".join(sorted({self.years[row] for row in hidden if row in self.years}))
            arguments = {"rows": str(len(hidden)), "periods": periods}
            self._find("flag", "rows_hidden", hidden[0], self.table.read_columns[0], arguments)

    # Sums

    def _check_sums(self) -> None:
        """Check the sender's own sums against their parts; totals first, then each row's own sum."""
        for row, column in uncalculated_totals(self.table):
            self._find("flag", "formula_uncalculated", row, column, {})
        if not self.table.totals and not self.table.card.sums:
            return
        fields = load_shape(self.table.card.shape).fields
        integers = {column: name for column, name in self.table.columns.items() if fields[name].type == "integer"}
        counts = {column: Counts(self._raw[name], self._raw[f"{name}_mark"]) for column, name in integers.items()}
        for column, raws in self._cells.items():
            counts[column] = Counts([raw[0] for raw in raws], [raw[1] for raw in raws])
        for wrong in find_wrong_totals(self.table, counts):
            self._flag("total_mismatch", wrong)
        headings = {column: self.table.headers[name] for column, name in integers.items()} | self.table.cells
        for wrong in find_wrong_rows(self.table, counts, {heading: column for column, heading in headings.items()}):
            self._flag("sum_mismatch", wrong)

    def _flag(self, kind: str, wrong: Mismatch) -> None:
        name = self.table.columns.get(wrong.column, "")
        heading = self.table.cells.get(wrong.column) or self.table.headers.get(name) or column_letters(wrong.column + 1)
        arguments = {"column": heading, "stated": str(wrong.stated), "computed": str(wrong.computed)}
        self._find("flag", kind, wrong.row, wrong.column, arguments)

    # Landing

    def _landed_columns(self, scope: tuple[str, ...], coverage: Coverage) -> ConformedTable:
        keep = [place for place, row in enumerate(self.table.data_rows) if row not in self._kept_out]
        shape = load_shape(self.table.card.shape)
        if self._cells:
            columns = self._records_of_cells(keep, shape.figure, shape.fields[shape.figure])
        else:
            columns = self._places(keep) | {
                name: [values[place] for place in keep] for name, values in self._raw.items()
            }
            if shape.is_of_cells:
                figure = next(column for column, name in self.table.columns.items() if name == shape.figure)
                columns[CELL_COLUMN] = [column_letters(figure + 1)] * len(keep)
        quarantined = [reason for row in sorted(self._kept_out) for reason in self._kept_out[row]]
        parts = {period: part for period in scope if (part := coverage.covered_part(shape.name, int(period)))}
        rows_in = len(self.table.data_rows)
        return ConformedTable(self.table.name, shape.name, columns, quarantined, rows_in, scope, parts)

    def _places(self, keep: list[int]) -> dict[str, list[RawValue]]:
        return {
            "table_name": [self.table.name] * len(keep),
            "sheet": [self.table.place] * len(keep),
            "row_number": [self.table.data_rows[place] + 1 for place in keep],
            "period": [self._periods[place] for place in keep],
        }

    def _records_of_cells(self, keep: list[int], figure: str, card: FieldCard) -> dict[str, list[RawValue]]:
        """Return one record for each figure of the rows that land, with the labels of its column."""
        cells = sorted(self.table.cells.items())
        repeated = [place for place in keep for _ in cells]
        columns = self._places(repeated) | {
            name: [values[place] for place in repeated] for name, values in self._raw.items()
        }
        columns[CELL_COLUMN] = [column_letters(column + 1) for _ in keep for column, _ in cells]
        for at, raw_column in enumerate(columns_of(figure, card)):
            columns[raw_column] = [self._cells[column][place][at] for place in keep for column, _ in cells]
        labels = [self.table.card.cells[heading] for _, heading in cells]
        for name in {name for label in labels for name in label}:
            own = [label.get(name) for label in labels]
            columns[name] = [
                own[at % len(own)] if own[at % len(own)] is not None else value
                for at, value in enumerate(columns[name])
            ]
        return columns


def _figure_read(value: CellValue, card: FieldCard) -> str:
    """Return a date or a short number as it was typed; nothing else that was typed is repeated."""
    text = value.isoformat()[:10] if isinstance(value, datetime.date) else str(value).strip()
    form = _DATE if card.type in ("date", "year") else _NUMBER if card.type in _NUMBERS else None
    return text if form and form.fullmatch(ascii_digits(text)) else ""


def _read_uncalculated(name: str, card: FieldCard) -> CellReading:
    """Return the reading of a formula without a result: no value, least of all the zero that many programs store."""
    raw = tuple("error" if column == f"{name}_mark" else None for column in columns_of(name, card))
    return CellReading(raw, "formula_uncalculated", True)
