"""Current submissions: which submission counts for which period, what was owed, and who has sent what.

Belongs here: `raw/submissions.parquet`, `raw/calendar.parquet`, the typed files without rows for every shape and for
links; what each agency sent, as `agency_years.py` asks for it.
Does not belong here: landing (`landing.py`), when something falls due (`reporting_calendar.py`), what was delivered and
whether in time (`agency_years.py`), the indicators of reporting (`dbt_project`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingestion.cards.reporting_calendar import ExpectedDelivery, next_owed_delivery, owed_delivery
from ingestion.cards.source_card import SourceCard, load_source, shape_names, source_names
from ingestion.home import Home
from ingestion.submissions.agency_years import AS_OF, CALENDAR, AgencyYear, agency_years
from ingestion.submissions.files_in_force import CountedPeriod, periods_of, select_in_force
from ingestion.submissions.landed_submission import landed_submission
from ingestion.submissions.raw_rows import NO_ROWS, column_types, read_rows, rows_path, write_rows
from ingestion.submissions.receipts import Receipt, live_receipts, read_receipts
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
    AS_OF: "date32",
    "is_over": "bool",
    "delivery": "string",
    "punctuality": "string",
}


def write(home: Home) -> None:
    """Write both tables from the receipts and the landed rows; the same home gives the same bytes.

    A submission is current for a source, shape and period if it is in force for them (`files_in_force.py`): a corrected
    file replaces the earlier one, even by no rows. A table that a file lacks, or of which no row could be taken,
    replaces nothing (`checked_tables.count_replaced_rows`).

    A submission covers its whole period unless its receipt states a part (`covers_from`, `covers_until`, and the share
    of the year's days as `completeness`; all three are null if the stated part is unclear).

    The calendar answers as of the last day on which a file was accepted or withdrawn, never as of today: so it, and all
    that is built from it, is the same whenever it is written.
    """
    entries = list(_entries(home))
    counting = {entry.key for entry in select_in_force(entries)}
    rows = [_submission_row(entry, is_current=entry.key in counting) for entry in entries]
    rows.sort(key=lambda row: (row["source"], row["shape"], row["period"], row["sequence"]))
    write_rows(home.raw / "submissions.parquet", _SUBMISSIONS, _as_columns(rows, _SUBMISSIONS))
    write_rows(home.raw / CALENDAR, _CALENDAR, _as_columns(list(_calendar_rows(home, entries)), _CALENDAR))
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
    """Return the current entries of every source that has landed rows, by shape and period.

    Several for one shape and period are of files for parts of it that do not overlap.
    """
    counting: dict[str, list[CountedPeriod]] = {}
    in_force = select_in_force(_entries(home))
    for entry in sorted(in_force, key=lambda entry: (entry.shape, entry.period, entry.receipt.n)):
        counting.setdefault(entry.receipt.source, []).append(entry)
    return counting


def years_by_source(home: Home, today: datetime.date) -> dict[str, list[AgencyYear]]:
    """Return for each authority the years that it owes and that have begun by `today`, oldest first.

    A received file that has not landed yet counts as sent; a later year is there if anything was sent about it.

    Args:
        home: whose receipts are read.
        today: as of which it is asked.
    """
    sent = _sent_by_source(list(_entries(home)), live_receipts(home))
    senders = (sender for sender in map(load_source, source_names()) if sender.kind == "authority")
    return {sender.name: _years_of(sender, sent.get(sender.name, []), today) for sender in senders}


def state(home: Home, today: datetime.date) -> list[dict[str, Any]]:
    """Return who has sent what, one row a source, for `marsad submissions status`.

    Keys: `source`, `expected` (years that are over by `today`, until the last one of which anything landed; None for a
    publisher), `received` (those that landed as a whole), `late_days` (the greatest delay of such a year, in working
    days; None if none was owed and came), `complete_share` (landed rows of all data rows of the accepted
    files, 0 to 1; None without files), `due` (when the last period of the calendar year before today's fell or falls
    due), `next_due` (what falls due next), `is_late` and `overdue` (periods that should have come by `today` and have
    not). The last four are None or empty for a publisher.
    """
    entries = list(_entries(home))
    accepted = live_receipts(home)
    landed, sent = _sent_by_source(entries, []), _sent_by_source(entries, accepted)
    last = max((int(entry.period) for entry in entries), default=0)
    senders = map(load_source, source_names())
    return [
        _delivery_row(sender, landed.get(sender.name, []), last, accepted, today)
        | _due_of(sender, sent.get(sender.name, []), today)
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
    years = years_by_source(home, today)
    return {source: [year.owed for year in own if year.punctuality == "overdue"] for source, own in years.items()}


def _years_of(sender: SourceCard, files: Sequence[CountedPeriod], today: datetime.date) -> list[AgencyYear]:
    last = max([today.year, *(int(file.period) for file in files)])
    return list(agency_years(sender, files, last, today))


def _due_of(sender: SourceCard, files: Sequence[CountedPeriod], today: datetime.date) -> dict[str, Any]:
    if sender.kind != "authority":
        return {"due": None, "next_due": None, "is_late": None, "overdue": []}
    missing = [year.owed.period for year in _years_of(sender, files, today) if year.punctuality == "overdue"]
    return {
        "due": owed_delivery(sender, today.year - 1).due_date.isoformat(),
        "next_due": next_owed_delivery(sender, today).due_date.isoformat(),
        "is_late": bool(missing),
        "overdue": missing,
    }


def _delivery_row(
    sender: SourceCard, landed: Sequence[CountedPeriod], last: int, accepted: list[Receipt], today: datetime.date
) -> dict[str, Any]:
    years = [year for year in agency_years(sender, landed, last, today) if year.state == "over"]
    arrived = [year for year in years if year.sent_date is not None]
    own = [receipt for receipt in accepted if receipt.source == sender.name]
    rows_in = sum(receipt.rows_in for receipt in own)
    is_owing = sender.kind == "authority"
    return {
        "source": sender.name,
        "expected": len(years) if is_owing else None,
        "received": len(arrived) if is_owing else len({file.period for file in landed}),
        "late_days": max((year.days_late for year in arrived), default=None),
        "complete_share": round(sum(receipt.rows_landed for receipt in own) / rows_in, 4) if rows_in else None,
    }


def _sent_by_source(entries: Sequence[CountedPeriod], waiting: Sequence[Receipt]) -> dict[str, list[CountedPeriod]]:
    """Return what each source sent: what landed, and what `waiting` receipts promise that has not landed yet."""
    landed, sent = {entry.receipt.n for entry in entries}, dict[str, list[CountedPeriod]]()
    promised = (entry for receipt in waiting if receipt.n not in landed for entry in periods_of(receipt))
    for entry in (*entries, *promised):
        sent.setdefault(entry.receipt.source, []).append(entry)
    return sent


def _covered(receipt: Receipt, shape: str, period: str) -> Covered:
    stated = receipt.covers.get(shape, {}).get(period)
    return Covered.from_json(stated) if stated else Covered.of_year(int(period))


def _entries(home: Home) -> Iterator[CountedPeriod]:
    """Yield source, shape and period of everything that landed submissions replace, in the order of the receipts."""
    for landed in filter(None, (landed_submission(home, receipt) for receipt in live_receipts(home))):
        for shape, periods in sorted(landed.periods.items()):
            for period, rows in sorted(periods.items()):
                yield CountedPeriod(landed.receipt, shape, period, rows)


def _submission_row(entry: CountedPeriod, *, is_current: bool) -> dict[str, Any]:
    receipt = entry.receipt
    covered = _covered(receipt, entry.shape, entry.period)
    return {
        "source": receipt.source,
        "shape": entry.shape,
        "period": entry.period,
        "submission": receipt.submission,
        "sha256": receipt.sha256,
        "sequence": receipt.n,
        "sent_date": receipt.sent_date,
        "row_count": entry.rows,
        "is_current": is_current,
        "covers_from": covered.start,
        "covers_until": covered.end,
        "completeness": covered.completeness,
    }


def _calendar_rows(home: Home, entries: Sequence[CountedPeriod]) -> Iterator[dict[str, Any]]:
    """Yield every year that authorities owe up to the last known period, as of the last day on which a file came."""
    if not entries:
        return
    came = (receipt for receipt in reversed(read_receipts(home)) if receipt.verdict in ("accepted", "withdrawn"))
    day = datetime.date.fromisoformat(next(came).came_by)
    sent = _sent_by_source(entries, [])
    for sender in map(load_source, source_names()):
        last = max(int(entry.period) for entry in entries)
        for year in agency_years(sender, sent.get(sender.name, []), last, day):
            answers = {"is_over": year.state == "over", "delivery": year.delivery, "punctuality": year.punctuality}
            yield {**asdict(year.owed), AS_OF: day, **answers}


def _as_columns(rows: list[dict[str, Any]], types: Mapping[str, str]) -> dict[str, list[RawValue]]:
    return {name: [row[name] for row in rows] for name in types}
