"""What became of a file that stands behind a figure: still as it was received, taken away on purpose, or harmed.

Belongs here: the state of a received file, and the withdrawal that took its bytes away.
Does not belong here: withdrawing (`ingestion/submissions/submission_withdrawal.py`), which figures a file stands behind
(`lineage.py`, `footprint.py`).

    present   the bytes lie in `received/` as they came
    erased    the submission was withdrawn, and its bytes were removed on purpose
    altered   bytes lie there that are not those that came
    missing   nothing lies there, and nobody withdrew it
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ingestion.home import Home, sha256_of
from ingestion.submissions import receipts

FileState = Literal["present", "erased", "altered", "missing"]
HARMED: tuple[FileState, ...] = ("altered", "missing")
"""States that nobody decided on: they fail a command."""


@dataclass(frozen=True)
class TakenBack:
    """Who took a submission back, on which day (ISO) and why."""

    date: str
    reason: str
    signed_by: str


@dataclass(frozen=True)
class EvidenceFile:
    """A file behind a figure.

    Attributes:
        path: under the home.
        withdrawal: of the submission that brought it; its bytes may have been sent anew since, and then are present.
    """

    path: str
    state: FileState
    withdrawal: TakenBack | None


class ReceivedEvidence:
    """What the receipts and the disk say of received files; the receipts are read once."""

    def __init__(self, home: Home) -> None:
        """Read the receipts.

        Args:
            home: whose files are asked for.

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
        """Return what became of the file of a submission.

        Args:
            submission: that brought it.
            sha256: of its bytes as they came.
        """
        path = self._home.received / sha256
        withdrawal = self._withdrawals.get(submission)
        if path.is_file():
            state: FileState = "present" if sha256_of(path) == sha256 else "altered"
        else:
            state = "erased" if withdrawal and sha256 not in self._alive else "missing"
        return EvidenceFile(str(path.relative_to(self._home.root)), state, withdrawal)
