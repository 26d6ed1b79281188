"""Building a home, and printing what was done or refused.

Does not belong here: the command's texts (`command.py`), the build (`assets/building.py`), or what it changed
(`answers/build_effects.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ingestion.home import Home
from languages.words import Words
from marsad.terminal import console


def build(
    home: Home, words: Words, progress: Callable[[str], None], *, dry_run: bool, wait: float = 0.0, as_json: bool
) -> bool:
    """Build, print what was done or refused, and return whether everything succeeded."""
    from assets import building

    until, on_wait = "gates" if dry_run else "reports", console.teller_of_waiting(words, progress)
    report = building.build(home, progress=progress, until=until, wait=wait, on_wait=on_wait)
    console.failures(report.refusals, report.failed_steps, words)
    if report.awaiting and not as_json:
        console.say(words.text("desk.build_awaits", count=len(report.awaiting), command="marsad approve"))
    if not (report.stages or as_json):
        if report.passed and not report.awaiting:
            console.say(words.text("desk.nothing_changed"))
        return report.passed
    from marsad.answers.build_effects import build_effects  # imported late: with pandas, which takes a second

    effects = build_effects(home, report, dry_run=dry_run)
    for notice in effects.notices:
        console.refusal(notice, words)
    if as_json:
        content = {
            "stages": report.stages,
            "passed": report.passed,
            "awaiting": list(report.awaiting),
            "refusals": [error.code for error in report.refusals],
            "differences": effects.changes,
            "loss": effects.loss,
        }
        console.document(content | {"releases": effects.list_releases()})
    elif report.passed and dry_run:
        _print_plan(effects.changes, effects.loss, words)
    elif report.passed:
        console.table_of(effects.list_releases(), ("dataset", "version", "verdict", "rows", "path"))
    return report.passed


def _print_plan(changes: Mapping[str, Mapping[str, int]], loss: Mapping[str, Mapping[str, Any]], words: Words) -> None:
    from expectations.releases.release_notes import lost

    for dataset, change in changes.items():
        console.say(f"{dataset}: " + ", ".join(f"{kind} {count}" for kind, count in change.items()))
        if dataset in loss:
            console.say("  " + lost(loss[dataset], words.text))
