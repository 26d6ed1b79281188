"""The short form of `python -m benchmarks.faults`: small commands, killed before random changes of files."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.faults import killed_commands
from benchmarks.faults.killed_trials import measure, trial

pytestmark = pytest.mark.end_to_end
TRIALS = 5


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork.*:DeprecationWarning")
@pytest.mark.parametrize("name", ["receive", "inbox", "withdraw", "review"])
def test_a_command_killed_at_any_moment_ends_as_if_undisturbed_when_it_runs_again(tmp_path: Path, name: str) -> None:
    [command] = killed_commands.commands(tmp_path, name)
    undisturbed, chance = measure(command, tmp_path), random.Random(name)
    trials = [trial(command, undisturbed, tmp_path, chance, by_clock=False) for _ in range(TRIALS)]
    assert sum(one.killed for one in trials) > TRIALS // 2
    assert [one for one in trials if one.half_visible or one.lost or one.leftovers] == []
