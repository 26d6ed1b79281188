"""The nightly build is off until it is switched on, and runs only where something before a release is stale."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from assets import stages
from assets.house import BuildContext
from assets.nightly_build import nightly_build
from ingestion.home import Home

JOB = dg.define_asset_job("build")
RELEASES = stages.STAGE_NAMES.index("releases")


@pytest.fixture
def schedule(tmp_path: Path) -> dg.ScheduleDefinition:
    return nightly_build(BuildContext(Home.at(tmp_path / "home").open(invented=True)), JOB)


def test_the_schedule_is_off_until_somebody_switches_it_on(schedule: dg.ScheduleDefinition) -> None:
    assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED


@pytest.mark.parametrize(
    ("first", "is_asked"),
    [(0, True), (RELEASES - 1, True), (RELEASES, False), (RELEASES + 1, False), (None, False)],
)
def test_a_night_asks_for_a_run_where_something_before_the_releases_is_stale(
    schedule: dg.ScheduleDefinition, monkeypatch: pytest.MonkeyPatch, first: int | None, is_asked: bool
) -> None:
    monkeypatch.setattr(stages, "stale_from", lambda _home: first)
    answer = schedule(dg.build_schedule_context())
    assert isinstance(answer, dg.RunRequest if is_asked else dg.SkipReason)
