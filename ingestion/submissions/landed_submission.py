"""The record of a landed submission: the first line of its quarantine file, and why rows of it did not land.

Belongs here: the one record of a landing, how it is stored, and reading it. Does not belong here: landing
(`landing.py`), what was received (`receipts.py`, whose receipt the record names), which submission counts for a period,
which follows from both (`current_submissions.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ingestion.entry.checked_tables import Quarantined
from ingestion.entry.corrections import CorrectedRow
from ingestion.findings import Finding
from ingestion.home import Home, read_verified, write_bytes
from ingestion.storage import parse_json, reading
from ingestion.submissions.raw_rows import rows_path
from ingestion.submissions.receipts import Receipt
from languages.refusal import Refusal


@dataclass(frozen=True)
class LandedSubmission:
    """The result of landing one submission.

    Args:
        receipt: of the submission.
        rules: fingerprint of the code, cards and decisions by which it landed.
        files: shape -> SHA-256 of its Parquet file; a shape without rows has none.
        shape_rows: shape -> rows that landed.
        periods: shape -> period -> landed rows, of everything that it replaces; a year with 0 is replaced by nothing.
        quarantined: number of rows that did not land.
        corrections: correction -> rows that it changed.
        kinds: kind of finding -> how many, by the rules by which it landed; the receipt has those of its day.
        flagged: rows that a correction marks for a person.
        findings: flags of outdated corrections; reported on landing, never stored.
    """

    receipt: Receipt
    rules: str
    files: Mapping[str, str]
    shape_rows: Mapping[str, int]
    periods: Mapping[str, Mapping[str, int]]
    quarantined: int
    corrections: Mapping[str, int]
    kinds: Mapping[str, int]
    flagged: tuple[CorrectedRow, ...] = ()
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    @property
    def submission(self) -> str:
        """Its ID."""
        return self.receipt.submission

    @property
    def sha256(self) -> str:
        """The hash of the received file."""
        return self.receipt.sha256


def landed_submission(home: Home, receipt: Receipt) -> LandedSubmission | None:
    """Return the record of a submission's landing; None if it has not landed completely.

    Args:
        home: where it was landed.
        receipt: of the submission.
    """
    path = path_of(home, receipt.submission)
    if not path.exists():
        return None
    with reading(path), path.open(encoding="utf-8") as stream:
        head: dict[str, Any] = parse_json(stream.readline())
        return LandedSubmission(
            receipt,
            head["rules"],
            head["files"],
            head["shape_rows"],
            head["periods"],
            head["quarantined"],
            head["corrections"],
            head["kinds"],
            tuple(CorrectedRow(**row) for row in head["flagged"]),
        )


def reasons_of(home: Home, receipt: Receipt) -> list[Quarantined]:
    """Return why rows of a landed submission did not land, one entry per reason: a row with two is listed twice.

    Args:
        home: where it was landed.
        receipt: of the submission.
    """
    path = path_of(home, receipt.submission)
    with reading(path):
        lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else []
        return [Quarantined(**parse_json(line)) for line in lines]


def problems_of(home: Home, receipt: Receipt) -> Iterator[Refusal]:
    """Yield problems of a landing's files: its own record, and the rows whose hashes it contains.

    Args:
        home: where it was landed.
        receipt: of the submission; one that has not landed yet has no problem.
    """
    try:
        landed = landed_submission(home, receipt)
        reasons_of(home, receipt)
    except Refusal as refusal:
        yield refusal
        return
    for shape, sha256 in landed.files.items() if landed else ():
        try:
            read_verified(rows_path(home, shape, receipt.source, receipt.submission), sha256)
        except Refusal as refusal:
            yield refusal


def store(home: Home, landed: LandedSubmission, reasons: Sequence[Quarantined]) -> None:
    """Write the reasons of the quarantined rows, after a line that states what was landed by which rules."""
    head = {
        "rules": landed.rules,
        "files": landed.files,
        "shape_rows": landed.shape_rows,
        "periods": landed.periods,
        "quarantined": landed.quarantined,
        "corrections": landed.corrections,
        "kinds": landed.kinds,
        "flagged": list(map(asdict, landed.flagged)),
    }
    ordered = sorted(reasons, key=lambda reason: (reason.sheet, reason.row_number, reason.cell, reason.kind))
    lines = [json.dumps(line, ensure_ascii=False, sort_keys=True) for line in (head, *map(asdict, ordered))]
    write_bytes(path_of(home, landed.submission), ("\n".join(lines) + "\n").encode("utf-8"))


def path_of(home: Home, submission: str) -> Path:
    """Return the quarantine file of a submission."""
    return home.quarantine / f"{submission}.jsonl"
