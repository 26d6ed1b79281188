"""The state of a file behind a figure: still as received, removed on purpose, or damaged.

Belongs here: the state of a received file, and the withdrawal that removed its bytes.
Does not belong here: withdrawing (`ingestion/submissions/submission_withdrawal.py`), which figures a file is behind
(`lineage.py`, `footprint.py`).

    present   the bytes in `received/` are those that were received
    erased    the submission was withdrawn and its bytes were removed on purpose
    altered   the bytes differ from those that were received
    missing   there is no file, and nobody withdrew it
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingestion.home import Home, sha256_of
from ingestion.submissions import receipts

FileState = Literal["present", "erased", "altered", "missing"]
HARMED: tuple[FileState, ...] = ("altered", "missing")
"""States that nobody decided on: a command that finds one fails."""


@dataclass(frozen=True)
class TakenBack:
    """Who withdrew a submission, on which day (ISO) and why."""

    date: str
    reason: str
    signed_by: str


@dataclass(frozen=True)
class EvidenceFile:
    """A file behind a figure.

    Attributes:
        path: path relative to the home.
        withdrawal: withdrawal of the submission; its bytes may have been sent again since, and are then present.
    """

    path: str
    state: FileState
    withdrawal: TakenBack | None


class ReceivedEvidence:
    """The state of received files according to receipts and disk; the receipts are read once."""

    def __init__(self, home: Home) -> None:
        """Read the receipts.

        Args:
            home: data home of the files.

        Raises:
            Refusal: `receipts_broken`.
        """
        self._home = home
        lines = receipts.read_receipts(home)
        self._withdrawals = {
            line.withdraws: TakenBack(line.received_at, line.reason, line.signed_by)
            for line in lines
            if line.verdict == "withdrawn"
        }
        accepted = (line for line in lines if line.verdict == "accepted")
        self._alive = {line.sha256 for line in accepted if line.submission not in self._withdrawals}

    @property
    def withdrawn(self) -> frozenset[str]:
        """The submissions that were withdrawn."""
        return frozenset(self._withdrawals)

    def file_of(self, submission: str, sha256: str) -> EvidenceFile:
        """Return the state of the file of a submission.

        Args:
            submission: submission that brought the file.
            sha256: SHA-256 of its bytes when received.
        """
        path = self._home.received / sha256
        withdrawal = self._withdrawals.get(submission)
        if path.is_file():
            state: FileState = "present" if sha256_of(path) == sha256 else "altered"
        else:
            state = "erased" if withdrawal and sha256 not in self._alive else "missing"
        return EvidenceFile(str(path.relative_to(self._home.root)), state, withdrawal)
