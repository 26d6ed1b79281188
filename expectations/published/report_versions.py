"""The number of a report, and the released versions that it stands for: `reports/<number>/versions.json`.

Belongs here: making the number, writing its versions next to the report, and reading them again.
Does not belong here: choosing versions (`reports/released/report_model.py`), or a report's other files.

A report is made from five or six released versions. Their names together are too long to cite, so the number consists
of the last year of its figures and the beginning of a hash over the versions: the same releases give the same number in
every language and installation, without counting.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from ingestion.home import json_bytes, write_bytes
from ingestion.storage import parse_json, read_plain
from languages.refusal import Refusal

FILE, RECORD = "versions.json", "published.json"
"""The versions behind the number; how the report was published, if it was (`reports/publishing/publish_report.py`)."""
_LIKE_A_NUMBER = re.compile(r"^\d{4}-[0-9a-f]{8}$")
_LARGEST = 2**20
_DIGITS = 8  # one in four thousand million: an installation has a few reports a year


class ReportVersion(NamedTuple):
    """One release behind a report: its dataset or estimate, and the version."""

    dataset: str
    version: str


def number(year: str, versions: Iterable[ReportVersion]) -> str:
    """Return the number of a report: `2025-3f9a2c1b`.

    The digits after the year are the first ones of the SHA-256 of a line `<dataset> <version>` for each release, in the
    order of the report.

    Args:
        year: last year with figures in the report.
        versions: the releases it is made from, in its order.
    """
    lines = "".join(f"{release.dataset} {release.version}\n" for release in versions)
    return f"{year}-{hashlib.sha256(lines.encode('utf-8')).hexdigest()[:_DIGITS]}"


def write(folder: Path, year: str, versions: Iterable[ReportVersion]) -> None:
    """Write the versions behind a report's number next to it."""
    content = json_bytes({"year": year, "versions": [release._asdict() for release in versions]})
    path = folder / FILE
    if not path.exists() or path.read_bytes() != content:
        write_bytes(path, content)


def is_report(folder: Path) -> bool:
    """Return whether a folder holds a report."""
    return (folder / FILE).exists() or (folder / RECORD).exists()


def versions_of(folder: Path) -> tuple[ReportVersion, ...]:
    """Return the versions behind the report in a folder; none if no file states them."""
    named = _read_versions(folder)
    return named[1] if named else ()


def is_named_rightly(folder: Path) -> bool:
    """Return whether the number in the folder's name matches the versions in its file.

    A copy under a name that is not a number passes.
    """
    name, named = folder.resolve().name, _read_versions(folder)
    if not (folder / FILE).exists():
        return not _LIKE_A_NUMBER.match(name)
    return named is not None and (name == number(*named) or not _LIKE_A_NUMBER.match(name))


def names(folder: Path, version: str) -> bool:
    """Return whether the report in a folder was made from a version."""
    return any(release.version == version for release in versions_of(folder))


def _read_versions(folder: Path) -> tuple[str, tuple[ReportVersion, ...]] | None:
    """Return year and versions of a report; None if no file states them, or it is broken."""
    try:
        content: dict[str, Any] = parse_json(read_plain(folder / FILE, _LARGEST))
        return str(content["year"]), tuple(ReportVersion(**entry) for entry in content["versions"])
    except (OSError, ValueError, KeyError, TypeError, Refusal):
        return None
