"""The archive for a room without a network names every file with its hash, and its installer believes nothing else.

A tiny house of wheels is enough for that; `python -m installation.offline_room` makes, installs and runs the whole.
"""

from __future__ import annotations

import hashlib
import importlib.util
import itertools
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

HOUSE = Path(__file__).resolve().parents[2]
VERSION = "0.1.0-4122d63e5f60"


@pytest.fixture(scope="module")
def bundling() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_bundle", HOUSE / "installation" / "write_bundle.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    (folder / "uv-0.13.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl").write_bytes(b"uv")
    (folder / "some_fonts-1.0-py3-none-any.whl").write_bytes(b"fonts")
    (folder / "notes.txt").write_bytes(b"no wheel")
    return folder


def _unpacked(bundling: ModuleType, wheels: Path, folder: Path) -> Path:
    archive = bundling.write_bundle(folder, VERSION, b"the project", wheels)
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / f"marsad-{VERSION}"


@pytest.fixture
def unpacked(bundling: ModuleType, wheels: Path, tmp_path: Path) -> Path:
    return _unpacked(bundling, wheels, tmp_path)


def _install(unpacked: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", unpacked / "install.sh", *words]
    variables = os.environ | {"MARSAD_PYTHON": sys.executable} | environment
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def test_the_same_commit_and_wheels_give_the_same_bytes_whatever_the_clock_says(
    bundling: ModuleType, wheels: Path, tmp_path: Path
) -> None:
    archives = []
    for name, day in (("one", 0), ("two", 1_000_000_000)):
        (tmp_path / name).mkdir()
        for path in wheels.iterdir():
            os.utime(path, (day, day))
        archives.append(bundling.write_bundle(tmp_path / name, VERSION, b"the project", wheels))
    assert archives[0].read_bytes() == archives[1].read_bytes()
    assert not list(tmp_path.glob("*/*.part"))


def test_the_archive_names_every_file_and_locks_each_wheel_by_its_own_hash(unpacked: Path) -> None:
    files = {path.relative_to(unpacked).as_posix(): path for path in unpacked.rglob("*") if path.is_file()}
    sums = dict(reversed(line.split("  ")) for line in files.pop("SHA256SUMS").read_text().splitlines())
    assert sums == {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    assert files.keys() - {"install.sh", "platform.txt", "project.tar", "wheels.lock"} == {
        "wheels/some_fonts-1.0-py3-none-any.whl",
        "wheels/uv-0.13.9-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    }
    locked = dict(line.split(" --hash=sha256:") for line in files["wheels.lock"].read_text().splitlines())
    contents = {"some_fonts==1.0": b"fonts", "uv==0.13.9": b"uv"}
    assert locked == {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}


def test_the_archive_holds_the_packages_of_the_command_and_of_the_desk(
    bundling: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[object]] = []
    monkeypatch.setattr(bundling.subprocess, "run", lambda words, **_options: commands.append(words))
    bundling.gather_wheels([HOUSE / lock for lock in bundling.LOCKS], tmp_path)
    [command] = commands
    locks = [Path(str(lock)).name for word, lock in itertools.pairwise(command) if word == "-r"]
    assert locks == ["requirements.lock", "requirements-desk.lock"]
    assert "--require-hashes" in command


@pytest.mark.parametrize(
    ("wheels", "glibc"),
    [
        (["a-1-py3-none-any.whl"], ""),
        (["a-1-cp311-cp311-manylinux_2_28_x86_64.whl", "b-1-cp311-cp311-manylinux_2_5_x86_64.whl"], "2.28"),
        (["a-1-cp311-cp311-manylinux_2_17_x86_64.manylinux_2_28_x86_64.whl"], "2.17"),
        (["a-1-cp311-cp311-manylinux2014_x86_64.whl", "b-1-py3-none-manylinux1_x86_64.whl"], "2.17"),
    ],
)
def test_the_machine_must_have_what_the_most_demanding_wheel_needs(
    bundling: ModuleType, wheels: list[str], glibc: str
) -> None:
    assert f"\nglibc={glibc}\n" in bundling.platform_of(VERSION, wheels)


@pytest.mark.skipif(platform.system() != "Linux", reason="the archive is for Linux")
def test_a_whole_archive_fits_the_machine_that_made_it_and_a_look_installs_nothing(unpacked: Path) -> None:
    before = sorted(unpacked.parent.rglob("*"))
    answer = _install(unpacked, "--check")
    assert (answer.returncode, answer.stderr) == (0, "")
    assert sorted(unpacked.parent.rglob("*")) == before


def _flip(unpacked: Path) -> None:
    wheel = unpacked / "wheels" / "some_fonts-1.0-py3-none-any.whl"
    wheel.write_bytes(b"fontz")


def _lack(unpacked: Path) -> None:
    (unpacked / "project.tar").unlink()


def _add(unpacked: Path) -> None:
    (unpacked / "wheels" / "other-1.0-py3-none-any.whl").write_bytes(b"smuggled")


def _forget(unpacked: Path) -> None:
    lines = (unpacked / "SHA256SUMS").read_text().splitlines(keepends=True)
    (unpacked / "SHA256SUMS").write_text("".join(lines[1:]))


def _empty(unpacked: Path) -> None:
    (unpacked / "SHA256SUMS").write_text("")


@pytest.mark.parametrize("spoil", [_flip, _lack, _add, _forget, _empty])
def test_an_archive_that_is_not_what_was_packed_installs_nothing(
    unpacked: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(unpacked)
    answer = _install(unpacked, str(tmp_path / "opt"))
    assert answer.returncode == 1
    assert "nothing was installed" in answer.stderr
    assert not (tmp_path / "opt").exists()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("machine", "Linux riscv128", "this machine is"),
        ("glibc", "99.1", "needs glibc 99.1"),
        ("python", "2.7", "Python 2.7"),
    ],
)
def test_a_machine_that_does_not_fit_is_told_why(
    unpacked: Path, tmp_path: Path, name: str, value: str, said: str
) -> None:
    platform_file = unpacked / "platform.txt"
    lines = [
        f"{name}={value}" if line.startswith(f"{name}=") else line for line in platform_file.read_text().split("\n")
    ]
    platform_file.write_text("\n".join(lines))
    sums = unpacked / "SHA256SUMS"
    digest = hashlib.sha256(platform_file.read_bytes()).hexdigest()
    kept = [line for line in sums.read_text().splitlines() if not line.endswith("platform.txt")]
    sums.write_text("\n".join([*kept, f"{digest}  platform.txt", ""]))
    answer = _install(unpacked, str(tmp_path / "opt"))
    assert (answer.returncode, said in answer.stderr) == (1, True), answer.stderr
    assert not (tmp_path / "opt").exists()


def test_without_a_folder_the_installer_says_how_it_is_called(unpacked: Path) -> None:
    answer = _install(unpacked)
    assert (answer.returncode, "sh install.sh FOLDER" in answer.stderr) == (2, True)


def test_the_installer_needs_no_more_than_the_makefile_offers() -> None:
    """What it hands to `make setup` are names that the Makefile reads."""
    makefile = (HOUSE / "Makefile").read_text(encoding="utf-8")
    assert all(f"{name} ?=" in makefile for name in ("WHEELS", "LOCK"))
    assert "$$MARSAD_PYTHON" in makefile
    assert shutil.which("sh")
