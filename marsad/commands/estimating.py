"""`marsad estimate`: how many persons stand on no list, from anybody's counts of lists; no warehouse needed.

Does not belong here: the estimate (`methods.multiple_systems`), printing it (`printed_estimate.py`). Imports of other
packages are late.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from languages.refusal import Refusal
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import AsJson, Language
from marsad.terminal.exit_codes import REFUSED, USAGE

app = typer.Typer()
# Statements about a table that was read: exit code 1, where 2 would say that it cannot be read.
_SAID_OF_THE_TABLE = {
    *("overlap_suppressed", "overlap_negative", "overlap_fraction", "overlap_unseen", "overlap_many_lists"),
}


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
    try:
        from ingestion.files.uploads import refuse_missing

        refuse_missing(counts)
        from marsad.commands.printed_estimate import estimate_and_print
        from methods.multiple_systems.hidden_part import EstimateOrder

        order = EstimateOrder(replicates, seed, linkage="of_others")
        is_publishable = estimate_and_print(counts, order, words(), as_json=as_json)
    except Refusal as error:
        console.refusal(error, words())
        raise typer.Exit(REFUSED if error.code in _SAID_OF_THE_TABLE else USAGE) from error
    raise typer.Exit(0 if is_publishable else 1)
