"""What stands on a receipt besides its line of the register: the files in force, and the rows that are held back.

Belongs here: gathering both from a home. Does not belong here: the rule itself (`files_in_force.py`), how a receipt
looks (`receipt_page.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from ingestion.entry.checked_tables import Quarantined
from ingestion.home import Home
from ingestion.submissions import decisions
from ingestion.submissions.files_in_force import FileInForce, files_in_force
from ingestion.submissions.landed_submission import landed_submission, reasons_of
from ingestion.submissions.preview import examine_received
from ingestion.submissions.receipts import Receipt, live_receipts, read_receipts


@dataclass(frozen=True)
class HeldRows:
    """The rows of one sheet that are held back.

    Args:
        sheet: as the house names it.
        ranges: first and last row of each run of neighbouring rows.
    """

    sheet: str
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class ReceiptState:
    """What a home adds to a receipt.

    Args:
        in_force: year -> the files of the sender that count for it, and why.
        as_of: the number of the last receipt in the register.
        held: the rows that are held back, by sheet.
    """

    in_force: Mapping[str, Sequence[FileInForce]] = field(default_factory=dict[str, Sequence[FileInForce]])
    as_of: int = 0
    held: tuple[HeldRows, ...] = ()


def state_of(home: Home, receipt: Receipt) -> ReceiptState:
    """Return what a home adds to a receipt that it holds.

    The held rows are those of the examination that made the receipt; for a receipt out of the register those of its
    landing, by the rules and decisions of today, or of a new examination if it has not landed yet.

    Raises:
        Refusal: `receipts_broken`; `file_missing`, `bytes_changed` if the file must be examined again and cannot.
    """
    last = max((line.n for line in read_receipts(home)), default=0)
    return ReceiptState(files_in_force(home, receipt), last, tuple(held_by_sheet(_reasons(home, receipt))))


def held_by_sheet(reasons: Iterable[Quarantined]) -> list[HeldRows]:
    """Return the rows that wait, compactly: each sheet once, neighbouring rows as one range."""
    by_sheet: dict[str, set[int]] = {}
    for reason in reasons:
        by_sheet.setdefault(reason.sheet, set()).add(reason.row_number)
    return [HeldRows(sheet, _ranges(sorted(rows))) for sheet, rows in sorted(by_sheet.items())]


def _ranges(rows: Sequence[int]) -> tuple[tuple[int, int], ...]:
    runs = [[row for _, row in run] for _, run in groupby(enumerate(rows), lambda placed: placed[1] - placed[0])]
    return tuple((run[0], run[-1]) for run in runs)


def _reasons(home: Home, receipt: Receipt) -> Sequence[Quarantined]:
    if receipt.held or receipt.verdict not in ("accepted", "known"):
        return receipt.held
    stored = next((other for other in live_receipts(home) if other.n == receipt.n), None)
    if stored is None:  # withdrawn: nothing of it is left
        return ()
    if landed_submission(home, stored):
        return reasons_of(home, stored)
    if not stored.rows_quarantined:
        return ()
    decided = decisions.decisions_by_file(home).get((stored.source, stored.sha256))
    return [reason for table in examine_received(home, stored, decided).tables for reason in table.quarantined]
