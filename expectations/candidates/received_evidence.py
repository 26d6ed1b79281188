"""The state of what was taken of a file behind a figure: as it was taken, removed on purpose, or damaged.

Belongs here: the state of a taken file, and the withdrawal that removed it. The file itself is with its sender.
Does not belong here: withdrawing (`ingestion/submissions/submission_withdrawal.py`), which figures a file is behind
(`lineage.py`, `footprint.py`).

    present   the bytes in `taken/` are those that the receipt names
    erased    the submission was withdrawn and what was taken of it was removed on purpose
    altered   the bytes differ from those that the receipt names
    missing   there is nothing, and nobody withdrew it
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
        withdrawal: withdrawal of the submission.
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
        self._taken = {line.submission: line.taken for line in lines if line.verdict == "accepted"}

    @property
    def withdrawn(self) -> frozenset[str]:
        """The submissions that were withdrawn."""
        return frozenset(self._withdrawals)

    def file_of(self, submission: str) -> EvidenceFile:
        """Return the state of what was taken of the file of a submission."""
        path = self._home.taken / submission
        withdrawal = self._withdrawals.get(submission)
        if path.is_file():
            state: FileState = "present" if sha256_of(path) == self._taken.get(submission) else "altered"
        else:
            state = "erased" if withdrawal else "missing"
        return EvidenceFile(str(path.relative_to(self._home.root)), state, withdrawal)
