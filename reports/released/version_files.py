"""The files of a released version, verified by its manifest: what a report is read from.

Belongs here: reading one version with the rows of the version before, every hash verified.
Does not belong here: which version is read, or what its rows mean (`report_model.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ingestion.home import Home, read_verified, sha256_of_bytes
from ingestion.storage import parse_json, refuse_leading_out
from languages.refusal import Refusal

DATA = "data.parquet"


@dataclass(frozen=True)
class VersionFiles:
    """The files of a released version, verified by its manifest."""

    dataset: str
    version: str
    manifest: bytes
    package: bytes
    data: bytes
    previous: bytes | None


def read_version(home: Home, place: tuple[str, str], gone: Collection[tuple[str, str]]) -> VersionFiles:
    """Read one version, with the rows of the version before unless there was none or it was withdrawn."""
    dataset, version = place
    folder = home.releases / dataset
    manifest, package, data = (_file(folder / version, name) for name in ("manifest.json", "datapackage.json", DATA))
    before = parse_json(manifest).get("previous")
    if before:
        refuse_leading_out(folder, str(before))
    is_standing = before and (dataset, str(before)) not in gone
    return VersionFiles(
        dataset, version, manifest, package, data, _file(folder / str(before), DATA) if is_standing else None
    )


def _file(place: Path, name: str) -> bytes:
    """Return a file of a released folder, verified by the manifest."""
    manifest = _manifest_bytes(place)
    return manifest if name == "manifest.json" else read_verified(place / name, parse_json(manifest)["files"][name])


def _manifest_bytes(place: Path) -> bytes:
    """Return the manifest of a released folder, whose name ends in the first 12 digits of its hash."""
    path = place / "manifest.json"
    if not path.exists():
        raise Refusal("file_missing", where=str(path))
    data = path.read_bytes()
    if not place.name.endswith(sha256_of_bytes(data)[:12]):
        raise Refusal("bytes_changed", where=str(path))
    return data
