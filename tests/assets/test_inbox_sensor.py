"""The inbox sensor: takes what lies still, asks for one landing a submission, tells what is overdue once a day."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from pathlib import Path

import dagster as dg
import pytest

from assets.definitions import build_definitions
from assets.house import BuildContext
from ingestion import chain_heads, hash_chain
from ingestion.cards.source_card import load_source, source_names
from ingestion.home import Home
from ingestion.submissions import inbox, landing, receipts
from ingestion.submissions.landed_submission import landed_submission
from tests.ingestion.workbooks import case, cases, victim, victims, xlsx

SOURCE = "iraq_interior_ministry"
NAME = "زينب كاظم الموسوي"


@pytest.fixture(scope="module")
def empty(parsed_home: Callable[[], Home]) -> Path:
    """A home whose graph is built without dbt reading its project: seconds each time otherwise."""
    return parsed_home().open().root


@pytest.fixture
def home(empty: Path) -> Generator[Home]:
    """A real home without files."""
    home = Home.at(empty).open()
    yield home
    head = hash_chain.head_of(home.receipts)
    for path in (home.receipts, head, chain_heads.copy_of(head)):
        path.unlink(missing_ok=True)
    for folder in (home.inbox, home.quarantine, home.received, home.raw):
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()


@pytest.fixture
def instance() -> Generator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture(autouse=True)
def _old_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MINIMUM_AGE_SECONDS", 0.0)


def drop(home: Home, name: str, data: bytes) -> Path:
    path = home.inbox / SOURCE / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


def looked(home: Home, instance: dg.DagsterInstance, cursor: str | None = None) -> dg.SensorResult:
    definitions = build_definitions(BuildContext(home))
    context = dg.build_sensor_context(instance=instance, definitions=definitions, cursor=cursor)
    answer = definitions.get_repository_def().get_sensor_def("inbox")(context)
    assert isinstance(answer, dg.SensorResult)
    return answer


def test_a_dropped_file_is_taken_at_the_second_look_and_lands_in_the_run_that_is_asked_for(
    home: Home, instance: dg.DagsterInstance
) -> None:
    dropped = drop(home, "export.xlsx", xlsx({"القضايا": cases(case(1))}))
    first = looked(home, instance)
    assert (first.run_requests, receipts.read_receipts(home)) == ([], [])
    second = looked(home, instance, first.cursor)
    submission = receipts.read_receipts(home)[0].submission
    assert [request.run_key for request in second.run_requests or ()] == [submission]
    assert dropped.with_name("export.xlsx.receipt.json").exists()

    job = build_definitions(BuildContext(home)).resolve_job_def("land")
    outcome = job.execute_in_process(instance=instance)
    assert outcome.success
    assert getattr(landed_submission(home, receipts.read_receipts(home)[0]), "periods", None) == {"cases": {"2024": 1}}
    assert looked(home, instance, second.cursor).run_requests == []


def test_a_submission_whose_run_was_never_asked_for_is_asked_for_with_the_same_key(
    home: Home, instance: dg.DagsterInstance
) -> None:
    dropped = drop(home, "export.xlsx", xlsx({"القضايا": cases(case(1))}))
    landing.receive(home, SOURCE, dropped)  # on the command line, or just before a crash
    keys = [[one.run_key for one in looked(home, instance).run_requests or ()] for _ in range(2)]
    assert keys == [[receipts.read_receipts(home)[0].submission]] * 2


def test_a_refused_file_asks_for_nothing_and_no_name_enters_cursor_or_log(
    home: Home, instance: dg.DagsterInstance, capfd: pytest.CaptureFixture[str]
) -> None:
    drop(home, f"{NAME}.xlsx", xlsx({"الضحايا": victims(victim(1, case=NAME))}))
    first = looked(home, instance)
    second = looked(home, instance, first.cursor)
    assert second.run_requests == []
    assert receipts.read_receipts(home)[0].verdict == "refused"
    printed = "".join(capfd.readouterr())
    kept = "".join(str(json.loads(answer.cursor or "{}")) for answer in (first, second))
    assert NAME not in printed + kept


def test_what_is_overdue_is_told_once_a_day_without_a_file(home: Home, instance: dg.DagsterInstance) -> None:
    first = looked(home, instance)
    told = {event.asset_key.to_user_string(): event for event in first.asset_events or ()}
    authorities = {f"landed_{name}" for name in source_names() if load_source(name).kind == "authority"}
    assert set(told) == authorities | {"receipts", "figures_of_others", "adopted_standards", "editors_files"}
    event = told[f"landed_{SOURCE}"]
    assert isinstance(event, dg.AssetCheckEvaluation)
    assert (event.passed, event.severity, event.check_name) == (False, dg.AssetCheckSeverity.WARN, "nothing_is_overdue")
    assert "2016" in str(event.metadata["overdue"].value)
    for one in first.asset_events or ():
        instance.report_runless_asset_event(one)
    assert not looked(home, instance, first.cursor).asset_events


def test_what_is_overdue_is_a_warning_of_the_landing_that_stops_nothing(
    home: Home, instance: dg.DagsterInstance
) -> None:
    outcome = build_definitions(BuildContext(home)).resolve_job_def("land").execute_in_process(instance=instance)
    found = {one.asset_key.path[-1]: one for one in outcome.get_asset_check_evaluations()}
    assert outcome.success
    assert (found[f"landed_{SOURCE}"].passed, found[f"landed_{SOURCE}"].severity) == (False, dg.AssetCheckSeverity.WARN)


def test_an_invented_home_takes_nothing(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    home = Home.at(tmp_path).open(invented=True)
    drop(home, "export.xlsx", xlsx({"القضايا": cases(case(1))}))
    skipped = looked(home, instance).skip_reason
    assert skipped
    assert "invented" in (skipped.skip_message or "")
    assert receipts.read_receipts(home) == []
