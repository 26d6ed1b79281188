"""`marsad demo`: running the demo, and printing why it stopped, or where to look.

Does not belong here: the demo (`marsad/demonstration.py`). Imports of other packages are late.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from ingestion.home import Home
from languages.words import Words
from marsad.terminal import chosen_language, console

app = typer.Typer()
_EVENTS = ("late", "place", "withdrawn", "sealed")  # between the two rounds


@app.command()
def demo(
    years: Annotated[int, typer.Option(min=2, max=10, help="How many years of the country, up to 2025.")] = 6,
) -> None:
    """Invent a country, receive its exports, build, release and report: the whole house in one go."""
    from marsad import demonstration

    home, words = Home.at(Path(os.environ.get("MARSAD_HOME") or Path("home") / "demo")), chosen_language.words()
    with console.progress() as tell:
        report = demonstration.run(home, words, tell, partial(demonstration.country_of, years))
        if report.passed:
            print_where_to_look(home, words)
        else:
            console.failures(report.refusals, report.failed_steps, words)
    raise typer.Exit(0 if report.passed else 1)


def print_where_to_look(home: Home, words: Words) -> None:
    """Print what the demo released, what happened in it, where to look, and who signed it."""
    from expectations.cards.cells import LATE_CASES
    from expectations.releases.release_listing import listing
    from ingestion.persons import link_store
    from reports.publishing import publish_report
    from reports.released import report_model

    released = listing(home)
    console.say("\n" + words.text("demo.released"))
    console.table_of(released, ("dataset", "version", "verdict", "rows", "path"))
    console.say(words.text("demo.events"))
    for event in _EVENTS:
        console.say("  " + words.text(f"demo.event.{event}", least=LATE_CASES))
    waiting = words.text("demo.links", count=len(link_store.read_waiting(home)), command=_command(home, "review links"))
    console.say(waiting)
    console.say(words.text("demo.publications", command=_command(home, "reconcile")))
    folders = [Path(release["path"]) for release in released]
    _list_paths(words.text("demo.notes"), [folder / f"notes.{words.tag}.md" for folder in folders])
    _list_paths(words.text("demo.certificates"), [folder / f"certificate.{words.tag}.html" for folder in folders])
    newest = publish_report.folder_of(home, report_model.load(home))  # not the newest folder: a clock may be set back
    _list_paths(words.text("demo.pages"), sorted(newest.glob("[!.]*/index.html")))
    console.say(words.text("demo.keys", path=str(home.invented_key("amina").parent), command=_command(home, "approve")))
    _print_statements(home, (folders[0], newest), words)


def _print_statements(home: Home, folders: Sequence[Path], words: Words) -> None:
    """Print who signed the releases and the report, and the lines by which a stranger checks the last statement."""
    from ingestion.people import acts, statements

    trust, checks = statements.Trust(acts.read_people(home).allowed_signers()), list[str]()
    for folder in folders:
        kinds = (*statements.OF_RELEASE, *statements.OF_REPORT)
        checked = statements.check(folder, {}, trust, kinds)
        if checked.act is None or checked.problems:
            continue
        facts = {"number": checked.act.number, "path": str(folder / acts.STATEMENT[acts.ACT])}
        names = {"prepared": checked.prepared_by, "approved": checked.approved_by}
        console.say(words.text("demo.statement", **facts, **names))
        verifying = _command(home, f"verify {folder} --people allowed_signers")
        checks = [verifying, *statements.lines_to_verify(checked.act, checked.approved_by, folder)]
    people = _command(home, "people allowed-signers > allowed_signers")
    console.say(words.text("demo.check"))
    for line in (people, *checks):
        console.say(f"  {line}")


def _command(home: Home, name: str) -> str:
    return f"MARSAD_HOME={home.root} .venv/bin/marsad {name}"


def _list_paths(heading: str, paths: list[Path]) -> None:
    console.say(heading)
    for path in paths:
        console.say(f"  {path}")
