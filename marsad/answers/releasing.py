"""`marsad releases`: listing and withdrawing what is published.

Does not belong here: what a withdrawal does (`expectations/published/release_withdrawal.py`).
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Any

import typer

from ingestion.home import Home
from ingestion.storage import parse_json, reading
from marsad.answers import backing_up
from marsad.terminal import chosen_language, console
from marsad.terminal.cli_options import AsJson
from marsad.terminal.help_groups import HintingCommands

app = typer.Typer(
    cls=HintingCommands,
    invoke_without_command=True,
    help="List what is released; explain a verdict; withdraw a release.",
)


@app.callback()
def releases(
    context: typer.Context,
    hashes: Annotated[bool, typer.Option("--hashes", help="Also the SHA-256 of the data, and the folder.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what is out: dataset, version, verdict, hash, rows, path; a withdrawn one with its day.

    An estimate without a figure is no release: verdict refused, with the reasons.
    """
    if context.invoked_subcommand:
        return
    from expectations.releases.release_listing import listing, listing_of_estimates

    home, words = Home.at().existing(), chosen_language.words()
    entries: list[dict[str, Any]] = [
        entry | {"title": words.text(f"dataset.{entry['dataset']}.title"), "years": _years(entry["path"])}
        for entry in (*listing(home), *listing_of_estimates(home), *_unreleased_ranges(home))
    ]
    if as_json:
        console.document(entries)
        return
    more = ("sha256", "path") if hashes else ()
    console.table_of(entries, ("title", "years", "dataset", "version", "verdict", "withdrawn", "rows", *more))
    for untold in (entry for entry in entries if entry["verdict"] == "refused"):
        reasons = ", ".join(f"{place}: {reason}" for place, reason in untold["refused"].items())
        console.say(words.text("desk.estimate_refused", dataset=untold["dataset"], reasons=reasons))


def _years(path: str) -> str:
    """Return the years covered by a released folder, `2020–2025`; empty for a tombstone or if nothing is published."""
    manifest = Path(path) / "manifest.json"
    if not path or not manifest.exists():
        return ""
    with reading(manifest):
        period: dict[str, str] | None = parse_json(manifest.read_bytes()).get("period")
    if period:
        return f"{period['first']}–{period['last']}"
    years: set[str] = set()  # an estimate has them in its table
    for table in Path(path).glob("*.csv"):
        with table.open(encoding="utf-8", newline="") as stream:
            years |= {row.get("time_period", "") for row in csv.DictReader(stream)} - {""}
    return f"{min(years)}–{max(years)}" if years else ""


def _unreleased_ranges(home: Home) -> list[dict[str, Any]]:
    """Return the ranges over link thresholds that a build computed but could not publish: they have no version."""
    from expectations.published import published_estimates
    from expectations.published.ledger import LINK_RANGE
    from expectations.published.release_log import ReleaseLog

    reasons = published_estimates.refused_years(home, ReleaseLog.read_log(home))
    nothing = dict.fromkeys(("version", "withdrawn", "sha256", "manifest_sha256", "path"), "")
    return [{"dataset": LINK_RANGE, "verdict": "refused", "refused": reasons, "rows": 0, **nothing}] if reasons else []


@app.command()
def why(
    dataset: Annotated[str, typer.Argument(help="A dataset that the gate stopped.")], as_json: AsJson = False
) -> None:
    """Show the rules and cells behind the last verdict. For the house only: it can name small cells."""
    from expectations.cards.dataset_card import load_dataset

    home, words = Home.at().existing(), chosen_language.words()
    load_dataset(dataset)  # refuses, with the nearest name, before slow imports
    from expectations.gate.broken_cells import broken_cells

    cells = broken_cells(home, dataset)
    if as_json:
        console.document(cells)
    elif cells:
        console.say(words.text("desk.house_only"))
        console.table_of(cells, ("rule", "severity", "broken", "cell", "year", "low", "high"))
    else:
        console.say(words.text("desk.nothing_broken", dataset=dataset))


@app.command()
def withdraw(
    dataset: Annotated[str, typer.Argument(help="A released dataset.")],
    version: Annotated[str, typer.Argument(help="A version of it, as the list names it.")],
    reason: Annotated[str, typer.Option(help="Why; readers see it. Names no person and no figure.")],
    by: Annotated[str, typer.Option(help="Who decided it: a section or role. Readers see it.")],
    as_json: AsJson = False,
) -> None:
    """Withdraw a release: a tombstone replaces its data, the ledger keeps its cells. It cannot be undone."""
    from expectations.published.release_withdrawal import data_of, pages_of
    from expectations.published.release_withdrawal import withdraw as take_away
    from ingestion.keeping.backup_register import backups_holding

    home, words = Home.at().existing(), chosen_language.words()
    withdrawal = take_away(home, dataset, version, reason=reason, signed_by=by)
    pages = [str(path) for path in pages_of(home, version)]
    data = (f"releases/{dataset}/{version}/{data_of(dataset)}", withdrawal.data_sha256)
    held = backups_holding(home, lambda path, sha256: (path, sha256) == data)
    if as_json:
        console.document({**withdrawal.facts, "pages": pages, "backups": backing_up.holding_as_json(held)})
        return
    console.say(words.text("desk.release_withdrawn", dataset=dataset, version=version, command="marsad build"))
    for page in pages:
        console.say(words.text("desk.page_prints_withdrawn", path=page))
    backing_up.tell_holding(held)
