"""Withdrawal: a submission is taken back, and the house is as if it had not come.

Belongs here: the receipt line that says so, and removing what was kept of the submission.
Does not belong here: what was released with it. That stays in the ledger, and the next release differs from it.
"""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

from ingestion import intake_lock
from ingestion.home import Home, sha256_of
from ingestion.personal.personal_text import personal_kind
from ingestion.submissions import receipts
from ingestion.submissions.landed_submission import path_of
from ingestion.submissions.receipts import Receipt
from ingestion.text.folding import nearest_or_all
from languages.refusal import Refusal

_COMMAND = "marsad submissions withdraw"


def withdraw(
    home: Home, submission: str, *, reason: str, signed_by: str, today: datetime.date | None = None
) -> Receipt:
    """Take a submission back for good and return the receipt line that says so; `remains` tells what still holds it.

    The line comes first: what a killed process leaves lying is swept away by the next landing. An earlier file counts
    again, and the very same bytes may be sent anew.

    Raises:
        Refusal: `submission_unknown` with the nearest live one, `reason_missing`, `reason_personal`, `lock_held`.
    """
    checked_reason(reason, signed_by)
    day = today or datetime.datetime.now(tz=datetime.UTC).date()
    with home.lock(_COMMAND), intake_lock.lock(home, _COMMAND):
        alive = {one.submission: one for one in receipts.live(home)}
        if submission not in alive:
            near = nearest_or_all(submission, alive)
            raise Refusal("submission_unknown", where=submission, nearest=near)
        line = receipts.append(home, _line(alive[submission], reason, signed_by, day))
        sweep(home)
        _remove_dropped(home, line)
    return line


def remains(home: Home, line: Receipt) -> list[Path]:
    """Return what still holds something of a withdrawn submission, sorted: its bytes, or its rows until the next build.

    Every file of the home is looked at. Rows are looked for where a build puts them; what was released of them is in
    the ledger and stays.

    Args:
        home: that is searched.
        line: the receipt by which the submission was withdrawn.

    Returns:
        Files; empty when nothing is left.
    """
    files = (path for path in home.root.rglob("*") if path.is_file() and not path.is_symlink())
    alive = {one.sha256 for one in receipts.live(home)}
    found = [path for path in files if line.sha256 not in alive and sha256_of(path) == line.sha256]
    found += [path for path in home.root.rglob(f"*{line.withdraws}*") if home.releases not in path.parents]
    built = (home.warehouse, home.candidates / "facts.parquet", home.candidates / "contributions.parquet")
    return sorted({*found, *(path for path in built if path.exists())})


def sweep(home: Home) -> None:
    """Remove what is left of withdrawn submissions: rows, reasons, and bytes that no live receipt names."""
    alive = {one.sha256 for one in receipts.live(home)}
    for line in receipts.read(home):
        if line.verdict != "withdrawn":
            continue
        for folder in home.raw.glob(f"*/source={line.source}/submission={line.withdraws}"):
            shutil.rmtree(folder)
        path_of(home, line.withdraws).unlink(missing_ok=True)
        if line.sha256 not in alive:
            (home.received / line.sha256).unlink(missing_ok=True)


def _remove_dropped(home: Home, line: Receipt) -> None:
    """Remove the copy that lies where the sender dropped it, and the outcome that says that it was taken."""
    alive = {one.sha256 for one in receipts.live(home) if one.source == line.source}
    for path in sorted((home.inbox / line.source).glob("*")) if line.sha256 not in alive else ():
        if path.is_file() and not path.is_symlink() and sha256_of(path) == line.sha256:
            for beside in (path, *(path.with_name(path.name + end) for end in (".receipt.json", ".receipt.html"))):
                beside.unlink(missing_ok=True)


def checked_reason(reason: str, signed_by: str) -> None:
    """Refuse a decision without a reason or a signature, and a reason that holds what nobody may read.

    Raises:
        Refusal: `reason_missing`, `reason_personal`.
    """
    if len(reason.strip()) < 5 or not signed_by.strip():
        raise Refusal("reason_missing", where="-")
    if kind := personal_kind(reason):
        raise Refusal("reason_personal", where="-", kind=kind)


def _line(receipt: Receipt, reason: str, signed_by: str, day: datetime.date) -> Receipt:
    return Receipt(
        source=receipt.source,
        sha256=receipt.sha256,
        file_suffix=receipt.file_suffix,
        verdict="withdrawn",
        rows_in=receipt.rows_in,
        rows_landed=receipt.rows_landed,
        rows_quarantined=receipt.rows_quarantined,
        kinds={},
        letter_date="",
        letter_number="",
        received_at=day.isoformat(),
        withdraws=receipt.submission,
        reason=reason.strip(),
        signed_by=signed_by.strip(),
    )
