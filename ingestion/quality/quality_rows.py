"""The landed rows of an agency as frames: which cells are known, and which could be.

Belongs here: reading the rows that count, and what a known, an unknown and an empty cell are in each type of field;
`quality.yml`. Does not belong here: the measures (`methods/data_quality.py`), which rows count
(`current_submissions.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from ingestion.cards.card_errors import IngestionCard, Pair
from ingestion.cards.source_card import FieldCard, SourceCard, load_shape, read_yaml, validate
from ingestion.home import Home
from ingestion.submissions.files_in_force import CountedPeriod, is_whole
from ingestion.submissions.raw_rows import rows_path

UNKNOWN = "_U"
_AGE_COLUMNS = ("age_years", "birth_year", "age_group_code")


class Condition(IngestionCard):
    """When a field is expected: if another field is known, or has one of some codes; never, if it names none."""

    field: str = ""
    codes: list[str] = Field(default_factory=list[str])


class Rules(IngestionCard):
    """`quality.yml`: `shape.field` -> condition; shape -> dates in order; shapes of months; shape -> least age.

    Also: shape -> pairs of a part and its whole; shape -> columns in which one label is the total of the others.
    """

    applies: dict[str, Condition]
    whole_months: list[str]
    least_age: dict[str, int]
    parts: dict[str, list[Pair]]
    sums: dict[str, list[str]]


@cache
def rules() -> Rules:
    """Return the rules about shapes that the measures need.

    Raises:
        Refusal: `card_invalid`.
    """
    path = Path(__file__).with_name("quality.yml")
    return validate(Rules, read_yaml(path), path)


def rows_of(home: Home, counting: Sequence[CountedPeriod]) -> dict[str, pd.DataFrame]:
    """Return shape -> the rows that count, of all periods; a shape without rows is left out."""
    import pyarrow.parquet as pq

    frames_of: dict[str, list[pd.DataFrame]] = {}
    for entry in counting:
        path = rows_path(home, entry.shape, entry.receipt.source, entry.receipt.submission)
        if entry.rows and path.exists():
            with pq.ParquetFile(path) as file:
                rows = file.read().to_pandas()
            frames_of.setdefault(entry.shape, []).append(rows[rows["period"] == entry.period])
    return {shape: pd.concat(frames, ignore_index=True) for shape, frames in frames_of.items()}


def numbers_of(source: str, counting: Sequence[CountedPeriod]) -> pd.DataFrame:
    """Return the numbers of records by year, with every year between the first and the last of a kind.

    Returns:
        `body`, `variable` (the shape), `period`, `rows` (0 if none came), `value` (the same; NaN if nothing came and
        for a part of a year, which is not part of a series), `came`, `is_part`.
    """
    counted_years: list[_CountedYear] = []
    by_shape: dict[str, dict[int, list[CountedPeriod]]] = {}
    for entry in counting:
        by_shape.setdefault(entry.shape, {}).setdefault(int(entry.period), []).append(entry)
    for shape, years in by_shape.items():
        for year in range(min(years), max(years) + 1):
            entries = years.get(year, [])
            is_part = bool(entries) and not is_whole(entries)
            rows = sum(entry.rows for entry in entries)
            value = float(rows) if entries and not is_part else float("nan")
            counted_years.append(_CountedYear(source, shape, year, rows, value, bool(entries), is_part))
    return pd.DataFrame(counted_years, columns=list(_CountedYear._fields))


class _CountedYear(NamedTuple):
    body: str
    variable: str
    period: int
    rows: int
    value: float
    came: bool
    is_part: bool


def fields_of(sender: SourceCard, shape: str) -> list[str]:
    """Return the fields of a shape for which the sender's files have a column, in the order of the shape."""
    tables = [table for table in sender.tables.values() if table.shape == shape]
    read = {name for table in tables for name in (*table.columns.values(), *table.also_as.values())}
    if any(table.cells for table in tables):
        read.add(load_shape(shape).figure)
    return [name for name in load_shape(shape).fields if name in read]


def fields_without_column(sender: SourceCard, shape: str) -> list[str]:
    """Return the fields that every record of a shape should have, and for which the sender's files have no column."""
    tables = [table for table in sender.tables.values() if table.shape == shape]
    filled = {name for table in tables for name in table.defaults}
    filled |= {name for table in tables for labels in table.cells.values() for name in labels}
    known = {*fields_of(sender, shape), *filled}
    return [name for name in load_shape(shape).fields if name not in known and f"{shape}.{name}" not in rules().applies]


def is_judged(sender: SourceCard, shape: str, field: str) -> bool:
    """Return whether a gap in a field means something.

    It does if the field is expected in every record, or in those of a condition, or if the sender's own card requires
    it.
    """
    condition = rules().applies.get(f"{shape}.{field}")
    tables = [table for table in sender.tables.values() if table.shape == shape]
    required = {table.columns.get(header, "") for table in tables for header in table.required_headers}
    return condition is None or bool(condition.field) or field in required


def expected_rows(rows: pd.DataFrame, shape: str, field: str) -> pd.DataFrame:
    """Return the rows in which a field is expected; all of them if its rule has no condition."""
    condition = rules().applies.get(f"{shape}.{field}")
    if condition is None or not condition.field:
        return rows
    other = rows[condition.field]
    return rows[other.isin(condition.codes)] if condition.codes else rows[other.notna()]


def known_rows(rows: pd.DataFrame, field: str, card: FieldCard) -> pd.Series:
    """Return for each row whether the field is known."""
    if card.type == "age":
        return rows[list(_AGE_COLUMNS)].notna().any(axis=1)
    own = rows[field]
    if card.type in ("code", "codes"):
        return own.notna() & own.ne(UNKNOWN)
    if card.type == "integer" and card.masked:
        return own.notna() | rows[f"{field}_high"].notna()
    return own.notna()


def rows_stated_unknown(rows: pd.DataFrame, field: str, card: FieldCard) -> pd.Series:
    """Return for each row whether the sender stated that the field is unknown; only lists and counts can state it."""
    if card.type in ("code", "codes"):
        return rows[field].eq(UNKNOWN)
    if card.type == "integer":
        return rows[f"{field}_mark"].eq("not_received")
    return pd.Series(data=False, index=rows.index)


def cells(source: str, sender: SourceCard, rows: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return how many cells of each field and year are known.

    Returns:
        `body`, `variable` (`shape.field`), `shape`, `field`, `period`, `records` (in which the field is expected),
        `known`, `stated_unknown`.
    """
    counted: list[tuple[str | int, ...]] = []
    for shape, own in rows.items():
        years, year_of_row = np.unique(own["period"].astype(int), return_inverse=True)
        for field in fields_of(sender, shape):
            card, asked = load_shape(shape).fields[field], expected_rows(own, shape, field)
            at = year_of_row[own.index.get_indexer(asked.index)]
            marks = (known_rows(asked, field, card), rows_stated_unknown(asked, field, card))
            records = np.bincount(at, minlength=len(years))
            counts = [np.bincount(at[mark.to_numpy(bool)], minlength=len(years)) for mark in marks]
            place = (source, f"{shape}.{field}", shape, field)
            by_year = zip(years.tolist(), records.tolist(), *(count.tolist() for count in counts), strict=True)
            counted += [(*place, *numbers) for numbers in by_year if numbers[1]]
    columns = ["body", "variable", "shape", "field", "period", "records", "known", "stated_unknown"]
    return pd.DataFrame(counted, columns=columns)
