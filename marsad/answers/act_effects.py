"""What an act would change, for those who sign it: cells, years, warnings, rules that are other than before.

Does not belong here: the act (`acting.py`), or what may be published (`expectations/gate`).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.home import Home
from ingestion.people import acts
from ingestion.people.roster import NAME, roster_path
from ingestion.storage import parse_json

if TYPE_CHECKING:
    from expectations.published.ledger import LedgerEntry


@dataclass(frozen=True)
class ActEffects:
    """What a publication would change.

    Attributes:
        rows: per dataset or estimate: `dataset`, `version`, `replaces`, `new`, `revised`, `withheld`, `gone` cells, and
            the `years` in which a figure is revised.
        warnings: each to be taken by both signers: a broken rule that does not block, a waiver, a card that changed.
    """

    rows: list[dict[str, Any]]
    warnings: list[str]

    def content(self) -> dict[str, Any]:
        """Return the effects as JSON."""
        return {"changes": self.rows, "warnings": self.warnings}


def effects_of_proposal(home: Home) -> ActEffects:
    """Return what publishing a home's proposal would change."""
    from expectations.releases import proposal

    entries = proposal.additions(home)
    return ActEffects([_row(home, entry) for entry in entries], [*_warnings(home, entries)])


def describe_act(home: Home, folder: Path) -> list[str]:
    """Return what an act says that is no proposal, a line each, for who signs it second.

    Args:
        home: whose act it is.
        folder: of the act. A roster is told by the lines that change.
    """
    act = acts.read_act(folder)
    lines = [f"{act.kind}: {act.reason}", *(f"{name}: {value}" for name, value in sorted(act.facts.items()))]
    lines += [f"{name} {sha256[:12]}" for name, sha256 in sorted(act.about.items())]
    if act.kind == "people":
        today, then = (path.read_text(encoding="utf-8").splitlines() for path in (roster_path(home), folder / NAME))
        lines += list(difflib.unified_diff(today, then, "today", "then", lineterm="", n=0))
    return lines


def _row(home: Home, entry: LedgerEntry) -> dict[str, Any]:
    from expectations.published import ledger
    from expectations.releases.release_difference import compare

    earlier = ledger.entries(home, entry.dataset)
    difference = compare(ledger.read_last_cells(home, earlier), ledger.cells_of(home.proposing(), entry))
    revised = difference.revised
    return {
        "dataset": entry.dataset,
        "version": entry.version,
        "replaces": earlier[-1].version if earlier else "",
        "new": len(difference.added),
        "revised": len(revised),
        "withheld": len(difference.newly_hidden),
        "gone": len(difference.gone),
        "years": ", ".join(sorted(set(map(str, revised["time_period"])))),
    }


def _warnings(home: Home, entries: list[LedgerEntry]) -> Iterator[str]:
    """Yield what a signer must know: rules that failed without blocking, waivers, cards other than before."""
    from expectations.gate.stored_verdict import Verdict

    for entry in entries:
        folder = home.proposing().releases / entry.dataset / entry.version
        if not (folder / "verdict.json").exists():
            continue  # an estimate
        verdict = Verdict.from_bytes((folder / "verdict.json").read_bytes())
        yield from (f"{entry.dataset}: {rule.id}" for rule in verdict.rules if not rule.passed)
        yield from (f"{entry.dataset}: {waiver.rule}, {waiver.expires}" for waiver in verdict.waived)
        before = home.releases / entry.dataset / "latest"
        if before.exists():
            version = before.read_text(encoding="utf-8").strip()
            manifest = parse_json((home.releases / entry.dataset / version / "manifest.json").read_bytes())
            if manifest["card_sha256"] != verdict.card_sha256:
                yield f"{entry.dataset}: card"
