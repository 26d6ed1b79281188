"""The command `marsad` with its own options, and `check`, which senders run often.

Belongs here: what `marsad check` needs to be parsed, so that `start.py` need not load the other commands, which takes
longer than examining a file. Does not belong here: those commands (`command.py` adds them), or the result of `check`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from marsad.start import run
from marsad.terminal import console, exit_codes
from marsad.terminal.chosen_language import begin, speak, words
from marsad.terminal.cli_options import AsJson, Language
from marsad.terminal.help_groups import GroupedCommands


def new_app() -> typer.Typer:
    """Return the command with its own options and `check`, but no other command yet."""
    app = typer.Typer(
        cls=GroupedCommands,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Marsad: the anti-trafficking data and statistics warehouse. The data home is $MARSAD_HOME, else ./home. "
        "Exit codes: 0 done or accepted, 1 refused, 2 usage error, 130 and 143 stopped.",
    )
    app.callback()(choose_language)
    app.command()(check)
    return app


def main() -> None:
    """Run `check`."""
    run(new_app())


def _tell_version(is_asked: bool) -> None:
    """Print the version and exit."""
    if is_asked:
        from importlib.metadata import version  # imported late: rarely used

        console.say(f"marsad {version('marsad')}")
        raise typer.Exit


def choose_language(
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            "-l",
            is_eager=True,  # before --help, which is then in that language
            callback=begin,
            help="en, ar or ckb: the language of answers and of this help; en if left out.",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Print the version and end.")
    ] = False,
) -> None:
    """Anti-trafficking data and statistics: receive, build, release, report."""


def check(
    file: Annotated[Path, typer.Argument(help="The workbook or CSV to look at. Nothing of it is kept.")],
    source: Annotated[
        str | None, typer.Option("--source", help="Whose file it is; found from the headers if left out.")
    ] = None,
    language: Language = None,
    mark: Annotated[
        Path | None, typer.Option("--mark", help="Write the workbook here with its findings coloured and commented.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what would be refused, quarantined or flagged, cell by cell. Exit code 1 if refused."""
    from marsad.commands import checking

    speak(language)
    verdict = checking.check(file, source, words(), as_json=as_json, marked=mark)
    raise typer.Exit(exit_codes.code_of_verdicts([verdict]))
