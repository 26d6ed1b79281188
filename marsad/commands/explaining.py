"""`marsad dictionary`, `indicators`, `translations`: what the cards and catalogues of this checkout define.

Does not belong here: the answers (`answers/indicator_dictionary.py`, `answers/translation_states.py`). Imports of other
packages are late.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingestion.home import Home
from marsad.terminal import console
from marsad.terminal.chosen_language import words
from marsad.terminal.cli_options import AsJson

if TYPE_CHECKING:
    from languages.words import Words
    from marsad.answers.translation_states import TranslationState

app = typer.Typer()


@app.command()
def dictionary(
    output: Annotated[Path, typer.Option("-o", "--output", help="A folder; one page a language is written into it.")],
    language: Annotated[
        str | None, typer.Option("--language", "-l", help="en, ar or ckb: one page; all of them if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the dictionary from the cards of this checkout. What a language lacks stands in English and is counted."""
    from languages.words import Words, languages

    tags = [Words.load(language).tag] if language else languages()
    from marsad.answers.indicator_dictionary import write_dictionary

    with console.progress() as tell:
        files = write_dictionary(output, tags, lambda: tell(words().text("dictionary.reads_project")))
    if as_json:
        console.document([asdict(file) for file in files])
        return
    for file in files:
        console.say(words().text("dictionary.written", path=file.path, entries=file.entries, gaps=file.gaps))


@app.command()
def indicators(as_json: AsJson = False) -> None:
    """The catalogue of indicators: what is built, tested and fed; without a home, what there is to build."""
    from marsad.answers.indicator_dictionary import list_indicators

    home = Home.at()
    answer = list_indicators(home)
    if not answer.is_home:
        console.note(words().text("desk.no_home", where=str(home.root)))
    if as_json:
        console.document(answer.rows)
    else:
        console.table_of(answer.rows, ("code", "name", "pillar", "demand", "built", "tested", "fed"))


@app.command()
def translations(
    sync: Annotated[
        bool, typer.Option("--sync", help="First bring the catalogues in line with the cards; changed texts are fuzzy.")
    ] = False,
    find: Annotated[
        str | None,
        typer.Option("--find", metavar="TEXT", help="Show the messages that hold these words, with key and files."),
    ] = None,
    take: Annotated[
        Path | None,
        typer.Option("--take", metavar="FILE", help="Take sentences that native readers approved or changed (.po)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The gaps of each language, and whether a native reader has approved it. Exit code 1 if there are gaps."""
    if find is not None:
        raise typer.Exit(_find_messages(find, as_json=as_json))
    if take is not None:
        _take_sentences(take)
    from languages import catalogue

    if sync:
        from expectations.cards.indicator_messages import sync as bring_in_line

        for tag, keys in bring_in_line().items():
            file = f"languages/{catalogue.catalogue_path(tag).name}"
            console.note(words().text("desk.synced", file=file, count=len(keys)))
    from marsad.answers.translation_states import translation_states

    states = translation_states()
    if as_json:
        answers = [asdict(state) for state in states]
        console.document({answer.pop("tag"): answer for answer in answers})
    else:
        for state in states:
            _print_state(state, words())
    raise typer.Exit(1 if any(state.gaps for state in states) else 0)


def _take_sentences(path: Path) -> None:
    """Take the sentences of native readers into a catalogue; print which changed, and which are of other English."""
    from marsad.answers.read_sentences import take_sentences

    taken = take_sentences(path)
    console.note(words().text("translations.taken", count=len(taken.changed), stale=len(taken.stale)))
    for key in (*taken.changed, *taken.stale):
        console.note(f"  {key}")


def _find_messages(text: str, *, as_json: bool) -> int:
    from marsad.answers.translation_states import found_messages

    messages = found_messages(text)
    if as_json:
        console.document([asdict(message) for message in messages])
    else:
        for message in messages:
            console.say("\n  ".join([message.key, *(f"{file}: {own}" for file, own in message.texts.items())]))
        if not messages:
            console.note(words().text("translations.not_found", text=text))
    return 0 if messages else 1


def _print_state(state: TranslationState, spoken: Words) -> None:
    reviewer = state.reviewer or ("-" if state.tag == "en" else spoken.text("desk.awaits_review"))
    lines = [f"{gap.kind} {gap.key}" for gap in state.gaps]
    lines += [spoken.text("desk.stray", where=stray.key, term=stray.term) for stray in state.strays]
    console.say("\n  ".join([f"{state.tag}: {len(state.gaps)}, {reviewer}", *lines]))
