"""Landing: one asset per source, and the roll call that records which submission counts.

Belongs here: the factory over `ingestion/sources`. Does not belong here: reading a file (`ingestion`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow.parquet as pq

from assets import event_metadata
from assets.given import received_key
from assets.house import OWNERS, BuildContext
from assets.stages import fingerprint_of
from ingestion.cards.reporting_calendar import ExpectedDelivery
from ingestion.cards.source_card import SourceCard, load_source, shape_names, source_names
from ingestion.home import Home
from ingestion.persons import link_store
from ingestion.submissions import current_submissions
from ingestion.submissions.landing import land

IN_TIME = "nothing_is_overdue"
"""The check on `landed_<source>` of an authority: a warning, which blocks nothing."""

_IN_TIME = "Every export that fell due by the reporting calendar has come. A warning: it blocks nothing."
_ROLL_CALL = {
    "raw_submissions": "Which submission counts for each source, shape and period.",
    "raw_calendar": "The reporting calendar: what each authority owes and when it falls due.",
    "raw_links": "Which records without a token are one person, by the sealed file of links and what persons decided.",
}


def landed_asset(house: BuildContext, source: str) -> dg.AssetsDefinition:
    """Return `landed_<source>`: what was received from one sender since; its metadata lists each submission."""
    card = load_source(source)

    @dg.asset(
        name=f"landed_{source}",
        group_name="landing",
        kinds={"parquet"},
        owners=[OWNERS["landing"]],
        description=f"{card.title} ({card.body_ar}). Shapes: {', '.join(_shapes(card))}.",
        code_version=house.code_version("landing"),
        deps=["receipts", *([received_key(source)] if card.kind == "authority" else [])],
        check_specs=[dg.AssetCheckSpec(IN_TIME, asset=f"landed_{source}", description=_IN_TIME)]
        if card.kind == "authority"
        else [],
    )
    def land_submissions() -> Iterator[dg.MaterializeResult[Any]]:
        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("landing"):
            submissions = land(house.home, source)
            late = current_submissions.find_overdue(house.home, datetime.datetime.now(tz=datetime.UTC).date())
        house.progress(f"landed {source}: {len(submissions)} new")
        yield dg.MaterializeResult(
            check_results=[_is_in_time(source, late[source])] if source in late else [],
            data_version=event_metadata.version_of(fingerprint_of(_rows_of(house.home, source), house.home.root)),
            metadata={
                "submissions": dg.MetadataValue.json([submission.submission for submission in submissions]),
                **event_metadata.rows(sum(sum(submission.shape_rows.values()) for submission in submissions)),
                "quarantined": event_metadata.coarse_count(sum(submission.quarantined for submission in submissions)),
                "seconds": watch.seconds,
            },
        )

    return land_submissions


def _is_in_time(source: str, overdue: Sequence[ExpectedDelivery]) -> dg.AssetCheckResult:
    """Return the result of the check `nothing_is_overdue` for a source: a warning with the years and their due days."""
    due_days = {delivery.period: delivery.due_date.isoformat() for delivery in overdue}
    return dg.AssetCheckResult(
        check_name=IN_TIME,
        asset_key=dg.AssetKey(f"landed_{source}"),
        passed=not overdue,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"overdue": dg.MetadataValue.json(due_days)},
        description=f"overdue: {', '.join(due_days)}" if overdue else "nothing is overdue",
    )


def roll_call(house: BuildContext) -> dg.AssetsDefinition:
    """Return the roll call: `raw_<shape>` for every shape, which submission counts when, the calendar, the links."""
    senders = {source: load_source(source) for source in source_names()}
    specs = [
        _raw_spec(house, f"raw_{shape}", [s for s, card in senders.items() if shape in _shapes(card)])
        for shape in shape_names()
    ]
    specs += [_raw_spec(house, name, list(senders)) for name in ("raw_submissions", "raw_calendar", "raw_links")]

    @dg.multi_asset(name="roll_call", specs=specs)
    def call_roll() -> Iterator[dg.MaterializeResult[Any]]:
        watch = event_metadata.Stopwatch()
        with house.refusals_as_failures("landing"):
            current_submissions.write(house.home)
            link_store.write_map(house.home)
        house.finish_stage("landing")
        for name in (spec.key.path[-1] for spec in specs):
            files = _files_of(house.home, name.removeprefix("raw_"))
            yield dg.MaterializeResult(
                asset_key=name,
                data_version=event_metadata.version_of(fingerprint_of(files, house.home.root)),
                metadata={
                    **event_metadata.rows(sum(pq.read_metadata(file).num_rows for file in files)),
                    "files": len(files),
                    "seconds": watch.seconds,
                },
            )

    return call_roll


def _raw_spec(house: BuildContext, name: str, senders: list[str]) -> dg.AssetSpec:
    return dg.AssetSpec(
        name,
        deps=[f"landed_{source}" for source in senders],
        group_name="landing",
        kinds={"parquet"},
        owners=[OWNERS["landing"]],
        description=_ROLL_CALL.get(name, f"Rows of the shape {name.removeprefix('raw_')} from every sender."),
        code_version=house.code_version("landing"),
    )


def _rows_of(home: Home, source: str) -> list[Path]:
    return list(home.raw.glob(f"*/source={source}/**/*.parquet"))


def _files_of(home: Home, name: str) -> list[Path]:
    """Return the files behind `raw_<name>`: a table of its own, or the rows of a shape."""
    alone = home.raw / f"{name}.parquet"
    return [alone] if alone.exists() else list((home.raw / name).rglob("*.parquet"))


def _shapes(card: SourceCard) -> list[str]:
    return sorted({table.shape for table in card.tables.values()})
