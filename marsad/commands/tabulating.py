"""`marsad synthetic`: what is issued beside the releases.

Does not belong here: what may be issued and how (`expectations/synthetic`). Imports of other packages are late.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from ingestion.home import Home
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import AsJson, Language

app = typer.Typer()


@app.command()
def synthetic(
    year: Annotated[str, typer.Argument(help="A registration year that is over, e.g. 2024.")],
    epsilon: Annotated[
        float | None, typer.Option(help="What the file may cost each person: 4 at most and by default, 2 if --revised.")
    ] = None,
    revised: Annotated[
        bool, typer.Option("--revised", help="A second and last file, after the year was revised.")
    ] = False,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Make synthetic records of a year's victims for researchers. Once a year: it spends a privacy budget.

    Needs the packages of `make synthetic`. The records, in our columns and in CTDC's, and their notes go to the folder
    `research` of the home; the task force decides who gets them (docs/synthetic.md). No run can be repeated.
    """
    from expectations.synthetic import synthetic_file

    speak(language)
    home = Home.at().existing()
    with home.lock("marsad synthetic"):
        made = synthetic_file.issue(home, year, epsilon, revised=revised)
    if as_json:
        own = {"dataset": made.dataset, "version": made.version, "records": made.records, "path": str(made.path)}
        console.document(own | {"errors": [asdict(error) for error in made.errors], "budget": asdict(made.spending)})
        return
    console.say(words().text("desk.synthetic_issued", path=str(made.path), records=made.records))
    for error in made.errors:
        shares = {"error": f"{error.error:.2f}", "spread": f"{error.spread:.2f}"}
        console.say("  " + words().text("synthetic.errors.item", columns=error.ways, **shares))
