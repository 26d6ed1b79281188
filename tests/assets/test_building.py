"""What a build answers before Dagster is asked for anything."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from assets import building, stages
from ingestion.home import Home
from languages.refusal import Refusal


def _quiet(_step: str) -> None:
    """Take no notice of progress."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(building, "read_receipts", lambda _home: ["a receipt"])
    return Home.at(tmp_path / "home").open(invented=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_build_that_is_stopped_ends_with_a_sentence_and_frees_the_home(
    home: Home, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(stages, "stale_from", lambda _home: os.kill(os.getpid(), number))
    with pytest.raises(Refusal) as refused:
        building.build(home, progress=_quiet)
    assert (refused.value.code, refused.value.where) == ("build_stopped", str(home.root))
    assert refused.value.arguments["signal"] == number
    assert signal.getsignal(signal.SIGTERM) == before
    with home.lock("another"):
        pass


def test_a_build_until_a_stage_that_is_not_stale_runs_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "stale_from", lambda _home: stages.STAGE_NAMES.index("reports"))
    assert building.build(home, progress=_quiet, until="gates").stages == ()
