"""The demo in two processes: what the rounds tell is told, what stops them is raised, and none is left alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words
from marsad import demo_processes, demonstration

PASSING, FAILING, REFUSED, KILLED, LONG = 2, 3, 4, 5, 6
"""Years of the country, by which the rounds of these tests are told what to do."""
LOADED = "colorsys"  # a module that nobody else asks for


def rounds(home: Home, years: int, tag: str, sender: Connection) -> None:
    """Stands for the rounds, in the other process."""
    sender.send(f"round of {tag}, not of {os.getpid()}")
    if years == REFUSED:
        sender.send(Refusal("demo_of_other_years", where=str(home.root), found="2020", asked="2021"))
    elif years == LONG:
        time.sleep(60)
    elif years != KILLED:
        sender.send(None)
        sender.send(years == PASSING)


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The homes whose report was asked for."""
    found: list[Path] = []
    monkeypatch.setattr(demo_processes, "_tell_rounds", rounds)
    monkeypatch.setattr(demo_processes, "_FOR_REPORTS", (LOADED,))
    monkeypatch.setattr(demonstration, "report", lambda home, *_: not found.append(home.root))
    return found


def _run(root: Path, years: int, told: list[str]) -> bool:
    return demo_processes.run(Home.at(root), years, Words.load("en"), told.append)


def test_the_rounds_are_told_and_reported_here_where_what_that_needs_was_loaded_meanwhile(
    reported: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delitem(sys.modules, LOADED, raising=False)
    told: list[str] = []
    assert _run(tmp_path, PASSING, told)
    assert len(told) == 1
    assert told[0].startswith("round of en")
    assert not told[0].endswith(str(os.getpid()))
    assert LOADED in sys.modules
    assert reported == [tmp_path]


def test_rounds_that_did_not_go_through_are_not_reported(reported: list[Path], tmp_path: Path):
    assert not _run(tmp_path, FAILING, [])
    assert not reported


@pytest.mark.parametrize(("years", "code"), [(REFUSED, "demo_of_other_years"), (KILLED, "worker_lost")])
def test_what_stops_the_rounds_is_raised_here(reported: list[Path], tmp_path: Path, years: int, code: str):
    with pytest.raises(Refusal, match=code):
        _run(tmp_path, years, [])
    assert not reported


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_demo_that_is_stopped_ends_its_rounds_and_says_so(reported: list[Path], tmp_path: Path, number: int):
    before = set(multiprocessing.active_children())

    def stop(_step: str) -> None:
        os.kill(os.getpid(), number)

    with pytest.raises(Refusal, match="command_stopped") as stopped:
        demo_processes.run(Home.at(tmp_path), LONG, Words.load("en"), stop)
    assert stopped.value.arguments["signal"] == number
    assert set(multiprocessing.active_children()) <= before
    assert not reported
