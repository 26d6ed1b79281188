"""Runs whose process is gone do not stand in the way of those that follow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import pytest

from assets.dead_runs import OURS, fail_dead_runs


@dg.job(name="build")
def empty_build() -> None:
    """A job that Dagster itself launches."""


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as found:
        yield found


def _run(instance: dg.DagsterInstance, status: dg.DagsterRunStatus, tags: dict[str, str]) -> dg.DagsterRun:
    return instance.create_run_for_job(empty_build, status=status, tags=tags)


def _status(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    found = instance.get_run_by_id(run.run_id)
    assert found
    return found.status


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED])
def test_a_killed_run_of_a_command_is_marked_as_failed(
    instance: dg.DagsterInstance, status: dg.DagsterRunStatus
) -> None:
    killed = _run(instance, status, OURS)
    assert fail_dead_runs(instance) == [killed.run_id]
    assert _status(instance, killed) == dg.DagsterRunStatus.FAILURE
    assert fail_dead_runs(instance) == []


def test_a_run_that_dagster_launched_is_dead_once_it_has_begun_and_a_build_holds_the_lock(
    instance: dg.DagsterInstance,
) -> None:
    launched = _run(instance, dg.DagsterRunStatus.STARTED, {})
    assert fail_dead_runs(instance) == [launched.run_id]


def test_a_run_that_has_not_begun_is_not_dead(instance: dg.DagsterInstance) -> None:
    waiting = _run(instance, dg.DagsterRunStatus.NOT_STARTED, {})
    assert fail_dead_runs(instance) == []
    assert _status(instance, waiting) == dg.DagsterRunStatus.NOT_STARTED


def test_a_run_that_waits_in_the_queue_is_not_dead() -> None:
    """Only Dagster's own servers put a run into the queue, so that this one is told by a stand-in."""
    asked: list[dg.DagsterRunStatus] = []
    queued = SimpleNamespace(status=dg.DagsterRunStatus.QUEUED, tags={}, run_id="queued")

    def get_runs(wanted: dg.RunsFilter) -> list[SimpleNamespace]:
        asked.extend(wanted.statuses)
        return [queued]

    house = SimpleNamespace(get_runs=get_runs, report_run_failed=lambda *_: pytest.fail("marked"))
    assert fail_dead_runs(house) == []  # pyright: ignore[reportArgumentType]
    assert dg.DagsterRunStatus.QUEUED in asked


def test_a_run_that_ended_stays_as_it_ended(instance: dg.DagsterInstance) -> None:
    ended = _run(instance, dg.DagsterRunStatus.SUCCESS, OURS)
    assert fail_dead_runs(instance) == []
    assert _status(instance, ended) == dg.DagsterRunStatus.SUCCESS
