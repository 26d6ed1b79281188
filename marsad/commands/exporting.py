"""`marsad export`: a release in another system's format.

Does not belong here: the answer (`answers/exported_release.py`), the formats (`reports/exchange`). Imports of other
packages are late.
"""

from __future__ import annotations

import datetime
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from languages.refusal import Refusal
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import AsJson, Language

app = typer.Typer()
_DAY = ["%Y-%m-%d"]


@app.command()
def export(
    format_name: Annotated[
        str | None, typer.Argument(metavar="[FORMAT]", help="sdmx, sdg, dcat, glotip, …; all of them if left out.")
    ] = None,
    release: Annotated[Path | None, typer.Argument(help="A released folder; else the last one of the dataset.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A folder, a .zip, or the file if the format is one file.")
    ] = None,
    dataset: Annotated[
        str | None, typer.Option("--dataset", help="A released dataset; each format has its own if left out.")
    ] = None,
    issued: Annotated[
        datetime.datetime | None, typer.Option("--issued", formats=_DAY, help="dcat: the dataset was first out on.")
    ] = None,
    modified: Annotated[
        datetime.datetime | None, typer.Option("--modified", formats=_DAY, help="dcat: this version was out on.")
    ] = None,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Write a release as others ask for it. Without a format: which there are. Only released figures leave."""
    speak(language)
    if format_name is None:
        _list_formats(as_json=as_json)
        return
    from reports.exchange.formats import format_of

    format_of(format_name)  # refuses, with all names, before slow imports
    if output is None:
        raise Refusal("export_output", where=f"marsad export {format_name}")
    from marsad.answers.exported_release import ReleaseChoice, export_release

    first, last = (f"{day:%Y-%m-%d}" if day else "" for day in (issued, modified))
    choice = ReleaseChoice(release, dataset, first, last)
    with console.progress(only_seen=True) as tell:
        exported = export_release(format_name, choice, output, words(), tell)
    if as_json:
        console.document(asdict(exported))
        return
    for file in exported.files:
        console.say(words().text("export.written", path=file.path, bytes=file.bytes))
    for remark in exported.remarks:
        console.say(remark)


def _list_formats(*, as_json: bool) -> None:
    from reports.exchange.formats import FORMATS

    descriptions = {name: words().text(f"export.{name}") for name in sorted(FORMATS)}
    if as_json:
        console.document(descriptions)
        return
    for name, text in descriptions.items():
        console.say(f"{name}: {text}")
