"""Publishing a report: the checklist decides, and what went out is kept as it went out.

Belongs here: asking the checklist of all languages together, and the record `published.json` beside a report: its
dates, who read it before the others, what was known, the hash of every file. From then on its files stay as they are.
Does not belong here: what is asked (`checklist.py`), or making files (`issue_report.py`).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.home import Home, sha256_of, write_json
from languages.refusal import Refusal
from languages.words import Words
from reports.chapters.build_edition import edition
from reports.editors import checklist, editorial_inputs
from reports.editors.checklist import ChecklistItem
from reports.editors.release_calendar import ReleaseCalendar
from reports.released import report_model

RECORD = "published.json"


@dataclass(frozen=True)
class Readiness:
    """What the checklist says of a report.

    Attributes:
        report: its id.
        items: what blocks first.
        calendar: its dates; None where the home has none.
    """

    report: str
    items: tuple[ChecklistItem, ...]
    calendar: ReleaseCalendar | None

    @property
    def blocking(self) -> list[ChecklistItem]:
        """What must be done before it is out."""
        return [item for item in self.items if item.level == "must"]


def readiness(home: Home, tags: Sequence[str], *, today: datetime.date, is_pre_release: bool = False) -> Readiness:
    """Return what is to be done or known before the report of the latest releases is out in these languages.

    Raises:
        Refusal: as `report_model.load` and `editorial_inputs.read`.
    """
    report = report_model.load(home)
    beside = editorial_inputs.read(home, report)
    told = [edition(report, Words.load(tag), beside) for tag in tags]
    items = checklist.checklist(report, told, beside, today=today, is_pre_release=is_pre_release)
    return Readiness(report.id, tuple(items), beside.calendar)


def publish(
    home: Home, found: Readiness, tags: Sequence[str], *, today: datetime.date, is_pre_release: bool = False
) -> Path:
    """Record that a report goes out as its files lie there; return the record. Its files are never written again.

    Before the end of an embargo only to the roles that the calendar names, and then the record says so; the files can
    still be written anew until everybody may read them.

    Raises:
        Refusal: `report_not_ready` if the checklist blocks, `file_missing` if a language was not issued.
    """
    if found.blocking:
        raise Refusal("report_not_ready", where=found.report, count=len(found.blocking))
    folder = home.reports / found.report
    for tag in tags:
        if not (folder / tag / "index.html").exists():
            raise Refusal("file_missing", where=str(folder / tag / "index.html"))
    record = folder / ("pre_release.json" if is_pre_release else RECORD)
    write_json(record, _content(found, folder, today))
    return record


def is_published(home: Home, report: str) -> bool:
    """Return whether a report is out, so that its files stay."""
    return (home.reports / report / RECORD).exists()


def published_days(home: Home) -> list[str]:
    """Return the ISO days on which reports went out, the first one first."""
    return sorted(str(json.loads(record.read_bytes())["published"]) for record in home.reports.glob(f"*/{RECORD}"))


def changed(home: Home) -> list[Path]:
    """Return the files of published reports that are not as they went out, sorted."""
    found: list[Path] = []
    for record in sorted(home.reports.glob(f"*/{RECORD}")):
        known: dict[str, str] = json.loads(record.read_bytes())["files"]
        paths = {record.parent / name: sha256 for name, sha256 in known.items()}
        found += [path for path, sha256 in paths.items() if not path.exists() or sha256_of(path) != sha256]
    return sorted(found)


def _content(found: Readiness, folder: Path, today: datetime.date) -> dict[str, Any]:
    paths = sorted(path for path in folder.glob("[!.]*/**/*") if path.is_file())
    return {
        "report": found.report,
        "published": today.isoformat(),
        "calendar": found.calendar.model_dump(mode="json") if found.calendar else None,
        "known": sorted({item.code for item in found.items}),
        "files": {path.relative_to(folder).as_posix(): sha256_of(path) for path in paths},
    }
