"""A release written in another system's format: which release is meant, where the files go.

Does not belong here: the formats (`reports/exchange`).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ingestion.home import Home, sha256_of_bytes, write_bytes
from languages.refusal import Refusal
from languages.words import Words
from reports.editors import release_calendar
from reports.exchange.formats import NATIONAL, format_of
from reports.publishing import publish_report
from reports.released import released_folder
from reports.released.released_folder import ReleaseDays, ReleasedFolder

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date in a zip


@dataclass(frozen=True)
class ReleaseChoice:
    """Which release is exported, and how.

    Args:
        folder: a released folder; None for the last release of the dataset.
        dataset: a released dataset; None for that of the format.
        issued: day on which the dataset was first out; empty for that of the home's first report.
        modified: day on which this version was out; empty for that of the home's calendar.
    """

    folder: Path | None = None
    dataset: str | None = None
    issued: str = ""
    modified: str = ""


@dataclass(frozen=True)
class WrittenFile:
    """A file as it is on disk."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class ExportedRelease:
    """A release that was exported; `remarks` are what a reader of the files must know."""

    format: str
    dataset: str
    version: str
    files: list[WrittenFile]
    remarks: list[str]


def export_release(
    name: str, choice: ReleaseChoice, output: Path, words: Words, tell: Callable[[str], None]
) -> ExportedRelease:
    """Write a release in a format.

    Args:
        name: of the format.
        choice: the release.
        output: a folder, a .zip, or the file if the format is one file.
        words: of the files' language, where they have one.
        tell: called before the files are made.

    Raises:
        Refusal: `export_into_release`, and those of the format, `read_release` and `latest_release`.
    """
    export_format = format_of(name)
    released = _read_release(choice.folder, choice.dataset or NATIONAL)
    released = replace(released, days=_release_days(choice))
    tell(f"export: {name} of {released.dataset}")
    made = export_format.export(released, words)
    written = _write_files(output, made.files)
    remarks = [words.text(remark.key, **remark.arguments) for remark in made.remarks]
    return ExportedRelease(name, released.dataset, released.version, written, remarks)


def _read_release(folder: Path | None, dataset: str) -> ReleasedFolder:
    if folder:
        return released_folder.read_release(folder)
    return released_folder.latest_release(Home.at().existing(), dataset)


def _release_days(choice: ReleaseChoice) -> ReleaseDays:
    """Return the chosen days, else those of the home: its first report, and its calendar."""
    first, last = choice.issued, choice.modified
    if choice.folder is None:
        home = Home.at().existing()
        calendar = release_calendar.read_calendar(home)
        last = last or (calendar.published.isoformat() if calendar else "")
        first = first or next(iter(publish_report.published_days(home)), last)
    return ReleaseDays(first, last)


def refuse_released_folder(output: Path) -> None:
    """Refuse to write into a released folder.

    Raises:
        Refusal: `export_into_release`.
    """
    if any((folder / "manifest.json").exists() for folder in (output, *output.resolve().parents)):
        raise Refusal("export_into_release", where=str(output))


def _write_files(output: Path, files: Mapping[str, bytes]) -> list[WrittenFile]:
    refuse_released_folder(output)
    if output.suffix.lower() == ".zip":
        content = {output: _zip_files(files)}
    elif len(files) == 1 and output.suffix and not output.is_dir():
        content = {output: next(iter(files.values()))}
    else:
        content = {output / name: data for name, data in files.items()}
    for path, data in content.items():
        write_bytes(path, data)
    return [WrittenFile(str(path), len(data), sha256_of_bytes(data)) for path, data in content.items()]


def _zip_files(files: Mapping[str, bytes]) -> bytes:
    """Return files as one zip; the same files give the same bytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return sink.getvalue()
