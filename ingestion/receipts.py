"""Receipts: what came in, when, and with which verdict; append-only and chained by hashes.

Belongs here: the record of one receipt, reading, appending, and proving that no line was changed or taken out.
Does not belong here: examining a file (`landing.py`). A receipt never holds a file's name (it may hold a person's) nor
any value of the file; of a refused file only its hash and the kinds of findings stay.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import PurePath
from typing import Any, Literal

from filelock import FileLock, Timeout

from ingestion.findings import Finding
from ingestion.home import Home, append_line, sha256_of_bytes, write_bytes
from languages.refusal import Refusal

Verdict = Literal["accepted", "refused", "known"]
_START = "0" * 64
_LOCK_SECONDS = 60
_SUFFIXES = (".xlsx", ".csv", ".xls", ".ods")
_LATER_FIELDS = {"periods", "covers"}  # not in the receipts of older homes


@dataclass(frozen=True)
class Receipt:
    """One line of `receipts.jsonl`.

    Args:
        source: who sent the file.
        sha256: hash of its bytes.
        file_suffix: `.xlsx`, `.csv`, `.xls`, `.ods` or empty: any other ending may be part of a name.
        verdict: `accepted` or `refused`; `known` only in an answer, for a file that was accepted before.
        rows_in: its data rows; 0 of a refused file.
        rows_landed: those that land.
        rows_quarantined: those that do not.
        kinds: kind of finding -> how many.
        periods: shape -> period -> rows that land, of all that the file replaces; empty of a refused file.
        covers: shape -> period -> `start`, `end`, `completeness` of the part of it that the file covers (null where
            unclear); only where the file states that it is not the whole year.
        letter_date: date of the letter that carried the file, ISO; empty if none was named.
        letter_number: its number.
        received_at: the day of receipt, ISO.
        submission: `<number of the receipt>-<12 hexadecimal digits of the hash>`; empty of a refused file.
        n: the number of the receipt, from 1.
        prev: hash of the line before it.
        hash: hash of this line without this field.
        findings: what was found, place by place; only in the answer to the sender, never stored.
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
    covers: Mapping[str, Mapping[str, Mapping[str, str | float | None]]] = field(default_factory=dict[str, Any])
    submission: str = ""
    n: int = 0
    prev: str = ""
    hash: str = ""
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    @property
    def sent_date(self) -> datetime.date:
        """The date of the letter, else the day of receipt."""
        return datetime.date.fromisoformat(self.letter_date or self.received_at)

    @property
    def order(self) -> tuple[datetime.date, int]:
        """What decides which of two submissions counts: the later letter, then the later receipt."""
        return self.sent_date, self.n


def suffix_of(file_name: str) -> str:
    """Return the ending of a file's name where it is one of a kind of file; anything else may be part of a name."""
    suffix = PurePath(file_name).suffix.lower()
    return suffix if suffix in _SUFFIXES else ""


def read(home: Home) -> list[Receipt]:
    """Return all receipts, oldest first; none for a new home.

    Raises:
        Refusal: `receipts_broken` with the first line that the chain does not hold.
    """
    receipts, problems = _read(home)
    if problems:
        raise Refusal("receipts_broken", where="receipts.jsonl", line=problems[0])
    return receipts


def verify_chain(home: Home) -> list[str]:
    """Return the numbers of the lines that were changed, added or follow a line that was taken out."""
    return [str(line) for line in _read(home)[1]]


@contextmanager
def lock(home: Home) -> Generator[None]:
    """Hold the lock of the receipts alone: a receipt can be written while a build runs.

    Raises:
        Refusal: `lock_held` when another process has held it for a minute.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    held = FileLock(home.root / "receipts.lock")
    try:
        held.acquire(timeout=_LOCK_SECONDS)
    except Timeout as error:
        raise Refusal("lock_held", where=str(home.root), holder="receipts.lock") from error
    try:
        yield
    finally:
        held.release()


def append(home: Home, receipt: Receipt) -> Receipt:
    """Append a receipt and return it with its number, submission and hashes. The caller holds `lock`."""
    earlier = read(home)
    number = len(earlier) + 1
    submission = f"{number:06d}-{receipt.sha256[:12]}" if receipt.verdict == "accepted" else ""
    prev = earlier[-1].hash if earlier else _START
    numbered = replace(receipt, submission=submission, n=number, prev=prev)
    chained = replace(numbered, hash=_hash_of(_stored(numbered)))
    _cut_torn_line(home)
    append_line(home.receipts, json.dumps(_stored(chained), ensure_ascii=False, sort_keys=True))
    return chained


def _read(home: Home) -> tuple[list[Receipt], list[int]]:
    receipts: list[Receipt] = []
    problems: list[int] = []
    prev = _START
    for number, line in enumerate(_whole_lines(home), start=1):
        stored = _parse(line)
        if stored is None:
            problems.append(number)
            continue
        is_chained = stored["prev"] == prev and stored["n"] == number and stored["hash"] == _hash_of(stored)
        if not is_chained:
            problems.append(number)
        prev = stored["hash"]
        receipts.append(Receipt(**stored))
    return receipts, problems


def _whole_lines(home: Home) -> list[str]:
    """Return the lines that were written to their end; a torn last line was never acknowledged to anybody."""
    if not home.receipts.exists():
        return []
    return home.receipts.read_bytes().decode("utf-8", errors="replace").split("\n")[:-1]


def _cut_torn_line(home: Home) -> None:
    if not home.receipts.exists():
        return
    data = home.receipts.read_bytes()
    if data and not data.endswith(b"\n"):
        write_bytes(home.receipts, data[: data.rfind(b"\n") + 1])


def _parse(line: str) -> dict[str, Any] | None:
    try:
        stored: Any = json.loads(line)
    except ValueError:
        return None
    names = {one.name for one in fields(Receipt)} - {"findings"}
    return stored if isinstance(stored, dict) and set(stored) | _LATER_FIELDS == names else None


def _stored(receipt: Receipt) -> dict[str, Any]:
    stored = asdict(replace(receipt, findings=()))
    del stored["findings"]
    return stored


def _hash_of(stored: Mapping[str, Any]) -> str:
    content = {name: value for name, value in stored.items() if name != "hash"}
    return sha256_of_bytes(json.dumps(content, ensure_ascii=False, sort_keys=True).encode("utf-8"))
