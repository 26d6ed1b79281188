"""What is released: each version with its verdict and years; an estimate without a figure with the reasons.

Does not belong here: what is out (`expectations/releases/release_listing.py`).
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from expectations.published import published_estimates
from expectations.published.ledger import LINK_RANGE
from expectations.published.release_log import ReleaseLog
from expectations.releases.release_listing import listing, listing_of_estimates
from ingestion.home import Home
from ingestion.storage import parse_json, reading


def list_releases(home: Home) -> list[dict[str, Any]]:
    """Return the released versions, those of estimates, and refused estimates; keys as in `listing`, and `years`."""
    entries = (*listing(home), *listing_of_estimates(home), *_unreleased_ranges(home))
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


def _unreleased_ranges(home: Home) -> list[dict[str, Any]]:
    """Return the ranges over link thresholds that a build computed but could not publish: they have no version."""
    reasons = published_estimates.refused_years(home, ReleaseLog.read_log(home))
    nothing = dict.fromkeys(("version", "withdrawn", "sha256", "manifest_sha256", "path"), "")
    return [{"dataset": LINK_RANGE, "verdict": "refused", "refused": reasons, "rows": 0, **nothing}] if reasons else []
