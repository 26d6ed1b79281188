"""The `marsad` command: its subcommands, their options and exit codes.

The exit codes are in `exit_codes.py`. `marsad check` and the options of `marsad` itself are in `check_command.py`.
Imports of heavy packages are late.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Annotated

import typer

from ingestion.home import Home
from languages.refusal import Refusal
from marsad.check_command import new_app
from marsad.commands import (
    approving,
    backing_up,
    demonstrating,
    diagnosing,
    estimating,
    explaining,
    exporting,
    measuring,
    preparing,
    reconciling,
    releasing,
    reporting,
    reviewing,
    sealing,
    submitting,
    tracing,
    upgrading,
)
from marsad.start import run
from marsad.terminal import console, exit_codes
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import AsJson, CommandThatWaits, Language, Wait

app = new_app()
app.add_typer(preparing.app)  # template, pseudonymise
app.add_typer(sealing.app)  # seal, sealing-key
app.add_typer(reviewing.app, name="review")
app.add_typer(estimating.app)  # estimate
app.add_typer(exporting.app)  # export
app.add_typer(explaining.app)  # dictionary, indicators, translations
app.add_typer(diagnosing.app)  # doctor
app.add_typer(demonstrating.app)  # demo
app.add_typer(tracing.app)  # trace
app.add_typer(reconciling.app)  # reconcile
app.add_typer(reporting.app)  # report
app.add_typer(releasing.app, name="releases")
app.add_typer(approving.app)  # approve, sign, people, log
app.add_typer(backing_up.app)  # backup, restore, backup-key
app.add_typer(submitting.app, name="submissions")
app.add_typer(measuring.app, name="quality")
app.add_typer(upgrading.app)  # upgrade

Source = Annotated[str, typer.Argument(help="A folder name under ingestion/sources.")]


def main() -> None:
    """Run any command."""
    run(app)


@app.command()
def receive(
    source: Source,
    files: Annotated[list[Path], typer.Argument(help="Files of that sender, in the order they were sent.")],
    letter_date: Annotated[
        datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date of the letter.")
    ] = None,
    letter_number: Annotated[str, typer.Option(help="Number of the letter that carried the file.")] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Let the same bytes count once more, after a later file replaced them.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Do not ask on a terminal before a period is replaced.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the receipt and the row changes; take nothing.")
    ] = False,
    page: Annotated[
        Path | None, typer.Option("--page", help="Write the receipt to print and seal here: an .html file or a folder.")
    ] = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Check files and take them in; answer each with a receipt. Row changes are shown before a period is replaced."""
    from ingestion.submissions.preview import Letter
    from marsad.answers import arrived_files
    from marsad.commands import receiving

    speak(language)
    arrived_files.refuse_wrong_words(source, files)
    home = Home.at().for_real_files() if dry_run else arrived_files.home_for_files()
    letter = Letter(letter_date.date() if letter_date else None, letter_number, again)
    manner = "look" if dry_run else "take" if replace or as_json else "ask"
    verdicts = receiving.receive(home, source, files, letter, words(), manner, page=page, as_json=as_json)
    raise typer.Exit(exit_codes.code_of_verdicts(verdicts))


@app.command()
def inbox(
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds between two looks: a file that changes in between is left alone.")
    ] = 12.0,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Take in what lies in the inbox's folders, once; write each outcome beside its file. For cron."""
    from ingestion.submissions.inbox import list_waiting
    from marsad.commands import receiving
    from marsad.terminal import passphrases

    speak(language)
    home = Home.at().open().for_real_files()
    key = passphrases.key_for((file.path for file in list_waiting(home)), words())
    with console.progress() as tell:
        verdicts = receiving.empty_inbox(home, wait, words(), tell, key, as_json=as_json)
    raise typer.Exit(exit_codes.code_of_verdicts(verdicts))


@app.command(cls=CommandThatWaits)
def build(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Stop before releasing; tell what would be released.")
    ] = False,
    wait: Wait = 0,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Run the graph over what was received: only what changed."""
    from marsad.commands import build_command

    speak(language)
    home = Home.at().existing()
    with console.progress() as tell:
        passed = build_command.build(home, words(), tell, dry_run=dry_run, wait=wait, as_json=as_json)
    raise typer.Exit(0 if passed else 1)


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="A released folder, that of a report or of backups, or a receipt.")],
    audit: Annotated[
        bool,
        typer.Option(
            "--audit",
            help="Audit its figures as a stranger: a sample, the newest and children first, with what lies beside it.",
        ),
    ] = False,
    whole: Annotated[
        bool,
        typer.Option("--all", help="With --audit: every block and year (minutes), not a sample of about 20 seconds."),
    ] = False,
    people: Annotated[
        Path | None, typer.Option(help="Allowed signers of the house, had from elsewhere: who released it must be one.")
    ] = None,
    held: Annotated[
        Path | None, typer.Option(help="With --people: an earlier statement of the house; this one must follow it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a release, a report, a receipt or backups: hashes, verdict, signatures. Exit code 1 if any is wrong."""
    from ingestion.people.statements import read_trust
    from marsad.commands import verifying

    if held and not people:
        raise Refusal("held_needs_people", where=str(held))
    trust = read_trust(people, held) if people else None
    is_ok = verifying.verify(path, words(), trust, audit=audit or whole, whole=whole, as_json=as_json)
    raise typer.Exit(0 if is_ok else 1)


@app.command()
def new(
    kind: Annotated[str, typer.Argument(help="source, indicator, dataset or language")],
    name: Annotated[str, typer.Argument(help="Its name, e.g. iraq_health_ministry or prevention__demand_reduction")],
) -> None:
    """Write a skeleton that passes the linters and fails the tests that ask for content."""
    from marsad.scaffold import scaffold

    for path in scaffold(kind, name):
        console.say(str(path))
