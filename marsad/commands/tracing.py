"""`marsad trace`: back from a released cell to its files, or forward from a file to the cells it affected.

Belongs here: parsing the question, and the result. For the task force only: it names facts and rows.
Does not belong here: the walk (`expectations/candidates/lineage.py` back, `expectations/candidates/footprint.py`
forward).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingestion.home import Home
from ingestion.people.acts_log import log_look
from languages.refusal import Refusal
from languages.words import Words
from marsad.answers.answer_forms import short_text
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import AsJson, Language, Looker

if TYPE_CHECKING:
    from expectations.candidates.footprint import Footprint

app = typer.Typer()
_SPOKEN = ("hop", "evidence", "intact", "same", "withdrawn")  # stated in the sentence below, or in the heading above
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
    person: Looker = "",
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Walk one released cell back to its files, or a file forward to each released cell. Inside the house only.

    With --file the answer tells rows, facts, indicators and releases; with --json also every cell by its coordinates.
    Exit code 1 if a file is altered or missing; one that was withdrawn is told with day and reason.
    """
    from expectations.cards.dataset_card import load_dataset

    speak(language)
    if (file is None) == (dataset is None):
        raise typer.BadParameter("a dataset and a cell, or --file")
    home = Home.at().existing()
    asked = {key: value for key, _, value in (text.partition("=") for text in keys or [])}
    if dataset:
        load_dataset(dataset)  # a misspelt name is reported as such, and a path does not enter the log
    about = f"{dataset} {asked.get('indicator', '')}" if dataset else "from a file"
    log_look(home, person, f"trace {about}".strip())
    if file is not None:
        _trace_forward(home, file, words(), as_json=as_json)
    else:
        _trace_back(home, str(dataset), keys or [], as_json=as_json)


def _trace_back(home: Home, dataset: str, keys: Sequence[str], *, as_json: bool) -> None:
    """Print the steps from one released cell to the files, each with its hash and its state."""
    coordinates = dict(_split_key(key) for key in keys)  # before slow imports
    from expectations.candidates.lineage import trace as walk

    hops = walk(home, dataset, coordinates)
    if as_json:
        console.document(hops)
    else:
        _tell_hops(hops, words())
    _exit_if_harmed(str(hop["state"]) for hop in hops if hop["hop"] == "file")


def _tell_hops(hops: Sequence[Mapping[str, Any]], words: Words) -> None:
    """Print the steps, and below a step its meaning: a frozen year, other facts today, a file that is gone."""
    evidence, withdrawn = "", None
    has_both = len({hop["evidence"] for hop in hops if "evidence" in hop}) > 1
    for hop in hops:
        if has_both and hop.get("evidence", evidence) != evidence:
            evidence = str(hop["evidence"])
            console.say("\n" + words.text(f"trace.evidence.{evidence}"))
        shown = {name: short_text(value) for name, value in hop.items() if name not in _SPOKEN}
        console.say(f"{hop['hop']}: " + "  ".join(f"{name}={text}" for name, text in shown.items() if text))
        if hop["hop"] == "submission":
            withdrawn = hop["withdrawn"]
        if sentence := _sentence(hop, withdrawn, words):
            console.say(f"    {sentence}")


def _sentence(hop: Mapping[str, Any], withdrawn: Mapping[str, str] | None, words: Words) -> str:
    if hop["hop"] == "frozen":
        place = {"version": hop["printed_in"], "dataset": hop["dataset"]}
        return words.text("trace.back.frozen", year=hop["year"], **place)
    if hop["hop"] == "today":
        if hop["same"] is None:
            return words.text("trace.back.unknown")
        if hop["same"]:
            return words.text("trace.back.same", facts=hop["count"])
        return words.text("trace.back.other", facts=hop["count"], added=hop["added"], gone=hop["gone"])
    return _file_sentence(hop["state"], hop["path"], withdrawn, words) if hop["hop"] == "file" else ""


def _file_sentence(state: str, path: str, withdrawn: Mapping[str, str] | None, words: Words) -> str:
    """Return a sentence on the state of a file: present, erased, altered or missing."""
    if withdrawn and state in ("present", "erased"):
        key = "trace.file.erased" if state == "erased" else "trace.file.withdrawn"
        return words.text(key, date=withdrawn["date"], reason=withdrawn["reason"])
    return words.text("trace.file.present") if state == "present" else words.text(f"trace.file.{state}", path=path)


def _exit_if_harmed(states: Iterable[str]) -> None:
    """Exit with code 1 if a file was harmed; one erased on purpose is no failure."""
    from expectations.candidates.received_evidence import HARMED

    if any(state in HARMED for state in states):
        raise typer.Exit(1)


def _split_key(key: str) -> tuple[str, str]:
    name, sign, value = key.partition("=")
    if not sign:
        raise Refusal("trace_key", where=key)
    return name, value


def _trace_forward(home: Home, asked: str, words: Words, *, as_json: bool) -> None:
    """Print what a file has affected: numbers as text, all details as JSON."""
    from expectations.candidates.footprint import footprint

    file_footprint = footprint(home, asked)
    if as_json:
        console.document(file_footprint.as_json())
    else:
        _tell_footprint(file_footprint, words)
    _exit_if_harmed([file_footprint.file.state])


def _tell_footprint(footprint: Footprint, words: Words) -> None:
    console.say(
        words.text(f"trace.{footprint.state}", submission=", ".join(footprint.submissions), source=footprint.source)
    )
    withdrawn = asdict(footprint.file.withdrawal) if footprint.file.withdrawal else None
    console.say(_file_sentence(footprint.file.state, footprint.file.path, withdrawn, words))
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
    console.table_of(rows, columns, [words.text(f"trace.column.{name}") for name in columns])
