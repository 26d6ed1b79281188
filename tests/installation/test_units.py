"""The services: what they call is a command of ours, what they may touch is little, and systemd can read them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from marsad.command import app

HOUSE = Path(__file__).resolve().parents[2]
UNITS = HOUSE / "installation" / "units"
SERVICES = sorted(UNITS.glob("*.service"))
PROGRAM = "/opt/marsad/current/.venv/bin/marsad"


def _settings(service: Path) -> list[str]:
    """The lines that count for a service: its own after those of every `marsad-` service."""
    shared = (UNITS / "marsad-.service.d" / "hardened.conf").read_text(encoding="utf-8")
    return [*shared.splitlines(), *service.read_text(encoding="utf-8").splitlines()]


def _command_of(service: Path) -> list[str]:
    calls = [line.partition("=")[2].split() for line in _settings(service) if line.startswith("ExecStart=")]
    assert len(calls) == 1
    assert calls[0][0] == PROGRAM
    return calls[0][1:]


def test_there_is_a_service_for_inbox_interface_and_backup() -> None:
    assert [path.stem for path in SERVICES] == ["marsad-backup", "marsad-inbox", "marsad-ui"]


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_the_command_that_a_service_calls_exists_with_these_words(service: Path) -> None:
    command = typer.main.get_command(app)
    name, *words = _command_of(service)
    assert isinstance(command, TyperGroup)
    found = command.commands[name]
    found.make_context(name, list(words))  # an unknown option or a word too many is a usage error


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_a_service_may_write_in_the_home_alone_and_has_a_limit_of_memory(service: Path) -> None:
    lines = _settings(service)
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "CapabilityBoundingSet="} <= set(lines)
    places = [line.partition("=")[2] for line in lines if line.startswith("ReadWritePaths=")]
    assert places == ["/srv/marsad/home", *(["/srv/marsad-backup"] if service.stem == "marsad-backup" else [])]
    assert sum(line.startswith("MemoryMax=") for line in lines) == 1


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_only_the_interface_has_a_network_and_only_this_machines_own(service: Path) -> None:
    lines = set(_settings(service))
    alone = {"PrivateNetwork=yes", "RestrictAddressFamilies=AF_UNIX"}
    if service.stem == "marsad-ui":
        assert not lines & alone
        assert {"IPAddressDeny=any", "IPAddressAllow=localhost"} <= lines
    else:
        assert alone <= lines


def test_the_interface_is_started_by_hand_and_the_others_by_their_timers() -> None:
    names = sorted(path.name for path in UNITS.glob("*.*") if path.is_file() and "[Install]" in path.read_text("utf-8"))
    assert names == ["marsad-backup.timer", "marsad-inbox.timer"]
    page = (UNITS.parents[1] / "docs" / "offline.md").read_text(encoding="utf-8")
    enabled = {word for line in page.splitlines() if "systemctl enable" in line for word in line.split()[3:]}
    assert enabled == set(names)


@pytest.mark.needs_systemd
def test_systemd_reads_every_unit_without_a_word(tmp_path: Path) -> None:
    copied = shutil.copytree(UNITS, tmp_path / "units")
    program = tmp_path / "marsad"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for service in copied.glob("*.service"):
        service.write_text(re.sub(re.escape(PROGRAM), str(program), service.read_text(encoding="utf-8")))
    units = [str(path) for path in copied.glob("*.*") if path.is_file()]
    assert len(units) == 5
    answer = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        env={"SYSTEMD_UNIT_PATH": f"{copied}:", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, [line for line in answer.stderr.splitlines() if "marsad" in line]) == (0, [])
