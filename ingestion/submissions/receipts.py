"""Receipts: what was received, when, and with which verdict; append-only and chained by hashes.

Belongs here: the record of one receipt, reading, appending, and proving that no line was changed or removed.
Does not belong here: examining a file (`file_check.py`), the chain itself (`hash_chain.py`).
A receipt never holds a file's name (it may contain a person's) nor any value of the file; of a refused file only its
hash and the kinds of findings are stored.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import accumulate
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal

from ingestion import hash_chain
from ingestion.findings import Finding
from ingestion.home import Home, read_verified
from languages.refusal import Refusal

if TYPE_CHECKING:  # every command reads receipts, few compare rows
    from ingestion.entry.checked_tables import Quarantined
    from ingestion.entry.row_changes import RowChanges, StoredChanges
    from ingestion.tables.coverage import StoredPart

Verdict = Literal["accepted", "refused", "known", "withdrawn"]
_SUFFIXES = (".xlsx", ".csv", ".xls", ".ods")
_RARE_FIELDS = {
    "changes",
    "covers",
    "withdraws",
    "reason",
    "signed_by",
    "sealed",
    "taken",
}  # stored only if not empty
_UNSTORED = {"findings", "row_changes", "held", "came_by"}


@dataclass(frozen=True)
class Receipt:
    """One line of `receipts.jsonl`.

    Args:
        source: who sent the file.
        sha256: hash of its bytes.
        file_suffix: `.xlsx`, `.csv`, `.xls`, `.ods` or empty: any other ending may be part of a name.
        verdict: `accepted` or `refused`; `withdrawn` for a line that withdraws an earlier submission; `known` only in
            a result, for a file that was accepted before.
        rows_in: its data rows; 0 for a refused file.
        rows_landed: those that land.
        rows_quarantined: those that do not.
        kinds: kind of finding -> how many.
        periods: shape -> period -> rows that land, of everything that the file replaces; empty for a refused file.
        covers: shape -> period -> `start`, `end`, `completeness` of the part of it that the file covers (null if
            unclear); only if the file states that it is not the whole year.
        letter_date: date of the letter that came with the file, ISO; empty if none was named.
        letter_number: its number.
        received_at: the day of receipt, ISO.
        submission: `<number of the receipt>-<12 hexadecimal digits of the hash>`; empty for a refused file.
        n: the number of the receipt, from 1.
        prev: hash of the line before it.
        hash: hash of this line without this field.
        changes: shape -> period -> what the file changed against its predecessor: numbers of rows `added`,
            `gone`, `changed`, `unchanged`, and `fields` (field -> rows in which it changed); no value.
        withdraws: the submission that this line withdraws.
        reason: why.
        signed_by: who decided it.
        sealed: whether the file came sealed; `sha256` is then of its plain bytes, or of the sealed ones if no key here
            opens them.
        taken: hash of what the house keeps of an accepted file, `taken/<submission>`.
        findings: what was found, place by place; only in the result for the sender, never stored.
        row_changes: the changes with their places; only in the result, never stored.
        held: the rows held back, with their reasons; only in the result, never stored.
        came_by: the latest day of receipt up to this one, ISO; set on reading, never stored.
    """

    source: str
    sha256: str
    file_suffix: str
    verdict: Verdict
    rows_in: int
    rows_landed: int
    rows_quarantined: int
    kinds: Mapping[str, int]
    letter_date: str
    letter_number: str
    received_at: str
    periods: Mapping[str, Mapping[str, int]] = field(default_factory=dict[str, Mapping[str, int]])
    covers: Mapping[str, Mapping[str, StoredPart]] = field(default_factory=dict[str, Any])
    submission: str = ""
    n: int = 0
    prev: str = ""
    hash: str = ""
    changes: Mapping[str, Mapping[str, StoredChanges]] = field(default_factory=dict[str, Any])
    withdraws: str = ""
    reason: str = ""
    signed_by: str = ""
    sealed: bool = False
    taken: str = ""
    findings: tuple[Finding, ...] = field(default=(), compare=False)
    row_changes: tuple[RowChanges, ...] = field(default=(), compare=False)
    held: tuple[Quarantined, ...] = field(default=(), compare=False)
    came_by: str = field(default="", compare=False)

    @property
    def lands_nothing(self) -> bool:
        """Whether the file was accepted and none of its rows was: such a file is no data of any year."""
        return self.verdict == "accepted" and not self.rows_landed

    @property
    def sent_date(self) -> datetime.date:
        """The date of the letter, else the day of receipt."""
        return datetime.date.fromisoformat(self.letter_date or self.received_at)


def suffix_of(file_name: str) -> str:
    """Return the ending of a file name if it belongs to an accepted format; any other ending may be part of a name."""
    suffix = PurePath(file_name).suffix.lower()
    return suffix if suffix in _SUFFIXES else ""


def read_receipts(home: Home) -> list[Receipt]:
    """Return all receipts, oldest first; empty for a new home.

    Raises:
        Refusal: `receipts_broken` with the first line where the chain breaks.
    """
    receipts, problems = _read_lines(home)
    if problems:
        raise Refusal("receipts_broken", where="receipts.jsonl", line=problems[0])
    return receipts


def live_receipts(home: Home) -> list[Receipt]:
    """Return the receipts of the files that were accepted and not withdrawn, oldest first.

    Raises:
        Refusal: `receipts_broken`.
    """
    everything = read_receipts(home)
    withdrawn = {receipt.withdraws for receipt in everything if receipt.verdict == "withdrawn"}
    return [receipt for receipt in everything if receipt.verdict == "accepted" and receipt.submission not in withdrawn]


def verify_chain(home: Home) -> list[str]:
    """Return the numbers of the lines that were changed, added or follow a removed line."""
    return [str(line) for line in _read_lines(home)[1]]


def verify_files(home: Home) -> list[Refusal]:
    """Return what is wrong with taken files: that of a live receipt missing or changed, or of a withdrawn one left.

    Codes: `file_missing`, `bytes_changed`, `withdrawn_left`. A broken chain cannot show anything about files.
    """
    if verify_chain(home):
        return []
    refusals: list[Refusal] = []
    for receipt in live_receipts(home):
        try:
            read_verified(home.taken / receipt.submission, receipt.taken)
        except Refusal as refusal:
            refusals.append(refusal)
    gone = sorted(line.withdraws for line in read_receipts(home) if line.verdict == "withdrawn")
    left = [home.taken / submission for submission in gone if (home.taken / submission).exists()]
    return refusals + [Refusal("withdrawn_left", where=str(path)) for path in left]


def next_submission(home: Home, sha256: str) -> str:
    """Return the submission of the next accepted file; the caller holds `intake_lock.lock` until its receipt is there.

    Args:
        home: whose register it is.
        sha256: of the bytes of the file.
    """
    return _submission(len(read_receipts(home)) + 1, sha256)


def _submission(number: int, sha256: str) -> str:
    return f"{number:06d}-{sha256[:12]}"


def append(home: Home, receipt: Receipt) -> Receipt:
    """Append a receipt and return it with its number, submission and hashes; the caller holds `intake_lock.lock`.

    Args:
        home: whose register it is.
        receipt: with verdict and counts; number, submission and hashes are given here.

    Returns:
        The receipt as its line in the register; only an accepted one has a submission.
    """
    earlier = read_receipts(home)
    number = len(earlier) + 1
    submission = _submission(number, receipt.sha256) if receipt.verdict == "accepted" else ""
    content = _stored_receipt(replace(receipt, submission=submission))
    line = hash_chain.append(home.receipts, content, len(earlier), earlier[-1].hash if earlier else "")
    return replace(receipt, submission=submission, n=line["n"], prev=line["prev"], hash=line["hash"])


def _read_lines(home: Home) -> tuple[list[Receipt], list[int]]:
    names = {field.name for field in fields(Receipt)} - _UNSTORED
    lines, problems = hash_chain.read_lines(home.receipts, names - _RARE_FIELDS, _RARE_FIELDS)
    if forged := [number for number, line in enumerate(lines, start=1) if not _is_receipt(line)]:
        return [], sorted({*problems, *forged})
    days = accumulate((str(line["received_at"]) for line in lines), max)
    dated_lines = zip(lines, days, strict=True)
    return [replace(Receipt(**line), came_by=day) for line, day in dated_lines], problems


def _is_receipt(line: Mapping[str, Any]) -> bool:
    """Return whether the values of a line are those of a receipt: whoever forges one can chain all lines anew."""
    try:
        datetime.date.fromisoformat(line["received_at"])
        datetime.date.fromisoformat(line["letter_date"] or line["received_at"])
    except (ValueError, TypeError):
        return False
    return (
        all(isinstance(line.get(name, ""), str) for name in ("source", "sha256", "submission", "withdraws"))
        and _is_by_period(line["periods"], int)
        and all(_is_by_period(line.get(name, {}), dict) for name in ("covers", "changes"))
    )


def _is_by_period(value: object, kind: type) -> bool:
    """Return whether a value is shape -> period -> something of this kind."""
    return isinstance(value, dict) and all(
        isinstance(by_period, dict) and all(isinstance(of_period, kind) for of_period in by_period.values())
        for by_period in value.values()
    )


def last_day(home: Home) -> str:
    """Return the latest day on which anything was received, ISO; empty for a home without receipts."""
    return max((receipt.came_by for receipt in read_receipts(home)[-1:]), default="")


def _stored_receipt(receipt: Receipt) -> dict[str, Any]:
    stored = asdict(replace(receipt, findings=(), row_changes=(), held=()))
    silent = {name for name in _RARE_FIELDS if not stored[name]}
    return {name: value for name, value in stored.items() if name not in _UNSTORED | silent}
