"""`marsad upgrade`: convert an older Marsad's home to today's format, after its backup.

Belongs here: the questions and messages. Does not belong here: the steps themselves (`upgrades/upgrade_steps.py`).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingestion.home import FORMAT_VERSION, Home
from languages.refusal import Refusal
from languages.words import Words
from marsad.commands import approving
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import Language

if TYPE_CHECKING:
    from marsad.upgrades.landed_otherwise import LandedOtherwise

app = typer.Typer()
_FOUNDING = "marsad upgrade --people PEOPLE.yml --as NAME --reason TEXT"
_TAKING_OVER = "marsad approve --past --as NAME --reason TEXT"


@app.command()
def upgrade(
    backed_up: Annotated[
        bool, typer.Option("--backed-up", help="The home has been backed up today; without it a person is asked.")
    ] = False,
    people: Annotated[
        Path | None, typer.Option(help="The first people of a house that has none: docs/runbook.md has an example.")
    ] = None,
    person: Annotated[
        str, typer.Option("--as", help="Who of them prepares the statement over what was published before.")
    ] = "",
    reason: Annotated[str, typer.Option(help="With --as: why, in one sentence.")] = "",
    language: Language = None,
) -> None:
    """Bring a home of an older Marsad to the format of this one. It can be stopped and run again."""
    speak(language)
    home, chosen_words = Home.at(), words()
    _change_format(home, chosen_words, backed_up=backed_up)
    if people is not None:
        approving.enter_people(home, people, chosen_words)
    _tell_unsigned(home, person, reason, chosen_words)


def _tell_unsigned(home: Home, person: str, reason: str, chosen_words: Words) -> None:
    """Print what was published and nobody signed, and prepare the statement over it if somebody asks for that."""
    from ingestion.people.roster import roster_path
    from marsad.answers.acting import prepare_past, unsigned_past

    if past := unsigned_past(home):
        console.say(chosen_words.text("upgrade.unsigned", count=len(past)))
    if not roster_path(home).exists():
        console.say(chosen_words.text("upgrade.no_people", command=_FOUNDING))
    elif past and person:
        approving.tell_prepared(home, prepare_past(home, person, reason), chosen_words)
    elif past:
        console.say(chosen_words.text("upgrade.take_over", command=_TAKING_OVER))


def _change_format(home: Home, chosen_words: Words, *, backed_up: bool) -> None:
    """Run the steps to the format of today, after a backup, and print what they changed."""
    from ingestion.privacy import confirmed_words
    from marsad.upgrades import upgrade_steps
    from marsad.upgrades.landed_otherwise import landed_otherwise

    version = home.settings.format_version
    versions = {"home": str(home.root), "found": version, "wanted": FORMAT_VERSION}
    begun = upgrade_steps.unfinished_upgrade(home)
    if version == FORMAT_VERSION and not begun:
        console.say(chosen_words.text("upgrade.none", **versions))
        _make_machine_key(home, chosen_words)
        return
    console.say(chosen_words.text("upgrade.goes_on" if begun else "upgrade.begins", **versions))
    if not (backed_up or begun or _confirms_backup(chosen_words)):
        raise Refusal("backup_first", where=str(home.root))
    upgrade_steps.upgrade(home, lambda step: console.say("  " + chosen_words.text(f"upgrade.step.{step.name}")))
    if taken_back := sum(line.action == "take_back_folded" for line in confirmed_words.read_confirmations(home)):
        console.say("  " + chosen_words.text("upgrade.words_taken_back", count=taken_back))
    for submission in (differing := landed_otherwise(home)):
        for line in _differences(submission, chosen_words):
            console.say("  " + line)
    console.say(chosen_words.text("upgrade.differs.next" if differing else "upgrade.differs.none"))
    _make_machine_key(home, chosen_words)
    console.say(chosen_words.text("upgrade.done", **versions))


def _make_machine_key(home: Home, chosen_words: Words) -> None:
    """Make the pair of the machine of a home of before the signatures; its people take it into use."""
    from ingestion.people import machine_key

    with home.lock("marsad upgrade"):
        public = machine_key.make_missing(home)
    if public:
        commands = {"found": "marsad people found", "change": "marsad people machine-key"}
        console.say(chosen_words.text("upgrade.machine_key", public=public, **commands))


def _differences(landed: LandedOtherwise, chosen_words: Words) -> Iterator[str]:
    """Yield what today's rules changed of one submission: numbers, fields and reasons."""
    from ingestion.cards.headings import LANGUAGES, heading_of, sheet_of
    from ingestion.submissions.receipt_page import without_arguments

    named = {"submission": landed.submission, "source": landed.source}
    if landed.refused:
        yield chosen_words.text("upgrade.refused", **named, kinds=landed.refused)
    if landed.asked:
        yield chosen_words.text("upgrade.asks", **named, count=landed.asked)
    tag = chosen_words.tag if chosen_words.tag in LANGUAGES else "en"
    for shape, periods in landed.changes.items():
        for period, rows in periods.items():
            counts = {"waiting": rows["gone"], "landing": rows["added"], "changed": rows["changed"]}
            yield chosen_words.text("upgrade.differs", **named, table=sheet_of(shape, tag), period=period, **counts)
            fields = [f"{heading_of(shape, name, tag)}: {count}" for name, count in rows["fields"].items()]
            if fields:
                yield "  " + chosen_words.text("upgrade.differs.fields", fields=", ".join(fields))
    for kind, count in landed.kinds.items():
        texts = (without_arguments(key, chosen_words) for key in (f"finding.{kind}", f"finding.{kind}.remedy"))
        why = next(filter(None, texts), kind)
        yield "  " + chosen_words.text("upgrade.differs.reason", count=count, reason=why)


def _confirms_backup(chosen_words: Words) -> bool:
    """Ask the person at a terminal whether there is a backup; a script has to state it."""
    return sys.stdin.isatty() and typer.confirm(chosen_words.text("upgrade.backed_up"), default=False)
