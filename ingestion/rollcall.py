"""The roll call: which submission counts for which period, what was owed, and who has sent what.

Belongs here: `raw/submissions.parquet`, `raw/calendar.parquet`, the typed file without rows of every shape.
Does not belong here: landing (`landing.py`), the indicators of reporting (`dbt_project`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingestion.card import SourceCard, load_source, shape_names, source_names
from ingestion.cells import RawValue
from ingestion.coverage import Covered
from ingestion.home import Home
from ingestion.landing import landed_periods
from ingestion.raw import NO_ROWS, column_types, rows_path, write_rows
from ingestion.receipts import Receipt, live

_SUBMISSIONS = {
    "source": "string",
    "shape": "string",
    "period": "string",
    "submission": "string",
    "sha256": "string",
    "sequence": "int32",
    "sent_date": "date32",
    "row_count": "int64",
    "is_current": "bool",
    "covers_from": "date32",
    "covers_until": "date32",
    "completeness": "float64",
}
_CALENDAR = {"source": "string", "region_code": "string", "period": "string", "due_date": "date32"}


@dataclass(frozen=True)
class _Entry:
    """The rows of one submission for one shape and period; none where it says that there are none."""

    receipt: Receipt
    shape: str
    period: str
    rows: int


def write(home: Home) -> None:
    """Write the roll call from the receipts and the landed rows; the same home gives the same bytes.

    A submission is current for a source, shape and period if it is the latest whose tables cover them, by the date of
    its letter and then by its number: a corrected file replaces the earlier one, also by no rows. A table that a file
    does not have, and one of which no row could be taken, is not replaced (`conform.replaced_by`).

    A submission covers its period whole unless its receipt says which part (`covers_from`, `covers_until`, and the
    share of the year's days as `completeness`; all three are null where the file states a part that is unclear).
    """
    entries = list(_entries(home))
    latest: dict[tuple[str, str, str], int] = {}
    for entry in sorted(entries, key=lambda one: one.receipt.order):
        latest[entry.receipt.source, entry.shape, entry.period] = entry.receipt.n
    rows = [_submission_row(entry, latest) for entry in entries]
    rows.sort(key=lambda row: (row["source"], row["shape"], row["period"], row["sequence"]))
    write_rows(home.raw / "submissions.parquet", _SUBMISSIONS, _as_columns(rows, _SUBMISSIONS))
    owed = [dict(zip(_CALENDAR, row, strict=True)) for row in _owed({entry.period for entry in entries})]
    write_rows(home.raw / "calendar.parquet", _CALENDAR, _as_columns(owed, _CALENDAR))
    for shape in shape_names():
        types = column_types(shape)
        write_rows(rows_path(home, shape, NO_ROWS, NO_ROWS), types, {column: [] for column in types})


def state(home: Home) -> list[dict[str, Any]]:
    """Return who has sent what, one row a source, for `marsad sources`.

    Keys: `source`, `expected` (periods owed until the last period received; None for a publisher), `received` (periods
    with landed rows), `late_days` (the greatest delay of a period's first file; None if nothing was owed and sent),
    `complete_share` (landed rows of all data rows of the accepted files, 0 to 1; None without files).
    """
    entries = list(_entries(home))
    owed = _owed({entry.period for entry in entries})
    accepted = live(home)
    return [_state_of(load_source(name), entries, owed, accepted) for name in source_names()]


def _state_of(
    card: SourceCard,
    entries: list[_Entry],
    owed: list[tuple[str, str, str, datetime.date]],
    accepted: list[Receipt],
) -> dict[str, Any]:
    due = {period: day for source, _, period, day in owed if source == card.name}
    first: dict[str, datetime.date] = {}
    for entry in entries:
        if entry.receipt.source == card.name:
            first[entry.period] = min(entry.receipt.sent_date, first.get(entry.period, datetime.date.max))
    late = [max((first[period] - day).days, 0) for period, day in due.items() if period in first]
    own = [receipt for receipt in accepted if receipt.source == card.name]
    rows_in = sum(receipt.rows_in for receipt in own)
    return {
        "source": card.name,
        "expected": len(due) if card.kind == "authority" else None,
        "received": len(first),
        "late_days": max(late, default=None),
        "complete_share": round(sum(receipt.rows_landed for receipt in own) / rows_in, 4) if rows_in else None,
    }


def _entries(home: Home) -> Iterator[_Entry]:
    """Yield source, shape and period of all that landed submissions replace, in the order of the receipts."""
    for receipt in live(home):
        for shape, periods in sorted(landed_periods(home, receipt).items()):
            for period, rows in sorted(periods.items()):
                yield _Entry(receipt, shape, period, rows)


def _submission_row(entry: _Entry, latest: Mapping[tuple[str, str, str], int]) -> dict[str, Any]:
    receipt = entry.receipt
    stated = receipt.covers.get(entry.shape, {}).get(entry.period)
    covered = Covered.from_json(stated) if stated else Covered.of_year(int(entry.period))
    return {
        "source": receipt.source,
        "shape": entry.shape,
        "period": entry.period,
        "submission": receipt.submission,
        "sha256": receipt.sha256,
        "sequence": receipt.n,
        "sent_date": receipt.sent_date,
        "row_count": entry.rows,
        "is_current": latest[receipt.source, entry.shape, entry.period] == receipt.n,
        "covers_from": covered.start,
        "covers_until": covered.end,
        "completeness": covered.completeness,
    }


def _owed(periods: set[str]) -> list[tuple[str, str, str, datetime.date]]:
    """Return source, region, period and due date of every export that an authority owes until the last period known."""
    if not periods:
        return []
    last = max(map(int, periods))
    owed: list[tuple[str, str, str, datetime.date]] = []
    for card in map(load_source, source_names()):
        if card.kind != "authority":
            continue
        for year in range(card.rhythm.first_period, last + 1):
            due = datetime.date.fromisoformat(f"{year + 1}-{card.rhythm.due}")
            owed.append((card.name, card.region, str(year), due))
    return owed


def _as_columns(rows: list[dict[str, Any]], types: Mapping[str, str]) -> dict[str, list[RawValue]]:
    return {name: [row[name] for row in rows] for name in types}
