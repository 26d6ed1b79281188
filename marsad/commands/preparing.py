"""`marsad template`, `marsad pseudonymise`: what senders and holders prepare; counts are printed, never a value.

Does not belong here: making these files (`ingestion/forms`, `ingestion/holders`). Imports of other packages are late.
"""

from __future__ import annotations

import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import Language

app = typer.Typer()


class PersonField(StrEnum):
    """The fields by which holders may agree to identify a person."""

    NAME = "name"
    MOTHER_NAME = "mother_name"
    BIRTH_DATE = "birth_date"
    IDENTITY_NUMBER = "identity_number"


@app.command()
def template(
    source: Annotated[str, typer.Argument(help="A sender, or a shape: a kind of record.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="A new .xlsx file.")],
    language: Annotated[str | None, typer.Option("--language", help="en, ar or ckb: guidance and drop-downs.")] = None,
    rows: Annotated[int, typer.Option(min=1, max=20_000, help="Rows to fill in, in each table.")] = 500,
) -> None:
    """Write a workbook to fill in: headers of the sender or shape, drop-downs, guidance, totals."""
    from ingestion.forms.templates import write_template
    from ingestion.home import Home
    from ingestion.sealing.sealing_keys import public_keys

    speak(language)
    write_template(source, output, words(), rows=rows, keys=public_keys(Home.at()))
    console.say(words().text("desk.template_written", path=str(output), source=source))


@app.command()
def pseudonymise(
    file: Annotated[
        Path | None, typer.Argument(help="The holder's own workbook or CSV with names or case numbers.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="File with the holders' shared key. Marsad never holds it.")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where the file with tokens is written.")
    ] = None,
    new_key: Annotated[
        Path | None, typer.Option("--new-key", help="Only make a key in this file, and print its fingerprint.")
    ] = None,
    key_version: Annotated[int, typer.Option(min=1, max=99, help="Of the key, at the start of each token.")] = 1,
    person: Annotated[
        list[PersonField],
        typer.Option(help="Agreed fields of a person: name, mother_name, birth_date, identity_number."),
    ] = [PersonField.NAME, PersonField.MOTHER_NAME],  # noqa: B006 - typer copies a default list
    codes: Annotated[
        Path | None, typer.Option("--codes", help="Write codes of names here, too: for records without a token.")
    ] = None,
    codes_year: Annotated[
        int | None, typer.Option(min=2000, max=2999, help="Year of their key, this year if left out.")
    ] = None,
    language: Language = None,
) -> None:
    """The holder's side: put keyed tokens in place of names and numbers, before anything is sent."""
    from ingestion.files.uploads import refuse_missing
    from ingestion.holders.codes_files import CodesOrder
    from ingestion.holders.key_files import fingerprint_of, read_key, write_new_key
    from ingestion.holders.pseudonymise import tokenise

    speak(language)
    if new_key:
        if file or key or output:
            raise typer.BadParameter("it makes a key and nothing else.", param_hint="--new-key")
        console.say(words().text("desk.token_key_made", path=str(new_key), fingerprint=write_new_key(new_key)))
        return
    if not (file and key and output):
        raise typer.BadParameter("all three are needed, or --new-key alone.", param_hint="FILE, --key, --output")
    year = codes_year or datetime.datetime.now(tz=datetime.UTC).year
    refuse_missing(file)
    secret, order = read_key(key), CodesOrder(codes, year) if codes else None
    made = tokenise(file, output, secret, person=person, codes=order, version=f"k{key_version}")
    counts = {"rows": made.rows, "persons": made.persons, "cases": made.cases, "missing": made.missing_tokens}
    console.say(words().text("desk.tokens_written", path=str(output), **counts))
    if made.left_out:
        console.say(words().text("desk.tokens_left_out", places=", ".join(made.left_out)))
    if made.left_rows:
        console.say(words().text("desk.tokens_rows_left", rows=made.left_rows))
    console.say(words().text("desk.token_key_used", fingerprint=fingerprint_of(secret)))
    if codes:
        console.say(words().text("desk.codes_written", path=str(codes), rows=made.coded, year=str(year)))
