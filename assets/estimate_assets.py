"""The estimates as assets: sealed, audited, published rounded or not at all.

Belongs here: what Dagster sees of them. Does not belong here: an estimate (`expectations/estimates`), which is imported
when it runs (`candidate_assets.py` says why).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from assets import event_metadata
from assets.house import OWNERS, BuildContext
from expectations.published.estimate_folders import DATASET
from expectations.published.ledger import ESTIMATES, HIDDEN_PART, LINK_RANGE, NOWCAST


def hidden_part(house: BuildContext) -> dg.AssetsDefinition:
    """Return the asset of the estimate for the last closed year, next to the released count."""

    @dg.asset(
        name=HIDDEN_PART,
        deps=["stg_victims", "stg_services", "dim_governorate", "raw_victims", "raw_links", f"release_{DATASET}"],
        code_version=house.code_version("estimates"),
        group_name="estimates",
        kinds={"numpy"},
        owners=[OWNERS["estimates"]],
        description="How many persons no body sees: a lower estimate, conditional on a model, or a refusal.",
    )
    def publish_estimate() -> dg.MaterializeResult[Any]:
        from expectations.estimates import estimate_release

        house.progress("hidden part: estimating from the lists of the bodies")
        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("estimates"):
            out = estimate_release.publish(house.home)
        house.finish_stage("estimates", HIDDEN_PART, ESTIMATES)
        reasons = {estimate.place: estimate.reason for estimate in out.places} if out else {}
        return _result(out.version if out else "-", reasons, watch)

    return publish_estimate


def nowcast(house: BuildContext) -> dg.AssetsDefinition:
    """Return the asset of the forecast of late cases of the last closed year of each list."""

    @dg.asset(
        name=NOWCAST,
        deps=["raw_victims", "raw_services", "raw_submissions", HIDDEN_PART],
        code_version=house.code_version("estimates"),
        group_name="estimates",
        kinds={"numpy"},
        owners=[OWNERS["estimates"]],
        description="How many cases of the last year are still to come on each body's list, or a refusal.",
    )
    def publish_estimate() -> dg.MaterializeResult[Any]:
        from expectations.estimates import nowcast_release

        house.progress("nowcast: asking how late cases came")
        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("estimates"):
            out = nowcast_release.publish(house.home)
        house.finish_stage("estimates", NOWCAST, ESTIMATES)
        reasons = {f"{sender.source} {sender.shape}": sender.reason for sender in out.senders} if out else {}
        return _result(out.version if out else "-", reasons, watch)

    return publish_estimate


def link_range(house: BuildContext) -> dg.AssetsDefinition:
    """Return the asset of the range over link thresholds of the published totals."""

    @dg.asset(
        name=LINK_RANGE,
        deps=[
            "fct_victim_event",
            "dim_record",
            "raw_victims",
            "raw_links",
            f"release_{DATASET}",
            NOWCAST,
        ],
        code_version=house.code_version("estimates"),
        group_name="estimates",
        kinds={"pandas"},
        owners=[OWNERS["estimates"]],
        description="How far a total moves when records are linked more surely or more generously, or nothing.",
    )
    def publish_estimate() -> dg.MaterializeResult[Any]:
        from expectations.estimates import range_release

        house.progress("link range: counting at other thresholds")
        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("estimates"):
            out = range_release.publish(house.home)
        house.finish_stage("estimates", LINK_RANGE, ESTIMATES)
        reasons = {year_range.year: year_range.reason for year_range in out.years} if out else {}
        if out and not out.version:
            untold = ", ".join(f"{year} {reason}" for year, reason in reasons.items())
            house.progress(f"link range: not released: {untold}")
        return _result(out.version if out and out.version else "-", reasons, watch)

    return publish_estimate


def _result(version: str, reasons: Mapping[str, str], watch: event_metadata.Stopwatch) -> dg.MaterializeResult[Any]:
    """Return Dagster's event for an estimate: its version, and per place, list or year why nothing is published."""
    outcomes = {name: reason or "told" for name, reason in reasons.items()}
    return dg.MaterializeResult(
        data_version=event_metadata.version_of(version),
        metadata={"version": version, **outcomes, "seconds": watch.seconds},
    )
