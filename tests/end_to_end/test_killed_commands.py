"""The short form of `python -m tests.end_to_end.faults.measure_faults`: small commands."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from assets.stages import STAGE_NAMES
from tests.end_to_end.faults import killed_commands
from tests.end_to_end.faults.killed_trials import full_disk, killed_by_change, measure, trial

pytestmark = pytest.mark.whole_home
TRIALS = 5


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork.*:DeprecationWarning")
@pytest.mark.parametrize("name", ["receive", "inbox", "withdraw", "review"])
def test_a_command_that_is_killed_or_meets_a_full_disk_ends_as_if_undisturbed_when_it_runs_again(
    tmp_path: Path, name: str
) -> None:
    [command] = killed_commands.commands(tmp_path, name)
    undisturbed, chance = measure(command, tmp_path), random.Random(name)
    faults = [(killed_by_change, full_disk)[number % 2](undisturbed, chance) for number in range(TRIALS)]
    trials = [trial(command, undisturbed, tmp_path, fault) for fault in faults]
    assert sum(one.met for one in trials) > TRIALS // 2
    assert [one for one in trials if one.half_visible or one.lost or one.leftovers] == []


def test_every_stage_of_a_build_can_be_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(killed_commands, "import_heavy", lambda: None)
    monkeypatch.setattr(killed_commands, "received_home", lambda folder: folder)
    monkeypatch.setattr(killed_commands, "finished", lambda _command, root: root)
    names = [one.name for chosen in killed_commands.NAMES[4:] for one in killed_commands.commands(tmp_path, chosen)]
    own = {"releases": "release", "reports": "report"}
    stages = [own.get(stage, f"build: {stage}") for stage in STAGE_NAMES]
    assert sorted(names) == sorted(stages)
