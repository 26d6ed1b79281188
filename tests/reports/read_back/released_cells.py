"""What a release says, read from its own files: every cell by its address, and the labels of its codes.

Belongs here: `data.csv`, `totals.csv`, `codes.csv`, the manifest, the estimates beside. Does not belong here: anything
that the reports make of them.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from languages.words import Words
from tests.reports.read_back.printed_numbers import plain

_PARTS = ("numerator", "denominator")

DIMENSIONS = ("sex", "age", "form", "article", "holder", "citizenship", "cust_breakdown")
ALL = "_T"
_SHARES = ("SHARE", "RELATIVE_GAP")


class Address(NamedTuple):
    """Where a figure stands in a release; `codes` are those of `DIMENSIONS`."""

    dataset: str
    indicator: str
    measure: str
    area: str
    year: str
    codes: tuple[str, ...] = (ALL,) * len(DIMENSIONS)


@dataclass(frozen=True)
class ReleasedCell:
    """A figure as it was released; nothing where it is withheld or missing."""

    value: Decimal | None
    lower: Decimal | None
    upper: Decimal | None
    method: str
    is_share: bool
    received: int = 0
    expected: int = 0

    @property
    def is_low(self) -> bool:
        """Whether it is a rounded zero, which every form prints as a mark: it stands for 0 to 4."""
        return self.value == 0 and self.method.startswith("ROUNDED")


@dataclass(frozen=True)
class Labels:
    """The words of one language for the codes of a dataset, and for the measures of an indicator.

    One word may stand for several codes of a column (police who find, police who are trained).
    """

    codes: Mapping[str, Mapping[str, frozenset[str]]]
    measures: Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class ReleasedFigures:
    """All latest releases of a home."""

    cells: Mapping[Address, ReleasedCell]
    versions: Mapping[str, str]
    manifests: Mapping[str, Mapping[str, Any]]
    labels: Mapping[tuple[str, str], Labels] = field(default_factory=dict[tuple[str, str], Labels])
    estimates: frozenset[int] = frozenset()

    @cached_property
    def measures(self) -> Mapping[tuple[str, str], set[str]]:
        """The measures of each indicator of a dataset."""
        found: dict[tuple[str, str], set[str]] = {}
        for at in self.cells:
            found.setdefault((at.dataset, at.indicator), set()).add(at.measure)
        return found

    @cached_property
    def codes(self) -> Mapping[tuple[str, str, str], set[str]]:
        """The codes of each indicator of a dataset in each of its columns."""
        found: dict[tuple[str, str, str], set[str]] = {}
        for at in self.cells:
            for name, code in zip(("ref_area", *DIMENSIONS), (at.area, *at.codes), strict=True):
                found.setdefault((at.dataset, at.indicator, name), set()).add(code)
        return found


def read_cells(dataset: str, path: Path) -> dict[Address, ReleasedCell]:
    """Return every row of a `data.csv`."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            Address(
                dataset,
                row["indicator"],
                row["measure"],
                row["ref_area"],
                row["time_period"],
                tuple(row.get(name, ALL) for name in DIMENSIONS),
            ): ReleasedCell(
                _number(row["obs_value"]),
                _number(row["lower"]),
                _number(row["upper"]),
                row["disclosure_method"],
                row["measure"] in _SHARES,
                int(float(row["reports_received_count"] or 0)),
                int(float(row["reports_expected_count"] or 0)),
            )
            for row in csv.DictReader(file)
        }


def read_labels(folder: Path, tag: str) -> Labels:
    """Return the labels that a release has beside its data, in one language."""
    codes: dict[str, dict[str, frozenset[str]]] = {}
    with (folder / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            column, word = codes.setdefault(row["column"], {}), plain(row[f"label_{tag}"])
            column[word] = column.get(word, frozenset()) | {row["code"]}
    words, measures = Words.load(tag), dict[tuple[str, str], str]()
    for indicator in (code for known in codes["indicator"].values() for code in known):
        measures |= _parts_by_the_card(indicator, words)
    with (folder / "totals.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            _, *label, _, _ = plain(row[f"label_{tag}"]).split(" / ")
            measures[row["indicator"], " / ".join(label)] = row["measure"]
    return Labels(codes, measures)


def _parts_by_the_card(indicator: str, words: Words) -> dict[tuple[str, str], str]:
    """The two counts of a share as the dictionary of a language names them: a page says so in the place of a label."""
    stem = indicator.lower().replace("-", "_")
    names = {(f"{room}.{stem}.{part}", part) for room in ("page.measure", "indicator") for part in _PARTS}
    return {(indicator, plain(words.text(key))): part.upper() for key, part in names if key in words}


def read_released(releases: Path, tags: tuple[str, ...]) -> ReleasedFigures:
    """Return what the latest releases of a home say, with their labels."""
    cells: dict[Address, ReleasedCell] = {}
    versions: dict[str, str] = {}
    manifests: dict[str, Mapping[str, Any]] = {}
    labels: dict[tuple[str, str], Labels] = {}
    estimates: set[int] = set()
    for folder in sorted(path for path in releases.iterdir() if (path / "latest").exists()):
        version = (folder / "latest").read_text(encoding="utf-8").strip()
        here = folder / version
        versions[folder.name] = version
        manifests[folder.name] = json.loads((here / "manifest.json").read_bytes())
        if (here / "data.csv").exists():
            cells |= read_cells(folder.name, here / "data.csv")
            labels |= {(folder.name, tag): read_labels(here, tag) for tag in tags}
        else:
            for path in here.glob("*.json"):
                if path.name not in ("manifest.json", "statement.json"):
                    estimates |= _whole_numbers(json.loads(path.read_bytes()))
    return ReleasedFigures(cells, versions, manifests, labels, frozenset(estimates))


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _whole_numbers(content: object) -> set[int]:
    if isinstance(content, dict):
        return {number for part in content.values() for number in _whole_numbers(part)}
    if isinstance(content, list):
        return {number for part in content for number in _whole_numbers(part)}
    return {int(content)} if isinstance(content, int | float) and not isinstance(content, bool) else set()
