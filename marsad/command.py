"""The `marsad` command: its subcommands, their options and exit codes.

The exit codes are in `exit_codes.py`. `marsad check` and the options of `marsad` itself are in `check_command.py`.
Imports of heavy packages are late.
"""

from __future__ import annotations

import datetime
import os
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from ingestion.home import Home
from marsad import serving
from marsad.answers import (
    backing_up,
    explaining,
    exporting,
    measuring,
    reconciling,
    releasing,
    reporting,
    reviewing,
    submitting,
    tabulating,
    tracing,
)
from marsad.check_command import new_app
from marsad.external_tables import external_commands
from marsad.start import run
from marsad.terminal import console, exit_codes
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import AsJson, CommandThatWaits, Language, Wait
from marsad.upgrades import upgrading

app = new_app()
app.add_typer(reviewing.app, name="review")
app.add_typer(external_commands.app)  # audit, protect, estimate
app.add_typer(exporting.app)  # export
app.add_typer(serving.app)  # serve
app.add_typer(tabulating.app)  # custom-table
app.add_typer(explaining.app)  # dictionary
app.add_typer(tracing.app)  # trace
app.add_typer(reconciling.app)  # reconcile
app.add_typer(reporting.app)  # report
app.add_typer(releasing.app, name="releases")
app.add_typer(backing_up.app)  # backup, restore, backup-key
app.add_typer(submitting.app, name="submissions")
app.add_typer(measuring.app, name="quality")
app.add_typer(upgrading.app)  # upgrade

Source = Annotated[str, typer.Argument(help="A folder name under ingestion/sources.")]


class PersonField(StrEnum):
    """The fields by which holders may agree to identify a person."""

    NAME = "name"
    MOTHER_NAME = "mother_name"
    BIRTH_DATE = "birth_date"
    IDENTITY_NUMBER = "identity_number"


def main() -> None:
    """Run any command."""
    run(app)


@app.command()
def demo(
    years: Annotated[int, typer.Option(min=2, max=10, help="How many years of the country, up to 2025.")] = 6,
) -> None:
    """Invent a country, receive its exports, build, release and report: the whole house in one go."""
    from marsad import demonstration

    root = Path(os.environ.get("MARSAD_HOME") or Path("home") / "demo")
    with console.progress() as tell:
        passed = demonstration.run(Home.at(root), words(), tell, partial(demonstration.country_of, years))
    raise typer.Exit(0 if passed else 1)


@app.command()
def template(
    source: Annotated[str, typer.Argument(help="A sender, or a shape: a kind of record.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="A new .xlsx file.")],
    language: Annotated[str | None, typer.Option("--language", help="en, ar or ckb: guidance and drop-downs.")] = None,
    rows: Annotated[int, typer.Option(min=1, max=20_000, help="Rows to fill in, in each table.")] = 500,
) -> None:
    """Write a workbook to fill in: headers of the sender or shape, drop-downs, guidance, totals."""
    from marsad.answers import desk

    speak(language)
    desk.template(source, output, rows, words())


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
    from marsad.answers import receiving

    speak(language)
    receiving.refuse_wrong_words(source, files)  # before a home is created
    home = (Home.at() if dry_run else Home.at().open()).for_real_files()
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
    from marsad.answers import receiving

    speak(language)
    home = Home.at().open().for_real_files()
    with console.progress() as tell:
        verdicts = receiving.empty_inbox(home, wait, words(), tell, as_json=as_json)
    raise typer.Exit(exit_codes.code_of_verdicts(verdicts))


@app.command()
def pseudonymise(
    file: Annotated[
        Path | None, typer.Argument(help="The holder's own workbook or CSV with names or case numbers.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="File with the holders' shared key. Marsad never holds it.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where the file with tokens is written.")
    ] = None,
    new_key: Annotated[
        Path | None, typer.Option("--new-key", help="Only make a key in this file, and print its fingerprint.")
    ] = None,
    key_version: Annotated[int, typer.Option(min=1, max=99, help="Of the key, at the start of each token.")] = 1,
    person: Annotated[
        list[PersonField],
        typer.Option(help="Agreed fields of a person: name, mother_name, birth_date, identity_number."),
    ] = [PersonField.NAME, PersonField.MOTHER_NAME],  # noqa: B006 - typer copies a default list
    codes: Annotated[
        Path | None, typer.Option("--codes", help="Write codes of names here, too: for records without a token.")
    ] = None,
    codes_year: Annotated[
        int | None, typer.Option(min=2000, max=2999, help="Year of their key, this year if left out.")
    ] = None,
    language: Language = None,
) -> None:
    """The holder's side: put keyed tokens in place of names and numbers, before anything is sent."""
    from marsad.answers import desk

    speak(language)
    if new_key:
        if file or key or output:
            raise typer.BadParameter("it makes a key and nothing else.", param_hint="--new-key")
        desk.new_token_key(new_key, words())
        return
    if not (file and key and output):
        raise typer.BadParameter("all three are needed, or --new-key alone.", param_hint="FILE, --key, --output")
    year = codes_year or datetime.datetime.now(tz=datetime.UTC).year
    order = (codes, year) if codes else None
    desk.pseudonymise(file, key, output, person, words(), version=key_version, codes=order)


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
    from marsad.answers import desk

    speak(language)
    home = Home.at().existing()
    with console.progress() as tell:
        passed = desk.build(home, words(), tell, dry_run=dry_run, wait=wait, as_json=as_json)
    raise typer.Exit(0 if passed else 1)


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="A released folder, or that of a report.")],
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
    as_json: AsJson = False,
) -> None:
    """Check a released folder, or a report: hashes, verdict, data package, number. Exit code 1 if anything is wrong."""
    from marsad.answers import desk

    raise typer.Exit(0 if desk.verify(path, words(), audit=audit or whole, whole=whole, as_json=as_json) else 1)


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
    from marsad.answers import desk

    speak(language)
    desk.synthetic(Home.at().existing(), year, epsilon, words(), revised=revised, as_json=as_json)


@app.command()
def indicators(as_json: AsJson = False) -> None:
    """The catalogue of indicators: what is built, tested and fed; without a home, what there is to build."""
    from marsad.answers import desk

    desk.indicators(Home.at(), words(), as_json=as_json)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """What is wrong with this home and what mends it: all that has a hash is read. Exit code 1 if anything is wrong."""
    from marsad.answers import diagnosing

    with console.progress() as tell:
        is_well = diagnosing.doctor(Home.at(), words(), tell, as_json=as_json)
    raise typer.Exit(0 if is_well else 1)


@app.command()
def new(
    kind: Annotated[str, typer.Argument(help="source, indicator, dataset or language")],
    name: Annotated[str, typer.Argument(help="Its name, e.g. iraq_health_ministry or prevention__demand_reduction")],
) -> None:
    """Write a skeleton that passes the linters and fails the tests that ask for content."""
    from marsad.scaffold import scaffold

    for path in scaffold(kind, name):
        console.say(str(path))


@app.command()
def translations(
    sync: Annotated[
        bool, typer.Option("--sync", help="First bring the catalogues in line with the cards; changed texts are fuzzy.")
    ] = False,
    template: Annotated[
        Path | None, typer.Option("--template", help="Write the gettext template of a new language here (.pot).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The gaps of each language, and whether a native reader has approved it. Exit code 1 if there are gaps."""
    from marsad.answers import desk

    raise typer.Exit(0 if desk.translations(words(), sync=sync, template=template, as_json=as_json) else 1)


@app.command()
def ui(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0: any that is free.")] = 3000,
    can_run: Annotated[
        bool, typer.Option("--can-run", help="Let it start runs and switch the inbox sensor; else it only shows.")
    ] = False,
) -> None:
    """Dagster's own interface, on 127.0.0.1, for whoever has the address it prints; its daemon watches the inbox."""
    from assets.interface.servers import serve
    from marsad.interface_address import say_when_it_answers

    def announce(address: str) -> None:
        say_when_it_answers(address, words(), can_run=can_run)

    home = Home.at().existing()
    raise typer.Exit(serve(home, port, language=words().tag, can_run=can_run, announce=announce))
