"""`marsad backup`, `marsad restore`, `marsad backup-key`: copying what cannot be rebuilt elsewhere, and restoring it.

Does not belong here: what a backup holds and how (`ingestion/keeping`), which one is restored
(`answers/chosen_backup.py`), or whether one is due (`diagnosing.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingestion.home import Home
from languages import dates
from languages.refusal import Refusal
from languages.words import Words
from marsad.terminal import chosen_language, console
from marsad.terminal.cli_options import AsJson, CommandThatWaits, Language, Wait

if TYPE_CHECKING:
    from ingestion.keeping.backup import BackupReport
    from ingestion.keeping.backup_prospect import BackupProspect
    from ingestion.keeping.backup_register import BackupLine
    from marsad.answers.chosen_backup import ChosenBackup

app = typer.Typer()

_SHOWN = 20
"""Most paths named on a terminal; `--json` names all."""

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

    chosen_language.speak(language)
    keys = backup_keys.check_keys(task_force, recovery) if task_force or recovery else None
    with console.progress() as tell:
        on_wait = console.teller_of_waiting(chosen_language.words(), tell)
        home = Home.at().existing()
        report = back_up(home, target, keys, forget=forget or (), tell=tell, wait=wait, on_wait=on_wait)
    if as_json:
        console.document(asdict(report))
    else:
        _tell_report(report)
    raise typer.Exit(1 if report.harmed else 0)


@app.command()
def restore(
    target: Annotated[Path, typer.Argument(help="The folder of backups.")],
    new_home: Annotated[Path, typer.Argument(help="A folder that is not there yet, or an empty one.")],
    key: Annotated[Path, typer.Option(help="File with one of the two secret keys.")],
    snapshot: Annotated[
        str, typer.Option(help="Name of the backup, as it was noted on paper; asked for on a terminal.")
    ] = "",
    newest: Annotated[
        bool, typer.Option("--newest", help="Take the newest backup without its name: anybody may have made it.")
    ] = False,
    people: Annotated[
        Path | None,
        typer.Option(help="Allowed signers of the house, had from elsewhere: its machine must have signed."),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Leave out files that are damaged in the backup, and name them.")
    ] = False,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Say what a backup would bring, then bring the home back into a new folder. Exit code 1 if a file did not come."""
    from ingestion.keeping import restoration
    from ingestion.people.statements import read_trust

    chosen_language.speak(language)
    words = chosen_language.words()
    signers = read_trust(people, None).allowed_signers if people else ""
    brought = _choose_backup(new_home, target, key, snapshot, signers, newest=newest, as_json=as_json)
    with console.progress() as tell:
        report = restoration.bring_back(brought.backup, new_home, partial=partial, tell=tell)
    if as_json:
        console.document({**asdict(report), "would_bring": asdict(brought.prospect)})
    else:
        numbers = {"files": report.files, "at": report.at}
        console.say(words.text("desk.restored", snapshot=report.snapshot, home=str(new_home), **numbers))
        _list_names("desk.restored_without", report.lost)
        if report.newer:  # not by name: the paper must prove the name, and whoever has the disk writes names
            console.say(words.text("desk.restored_older", count=len(report.newer)))
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


def _choose_backup(
    new_home: Path, target: Path, key: Path, snapshot: str, signers: str, *, newest: bool, as_json: bool
) -> ChosenBackup:
    """Return the backup to restore, after showing what it would bring back and asking for its name."""
    from marsad.answers.chosen_backup import choose_backup

    if snapshot and newest:
        raise Refusal("restore_name_or_newest", where=snapshot)
    words = chosen_language.words()
    asks = not snapshot and not newest
    if asks and (as_json or not sys.stdin.isatty()):
        raise Refusal("restore_needs_name", where=str(target))
    chosen = choose_backup(new_home, target, key, snapshot, signers, newest=newest)
    if newest:
        console.note(words.text("desk.restore_newest", snapshot=chosen.backup.name))
    if not as_json:
        _tell_prospect(chosen.prospect, words, is_named=not asks)
        console.say("  " + words.text("desk.restore_signed" if signers else "desk.restore_unasked", option="--people"))
    if not asks:
        return chosen
    name = str(typer.prompt(words.text("desk.restore_name_asked"))).strip()
    if name == chosen.backup.name:
        return chosen
    return _choose_backup(new_home, target, key, name, signers, newest=False, as_json=as_json)


def _tell_prospect(prospect: BackupProspect, words: Words, *, is_named: bool) -> None:
    """Print what a backup would bring back; its name only if given: else it must be read from the paper."""
    console.say(words.text("desk.restore_would", snapshot=prospect.snapshot if is_named else "…", at=prospect.at))
    logs = {"receipts": prospect.receipts, "last": prospect.last_received or "–", "decisions": prospect.decisions}
    console.say("  " + words.text("desk.restore_receipts", files=prospect.files, **logs))
    for dataset in prospect.releases:
        version = {"newest": dataset.newest, "last_year": dataset.last_year or "–"}
        console.say("  " + words.text("desk.restore_releases", dataset=dataset.dataset, count=dataset.count, **version))
    if not prospect.releases:
        console.say("  " + words.text("desk.restore_no_releases"))
    for option, public in (("--task-force", prospect.task_force), ("--recovery", prospect.recovery)):
        opened = "desk.restore_key_opened" if public in prospect.opened_with else "desk.restore_key"
        console.say("  " + words.text(opened, option=option, public=public))
    if prospect.groups:
        console.say("  " + words.text("desk.restore_groups", groups=", ".join(prospect.groups)))
    console.say("  " + words.text(f"desk.restore_known.{prospect.known_here}"))


def tell_holding(lines: Sequence[BackupLine]) -> None:
    """Print the backups that still hold withdrawn data, and how to delete them."""
    from ingestion.keeping import retention
    from ingestion.keeping.backup_register import last_day

    words, least = chosen_language.words(), retention.card().backups.at_least
    ends = (words.text("desk.backup_ends", day=dates.written(words, last_day(line)), count=least) for line in lines)
    names = [f"{line.snapshot}  {line.place}  {end}" for line, end in zip(lines, ends, strict=True)]
    _list_names("desk.backups_hold", names, command="marsad backup TARGET --forget SNAPSHOT")


def holding_as_json(lines: Iterable[BackupLine]) -> list[dict[str, str]]:
    """Return the backups that still hold withdrawn data: name, path, day."""
    return [{"snapshot": line.snapshot, "path": line.place, "at": line.at} for line in lines]


def _tell_report(report: BackupReport) -> None:
    words = chosen_language.words()
    numbers = {"files": report.files, "new": report.new_pieces, "bytes": report.new_bytes}
    console.say(words.text("desk.backed_up", snapshot=report.snapshot, place=report.place, **numbers))
    if not report.signed:
        console.say(words.text("desk.backup_unsigned"))
    _list_names("desk.backup_harmed", report.harmed)
    _list_names("desk.backup_missing", report.missing)
    _list_names("desk.backup_forgotten", report.forgotten)
    _list_names("desk.backup_skipped", report.skipped)


def _list_names(key: str, names: list[str], **arguments: str) -> None:
    if not names:
        return
    words = chosen_language.words()
    console.say(words.text(key, count=len(names), **arguments))
    for name in names[:_SHOWN]:
        console.say(f"  {name if name.isprintable() else ascii(name)}")
    if len(names) > _SHOWN:
        console.say(words.text("desk.backup_more", count=len(names) - _SHOWN))
