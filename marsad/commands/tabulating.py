"""`marsad custom-table`, `marsad synthetic`: what is issued beside the releases.

Does not belong here: reading the question (`answers/custom_question.py`), what may be issued and how
(`expectations/custom`, `expectations/synthetic`). Imports of other packages are late.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from ingestion.home import Home
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import AsJson, Language

if TYPE_CHECKING:
    from expectations.custom.custom_tables import CustomTableAnswer

app = typer.Typer()


@app.command("custom-table")
def custom_table(
    indicator: Annotated[str, typer.Argument(help="Its code, e.g. PRT-02; all its counts are answered.")],
    dataset: Annotated[str, typer.Option(help="A released dataset that has the indicator.")],
    area: Annotated[
        str, typer.Option(help="Places by name or code, or levels: country, region, governorate. Commas between.")
    ],
    year: Annotated[str, typer.Option(help="One year or several, commas between.")],
    by: Annotated[str, typer.Option(help="Dimensions to cross, commas between: sex,age.")] = "",
    where: Annotated[
        list[str] | None, typer.Option(help="One category only, e.g. form=BEGGING; may be repeated.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Audit the answer and tell its size; publish nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Publish without asking at the terminal.")] = False,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Answer a custom question: figures no release prints, with noise that is the same in every table.

    The answer is audited together with everything that is out and then counts as published: every later release is
    protected against it, and it cannot be taken back: at a terminal you are asked first. Exit code 1 if it would tell
    too much.
    """
    speak(language)
    home = Home.at().existing()
    from expectations.cards.dataset_card import load_dataset

    load_dataset(dataset)  # refuses, with the nearest name, before slow imports
    from expectations.custom import custom_tables
    from marsad.answers.custom_question import figures_of_table, read_question, shown_columns

    asked = read_question(dataset, indicator, by, area, year, where or ())

    def has_consent(made: CustomTableAnswer) -> bool:
        return not dry_run and (yes or as_json or _ask_consent(made))

    with console.progress() as tell, home.lock("marsad custom-table"):
        tell(words().text("custom.audits"))
        answer = custom_tables.answer(home, asked, confirmed=has_consent)
    if as_json:
        differences = {
            "sums": answer.told.asked,
            "sums_off": answer.told.off,
            "greatest_difference": answer.told.greatest,
        }
        own = {"version": answer.version, "path": answer.path, "cells": answer.cells, "noisy": answer.noisy}
        figures = figures_of_table(answer) if answer.is_published else []
        console.document(
            {**own, **differences, "repeated": answer.is_repeated, "published": answer.is_published, "figures": figures}
        )
        return
    if not answer.is_published:
        console.say(words().text("custom.not_published", rows=answer.cells, noisy=answer.noisy))
        return
    console.table_of(figures_of_table(answer), shown_columns(answer))
    console.say(words().text("custom.written", path=answer.path, rows=answer.cells, noisy=answer.noisy))
    sums = answer.told
    console.say(words().text("custom.done.sums", sums=sums.asked, off=sums.off, greatest=sums.greatest))
    console.say(words().text("custom.repeated" if answer.is_repeated else "custom.done.published"))


def _ask_consent(made: CustomTableAnswer) -> bool:
    """Ask at a terminal; if nobody can be asked, the command itself is the consent (decision 17)."""
    if not sys.stdin.isatty():
        return True
    return typer.confirm(words().text("custom.publish_asked", rows=made.cells, noisy=made.noisy))


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
