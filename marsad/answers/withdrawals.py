"""Withdrawing a submission or a release, and what still holds its data.

Does not belong here: what a withdrawal does (`ingestion/submissions/submission_withdrawal.py`,
`expectations/published/release_withdrawal.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.home import Home
from ingestion.keeping.backup_register import BackupLine, backups_holding
from ingestion.submissions.receipts import Receipt

if TYPE_CHECKING:
    from expectations.published.release_log import Withdrawal


@dataclass(frozen=True)
class WithdrawnSubmission:
    """A withdrawn submission: the receipt line that says so, the files and backups that still hold data of it."""

    line: Receipt
    remains: list[Path]
    backups: list[BackupLine]


@dataclass(frozen=True)
class WithdrawnRelease:
    """A withdrawn release: its line in the log, the pages that print it, the backups that still hold its data."""

    line: Withdrawal
    pages: list[Path]
    backups: list[BackupLine]


def withdraw_submission(home: Home, submission: str, *, reason: str, signed_by: str) -> WithdrawnSubmission:
    """Withdraw a submission; refuses as `submission_withdrawal.withdraw`."""
    from ingestion.submissions.submission_withdrawal import find_remains, withdraw

    line = withdraw(home, submission, reason=reason, signed_by=signed_by)
    remains = find_remains(home, line)
    return WithdrawnSubmission(line, remains, _backups(home, f"taken/{line.withdraws}", line.taken))


def withdrawn_release(home: Home, dataset: str, version: str) -> WithdrawnRelease:
    """Return what a withdrawal that is done left: its line, the pages that print it, the backups that hold it."""
    from expectations.published.release_log import ReleaseLog
    from expectations.published.release_withdrawal import data_of, pages_of

    line = ReleaseLog.read_log(home).withdrawals_of(dataset)[version]
    data = f"releases/{dataset}/{version}/{data_of(dataset)}"
    return WithdrawnRelease(line, pages_of(home, version), _backups(home, data, line.data_sha256))


def _backups(home: Home, data: str, data_sha256: str) -> list[BackupLine]:
    return list(backups_holding(home, lambda path, sha256: (path, sha256) == (data, data_sha256)))
