"""Current submissions: which submission counts for which period, what was owed, and who has sent what.

Belongs here: `raw/submissions.parquet`, `raw/calendar.parquet`, the typed files without rows for every shape and for
links.
Does not belong here: landing (`landing.py`), when something falls due (`reporting_calendar.py`), the indicators of
reporting (`dbt_project`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingestion.cards.reporting_calendar import (
    ExpectedDelivery,
    next_owed_delivery,
    overdue_deliveries,
    owed_deliveries,
    owed_delivery,
)
from ingestion.cards.source_card import SourceCard, load_source, shape_names, source_names
from ingestion.home import Home
from ingestion.submissions.landed_submission import landed_submission
from ingestion.submissions.raw_rows import NO_ROWS, column_types, read_rows, rows_path, write_rows
from ingestion.submissions.receipts import Receipt, live_receipts
from ingestion.tables.cell_values import RawValue
from ingestion.tables.coverage import Covered

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
_CALENDAR = {
    "source": "string",
    "region_code": "string",
    "period": "string",
    "due_date": "date32",
    "late_from_date": "date32",
}


@dataclass(frozen=True)
class CountedPeriod:
    """The rows of one submission for one shape and period; zero rows if it reports none."""

    receipt: Receipt
    shape: str
    period: str
    rows: int


@dataclass(frozen=True)
class Delivery:
    """The state of one period that an authority owes.

    Args:
        owed: the period and its due day.
        sent_date: the date of its first file; None if none has come.
        days_late: working days after the due day: of the first file, or so far.
    """

    owed: ExpectedDelivery
    sent_date: datetime.date | None
    days_late: int


def write(home: Home) -> None:
    """Write both tables from the receipts and the landed rows; the same home gives the same bytes.

    A submission is current for a source, shape and period if it is the latest whose tables cover them, by the date of
    its letter and then by its number: a corrected file replaces the earlier one, even by no rows. A table that a file
    lacks, or of which no row could be taken, replaces nothing (`checked_tables.count_replaced_rows`).

    A submission covers its whole period unless its receipt states a part (`covers_from`, `covers_until`, and the share
    of the year's days as `completeness`; all three are null if the stated part is unclear).
    """
    entries = list(_entries(home))
    latest = _latest(entries)
    rows = [_submission_row(entry, latest) for entry in entries]
    rows.sort(key=lambda row: (row["source"], row["shape"], row["period"], row["sequence"]))
    write_rows(home.raw / "submissions.parquet", _SUBMISSIONS, _as_columns(rows, _SUBMISSIONS))
    owed = [asdict(delivery) for delivery in _owed_deliveries({entry.period for entry in entries})]
    write_rows(home.raw / "calendar.parquet", _CALENDAR, _as_columns(owed, _CALENDAR))
    if not _links_path(home).exists():
        write_links(home, [])
    for shape in shape_names():
        types = column_types(shape)
        write_rows(rows_path(home, shape, NO_ROWS, NO_ROWS), types, {column: [] for column in types})


def write_links(home: Home, moved: Sequence[tuple[str, str]]) -> None:
    """Write `raw/links.parquet`: member (a pseudonymous ID, or the key of a record without one) and its person.

    Args:
        home: whose links they are (`ingestion/persons`); without any, it gets a typed file without rows.
        moved: pairs, sorted by member.
    """
    columns = {"member": [member for member, _ in moved], "person_token": [token for _, token in moved]}
    write_rows(_links_path(home), dict.fromkeys(columns, "string"), columns)


def are_records_linked(home: Home) -> bool:
    """Return whether staging gives any member another person than its own; False before the first roll call."""
    path = _links_path(home)
    return path.exists() and bool(read_rows(path)["member"])


def _links_path(home: Home) -> Path:
    return home.raw / "links.parquet"


def counted_periods_by_source(home: Home) -> dict[str, list[CountedPeriod]]:
    """Return the current entries of every source that has landed rows: by shape and period its latest submission."""
    entries = list(_entries(home))
    latest = _latest(entries)
    counting: dict[str, list[CountedPeriod]] = {}
    for entry in sorted(entries, key=lambda entry: (entry.shape, entry.period)):
        if latest[entry.receipt.source, entry.shape, entry.period] == entry.receipt.n:
            counting.setdefault(entry.receipt.source, []).append(entry)
    return counting


def deliveries(home: Home, source: str, today: datetime.date) -> list[Delivery]:
    """Return the state of each period that a source owed by `today` or has sent, oldest first; none for a publisher.

    A received file that has not landed yet counts as sent.

    Args:
        home: whose receipts are read.
        source: an authority; others owe nothing.
        today: what falls due later is left out.

    Returns:
        One delivery per period; days late are working days where the sender sits, 0 if on time.
    """
    sender = load_source(source)
    if sender.kind != "authority":
        return []
    first = _first_dates(source, list(_entries(home)), live_receipts(home))
    years = range(sender.rhythm.first_period, max([today.year, *(int(period) + 1 for period in first)]))
    owed = [
        expected
        for expected in (owed_delivery(sender, year) for year in years)
        if expected.late_from_date <= today or expected.period in first
    ]
    return [
        Delivery(expected, first.get(expected.period), expected.days_late(first.get(expected.period, today)))
        for expected in owed
    ]


def state(home: Home, today: datetime.date) -> list[dict[str, Any]]:
    """Return who has sent what, one row a source, for `marsad submissions status`.

    Keys: `source`, `expected` (periods owed until the last period received; None for a publisher), `received` (periods
    with landed rows), `late_days` (the greatest delay of a period's first file, in working days; None if nothing was
    owed and sent), `complete_share` (landed rows of all data rows of the accepted files, 0 to 1; None without files),
    `due` (when the last period of the calendar year before today's fell or falls due), `next_due` (what falls due
    next), `is_late` and `overdue` (periods that should have come by `today` and have not). The last four are None or
    empty for a publisher.
    """
    entries = list(_entries(home))
    owed = _owed_deliveries({entry.period for entry in entries})
    accepted = live_receipts(home)
    senders = map(load_source, source_names())
    return [
        _delivery_row(sender, entries, owed, accepted)
        | _due_of(sender, _sent_periods(sender.name, entries, accepted), today)
        for sender in senders
    ]


def find_overdue(home: Home, today: datetime.date) -> dict[str, list[ExpectedDelivery]]:
    """Return for each authority what was due before `today` and has not come; files not yet landed count as sent.

    Args:
        home: whose receipts are read.
        today: what falls due on this day is not overdue yet.

    Returns:
        Source -> what is owed, oldest first; an empty list if on time. Publishers are not included.
    """
    entries = list(_entries(home))
    accepted = live_receipts(home)
    senders = [sender for sender in map(load_source, source_names()) if sender.kind == "authority"]
    return {
        sender.name: overdue_deliveries(sender, _sent_periods(sender.name, entries, accepted), today)
        for sender in senders
    }


def _sent_periods(source: str, entries: list[CountedPeriod], accepted: list[Receipt]) -> set[str]:
    """Return the periods that landed, and those of accepted files that have not landed yet."""
    waiting = {
        period
        for receipt in accepted
        if receipt.source == source
        for periods in receipt.periods.values()
        for period in periods
    }
    return waiting | {entry.period for entry in entries if entry.receipt.source == source}


def _due_of(sender: SourceCard, sent: set[str], today: datetime.date) -> dict[str, Any]:
    if sender.kind != "authority":
        return {"due": None, "next_due": None, "is_late": None, "overdue": []}
    missing = overdue_deliveries(sender, sent, today)
    return {
        "due": owed_delivery(sender, today.year - 1).due_date.isoformat(),
        "next_due": next_owed_delivery(sender, today).due_date.isoformat(),
        "is_late": bool(missing),
        "overdue": [delivery.period for delivery in missing],
    }


def _delivery_row(
    sender: SourceCard,
    entries: list[CountedPeriod],
    owed: list[ExpectedDelivery],
    accepted: list[Receipt],
) -> dict[str, Any]:
    due = {delivery.period: delivery for delivery in owed if delivery.source == sender.name}
    first = _first_dates(sender.name, entries, [])
    days_late = [delivery.days_late(first[period]) for period, delivery in due.items() if period in first]
    own = [receipt for receipt in accepted if receipt.source == sender.name]
    rows_in = sum(receipt.rows_in for receipt in own)
    return {
        "source": sender.name,
        "expected": len(due) if sender.kind == "authority" else None,
        "received": len(first),
        "late_days": max(days_late, default=None),
        "complete_share": round(sum(receipt.rows_landed for receipt in own) / rows_in, 4) if rows_in else None,
    }


def _latest(entries: list[CountedPeriod]) -> dict[tuple[str, str, str], int]:
    """Return source, shape and period -> the number of the current receipt."""
    ordered = sorted(entries, key=lambda entry: entry.receipt.order)
    return {(entry.receipt.source, entry.shape, entry.period): entry.receipt.n for entry in ordered}


def _first_dates(source: str, entries: list[CountedPeriod], waiting: list[Receipt]) -> dict[str, datetime.date]:
    """Return period -> date of the first file, among landed files and `waiting`."""
    sent = [(entry.period, entry.receipt) for entry in entries]
    sent += [(period, receipt) for receipt in waiting for periods in receipt.periods.values() for period in periods]
    first: dict[str, datetime.date] = {}
    for period, receipt in sent:
        if receipt.source == source:
            first[period] = min(receipt.sent_date, first.get(period, datetime.date.max))
    return first


def _entries(home: Home) -> Iterator[CountedPeriod]:
    """Yield source, shape and period of everything that landed submissions replace, in the order of the receipts."""
    for landed in filter(None, (landed_submission(home, receipt) for receipt in live_receipts(home))):
        for shape, periods in sorted(landed.periods.items()):
            for period, rows in sorted(periods.items()):
                yield CountedPeriod(landed.receipt, shape, period, rows)


def _submission_row(entry: CountedPeriod, latest: Mapping[tuple[str, str, str], int]) -> dict[str, Any]:
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


def _owed_deliveries(periods: set[str]) -> list[ExpectedDelivery]:
    """Return every export that authorities owe up to the last known period."""
    return owed_deliveries(max(map(int, periods))) if periods else []


def _as_columns(rows: list[dict[str, Any]], types: Mapping[str, str]) -> dict[str, list[RawValue]]:
    return {name: [row[name] for row in rows] for name in types}
