"""The cells behind a failing verdict, for Marsad's own staff: never for a log, a page or a release.

Belongs here: reading what the gate sealed with its verdict. Does not belong here: judging (`verdicts.py`).
"""

from __future__ import annotations

from typing import Any

from expectations.cards.cells import TOTAL
from expectations.gate.stored_verdict import last_verdict, sealed_path
from ingestion.home import Home
from ingestion.seals import read_sealed
from ingestion.storage import parse_json
from languages.refusal import Refusal


def broken_cells(home: Home, dataset: str) -> list[dict[str, Any]]:
    """Return one entry per broken rule, and one per cell that breaks a rule; rules first.

    Keys: `rule`, `severity`, `broken` (how many break it), `cell` (`measure=COUNT ref_area=IQG08 …`, totals left out;
        empty for a whole rule), `year`, `low` and `high` (what could be learnt of the cell, if that is the fault).

    Raises:
        Refusal: `verdict_missing` if there is no verdict with a valid seal; `file_missing`, `seal_broken`.
    """
    verdict = last_verdict(home, dataset)
    if verdict is None:
        raise Refusal("verdict_missing", where=dataset)
    rules = [_entry(rule.id, rule.severity, rule.unexpected) for rule in (*verdict.broken, *verdict.watched)]
    findings: list[dict[str, Any]] = parse_json(read_sealed(home, sealed_path(home, dataset)))
    return rules + [
        _entry(
            finding["rule"],
            cell=_format_coordinates(finding["coordinates"]),
            year=finding["year"],
            low=finding["low"],
            high=finding["high"],
        )
        for finding in findings
    ]


def _entry(rule: str, severity: str = "", broken: int | None = None, **of_cell: object) -> dict[str, Any]:
    blank = {"cell": "", "year": "", "low": None, "high": None}
    return {"rule": rule, "severity": severity, "broken": broken, **blank, **of_cell}


def _format_coordinates(coordinates: dict[str, str]) -> str:
    return " ".join(f"{name}={code}" for name, code in coordinates.items() if code != TOTAL)
