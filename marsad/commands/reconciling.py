"""`marsad reconcile`: released figures next to others' published ones, and who should explain the difference.

Does not belong here: the answer (`answers/reconciled_release.py`), its words (`reports/analysis/
reconciliation_table.py`). Imports of other packages are late.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ingestion.home import Home
from marsad.terminal import console
from marsad.terminal.chosen_language import speak, words
from marsad.terminal.cli_options import AsJson, Language

app = typer.Typer()
_COLUMNS = ("source", "about", "theirs", "ours", "difference", "finding", "answers")


@app.command()
def reconcile(
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A folder for the CSV and a Markdown table in each language.")
    ] = None,
    dataset: Annotated[str, typer.Option("--dataset", help="The released dataset to compare.")] = "four_ps_national",
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Compare released figures with what others printed: the difference, its likely reason, who should answer.

    Published figures stand in publications of the home, typed in with their citation (docs/reconcile.md).
    """
    speak(language)
    from marsad.answers.reconciled_release import reconcile_release
    from reports.analysis import reconciliation_table

    answer = reconcile_release(Home.at().existing(), dataset, output)
    rows = reconciliation_table.as_rows(answer.comparisons)
    if as_json:
        names = {"dataset": answer.dataset, "version": answer.version}
        console.document({**names, "comparisons": rows, "files": answer.files})
        return
    spoken = words()
    for row, line in zip(rows, answer.comparisons, strict=True):
        row |= {
            "source": reconciliation_table.body(line.source, spoken),
            "ours": reconciliation_table.compared_figure(line, spoken),
            "difference": reconciliation_table.difference(line, spoken),
            "finding": reconciliation_table.finding(line, spoken),
            "answers": ", ".join(reconciliation_table.body(name, spoken) for name in line.answers),
        }
    if rows:
        headings = [spoken.text(f"reconcile.column.{name}") for name in _COLUMNS]
        console.table_in_words(rows, _COLUMNS, headings, spoken)
    else:
        console.say(spoken.text("reconcile.empty"))
    for path in answer.files:
        console.say(path)
