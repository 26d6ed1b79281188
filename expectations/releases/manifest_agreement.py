"""What the manifest of a release may contain, and where it contradicts the files next to it.

Belongs here: the schema of a manifest, and checking each of its facts against data, verdict and notes.
Does not belong here: hashes and names of files (`verification.py`), writing a manifest (`release_draft.py`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from expectations.cards.adopted_standards import read_carried
from expectations.cards.cells import DIMENSIONS, TOTAL
from expectations.gate.stored_verdict import Verdict
from expectations.published.release_formats import FORMAT
from expectations.releases.totals_table import TOTALS, read_rows
from languages.refusal import Refusal
from languages.words import Words

_MARKS = ("obs_status", "disclosure_method", "interval_method")
Objects = list[dict[str, Any]]


class Manifest(BaseModel):
    """A manifest: of a dataset, or of an estimate, which has fewer fields. Unknown fields are ignored."""

    model_config = ConfigDict(strict=True)

    format: int = Field(ge=FORMAT, le=FORMAT)
    dataset: str
    sequence: int
    kind: str = ""
    previous: str = ""
    corrects: list[str] = []
    invented: bool
    rows: int = Field(0, ge=0)
    period: dict[str, str] = {}
    indicators: dict[str, dict[str, Any]] = {}
    protection: dict[str, Any] = {}
    system: dict[str, Any] = {}
    together: dict[str, str] = {}
    earlier: Objects = []
    frozen: Objects = []
    to_quote: Objects = []
    late: Objects = []
    breaks: Objects = []
    standards: dict[str, dict[str, Any]] = {}
    rests_on_links: bool = False
    card_sha256: str = ""
    suite_sha256: str = ""
    files: dict[str, str]


def is_manifest(content: object) -> bool:
    """Return whether the content of a JSON file is a manifest of the format that this version of Marsad knows."""
    try:
        Manifest.model_validate(content)
    except ValidationError:
        return False
    return True


def facts_that_differ(folder: Path, manifest: dict[str, Any], verdict: Verdict) -> Iterator[str]:
    """Yield the names of the manifest's facts that the files of its release contradict, in the manifest's order.

    Args:
        folder: folder of one version of a dataset; each of its files has the hash in the manifest.
        manifest: manifest of the folder.
        verdict: verdict of the folder.
    """
    for name in ("card_sha256", "suite_sha256", "previous"):
        if manifest.get(name) != getattr(verdict, name):
            yield name
    columns, count = _texts_by_column(folder / "data.csv", ("indicator", "time_period"))
    years, printed = sorted(columns["time_period"]), columns["indicator"]
    facts = {"rows": count, "period": {"first": years[0], "last": years[-1]} if years else {}}
    yield from (name for name, fact in facts.items() if manifest.get(name) != fact)
    if not printed <= set(manifest.get("indicators", ())):
        yield "indicators"  # it may describe more indicators: those whose counts a derived figure uses
    if not _are_totals_copied(folder):
        yield "totals.csv"
    if not _are_standards(manifest):
        yield "standards"
    if not manifest["invented"] and Words.load("en").text("notes.invented") in _notes(folder):
        yield "invented"


def _are_totals_copied(folder: Path) -> bool:
    """Return whether each figure of `totals.csv` stands in the data as it is."""
    if not (folder / TOTALS).is_file():
        return False
    data = {_figure(row) for row in read_rows((folder / "data.csv").read_bytes())}
    return {_figure(row) for row in read_rows((folder / TOTALS).read_bytes())} <= data


def _figure(row: Mapping[str, str]) -> tuple[str, ...]:
    """Return the key of a figure over all categories, its value, its interval, and its marks."""
    interval = (row.get(f"interval_{end}", row.get(end, "")) for end in ("lower", "upper"))
    names = ("indicator", "measure", "ref_area", "time_period", "unit_measure", "obs_value", *_MARKS)
    return (*(row.get(name, TOTAL) for name in DIMENSIONS), *interval, *(row.get(name, "") for name in names))


def _are_standards(manifest: dict[str, Any]) -> bool:
    """Return whether what a manifest carries as standards can judge a figure."""
    try:
        read_carried(manifest, where="manifest.json")
    except Refusal:
        return False
    return True


def _texts_by_column(path: Path, names: Sequence[str]) -> tuple[dict[str, set[str]], int]:
    """Return the texts in each named column of a CSV, and its number of rows; a missing column has no texts."""
    texts, count = {name: set[str]() for name in names}, 0
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        places = {name: place for place, name in enumerate(next(rows, [])) if name in texts}
        for row in rows:
            count += bool(row)
            for name, place in places.items():
                if place < len(row) and row[place]:
                    texts[name].add(row[place])
    return texts, count


def _notes(folder: Path) -> str:
    path = folder / "notes.en.md"
    return path.read_text(encoding="utf-8") if path.is_file() else ""
