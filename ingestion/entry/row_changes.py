"""What a file changes compared with its predecessor: rows added, gone, changed; never a value.

Belongs here: pairing the rows of two examinations by the key of their shape, and counting. Does not belong here: which
file is whose predecessor (`preview.py`, `current_submissions.py`).

Both files are read by today's rules, so that only the sender's changes are reported, not changes of the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypedDict

from ingestion.cards.source_card import load_shape
from ingestion.entry.checked_tables import PLACE_COLUMNS, ConformedTable
from ingestion.tables.cell_values import RawValue, columns_of

MOST_PLACES = 50  # of each kind; the counts are complete, and whoever needs all places has the file


@dataclass(frozen=True)
class ChangedRow:
    """One row that was added, changed or removed.

    Args:
        kind: a row that is `gone` has its place in the earlier file, the others in the new one.
        sheet: the sheet.
        row_number: the row.
        fields: the fields that changed; empty for a row that is added or gone.
    """

    kind: Literal["added", "gone", "changed"]
    sheet: str
    row_number: int
    fields: tuple[str, ...] = ()


class StoredChanges(TypedDict):
    """Numbers of rows by which a file differs from its predecessor, and field -> rows in which it changed."""

    added: int
    gone: int
    changed: int
    unchanged: int
    fields: dict[str, int]


@dataclass(frozen=True)
class RowChanges:
    """The changes of one shape and period.

    Args:
        shape: kind of record.
        period: the year.
        unchanged: number of rows that are the same in both files.
        rows: the rows that differ.
    """

    shape: str
    period: str
    unchanged: int
    rows: tuple[ChangedRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Numbers of rows `added`, `gone`, `changed`, `unchanged`."""
        by_kind = Counter[str](row.kind for row in self.rows)
        return {kind: by_kind[kind] for kind in ("added", "gone", "changed")} | {"unchanged": self.unchanged}

    @property
    def fields(self) -> dict[str, int]:
        """Field -> rows in which it changed."""
        return dict(sorted(Counter(name for row in self.rows for name in row.fields).items()))

    def stored(self) -> StoredChanges:
        """Return the changes as a receipt stores them: without places."""
        number = self.counts
        return {
            "added": number["added"],
            "gone": number["gone"],
            "changed": number["changed"],
            "unchanged": number["unchanged"],
            "fields": self.fields,
        }

    def as_json(self) -> dict[str, Any]:
        """Return counts, fields and the first places of each kind."""
        places: list[dict[str, Any]] = []
        for kind in ("added", "gone", "changed"):
            of_kind = [row for row in self.rows if row.kind == kind][:MOST_PLACES]
            places += [
                {"kind": kind, "sheet": row.sheet, "row": row.row_number, "fields": list(row.fields)} for row in of_kind
            ]
        return {"shape": self.shape, "period": self.period, **self.counts, "fields": self.fields, "places": places}


_Values = tuple[RawValue, ...]
_Row = tuple[_Values, str, int]  # values, sheet, row number


def compare(before: Sequence[ConformedTable], after: Sequence[ConformedTable], shape: str, period: str) -> RowChanges:
    """Return what `after` changes of the landing rows of `before`, for one shape and period.

    Rows that are equal in every field are unchanged, wherever they stand. The others are paired by the key of the
    shape, in their order; those without any key are gone or added.

    Args:
        before: the tables of the file that counts now.
        after: those of the file that would count.
        shape: whose rows are compared.
        period: a year in four digits; rows of other periods are left out.

    Returns:
        The number of equal rows, and the places of those that changed, were added or went, with their fields. No value
        of a cell.
    """
    columns = {name: columns_of(name, field) for name, field in load_shape(shape).fields.items()}
    names = [column for of_field in columns.values() for column in of_field]
    old, new = _rows_of(before, shape, period, names), _rows_of(after, shape, period, names)
    same = Counter(values for values, *_ in old) & Counter(values for values, *_ in new)
    keys = [names.index(column) for name in load_shape(shape).key for column in columns[name]]
    left, come = _rows_by_key(_drop_same(old, same), keys), _rows_by_key(_drop_same(new, same), keys)
    field_of = [name for name, of_field in columns.items() for _ in of_field]
    rows: list[ChangedRow] = []
    for key in dict.fromkeys((*left, *come)):
        rows += _pair_changed(left.get(key, []), come.get(key, []), field_of)
    rows.sort(key=lambda row: (row.sheet, row.row_number))
    return RowChanges(shape, period, sum(same.values()), tuple(rows))


def _rows_of(tables: Sequence[ConformedTable], shape: str, period: str, names: list[str]) -> list[_Row]:
    rows: list[_Row] = []
    for table in tables:
        if table.shape == shape:
            _, sheets, numbers, periods = (table.columns[name] for name in PLACE_COLUMNS)
            values = zip(*(table.columns[name] for name in names), strict=True)
            placed = zip(values, sheets, numbers, periods, strict=True)
            rows += [
                (row_values, str(sheet), int(str(number))) for row_values, sheet, number, own in placed if own == period
            ]
    return rows


def _drop_same(rows: list[_Row], same: Counter[_Values]) -> list[_Row]:
    """Return the rows without those in `same`, each taken out as often as it is counted there."""
    taken = Counter(same)
    remaining: list[_Row] = []
    for row in rows:
        if taken[row[0]] > 0:
            taken[row[0]] -= 1
        else:
            remaining.append(row)
    return remaining


def _rows_by_key(rows: list[_Row], keys: list[int]) -> dict[_Values, list[_Row]]:
    by_key: dict[_Values, list[_Row]] = {}
    for row in rows:
        key = tuple(row[0][place] for place in keys)
        has_key = any(value is not None for value in key)
        by_key.setdefault(key if has_key else row[0], []).append(row)
    return by_key


def _pair_changed(left: list[_Row], come: list[_Row], field_of: list[str]) -> Iterator[ChangedRow]:
    """Yield the changes among rows of one key: pairs count as changed, the surplus as gone or added."""
    for (was, *_), (is_now, sheet, number) in zip(left, come, strict=False):
        differing = zip(field_of, was, is_now, strict=True)
        fields = tuple(dict.fromkeys(name for name, before, after in differing if before != after))
        yield ChangedRow("changed", sheet, number, fields)
    yield from (ChangedRow("gone", sheet, number) for _, sheet, number in left[len(come) :])
    yield from (ChangedRow("added", sheet, number) for _, sheet, number in come[len(left) :])
