"""External assets: files of the home that no asset makes, so that Dagster knows what is stale and late.

Belongs here: the external assets, and telling Dagster's instance when one of them changed.
Does not belong here: which files they are (`stages.py`), or when something is due (`ingestion`).

    receipts               what was received, persons' decisions about it
    figures_of_others      what other agencies published, as constraints of protection
    adopted_standards      standards of the task force, which the national release carries
    editors_files          prose, publications and maps for the report
    received_<source>      of an authority: the last year that it owed and has sent; its freshness is the calendar's
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import dagster as dg

from assets.house import OWNERS
from assets.stages import fingerprint_of, given_files
from ingestion.cards.reporting_calendar import owed_delivery
from ingestion.cards.source_card import SourceCard, load_source, source_names
from ingestion.home import Home
from ingestion.submissions.current_submissions import years_by_source

GROUP = "inputs"
_GIVEN_TO = {
    "receipts": "landing",
    "figures_of_others": "protection",
    "adopted_standards": "releases",
    "editors_files": "reports",
}
_DESCRIPTIONS = {
    "receipts": "What came in, what persons decided about it, and which words they let in. Every landing reads it.",
    "figures_of_others": "Figures that others published. Protection keeps ours from being undone by them.",
    "adopted_standards": "The standards that the task force adopted. The national release carries them.",
    "editors_files": "What editors wrote and laid beside the report: prose, publications, maps.",
}
_ZONE = "Asia/Baghdad"
DATA_VERSION_TAG = "dagster/data_version"
"""The tag of an event in which Dagster stores and shows the data version of an asset."""


def received_key(source: str) -> str:
    """Return the asset key of what one sender has sent."""
    return f"received_{source}"


def given_specs(today: datetime.date) -> list[dg.AssetSpec]:
    """Return the external assets; the freshness of a sender follows the calendar of the year of `today`."""
    specs = [
        dg.AssetSpec(name, group_name=GROUP, description=text, owners=[OWNERS[GROUP]])
        for name, text in _DESCRIPTIONS.items()
    ]
    return specs + [_received_spec(card, today) for card in _authorities()]


def _received_spec(card: SourceCard, today: datetime.date) -> dg.AssetSpec:
    """Return a sender's asset: fresh if last year's export has come this year; checked from the first late day on."""
    late_from = owed_delivery(card, today.year - 1).late_from_date
    policy = dg.FreshnessPolicy.cron(
        deadline_cron=f"0 0 {late_from.day} {late_from.month} *",
        lower_bound_delta=late_from - datetime.date(late_from.year, 1, 1),
        timezone=_ZONE,
    )
    return dg.AssetSpec(
        received_key(card.name),
        group_name=GROUP,
        description=f"The yearly export of {card.title} ({card.body_ar}); due {card.rhythm.due} of the year after.",
        owners=[OWNERS[GROUP]],
        freshness_policy=policy,
    )


def changed_events(instance: dg.DagsterInstance, home: Home, today: datetime.date) -> Iterator[dg.AssetMaterialization]:
    """Yield an event for each external asset that has changed since Dagster was last told."""
    versions = {name: fingerprint_of(given_files(home, stage), home.root)[:16] for name, stage in _GIVEN_TO.items()}
    versions |= {received_key(source): year for source, year in _punctual_authorities(home, today).items()}
    for name, version in versions.items():
        before = instance.get_latest_materialization_event(dg.AssetKey(name))
        known = before.asset_materialization.tags if before and before.asset_materialization else None
        if known is None or known.get(DATA_VERSION_TAG) != version:
            facts = {"year": version} if name.startswith(received_key("")) else {}
            yield dg.AssetMaterialization(name, tags={DATA_VERSION_TAG: version}, metadata=facts)


def _punctual_authorities(home: Home, today: datetime.date) -> dict[str, str]:
    """Return the authorities that have sent the year before that of `today`, with it.

    An older year, or a corrected file for one, makes nobody fresh.
    """
    year = str(today.year - 1)
    return {
        source: year
        for source, years in years_by_source(home, today).items()
        if any(own.owed.period == year and own.sent_date is not None for own in years)
    }


def _authorities() -> list[SourceCard]:
    return [card for card in map(load_source, source_names()) if card.kind == "authority"]
