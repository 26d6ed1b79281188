"""`marsad table`: answering a custom question with a table that no release prints.

Does not belong here: what may be answered and how (`expectations/custom.py`).
"""

from __future__ import annotations

from typing import Annotated

import typer

from ingestion.home import Home
from languages.refusal import Refusal
from marsad import showing
from marsad.asking import AsJson, Language, speak, words

app = typer.Typer()


@app.command()
def table(
    indicator: Annotated[str, typer.Argument(help="Its code, e.g. PRT-02; all its counts are answered.")],
    dataset: Annotated[str, typer.Option(help="A released dataset that has the indicator.")],
    area: Annotated[str, typer.Option(help="Places, or levels: country, region, governorate. Commas between.")],
    year: Annotated[str, typer.Option(help="One year or several, commas between.")],
    by: Annotated[str, typer.Option(help="Dimensions to cross, commas between: sex,age.")] = "",
    where: Annotated[
        list[str] | None, typer.Option(help="One category only, e.g. form=BEGGING; may be repeated.")
    ] = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Answer a custom question: figures no release prints, with noise that is the same in every table.

    The answer is audited together with everything that is out and then counts as published: every later release is
    protected against it, and it cannot be taken back. Exit code 1 if it would tell too much.
    """
    from expectations import custom

    speak(language)
    home = Home.at().existing()
    asked = custom.Question(
        dataset, indicator, _listed(by), _listed(area), _listed(year), dict(map(_pair, where or []))
    )
    with home.lock("answer a custom table"):
        found = custom.answer(home, asked)
    if as_json:
        told = {"sums": found.told.asked, "sums_off": found.told.off, "greatest_difference": found.told.greatest}
        own = {"version": found.version, "path": found.path, "cells": found.cells, "noisy": found.noisy}
        showing.document({**own, **told, "repeated": found.is_repeated})
        return
    showing.say(words().text("custom.written", path=found.path, rows=found.cells, noisy=found.noisy))
    sums = found.told
    showing.say(words().text("custom.done.sums", sums=sums.asked, off=sums.off, greatest=sums.greatest))
    showing.say(words().text("custom.repeated" if found.is_repeated else "custom.done.published"))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _pair(text: str) -> tuple[str, str]:
    name, sign, code = text.partition("=")
    if not sign:
        raise Refusal("table_unknown", where=text, option="--where", nearest="form=BEGGING")
    return name.strip(), code.strip()
