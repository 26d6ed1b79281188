"""Writing the report and preparing its publication as work of its own process, which a page follows.

Belongs here: the process, starting it, and how far it is. Does not belong here: what it does (`written_report.py`,
`acting.py`); `marsad report --publish` does the same.

    build/desk/report.txt    what it printed
              /report.code   its exit code, once it has ended
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ingestion.home import Home, make_folder
from ingestion.storage import parse_json
from languages.refusal import Refusal
from languages.words import Words, languages
from marsad.answers import acting
from marsad.answers.answer_forms import refusal_texts
from marsad.answers.checklist_lines import in_words
from marsad.answers.written_report import write_report
from reports.publishing import publish_report
from reports.released import report_model

_PRINTED, _CODE = "report.txt", "report.code"
_running: dict[Path, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class ReportWork:
    """The last work on a report: whether it goes on, whether it ended well, what it printed; empty before the first."""

    is_running: bool
    is_done: bool
    lines: tuple[str, ...]


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
            `person_may_not`, `reason_missing`, `reason_personal`; as `next_report`.
    """
    acting.people_for(home, person, reason)
    if (report := next_report(home)).is_published:
        raise Refusal("report_published", where=report.number)
    if state(home).is_running:
        raise Refusal("report_is_written", where=str(home.reports))
    folder = _folder(home)
    (folder / _CODE).unlink(missing_ok=True)
    asked = json.dumps([str(home.root), person, reason, tag, is_pre_release])
    with (folder / _PRINTED).open("wb") as printed:
        work = subprocess.Popen(  # noqa: S603 - our own command; each word is one argument
            [sys.executable, "-m", "marsad.answers.report_work", asked],
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _running[home.root] = work
    threading.Thread(target=_await, args=(work, folder / _CODE), daemon=True).start()


def state(home: Home) -> ReportWork:
    """Return how far the last work is; one whose desk was stopped meanwhile has ended, and is not done."""
    folder, work = _folder(home), _running.get(home.root)
    path = folder / _PRINTED
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
    is_running = work is not None and work.poll() is None
    code = folder / _CODE
    is_done = not is_running and code.exists() and code.read_text(encoding="ascii") == "0"
    return ReportWork(is_running, is_done, tuple(lines))


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


def _await(work: subprocess.Popen[bytes], code: Path) -> None:
    code.write_text(str(work.wait()), encoding="ascii")


def _folder(home: Home) -> Path:
    folder = home.build / "desk"
    make_folder(folder)
    return folder


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
