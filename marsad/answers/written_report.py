"""The report, written in some languages, its publication drafted if nothing blocks; one page; a letter to an agency.

Does not belong here: the content of a report, the checklist, or what publishing stores (`reports`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingestion.home import Home, write_bytes
from marsad.answers.agency_letters import letter_page
from reports.editors import agency_comments
from reports.editors.checklist import ChecklistItem
from reports.publishing import publish_report
from reports.publishing.issue_report import issue
from reports.publishing.page_proof import write_proof
from reports.publishing.publish_report import PublicationRecord, Readiness


@dataclass(frozen=True)
class WrittenReport:
    """A written report.

    Args:
        pages: its front pages.
        readiness: what is to be done before it is published, and what of it blocks.
        record: what would publish it, once it is signed; None if nobody asked, or something blocks.
    """

    pages: list[str]
    readiness: Readiness
    record: PublicationRecord | None


@dataclass(frozen=True)
class WrittenProofs:
    """One page or print in some languages: where it was written, and what keeps editors' texts out of it."""

    paths: list[str]
    items: list[ChecklistItem]


def write_report(
    home: Home, tags: Sequence[str], *, publish: bool, is_pre_release: bool, tell: Callable[[str], None]
) -> WrittenReport:
    """Write the report in some languages, half a minute each, and draft its publication if nothing blocks."""
    with home.lock("marsad report"):
        pages: list[str] = []
        for tag in tags:
            tell(f"report: {tag}")
            pages.append(str(issue(home, tag)))
        today = datetime.datetime.now(tz=datetime.UTC).date()
        readiness = publish_report.readiness(home, tags, today=today, is_pre_release=is_pre_release)
        if not publish or readiness.blocking:
            return WrittenReport(pages, readiness, None)
        record = publish_report.draft_record(home, readiness, tags, day=today, is_pre_release=is_pre_release)
        return WrittenReport(pages, readiness, record)


def write_proofs(home: Home, tags: Sequence[str], page: str, tell: Callable[[str], None]) -> WrittenProofs:
    """Write one page or print in each of the languages."""
    paths: list[str] = []
    items: list[ChecklistItem] = []
    with home.lock("marsad report"):
        for tag in tags:
            tell(f"report: {tag}")
            path, proof = write_proof(home, tag, page)
            paths.append(str(path))
            items += proof.items
    return WrittenProofs(paths, _unique_items(items))


def write_letter(home: Home, agency: str, language: str | None) -> Path:
    """Write the rows that name an agency into `build/letters/`, in its language unless another is named.

    Raises:
        Refusal: as `letter_page`.
    """
    tag = language or agency_comments.language_of(agency)
    path = home.build / "letters" / f"{agency}.{tag}.html"
    write_bytes(path, letter_page(home, agency, tag).encode("utf-8"))
    return path


def _unique_items(items: Iterable[ChecklistItem]) -> list[ChecklistItem]:
    """Return each item once: the same message about one file in several languages is one thing to do."""
    return list({(item.code, item.where, *map(str, item.arguments.values())): item for item in items}.values())
