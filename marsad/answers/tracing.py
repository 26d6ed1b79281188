"""`marsad trace`: back from a released cell to its files, or forward from a file to the cells it touched.

Belongs here: reading what is asked, and the answer. Inside the house only: it names facts and rows.
Does not belong here: the walk (`expectations/candidates/lineage.py` back, `expectations/candidates/footprint.py`
forward).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import AsJson, Language

if TYPE_CHECKING:
    from expectations.candidates.footprint import Footprint

app = typer.Typer()
_INDICATORS, _RELEASES = ("measure", "facts"), ("dataset", "version", "withdrawn", "facts", "cells", "years")


@app.command()
def trace(
    dataset: Annotated[str | None, typer.Argument(help="A released dataset.")] = None,
    keys: Annotated[
        list[str] | None, typer.Argument(help="The cell: indicator=PRT-02 time_period=2024 ref_area=IQ-FED …")
    ] = None,
    file: Annotated[
        str | None, typer.Option("--file", help="Forward from a file: its SHA-256, its path, or a submission.")
    ] = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Walk one released cell back to its files, or a file forward to each released cell. Inside the house only.

    With --file the answer tells rows, facts, indicators and releases; with --json also every cell by its coordinates.
    """
    speak(language)
    if (file is None) == (dataset is None):
        raise typer.BadParameter("a dataset and a cell, or --file")
    home = Home.at().existing()
    if file is not None:
        _forward(home, file, words(), as_json=as_json)
    else:
        _back(home, str(dataset), keys or [], as_json=as_json)


def _back(home: Home, dataset: str, keys: Sequence[str], *, as_json: bool) -> None:
    """Print the hops from one released cell to the files, each with its hash."""
    from expectations.candidates.lineage import trace as walk
    from expectations.cards.dataset_card import load_dataset
    from expectations.cards.place_names import area_of

    load_dataset(dataset)  # a misspelt name is told as one
    coordinates = dict(_split(key) for key in keys)
    if "ref_area" in coordinates:
        coordinates["ref_area"] = area_of(coordinates["ref_area"])
    hops = walk(home, dataset, coordinates)
    if as_json:
        console.document(hops)
        return
    for hop in hops:
        told = {name: console.shown(value) for name, value in hop.items() if name != "hop"}
        console.say(f"{hop['hop']}: " + "  ".join(f"{name}={text}" for name, text in told.items() if text))


def _split(key: str) -> tuple[str, str]:
    name, sign, value = key.partition("=")
    if not sign:
        raise Refusal("trace_key", where=key)
    return name, value


def _forward(home: Home, asked: str, words: Words, *, as_json: bool) -> None:
    """Print what a file has touched: numbers for people, all of it for machines."""
    from expectations.candidates.footprint import footprint

    found = footprint(home, asked)
    if as_json:
        console.document(found.as_json())
        return
    console.say(words.text(f"trace.{found.state}", submission=", ".join(found.submissions), source=found.source))
    touched = sum(bool(facts) for facts in found.rows.values())
    facts = len({fact for made in found.rows.values() for fact in made})
    console.say(words.text("trace.rows", rows=len(found.rows), touched=touched, facts=facts))
    if found.held_back:
        console.say(words.text("trace.held_back", rows=found.held_back))
    if not found.releases:
        console.say(words.text("trace.nothing"))
        return
    _table([{"measure": name, "facts": count} for name, count in found.indicators.items()], _INDICATORS, words)
    _table(_releases(found), _RELEASES, words)
    console.say(words.text("trace.json"))


def _releases(found: Footprint) -> list[dict[str, Any]]:
    return [
        {
            "dataset": one.dataset,
            "version": one.version,
            "withdrawn": one.is_withdrawn,
            "facts": one.facts,
            "cells": len(one.cells),
            "years": f"{one.cells['time_period'].min()}–{one.cells['time_period'].max()}" if len(one.cells) else "",
        }
        for one in found.releases
    ]


def _table(rows: Sequence[dict[str, Any]], columns: Sequence[str], words: Words) -> None:
    console.table_of(rows, columns, [words.text(f"trace.column.{name}") for name in columns])
