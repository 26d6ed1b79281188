"""A file that somebody sends as bytes: what is wrong with it, what it would change; receiving it.

Everything here stays in memory: of a file that is not accepted nothing touches the disk. Does not belong here: files
that lie on a disk (`checked_file.py`, `arrived_files.py`), where an answer is shown, rules about files (`ingestion`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import PurePath
from typing import Literal

from ingestion.cards.headings import LANGUAGES, heading_of, sheet_of
from ingestion.cards.source_card import load_source
from ingestion.entry.row_changes import RowChanges
from ingestion.files.uploads import upload_of_bytes
from ingestion.findings import (
    SEVERITIES,
    ExpectedAs,
    Finding,
    Severity,
    finding_in_words,
    sheet_in_words,
)
from ingestion.forms.marking import marked_workbook
from ingestion.forms.templates import template_bytes
from ingestion.home import Home
from ingestion.people import machine_key
from ingestion.people.acts_log import log_look
from ingestion.people.roster import RECEIPT
from ingestion.sealing.sealed_files import open_upload
from ingestion.sealing.sealing_keys import SealingKey, public_keys
from ingestion.submissions import landing
from ingestion.submissions.invented_files import refuse_invented
from ingestion.submissions.preview import Arrival, Letter, examine_arrival
from ingestion.submissions.receipts import Receipt, live_receipts
from ingestion.text.folding import printable
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.answer_forms import verdict_line
from marsad.answers.file_effects import effect_lines

_LONGEST_NUMBER = 60
_MOST_LINES = 12
"""Texts of one kind of finding that are listed; the marked workbook has all."""
_MOST_PLACES = 12
_CHANGES: tuple[Literal["added", "gone", "changed"], ...] = ("added", "gone", "changed")


@dataclass(frozen=True)
class SentFile:
    """A file as it would be received, with nothing stored.

    Args:
        home: that would receive it.
        source: its sender.
        arrival: the file and its receipt.
    """

    home: Home = field(repr=False)
    source: str
    arrival: Arrival = field(repr=False)

    @property
    def receipt(self) -> Receipt:
        """The receipt that it would get; for a known file the earlier one."""
        return self.arrival.receipt

    @property
    def name(self) -> str:
        """Its name, to be shown to its sender alone."""
        return printable(self.arrival.upload.path.name)

    @property
    def may_be_sent(self) -> bool:
        """Whether it would be accepted."""
        return self.receipt.verdict == "accepted"

    @property
    def may_be_marked(self) -> bool:
        """Whether its sender may have it marked: a workbook that did not come sealed."""
        return self.arrival.upload.data.startswith(b"PK") and not self.arrival.upload.is_sealed

    @property
    def replaces_rows(self) -> bool:
        """Whether rows that count now would go, or be others."""
        return any(change.rows for change in self.receipt.row_changes)

    def effects(self, words: Words) -> list[str]:
        """Return as sentences what will count afterwards, and what of earlier files no longer will."""
        return list(effect_lines(self.arrival.effects, words))

    def verdict(self, words: Words) -> str:
        """Return the verdict as a sentence."""
        return verdict_line(self.receipt, words)


def examine_bytes(
    home: Home, source: str, name: str, data: bytes, letter: Letter | None = None, key: SealingKey | None = None
) -> SentFile:
    """Return a file as it would be received; nothing is written.

    Args:
        home: that would receive it.
        source: who sends it.
        name: as its sender calls it.
        data: its bytes, sealed or plain.
        letter: that comes with it.
        key: that opens sealed files; None if nobody has unlocked it.

    Raises:
        Refusal: `upload_too_large`; as `examine_arrival`, `open_upload`, `refuse_invented`.
    """
    arrival = examine_arrival(home, source, open_upload(upload_of_bytes(name, data), key), letter)
    refuse_invented(home, arrival, printable(arrival.upload.path.name))
    return SentFile(home, source, arrival)


# What is wrong


@dataclass(frozen=True)
class FindingLine:
    """Findings with the same text.

    Args:
        message: what is wrong.
        remedy: what to do.
        read: what was read there, if it may be shown.
        expected: what to write instead, or the like of it, if it is known.
        expected_as: which of these it is.
        places: the first cells, by sheet; a sheet without cells is meant whole.
        count: how many places there are; 0 for the whole file.
    """

    message: str
    remedy: str
    read: str
    expected: str
    expected_as: ExpectedAs
    places: tuple[tuple[str, tuple[str, ...]], ...]
    count: int

    @property
    def more(self) -> int:
        """How many places are not listed."""
        return max(0, self.count - _MOST_PLACES)


@dataclass(frozen=True)
class KindOfFinding:
    """All findings of one kind.

    Args:
        kind: its key.
        severity: what it does to the file or the row.
        lines: the first texts; most kinds have one.
        count: how many findings there are.
        more: how many texts are not listed.
    """

    kind: str
    severity: Severity
    lines: tuple[FindingLine, ...]
    count: int
    more: int


def findings_by_kind(findings: Iterable[Finding], words: Words) -> list[KindOfFinding]:
    """Return findings in words, the worst first, those of a kind together."""
    ordered = sorted(findings, key=lambda finding: (SEVERITIES.index(finding.severity), finding.kind))
    return [
        _kind_of(list(alike), words)
        for _, alike in groupby(ordered, key=lambda finding: (finding.severity, finding.kind))
    ]


def _kind_of(findings: Sequence[Finding], words: Words) -> KindOfFinding:
    by_text: dict[tuple[str, str, str, str, ExpectedAs], list[tuple[str, str]]] = {}
    for finding in findings:
        text = (*_in_words(finding, words), finding.read, finding.expected, finding.expected_as)
        places = finding.cells or ((finding.sheet, finding.cell),)
        by_text.setdefault(text, []).extend(
            (sheet_in_words(sheet, words), cell) for sheet, cell in places if sheet or cell
        )
    distinct = {text: list(dict.fromkeys(places)) for text, places in by_text.items()}
    lines = [FindingLine(*text, _by_sheet(places[:_MOST_PLACES]), len(places)) for text, places in distinct.items()]
    first = findings[0]
    return KindOfFinding(
        first.kind, first.severity, tuple(lines[:_MOST_LINES]), len(findings), max(0, len(lines) - _MOST_LINES)
    )


def _in_words(finding: Finding, words: Words) -> tuple[str, str]:
    """Return what is wrong and what to do: by a button of the page where the terminal names a command."""
    message, remedy = finding_in_words(finding, words)
    by_button = f"browser.remedy.{finding.kind}"
    return message, words.text(by_button) if by_button in words else remedy


def _by_sheet(places: Iterable[tuple[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    by_sheet: dict[str, list[str]] = {}
    for sheet, cell in places:
        by_sheet.setdefault(sheet, []).extend(filter(None, [cell]))
    return tuple((sheet, tuple(cells)) for sheet, cells in by_sheet.items())


# What it changes


@dataclass(frozen=True)
class ChangedRows:
    """Rows that are new, gone or other than in the file that counts now.

    Args:
        kind: which of these.
        count: how many.
        places: the first ones, by sheet; of rows that are gone in the earlier file.
    """

    kind: Literal["added", "gone", "changed"]
    count: int
    places: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def more(self) -> int:
        """How many are not listed."""
        return max(0, self.count - _MOST_PLACES)


@dataclass(frozen=True)
class ChangedPeriod:
    """What a file changes of one kind of record in one year, against the file that counts now.

    Args:
        table: the kind of record, as its template calls it.
        period: the year.
        rows: those that change, by kind.
        unchanged: how many rows stay.
        fields: heading and number of rows in which it changed.
    """

    table: str
    period: str
    rows: tuple[ChangedRows, ...]
    unchanged: int
    fields: tuple[tuple[str, int], ...]


def changed_periods(changes: Iterable[RowChanges], words: Words) -> list[ChangedPeriod]:
    """Return row changes with the names that a template in the reader's language gives records and fields."""
    tag = words.tag if words.tag in LANGUAGES else "en"
    return [
        ChangedPeriod(
            sheet_of(change.shape, tag),
            change.period,
            tuple(_rows_of(change, kind) for kind in _CHANGES),
            change.unchanged,
            tuple((heading_of(change.shape, name, tag), count) for name, count in change.fields.items()),
        )
        for change in changes
    ]


def _rows_of(change: RowChanges, kind: Literal["added", "gone", "changed"]) -> ChangedRows:
    rows = [row for row in change.rows if row.kind == kind]
    by_sheet: dict[str, list[int]] = {}
    for row in rows[:_MOST_PLACES]:
        by_sheet.setdefault(row.sheet, []).append(row.row_number)
    return ChangedRows(kind, len(rows), tuple((sheet, tuple(numbers)) for sheet, numbers in by_sheet.items()))


# Receiving


def letter_of(number: str, day: str, *, again: bool = False) -> Letter:
    """Return the letter that a person names.

    Args:
        number: of the letter; may be empty.
        day: its date, as 2026-03-15; may be empty.
        again: whether a file that was replaced is to count once more.

    Raises:
        Refusal: `letter_number_wrong`, `letter_number_shape`, `letter_date_wrong`, `letter_half` if one of both is
            missing; none repeats what was typed.
    """
    number = number.strip()
    if len(number) > _LONGEST_NUMBER or not number.isprintable():
        raise Refusal("letter_number_wrong", where="-", most=_LONGEST_NUMBER)
    try:
        date = datetime.date.fromisoformat(day.strip()) if day.strip() else None
    except ValueError as error:
        raise Refusal("letter_date_wrong", where="-") from error
    if date and not datetime.date(2000, 1, 1) <= date <= _today():
        raise Refusal("letter_date_wrong", where="-")
    if bool(number) != bool(date):
        raise Refusal("letter_half", where="-")
    return Letter(date, number, again)


def receipt_with_letter(sent: SentFile, letter: Letter) -> Receipt | None:
    """Return the last receipt of another file of this sender that came with the same letter; None without one."""
    if not letter.number or letter.date is None:
        return None
    same = [
        receipt
        for receipt in live_receipts(sent.home)
        if (receipt.source, receipt.letter_number, receipt.letter_date)
        == (sent.source, letter.number, letter.date.isoformat())
        and receipt.sha256 != sent.receipt.sha256
    ]
    return same[-1] if same else None


def with_letter(sent: SentFile, letter: Letter) -> SentFile:
    """Return a file examined again with its letter, which may let an earlier file count again; as `examine_arrival`."""
    return SentFile(sent.home, sent.source, examine_arrival(sent.home, sent.source, sent.arrival.upload, letter))


def receive_sent(sent: SentFile, person: str, *, states_invented: bool = False) -> Receipt:
    """Receive a file, log who sent it, and return its receipt.

    Args:
        sent: with its letter; nothing is stored of a file that would not be accepted.
        person: who sends it.
        states_invented: whether she says that all in it is invented: a home of invented files receives no other.

    Raises:
        Refusal: `sent_not_accepted`; `home_is_invented`; as `landing.take` and `machine_key.check`.
    """
    if sent.receipt.verdict == "known":
        return sent.receipt
    if not sent.may_be_sent:
        raise Refusal("sent_not_accepted", where="-")
    if not states_invented and sent.arrival.of_the_house is None:
        sent.home.for_real_files()
    machine_key.check(sent.home)  # refuses before anything is received: a receipt lacks no signature
    log_look(sent.home, person, f"desk send {sent.source}")
    return landing.take(sent.home.open(), sent.arrival)


def receipt_of(home: Home, sources: Iterable[str], submission: str) -> Receipt:
    """Return the receipt of a submission of one of these senders.

    Raises:
        Refusal: `receipt_unknown`, also for another sender's: nothing says that there is one.
    """
    own = set(sources)
    for receipt in live_receipts(home):
        if receipt.submission == submission and receipt.source in own:
            return receipt
    raise Refusal("receipt_unknown", where="-")


# Files to take away


@dataclass(frozen=True)
class NamedBytes:
    """A file that was made in memory: its name and its bytes."""

    name: str
    data: bytes = field(repr=False)


def receipt_file(home: Home, receipt: Receipt, language: str = "") -> tuple[NamedBytes, bytes]:
    """Return the page of a receipt, to be printed, and the machine's signature over it; empty where it signs nothing.

    Args:
        home: that holds it.
        receipt: as `receive_sent` returned it, or from the register (then without places of findings).
        language: of the page; by default the sender's.
    """
    from ingestion.submissions.receipt_page import receipt_page
    from ingestion.submissions.receipt_state import state_of

    words = Words.load(language or load_source(receipt.source).language)
    data = receipt_page(receipt, words, state_of(home, receipt), is_invented=home.is_invented).encode("utf-8")
    return NamedBytes(f"receipt-{receipt.n:06d}.html", data), machine_key.signature_over(home, data, RECEIPT)


def marked_file(sent: SentFile, words: Words) -> NamedBytes:
    """Return the sender's own workbook with its findings marked.

    Raises:
        Refusal: `mark_unopened`; `sealed_not_written` for a file that came sealed.
    """
    upload = sent.arrival.upload
    if upload.is_sealed:
        raise Refusal("sealed_not_written", where=sent.name)
    data = marked_workbook(upload.path.name, upload.data, sent.receipt.findings, sent.verdict(words), words)
    return NamedBytes(f"{PurePath(sent.name).stem}-marked.xlsx", data)


def template_file(home: Home, source: str, words: Words) -> NamedBytes:
    """Return the workbook that a sender fills in, with the keys that she may seal it for; as `template_bytes`."""
    return NamedBytes(f"{source}.xlsx", template_bytes(source, words, keys=public_keys(home)))


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()
