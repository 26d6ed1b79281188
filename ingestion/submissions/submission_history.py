"""What an agency sent, file by file: when, its state, rows received and quarantined, why it was refused.

Belongs here: reading the receipts of one agency for its page. Does not belong here: the record (`receipts.py`), which
file counts (`current_submissions.py`), texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ingestion.home import Home
from ingestion.submissions import receipts
from ingestion.submissions.files_in_force import counting_receipts
from ingestion.submissions.receipts import Receipt

State = Literal["counts", "replaced", "withdrawn", "refused"]


@dataclass(frozen=True)
class Sent:
    """One file of an agency.

    Args:
        number: of its receipt.
        sent_date: of the letter, else of the receipt, ISO.
        state: it counts for a period at least; later files replaced it altogether; it was withdrawn; it was refused.
        periods: the years that it covers; empty for a refused file.
        rows_in: its data rows; 0 for a refused file, of which nothing is stored.
        rows_landed: those that landed.
        kinds: kind of finding -> how many, for a refused file.
    """

    number: int
    sent_date: str
    state: State
    periods: tuple[str, ...]
    rows_in: int
    rows_landed: int
    kinds: Mapping[str, int]

    @property
    def held_back(self) -> int:
        """Number of quarantined rows."""
        return self.rows_in - self.rows_landed


def sent_files(home: Home, source: str) -> list[Sent]:
    """Return the files of an agency, the newest first; a file that was sent again unchanged is listed once.

    Raises:
        Refusal: `receipts_broken`.
    """
    everything = receipts.read_receipts(home)
    taken_back = {receipt.withdraws for receipt in everything if receipt.verdict == "withdrawn"}
    counting = {receipt.n for receipt in counting_receipts(home)}
    own = [receipt for receipt in everything if receipt.source == source and receipt.verdict in ("accepted", "refused")]
    return [
        _sent_file(receipt, _state(receipt, taken_back, counting))
        for receipt in sorted(own, key=lambda receipt: -receipt.n)
    ]


def _state(receipt: Receipt, taken_back: set[str], counting: set[int]) -> State:
    if receipt.verdict == "refused":
        return "refused"
    if receipt.submission in taken_back:
        return "withdrawn"
    return "counts" if receipt.n in counting else "replaced"


def _sent_file(receipt: Receipt, state: State) -> Sent:
    periods = sorted({period for own in receipt.periods.values() for period in own})
    kinds = dict(sorted(receipt.kinds.items())) if receipt.verdict != "accepted" else {}
    day = receipt.sent_date.isoformat()
    return Sent(receipt.n, day, state, tuple(periods), receipt.rows_in, receipt.rows_landed, kinds)
