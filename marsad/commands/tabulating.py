"""`marsad custom-table`, `marsad synthetic`: what is issued beside the releases.

Does not belong here: reading the question (`answers/custom_question.py`), what may be issued and how
(`expectations/custom`, `expectations/synthetic`). Imports of other packages are late.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from ingestion.home import Home
from ingestion.people.acts_log import log_look
from marsad.commands.approving import tell_prepared
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import Actor, AsJson, Language

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
    person: Actor = "",
    reason: Annotated[str, typer.Option(help="Who asks, and what for, in one sentence; names no person.")] = "",
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Answer a custom question: figures no release prints, with noise that is the same in every table.

    The answer is audited together with everything that is out; once two have signed it is published: every later
    release is protected against it, and it cannot be taken back. Exit code 1 if it would tell too much.
    """
    speak(language)
    home = Home.at().existing()
    from expectations.cards.dataset_card import load_dataset

    load_dataset(dataset)  # refuses, with the nearest name, before slow imports
    from expectations.custom import custom_tables
    from expectations.releases import proposal
    from marsad.answers import acting
    from marsad.answers.custom_question import figures_of_table, read_question, shown_columns

    asked = read_question(dataset, indicator, by, area, year, where or ())
    if not (dry_run or person):
        raise typer.BadParameter("who prepares it? Another person approves it.", param_hint="--as")
    if not dry_run:
        acting.people_for(home, person, reason)  # before a proposal lies there that nobody prepares
    log_look(home, person, f"custom-table {dataset}")
    with console.progress() as tell, home.lock("marsad custom-table"):
        tell(words().text("custom.audits"))
        acting.refuse_second_proposal(home)
        laid_out = home if dry_run else proposal.lay_out(home)
        answer = custom_tables.answer(laid_out, asked, is_dry_run=dry_run)
        if answer.is_repeated:
            proposal.discard(home)
    act, path = None, str(home.custom_tables / answer.version)
    if answer.is_published and not answer.is_repeated:
        act = acting.prepare_publication(home, person, reason, {}, "custom_table")
    if as_json:
        differences = {
            "sums": answer.told.asked,
            "sums_off": answer.told.off,
            "greatest_difference": answer.told.greatest,
        }
        own = {"version": answer.version, "path": path, "cells": answer.cells, "noisy": answer.noisy}
        figures = figures_of_table(answer) if answer.is_repeated else []
        outcome = {"repeated": answer.is_repeated, "act": act.name if act else "", "figures": figures}
        console.document({**own, **differences, **outcome})
        return
    if not answer.is_repeated:
        console.say(words().text("custom.not_published", rows=answer.cells, noisy=answer.noisy))
        if act:
            tell_prepared(home, act, words())
        return
    console.table_of(figures_of_table(answer), shown_columns(answer))
    console.say(words().text("custom.written", path=path, rows=answer.cells, noisy=answer.noisy))
    sums = answer.told
    console.say(words().text("custom.done.sums", sums=sums.asked, off=sums.off, greatest=sums.greatest))
    console.say(words().text("custom.repeated"))


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
