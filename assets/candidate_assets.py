"""From indicators to candidates: what would be published, with unrounded values.

Belongs here: the asset of each dataset's candidate. Does not belong here: adding up cells (`expectations/candidates`).

An asset imports what it calls only when it runs: solvers and statistics take two seconds to load, which a run that ends
before them should not spend.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets import event_metadata
from assets.house import OWNERS, BuildContext
from assets.stages import hash_of_inputs
from expectations.cards import dataset_card, indicator_card


def candidates(house: BuildContext) -> dg.AssetsDefinition:
    """Return one candidate asset per dataset: the union of its indicators, with unrounded values, sealed."""
    cards = indicator_card.indicators(house.home).values()
    specs = [
        dg.AssetSpec(
            f"candidate_{dataset}",
            deps=[card.model for card in cards if dataset in card.datasets],
            group_name="candidates",
            kinds={"parquet"},
            owners=[OWNERS["candidates"]],
            description="The cells that would be published, with their true values. Sealed: never leaves the house.",
            code_version=house.code_version("candidates"),
        )
        for dataset in dataset_card.dataset_names()
    ]

    @dg.multi_asset(name="candidates", specs=specs)
    def build_candidates() -> Iterator[dg.MaterializeResult[Any]]:
        from expectations.candidates import candidate

        house.progress("candidates: adding up the published cells")
        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("candidates"):
            summaries = candidate.build(house.home)
        house.finish_stage("candidates")
        for summary in summaries:
            yield dg.MaterializeResult(
                asset_key=f"candidate_{summary.dataset}",
                data_version=event_metadata.version_of(summary.sha256, hash_of_inputs(house.home, "candidates")),
                metadata={
                    "cells": event_metadata.coarse_count(summary.cells),
                    "cells_with_a_value": event_metadata.coarse_count(summary.valued),
                    "indicators": len(summary.indicators),
                    "years": ", ".join(summary.years),
                    "sha256": summary.sha256,
                    "seconds_of_all_datasets": watch.seconds,
                },
            )

    return build_candidates
