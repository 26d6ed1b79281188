"""The reports as assets: one per language, from released files only. Rendering itself is in `reports`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg

from assets import event_metadata
from assets.house import OWNERS, BuildContext
from assets.stages import fingerprint_of
from expectations.cards.dataset_card import dataset_names
from expectations.protection.parallel_blocks import Apart, cores
from expectations.published.ledger import ESTIMATES

_FORMS = (".pdf", ".xlsx")
_NOTHING_OUT = {"no report": "no release stands in this home: `marsad approve` names what waits for signatures"}


def report_asset(house: BuildContext, tag: str, issued: Sequence[str]) -> dg.AssetsDefinition:
    """Return `report_<language>`: the report of the latest releases in one language of those that are issued."""

    @dg.asset(
        name=f"report_{tag}",
        deps=[*(f"release_{dataset}" for dataset in dataset_names()), *ESTIMATES, "editors_files"],
        code_version=house.code_version("reports"),
        group_name="reports",
        kinds={"html"},
        owners=[OWNERS["reports"]],
        description=f"The report ({tag}), key results first, from released files only.",
    )
    def render_report() -> dg.MaterializeResult[Any]:
        from reports.released.report_model import is_anything_out  # late, with the rest of the package: two seconds

        watch, page = event_metadata.Stopwatch(), None  # every version was withdrawn: there is nothing to report
        if is_anything_out(house.home):
            house.progress(f"report: {tag}")
            with house.refusals_as_failures("reports"):
                page = _issue_report(house, tag, issued)
        house.finish_stage("reports", tag, issued)
        return dg.MaterializeResult(
            data_version=event_metadata.version_of(_bytes_of(page)),
            metadata={**(_report_metadata(page) if page else _NOTHING_OUT), "seconds": watch.seconds},
        )

    return render_report


def _issue_report(house: BuildContext, tag: str, issued: Sequence[str]) -> Path:
    """Issue a report; with a second core, another process issues the last language at the same time.

    Dagster takes the languages in alphabetical order. Arabic and Sorani share their drawings, so these two are made one
    after the other. A run of Dagster's own commands may be of one report alone.
    """
    from reports.publishing.issue_report import issue

    first, last = min(issued), max(issued)
    if tag in house.apart:
        return house.apart.pop(tag).answer()
    if house.is_locked and tag == first != last and cores() > 1:
        house.progress(f"report: {last}, in a process of its own")
        house.apart[last] = Apart(partial(issue, house.home), last, where=f"report {last}")
    try:
        return issue(house.home, tag)
    except BaseException:
        for other in house.apart.values():
            other.kill()
        house.apart.clear()
        raise


def _bytes_of(page: Path | None) -> str:
    return fingerprint_of(page.parent.rglob("*"), page.parent) if page else "-"


def _report_metadata(page: Path) -> dict[str, Any]:
    """Return the paths of a report's front page and other forms, and their total size."""
    files = [path for path in page.parent.rglob("*") if path.is_file()]
    forms = {path.suffix[1:]: path for path in sorted(page.parent.iterdir()) if path.suffix in _FORMS}
    return {
        "report": page.parent.parent.name,
        "page": dg.MetadataValue.url(page.as_uri()),
        **event_metadata.places(folder=page.parent, **forms),
        "files": len(files),
        "megabytes": round(sum(path.stat().st_size for path in files) / 1e6, 1),
    }
