"""The estimate of the hidden part as an asset of its own: sealed, attacked, told rounded or not at all.

Belongs here: what Dagster sees of it. Does not belong here: the estimate (`expectations/estimates`).
"""

from __future__ import annotations

from typing import Any

import dagster as dg

from assets import event_metadata
from assets.house import OWNERS, BuildContext
from assets.stages import code_version_of
from expectations.estimates import estimate_release


def hidden_part(house: BuildContext) -> dg.AssetsDefinition:
    """Return the estimate of the last closed year, beside the released count."""

    @dg.asset(
        name="hidden_part",
        deps=["stg_victims", "stg_services", "dim_governorate", f"release_{estimate_release.DATASET}"],
        code_version=code_version_of("estimates"),
        group_name="estimates",
        kinds={"numpy"},
        owners=[OWNERS["estimates"]],
        description="How many persons no body sees: a lower estimate, conditional on a model, or a refusal.",
    )
    def told() -> dg.MaterializeResult[Any]:
        house.progress("hidden part: estimating from the lists of the bodies")
        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("estimates"):
            out = estimate_release.publish(house.home)
        house.finished("estimates")
        places = out.places if out else ()
        return dg.MaterializeResult(
            data_version=event_metadata.version_of(out.version if out else "-"),
            metadata={
                "version": out.version if out else "-",
                **{one.place: one.reason or "told" for one in places},
                "seconds": watch.seconds,
            },
        )

    return told
