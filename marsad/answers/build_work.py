"""A build of the home as work of its own process, which a page follows.

Does not belong here: the process (`followed_work.py`), the build (`assets/building.py`); `marsad build` does the same.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from assets import building
from ingestion.home import Home
from ingestion.people.acts_log import log_look
from ingestion.storage import parse_json
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers import followed_work
from marsad.answers.answer_forms import refusal_texts
from marsad.answers.followed_work import FollowedWork

_WORK = "build"
_STEPS = {
    "landed": "landing",
    "dbt": "warehouse",
    "candidates": "candidates",
    "protection": "protection",
    "gate": "gates",
    "release": "releases",
    "hidden": "estimates",
    "report": "reports",
}
"""The first word of a line of a build -> the step that it belongs to."""


def begin(home: Home, person: str, tag: str) -> None:
    """Start a build, unless one goes on already, and log who started it.

    Args:
        home: to be built.
        person: who asks for it.
        tag: of the language of what is printed.
    """
    if not state(home).is_running:
        log_look(home, person, "desk build")
        followed_work.begin(home, _WORK, "marsad.answers.build_work", json.dumps([str(home.root), tag]))


def state(home: Home) -> FollowedWork:
    """Return how far the last build is that a page started."""
    return followed_work.state(home, _WORK)


def build(home: Home, words: Words, tell: Callable[[str], None]) -> bool:
    """Build what changed, tell each step once and what came of it, and return whether all of it passed.

    Raises:
        Refusal: as `building.build`.
    """
    steps: list[str] = []

    def follow(line: str) -> None:
        step = _STEPS.get(line.removeprefix("… ").split(" ")[0].rstrip(":"))
        if step and step not in steps:
            steps.append(step)
            tell(words.text(f"browser.build.step.{step}"))

    report = building.build(home, progress=follow)
    for refusal in report.refusals:
        tell(" ".join(refusal_texts(refusal, words)))
    for step in report.failed_steps if not report.refusals else ():
        tell(words.text("browser.build.failed", step=step))
    if report.awaiting:
        tell(words.text("browser.build.awaits", count=len(report.awaiting)))
    elif report.passed:
        tell(words.text("browser.build.ended" if report.stages else "desk.nothing_changed"))
    return report.passed


def main() -> int:
    """Build as a process of its own; return its exit code."""
    os.umask(0o077)
    root, tag = parse_json(sys.argv[1])
    words = Words.load(tag)

    def tell(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    try:
        return 0 if build(Home(Path(root)), words, tell) else 1
    except Refusal as refusal:
        tell(" ".join(refusal_texts(refusal, words)))
        return 1


if __name__ == "__main__":
    sys.exit(main())
