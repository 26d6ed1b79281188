"""The whole graph: a factory over the folders of sources, datasets and languages. Nothing is listed by hand.

Belongs here: the order in which the factories are called. Does not belong here: anything an asset does.
"""

from __future__ import annotations

import datetime

import dagster as dg

from assets import dbt_assets, estimate_assets, given, inbox_sensor, landing_assets, publication, report_assets
from assets.house import BuildContext
from expectations.cards.dataset_card import dataset_names
from ingestion.cards.source_card import source_names
from ingestion.home import Home
from languages.words import gaps, languages


def build_definitions(house: BuildContext) -> dg.Definitions:
    """Return the definitions of a home's graph: a job over all assets, one that lands, and the sensor that asks for it.

    The default executor of Dagster starts a process an asset, seconds each; one process does it all here, since
    DuckDB has one writer anyway.
    """
    issued = [tag for tag in languages() if not gaps(tag)]
    assets = [
        *given.given_specs(datetime.datetime.now(tz=datetime.UTC).date()),
        *(landing_assets.landed_asset(house, source) for source in source_names()),
        landing_assets.roll_call(house),
        dbt_assets.dbt_models(house),
        publication.candidates(house),
        publication.protected(house),
        *(publication.gate_of(house, dataset) for dataset in dataset_names()),
        *(publication.release_of(house, dataset) for dataset in dataset_names()),
        estimate_assets.hidden_part(house),
        estimate_assets.nowcast(house),
        estimate_assets.link_range(house),
        *(report_assets.report_in(house, tag, issued) for tag in issued),
    ]
    job = dg.define_asset_job("build", description="Everything, from what was received to the pages.")
    land = dg.define_asset_job(
        "land", selection=dg.AssetSelection.groups("landing"), description="What was received, as raw rows."
    )
    sensors = [inbox_sensor.inbox_sensor(house, land)]
    return dg.Definitions(assets=assets, jobs=[job, land], sensors=sensors, executor=dg.in_process_executor)


@dg.definitions
def house_of_marsad() -> dg.Definitions:
    """Return the graph of the home named by `MARSAD_HOME`, for Dagster's own interface."""
    return build_definitions(BuildContext(Home.at().existing()))
