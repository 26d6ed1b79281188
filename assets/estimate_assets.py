"""The estimates as assets: sealed, audited, published rounded or not at all.

Belongs here: what Dagster sees of them. Does not belong here: an estimate (`expectations/estimates`), which is imported
when it runs (`candidate_assets.py` says why).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets import event_metadata
from assets.house import OWNERS, BuildContext
from expectations.published.ledger import ESTIMATES, HIDDEN_PART, NATIONAL, NOWCAST

if TYPE_CHECKING:
    from expectations.published.published_estimates import EstimateRelease


def hidden_part(house: BuildContext) -> dg.AssetsDefinition:
    """Return the asset of the estimate for the last closed year, next to the released count."""

    def publish() -> EstimateRelease[Any] | None:
        from expectations.estimates import hidden_candidate

        house.progress("hidden part: estimating from the lists of the agencies")
        return hidden_candidate.publish(house.releasing)

    return _estimate_asset(
        house,
        HIDDEN_PART,
        publish,
        ["stg_victims", "stg_services", "dim_governorate", "raw_victims", "raw_links", f"release_{NATIONAL}"],
        kind="numpy",
        description="How many victims no agency knows: a lower estimate, conditional on a model, or a refusal.",
    )


def nowcast(house: BuildContext) -> dg.AssetsDefinition:
    """Return the asset of the forecast of late cases of the last closed year of each list."""

    def publish() -> EstimateRelease[Any] | None:
        from expectations.estimates import nowcast_candidate

        house.progress("nowcast: asking how late cases came")
        return nowcast_candidate.publish(house.releasing)

    return _estimate_asset(
        house,
        NOWCAST,
        publish,
        ["raw_victims", "raw_services", "raw_submissions", HIDDEN_PART],
        kind="numpy",
        description="How many cases of the last year are still to come on each agency's list, or a refusal.",
    )


def _estimate_asset(
    house: BuildContext,
    name: str,
    publish: Callable[[], EstimateRelease[Any] | None],
    deps: list[str],
    *,
    kind: str,
    description: str,
) -> dg.AssetsDefinition:
    """Return one asset; its event holds the version, and per place, list or year why nothing is published."""

    @dg.asset(
        name=name,
        deps=deps,
        code_version=house.code_version("estimates"),
        group_name="estimates",
        kinds={kind},
        owners=[OWNERS["estimates"]],
        description=description,
    )
    def publish_estimate() -> dg.MaterializeResult[Any]:
        from expectations.published.published_estimates import reasons

        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("estimates"):
            out = publish()
        house.finish_stage("estimates", name, ESTIMATES)
        version = out.version if out else "-"
        refused = reasons(out.estimates) if out else {}
        return dg.MaterializeResult(
            data_version=event_metadata.version_of(version),
            metadata={"version": version, **refused, "seconds": watch.seconds},
        )

    return publish_estimate
