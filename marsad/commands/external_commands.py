"""`marsad audit`, `marsad protect` and `marsad estimate`: tables of others, no warehouse needed.

Exit codes: 0 safe, written or estimated; 1 a suppressed cell is not safe, nothing passed the audit, or an estimate is
refused; 2 a table cannot be read; 3 a source's file asks about words. Does not belong here: their answers
(`marsad/external_tables`), printing them (`printed_tables.py`). Imports of other packages are late.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from pathlib import Path
from typing import Annotated, Literal

import typer

from languages.refusal import Refusal
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import AsJson, Language
from marsad.terminal.exit_codes import ASKS, REFUSED, USAGE

app = typer.Typer()
_SAID_OF_THE_TABLE = {
    *("protect_impossible", "protect_out_of_time", "protect_audit_failed"),
    *("overlap_suppressed", "overlap_negative", "overlap_fraction", "overlap_unseen", "overlap_many_lists"),
}


@app.command()
def audit(
    tables: Annotated[
        list[Path], typer.Argument(help="Long CSV files: one row a cell, _T for totals. Audited together.")
    ],
    value: Annotated[str, typer.Option(help="Column of the figure.")] = "obs_value",
    status: Annotated[str, typer.Option(help="Column of the status; Q is hidden.")] = "obs_status",
    hierarchy: Annotated[
        Path | None, typer.Option(help="YAML: dimension, under it each parent with the list of its children.")
    ] = None,
    threshold: Annotated[
        int | None, typer.Option(min=2, help="Counts under it are small; 5, and marks like <5 by what they leave.")
    ] = None,
    absent: Annotated[Literal["unknown", "zero"], typer.Option(help="What a cell without a row is.")] = "unknown",
    mark_from: Annotated[int, typer.Option(min=0, max=1, help="The least count behind a mark like <5.")] = 1,
    source: Annotated[str | None, typer.Option(help="Read one published workbook as this source does.")] = None,
    country: Annotated[str | None, typer.Option(help="With --source: one reporting area, e.g. IRQ.")] = None,
    intervals: Annotated[bool, typer.Option("--intervals", help="Show the interval of each hidden cell.")] = False,
    seconds: Annotated[float, typer.Option(min=1, help="Limit of time.")] = 600.0,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """What can be learnt of the hidden cells of anybody's tables, in whole persons.

    A hidden cell (status Q, or a mark like <5) is safe if more than one count is possible and one of them is the
    threshold or more. Exit codes: 0 all safe, 1 a hidden cell is not, 2 the tables cannot be read, 3 a file asks.
    """
    speak(language)
    if source and len(tables) > 1:
        raise typer.BadParameter("--source reads one workbook")
    with _exit_on_unreadable():
        from ingestion.files.uploads import refuse_missing

        refuse_missing(*tables)
        from marsad.commands.printed_tables import print_audit
        from marsad.external_tables import auditing_tables
        from marsad.external_tables.long_tables import TableReading

        reading = TableReading(value, status, mark_from)
        question = auditing_tables.AuditRequest(reading, hierarchy, threshold, absent, seconds, intervals)
        answer = (
            auditing_tables.audit_source(tables[0], source, country, question)
            if source
            else auditing_tables.audit(tables, question)
        )
        print_audit(answer, words(), with_intervals=intervals, as_json=as_json)
    raise typer.Exit(0 if answer.is_safe else 1)


@app.command()
def protect(
    table: Annotated[Path, typer.Argument(help="Long CSV with true figures: one row a cell, _T for totals.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where the protected table is written.")],
    method: Annotated[
        Literal["optimal", "greedy", "rounding"],
        typer.Option(help="optimal and greedy hide cells, rounding hides none."),
    ] = "optimal",
    threshold: Annotated[
        int | None,
        typer.Option(
            min=2, help="Counts from 1 to below it are protected; else the column primary says which, else 5."
        ),
    ] = None,
    weight: Annotated[
        Literal["value", "one"], typer.Option(help="What hiding a cell costs: its value (at least 1), or one.")
    ] = "value",
    value: Annotated[str, typer.Option(help="Column of the figure.")] = "obs_value",
    status: Annotated[str, typer.Option(help="Column of the status.")] = "obs_status",
    hierarchy: Annotated[
        Path | None, typer.Option(help="YAML: dimension, under it each parent with the list of its children.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(help="Rounding: file with the secret of the series; fresh if none.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=1, help="Limit of time.")] = 300.0,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Protect anybody's table, audit the result and write it; what fails the audit is never written.

    With a threshold K, 0 and K must both be possible for every count from 1 to K-1. With a column primary, the columns
    lower_protection and upper_protection say how far each cell must be able to move. Exit codes: 0 written, 1 nothing
    passed the audit or the time ran out, 2 the table cannot be read.
    """
    speak(language)
    with _exit_on_unreadable():
        from ingestion.files.uploads import refuse_missing

        refuse_missing(table)
        from marsad.commands.printed_tables import print_protection
        from marsad.external_tables.long_tables import TableReading
        from marsad.external_tables.protecting import Order, protect_table

        order = Order(method, TableReading(value, status), hierarchy, threshold, weight == "value", seconds, key)
        print_protection(protect_table(table, order, output), words(), as_json=as_json)


@app.command()
def estimate(
    counts: Annotated[
        Path, typer.Argument(help="CSV: one column of 0 and 1 for each list, the count of persons last.")
    ],
    replicates: Annotated[
        int | None,
        typer.Option(min=20, help="Of the bootstrap; 1,000, and 10,000 where the bias is large, if left out."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of chance: the same seed gives the same figures.")] = 1,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Estimate from the overlaps of three or more lists how many persons stand on none, or say why that cannot be done.

    Exit codes: 0 told, perhaps with a warning, 1 refused, 2 the table cannot be read. With --json a refused estimate
    still holds what was computed, for whoever checks the method: it may not be told as a figure.
    """
    speak(language)
    with _exit_on_unreadable():
        from ingestion.files.uploads import refuse_missing

        refuse_missing(counts)
        from marsad.commands.printed_tables import estimate_and_print
        from methods.multiple_systems.hidden_part import EstimateOrder

        order = EstimateOrder(replicates, seed, linkage="of_others")
        is_publishable = estimate_and_print(counts, order, words(), as_json=as_json)
    raise typer.Exit(0 if is_publishable else 1)


@contextlib.contextmanager
def _exit_on_unreadable() -> Generator[None]:
    """Exit with code 2 where code 1 would be a statement about the table."""
    try:
        yield
    except Refusal as error:
        console.refusal(error, words())
        code = ASKS if error.code == "audit_source_asks" else REFUSED if error.code in _SAID_OF_THE_TABLE else USAGE
        raise typer.Exit(code) from error
