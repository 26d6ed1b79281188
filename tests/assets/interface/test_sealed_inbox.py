"""The real interface opens a sealed file of its inbox with a key that nobody else on the machine can read."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assets.interface import servers
from ingestion.home import Home
from ingestion.sealing.sealing_keys import SealingKey
from tests.assets.interface.listeners import family_of
from tests.conftest import HOUSE
from tests.ingestion.sealing.pairs import PASSPHRASE, give_pair, sealed
from tests.ingestion.workbooks import case, cases, xlsx

SOURCE = "iraq_interior_ministry"
SECONDS = 400  # on a busy machine


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.at(tmp_path / "home").open()


class _Terminal:
    """A command on a terminal, what it printed, and what is typed."""

    def __init__(self, home: Home, *words: str) -> None:
        self.screen = ""
        self._ours, theirs = pty.openpty()
        temporary = home.root.parent / "temporary"
        temporary.mkdir()
        own = {"MARSAD_HOME": str(home.root), "TMPDIR": str(temporary), "COLUMNS": "300"}
        self.process = subprocess.Popen(
            [str(Path(sys.executable).with_name("marsad")), *words],
            cwd=HOUSE,
            env=os.environ | own,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)

    def wait_for(self, happened: Callable[[], bool]) -> None:
        until = time.monotonic() + SECONDS
        while not happened():
            assert self.process.poll() is None, self.screen
            assert time.monotonic() < until, self.screen
            if select.select([self._ours], [], [], 0.3)[0]:
                self.screen += os.read(self._ours, 65536).decode(errors="replace")

    def type_line(self, text: str) -> None:
        os.write(self._ours, f"{text}\n".encode())

    def end(self) -> int:
        self.process.terminate()
        code = self.process.wait(60)
        os.close(self._ours)
        return code


def _parts_of(process: int) -> bytes:
    """What every account of this user may read of a process without looking into its memory."""
    return b"".join(Path(f"/proc/{process}/{part}").read_bytes() for part in ("environ", "cmdline"))


def test_a_sealed_file_is_taken_by_the_interface_and_its_key_stands_in_no_file_argument_or_environment(
    home: Home,
) -> None:
    key = give_pair(home)
    path = home.inbox / SOURCE / "a.xlsx.age"
    path.parent.mkdir()
    path.write_bytes(sealed(home, xlsx({"القضايا": cases(case(1))})))
    receipt = path.with_name("a.xlsx.age.receipt.json")
    terminal = _Terminal(home, "ui", "--port", "0")
    try:
        terminal.wait_for(lambda: terminal.screen.endswith(": "))
        terminal.type_line(PASSPHRASE)
        terminal.wait_for(lambda: "token=" in terminal.screen)
        terminal.wait_for(receipt.exists)
        family = family_of(terminal.process.pid)
        assert len(family) > 3  # the code server, the daemon, the web application
        secrets = (key.secret.encode(), PASSPHRASE.encode())
        assert [process for process in family if any(secret in _parts_of(process) for secret in secrets)] == []
        core = [Path(f"/proc/{process}/limits").read_text().partition("Max core file size")[2] for process in family]
        assert all(line.split()[:2] == ["0", "0"] for line in core)
        files = [one for one in home.root.parent.rglob("*") if one.is_file()]
        assert [one for one in files if any(secret in one.read_bytes() for secret in secrets)] == []
        assert PASSPHRASE not in terminal.screen
    finally:
        code = terminal.end()
    answer = json.loads(receipt.read_text(encoding="utf-8"))
    assert (answer["verdict"], answer["sealed"], code) == ("accepted", True, 0)


@pytest.mark.parametrize("key", [None, SealingKey("AGE-SECRET-KEY-1TEST")])
def test_the_code_server_alone_is_told_the_key_and_by_no_environment(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: SealingKey | None
) -> None:
    script = (
        "import os, pathlib, sys; from assets.interface import served_home\n"
        "key = served_home._key_from_parent(); again = served_home._key_from_parent()\n"
        f"pathlib.Path({str(tmp_path / 'told')!r}).write_text(f'{{key.secret if key else None}} {{key == again}} '\n"
        "    f'{any(\"SECRET\" in value for value in os.environ.values())}')\nraise SystemExit(3)"
    )
    monkeypatch.setattr(servers, "code_server_at", lambda _address: [sys.executable, "-c", script])
    monkeypatch.setattr(servers, "_fail_dead_runs", lambda _home: None)
    monkeypatch.setenv("MARSAD_HOME", "")
    monkeypatch.setenv("DAGSTER_HOME", "")
    assert servers.serve(home, 0, key, language="en", can_run=False, announce=lambda _address: None) == 3
    assert (tmp_path / "told").read_text() == f"{key.secret if key else None} True False"
