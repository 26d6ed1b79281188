"""`marsad trace`: back from a released cell to its files, or forward from a file to the cells it affected.

Belongs here: parsing the question, printing the answer. For the task force only: it names facts and rows.
Does not belong here: the walk in words (`answers/traced_figure.py`).
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
from marsad.terminal.cli_options import AsJson, Language, Looker

if TYPE_CHECKING:
    from expectations.candidates.footprint import Footprint
    from marsad.answers.traced_figure import TracedFigure

app = typer.Typer()
_INDICATORS, _RELEASES = ("measure", "facts"), ("dataset", "version", "withdrawn", "facts", "cells", "years")


@app.command()
def trace(
    dataset: Annotated[str | None, typer.Argument(help="A released dataset.")] = None,
    keys: Annotated[
        list[str] | None, typer.Argument(help="The cell: indicator=PRT-02 time_period=2024 ref_area=IQ-FED …")
    ] = None,
    file: Annotated[
        str | None,
        typer.Option("--file", help="Forward from a file: path of the sender's copy, its SHA-256, or a submission."),
    ] = None,
    person: Looker = "",
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Walk one released cell back to its files, or a file forward to each released cell. Inside the house only.

    With --file the answer tells rows, facts, indicators and releases; with --json also every cell by its coordinates.
    Exit code 1 if a file is altered or missing; one that was withdrawn is told with day and reason.
    """
    speak(language)
    if (file is None) == (dataset is None):
        raise typer.BadParameter("a dataset and a cell, or --file")
    home = Home.at().existing()
    if file is not None:
        _trace_forward(home, person, file, words(), as_json=as_json)
    else:
        _trace_back(home, person, str(dataset), keys or [], as_json=as_json)


def _trace_back(home: Home, person: str, dataset: str, keys: Sequence[str], *, as_json: bool) -> None:
    """Print the steps from one released cell to the files, each with its hash and its state."""
    coordinates = dict(_split_key(key) for key in keys)  # before slow imports
    from marsad.answers import traced_figure

    traced = traced_figure.trace_back(home, person, dataset, coordinates)
    if as_json:
        console.document(traced.hops)
    else:
        _tell_steps(traced, words())
    if traced.is_harmed:
        raise typer.Exit(1)


def _tell_steps(traced: TracedFigure, words: Words) -> None:
    """Print the steps, and below a step its meaning: a frozen year, other facts today, a file that is gone."""
    for step in traced.steps(words):
        if step.heading:
            console.say(f"\n{step.heading}")
        console.say(f"{step.hop['hop']}: " + "  ".join(f"{name}={text}" for name, text in step.values.items()))
        if step.sentence:
            console.say(f"    {step.sentence}")


def _split_key(key: str) -> tuple[str, str]:
    name, sign, value = key.partition("=")
    if not sign:
        raise Refusal("trace_key", where=key)
    return name, value


def _trace_forward(home: Home, person: str, asked: str, words: Words, *, as_json: bool) -> None:
    """Print what a file has affected: numbers as text, all details as JSON."""
    from marsad.answers import traced_figure

    footprint = traced_figure.trace_forward(home, person, asked)
    if as_json:
        console.document(footprint.as_json())
    else:
        _tell_footprint(footprint, words)
    if traced_figure.is_harmed([footprint.file.state]):
        raise typer.Exit(1)


def _tell_footprint(footprint: Footprint, words: Words) -> None:
    from marsad.answers.traced_figure import footprint_file_sentence

    console.say(
        words.text(f"trace.{footprint.state}", submission=", ".join(footprint.submissions), source=footprint.source)
    )
    console.say(footprint_file_sentence(footprint, words))
    touched = sum(bool(facts) for facts in footprint.rows.values())
    facts = len({fact for made in footprint.rows.values() for fact in made})
    console.say(words.text("trace.rows", rows=len(footprint.rows), touched=touched, facts=facts))
    if footprint.held_back:
        console.say(words.text("trace.held_back", rows=footprint.held_back))
    if not footprint.releases:
        console.say(words.text("trace.nothing"))
        return
    _table([{"measure": name, "facts": count} for name, count in footprint.indicators.items()], _INDICATORS, words)
    _table(_releases(footprint), _RELEASES, words)
    console.say(words.text("trace.json"))


def _releases(footprint: Footprint) -> list[dict[str, Any]]:
    return [
        {
            "dataset": release.dataset,
            "version": release.version,
            "withdrawn": release.is_withdrawn,
            "facts": release.facts,
            "cells": len(release.cells),
            "years": f"{release.cells['time_period'].min()}–{release.cells['time_period'].max()}"
            if len(release.cells)
            else "",
        }
        for release in footprint.releases
    ]


def _table(rows: Sequence[dict[str, Any]], columns: Sequence[str], words: Words) -> None:
    console.table_in_words(rows, columns, [words.text(f"trace.column.{name}") for name in columns], words)
