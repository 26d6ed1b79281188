"""A file at the door, before anything is written: its examination, and what it would change of what this home holds.

Belongs here: recognising a file that came before, what a file replaces, the row changes against what counted so far.
Does not belong here: examining (`examination.py`), keeping the file or landing it (`landing.py`).
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ingestion import card, decisions, receipts
from ingestion.conformed import ConformedTable, covered_by, replaced_by
from ingestion.examination import Examination, Place, examine
from ingestion.findings import Finding
from ingestion.home import Home, read_verified
from ingestion.receipts import Receipt
from ingestion.row_changes import RowChanges, compare
from ingestion.uploads import Upload
from languages.refusal import Refusal


@dataclass(frozen=True)
class Letter:
    """What came with a file.

    Args:
        date: of the letter; None if none was named.
        number: of the letter.
        again: the very bytes were sent before, and count again although a later file replaced them.
    """

    date: datetime.date | None = None
    number: str = ""
    again: bool = False


@dataclass(frozen=True)
class Arrival:
    """A file that was examined and not yet taken.

    Args:
        upload: the file, as it was read.
        receipt: the receipt that it would get, with findings and row changes; of a known file the earlier one.
        is_personal: whether it was refused for privacy.
        again: as in the letter.
    """

    upload: Upload
    receipt: Receipt
    is_personal: bool = False
    again: bool = False


def arrive(
    home: Home, source: str, upload: Upload, letter: Letter | None = None, *, today: datetime.date | None = None
) -> Arrival:
    """Examine a file and compare it with what counts in this home; nothing is written.

    A file that was accepted before from this source is `known`, with the earlier receipt; if a later file has replaced
    it, a flag says so (`known_replaced`), and a letter that says `again` lets it in once more.
    Beyond the examination's findings a flag says what the file replaces (`replaces_period`), or that a file with a
    later letter is here already (`older_letter`).

    Raises:
        Refusal: `unknown_source`, `receipts_broken`.
    """
    letter = letter or Letter()
    card.load_source(source)
    day = today or datetime.datetime.now(tz=datetime.UTC).date()
    if earlier := known_receipt(home, source, upload.sha256, again=letter.again):
        replaced = receipts.replaced_periods(earlier, receipts.live(home))
        told = tuple(Finding("flag", "known_replaced", arguments={"period": period}) for period in replaced)
        return Arrival(upload, replace(earlier, verdict="known", findings=told))
    examination = examine(upload.data, upload.path.name, source, today=day)
    held = _Held(home, source, letter.date or day)
    findings = [*examination.findings, *held.findings(examination)]
    changes = tuple(held.changes(examination))
    receipt = Receipt(
        source=source,
        sha256=examination.sha256,
        file_suffix=receipts.suffix_of(upload.path.name),
        verdict=examination.verdict,
        rows_in=examination.rows_in,
        rows_landed=examination.rows_landed,
        rows_quarantined=examination.rows_quarantined,
        kinds=dict(sorted(Counter(finding.kind for finding in findings).items())),
        periods=replaced_by(examination.tables),
        covers=covered_by(examination.tables),
        letter_date=letter.date.isoformat() if letter.date else "",
        letter_number=letter.number,
        received_at=day.isoformat(),
        changes=_stored(changes),
        findings=tuple(findings),
        row_changes=changes,
    )
    return Arrival(upload, receipt, examination.is_personal, letter.again)


def known_receipt(home: Home, source: str, sha256: str, *, again: bool) -> Receipt | None:
    """Return the latest live receipt of these bytes, unless they come again after a later file replaced them."""
    alive = receipts.live(home)
    same = [one for one in alive if (one.source, one.sha256) == (source, sha256)]
    if not same or (again and receipts.replaced_periods(same[-1], alive)):
        return None
    return same[-1]


def examine_received(home: Home, receipt: Receipt, decided: Mapping[Place, str] | None = None) -> Examination:
    """Return today's examination of a received file, as of the day of its receipt, with some cells read as decided.

    The name of a text file is not kept (it may hold a person's), so its sheet is always called the same.

    Raises:
        Refusal: `file_missing`, `bytes_changed`.
    """
    data = read_verified(home.received / receipt.sha256, receipt.sha256)
    today = datetime.date.fromisoformat(receipt.received_at)
    return examine(data, f"file{receipt.file_suffix}", receipt.source, today=today, decided=decided)


class _Held:
    """What this home holds of a source, seen from a file that was sent on a day."""

    def __init__(self, home: Home, source: str, sent_date: datetime.date) -> None:
        self._home = home
        self._sent_date = sent_date
        self._earlier = [one for one in receipts.live(home) if one.source == source]
        self._examined: dict[str, list[ConformedTable]] = {}

    def findings(self, examination: Examination) -> Iterator[Finding]:
        """Yield for each period what an accepted file replaces of the files that counted before it."""
        before: Counter[str] = Counter()
        after: Counter[str] = Counter()
        older: set[str] = set()
        for shape, period, rows, latest in self._rivals(examination):
            if latest.sent_date > self._sent_date:
                older.add(period)
                continue
            before[period] += latest.periods[shape][period]
            after[period] += rows
        for period in sorted(before):
            arguments = {"period": period, "before": str(before[period]), "after": str(after[period])}
            yield Finding("flag", "replaces_period", arguments=arguments)
        for period in sorted(older):
            yield Finding("flag", "older_letter", arguments={"period": period})

    def changes(self, examination: Examination) -> Iterator[RowChanges]:
        """Yield the row changes of each shape and period that an accepted file replaces."""
        for shape, period, _, latest in self._rivals(examination):
            if latest.sent_date <= self._sent_date:
                yield compare(self._tables_of(latest), examination.tables, shape, period)

    def _tables_of(self, receipt: Receipt) -> list[ConformedTable]:
        """Return the tables of an earlier file; none of one whose bytes are damaged: that keeps no new file out."""
        if receipt.submission not in self._examined:
            try:
                decided = decisions.cells(self._home).get((receipt.source, receipt.sha256), {})
                tables = examine_received(self._home, receipt, decided).tables
            except Refusal:
                tables = []
            self._examined[receipt.submission] = tables
        return self._examined[receipt.submission]

    def _rivals(self, examination: Examination) -> Iterator[tuple[str, str, int, Receipt]]:
        """Yield shape, period, landing rows and the receipt that counted so far."""
        for shape, periods in replaced_by(examination.tables).items():
            for period, rows in periods.items():
                counted = [one for one in self._earlier if period in one.periods.get(shape, {})]
                if counted:
                    yield shape, period, rows, max(counted, key=lambda one: one.order)


def _stored(changes: tuple[RowChanges, ...]) -> dict[str, dict[str, dict[str, object]]]:
    found: dict[str, dict[str, dict[str, object]]] = {}
    for one in changes:
        found.setdefault(one.shape, {})[one.period] = {**one.counts, "fields": one.fields}
    return found
