"""Two processes give what one gives; a refusal comes back as itself, and a process that dies refuses the whole step."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import signal
import threading
import time

import pytest

from expectations.cards.cells import read_parquet
from expectations.cards.release_scheme import Scheme
from expectations.gate import disclosure_audit
from expectations.protection import parallel_blocks, protect_datasets
from ingestion.home import Home
from languages.refusal import Refusal
from tests.expectations import toy_home
from tests.expectations.refusing import begun_by, refuse

DATASETS = ("four_ps_governorate", "four_ps_national")


def _bytes(home: Home) -> dict[str, bytes]:
    return {
        f"{name}/{file}": data for name in DATASETS for file, data in protect_datasets.final_bytes(home, name).items()
    }


def _examined(home: Home, count: int) -> disclosure_audit.JointAudit:
    frames = {name: read_parquet(protect_datasets.final_bytes(home, name)["data.parquet"]) for name in DATASETS}
    return disclosure_audit.examine_final(home, Scheme.of(home), frames, workers=count)


def test_one_process_and_two_give_the_same_bytes_and_the_same_audit(protected: Home):
    other = Home(protected.root.with_name("other"))
    shutil.copytree(protected.root, other.root)
    heard: dict[int, list[str]] = {1: [], 2: []}
    for home, count in ((protected, 1), (other, 2)):
        protect_datasets.protect(home, heard[count].append, workers=count)
    assert len(heard[1]) == 4
    assert heard[1] == heard[2]
    assert _bytes(protected) == _bytes(other)
    assert protect_datasets.last_report(protected) == protect_datasets.last_report(other)
    assert _examined(protected, 1) == _examined(other, 2)
    assert (protected.candidates / "audit.json").read_bytes() == (other.candidates / "audit.json").read_bytes()


def test_workers_are_asked_nothing_that_was_answered_before(protected: Home, monkeypatch: pytest.MonkeyPatch):
    first = _examined(protected, 1)
    asked: list[int] = []
    in_order = disclosure_audit.in_order

    def count(work: object, tasks: list[object], *given: object, **named: object) -> object:
        asked.append(len(tasks))
        return in_order(work, tasks, *given, **named)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(disclosure_audit, "in_order", count)
    assert _examined(protected, 2) == first
    country = toy_home.Country()
    country.add(12, year="2023", sex="F", age="Y_GE18", form="SEXUAL")
    toy_home.build(protected, country)
    _examined(protected, 2)
    assert asked == [0, 1]


def test_answers_come_in_the_order_of_the_tasks_though_the_largest_is_begun_first():
    assert list(parallel_blocks.in_order(abs, [-3, 1, -2], [1, 9, 5], where="here", workers=2)) == [3, 1, 2]


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="no server on this system")
def test_one_server_begins_the_processes_of_all_steps_of_a_build():
    steps = [list(parallel_blocks.in_order(begun_by, [1, 2], [1, 1], where="here", workers=2)) for _ in range(2)]
    servers = {server for answers in steps for server in answers}
    assert len(servers) == 1
    assert os.getpid() not in servers


def test_a_refusal_keeps_its_code_place_and_arguments_on_the_way():
    said = pickle.loads(pickle.dumps(Refusal("file_missing", where="there", count=3)))  # noqa: S301
    assert (said.code, said.where, said.arguments) == ("file_missing", "there", {"count": 3})
    assert str(said) == "file_missing: there"
    for count in (1, 2):
        with pytest.raises(Refusal) as refusal:
            list(parallel_blocks.in_order(refuse, [7, 8], [1, 1], where="here", workers=count))
        assert (refusal.value.code, refusal.value.where) == ("rounding_impossible", "block 7")
        assert refusal.value.arguments == {"number": 7}


def test_a_process_that_is_killed_refuses_the_step_by_name():
    with pytest.raises(Refusal) as refusal:
        list(
            parallel_blocks.in_order(
                signal.raise_signal, [signal.SIGKILL, signal.SIGKILL], [1, 1], where="here", workers=2
            )
        )
    assert (refusal.value.code, refusal.value.where) == ("worker_lost", "here")


def test_a_step_that_is_stopped_ends_at_once_and_leaves_no_process():
    before = {child.pid for child in multiprocessing.active_children()}
    begun = time.monotonic()
    threading.Timer(2, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        list(parallel_blocks.in_order(time.sleep, [60, 60], [1, 1], where="here", workers=2))
    assert time.monotonic() - begun < 50
    assert {child.pid for child in multiprocessing.active_children()} <= before


def test_no_process_is_started_for_little_work_or_on_one_core(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parallel_blocks, "cores", lambda: 4)
    assert parallel_blocks.workers_for([]) == 1
    assert parallel_blocks.workers_for([1_000_000, parallel_blocks.WORTH - 1]) == 1
    assert parallel_blocks.workers_for([5_000, parallel_blocks.WORTH]) == 2
    assert parallel_blocks.workers_for([5_000] * 30) == 4
    monkeypatch.setattr(parallel_blocks, "cores", lambda: 1)
    assert parallel_blocks.workers_for([5_000] * 30) == 1
