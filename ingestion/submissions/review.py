"""The review queue: what a person must decide about the files that count, and deciding it.

Belongs here: which findings wait for a decision, the IDs of the items, what may be decided about each.
Does not belong here: the record of decisions (`decisions.py`), changing a card (`card_change.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingestion.entry.decided_cells import Decided
from ingestion.findings import Finding
from ingestion.home import Home, sha256_of_bytes
from ingestion.submissions import decisions, repeated_figures
from ingestion.submissions.decisions import CELL_KINDS, COLUMN_KINDS, Decision
from ingestion.submissions.files_in_force import counting_receipts
from ingestion.submissions.landed_submission import landed_submission
from ingestion.submissions.preview import examine_received
from ingestion.submissions.receipts import Receipt
from ingestion.submissions.submission_withdrawal import checked_reason
from ingestion.text.date_order import ANSWERS
from languages.refusal import Refusal

_RECYCLED = "figure_recycled"
_OF_CORRECTION = "flagged_by_correction"
_NO_EFFECT = "older_letter"  # for a file whose intended effect is unclear
_EXAMINED = CELL_KINDS | COLUMN_KINDS | {"nothing_landed"}


@dataclass(frozen=True)
class Item:
    """One thing that a person must decide.

    Args:
        id: the same for the same place of the same bytes.
        receipt: the submission.
        finding: what was found, with its place and what may be shown of it.
        decision: what was decided, if anything.
    """

    id: str
    receipt: Receipt
    finding: Finding
    decision: Decision | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits: undecided, or a repeated figure was found to be wrong and still counts."""
        return self.decision is None or (self.finding.kind == _RECYCLED and self.decision.value == "wrong")

    @property
    def answers(self) -> list[str]:
        """The possible decisions, if that is a closed list; else empty."""
        if self.finding.kind == _RECYCLED:
            return ["confirmed", "wrong"]
        if self.finding.kind in COLUMN_KINDS:
            return list(ANSWERS[self.finding.kind])
        return [] if self.finding.kind in CELL_KINDS else ["seen"]

    def as_json(self) -> dict[str, Any]:
        """Return the item as values for JSON; the caller adds the message."""
        decided = self.decision
        return self.finding.as_json() | {
            "item": self.id,
            "source": self.receipt.source,
            "submission": self.receipt.submission,
            "read": self.finding.read,
            "decision": decided.value if decided else "",
            "decided_by": decided.signed_by if decided else "",
            "decided_at": decided.decided_at if decided else "",
            "reason": decided.reason if decided else "",
        }


def items(home: Home) -> list[Item]:
    """Return all items of the current submissions, in the order of the receipts, including decided ones.

    Recycled figures and flags of corrections are found in the landed rows.

    Args:
        home: with landed rows.

    Returns:
        Items with their state; `Item.is_open` marks those that wait.
    """
    counting = counting_receipts(home)
    reported: list[tuple[Receipt, Finding]] = []
    held = decisions.standing_decisions(home)
    decided = decisions.decisions_by_file(home)
    for receipt in counting:
        reported += _findings_of_receipt(home, receipt, decided.get((receipt.source, receipt.sha256)))
    reported += [(recycled.receipt, _recycled_finding(recycled)) for recycled in repeated_figures.find(home, counting)]
    named = {_name(receipt, finding): (receipt, finding) for receipt, finding in reported}
    listed = [Item(name, receipt, finding, held.get(name)) for name, (receipt, finding) in named.items()]
    return sorted(listed, key=lambda item: item.receipt.n)


def find(home: Home, item: str) -> Item:
    """Return one item.

    Raises:
        Refusal: `review_item_unknown`.
    """
    review_item = next((review_item for review_item in items(home) if review_item.id == item), None)
    if review_item is None:
        raise Refusal("review_item_unknown", where=item)
    return review_item


def decide(
    home: Home, item: str, *, value: str, signed_by: str, reason: str, today: datetime.date | None = None
) -> Decision:
    """Record a person's decision about an item, and return it; the next landing applies it.

    An identical decision, with this signature and reason, is returned and not written again.

    Raises:
        Refusal: `review_item_unknown`; `decision_unfit` if the answer is none of the item's, or the cell cannot be
            read with it; `reason_missing`.
    """
    checked_reason(reason, signed_by)
    review_item = find(home, item)
    answers = review_item.answers
    if answers and value not in answers:
        raise Refusal("decision_unfit", where=item, expected="، ".join(answers))
    if not answers:
        _check_cell(home, review_item, value)
    day = today or datetime.datetime.now(tz=datetime.UTC).date()
    finding, receipt = review_item.finding, review_item.receipt
    place = (finding.sheet, finding.cell, finding.kind)
    own = (value, signed_by.strip(), reason.strip(), day.isoformat())
    decision = Decision(item, receipt.source, receipt.sha256, *place, *own)
    return decisions.append(home, decision)


def _check_cell(home: Home, item: Item, value: str) -> None:
    """Read the file with the decided cell: it must be readable there, and hold nothing personal."""
    place = (item.finding.sheet, item.finding.cell)
    decided = decisions.decisions_by_file(home).get((item.receipt.source, item.receipt.sha256), Decided())
    examination = examine_received(home, item.receipt, replace(decided, cells={**decided.cells, place: value}))
    still = [
        finding
        for finding in examination.findings
        if (finding.sheet, finding.cell) == place and finding.severity != "flag"
    ]
    if still or examination.verdict != "accepted" or not value.strip():
        raise Refusal("decision_unfit", where=item.id, expected=item.finding.expected or "-")


def _findings_of_receipt(home: Home, receipt: Receipt, decided: Decided | None) -> Iterator[tuple[Receipt, Finding]]:
    landed = landed_submission(home, receipt)
    raised = {*receipt.kinds, *(landed.kinds if landed else ())}  # by the rules of its day, and by those of today
    if decided or _EXAMINED & raised:
        findings = examine_received(home, receipt).findings
        if decided and decided.columns:  # cells of such a column that contradict the answer wait on their own
            findings = [*findings, *examine_received(home, receipt, Decided(columns=decided.columns)).findings]
        for finding in findings:
            if finding.kind in _EXAMINED:
                yield receipt, finding
    if _NO_EFFECT in receipt.kinds:
        yield receipt, Finding("flag", _NO_EFFECT, arguments={"period": _periods(receipt)})
    for row in landed.flagged if landed else ():
        arguments = {"correction": row.correction}
        yield receipt, Finding("flag", _OF_CORRECTION, row.sheet, f"A{row.row_number}", arguments)


def _periods(receipt: Receipt) -> str:
    return ", ".join(sorted({period for periods in receipt.periods.values() for period in periods})) or "—"


def _recycled_finding(recycled: repeated_figures.Recycled) -> Finding:
    arguments = {
        "cells": str(recycled.cells),
        "field": recycled.field,
        "earlier": recycled.earlier,
        "later": recycled.later,
    }
    return Finding("flag", "figure_recycled", recycled.sheet, f"A{recycled.row_number}", arguments)


def _name(receipt: Receipt, finding: Finding) -> str:
    parts: Sequence[str] = (receipt.source, receipt.sha256, finding.sheet, finding.cell, finding.kind)
    own = [finding.arguments[name] for name in ("correction", "earlier", "later") if name in finding.arguments]
    return sha256_of_bytes("\0".join([*parts, *own]).encode("utf-8"))[:12]
