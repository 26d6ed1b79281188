"""Publish a report: the checklist decides, and the published files stay as they are.

Belongs here: running the checklist on all languages together, from what was found when each was issued, and the record
`published.json` beside a report: its dates, who had pre-release access, what was known, the hash of every file. From
then on its files do not change. Also the folder of a report.
Does not belong here: the checks (`checklist.py`), making files (`issue_report.py`), or the number
(`expectations/published/report_versions.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from expectations.published import report_versions
from expectations.published.report_versions import RECORD
from ingestion.home import Home, json_bytes, read_json, sha256_of, sha256_of_bytes, write_json
from ingestion.people.acts import STATEMENT
from ingestion.storage import parse_json, read_plain, reading, refuse_leading_out
from languages.refusal import Refusal
from languages.words import Words
from reports.chapters.build_edition import edition
from reports.editions.edition import Edition
from reports.editors import checklist, editorial_inputs, written_sentences
from reports.editors.checklist import ChecklistItem
from reports.editors.editorial_inputs import EditorialInputs
from reports.editors.release_calendar import ReleaseCalendar
from reports.editors.report_inputs import ReportInputs, remember
from reports.released import report_model
from reports.released.report_model import Report

PRE_RELEASE = "pre_release.json"
RECORDS = (RECORD, PRE_RELEASE)
"""What an act that publishes a report may put in place."""
_LARGEST = 2**26
"""Most bytes of a record; one of three languages has a hundred thousand."""


@dataclass(frozen=True)
class Readiness:
    """The result of the checklist for a report.

    Attributes:
        report: the name of its folder: its number.
        items: blocking ones first.
        calendar: its dates; None if the home has none.
    """

    report: str
    items: tuple[ChecklistItem, ...]
    calendar: ReleaseCalendar | None

    @property
    def blocking(self) -> list[ChecklistItem]:
        """The items that must be resolved before publication."""
        return [item for item in self.items if item.level == "must"]


def readiness(home: Home, tags: Sequence[str], *, today: datetime.date, is_pre_release: bool = False) -> Readiness:
    """Return what is to be done or known before the report of the latest releases is published in these languages.

    Raises:
        Refusal: as `report_model.load` and `editorial_inputs.read_inputs`.
    """
    report = report_model.load(home)
    matter = editorial_inputs.read_inputs(home, report)
    items = [*checklist.due_dates(matter, today, is_pre_release)]
    for tag in tags:
        items += _kept_items(home, report, tag, matter)
    items = [*written_sentences.still_waiting(home, items)]
    return Readiness(folder_of(home, report).name, tuple(checklist.in_order(items)), matter.calendar)


def keep_items(home: Home, report: Report, issued: Edition, matter: EditorialInputs) -> None:
    """Store what the checklist found in an edition that is issued: to publish it, nobody makes it a second time."""
    items = [asdict(item) for item in checklist.undated_items(report, [issued], matter)]
    write_json(_items_file(home, issued.language), {"of": _hash_of(report, matter), "items": items})


def _kept_items(home: Home, report: Report, tag: str, matter: EditorialInputs) -> list[ChecklistItem]:
    """Return what was found when a language was issued; found anew once releases or texts have changed since."""
    path = _items_file(home, tag)
    kept: dict[str, Any] = read_json(path) if path.exists() else {}
    if kept.get("of") == _hash_of(report, matter):
        return [ChecklistItem(**item) for item in kept["items"]]
    return list(_find_items(ReportInputs(report, matter, tag)))


@remember
def _find_items(of: ReportInputs) -> tuple[ChecklistItem, ...]:
    return tuple(checklist.undated_items(of.report, [edition(of.report, Words.load(of.tag), of.matter)], of.matter))


def _hash_of(report: Report, matter: EditorialInputs) -> str:
    return sha256_of_bytes(repr((report.versions, report.notices, matter)).encode())


def _items_file(home: Home, tag: str) -> Path:
    return home.build / "checklist" / f"{tag}.json"


@dataclass(frozen=True)
class PublicationRecord:
    """The record that publishes a report: its path under the home, and its bytes."""

    path: Path
    content: bytes


def draft_record(
    home: Home, ready: Readiness, tags: Sequence[str], *, day: datetime.date, is_pre_release: bool = False
) -> PublicationRecord:
    """Return the record that publishes a report as its files are now. Once it lies there they are never written again.

    Before the end of an embargo it goes only to the roles in the calendar, and the record says so; the files can still
    be replaced until everybody may read them.

    Raises:
        Refusal: `report_not_ready` if the checklist blocks, `file_missing` if a language was not issued.
    """
    if ready.blocking:
        raise Refusal("report_not_ready", where=ready.report, count=len(ready.blocking))
    folder = home.reports / ready.report
    for tag in tags:
        if not (folder / tag / "index.html").exists():
            raise Refusal("file_missing", where=str(folder / tag / "index.html"))
    record = folder / (PRE_RELEASE if is_pre_release else RECORD)
    content = _content(ready, record, day) | {"texts": written_sentences.texts_of(home)}
    return PublicationRecord(record.relative_to(home.root), json_bytes(content))


def sentences_in_record(content: bytes) -> dict[str, list[str]]:
    """Return what people wrote of a report, by the name of its file, as its record has it; empty without that."""
    return {str(name): [str(text) for text in texts] for name, texts in parse_json(content).get("texts", {}).items()}


def refuse_changed(home: Home, content: bytes, where: Path) -> None:
    """Refuse a record whose files are no longer as they were when it was drafted, or that another one has published.

    Raises:
        Refusal: `published_changed`, naming the first; the record if it cannot be read, or another one lies there;
            `name_leads_out`.
    """
    path, folder = home.root / where, (home.root / where).parent
    try:
        files = dict(parse_json(content)["files"])
    except (ValueError, LookupError, TypeError) as error:
        raise Refusal("published_changed", where=str(path)) from error
    if path.name == RECORD and path.exists() and path.read_bytes() != content:
        raise Refusal("published_changed", where=str(path))
    for name, sha256 in files.items():
        refuse_leading_out(folder, name, deep=True)
        if not (folder / name).exists() or sha256_of(folder / name) != sha256:
            raise Refusal("published_changed", where=str(folder / name))


def folder_of(home: Home, report: Report) -> Path:
    """Return the folder of a report, which its number names."""
    return home.reports / report.id


def is_published(folder: Path) -> bool:
    """Return whether the report in a folder is published, so that its files stay."""
    return (folder / RECORD).exists()


def problems(folder: Path) -> Iterator[Refusal]:
    """Yield the problems of the report in a folder, wherever it was copied to.

    Problems: `report_number_differs`, `published_changed`; `file_unexpected` for what the record does not name: to a
        reader it would be part of the report.
    """
    if not report_versions.is_named_rightly(folder):
        yield Refusal("report_number_differs", where=str(folder))
    for path in sorted(changed_files_in(folder)):
        yield Refusal("published_changed", where=str(path))
    for path in unnamed_paths(folder):
        yield Refusal("file_unexpected", where=str(path))


def unnamed_paths(folder: Path) -> Iterator[Path]:
    """Yield what lies in the folder of a published report and is not named in its record; none if that is unreadable.

    Of a folder that holds nothing named, only the folder.
    """
    if not is_published(folder):
        return
    try:
        named = _record_of(folder)
    except Refusal:
        return
    expected = {RECORD, *STATEMENT.values(), *named}
    expected |= {parent.as_posix() for name in named for parent in PurePosixPath(name).parents}
    unnamed = set[Path]()
    for path in sorted(folder.rglob("*")):
        if path.relative_to(folder).as_posix() in expected:
            continue
        unnamed.add(path)
        if path.parent not in unnamed:
            yield path


def signed_files(folder: Path) -> dict[Path, str]:
    """Return what a statement about a published report names, path -> SHA-256; empty where its record is unreadable."""
    try:
        _record_of(folder)
    except Refusal:
        return {}
    return {folder / RECORD: sha256_of(folder / RECORD)}


def number_in_record(folder: Path) -> str:
    """Return the name that a published report had in its house, wherever it was copied to."""
    with reading(folder / RECORD):
        return str(parse_json(read_plain(folder / RECORD, _LARGEST))["report"])


def published_days(home: Home) -> list[str]:
    """Return the ISO days on which reports were published, in order."""
    return sorted(str(parse_json(record.read_bytes())["published"]) for record in home.reports.glob(f"*/{RECORD}"))


def changed_files(home: Home) -> list[Path]:
    """Return the files of published reports that have changed since publication, or came since, sorted."""
    folders = [record.parent for record in home.reports.glob(f"*/{RECORD}")]
    return sorted(path for folder in folders for path in (*changed_files_in(folder), *unnamed_paths(folder)))


def changed_files_in(folder: Path) -> Iterator[Path]:
    """Yield the files of one published report that have changed since publication; none for an unpublished one.

    A record that cannot be read is such a file itself.
    """
    try:
        known = _record_of(folder) if is_published(folder) else {}
    except Refusal:
        yield folder / RECORD
        return
    for name in known:
        refuse_leading_out(folder, name, deep=True)
    paths = {folder / name: sha256 for name, sha256 in known.items()}
    yield from (path for path, sha256 in paths.items() if not path.is_file() or sha256_of(path) != sha256)


def _record_of(folder: Path) -> dict[str, str]:
    """Return the files of a published report, each with its hash.

    Raises:
        Refusal: `bytes_changed`, `name_leads_out`.
    """
    with reading(folder / RECORD):
        files: dict[str, Any] = dict(parse_json(read_plain(folder / RECORD, _LARGEST))["files"])
        return {name: str(sha256) for name, sha256 in files.items()}


def _content(ready: Readiness, record: Path, today: datetime.date) -> dict[str, Any]:
    folder, own = record.parent, {record.name, RECORD, *STATEMENT.values()}
    paths = [path for path in folder.glob("[!.]*") if path.is_file() and path.name not in own]
    paths = sorted([*paths, *(path for path in folder.glob("[!.]*/**/*") if path.is_file())])
    return {
        "report": ready.report,
        "published": today.isoformat(),
        "calendar": ready.calendar.model_dump(mode="json") if ready.calendar else None,
        "known": sorted({item.code for item in ready.items}),
        "files": {path.relative_to(folder).as_posix(): sha256_of(path) for path in paths},
    }
