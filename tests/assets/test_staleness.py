"""Dagster's interface and `marsad build` call the same assets stale, by the same fingerprints."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Generator
from functools import cache

import dagster as dg
import pytest
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph
from dagster._core.definitions.data_version import (
    CODE_VERSION_TAG,
    DATA_VERSION_TAG,
    DEFAULT_DATA_VERSION,
    NULL_EVENT_POINTER,
    CachingStaleStatusResolver,
    StaleStatus,
    get_input_data_version_tag,
    get_input_event_pointer_tag,
)
from dagster._core.loader import LoadingContextForTest

from assets import building, given, stages
from assets.definitions import build_definitions
from assets.house import BuildContext
from ingestion.cards.source_card import load_source, source_names
from ingestion.home import REQUIREMENTS, Home
from ingestion.submissions.receipts import Receipt

_OLD = "of the last run"
CHANGES = {
    "a source's card": ("ingestion/sources/iraq_interior_ministry/source.yml", "landing"),
    "a model": ("dbt_project/models/staging/stg_calendar.sql", "warehouse"),
    "a dataset's card": ("expectations/datasets/law_28_monitor.yml", "candidates"),
    "a rule of protection": ("methods/__init__.py", "protection"),
    "a chapter": ("reports/__init__.py", "reports"),
    "the lock": (REQUIREMENTS.name, "landing"),
}


@pytest.fixture(scope="module")
def home(parsed_home: Callable[[], Home]) -> Home:
    """A home that remembers that every stage was done."""
    opened = parsed_home().open(invented=True)
    stages.record(opened, stages.STAGE_NAMES, stages.given_to(opened))
    return opened


@pytest.fixture(scope="module")
def built(home: Home) -> Generator[dg.DagsterInstance]:
    """Dagster's memory of a run over all assets, as the run would have written it."""
    graph = _graph(home)
    with dg.DagsterInstance.ephemeral() as instance:
        for event in given.news(instance, home, datetime.date(2026, 6, 30)):
            instance.report_runless_asset_event(event)
        for key in graph.materializable_asset_keys:
            node = graph.get(key)
            read = {get_input_data_version_tag(one): _version(instance, graph, one) for one in node.parent_keys}
            at = {get_input_event_pointer_tag(one): NULL_EVENT_POINTER for one in node.parent_keys}
            tags = {CODE_VERSION_TAG: node.code_version or "", DATA_VERSION_TAG: _OLD, **read, **at}
            instance.report_runless_asset_event(dg.AssetMaterialization(key, tags=tags))
        yield instance


def _version(instance: dg.DagsterInstance, graph: AssetGraph, key: dg.AssetKey) -> str:
    """The data version of what an asset reads: of what nobody told of, the one that Dagster supposes."""
    if graph.get(key).is_materializable:
        return _OLD
    told = instance.get_latest_materialization_event(key)
    materialization = told.asset_materialization if told else None
    return (materialization.tags or {})[DATA_VERSION_TAG] if materialization else DEFAULT_DATA_VERSION.value


@cache
def _keys_of(home: Home, first: int) -> set[str]:
    names = list(stages.STAGE_NAMES[first:])
    return {key.to_user_string() for key in building.keys_of(_definitions(home), names)}


def _definitions(home: Home) -> dg.Definitions:
    return build_definitions(BuildContext(home, may_release=True))


def _graph(home: Home) -> AssetGraph:
    return _definitions(home).resolve_asset_graph()


def _stale_for_dagster(home: Home, instance: dg.DagsterInstance) -> set[str]:
    graph = _graph(home)
    resolver = CachingStaleStatusResolver(instance, graph, LoadingContextForTest(instance))
    keys = graph.materializable_asset_keys
    return {key.to_user_string() for key in keys if resolver.get_status(key) != StaleStatus.FRESH}


def _stale_for_the_command(home: Home) -> set[str]:
    first = stages.stale_from(home)
    return set() if first is None else _keys_of(home, first)


def test_where_nothing_changed_neither_calls_anything_stale(home: Home, built: dg.DagsterInstance) -> None:
    assert _stale_for_dagster(home, built) == _stale_for_the_command(home) == set()


@pytest.mark.parametrize(("path", "stage"), CHANGES.values(), ids=CHANGES)
def test_after_a_change_both_call_the_same_assets_stale(
    home: Home, built: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch, path: str, stage: str
) -> None:
    hashes = stages._of_rooms  # pyright: ignore[reportPrivateUsage] - the one place that reads the checkout

    def changed(names: tuple[str, ...]) -> dict[str, str]:
        found = hashes(names)
        return found | {path: "another"} if path in found else found

    monkeypatch.setattr(stages, "_of_rooms", changed)
    stale = _stale_for_the_command(home)
    assert stages.stale_from(home) == stages.STAGE_NAMES.index(stage)
    assert stale
    assert _stale_for_dagster(home, built) == stale


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("receipts.jsonl", {f"landed_{name}" for name in source_names()}),
        ("ledger/external/figures.yml", {"protected"}),
        ("prose/findings.en.md", {"report_en"}),
    ],
)
def test_what_others_give_makes_the_first_assets_that_read_it_stale_for_both(
    home: Home, built: dg.DagsterInstance, path: str, first: set[str]
) -> None:
    (home.root / path).parent.mkdir(exist_ok=True)
    (home.root / path).write_text("", encoding="utf-8")
    events = list(given.news(built, home, datetime.date(2026, 6, 30)))
    try:
        assert len(events) == 1
        for event in events:
            built.report_runless_asset_event(event)
        stale = _stale_for_dagster(home, built)
        assert first <= stale <= _stale_for_the_command(home)
    finally:
        (home.root / path).unlink()
        for event in given.news(built, home, datetime.date(2026, 6, 30)):
            built.report_runless_asset_event(event)


def _received(source: str, *years: str) -> Receipt:
    return Receipt(
        source=source,
        sha256="0" * 64,
        file_suffix=".xlsx",
        verdict="accepted",
        rows_in=1,
        rows_landed=1,
        rows_quarantined=0,
        kinds={},
        letter_date="",
        letter_number="",
        received_at="2026-01-20",
        periods={"cases": dict.fromkeys(years, 1)},
        submission="1-0",
    )


@pytest.mark.parametrize(("years", "is_told"), [(("2024",), False), (("2025",), True), (("2019", "2025"), True)])
def test_only_the_year_that_was_owed_makes_a_sender_fresh(
    home: Home, monkeypatch: pytest.MonkeyPatch, years: tuple[str, ...], is_told: bool
) -> None:
    monkeypatch.setattr(given, "live", lambda _home: [_received("iraq_interior_ministry", *years)])
    with dg.DagsterInstance.ephemeral() as instance:
        told = {event.asset_key.to_user_string() for event in given.news(instance, home, datetime.date(2026, 6, 30))}
    assert ("received_iraq_interior_ministry" in told) == is_told


def test_the_freshness_of_a_sender_is_asked_from_the_first_late_day_of_the_calendar(home: Home) -> None:
    day = datetime.date(2026, 6, 30)
    specs = {spec.key.to_user_string(): spec for spec in given.given_specs(day)}
    senders = [card for card in map(load_source, source_names()) if card.kind == "authority"]
    assert {name for name, spec in specs.items() if spec.freshness_policy} == {
        f"received_{one.name}" for one in senders
    }
    for card in senders:
        late_from = given.owed_of(card, 2025).late_from_date
        policy = specs[f"received_{card.name}"].freshness_policy
        assert policy == dg.FreshnessPolicy.cron(
            deadline_cron=f"0 0 {late_from.day} {late_from.month} *",
            lower_bound_delta=late_from - datetime.date(2026, 1, 1),
            timezone="Asia/Baghdad",
        )
