"""The front desk in a test: a command as a person types it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from marsad.command import main

Marsad = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Marsad:
    """Run the command as a person types it; return exit code, stdout and stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["marsad", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        captured = capsys.readouterr()
        return int(left.value.code or 0), captured.out, captured.err

    return run


@pytest.fixture
def marsad(typed: Marsad, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Marsad:
    """Run the command in a home of the test's own, which is not there yet."""
    monkeypatch.setenv("MARSAD_HOME", str(tmp_path / "home"))
    return typed
