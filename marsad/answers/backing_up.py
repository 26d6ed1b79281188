"""`marsad backup`, `marsad restore`, `marsad backup-key`: what cannot be made again goes elsewhere, and comes back.

Does not belong here: what a backup holds and how (`ingestion/keeping`), or whether it is time for one
(`diagnosing.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingestion.home import Home
from marsad.terminal import chosen_language, console
from marsad.terminal.cli_options import AsJson, CommandThatWaits, Language, Wait

if TYPE_CHECKING:
    from ingestion.keeping.backup import BackupReport
    from ingestion.keeping.backup_register import BackupLine

app = typer.Typer()

_SHOWN = 20
"""Paths that are named on a terminal; `--json` names all."""

Target = Annotated[Path, typer.Argument(help="A folder on another disk: of this home's backups, or a new one.")]


@app.command(cls=CommandThatWaits)
def backup(
    target: Target,
    task_force: Annotated[
        str, typer.Option(help="Begins a new folder: the task force's public key, age1…, from marsad backup-key.")
    ] = "",
    recovery: Annotated[
        str, typer.Option(help="Begins a new folder: the public key whose secret one lies sealed elsewhere.")
    ] = "",
    wait: Wait = 0,
    forget: Annotated[list[str] | None, typer.Option(help="Delete this older backup once the new one stands.")] = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Copy what cannot be made again to another disk, encrypted for two keys; only what is new is written."""
    from ingestion.keeping import backup_keys
    from ingestion.keeping.backup import back_up
    from marsad.answers.desk import told_who_writes

    chosen_language.speak(language)
    keys = backup_keys.checked(task_force, recovery) if task_force or recovery else None
    with console.progress() as tell:
        told = told_who_writes(chosen_language.words(), tell)
        home = Home.at().existing()
        report = back_up(home, target, keys, forget=forget or (), tell=tell, wait=wait, told=told)
    if as_json:
        console.document(asdict(report))
    else:
        _tell(report)
    raise typer.Exit(1 if report.harmed else 0)


@app.command()
def restore(
    target: Annotated[Path, typer.Argument(help="The folder of backups.")],
    new_home: Annotated[Path, typer.Argument(help="A folder that is not there yet, or an empty one.")],
    key: Annotated[Path, typer.Option(help="File with one of the two secret keys.")],
    snapshot: Annotated[str, typer.Option(help="Name of the backup; the newest if left out.")] = "",
    partial: Annotated[
        bool, typer.Option("--partial", help="Leave out files that are damaged in the backup, and name them.")
    ] = False,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Bring a home back from a backup into a new folder. Exit code 1 if a file did not come back."""
    from ingestion.keeping import restoration

    chosen_language.speak(language)
    with console.progress() as tell:
        report = restoration.restore(target, new_home, key, snapshot=snapshot, partial=partial, tell=tell)
    if as_json:
        console.document(asdict(report))
    else:
        words = chosen_language.words()
        numbers = {"files": report.files, "at": report.at}
        console.say(words.text("desk.restored", snapshot=report.snapshot, home=str(new_home), **numbers))
        _list("desk.restored_without", report.lost)
        _list("desk.restored_older", report.newer)
        console.say(words.text("desk.restored_next", home=str(new_home), doctor="marsad doctor", build="marsad build"))
    raise typer.Exit(1 if report.lost else 0)


@app.command("backup-key")
def backup_key(
    file: Annotated[Path, typer.Argument(help="A new file for the secret key, on no disk of this machine.")],
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Make a pair of keys for backups: the secret one into a file, the public one is printed."""
    from ingestion.keeping import backup_keys

    chosen_language.speak(language)
    backup_keys.refuse_inside(Home.at(), file)
    public = backup_keys.make_secret(file)
    if as_json:
        console.document({"public": public, "secret": str(file)})
        return
    console.say(public)
    console.note(chosen_language.words().text("desk.backup_key", file=str(file)))


def tell_holding(lines: Iterable[BackupLine]) -> None:
    """Print the backups that still hold what was withdrawn, and how they are deleted."""
    names = [f"{line.snapshot}  {line.place}" for line in lines]
    _list("desk.backups_hold", names, command="marsad backup TARGET --forget SNAPSHOT")


def holding_as_json(lines: Iterable[BackupLine]) -> list[dict[str, str]]:
    """Return the backups that still hold what was withdrawn: name, path, day."""
    return [{"snapshot": line.snapshot, "path": line.place, "at": line.at} for line in lines]


def _tell(report: BackupReport) -> None:
    words = chosen_language.words()
    numbers = {"files": report.files, "new": report.new_pieces, "bytes": report.new_bytes}
    console.say(words.text("desk.backed_up", snapshot=report.snapshot, place=report.place, **numbers))
    _list("desk.backup_harmed", report.harmed)
    _list("desk.backup_missing", report.missing)
    _list("desk.backup_forgotten", report.forgotten)
    _list("desk.backup_skipped", report.skipped)


def _list(key: str, names: list[str], **arguments: str) -> None:
    if not names:
        return
    words = chosen_language.words()
    console.say(words.text(key, count=len(names), **arguments))
    for name in names[:_SHOWN]:
        console.say(f"  {name}")
    if len(names) > _SHOWN:
        console.say(words.text("desk.backup_more", count=len(names) - _SHOWN))
