"""The services: what they call is a command of ours, what they may touch is little, and systemd can read them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from desk.start import app as desk
from marsad.command import app

HOUSE = Path(__file__).resolve().parents[2]
UNITS = HOUSE / "installation" / "units"
SERVICES = sorted(UNITS.glob("*.service"))
BIN = "/opt/marsad/current/.venv/bin"
APPS = {"marsad": app, "marsad-desk": desk}


def _settings(service: Path) -> list[str]:
    """The lines that count for a service: its own after those of every `marsad-` service."""
    shared = (UNITS / "marsad-.service.d" / "hardened.conf").read_text(encoding="utf-8")
    return [*shared.splitlines(), *service.read_text(encoding="utf-8").splitlines()]


def _command_of(service: Path) -> tuple[str, list[str]]:
    """The program that a service calls, and its words: a variable counts as what the unit sets it to."""
    calls = [line.partition("=")[2].split() for line in _settings(service) if line.startswith("ExecStart=")]
    assert len(calls) == 1
    folder, _, program = calls[0][0].rpartition("/")
    assert folder == BIN
    variables = dict(line.split("=", 2)[1:] for line in _settings(service) if line.startswith("Environment="))
    return program, [variables[word[2:-1]] if word.startswith("${") else word for word in calls[0][1:]]


def test_there_is_a_service_for_backup_build_desk_and_inbox() -> None:
    assert [path.stem for path in SERVICES] == ["marsad-backup", "marsad-build", "marsad-desk", "marsad-inbox"]


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.stem)
def test_the_command_that_a_service_calls_exists_with_these_words(service: Path) -> None:
    program, (name, *words) = _command_of(service)
    command = typer.main.get_command(APPS[program])
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
def test_no_service_has_a_network(service: Path) -> None:
    assert {"PrivateNetwork=yes", "RestrictAddressFamilies=AF_UNIX"} <= set(_settings(service))


def test_the_desk_is_started_with_the_machine_and_the_others_by_their_timers() -> None:
    names = sorted(path.name for path in UNITS.glob("*.*") if path.is_file() and "[Install]" in path.read_text("utf-8"))
    assert names == ["marsad-backup.timer", "marsad-build.timer", "marsad-desk.service", "marsad-inbox.timer"]
    pages = [(HOUSE / "docs" / name).read_text(encoding="utf-8") for name in ("offline.md", "runbook.md")]
    lines = [line for page in pages for line in page.splitlines() if line.startswith("    systemctl enable")]
    enabled = {word for line in lines for word in line.split()[3:]}
    assert enabled == set(names)


def test_the_build_at_night_ends_before_anything_is_proposed_or_published() -> None:
    assert _command_of(UNITS / "marsad-build.service") == ("marsad", ["build", "--dry-run", "--wait", "7200"])


def test_the_desk_answers_a_proxy_and_holds_files_where_no_disk_gets_them() -> None:
    program, words = _command_of(UNITS / "marsad-desk.service")
    proxy = (UNITS.parent / "proxy" / "nginx.conf").read_text(encoding="utf-8")
    assert (program, words[0]) == ("marsad-desk", "serve")
    socket = words[words.index("--socket") + 1]
    assert f"http://unix:{socket};" in proxy
    assert {"RuntimeDirectoryMode=2750", f"RuntimeDirectory={Path(socket).parent.name}"} <= set(
        _settings(UNITS / "marsad-desk.service")
    )
    assert f"server_name {words[words.index('--host') + 1]};" in proxy
    assert {"PrivateTmp=yes", "LimitCORE=0", "MemorySwapMax=0"} <= set(_settings(UNITS / "marsad-desk.service"))


@pytest.mark.needs_systemd
def test_systemd_reads_every_unit_without_a_word(tmp_path: Path) -> None:
    copied = shutil.copytree(UNITS, tmp_path / "units")
    for name in APPS:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    for service in copied.glob("*.service"):
        service.write_text(service.read_text(encoding="utf-8").replace(BIN, str(tmp_path)))
    units = [str(path) for path in copied.glob("*.*") if path.is_file()]
    assert len(units) == 7
    answer = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        env={"SYSTEMD_UNIT_PATH": f"{copied}:", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (answer.returncode, [line for line in answer.stderr.splitlines() if "marsad" in line]) == (0, [])
