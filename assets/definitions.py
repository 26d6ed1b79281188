"""The whole graph: a factory over the folders of sources, datasets and languages. Nothing is listed by hand.

Belongs here: the order in which the factories are called, the jobs, and which assets Dagster's own pages can run.
Does not belong here: anything an asset does, or which home it is of (`checkout.py`, `building.py`).
"""

from __future__ import annotations

import datetime

import dagster as dg

from assets import (
    candidate_assets,
    dbt_assets,
    estimate_assets,
    gate_assets,
    given,
    landing_assets,
    protection_assets,
    release_assets,
    report_assets,
)
from assets.house import BuildContext
from expectations.cards.dataset_card import dataset_names
from ingestion.cards.source_card import source_names
from languages.words import gaps, languages

RELEASING_JOB = "build_and_release"
"""The job of `marsad build`; no other graph has it, so that no page of Dagster can start it again."""


def build_definitions(house: BuildContext) -> dg.Definitions:
    """Return the definitions of a home's graph: assets, checks and jobs.

    Dagster's default executor starts a process per asset, seconds each; here one process does it all, since DuckDB has
    one writer anyway.

    Args:
        house: the home; if it may not release, what writes releases or the ledger is an external asset.
    """
    issued = [tag for tag in languages() if not gaps(tag)]
    leaving = [
        *(release_assets.release_asset(house, dataset) for dataset in dataset_names()),
        estimate_assets.hidden_part(house),
        estimate_assets.nowcast(house),
    ]
    assets = [
        *given.given_specs(datetime.datetime.now(tz=datetime.UTC).date()),
        *(landing_assets.landed_asset(house, source) for source in source_names()),
        landing_assets.roll_call(house),
        dbt_assets.dbt_models(house),
        candidate_assets.candidates(house),
        protection_assets.protection_asset(house),
        *(gate_assets.gate_asset(house, dataset) for dataset in dataset_names()),
        *(leaving if house.may_release else (spec for asset in leaving for spec in asset.specs)),
        *(report_assets.report_asset(house, tag, issued) for tag in issued),
    ]
    return dg.Definitions(assets=assets, jobs=_jobs(house), executor=dg.in_process_executor)


def _jobs(house: BuildContext) -> list[dg.UnresolvedAssetJobDefinition]:
    """Return the jobs `land`, `build` and `report`, and that of `marsad build` if the home may release."""
    groups, everything = dg.AssetSelection.groups, dg.AssetSelection.all()
    jobs = [
        dg.define_asset_job("land", groups("landing"), description="What was received, as raw rows."),
        dg.define_asset_job(
            "build",
            everything - groups("releases", "estimates", "reports"),
            description="From what was received to the verdicts of the gates. Nothing leaves: `marsad build` releases.",
        ),
        dg.define_asset_job(
            "report", groups("reports"), description="The pages of the latest releases. Nothing is published."
        ),
    ]
    everywhere = dg.define_asset_job(
        RELEASING_JOB, everything, description="From what was received to releases and pages: `marsad build` only."
    )
    return [*jobs, everywhere] if house.may_release else jobs
