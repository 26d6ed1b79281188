"""The reports as assets: one a language, from released files only. Rendering itself stands in `reports`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dagster as dg

from assets.house import OWNERS, House
from expectations.card import dataset_names
from reports.issuing import issue
from reports.model import is_anything_out


def report_in(house: House, tag: str, issued: Sequence[str]) -> dg.AssetsDefinition:
    """Return `report_<language>`: the report of the latest releases in one language of those that are issued."""

    @dg.asset(
        name=f"report_{tag}",
        deps=[f"release_{dataset}" for dataset in dataset_names()],
        group_name="reports",
        kinds={"html"},
        owners=[OWNERS["reports"]],
        description=f"The report ({tag}), key results first, from released files only.",
    )
    def rendered() -> dg.MaterializeResult[Any]:
        page = "-"  # every version was withdrawn: there is nothing to tell of
        if is_anything_out(house.home):
            house.progress(f"report: {tag}")
            with house.answering("reports"):
                page = str(issue(house.home, tag))
        house.finished("reports", tag, issued)
        return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(page)})

    return rendered
