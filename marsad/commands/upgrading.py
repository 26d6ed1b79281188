"""`marsad upgrade`: whether a home is of the format of this Marsad."""

from __future__ import annotations

import typer

from ingestion.home import FORMAT_VERSION, Home
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import Language

app = typer.Typer()


@app.command()
def upgrade(language: Language = None) -> None:
    """Say that a home is of the format of this Marsad; one of another format is refused."""
    speak(language)
    home = Home.at().existing()
    console.say(words().text("upgrade.none", home=str(home.root), found=FORMAT_VERSION))
