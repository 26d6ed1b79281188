"""What somebody has who attacks from outside: the command line, a folder of backups, two public keys."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pyrage
import pytest

from ingestion.home import Home
from marsad.start import main


@dataclass(frozen=True)
class Outcome:
    """What a command left on the terminal.

    Args:
        code: with which it ended.
        out: on stdout.
        err: on stderr.
    """

    code: int
    out: str
    err: str


Command = Callable[..., Outcome]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Run the command line in this process with a home; an exception that nobody turned into words fails the test."""

    def run(*words: object, home: Path | None = None) -> Outcome:
        monkeypatch.setenv("MARSAD_HOME", str(home or tmp_path / "no_home"))
        monkeypatch.setattr(sys, "argv", ["marsad", *map(str, words)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as left:
            code = int(left.code or 0)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run


@dataclass(frozen=True)
class Disk:
    """A disk with one true backup.

    Args:
        home: that was backed up.
        folder: of backups.
        key: the secret key of the task force, in a file.
        true_name: of the backup that the home made.
    """

    home: Path
    folder: Path
    key: Path
    true_name: str


@pytest.fixture(scope="module")
def true_disk(tmp_path_factory: pytest.TempPathFactory) -> Disk:
    """A home and its first backup, as the command makes it; no test changes them."""
    root = tmp_path_factory.mktemp("true")
    pairs = {role: pyrage.x25519.Identity.generate() for role in ("task_force", "recovery")}
    public = {role: str(pair.to_public()) for role, pair in pairs.items()}
    (root / "task_force.key").touch(mode=0o600)
    (root / "task_force.key").write_text(str(pairs["task_force"]))
    Home.at(root / "home").open(invented=True)
    words = ("backup", str(root / "disk"), "--task-force", public["task_force"], "--recovery", public["recovery"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARSAD_HOME", str(root / "home"))
        patch.setattr(sys, "argv", ["marsad", *words])
        with pytest.raises(SystemExit) as left:
            main()
    assert not left.value.code
    (name,) = (path.name for path in (root / "disk" / "snapshots").iterdir())
    return Disk(root / "home", root / "disk", root / "task_force.key", name)


@pytest.fixture
def disk(true_disk: Disk, tmp_path: Path) -> Disk:
    """A copy of the disk, for one test to harm."""
    return replace(true_disk, folder=Path(shutil.copytree(true_disk.folder, tmp_path / "disk")))
