"""`marsad dictionary`: every indicator, dimension, code, caveat, source and shape on a searchable page with links.

Belongs here: reading the cards of this checkout and writing the pages. Does not belong here: the content of an entry
(`expectations/dictionary/dictionary_cards.py`), its look (`dictionary_page.py`). Imports of other packages are late.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from marsad.terminal import console
from marsad.terminal.chosen_language import words
from marsad.terminal.cli_options import AsJson

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
    from assets.dbt_events import is_manifest_fresh, prepare_manifest
    from expectations.dictionary.dictionary_cards import entries
    from expectations.dictionary.dictionary_page import page
    from ingestion.home import Home, write_bytes

    home = Home.at()
    with console.progress() as tell, tempfile.TemporaryDirectory() as room:  # no data home is needed or touched
        if not is_manifest_fresh(home):
            home = Home.at(Path(room))
            tell(words().text("dictionary.reads_project"))
            prepare_manifest(home)
        described = entries(home)
    files: list[dict[str, str | int]] = []
    for tag in tags:
        made = page(described, Words.load(tag), tags)
        path = output / f"dictionary.{tag}.html"
        write_bytes(path, made.html.encode("utf-8"))
        files.append({"language": tag, "path": str(path), "entries": len(described), "gaps": len(made.gaps)})
    if as_json:
        console.document(files)
        return
    for file in files:
        path, number, gaps = str(file["path"]), int(file["entries"]), int(file["gaps"])
        console.say(words().text("dictionary.written", path=path, entries=number, gaps=gaps))
