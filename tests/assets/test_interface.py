"""The interface ends itself and all that it started, also when a script started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assets import interface
from assets.runs import dead_runs
from ingestion.home import Home
from languages.refusal import Refusal

SERVERS = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGINT, lambda *_: None if {is_stubborn} else sys.exit(0))
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path({told!r}).write_text(f"{{child.pid}} {{__import__('os').getpid()}}")
time.sleep(600)
"""
"""Stands for Dagster: a server with a child of its own, which leaves it behind, and which may not hear SIGINT."""

STARTED_FROM_A_SCRIPT = """
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell has it for what it starts in the background
from assets import interface
from ingestion.home import Home
interface.servers_at = lambda port: [sys.executable, "-c", {servers!r}]
interface._SECONDS_TO_END = 1
interface._fail_dead_runs = lambda home: None
sys.exit(interface.serve(Home.at(Path({home!r})), 1))
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open(invented=True)


def _start(home: Home, told: Path, *, is_stubborn: bool = False) -> tuple[subprocess.Popen[bytes], list[int]]:
    servers = SERVERS.format(told=str(told), is_stubborn=is_stubborn)
    script = STARTED_FROM_A_SCRIPT.format(servers=servers, home=str(home.root))
    process = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)
    deadline = time.monotonic() + 120
    while not (told.exists() and told.read_text()):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return process, [int(number) for number in told.read_text().split()]


def _is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{number}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")  # nobody buried it yet


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_interface_and_all_that_it_started(home: Home, tmp_path: Path, number: int) -> None:
    process, started = _start(home, tmp_path / "told", is_stubborn=number == signal.SIGTERM)
    assert dead_runs.is_interface_up(home)
    process.send_signal(number)
    assert process.wait(60) == 0
    assert [one for one in started if _is_alive(one)] == []
    assert not dead_runs.is_interface_up(home)


def test_servers_that_end_by_themselves_end_the_interface_with_their_exit_code(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interface, "servers_at", lambda _port: [sys.executable, "-c", "raise SystemExit(3)"])
    monkeypatch.setattr(interface, "_fail_dead_runs", lambda _home: None)
    monkeypatch.setenv("MARSAD_HOME", "")
    monkeypatch.setenv("DAGSTER_HOME", "")
    before = signal.getsignal(signal.SIGINT)
    assert interface.serve(home, 1) == 3
    assert signal.getsignal(signal.SIGINT) == before


def test_a_home_has_one_interface(home: Home, tmp_path: Path) -> None:
    process, _ = _start(home, tmp_path / "told")
    try:
        with pytest.raises(Refusal) as refused:
            interface.serve(home, 1)
        holder = f"marsad ui, process {process.pid}"
        assert (refused.value.code, refused.value.arguments["holder"]) == ("lock_held", holder)
    finally:
        process.terminate()
        process.wait(60)


def test_the_servers_are_dagsters_own_on_this_machine_only() -> None:
    assert interface.servers_at(3000)[1:7] == ["-m", "dagster", "dev", "-h", "127.0.0.1", "-p"]
