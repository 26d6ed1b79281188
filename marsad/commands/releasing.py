"""`marsad releases`: listing and withdrawing what is published, and what changed in it.

Does not belong here: the list (`answers/release_list.py`), changes (`answers/release_changes.py`), what a withdrawal
does (`answers/withdrawals.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingestion.home import Home
from ingestion.people.acts_log import log_look
from marsad.commands.approving import tell_prepared
from marsad.terminal import chosen_language, console
from marsad.terminal.cli_options import Actor, AsJson, Looker
from marsad.terminal.help_groups import HintingCommands

if TYPE_CHECKING:
    from languages.words import Words
    from marsad.answers.release_changes import ChangedYear

app = typer.Typer(
    cls=HintingCommands,
    invoke_without_command=True,
    help="List what is released; explain a verdict; tell what changed; withdraw a release.",
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
def changes(
    dataset: Annotated[str, typer.Argument(help="A released dataset.")],
    indicator: Annotated[str, typer.Option("--indicator", help="One indicator, with causes and files.")] = "",
    person: Looker = "",
    as_json: AsJson = False,
) -> None:
    """Tell what changed since the last release, or would with what waits: cells, facts, causes, files. House only."""
    from marsad.answers import release_changes

    home, words = Home.at().existing(), chosen_language.words()
    if indicator:
        years = release_changes.changed_years(home, person, dataset, indicator)
        if as_json:
            console.document([asdict(year) for year in years])
        else:
            _tell_changed_years(years, words)
        return
    changed = release_changes.release_changes(home, dataset)
    if as_json:
        console.document(asdict(changed))
        return
    key = "changes.versions" if changed.before else "changes.first"
    console.say(words.text(key, before=changed.before, now=changed.now))
    if changed.is_proposed:
        console.say(words.text("changes.proposed"))
    rows = [
        {"indicator": one.indicator, "years": ", ".join(one.years)} | asdict(one.cells) for one in changed.indicators
    ]
    if not rows:
        console.say(words.text("changes.nothing"))
        return
    columns = ("indicator", "years", *release_changes.KINDS)
    console.table_in_words(rows, columns, [words.text(f"changes.column.{name}") for name in columns], words)


def _tell_changed_years(years: Sequence[ChangedYear], words: Words) -> None:
    """Print each changed year of an indicator: causes, sizes, some revised figures, files."""
    from marsad.answers.printed_figures import figure_in_words, place_in_words
    from marsad.answers.release_changes import file_in_words

    if not years:
        console.say(words.text("changes.nothing"))
    for year in years:
        console.say(f"\n{year.year}")
        for cause in year.causes:
            console.say(f"  {words.text(f'changes.cause.{cause}')}")
        console.say(f"  {words.text('changes.cells', **asdict(year.cells))}")
        console.say(f"  {words.text('changes.facts', added=year.facts_added, gone=year.facts_gone)}")
        rows = [
            {
                "place": place_in_words(cell.coordinates, words),
                "before": figure_in_words(cell.before, words),
                "now": figure_in_words(cell.now, words),
            }
            for cell in year.revised
        ]
        if rows:
            columns = ("place", "before", "now")
            console.table_in_words(rows, columns, [words.text(f"changes.column.{name}") for name in columns], words)
        for file in year.files:
            console.say(f"  {file.source}: {file_in_words(file, words)}")


@app.command()
def withdraw(
    dataset: Annotated[str, typer.Argument(help="A released dataset.")],
    version: Annotated[str, typer.Argument(help="A version of it, as the list names it.")],
    reason: Annotated[
        str, typer.Option(help="Why; readers see it: names, telephone numbers and figures do not belong here.")
    ],
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
