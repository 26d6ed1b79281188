"""A disk that fills at any write: told in words, nothing half-kept, and the same command goes through afterwards."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion import leftovers
from ingestion.home import Home
from ingestion.submissions import receipts
from languages.words import languages
from marsad.command import main
from tests.ingestion.workbooks import sample_as_sent

MINISTRY = "iraq_interior_ministry"
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def marsad(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command, the disk being full from the `full_at`-th write on; return exit code and stderr."""
    monkeypatch.setenv("MARSAD_HOME", str(tmp_path / "home"))
    sync = os.fsync

    def run(*words: str, full_at: int = 0, number: int = errno.ENOSPC) -> tuple[int, str]:
        written = 0

        def fill(descriptor: int) -> None:
            nonlocal written
            written += 1
            if full_at and written >= full_at:
                raise OSError(number, os.strerror(number))
            sync(descriptor)

        with monkeypatch.context() as patch, pytest.raises(SystemExit) as left:
            patch.setattr(sys, "argv", ["marsad", *words])
            patch.setattr(os, "fsync", fill)
            main()
        return int(left.value.code or 0), capsys.readouterr().err

    return run


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.xlsx"
    sample_as_sent(MINISTRY).save(path)  # a real home refuses the sample itself
    return path


@pytest.mark.parametrize("full_at", range(1, 9))
def test_a_disk_that_fills_while_a_file_is_received(marsad: Run, export: Path, tmp_path: Path, full_at: int):
    home = Home(tmp_path / "home").open()
    code, told = marsad("receive", MINISTRY, str(export), full_at=full_at)
    assert receipts.verify_chain(home) == []
    assert leftovers.leftovers(home.root) == []
    if code == 0:  # fewer writes than that
        assert full_at > 3
        return
    assert "disk_full" in told
    assert marsad("receive", MINISTRY, str(export))[0] == 0
    assert [one.verdict for one in receipts.live_receipts(home)] == ["accepted"]
    assert receipts.verify_files(home) == []
    assert len(list(home.taken.iterdir())) == 1


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize(("number", "code"), [(errno.EROFS, "disk_read_only"), (errno.EIO, "disk_broken")])
def test_every_language_tells_what_the_disk_says(marsad: Run, export: Path, tag: str, number: int, code: str):
    left, told = marsad("-l", tag, "receive", MINISTRY, str(export), full_at=1, number=number)
    assert (left, code in told, "Traceback" in told) == (1, True, False)
