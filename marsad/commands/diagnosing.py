"""`marsad doctor`: what is wrong with a home, what repairs it, and what was not examined.

Belongs here: how it is printed. Does not belong here: what is examined (`marsad/diagnosis`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from ingestion.home import Home
from languages.words import Words
from marsad.answers.answer_forms import refusal_texts
from marsad.terminal import chosen_language, console
from marsad.terminal.cli_options import AsJson

if TYPE_CHECKING:
    from marsad.diagnosis.home_examination import Problem

app = typer.Typer()
_PLAIN = {"bytes_changed", "file_missing"}  # the cure alone says what to do


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """What is wrong with this home and what mends it: all that has a hash is read. Exit code 1 if anything is wrong."""
    with console.progress() as tell:
        is_well = tell_diagnosis(Home.at(), chosen_language.words(), tell, as_json=as_json)
    raise typer.Exit(0 if is_well else 1)


def tell_diagnosis(home: Home, words: Words, progress: Callable[[str], None], *, as_json: bool) -> bool:
    """Print what is wrong with a home, what repairs it and what was not examined; return whether nothing is wrong."""
    from marsad.answers.home_diagnosis import diagnose
    from marsad.answers.next_step import describe_next_step

    diagnosis = diagnose(home, progress)
    examined, erased, problems = diagnosis.examination, diagnosis.erased, diagnosis.examination.problems
    figures = sum(release.figures for release in erased)
    if as_json:
        alone = {"figures": figures, "releases": [asdict(release) for release in erased]}
        unseen = {"not_looked_at": examined.not_looked_at, "not_to_the_end": examined.not_to_the_end}
        unseen |= {"sound": examined.sound, "unsound": examined.unsound}
        findings = {"problems": _list_problems(problems), "warnings": _list_problems(examined.warnings)}
        console.document({"ok": not problems, **findings, "erased_evidence": alone, **unseen})
        return not problems
    for problem in (*problems, *examined.warnings):
        what, remedy = refusal_texts(problem.refusal, words)
        cure = words.text(f"desk.cure.{problem.cure}")
        console.say(f"  {what}\n  → {cure if problem.refusal.code in _PLAIN else f'{cure} {remedy}'}")
    if erased:
        versions = ", ".join(f"{release.dataset} {release.version}: {release.figures}" for release in erased)
        console.say(words.text("trace.alone", figures=figures, datasets=versions))
    console.say(
        words.text("desk.sound" if not problems else "desk.not_sound", home=str(home.root), count=len(problems))
    )
    for key, places in (("desk.holds", examined.sound), ("desk.holds_not", examined.unsound)):
        if places:
            console.say(words.text(key, places=", ".join(places)))
    if not home.warehouse.exists():
        console.say(f"{words.text('desk.not_built')} {describe_next_step(home, words)}")
    if examined.not_to_the_end:
        console.say(words.text("desk.not_to_the_end", places=", ".join(examined.not_to_the_end)))
    console.say(words.text("desk.not_looked_at", places=", ".join(examined.not_looked_at)))
    return not problems


def _list_problems(problems: list[Problem]) -> list[dict[str, str]]:
    return [
        {"code": problem.refusal.code, "where": problem.refusal.where, "cure": problem.cure} for problem in problems
    ]
