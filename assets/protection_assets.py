"""From candidates to publishable figures: one protection over all datasets.

Belongs here: the asset, and its Dagster events. Does not belong here: protection (`expectations/protection`),
which is imported when it runs (`candidate_assets.py` says why).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import event_metadata
from assets.house import OWNERS, BuildContext
from assets.stages import hash_of_outputs
from expectations.cards import dataset_card

if TYPE_CHECKING:
    from expectations.protection.protect_datasets import BlockOutcome, ProtectionReport


def protection_asset(house: BuildContext) -> dg.AssetsDefinition:
    """Return the asset of the one protection over all datasets and everything ever released."""

    @dg.asset(
        name="protected",
        deps=[*(f"candidate_{dataset}" for dataset in dataset_card.dataset_names()), "figures_of_others"],
        code_version=house.code_version("protection"),
        group_name="protected",
        kinds={"highs"},
        owners=[OWNERS["protected"]],
        description="Controlled rounding over the cells of all datasets together, with the ledger as constraints; "
        "every share and gap is computed here, from protected counts.",
    )
    def protect_datasets() -> dg.MaterializeResult[Any]:
        from expectations.gate import dataset_suite
        from expectations.protection import protect_datasets

        house.progress("protection: looking for what may be printed exactly")
        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("protection"):
            report = protect_datasets.protect(house.home, progress=house.progress, meanwhile=dataset_suite.load)
        house.finish_stage("protection")
        return dg.MaterializeResult(
            data_version=event_metadata.version_of(hash_of_outputs(house.home, "protection")),
            metadata={**_protection_metadata(report), "seconds": watch.seconds},
        )

    return protect_datasets


def _protection_metadata(report: ProtectionReport) -> dict[str, Any]:
    """Return what protection did, by outcome of the blocks and years, and its cost to readers."""
    states = sorted({outcome.state for outcome in report.outcomes})
    columns = ("state", "tables", "cells", "exact", "withheld")
    records = [
        _state_counts(state, [outcome for outcome in report.outcomes if outcome.state == state]) for state in states
    ]
    cost = {name: loss for name, loss in report.loss.items() if loss}
    return {
        "blocks_and_years": event_metadata.table(records, columns),
        **{f"loss_{name}": dg.MetadataValue.json(dict(loss)) for name, loss in sorted(cost.items())},
    }


def _state_counts(state: str, outcomes: Sequence[BlockOutcome]) -> dict[str, str]:
    sums = {
        "cells": sum(outcome.cells for outcome in outcomes),
        "exact": sum(outcome.exact for outcome in outcomes),
        "withheld": sum(outcome.withheld for outcome in outcomes),
    }
    return {"state": state, "tables": str(len(outcomes))} | {
        name: str(event_metadata.coarse_count(number)) for name, number in sums.items()
    }
