"""`marsad reconcile`: released figures next to others' published ones, and who should explain the difference.

Belongs here: which release is meant, where the files go, and the result. Does not belong here: what is compared
(`reports/analysis/reconciled_figures.py`) or how it is written (`reports/analysis/reconciliation_table.py`). Imports of
other packages are late.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ingestion.home import Home, write_bytes
from languages.refusal import Refusal
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
    from expectations.published.publications import publications
    from languages.words import Words, languages
    from reports.analysis import reconciled_figures, reconciliation_table
    from reports.released.released_figures import figures_of
    from reports.released.released_folder import latest_release

    speak(language)
    home = Home.at().existing()
    released = latest_release(home, dataset)
    lines = reconciled_figures.reconcile(figures_of(released, "reconcile", "obs_value"), publications(home))
    written: list[str] = []
    if output is not None:
        if any((folder / "manifest.json").exists() for folder in (output, *output.resolve().parents)):
            raise Refusal("export_into_release", where=str(output))
        made = reconciliation_table.files(lines, released, [Words.load(tag) for tag in languages()])
        written = [str(output / name) for name in made]
        for name, data in made.items():
            write_bytes(output / name, data)
    rows = reconciliation_table.as_rows(lines)
    if as_json:
        names = {"dataset": released.dataset, "version": released.version}
        console.document({**names, "comparisons": rows, "files": written})
        return
    spoken = words()
    for row, line in zip(rows, lines, strict=True):
        row |= {
            "source": reconciliation_table.body(line.source, spoken),
            "ours": reconciliation_table.compared_figure(line, spoken),
            "difference": reconciliation_table.difference(line, spoken),
            "finding": reconciliation_table.finding(line, spoken),
            "answers": ", ".join(reconciliation_table.body(name, spoken) for name in line.answers),
        }
    if rows:
        headings = [spoken.text(f"reconcile.column.{name}") for name in _COLUMNS]
        console.table_of(rows, _COLUMNS, headings)
    else:
        console.say(spoken.text("reconcile.empty"))
    for path in written:
        console.say(path)
