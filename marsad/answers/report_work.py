"""Writing the report and preparing its publication as work of its own process, which a page follows.

Does not belong here: the process (`followed_work.py`), what it does (`written_report.py`, `acting.py`);
`marsad report --publish` does the same.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingestion.home import Home
from ingestion.storage import parse_json
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import acting, followed_work
from marsad.answers.answer_forms import refusal_texts
from marsad.answers.checklist_lines import in_words
from marsad.answers.followed_work import FollowedWork
from marsad.answers.written_report import write_report
from reports.publishing import publish_report
from reports.released import report_model

_WORK = "report"


@dataclass(frozen=True)
class NextReport:
    """The report of the latest releases: its number, and whether it is published and stays as it is."""

    number: str
    is_published: bool


def next_report(home: Home) -> NextReport:
    """Return the report that would be written now.

    Raises:
        Refusal: as `report_model.load`.
    """
    report = report_model.load(home)
    folder = publish_report.folder_of(home, report)
    return NextReport(report.id, publish_report.is_published(folder))


def begin(home: Home, person: str, reason: str, tag: str, *, is_pre_release: bool = False) -> None:
    """Start writing the report in every language; if nothing blocks, the act that publishes it is prepared.

    Args:
        home: whose report it is.
        person: who prepares the act.
        reason: in her words.
        tag: of the language of what is printed.
        is_pre_release: whether it goes to those alone who may read it before.

    Raises:
        Refusal: `report_is_written` while another one goes on; `report_published` if the report of these releases is;
            `person_may_not`, `reason_missing`; as `next_report`.
    """
    acting.people_for(home, person, reason)
    if (report := next_report(home)).is_published:
        raise Refusal("report_published", where=report.number)
    asked = json.dumps([str(home.root), person, reason, tag, is_pre_release])
    if not followed_work.begin(home, _WORK, "marsad.answers.report_work", asked):
        raise Refusal("report_is_written", where=str(home.reports))


def state(home: Home) -> FollowedWork:
    """Return how far the last work on a report is."""
    return followed_work.state(home, _WORK)


def write(home: Home, person: str, reason: str, tag: str, *, is_pre_release: bool, tell: Callable[[str], None]) -> bool:
    """Write the report in every language and prepare its publication; return whether an act waits now.

    Raises:
        Refusal: as `written_report.write_report` and `acting.prepare_file`.
    """
    words = Words.load(tag)
    written = write_report(home, languages(), publish=True, is_pre_release=is_pre_release, tell=tell)
    for line in in_words(written.readiness.blocking, words):
        tell(line.message)
    if written.record is None:
        tell(words.text("report.not_published", count=len(written.readiness.blocking)))
        return False
    acting.prepare_report(home, person, reason, written.record, written.readiness.report)
    return True


def main() -> int:
    """Write the report as a process of its own; return its exit code."""
    os.umask(0o077)
    root, person, reason, tag, is_pre_release = parse_json(sys.argv[1])

    def tell(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    try:
        is_done = write(Home(Path(root)), person, reason, tag, is_pre_release=is_pre_release, tell=tell)
    except Refusal as refusal:
        tell(" ".join(refusal_texts(refusal, Words.load(tag))))
        is_done = False
    return 0 if is_done else 1


if __name__ == "__main__":
    sys.exit(main())
