"""What is released: each version with its verdict and years; an estimate without a figure with the reasons.

Does not belong here: what is out (`expectations/releases/release_listing.py`).
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from expectations.releases.release_listing import listing, listing_of_estimates
from ingestion.home import Home
from ingestion.storage import parse_json, reading


def list_releases(home: Home) -> list[dict[str, Any]]:
    """Return the released versions, and those of estimates; keys as in `listing`, and `years`."""
    entries = (*listing(home), *listing_of_estimates(home))
    return [entry | {"years": _years(entry["path"])} for entry in entries]


def _years(path: str) -> str:
    """Return the years covered by a released folder, `2020–2025`; empty for a tombstone or if nothing is published."""
    manifest = Path(path) / "manifest.json"
    if not path or not manifest.exists():
        return ""
    with reading(manifest):
        period: dict[str, str] | None = parse_json(manifest.read_bytes()).get("period")
    if period:
        return f"{period['first']}–{period['last']}"
    years: set[str] = set()  # an estimate has them in its table
    for table in Path(path).glob("*.csv"):
        with table.open(encoding="utf-8", newline="") as stream:
            years |= {row.get("time_period", "") for row in csv.DictReader(stream)} - {""}
    return f"{min(years)}–{max(years)}" if years else ""
