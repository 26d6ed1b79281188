"""Dagster's interface and `marsad build` call the same assets stale, by the same fingerprints.

Dagster has no public question for what is stale. Its rule is: an asset whose code version is another than at its last
event, that reads an external asset with a newer data version, or that stands behind one of these. So what is asked
here is what the house tells it: code versions, data versions, and what reads what.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Generator, Sequence
from functools import cache

import dagster as dg
import pytest

from assets import building, given, stages
from assets.definitions import build_definitions
from assets.house import BuildContext
from ingestion.cards.source_card import load_source, source_names
from ingestion.checkout_files import ROOT, Checkout
from ingestion.home import Home
from ingestion.submissions import current_submissions
from ingestion.submissions.receipts import Receipt

CHANGES = {
    "a source's card": ("ingestion/sources/iraq_interior_ministry/source.yml", "landing"),
    "a model": ("dbt_project/models/staging/stg_calendar.sql", "warehouse"),
    "a dataset's card": ("expectations/datasets/law_28_monitor.yml", "candidates"),
    "a rule of protection": ("methods/disclosure/rounding/additive_rounding.py", "protection"),
    "the notes of a release": ("expectations/releases/release_notes.py", "releases"),
    "a chapter": ("reports/chapters/closing.py", "reports"),
    "the register": ("assets/stages.py", "landing"),
}


@pytest.fixture(scope="module")
def home(parsed_home: Callable[[], Home]) -> Home:
    """A home that remembers that every stage was done."""
    opened = parsed_home().open(invented=True)
    stages.record_stages(opened, stages.STAGE_NAMES, stages.hashes_before_run(opened))
    return opened


@pytest.fixture
def told(home: Home) -> Generator[dg.DagsterInstance]:
    """Dagster's memory of what others gave."""
    with dg.DagsterInstance.ephemeral() as instance:
        _tell(instance, home)
        yield instance


def _tell(instance: dg.DagsterInstance, home: Home) -> list[dg.AssetKey]:
    """Tell Dagster what others gave since, and return what is new."""
    events = list(given.changed_events(instance, home, datetime.date(2026, 6, 30)))
    for event in events:
        instance.report_runless_asset_event(event)
    return [event.asset_key for event in events]


@cache
def _keys_of(home: Home, first: int) -> set[str]:
    names = list(stages.STAGE_NAMES[first:])
    return {key.to_user_string() for key in building.keys_of(_definitions(home), names)}


def _definitions(home: Home) -> dg.Definitions:
    return build_definitions(BuildContext(home, may_release=True))


def _code_versions(home: Home) -> dict[str, str | None]:
    """The code version of each asset that a build makes."""
    graph = _definitions(home).resolve_asset_graph()
    return {key.to_user_string(): graph.get(key).code_version for key in graph.materializable_asset_keys}


def _behind(home: Home, keys: Sequence[dg.AssetKey]) -> set[str]:
    """What reads these assets, and all behind it."""
    graph = _definitions(home).resolve_asset_graph()
    selection = dg.AssetSelection.assets(*keys).downstream(include_self=False)
    return {key.to_user_string() for key in selection.resolve(graph)}


def _stale_for_the_command(home: Home) -> set[str]:
    first = stages.stale_from(home)
    return set() if first is None else _keys_of(home, first)


def test_where_nothing_changed_neither_calls_anything_stale(home: Home, told: dg.DagsterInstance) -> None:
    assert _stale_for_the_command(home) == set()
    assert _tell(told, home) == []
    versions = _code_versions(home)
    assert versions == _code_versions(home)
    assert all(versions.values())


@pytest.mark.parametrize(("path", "stage"), CHANGES.values(), ids=CHANGES)
def test_after_a_change_both_call_the_same_assets_stale(
    home: Home, monkeypatch: pytest.MonkeyPatch, path: str, stage: str
) -> None:
    before = _code_versions(home)
    changed = stages.code_by(Checkout({path: (ROOT / path).read_bytes() + b"\n"}))
    monkeypatch.setattr(stages, "code_of", lambda _home: changed)
    stale = _stale_for_the_command(home)
    assert stages.stale_from(home) == stages.STAGE_NAMES.index(stage)
    assert stale
    assert {name for name, version in _code_versions(home).items() if version != before[name]} == stale


@pytest.mark.parametrize(
    ("path", "first"),
    [
        ("receipts.jsonl", {f"landed_{name}" for name in source_names()}),
        ("ledger/external/figures.yml", {"protected"}),
        ("standards.yml", {"gate_four_ps_national"}),
        ("prose/findings.en.md", {"report_en"}),
    ],
)
def test_what_others_give_makes_the_first_assets_that_read_it_stale_for_both(
    home: Home, told: dg.DagsterInstance, path: str, first: set[str]
) -> None:
    (home.root / path).parent.mkdir(exist_ok=True)
    (home.root / path).write_text("", encoding="utf-8")
    try:
        news = _tell(told, home)
        assert len(news) == 1
        assert first <= _behind(home, news) <= _stale_for_the_command(home)
    finally:
        (home.root / path).unlink()


def test_a_data_version_stands_where_dagster_keeps_its_own(home: Home, told: dg.DagsterInstance) -> None:
    @dg.asset
    def versioned() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(data_version=dg.DataVersion("7"))

    outcome = dg.materialize([versioned], instance=told)
    (event,) = outcome.asset_materializations_for_node("versioned")
    assert (event.tags or {})[given.DATA_VERSION_TAG] == "7"


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
    received = [_received("iraq_interior_ministry", *years)]
    monkeypatch.setattr(current_submissions, "live_receipts", lambda _home: received)
    monkeypatch.setattr(current_submissions, "_entries", lambda _home: ())
    with dg.DagsterInstance.ephemeral() as instance:
        told = {
            event.asset_key.to_user_string()
            for event in given.changed_events(instance, home, datetime.date(2026, 6, 30))
        }
    assert ("received_iraq_interior_ministry" in told) == is_told


def test_the_freshness_of_a_sender_is_asked_from_the_first_late_day_of_the_calendar(home: Home) -> None:
    day = datetime.date(2026, 6, 30)
    specs = {spec.key.to_user_string(): spec for spec in given.given_specs(day)}
    senders = [card for card in map(load_source, source_names()) if card.kind == "authority"]
    assert {name for name, spec in specs.items() if spec.freshness_policy} == {
        f"received_{one.name}" for one in senders
    }
    for card in senders:
        late_from = given.owed_delivery(card, 2025).late_from_date
        policy = specs[f"received_{card.name}"].freshness_policy
        assert policy == dg.FreshnessPolicy.cron(
            deadline_cron=f"0 0 {late_from.day} {late_from.month} *",
            lower_bound_delta=late_from - datetime.date(2026, 1, 1),
            timezone="Asia/Baghdad",
        )
