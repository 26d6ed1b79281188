"""The interface ends itself and all that it started, also when a script started it."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from assets import dead_runs
from assets.interface import servers
from ingestion import hash_chain
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
from assets.interface import servers
from ingestion.home import Home
servers.code_server_at = lambda address: [sys.executable, "-c", {servers!r}]
servers._SECONDS_TO_END = 1
servers._fail_dead_runs = lambda home: None
sys.exit(servers.serve(Home.at(Path({home!r})), 0, language="en", can_run=False, announce=print))
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open(invented=True)


def _start(home: Home, told: Path, *, is_stubborn: bool = False) -> tuple[subprocess.Popen[bytes], list[int]]:
    code_server = SERVERS.format(told=str(told), is_stubborn=is_stubborn)
    script = STARTED_FROM_A_SCRIPT.format(servers=code_server, home=str(home.root))
    process = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)
    deadline = time.monotonic() + 120
    while not (told.exists() and told.read_text()):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return process, [int(number) for number in told.read_text().split()]


def _serve(home: Home) -> int:
    return servers.serve(home, 0, language="en", can_run=False, announce=lambda _address: None)


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
    monkeypatch.setattr(servers, "code_server_at", lambda _address: [sys.executable, "-c", "raise SystemExit(3)"])
    monkeypatch.setattr(servers, "_fail_dead_runs", lambda _home: None)
    monkeypatch.setenv("MARSAD_HOME", "")
    monkeypatch.setenv("DAGSTER_HOME", "")
    before = signal.getsignal(signal.SIGINT)
    assert _serve(home) == 3
    assert signal.getsignal(signal.SIGINT) == before


def test_a_home_has_one_interface(home: Home, tmp_path: Path) -> None:
    process, _ = _start(home, tmp_path / "told")
    try:
        with pytest.raises(Refusal) as refused:
            _serve(home)
        holder = f"marsad ui, process {process.pid}"
        assert (refused.value.code, refused.value.arguments["holder"]) == ("lock_held", holder)
    finally:
        process.terminate()
        process.wait(60)


def test_a_port_that_another_program_has_is_refused_before_anything_starts(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "code_server_at", lambda _address: pytest.fail("started"))
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(Refusal) as refused:
        servers.serve(home, other.getsockname()[1], language="en", can_run=False, announce=pytest.fail)
    assert refused.value.code == "port_taken"


def test_an_interface_that_could_log_nobody_does_not_start(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(hash_chain, "append_line", refuse)
    monkeypatch.setattr(servers, "_start_server", lambda *_arguments, **_named: pytest.fail("started"))
    with pytest.raises(Refusal) as refused:
        _serve(home)
    assert refused.value.code == "look_not_logged"


@pytest.mark.parametrize("ending", ["code server", "web application"])
def test_one_server_that_ends_ends_the_others(home: Home, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    ends, stays = [sys.executable, "-c", "raise SystemExit(5)"], [sys.executable, "-c", "import time; time.sleep(600)"]
    at_once = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
    started: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def remembered(*words: Any, **settings: Any) -> subprocess.Popen[bytes]:  # noqa: ANN401 - as Popen takes them
        started.append(start(*words, **settings))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", remembered)
    monkeypatch.setattr(
        servers,
        "code_server_at",
        lambda at: ends if ending == "code server" else [sys.executable, "-c", at_once, str(at)],
    )
    monkeypatch.setattr(servers, "daemon_of", lambda _folder: stays)
    monkeypatch.setattr(servers, "web_app", lambda: ends)
    monkeypatch.setattr(servers, "_fail_dead_runs", lambda _home: None)
    monkeypatch.setattr(servers, "_SECONDS_TO_END", 1)
    monkeypatch.setenv("MARSAD_HOME", "")
    monkeypatch.setenv("DAGSTER_HOME", "")
    before = os.environ.get("TMPDIR")
    assert _serve(home) == 5
    assert len(started) == (1 if ending == "code server" else 3)
    assert [server.poll() for server in started if server.poll() is None] == []
    assert os.environ.get("TMPDIR") == before
