"""What a file changes of the file that counted before it: rows added, gone, changed; never a value.

Belongs here: pairing the rows of two examinations by the key of their shape, and counting.
Does not belong here: which file counts before another (`arrival.py`, `rollcall.py`).

Both files are read by today's rules, so that only what the sender changed is told, and not what was learnt since.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ingestion.card import load_shape
from ingestion.cells import RawValue, columns_of
from ingestion.conform import PLACE_COLUMNS, ConformedTable

MOST_PLACES = 50  # of each kind; the numbers are whole, whoever needs all places has the file


@dataclass(frozen=True)
class ChangedRow:
    """One row that is not as it was.

    Args:
        kind: a row that is `gone` has its place in the earlier file, the others in the new one.
        sheet: the sheet.
        row_number: the row.
        fields: the fields that changed; none of a row that is added or gone.
    """

    kind: Literal["added", "gone", "changed"]
    sheet: str
    row_number: int
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class RowChanges:
    """The changes of one shape and period.

    Args:
        shape: kind of record.
        period: the year.
        unchanged: rows that are the same in both files.
        rows: the rows that are not.
    """

    shape: str
    period: str
    unchanged: int
    rows: tuple[ChangedRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Numbers of rows `added`, `gone`, `changed`, `unchanged`."""
        found = Counter[str](row.kind for row in self.rows)
        return {kind: found[kind] for kind in ("added", "gone", "changed")} | {"unchanged": self.unchanged}

    @property
    def fields(self) -> dict[str, int]:
        """Field -> rows in which it changed."""
        return dict(sorted(Counter(name for row in self.rows for name in row.fields).items()))

    def as_json(self) -> dict[str, Any]:
        """Return counts, fields and the first places of each kind."""
        places: list[dict[str, Any]] = []
        for kind in ("added", "gone", "changed"):
            of_kind = [row for row in self.rows if row.kind == kind][:MOST_PLACES]
            places += [
                {"kind": kind, "sheet": row.sheet, "row": row.row_number, "fields": list(row.fields)} for row in of_kind
            ]
        return {"shape": self.shape, "period": self.period, **self.counts, "fields": self.fields, "places": places}


@dataclass(frozen=True)
class _Row:
    sheet: str
    row_number: int
    values: tuple[RawValue, ...]


def compare(before: Sequence[ConformedTable], after: Sequence[ConformedTable], shape: str, period: str) -> RowChanges:
    """Return what `after` changes of the landing rows of `before`, for one shape and period.

    Rows are paired by the key of the shape; rows without any key, and several rows of one key, first by all they say.
    """
    columns = {name: columns_of(name, field) for name, field in load_shape(shape).fields.items()}
    names = [column for of_field in columns.values() for column in of_field]
    field_of = {column: name for name, of_field in columns.items() for column in of_field}
    keys = [names.index(column) for name in load_shape(shape).key for column in columns[name]]
    old, new = _by_key(before, shape, period, names, keys), _by_key(after, shape, period, names, keys)
    unchanged, rows = 0, list[ChangedRow]()
    for key in dict.fromkeys((*old, *new)):
        same, gone, added = _paired(old.get(key, []), new.get(key, []))
        unchanged += same
        for was, is_now in zip(gone, added, strict=False):
            differing = zip(names, was.values, is_now.values, strict=True)
            fields = tuple(dict.fromkeys(field_of[name] for name, one, other in differing if one != other))
            rows.append(ChangedRow("changed", is_now.sheet, is_now.row_number, fields))
        rows += [ChangedRow("gone", row.sheet, row.row_number) for row in gone[len(added) :]]
        rows += [ChangedRow("added", row.sheet, row.row_number) for row in added[len(gone) :]]
    return RowChanges(shape, period, unchanged, tuple(sorted(rows, key=lambda row: (row.sheet, row.row_number))))


def _by_key(
    tables: Sequence[ConformedTable], shape: str, period: str, names: list[str], keys: list[int]
) -> dict[tuple[RawValue, ...], list[_Row]]:
    found: dict[tuple[RawValue, ...], list[_Row]] = {}
    for row in _rows_of(tables, shape, period, names):
        key = tuple(row.values[place] for place in keys)
        has_key = any(value is not None for value in key)
        found.setdefault(key if has_key else row.values, []).append(row)
    return found


def _rows_of(tables: Sequence[ConformedTable], shape: str, period: str, names: list[str]) -> Iterator[_Row]:
    for table in tables:
        if table.shape != shape:
            continue
        _, sheets, numbers, periods = (table.columns[name] for name in PLACE_COLUMNS)
        columns = [table.columns[name] for name in names]
        for place, of_row in enumerate(periods):
            if str(of_row) == period:
                values = tuple(column[place] for column in columns)
                yield _Row(str(sheets[place]), int(str(numbers[place])), values)


def _paired(old: list[_Row], new: list[_Row]) -> tuple[int, list[_Row], list[_Row]]:
    """Return how many rows are the same, and the rest of both sides in their order."""
    left = Counter(row.values for row in old) & Counter(row.values for row in new)
    same = sum(left.values())
    return same, _without(old, Counter(left)), _without(new, Counter(left))


def _without(rows: list[_Row], taken: Counter[tuple[RawValue, ...]]) -> list[_Row]:
    kept: list[_Row] = []
    for row in rows:
        if taken[row.values]:
            taken[row.values] -= 1
        else:
            kept.append(row)
    return kept
