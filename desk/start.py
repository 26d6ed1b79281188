"""`marsad-desk`: serving the desk of a home on this machine, and its first account.

Does not belong here: settings (`configuration.py`), pages. A proxy with TLS brings the desk to other machines.
"""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from desk.configuration import configure
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.answer_forms import refusal_texts

HERE = "127.0.0.1"
app = typer.Typer(
    no_args_is_help=True, help="The desk: pages in a browser for those who send, check, edit and approve."
)
HomeOption = Annotated[Path | None, typer.Option("--home", help="By default $MARSAD_HOME, else ./home.")]


def main() -> None:
    """Run the command that was typed; what it writes is readable by its owner alone."""
    os.umask(0o077)
    try:
        app()
    except Refusal as error:
        typer.echo("\n".join(refusal_texts(error, Words.load("en"))), err=True)
        sys.exit(1)


@app.command()
def serve(
    home: HomeOption = None,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8030,
    host: Annotated[list[str] | None, typer.Option(help="Name by which browsers ask a proxy with TLS for it.")] = None,
    socket: Annotated[Path | None, typer.Option(help="Where that proxy asks it, in place of a port.")] = None,
) -> None:
    """Serve the desk on this machine until it is stopped, and print its address.

    Behind a proxy it is asked by a socket of the file system alone: what a proxy says of TLS and of addresses is
    believed, and whoever could ask beside the proxy would say the same.
    """
    if (socket is None) != (not host):
        raise typer.BadParameter("a proxy with a name asks by a socket: --host NAME --socket PATH")
    _enter(home, tuple(host or ()))
    from django.core.wsgi import get_wsgi_application

    from desk.ahead import read_ahead
    from desk.identity import accounts
    from desk.listening import answer_requests
    from desk.sending import unlocked_key

    if not unlocked_key.unlock(Home.at(), _ask_passphrase):
        typer.echo(Words.load("en").text("desk.passphrase_none"))
    accounts.make_tables()
    typer.echo(str(socket) if socket else f"http://{HERE}:{port}/")
    for person, password in accounts.enter_invented(Home.at()).items():
        typer.echo(f"  {person}  {password}")
    read_ahead(Home.at())
    answer_requests(get_wsgi_application(), socket or (HERE, port))


@app.command()
def account(
    person: str,
    home: HomeOption = None,
    remove_second_factor: Annotated[
        bool, typer.Option("--remove-second-factor", help="For a telephone that is gone.")
    ] = False,
) -> None:
    """Give a person of the roster a password, asked at the terminal: so the first administrator gets in, or back in."""
    _enter(home, ())
    from desk.identity import accounts

    accounts.make_tables()
    accounts.set_password(Home.at().existing(), person, getpass.getpass())
    if remove_second_factor:
        accounts.remove_second_factor(person)


def _ask_passphrase() -> str:
    """Return the passphrase of the key that opens sealed files; empty where nobody sits at a terminal."""
    return getpass.getpass(f"{Words.load('en').text('desk.passphrase')}: ") if sys.stdin.isatty() else ""


def _enter(home: Path | None, hosts: tuple[str, ...]) -> None:
    if home:
        os.environ["MARSAD_HOME"] = str(home.resolve())
    configure(Home.at().existing(), hosts=hosts)


if __name__ == "__main__":
    main()
