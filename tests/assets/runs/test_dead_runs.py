"""Runs whose process is gone do not stand in the way of those that follow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._core.test_utils import create_run_for_test

from assets.runs.dead_runs import OURS, fail_dead_runs

PLACE = RemoteJobOrigin(RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("here"), "house"), "build")
LAUNCHED = {GRPC_INFO_TAG: "{}"}


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.local_temp(str(tmp_path)) as found:
        yield found


def _run(instance: dg.DagsterInstance, status: dg.DagsterRunStatus, tags: dict[str, str]) -> dg.DagsterRun:
    return create_run_for_test(instance, job_name="build", status=status, tags=tags, remote_job_origin=PLACE)


def _status(instance: dg.DagsterInstance, run: dg.DagsterRun) -> dg.DagsterRunStatus:
    found = instance.get_run_by_id(run.run_id)
    assert found
    return found.status


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED])
def test_a_killed_run_of_a_command_is_marked_as_failed(
    instance: dg.DagsterInstance, status: dg.DagsterRunStatus
) -> None:
    killed = _run(instance, status, OURS)
    assert fail_dead_runs(instance, is_interface_up=True) == [killed.run_id]
    assert _status(instance, killed) == dg.DagsterRunStatus.FAILURE
    assert fail_dead_runs(instance, is_interface_up=True) == []


def test_a_killed_run_of_an_older_house_has_no_tag_and_is_marked_too(instance: dg.DagsterInstance) -> None:
    killed = _run(instance, dg.DagsterRunStatus.STARTED, {})
    assert fail_dead_runs(instance, is_interface_up=True) == [killed.run_id]


def test_a_run_of_the_interface_is_dead_when_no_interface_is_up(instance: dg.DagsterInstance) -> None:
    launched = _run(instance, dg.DagsterRunStatus.STARTED, LAUNCHED)
    assert fail_dead_runs(instance, is_interface_up=True) == []
    assert fail_dead_runs(instance, is_interface_up=False) == [launched.run_id]


@pytest.mark.parametrize("status", [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED])
def test_a_run_that_waits_for_its_turn_is_not_dead(instance: dg.DagsterInstance, status: dg.DagsterRunStatus) -> None:
    waiting = _run(instance, status, {})
    assert fail_dead_runs(instance, is_interface_up=False) == []
    assert _status(instance, waiting) == status


def test_a_run_that_ended_stays_as_it_ended(instance: dg.DagsterInstance) -> None:
    ended = _run(instance, dg.DagsterRunStatus.SUCCESS, OURS)
    assert fail_dead_runs(instance, is_interface_up=False) == []
    assert _status(instance, ended) == dg.DagsterRunStatus.SUCCESS
