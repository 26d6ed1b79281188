"""Two processes give what one gives; a refusal comes back as itself, and a process that dies refuses the whole step."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from expectations.cards.cells import read_parquet
from expectations.cards.release_scheme import Scheme
from expectations.gate import disclosure_audit
from expectations.protection import parallel_blocks, protect_datasets
from ingestion.home import Home
from languages.refusal import Refusal
from tests.expectations import toy_home
from tests.expectations.refusing import refuse

T = TypeVar("T")
DATASETS = ("four_ps_governorate", "four_ps_national")


def sized(tasks: Sequence[T], sizes: Sequence[int] = (1, 1)) -> list[parallel_blocks.Sized[T]]:
    """The tasks as they arrive: the largest first."""
    arriving = [
        parallel_blocks.Sized(place, task, size) for place, (task, size) in enumerate(zip(tasks, sizes, strict=True))
    ]
    return sorted(arriving, key=lambda one: -one.size)


def _bytes(home: Home) -> dict[str, bytes]:
    return {
        f"{name}/{file}": data for name in DATASETS for file, data in protect_datasets.final_bytes(home, name).items()
    }


def _examined(home: Home, count: int) -> disclosure_audit.JointAudit:
    frames = {name: read_parquet(protect_datasets.final_bytes(home, name)["data.parquet"]) for name in DATASETS}
    return disclosure_audit.examine_final(home, Scheme.read_scheme(home), frames, workers=count)


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
    in_order = disclosure_audit.run_in_order

    def count(work: object, arriving: Iterable[object], **named: object) -> object:
        tasks = list(arriving)
        asked.append(len(tasks))
        return in_order(work, tasks, **named)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(disclosure_audit, "run_in_order", count)
    assert _examined(protected, 2) == first
    country = toy_home.Country()
    country.add(12, year="2023", sex="F", age="Y_GE18", form="SEXUAL")
    toy_home.build(protected, country)
    _examined(protected, 2)
    assert asked == [0, 1]


def test_answers_come_in_the_order_of_the_tasks_though_the_largest_is_begun_first():
    assert list(parallel_blocks.run_in_order(abs, sized([-3, 1, -2], [1, 9, 5]), where="here", workers=2)) == [3, 1, 2]


def test_a_refusal_keeps_its_code_place_and_arguments_on_the_way():
    said = pickle.loads(pickle.dumps(Refusal("file_missing", where="there", count=3)))  # noqa: S301
    assert (said.code, said.where, said.arguments) == ("file_missing", "there", {"count": 3})
    assert str(said) == "file_missing: there"
    for count in (1, 2):
        with pytest.raises(Refusal) as refusal:
            list(parallel_blocks.run_in_order(refuse, sized([7, 8]), where="here", workers=count))
        assert (refusal.value.code, refusal.value.where) == ("rounding_impossible", "block 7")
        assert refusal.value.arguments == {"number": 7}


def test_a_process_that_is_killed_refuses_the_step_by_name():
    with pytest.raises(Refusal) as refusal:
        list(
            parallel_blocks.run_in_order(
                signal.raise_signal, sized([signal.SIGKILL, signal.SIGKILL]), where="here", workers=2
            )
        )
    assert (refusal.value.code, refusal.value.where) == ("worker_lost", "here")


@pytest.mark.parametrize(
    "interrupt",
    [
        lambda: os.kill(os.getpid(), signal.SIGINT),
        lambda: signal.pthread_kill(threading.get_ident(), signal.SIGINT),  # the thread that waits hears nothing of it
    ],
    ids=["the process", "another thread"],
)
def test_a_step_that_is_stopped_ends_at_once_and_leaves_no_process(interrupt: Callable[[], None]):
    before = {child.pid for child in multiprocessing.active_children()}
    begun = time.monotonic()
    threading.Timer(2, interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        list(parallel_blocks.run_in_order(time.sleep, sized([60, 60]), where="here", workers=2))
    assert time.monotonic() - begun < 50
    assert {child.pid for child in multiprocessing.active_children()} <= before


def test_a_task_is_begun_before_the_last_has_arrived_and_the_caller_works_meanwhile(tmp_path: Path):
    def arriving() -> Iterator[parallel_blocks.Sized[Path]]:
        for place in range(3):
            yield parallel_blocks.Sized(place, tmp_path / str(place), 1)
            if place == 1:
                wait_for(tmp_path / "0")

    heard: list[str] = []
    found = parallel_blocks.run_in_order(
        Path.touch, arriving(), where="here", workers=2, meanwhile=lambda: heard.append("-")
    )
    assert len(list(found)) == 3
    assert heard == ["-"]


def wait_for(path: Path) -> None:
    ends = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < ends, "nothing was begun before all had arrived"
        time.sleep(0.05)


@pytest.mark.parametrize("sizes", [[], [5], [5, parallel_blocks.WORTH - 1]])
def test_without_another_process_nothing_is_done_meanwhile(sizes: list[int]):
    def never() -> None:
        raise AssertionError

    tasks = list(range(len(sizes)))
    assert list(parallel_blocks.run_in_order(abs, sized(tasks, sizes), where="here", meanwhile=never)) == tasks


def test_no_process_is_started_for_little_work_or_on_one_core(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parallel_blocks, "cores", lambda: 4)
    assert parallel_blocks.workers_for([]) == 1
    assert parallel_blocks.workers_for([1_000_000, parallel_blocks.WORTH - 1]) == 1
    assert parallel_blocks.workers_for([5_000, parallel_blocks.WORTH]) == 2
    assert parallel_blocks.workers_for([5_000] * 30) == 4
    monkeypatch.setattr(parallel_blocks, "cores", lambda: 1)
    assert parallel_blocks.workers_for([5_000] * 30) == 1


def test_a_process_that_has_answered_is_gone_before_anybody_asks():
    before = set(multiprocessing.active_children())
    apart = parallel_blocks.Apart(_own_number, 0, where="a task")
    [process] = set(multiprocessing.active_children()) - before
    process.join(60)
    assert not process.is_alive()
    assert apart.answer() == process.pid


ORPHANS = """
import multiprocessing, sys, threading, time
from expectations.protection import parallel_blocks

def tell():
    while len(multiprocessing.active_children()) < 2:
        time.sleep(0.05)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)

threading.Thread(target=tell).start()
tasks = [parallel_blocks.Sized(place, 600, 1) for place in range(2)]
list(parallel_blocks.run_in_order(time.sleep, tasks, where="here", workers=2))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which processes are left")
def test_processes_end_with_a_parent_that_is_killed():
    with subprocess.Popen([sys.executable, "-c", ORPHANS], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        workers = [Path("/proc", number) for number in parent.stdout.readline().split()]
        parent.kill()
    ends = time.monotonic() + 60
    while any(worker.exists() for worker in workers):
        assert time.monotonic() < ends, "a process works on for nobody"
        time.sleep(0.1)
    assert len(workers) == 2


def _own_number(_: int) -> int:
    return os.getpid()
