"""The front desk in a test: a command as a person types it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from marsad.command import main

Marsad = Callable[..., tuple[int, str, str]]


@pytest.fixture
def marsad(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Marsad:
    """Run the command in a home of the test's own; return exit code, stdout and stderr."""
    monkeypatch.setenv("MARSAD_HOME", str(tmp_path / "home"))

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["marsad", *words])
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return int(left.value.code or 0), captured.out, captured.err

    return run
