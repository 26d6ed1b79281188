"""`marsad upgrade`: bring a home of an older Marsad to the format of this one, after its backup.

Belongs here: what is asked and told. Does not belong here: what is done (`upgrade_steps.py`).
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ingestion.home import FORMAT_VERSION, Home
from languages.refusal import Refusal
from languages.words import Words
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import Language

app = typer.Typer()


@app.command()
def upgrade(
    backed_up: Annotated[
        bool, typer.Option("--backed-up", help="The home has been backed up today; without it a person is asked.")
    ] = False,
    language: Language = None,
) -> None:
    """Bring a home of an older Marsad to the format of this one. It can be stopped and run again."""
    from marsad.upgrades import upgrade_steps

    speak(language)
    home, said = Home.at(), words()
    found = home.settings.format_version
    versions = {"home": str(home.root), "found": found, "wanted": FORMAT_VERSION}
    begun = upgrade_steps.unfinished(home)
    if found == FORMAT_VERSION and not begun:
        console.say(said.text("upgrade.none", **versions))
        return
    console.say(said.text("upgrade.goes_on" if begun else "upgrade.begins", **versions))
    if not (backed_up or begun or _confirms_backup(said)):
        raise Refusal("backup_first", where=str(home.root))
    upgrade_steps.upgrade(home, lambda step: console.say("  " + said.text(f"upgrade.step.{step.name}")))
    console.say(said.text("upgrade.done", **versions))


def _confirms_backup(said: Words) -> bool:
    """Ask the person at a terminal whether there is a backup; a script has to say so."""
    return sys.stdin.isatty() and typer.confirm(said.text("upgrade.backed_up"), default=False)
