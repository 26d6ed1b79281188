"""`marsad releases`: listing and withdrawing what is published.

Does not belong here: the list (`answers/release_list.py`), what a withdrawal does (`answers/withdrawals.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from ingestion.home import Home
from ingestion.people.acts_log import log_look
from marsad.commands.approving import tell_prepared
from marsad.terminal import chosen_language, console
from marsad.terminal.cli_options import Actor, AsJson, Looker
from marsad.terminal.help_groups import HintingCommands

app = typer.Typer(
    cls=HintingCommands,
    invoke_without_command=True,
    help="List what is released; explain a verdict; withdraw a release.",
)


@app.callback()
def releases(
    context: typer.Context,
    hashes: Annotated[bool, typer.Option("--hashes", help="Also the SHA-256 of the data, and the folder.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what is out: dataset, version, verdict, hash, rows, path; a withdrawn one with its day.

    An estimate without a figure is no release: verdict refused, with the reasons.
    """
    if context.invoked_subcommand:
        return
    from marsad.answers.release_list import list_releases

    words = chosen_language.words()
    entries: list[dict[str, Any]] = [
        entry | {"title": words.text(f"dataset.{entry['dataset']}.title")}
        for entry in list_releases(Home.at().existing())
    ]
    if as_json:
        console.document(entries)
        return
    more = ("sha256", "path") if hashes else ()
    console.table_of(entries, ("title", "years", "dataset", "version", "verdict", "withdrawn", "rows", *more))
    for untold in (entry for entry in entries if entry["verdict"] == "refused"):
        reasons = ", ".join(f"{place}: {reason}" for place, reason in untold["refused"].items())
        console.say(words.text("desk.estimate_refused", dataset=untold["dataset"], reasons=reasons))


@app.command()
def why(
    dataset: Annotated[str, typer.Argument(help="A dataset that the gate stopped.")],
    person: Looker = "",
    as_json: AsJson = False,
) -> None:
    """Show the rules and cells behind the last verdict. For the house only: it can name small cells."""
    from expectations.cards.dataset_card import load_dataset

    home, words = Home.at().existing(), chosen_language.words()
    load_dataset(dataset)  # refuses, with the nearest name, before slow imports
    from expectations.gate.broken_cells import broken_cells

    log_look(home, person, f"releases why {dataset}")
    cells = broken_cells(home, dataset)
    if as_json:
        console.document(cells)
    elif cells:
        console.say(words.text("desk.house_only"))
        console.table_of(cells, ("rule", "severity", "broken", "cell", "year", "low", "high"))
    else:
        console.say(words.text("desk.nothing_broken", dataset=dataset))


@app.command()
def withdraw(
    dataset: Annotated[str, typer.Argument(help="A released dataset.")],
    version: Annotated[str, typer.Argument(help="A version of it, as the list names it.")],
    reason: Annotated[str, typer.Option(help="Why; readers see it. Names no person and no figure.")],
    by: Annotated[str, typer.Option(help="Who decided it: a section or role. Readers see it.")],
    person: Actor,
    as_json: AsJson = False,
) -> None:
    """Prepare the withdrawal of a release: once two have signed, a tombstone replaces its data, for good."""
    from marsad.answers import acting

    words, home = chosen_language.words(), Home.at().existing()
    folder = acting.prepare_withdrawal(home, person, dataset, version, reason=reason, signed_by=by)
    if as_json:
        console.document({"act": folder.name, "line": acting.line_for(home, folder)})
    else:
        tell_prepared(home, folder, words)
