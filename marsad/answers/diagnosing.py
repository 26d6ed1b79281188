"""`marsad doctor`: what is wrong with a home, what repairs it, and what was not examined.

Belongs here: how it is printed. Does not belong here: what is examined (`marsad/diagnosis`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from ingestion.home import Home
from languages.words import Words
from marsad.diagnosis.home_examination import HomeExamination, examine_home
from marsad.terminal import console

if TYPE_CHECKING:
    from expectations.candidates.erased_figures import ErasedFigures

_PLAIN = {"bytes_changed", "file_missing"}  # the cure alone says what to do


def doctor(home: Home, words: Words, progress: Callable[[str], None], *, as_json: bool) -> bool:
    """Print what is wrong with a home, what repairs it and what was not examined; return whether nothing is wrong."""
    examined = examine_home(home, progress)
    progress("doctor: figures of erased files")
    _tell_examination(home, examined, _erased_figures(home), words, as_json=as_json)
    return not examined.problems


def _erased_figures(home: Home) -> list[ErasedFigures]:
    """Return figures that rest on files erased on purpose: shown, but no problem; empty if a check could not go on."""
    from expectations.candidates.erased_figures import erased_figures

    try:
        return erased_figures(home)
    except Exception:
        return []


def _tell_examination(
    home: Home, examined: HomeExamination, erased: list[ErasedFigures], words: Words, *, as_json: bool
) -> None:
    figures = sum(release.figures for release in erased)
    problems = examined.problems
    if as_json:
        listed = [
            {"code": problem.refusal.code, "where": problem.refusal.where, "cure": problem.cure} for problem in problems
        ]
        alone = {"figures": figures, "releases": [asdict(release) for release in erased]}
        unseen = {"not_looked_at": examined.not_looked_at, "not_to_the_end": examined.not_to_the_end}
        console.document({"ok": not problems, "problems": listed, "erased_evidence": alone, **unseen})
        return
    for problem in problems:
        what, remedy = console.refusal_texts(problem.refusal, words)
        cure = words.text(f"desk.cure.{problem.cure}")
        console.say(f"  {what}\n  → {cure if problem.refusal.code in _PLAIN else f'{cure} {remedy}'}")
    if erased:
        versions = ", ".join(f"{release.dataset} {release.version}: {release.figures}" for release in erased)
        console.say(words.text("trace.alone", figures=figures, datasets=versions))
    console.say(
        words.text("desk.sound" if not problems else "desk.not_sound", home=str(home.root), count=len(problems))
    )
    if not home.warehouse.exists():
        console.say(words.text("desk.not_built", build="marsad build"))
    if examined.not_to_the_end:
        console.say(words.text("desk.not_to_the_end", places=", ".join(examined.not_to_the_end)))
    console.say(words.text("desk.not_looked_at", places=", ".join(examined.not_looked_at)))
