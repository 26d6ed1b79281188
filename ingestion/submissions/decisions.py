"""Decisions: what a person decided about a received file, by whom, when and why; append-only and chained.

Belongs here: the record of one decision, reading and appending them, and the values they give to cells.
Does not belong here: what waits for a decision and what may be decided (`review.py`).

A decision refers to bytes, not to a submission: the same file sent again needs no new one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from operator import attrgetter

from ingestion import hash_chain, intake_lock
from ingestion.entry.decided_cells import Decided, Place
from ingestion.home import Home
from ingestion.text.date_order import ANSWERS
from languages.refusal import Refusal

CELL_KINDS = frozenset({"date_ambiguous", "date_hijri", "unknown_code"})
"""Kinds of findings about one cell, which is read as decided from then on."""

COLUMN_KINDS = frozenset(ANSWERS)
"""Kinds of findings about a column of dates, placed at its heading: one answer applies to all its dates."""

_said = attrgetter("sha256", "value", "signed_by", "reason")


@dataclass(frozen=True)
class Decision:
    """One line of `decisions.jsonl`.

    Args:
        item: what was decided (`review.py`).
        source: whose file it is.
        sha256: hash of the file.
        sheet: sheet of the cell; empty for the whole file.
        cell: the cell.
        kind: kind of the finding.
        value: the decision; for a cell, its value.
        signed_by: who decided.
        reason: why.
        decided_at: the day, ISO.
    """

    item: str
    source: str
    sha256: str
    sheet: str
    cell: str
    kind: str
    value: str
    signed_by: str
    reason: str
    decided_at: str
    n: int = 0
    prev: str = ""
    hash: str = ""


def read_decisions(home: Home) -> list[Decision]:
    """Return all decisions, oldest first; a later one about the same item replaces the earlier.

    Raises:
        Refusal: `decisions_broken` with the first line where the chain breaks.
    """
    lines, problems = hash_chain.read_lines(home.decisions, [field.name for field in fields(Decision)])
    if problems:
        raise Refusal("decisions_broken", where=home.decisions.name, line=problems[0])
    return [Decision(**line) for line in lines]


def standing_decisions(home: Home) -> dict[str, Decision]:
    """Return item -> the valid decision."""
    return {decision.item: decision for decision in read_decisions(home)}


def decisions_by_file(home: Home) -> Mapping[tuple[str, str], Decided]:
    """Return (source, hash of the file) -> what was decided about it; only valid decisions.

    Args:
        home: with its decisions.
    """
    by_file: dict[tuple[str, str], tuple[dict[Place, str], dict[Place, str]]] = {}
    for decision in standing_decisions(home).values():
        cells, columns = by_file.setdefault((decision.source, decision.sha256), ({}, {}))
        if decision.kind in CELL_KINDS:
            cells[decision.sheet, decision.cell] = decision.value
        elif decision.kind in COLUMN_KINDS:
            columns[decision.sheet, decision.cell] = decision.value
    return {file: Decided(cells, columns) for file, (cells, columns) in by_file.items()}


def append(home: Home, decision: Decision) -> Decision:
    """Append a decision and return it; an identical one, with the same signature and reason, is not written again."""
    return append_all(home, [decision])[0]


def append_all(home: Home, made: Sequence[Decision]) -> list[Decision]:
    """Append decisions about different items at once, and return the valid one of each, as `append` does."""
    with intake_lock.lock(home, "marsad review"):
        earlier = read_decisions(home)
        held = {decision.item: decision for decision in earlier}
        standing = [
            last if (last := held.get(decision.item)) and _said(last) == _said(decision) else decision
            for decision in made
        ]
        fresh = [asdict(decision) for decision in standing if decision is not held.get(decision.item)]
        hash_chain.append_all(home.decisions, fresh, len(earlier), earlier[-1].hash if earlier else "")
    return standing
