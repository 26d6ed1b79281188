"""What a step does when the disk says no: it fails with words that the front desk tells."""

from __future__ import annotations

import errno
from pathlib import Path

import dagster as dg
import pytest

from assets import release_assets
from assets.estimate_assets import hidden_part, nowcast
from assets.house import BuildContext
from expectations.cards.dataset_card import dataset_names
from expectations.estimates import hidden_candidate, nowcast_candidate
from ingestion.home import Home


def test_a_full_disk_in_a_step_is_a_refusal_and_no_traceback(tmp_path: Path) -> None:
    house = BuildContext(Home(tmp_path / "home").open(), is_locked=True)
    with pytest.raises(dg.Failure), house.refusals_as_failures("landing"):
        raise OSError(errno.ENOSPC, "no space left", str(tmp_path / "home" / "raw"))
    assert [(one.code, one.where) for one in house.refusals] == [("disk_full", str(tmp_path / "home" / "raw"))]


def test_after_a_full_disk_nothing_leaves_in_this_run_and_the_reason_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next one would tell of other releases before it than an undisturbed build has."""
    house, asked = BuildContext(Home(tmp_path / "home").open(), is_locked=True), list[str]()

    def release(_house: BuildContext, dataset: str) -> str:
        asked.append(dataset)
        raise OSError(errno.ENOSPC, "no space left", str(tmp_path / "home" / "releases"))

    monkeypatch.setattr(release_assets, "_release_dataset", release)
    for module in (hidden_candidate, nowcast_candidate):
        monkeypatch.setattr(module, "publish", lambda _home: pytest.fail("left"))
    steps = [release_assets.release_asset(house, dataset) for dataset in dataset_names()]
    for step in (*steps, hidden_part(house), nowcast(house)):
        with pytest.raises(dg.Failure, match="disk_full"):
            step()
    assert asked == dataset_names()[:1]
    assert [one.code for one in house.refusals] == ["disk_full"]


def test_a_fault_of_the_program_keeps_its_traceback(tmp_path: Path) -> None:
    house = BuildContext(Home(tmp_path / "home").open(), is_locked=True)
    with pytest.raises(ZeroDivisionError), house.refusals_as_failures("landing"):
        _ = 1 // 0
    assert house.refusals == []
