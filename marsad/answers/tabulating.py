"""`marsad custom-table`: answering a custom question with a table that is in no release.

Does not belong here: what may be answered and how (`expectations/custom/custom_tables.py`).
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingestion.home import Home
from languages.refusal import Refusal
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import AsJson, Language

if TYPE_CHECKING:
    from expectations.custom.custom_tables import CustomTableAnswer

app = typer.Typer()
_ALWAYS = ("measure", "ref_area", "time_period")


@app.command("custom-table")
def custom_table(
    indicator: Annotated[str, typer.Argument(help="Its code, e.g. PRT-02; all its counts are answered.")],
    dataset: Annotated[str, typer.Option(help="A released dataset that has the indicator.")],
    area: Annotated[
        str, typer.Option(help="Places by name or code, or levels: country, region, governorate. Commas between.")
    ],
    year: Annotated[str, typer.Option(help="One year or several, commas between.")],
    by: Annotated[str, typer.Option(help="Dimensions to cross, commas between: sex,age.")] = "",
    where: Annotated[
        list[str] | None, typer.Option(help="One category only, e.g. form=BEGGING; may be repeated.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Audit the answer and tell its size; publish nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Publish without asking at the terminal.")] = False,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Answer a custom question: figures no release prints, with noise that is the same in every table.

    The answer is audited together with everything that is out and then counts as published: every later release is
    protected against it, and it cannot be taken back: at a terminal you are asked first. Exit code 1 if it would tell
    too much.
    """
    speak(language)
    home = Home.at().existing()
    from expectations.cards.codes import indicator_code
    from expectations.cards.dataset_card import load_dataset
    from expectations.cards.place_names import area_of

    load_dataset(dataset)  # refuses, with the nearest name, before slow imports
    from expectations.custom import custom_questions, custom_tables

    asked = custom_questions.CustomQuestion(
        dataset,
        indicator_code(indicator),
        _split_list(by),
        tuple(map(area_of, _split_list(area))),
        _split_list(year),
        dict(map(_split_pair, where or [])),
    )

    def has_consent(made: CustomTableAnswer) -> bool:
        return not dry_run and (yes or as_json or _ask_consent(made))

    with console.progress() as tell, home.lock("marsad custom-table"):
        tell(words().text("custom.audits"))
        answer = custom_tables.answer(home, asked, confirmed=has_consent)
    if as_json:
        differences = {
            "sums": answer.told.asked,
            "sums_off": answer.told.off,
            "greatest_difference": answer.told.greatest,
        }
        own = {"version": answer.version, "path": answer.path, "cells": answer.cells, "noisy": answer.noisy}
        figures = _figures(answer) if answer.is_published else []
        console.document(
            {**own, **differences, "repeated": answer.is_repeated, "published": answer.is_published, "figures": figures}
        )
        return
    if not answer.is_published:
        console.say(words().text("custom.not_published", rows=answer.cells, noisy=answer.noisy))
        return
    console.table_of(_figures(answer), _columns(answer))
    console.say(words().text("custom.written", path=answer.path, rows=answer.cells, noisy=answer.noisy))
    sums = answer.told
    console.say(words().text("custom.done.sums", sums=sums.asked, off=sums.off, greatest=sums.greatest))
    console.say(words().text("custom.repeated" if answer.is_repeated else "custom.done.published"))


def _ask_consent(made: CustomTableAnswer) -> bool:
    """Ask at a terminal; if nobody can be asked, the command itself is the consent (decision 17)."""
    if not sys.stdin.isatty():
        return True
    return typer.confirm(words().text("custom.publish_asked", rows=made.cells, noisy=made.noisy))


def _columns(made: CustomTableAnswer) -> list[str]:
    """Return the informative columns: keys that differ or are no total, the figure, how it was protected."""
    from expectations.cards.cells import KEY, TOTAL

    keys = [name for name in KEY if name in _ALWAYS or set(made.rows[name]) != {TOTAL}]
    return [*keys, "obs_value", "obs_status", "disclosure_method"]


def _figures(made: CustomTableAnswer) -> list[dict[str, Any]]:
    cells = made.rows.loc[:, _columns(made)].astype(object)
    rows = cells.where(cells.notna(), None).to_dict("records")
    return [
        {str(name): int(value) if isinstance(value, float) else value for name, value in row.items()} for row in rows
    ]


def _split_list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _split_pair(text: str) -> tuple[str, str]:
    name, sign, code = text.partition("=")
    if not sign:
        raise Refusal("table_unknown", where=text, option="--where", nearest="form=BEGGING")
    return name.strip(), code.strip()
