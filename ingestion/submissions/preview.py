"""A file before it is received: its examination, and what it would change in this home; nothing is written.

Belongs here: recognising a file that came before, what a file replaces, the row changes against what counted so far.
Does not belong here: examining (`file_check.py`), storing the file or landing it (`landing.py`).
"""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingestion.cards import source_card
from ingestion.entry.checked_tables import ConformedTable, count_replaced_rows, covered_parts
from ingestion.entry.decided_cells import Decided
from ingestion.entry.file_check import Examination, examine, examine_taken
from ingestion.entry.invented_records import HouseRecords
from ingestion.entry.row_changes import RowChanges, StoredChanges, compare
from ingestion.files.uploads import Upload
from ingestion.findings import Finding
from ingestion.home import Home, read_verified
from ingestion.submissions import decisions, receipts
from ingestion.submissions.files_in_force import PeriodEffect, effects_of, replaced_periods
from ingestion.submissions.receipts import Receipt
from ingestion.text.folding import ascii_digits
from languages.refusal import Refusal


@dataclass(frozen=True)
class Letter:
    """The letter that came with a file.

    Args:
        date: of the letter; None if none was named.
        number: of the letter.
        again: the same bytes were sent before, and count again although a later file replaced them.

    Raises:
        Refusal: `letter_number_shape`, whichever way the number came: receipts keep it, and print it.
    """

    date: datetime.date | None = None
    number: str = ""
    again: bool = False

    def __post_init__(self) -> None:
        if self.number and not is_letter_number(self.number):
            raise Refusal("letter_number_shape", where="-")


_LETTERS = re.compile(r"[^\W\d_]+")
_LONG_NUMBER = re.compile(r"\d(?:\s{0,2}\d){8}|[+0](?:[\s.()-]{0,2}\d){9}")  # of a telephone, a document
_LABELS = frozenset({"العدد", "رقم", "الرقم", "كتاب", "الكتاب", "عدد", "ژمارە", "نووسراو", "number", "letter"})
"""Words that a sender writes before the number."""


def is_letter_number(text: str) -> bool:
    """Return whether a text has the shape of a letter's number: digits, with signs and short letters between them.

    Letters are those of an office: three of a script without capitals, or an acronym in capitals. A name is longer, or
    stands beside another word.
    """
    plain = ascii_digits(text)
    words = [word for word in _LETTERS.findall(plain) if word.lower() not in _LABELS]
    is_short = all(len(word) <= 3 or (len(word) <= 6 and word.isascii() and word.isupper()) for word in words)
    has_digit = any(letter.isdigit() for letter in plain)
    return has_digit and is_short and not _LONG_NUMBER.search(plain)


@dataclass(frozen=True)
class Arrival:
    """A file that was examined but not received yet.

    Args:
        upload: the file, as it was read.
        receipt: the receipt that it would get, with findings and row changes; for a known file the earlier one.
        again: as in the letter.
        of_the_house: generated records in it, which a home of real files does not receive.
        effects: what would count afterwards and what no longer, by shape and period.
        taken: what the house keeps of an accepted file.
    """

    upload: Upload
    receipt: Receipt
    again: bool = False
    of_the_house: HouseRecords | None = None
    effects: tuple[PeriodEffect, ...] = ()
    taken: bytes = field(default=b"", repr=False)


def examine_arrival(
    home: Home,
    source: str,
    upload: Upload,
    letter: Letter | None = None,
    *,
    today: datetime.date | None = None,
) -> Arrival:
    """Examine a file and compare it with what counts in this home; nothing is written.

    A file that was accepted before from this source is `known`, with the earlier receipt; if a later file has replaced
    it, a flag reports that (`known_replaced`), and a letter with `again` has it received once more. In addition to the
    examination's findings, flags report how many rows it replaces (`replaces_period`), and that one of those that
    it replaces has a later letter (`older_letter`).

    Raises:
        Refusal: `unknown_source`, `receipts_broken`.
    """
    letter = letter or Letter()
    source_card.load_source(source)
    day = today or datetime.datetime.now(tz=datetime.UTC).date()
    if earlier := known_receipt(home, source, upload.sha256, again=letter.again):
        replaced = replaced_periods(earlier, receipts.live_receipts(home))
        flags = tuple(Finding("flag", "known_replaced", arguments={"period": period}) for period in replaced)
        return Arrival(upload, replace(earlier, verdict="known", findings=flags, sealed=upload.is_sealed))
    examination = fault_of(upload) or examine(upload.data, upload.plain_path.name, source, today=day)
    held = _Held(home, source)
    effects = held.effects(examination)
    findings = [*examination.findings, *_findings_of(effects, letter)]
    changes = tuple(held.changes(effects, examination.tables))
    receipt = replace(
        _receipt_of(source, examination),
        file_suffix=receipts.suffix_of(upload.plain_path.name),
        kinds=dict(sorted(Counter(finding.kind for finding in findings).items())),
        letter_date=letter.date.isoformat() if letter.date else "",
        letter_number=letter.number,
        received_at=day.isoformat(),
        changes=_stored_changes(changes),
        sealed=upload.is_sealed,
        findings=tuple(findings),
        row_changes=changes,
        held=tuple(reason for table in examination.tables for reason in table.quarantined),
    )
    return Arrival(
        upload,
        receipt,
        letter.again,
        of_the_house=examination.of_the_house,
        effects=effects,
        taken=examination.taken,
    )


def effects_at_desk(home: Home, source: str, examination: Examination) -> tuple[PeriodEffect, ...]:
    """Return what an examined file would change in a home; nothing is known of a home that has received nothing."""
    return _Held(home, source).effects(examination) if home.receipts.exists() else ()


def _receipt_of(source: str, examination: Examination) -> Receipt:
    """Return the receipt of an examined file, without what its letter and its home add."""
    return Receipt(
        source=source,
        sha256=examination.sha256,
        file_suffix="",
        verdict=examination.verdict,
        rows_in=examination.rows_in,
        rows_landed=examination.rows_landed,
        rows_quarantined=examination.rows_quarantined,
        kinds={},
        letter_date="",
        letter_number="",
        received_at="",
        periods=count_replaced_rows(examination.tables),
        covers=covered_parts(examination.tables),
    )


def fault_of(upload: Upload) -> Examination | None:
    """Return the examination of a file that is refused for its seal, so that nothing in it can be examined."""
    return Examination("refused", upload.sha256, [upload.fault]) if upload.fault else None


def known_receipt(home: Home, source: str, sha256: str, *, again: bool) -> Receipt | None:
    """Return the latest live receipt of these bytes, unless they are sent again after a later file replaced them.

    Args:
        home: whose register is read.
        source: who sends the file.
        sha256: of its bytes, in hexadecimal digits.
        again: whether the letter says that an earlier file is to count once more.

    Returns:
        The receipt, or None: then the file is new here.
    """
    alive = receipts.live_receipts(home)
    same = [receipt for receipt in alive if (receipt.source, receipt.sha256) == (source, sha256)]
    if not same or (again and replaced_periods(same[-1], alive)):
        return None
    return same[-1]


def examine_received(home: Home, receipt: Receipt, decided: Decided | None = None) -> Examination:
    """Return today's examination of what was taken of a file, as of the day of its receipt, with decisions applied.

    Raises:
        Refusal: `file_missing`, `bytes_changed`.
    """
    data = read_verified(home.taken / receipt.submission, receipt.taken)
    today = datetime.date.fromisoformat(receipt.received_at)
    return examine_taken(data, receipt.source, receipt.sha256, today=today, decided=decided)


class _Held:
    """What this home holds of a source, compared with a file that comes next."""

    def __init__(self, home: Home, source: str) -> None:
        self._home, self._source = home, source
        self._alive = [receipt for receipt in receipts.live_receipts(home) if receipt.source == source]

    def effects(self, examination: Examination) -> tuple[PeriodEffect, ...]:
        """Return what would count afterwards and what no longer."""
        return tuple(effects_of(_receipt_of(self._source, examination), self._alive))

    def changes(self, effects: Iterable[PeriodEffect], tables: Sequence[ConformedTable]) -> Iterator[RowChanges]:
        """Yield the row changes of each shape and period of which rows no longer count."""
        examined: dict[int, list[ConformedTable]] = {}
        for effect in effects:
            for receipt in (entry.receipt for entry in effect.gone if entry.receipt.n not in examined):
                examined[receipt.n] = self._tables_of(receipt)
            if effect.gone:
                before = [table for entry in effect.gone for table in examined[entry.receipt.n]]
                yield compare(before, tables, effect.shape, effect.period)

    def _tables_of(self, receipt: Receipt) -> list[ConformedTable]:
        """Return the tables of an earlier file; none if its bytes are damaged, which must not block a new file."""
        try:
            decided = decisions.decisions_by_file(self._home).get((receipt.source, receipt.sha256))
            return examine_received(self._home, receipt, decided).tables
        except Refusal:
            return []


def _findings_of(effects: Iterable[PeriodEffect], letter: Letter) -> Iterator[Finding]:
    """Yield for each period how many rows no longer count, and which replaced file has a later letter than this one."""
    gone, after, newer = Counter[str](), Counter[str](), dict[str, Receipt]()
    for effect in (effect for effect in effects if effect.gone):
        gone[effect.period] += effect.rows_gone
        after[effect.period] += effect.rows
        for receipt in (entry.receipt for entry in effect.gone):
            if letter.date and receipt.letter_date > letter.date.isoformat():
                newer[effect.period] = max(receipt, newer.get(effect.period, receipt), key=lambda one: one.letter_date)
    for period in sorted(gone):
        arguments = {"period": period, "before": str(gone[period]), "after": str(after[period])}
        yield Finding("flag", "replaces_period", arguments=arguments)
    for period, receipt in sorted(newer.items()):
        arguments = {"period": period, "number": str(receipt.n), "date": receipt.letter_date}
        yield Finding("flag", "older_letter", arguments=arguments)


def _stored_changes(changes: tuple[RowChanges, ...]) -> dict[str, dict[str, StoredChanges]]:
    stored: dict[str, dict[str, StoredChanges]] = {}
    for change in changes:
        stored.setdefault(change.shape, {})[change.period] = change.stored()
    return stored
