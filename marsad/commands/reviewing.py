"""`marsad review`: what waits for a person, deciding it, and adding an accepted word to a card.

Does not belong here: what waits and what may be decided (`ingestion/submissions/review.py`).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from ingestion.findings import finding_in_words, place_in_words
from ingestion.home import Home
from ingestion.people.acts_log import log_look
from languages.numbers import number, percent
from languages.words import Words
from marsad.terminal import chosen_language, console
from marsad.terminal.cli_options import AsJson, Looker
from marsad.terminal.help_groups import HintingCommands

app = typer.Typer(cls=HintingCommands, invoke_without_command=True, help="List and resolve the review queue.")

ItemName = Annotated[str, typer.Argument(help="An item, as the list names it.")]


@app.callback()
def queue(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="What was decided, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what a person must decide: ambiguous dates, unknown words for codes, repeated figures."""
    if context.invoked_subcommand:
        return
    from ingestion.persons import link_store
    from ingestion.submissions.review import items

    home, words = Home.at().existing(), chosen_language.words()
    review_items = [item for item in items(home) if everything or item.is_open]
    rows = [item.as_json() | _finding_texts(finding_in_words(item.finding, words)) for item in review_items]
    if as_json:
        console.document(rows)
    elif not rows:
        console.say(words.text("desk.review.none"))
    else:
        placed = [row | {"place": place_in_words(str(row["sheet"]), str(row["cell"]), words)} for row in rows]
        columns = ("item", "source", "place", "finding", "read", "remedy", "decision")
        headings = [_heading(name, words) for name in columns]
        console.table_in_words(placed, columns, headings, words)
    if not as_json and (waiting := link_store.read_waiting(home)):
        console.say(words.text("desk.review.links_wait", count=len(waiting)))


@app.command()
def decide(
    item: ItemName,
    value: Annotated[str, typer.Option("--as", help="What the cell says, or an answer of the item.")],
    by: Annotated[str, typer.Option(help="Who decides: a section or role.")],
    reason: Annotated[str, typer.Option(help="Why; names and telephone numbers do not belong here.")],
) -> None:
    """Record a decision: who, when, why. The next build follows it."""
    from ingestion.submissions import review

    home, words = Home.at().existing(), chosen_language.words()
    decision = review.decide(home, item, value=value, signed_by=by, reason=reason)
    console.say(words.text("desk.review.decided", item=item, value=value, by=by))
    if decision.kind == "unknown_code":
        console.say(words.text("desk.review.card_next", command=f"marsad review card {item}"))


@app.command()
def card(
    item: ItemName,
    wording: Annotated[
        str, typer.Option(help="What its sender types there: the house has not kept it. Names do not belong here.")
    ],
    patch: Annotated[Path | None, typer.Option(help="Write the difference here and leave the card alone.")] = None,
) -> None:
    """Write a decided word into the source's card, as a change for a second person to review."""
    from ingestion.submissions import card_change, review

    home, words = Home.at().existing(), chosen_language.words()
    review_item = review.find(home, item)
    written = card_change.write(review_item.receipt.source, card_change.change_of(review_item, wording), patch)
    console.say(words.text("desk.review.card_written", path=str(written)))


def _finding_texts(texts: tuple[str, str]) -> dict[str, str]:
    return {"finding": texts[0], "remedy": texts[1]}


def _heading(name: str, words: Words) -> str:
    own = name in ("item", "source", "decision")
    return words.text(f"desk.review.{name}" if own else f"desk.{name}")


@app.command("find-links")
def find_links(
    codes: Annotated[
        list[Path] | None, typer.Argument(help="Files of codes of names, outside of the home; nothing of them is kept.")
    ] = None,
    since: Annotated[int, typer.Option(min=0, help="First year of the records that are compared.")] = 0,
    shape: Annotated[list[str] | None, typer.Option(help="Compare records of this shape only, e.g. victims.")] = None,
    as_json: AsJson = False,
) -> None:
    """Find records without a token that are probably one person. Run it anew when files have come."""
    from dataclasses import asdict

    from ingestion.persons import linkage_recall, linking
    from methods.linkage.record_links import LEAST_RECORDS

    home, words = Home.at().existing(), chosen_language.words()
    with home.lock("marsad review find-links"):
        linking_run = linking.run(home, codes or [], since=since, shapes=shape)
    if as_json:
        return console.document(
            asdict(linking_run) | {"persons": {str(at): count for at, count in linking_run.persons.items()}}
        )
    if linking_run.too_few:
        return console.say(words.text("desk.links.too_few", records=linking_run.records, least=LEAST_RECORDS))
    high, main, low = linking_run.persons[0.9], linking_run.persons[0.5], linking_run.persons[0.2]
    console.say(words.text("desk.links.made", **linking_run.counts))
    console.say(words.text("desk.links.persons", main=main, low=min(low, main, high), high=max(low, main, high)))
    held = linking_run.recall
    counted = {"pairs": held.pairs, "found": held.coded.found + held.plain.found, "least": linkage_recall.LEAST_PAIRS}
    console.say(words.text("desk.links.recall", **counted))
    console.say(words.text("desk.links.sampled", pairs=linking_run.sampled))
    return console.say(words.text("desk.links.next"))


@app.command("links")
def review_links(
    everything: Annotated[bool, typer.Option("--all", help="Those that are sure or decided, too.")] = False,
    person: Looker = "",
    as_json: AsJson = False,
) -> None:
    """List doubtful links, their coded fields side by side; no name stands there."""
    from ingestion.persons import doubtful_links

    home, words = Home.at().existing(), chosen_language.words()
    log_look(home, person, "review links")
    rows = doubtful_links.list_links(home, everything=everything)
    if as_json:
        console.document(rows)
    elif not rows:
        console.say(words.text("desk.links.none"))
    else:
        columns = ("item", "probability", *doubtful_links.SIDE_BY_SIDE, "decision")
        headings = [
            _heading(name, words) if name in ("item", "decision") else words.text(f"desk.links.{name}")
            for name in columns
        ]
        console.table_in_words(rows, columns, headings, words)


@app.command("link")
def decide_link(
    item: ItemName,
    value: Annotated[str, typer.Option("--as", help="same, different, or open to take a decision back.")],
    by: Annotated[str, typer.Option(help="Who decides: a section or role.")],
    reason: Annotated[str, typer.Option(help="Why; names and telephone numbers do not belong here.")],
) -> None:
    """Say that two records are one person or two, or take that back. The next build follows it."""
    from ingestion.persons import link_store

    home, words = Home.at().existing(), chosen_language.words()
    link_store.decide(home, item, value=value, signed_by=by, reason=reason)
    console.say(words.text("desk.links.decided", item=item, value=value, by=by))


@app.command("pairs")
def review_pairs(
    turn: Annotated[
        str, typer.Option(help="first or second reading, or settled: both once more where they differ.")
    ] = "",
    sheet: Annotated[Path | None, typer.Option(help="Write the pairs that wait in this turn, to be filled in.")] = None,
    person: Looker = "",
    as_json: AsJson = False,
) -> None:
    """Tell how well linking was measured by pairs that persons read, or write the sheet of a reader."""
    from dataclasses import asdict

    from ingestion.persons import pair_readings, pair_sheets
    from methods.linkage import clerical_sample

    home, words = Home.at().existing(), chosen_language.words()
    if sheet:
        log_look(home, person, "review pairs")
    with console.progress(only_seen=True) as tell:
        tell("pairs: comparing the sampled records")
        pairs = pair_readings.shown_pairs(home)
        measured = None if sheet else pair_readings.measure_readings(home)
    if sheet:
        reading = pair_readings.turn_of(turn or pair_readings.FIRST)
        waiting = [pair for pair in pairs if pair.waits(reading)]
        pair_sheets.write(sheet, waiting, reading)
        return console.say(words.text("desk.pairs.written", count=len(waiting), path=str(sheet)))
    waits = {name: sum(pair.waits(name) for pair in pairs) for name in pair_readings.TURNS}
    if as_json:
        return console.document((asdict(measured) if measured else {}) | {"waiting": waits})
    console.say(words.text("desk.pairs.waiting", pairs=len(pairs), **waits))
    if measured and measured.agreed is not None and measured.kappa is not None:
        share, kappa = percent(measured.agreed, words.numerals), number(measured.kappa, words.numerals, decimals=2)
        console.say(words.text("desk.pairs.agreed", count=measured.twice, share=share, kappa=kappa))
    if measured and measured.recall.lower is not None:
        lower = number(math.floor(1000 * measured.recall.lower) / 1000, words.numerals, decimals=3)
        return console.say(words.text("desk.pairs.recall", lower=lower))
    return console.say(words.text("desk.pairs.too_few", least=clerical_sample.LEAST_READ))


@app.command("read-pairs")
def read_pairs(
    sheet: Annotated[
        Path, typer.Argument(help="The sheet with answers: same, different, unsure; open takes one back.")
    ],
    turn: Annotated[str, typer.Option(help="first, second or settled.")],
    by: Annotated[str, typer.Option(help="Who read: a section or role.")],
    reason: Annotated[str, typer.Option(help="By what it was read; names and telephone numbers do not belong here.")],
) -> None:
    """Take in what a reader answered about sampled pairs. The next build follows it."""
    from ingestion.persons import pair_readings, pair_sheets

    home, words = Home.at().existing(), chosen_language.words()
    answers = pair_sheets.read_answers(sheet)
    pair_readings.record(home, answers, turn=turn, signed_by=by, reason=reason)
    waiting = sum(pair.waits(turn) for pair in pair_readings.shown_pairs(home))
    console.say(words.text("desk.pairs.read", count=len(answers), by=by, waiting=waiting))
