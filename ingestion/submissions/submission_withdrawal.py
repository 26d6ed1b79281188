"""Withdrawal: a submission is removed, as if it had never come.

Belongs here: the receipt line that records it, and removing what was stored of the submission.
Does not belong here: what was released with it. That stays in the ledger, and the next release differs from it.
"""

from __future__ import annotations

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

from ingestion import intake_lock
from ingestion.home import Home, sha256_of
from ingestion.submissions import receipts
from ingestion.submissions.landed_submission import path_of
from ingestion.submissions.receipts import Receipt
from ingestion.text.folding import has_controls, nearest_word_or_all
from languages.refusal import Refusal

_COMMAND = "marsad submissions withdraw"
_OUTCOME, _PAGES = ".receipt.json", (".receipt.html", ".receipt.html.sig")  # as `inbox.py` names them next to a file


def withdraw(
    home: Home, submission: str, *, reason: str, signed_by: str, today: datetime.date | None = None
) -> Receipt:
    """Withdraw a submission for good and return the receipt line that records it; `find_remains` finds what holds it.

    The line comes first: the next landing, or the same command, removes what a killed process leaves, and the command
    then returns the existing line. An earlier file counts again, and the very same bytes may be sent anew.

    Raises:
        Refusal: `submission_unknown` with the nearest live one, `reason_missing`, `lock_held`.
    """
    checked_reason(reason, signed_by)
    day = today or datetime.datetime.now(tz=datetime.UTC).date()
    with home.lock(_COMMAND), intake_lock.lock(home, _COMMAND):
        alive = {receipt.submission: receipt for receipt in receipts.live_receipts(home)}
        if submission not in alive:
            if ended := _finish_withdrawal(home, submission):
                return ended
            near = nearest_word_or_all(submission, alive)
            raise Refusal("submission_unknown", where=submission, nearest=near)
        line = receipts.append(home, _line(alive[submission], reason, signed_by, day))
        _remove(home, line)
    return line


def withdraw_held(home: Home, submission: str, *, reason: str, signed_by: str, day: datetime.date) -> None:
    """Withdraw a submission unless it is withdrawn, and remove what a killed withdrawal left; the caller has the lock.

    Raises:
        Refusal: `lock_held` while files are being received.
    """
    with intake_lock.lock(home, _COMMAND):
        for receipt in receipts.live_receipts(home):
            if receipt.submission == submission:
                receipts.append(home, _line(receipt, reason, signed_by, day))
        for line in receipts.read_receipts(home):
            if line.withdraws == submission:
                _remove(home, line)


def find_remains(home: Home, line: Receipt) -> list[Path]:
    """Return what still holds data of a withdrawn submission, sorted: its bytes, or its rows until the next build.

    Every file of the home is examined. Rows are searched for where a build puts them; what was released of them is in
    the ledger and stays.

    Args:
        home: that is searched.
        line: the receipt by which the submission was withdrawn.

    Returns:
        Files; empty if nothing is left.
    """
    files = (path for path in home.root.rglob("*") if path.is_file() and not path.is_symlink())
    alive = {receipt.sha256 for receipt in receipts.live_receipts(home)}
    paths = [path for path in files if line.sha256 not in alive and sha256_of(path) == line.sha256]
    paths += [path for path in home.root.rglob(f"*{line.withdraws}*") if home.releases not in path.parents]
    built = (home.warehouse, home.candidates / "facts.parquet", home.candidates / "contributions.parquet")
    return sorted({*paths, *(path for path in built if path.exists())})


def find_left_of_withdrawn(home: Home) -> list[Path]:
    """Return what a killed withdrawal left, sorted: rows, reasons, outcomes in the inbox, the taken file."""
    withdrawn = [line for line in receipts.read_receipts(home) if line.verdict == "withdrawn"]
    return sorted({path for line in withdrawn for path in _find_left_of(home, line)})


def sweep(home: Home) -> None:
    """Remove what is left of withdrawn submissions."""
    for path in find_left_of_withdrawn(home):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _finish_withdrawal(home: Home, submission: str) -> Receipt | None:
    """Clean up after a killed withdrawal of this submission and return its line; None if nothing of it is left."""
    lines = [
        receipt
        for receipt in receipts.read_receipts(home)
        if receipt.verdict == "withdrawn" and receipt.withdraws == submission
    ]
    for line in lines:
        if any(_find_left_of(home, line)):
            _remove(home, line)
            return line
    return None


def _remove(home: Home, line: Receipt) -> None:
    """Remove what was dropped, then the rest."""
    _remove_dropped(home, line)
    sweep(home)


def _find_left_of(home: Home, line: Receipt) -> Iterator[Path]:
    yield from home.raw.glob(f"*/source={line.source}/submission={line.withdraws}")
    yield from (home.inbox / line.source).glob(f"*-{line.withdraws}.receipt.*")
    files = (path_of(home, line.withdraws), home.taken / line.withdraws)
    yield from (path for path in files if path.exists())


def _remove_dropped(home: Home, line: Receipt) -> None:
    """Remove copies that still lie where a sender dropped them: the next look would receive them anew."""
    alive = {receipt.sha256 for receipt in receipts.live_receipts(home) if receipt.source == line.source}
    for path in sorted((home.inbox / line.source).glob("*")) if line.sha256 not in alive else ():
        if path.is_file() and not path.is_symlink() and sha256_of(path) == line.sha256:
            path.unlink(missing_ok=True)


def checked_reason(reason: str, signed_by: str) -> None:
    """Refuse a decision without a reason or a signature, and a control character in either.

    Raises:
        Refusal: `reason_missing`, `reason_unprintable`.
    """
    if len(reason.strip()) < 5 or not signed_by.strip():
        raise Refusal("reason_missing", where="-")
    if has_controls(reason + signed_by):
        raise Refusal("reason_unprintable", where="-")


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
        taken=receipt.taken,
        withdraws=receipt.submission,
        reason=reason.strip(),
        signed_by=signed_by.strip(),
    )
