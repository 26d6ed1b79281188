"""`marsad approve`, `sign`, `people`, `log`: acting in the name of the house, two persons for each act.

Does not belong here: what an act does or who may (`answers/acting.py`, `ingestion/people`). Imports of other packages
are late.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingestion.home import Home
from ingestion.text.folding import without_controls
from languages.refusal import Refusal
from languages.words import Words
from marsad.commands import backing_up
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import Actor, AsJson, Language

if TYPE_CHECKING:
    from marsad.answers.act_effects import ActEffects

app = typer.Typer()
people_app = typer.Typer(help="Who may act in the name of the house.")
app.add_typer(people_app, name="people")


@app.command()
def approve(
    person: Annotated[str, typer.Option("--as", help="Short name in the roster of who prepares or approves.")] = "",
    reason: Annotated[
        str, typer.Option(help="Why, in one sentence; readers see it. Names and telephone numbers do not belong here.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Take every warning without being asked one by one.")] = False,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Show what waits for signatures and what it changes; prepare the act, or print the line that approves it."""
    from marsad.answers import act_effects, acting

    speak(language)
    home, in_words = Home.at().existing(), words()
    waiting = acting.find_waiting(home)
    if waiting is None:
        raise Refusal("act_none", where=str(home.acts))
    effects = act_effects.effects_of_proposal(home)
    if as_json:
        console.document({**acting.waiting_as_json(waiting), **effects.content()})
        return
    for line in act_effects.describe_act(home, waiting.folder) if waiting.folder else ():
        console.say(f"  {line}")
    _print_effects(effects, in_words)  # last: what somebody wrote into an act does not push it off the screen
    if not person:
        console.say(in_words.text("desk.act_awaits", people=", ".join(waiting.may_sign), act=_name(waiting.folder)))
        return
    if not yes:
        _ask_warnings(effects.warnings, in_words)
    folder = acting.join_or_prepare(home, waiting, person, reason, effects.warnings)
    tell_prepared(home, folder, in_words)


def _ask_warnings(warnings: Sequence[str], in_words: Words) -> None:
    """Ask of each warning whether it is to be published with; the first no ends the command."""
    for warning in warnings:
        if not typer.confirm(in_words.text("desk.warning_taken", warning=warning)):
            raise typer.Exit(1)


@app.command()
def sign(
    act: Annotated[
        str, typer.Argument(help="The act, or the beginning of its name; by default the one that waits.")
    ] = "",
    key: Annotated[
        Path | None, typer.Option(help="Private key on this machine, or the public part of a token's.")
    ] = None,
    signature: Annotated[
        Path | None, typer.Option(help="A signature made elsewhere by the line that this command prints.")
    ] = None,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="It is today, though the last act was more than 400 days ago.")
    ] = False,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Sign the act that waits, or take a signature made elsewhere; the last one that it needs carries it out."""
    from marsad.answers import acting

    speak(language)
    home, in_words = Home.at().existing(), words()
    folder = acting.find_act(home, act)
    if (key is None) == (signature is None):
        tell_prepared(home, folder, in_words)
        return
    made = acting.signature_from(home, folder, key, signature)
    signed = acting.take_signature(home, folder, made, is_clock_right=clock_is_right)
    if as_json:
        console.document(acting.signed_as_json(signed))
    elif signed.is_complete:
        facts = {"act": folder.name, "prepared": signed.prepared_by, "approved": signed.approved_by or "-"}
        console.say(in_words.text("desk.act_done", command="marsad build", **facts))
        if signed.act.kind == "withdraw":
            _tell_withdrawn(home, signed.act.facts, in_words)
        elif signed.act.kind == "forget":
            tell_forgotten(home, folder, in_words)
    else:
        people = ", ".join(acting.who_is_next_in(home, signed))
        console.say(in_words.text("desk.act_awaits", act=folder.name, people=people))


@people_app.command()
def found(
    roster: Annotated[Path, typer.Argument(help="The first people: docs/runbook.md has an example.")],
    language: Language = None,
) -> None:
    """Enter the first people of a house, once; each later change is an act of two."""
    from ingestion.people import founding
    from ingestion.storage import reading

    speak(language)
    home = Home.at()
    with reading(roster):
        data = roster.read_bytes()
    with home.open().lock("marsad people found"):
        entered = founding.found(home, data, roster)
    console.say(words().text("desk.people_entered", people=", ".join(entered.people), count=entered.signatures))


@people_app.command()
def change(
    roster: Annotated[Path, typer.Argument(help="The whole roster as it is to be.")],
    person: Actor,
    reason: Annotated[str, typer.Option(help="Why, in one sentence; names and telephone numbers do not belong here.")],
    language: Language = None,
) -> None:
    """Prepare a change of the people of the house: an act of two, signed by people of before."""
    from ingestion.storage import reading
    from marsad.answers import acting

    speak(language)
    home = Home.at().existing()
    with reading(roster):
        data = roster.read_bytes()
    tell_prepared(home, acting.prepare_people(home, person, reason, data, roster), words())


@people_app.command("machine-key")
def machine_key(
    person: Actor,
    reason: Annotated[str, typer.Option(help="Why, in one sentence; names and telephone numbers do not belong here.")],
    revoke: Annotated[
        bool, typer.Option("--revoke", help="Somebody else may have had the old key: nothing that it signed is good.")
    ] = False,
    language: Language = None,
) -> None:
    """Make a new key of the machine, for receipts and backups, and prepare the act of two that takes it into use."""
    from marsad.answers import acting

    speak(language)
    home = Home.at().existing()
    tell_prepared(home, acting.prepare_machine_key(home, person, reason, revoke=revoke), words())


@people_app.command("list")
def list_people(language: Language = None, as_json: AsJson = False) -> None:
    """List the people of the house with roles, days and fingerprints of their keys."""
    from marsad.answers import acting

    speak(language)
    rows = acting.list_people(Home.at().existing())
    if as_json:
        console.document(rows)
    else:
        console.table_of(
            rows, ("person", "name", "agency", "roles", "sources", "fingerprint", "after", "before", "revoked")
        )


@people_app.command("allowed-signers")
def allowed_signers() -> None:
    """Print the file by which anybody checks signatures of this house: `ssh-keygen -Y verify -f`."""
    from ingestion.people.acts import read_people

    typer.echo(read_people(Home.at().existing()).allowed_signers(), nl=False)


@app.command("log")
def show_log(
    person: Annotated[str, typer.Option(help="Lines of one person only.")] = "",
    day: Annotated[str, typer.Option(help="Lines of one day, month or year: 2026-03.")] = "",
    kind: Annotated[str, typer.Option(help="Lines of one kind only.")] = "",
    verify: Annotated[bool, typer.Option("--verify", help="Check every log against its heads and statements.")] = False,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Walk all logs of the house by person, day and kind; or verify that none has lost or changed a line."""
    from marsad.answers import house_log

    speak(language)
    home, in_words = Home.at().existing(), words()
    if verify:
        problems = house_log.problems(home)
        for problem in problems:
            console.refusal(problem, in_words)
        if as_json:
            console.document(
                {"ok": not problems, "problems": list(map(str, problems)), "heads": house_log.heads_of(home)}
            )
        else:
            console.table_of(house_log.heads_of(home), ("log", "lines", "sha256"))
        raise typer.Exit(1 if problems else 0)
    lines = house_log.walk(home, person=person, day=day, kind=kind)
    if as_json:
        console.document(lines)
    else:
        console.table_of(lines, ("day", "log", "kind", "person", "what"))


def tell_prepared(home: Home, folder: Path, in_words: Words) -> None:
    """Print who signs an act that was prepared, and the line to sign it."""
    from marsad.answers import acting

    console.say(in_words.text("desk.sign_here", act=folder.name, path=str(folder / "act.json")))
    console.say(f"  {acting.line_for(home, folder)}")


def tell_forgotten(home: Home, folder: Path, in_words: Words) -> None:
    """Print what the scan proved, and which backups still hold the file; exit with code 1 if something is left."""
    from marsad.answers import forgetting

    outcome = forgetting.forgotten(home, folder)
    submissions = ", ".join(outcome.submissions)
    console.say(in_words.text("desk.forgotten", submissions=submissions, opened=outcome.opened, left=len(outcome.left)))
    for key, paths in (("desk.forgotten_left", outcome.left), ("desk.forgotten_unopened", outcome.unopened)):
        for path in paths:
            console.say(in_words.text(key, path=path))
    backing_up.tell_holding(outcome.backups)
    if outcome.left:
        raise typer.Exit(1)


def _tell_withdrawn(home: Home, facts: Mapping[str, Any], in_words: Words) -> None:
    """Print which pages still print a withdrawn release, and which backups still hold its data."""
    from marsad.answers.withdrawals import withdrawn_release

    dataset, version = str(facts["dataset"]), str(facts["version"])
    withdrawn = withdrawn_release(home, dataset, version)
    dataset, version = without_controls(dataset), without_controls(version)
    console.say(in_words.text("desk.release_withdrawn", dataset=dataset, version=version, command="marsad build"))
    for page in withdrawn.pages:
        console.say(in_words.text("desk.page_prints_withdrawn", path=str(page)))
    backing_up.tell_holding(withdrawn.backups)


def _print_effects(effects: ActEffects, in_words: Words) -> None:
    console.table_of(effects.rows, ("dataset", "version", "replaces", "new", "revised", "withheld", "gone", "years"))
    for warning in effects.warnings:
        console.say(in_words.text("desk.act_warning", warning=warning))


def _name(folder: Path | None) -> str:
    return folder.name if folder else "-"
