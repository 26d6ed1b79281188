"""Which part of a year a file covers: what its titles and sheet names state, table by table.

Belongs here: finding the titles, what they mean for a file, and the record of a part of a year.
Does not belong here: reading a period out of words (`periods.py`), the periods of rows (`row_checks.py`).

An export is taken to cover its whole year unless it states otherwise. One that states a part (`لغاية 15/10/2025`) lands
like any other, and the part is shown throughout: in the finding, the receipt, the current submissions and the coverage
of the indicators. Nothing is scaled up to a year.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from ingestion.findings import Finding, cell_name
from ingestion.tables.footnotes import is_dated_line
from ingestion.tables.sheets_of_tables import filled_columns
from ingestion.tables.table_finder import FoundTable
from ingestion.text.periods import Period, PeriodReading, read_period, whole_year

_TITLES_WITHIN = 12  # rows above the header
_TITLE_CELLS = 2  # a row of more cells is a header


class StoredPart(TypedDict):
    """The part of a year that a file covers, as a receipt stores it: ISO days, null if unclear."""

    start: str | None
    end: str | None
    completeness: float | None


@dataclass(frozen=True)
class Covered:
    """The part of a year that a file covers; all three are None if it states a part whose days are unclear.

    Args:
        start: the first day.
        end: the last day.
        completeness: the share of the year's days, 0 to 1; less than from start to end if parts in between are missing.
    """

    start: datetime.date | None = None
    end: datetime.date | None = None
    completeness: float | None = None

    @classmethod
    def of_year(cls, year: int) -> Covered:
        """Return a whole year."""
        whole = whole_year(year)
        return cls(whole.start, whole.end, 1.0)

    @classmethod
    def from_json(cls, stored: StoredPart) -> Covered:
        """Return what `as_json` stored."""
        return cls(_day_of(stored["start"]), _day_of(stored["end"]), stored["completeness"])

    def as_json(self) -> StoredPart:
        """Return it as a receipt stores it."""
        start, end = (day.isoformat() if day else None for day in (self.start, self.end))
        return {"start": start, "end": end, "completeness": self.completeness}


@dataclass(frozen=True)
class StatedPart:
    """One title that states a part of a year."""

    shape: str
    reading: PeriodReading
    sheet: str
    cell: str = ""


@dataclass(frozen=True)
class Coverage:
    """The parts of years that a file states to cover; empty if it states none."""

    statements: list[StatedPart] = field(default_factory=list[StatedPart])

    def covered_part(self, shape: str, year: int) -> Covered | None:
        """Return the part of a year that the tables of a shape cover, or None for the whole year.

        A shape whose own titles state nothing is covered as the file's other titles state: it is one export.
        """
        own = [statement for statement in self.statements if statement.shape == shape] or self.statements
        parts = [
            part for statement in own if statement.reading.period and (part := statement.reading.period.within(year))
        ]
        days, whole = _days_of(parts), _days_of([whole_year(year)])
        if days == whole:
            return None
        if any(statement.reading.is_unclear for statement in own):
            return Covered()
        if not parts:
            return None
        share = round(len(days) / len(whole), 4)
        return Covered(min(part.start for part in parts), max(part.end for part in parts), share)

    def findings(self, years: Iterable[int]) -> Iterator[Finding]:
        """Yield one flag for each title that states a part of these years."""
        wanted = set(years)
        for statement in self.statements:
            period = statement.reading.period
            if period is None:
                yield Finding("flag", "period_unclear", statement.sheet, statement.cell)
            elif wanted & {period.start.year, period.end.year}:
                start, end = period.start.isoformat(), period.end.isoformat()
                share = f"{round(100 * period.completeness)}"
                arguments = {"start": start, "end": end, "share": share, "period": str(period.year)}
                yield Finding("flag", "partial_period", statement.sheet, statement.cell, arguments)


def scope_of(years: Iterable[Iterable[str]], *, of_all: bool) -> tuple[str, ...]:
    """Return the periods that a file covers.

    Args:
        years: for each table, the period of each of its rows.
        of_all: whether it covers all of them, like a publisher's table; else it covers the one with most rows.
    """
    counts = Counter(year for own in years for year in own)
    if of_all or not counts:
        return tuple(sorted(counts))
    return (max(counts, key=lambda year: (counts[year], year)),)


def coverages_of(
    tables: Sequence[FoundTable], scopes: Sequence[tuple[str, ...]], *, day_first: bool | None, named: bool
) -> dict[tuple[str, ...], Coverage]:
    """Return for each scope what its own tables state: the title of a sheet of one year does not apply to another's.

    Args:
        tables: of a file.
        scopes: the periods of each of them, in their order.
        day_first: as in `coverage_of`, like the next.
        named: whether the sheets have names of their own.
    """
    own: dict[tuple[str, ...], list[FoundTable]] = {}
    for table, scope in zip(tables, scopes, strict=True):
        own.setdefault(scope, []).append(table)
    return {scope: coverage_of(of_scope, scope, day_first=day_first, named=named) for scope, of_scope in own.items()}


def coverage_of(tables: list[FoundTable], years: tuple[str, ...], *, day_first: bool | None, named: bool) -> Coverage:
    """Return what the titles and sheet names of a file's tables state.

    Args:
        tables: the tables that were found.
        years: the periods of the file; a title without a year means their only one.
        day_first: as in `typed_dates.read_date`.
        named: whether the sheets have names of their own, which a text file has not.
    """
    year = int(years[0]) if len(years) == 1 else None
    statements: dict[tuple[str, str, str], StatedPart] = {}
    for table in tables:
        for cell, text in _titles(table, named=named):
            reading = read_period(text, day_first=day_first, year=year)
            if reading.is_unclear or (reading.period and not reading.period.is_whole_year):
                statement = StatedPart(table.card.shape, reading, table.sheet.name, cell)
                statements.setdefault((statement.shape, statement.sheet, cell), statement)
    return Coverage(list(statements.values()))


def stated_parts(table: FoundTable) -> list[Period]:
    """Return the parts of a year that a table's titles and its sheet's name state beyond doubt; none for a whole year.

    What depends on the order of day and month is left out, so that this may prove the order.
    """
    year = table.stated_year or table.sheet_year
    readings = [read_period(text, day_first=None, year=year) for _, text in _titles(table, named=True)]
    return [reading.period for reading in readings if reading.period and not reading.period.is_whole_year]


def _titles(table: FoundTable, *, named: bool) -> Iterator[tuple[str, str]]:
    """Yield place and text of the lines above a table, nearest first, and the name of its sheet."""
    for row in reversed(table.title_rows[-_TITLES_WITHIN:]):
        there = filled_columns(table.sheet.rows[row])
        if len(there) <= _TITLE_CELLS:
            for column in there:
                value = table.sheet.rows[row][column]
                if isinstance(value, str) and not is_dated_line(value):
                    yield cell_name(row + 1, column + 1), value
    if named:
        yield "", table.sheet.name if table.sheet_states is None else table.sheet_states


def _day_of(stored: str | float | None) -> datetime.date | None:
    return datetime.date.fromisoformat(stored) if isinstance(stored, str) else None


def _days_of(periods: list[Period]) -> set[int]:
    return {day for period in periods for day in range(period.start.toordinal(), period.end.toordinal() + 1)}
