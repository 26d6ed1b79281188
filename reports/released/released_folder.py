"""A released folder as an exporter sees it: rows as they were released, every file verified by the manifest.

Belongs here: finding and opening one released folder, and what its own descriptor says of its columns. Nothing about a
release is hard-coded: its dimensions come from its data package.
Does not belong here: any format, any word, any part of a home except its `releases`.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from expectations.published import tombstone
from expectations.published.release_formats import format_refusal
from expectations.published.release_log import ReleaseLog
from ingestion.home import Home, read_verified, sha256_of_bytes
from ingestion.storage import parse_json, reading, refuse_leading_out
from ingestion.text.folding import nearest_word_or_all
from languages.refusal import Refusal
from reports.released.print_order import rank

Row = Mapping[str, str]
"""A row as released: column to text."""
_PACKAGE = "datapackage.json"
_FIXED = ("indicator", "measure", "ref_area", "time_period")
STATES = {"A": "value", "Q": "withheld", "O": "missing", "L": "missing", "M": "missing"}


class ReleaseDays(NamedTuple):
    """When a dataset was first published, and this version of it: ISO days, empty if not known."""

    issued: str = ""
    modified: str = ""


_UNDATED = ReleaseDays()


@dataclass(frozen=True)
class _DescribedColumn:
    """What the descriptor says of a column: its type, the codes that it allows, whether it is never empty."""

    type: str
    codes: tuple[str, ...]
    is_required: bool


@dataclass(frozen=True)
class ReleasedFolder:
    """One released folder that was not withdrawn.

    Attributes:
        path: of the folder.
        version: `<sequence>-<12 hex of the manifest hash>`.
        manifest: what the release is.
        days: when it was published; a release carries no date, so its reader supplies them.
    """

    path: Path
    version: str
    manifest: Mapping[str, Any]
    days: ReleaseDays = _UNDATED

    @property
    def dataset(self) -> str:
        """Name of the dataset: `four_ps_national`."""
        return str(self.manifest["dataset"])

    @property
    def is_invented(self) -> bool:
        """Whether its figures are invented; every file made from it says so if its format allows."""
        return bool(self.manifest["invented"])

    @property
    def files(self) -> tuple[str, ...]:
        """Names of its files, without the manifest itself."""
        return tuple(sorted(self.manifest["files"]))

    def need_cells(self, format_name: str) -> None:
        """Refuse a folder without a table of cells, such as one of an estimate.

        Raises:
            Refusal: `export_unsuited`.
        """
        if not self.has_cells:
            raise Refusal("export_unsuited", where=self.dataset, format=format_name, needs="obs_value")

    @property
    def has_cells(self) -> bool:
        """Whether it holds a table of cells: an estimate has no data package."""
        return _PACKAGE in self.manifest["files"]

    def file(self, name: str) -> bytes:
        """Return a file of the release as it was released.

        Raises:
            Refusal: `file_missing`, also for a file that the manifest does not name; `bytes_changed`.
        """
        if name not in self.manifest["files"]:
            raise Refusal("file_missing", where=str(self.path / name))
        return read_verified(self.path / name, self.manifest["files"][name])

    @cached_property
    def package(self) -> Mapping[str, Any]:
        """Its descriptor, in the Data Package standard."""
        return parse_json(self.file(_PACKAGE))

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows of `data.csv`, column to text, in their order: a figure has the digits that were released.

        `obs_value` is empty if there is no figure; `obs_status` says why.
        """
        with reading(self.path / "data.csv"):  # each row has as many cells as the first
            rows = csv.reader(io.StringIO(self.file("data.csv").decode("utf-8")))
            names = next(rows, [])
            return tuple(dict(zip(names, row, strict=True)) for row in rows if row)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of `data.csv` in order."""
        return tuple(self._described)

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """The breakdowns: the columns of the key other than indicator, measure, area and period."""
        return tuple(column for column in self.key if column not in _FIXED)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns that identify a cell, in order."""
        with reading(self.path / _PACKAGE):
            return tuple(str(column) for column in self._schema["primaryKey"])

    @property
    def attributes(self) -> tuple[str, ...]:
        """The columns that are neither key nor figure: unit, status, method, coverage and others."""
        return tuple(column for column in self.columns if column not in (*self.key, "obs_value"))

    def codes(self, column: str) -> tuple[str, ...]:
        """Return the codes of a column: those that the descriptor allows, in its order, then others in print order.

        Empty for a column of free numbers.
        """
        allowed = self._described[column].codes
        if not allowed and self.type_of(column) != "string":
            return ()
        used_codes = {code for code in map(itemgetter(column), self.rows) if code}
        return (*allowed, *sorted(used_codes - set(allowed), key=lambda code: rank(column, code)))

    def type_of(self, column: str) -> str:
        """Return the type of a column as the descriptor names it: `string`, `number`, `integer`, `year`."""
        return self._described[column].type

    def is_required(self, column: str) -> bool:
        """Return whether the column is never empty."""
        return self._described[column].is_required

    @cached_property
    def _described(self) -> Mapping[str, _DescribedColumn]:
        """What the descriptor says of each column; right hashes prove no descriptor: a forger writes both."""
        with reading(self.path / _PACKAGE):
            return {str(entry["name"]): _described(entry) for entry in self._schema["fields"]}

    @cached_property
    def states(self) -> Mapping[str, int]:
        """How many cells are `zero`, `value` (another figure), `missing`, `withheld`: four kinds, never three."""
        return Counter(state(row) for row in self.rows)

    @property
    def _schema(self) -> Mapping[str, Any]:
        return next((entry["schema"] for entry in self.package["resources"] if entry["name"] == "data"), {})


def _described(entry: Mapping[str, Any]) -> _DescribedColumn:
    constraints: Mapping[str, Any] = entry.get("constraints", {})
    codes = tuple(str(code) for code in constraints.get("enum", ()))
    return _DescribedColumn(str(entry["type"]), codes, is_required=bool(constraints.get("required")))


def state(row: Row) -> str:
    """Return the state of a cell: `zero`, `value`, `missing` or `withheld`.

    A zero that results from rounding stands for 0 to base - 1 and counts as `zero` here: `disclosure_method` shows it.
    """
    row_state = STATES.get(row["obs_status"], "value" if row["obs_value"] else "missing")
    return "zero" if row_state == "value" and float(row["obs_value"]) == 0 else row_state


def read_release(folder: Path) -> ReleasedFolder:
    """Return the release in a folder.

    Raises:
        Refusal: `manifest_missing`, `manifest_unreadable`, `manifest_other_format`; `export_withdrawn` with the day and
            the reason for a withdrawn release; `bytes_changed` if the folder's name is not that of its manifest.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        raise Refusal("manifest_missing", where=str(folder))
    data = path.read_bytes()
    manifest = _parse_manifest(data)
    if manifest is None:
        raise Refusal("manifest_unreadable", where=str(path))
    if refusal := format_refusal(manifest, path):
        raise refusal
    buried = tombstone.read_tombstone(folder)
    if buried is not None or (folder / tombstone.NAME).exists():
        facts = buried or {}
        day, reason = (str(facts.get(name, "?")) for name in ("withdrawn", "reason"))
        raise Refusal("export_withdrawn", where=str(folder), date=day, reason=reason)
    name = f"{manifest['sequence']:06d}-{sha256_of_bytes(data)[:12]}"
    folder_name = folder.resolve().name
    if "-" in folder_name and folder_name[:6].isdigit() and folder_name != name:
        raise Refusal("bytes_changed", where=str(path))
    return ReleasedFolder(folder, name, manifest)


def latest_release(home: Home, dataset: str) -> ReleasedFolder:
    """Return the current version of a dataset.

    Raises:
        Refusal: `dataset_unknown` with the nearest released name, `nothing_out` if nothing is released;
            `export_withdrawn` if the last version was withdrawn; what `read_release` raises.
    """
    folders = {path.name: path for path in home.releases.glob("[!.]*")}
    if not folders:
        raise Refusal("nothing_out", where=str(home.root))
    if dataset not in folders:
        raise Refusal("dataset_unknown", where=dataset, nearest=nearest_word_or_all(dataset, folders))
    place = folders[dataset]
    gone = ReleaseLog.read_log(home).withdrawals_of(dataset)
    pointer = place / "latest"
    names = sorted(path.name for path in place.iterdir() if (path / "manifest.json").is_file())
    version = pointer.read_text(encoding="utf-8").strip() if pointer.exists() else names[-1] if names else ""
    if version:
        refuse_leading_out(place, version)
    if version in gone:
        raise Refusal(
            "export_withdrawn", where=str(place / version), date=gone[version].date, reason=gone[version].reason
        )
    return read_release(place / version)


def _parse_manifest(data: bytes) -> Mapping[str, Any] | None:
    try:
        content = parse_json(data)
    except ValueError:
        return None
    needed = {"format": int, "dataset": str, "sequence": int, "invented": bool, "files": dict}
    is_manifest = isinstance(content, dict) and all(type(content.get(name)) is kind for name, kind in needed.items())
    return content if is_manifest else None
