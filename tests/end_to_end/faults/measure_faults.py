"""Commands killed at random moments: `python -m tests.end_to_end.faults.measure_faults`.

`--trials 40 --command receive --seed 13` runs those of one command. With `--full-disk` no file grows beyond a random
size instead. Trials of kills take turns: one at a moment of the clock, the next before a change of a file. Prints a
line of JSON for each trial, then a Markdown table: trials, faults that met the command at work, what was half visible,
what was lost, what still lay there after the next run. The sums stand in docs/benchmarks.md. Belongs here: the table.
Does not belong here: a trial (`killed_trials.py`).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import sys
import tempfile
from pathlib import Path

from assets.stages import STAGE_NAMES
from tests.end_to_end.faults import killed_commands
from tests.end_to_end.faults.killed_trials import Trial, full_disk, killed_by_change, killed_by_clock, measure, trial

_HEAD = "| command | s undisturbed | trials | met at work | half visible | lost | left by it | left at last |"


def main() -> None:
    """Run the trials of one command, or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=40, help="of each command, or of each stage of a build")
    parser.add_argument("--command", choices=killed_commands.NAMES, action="append")
    parser.add_argument("--stage", choices=STAGE_NAMES, action="append", help="of a build; all, where none is named")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--folder", type=Path, help="for the prepared homes, which another run uses again")
    parser.add_argument("--full-disk", action="store_true", help="instead of kills")
    chosen = parser.parse_args()
    faults = (full_disk,) if chosen.full_disk else (killed_by_clock, killed_by_change)
    rows = list[str]()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as work:
        homes = chosen.folder or Path(work)
        for name in chosen.command or killed_commands.NAMES:
            for command in killed_commands.commands(homes.resolve(), name):
                if chosen.stage and command.name.startswith("build: ") and command.name[7:] not in chosen.stage:
                    continue
                undisturbed = measure(command, Path(work))
                chance = random.Random(f"{chosen.seed} {command.name}")
                done = list[Trial]()
                for number in range(chosen.trials):
                    fault = faults[number % len(faults)](undisturbed, chance)
                    done.append(trial(command, undisturbed, Path(work), fault))
                    print(json.dumps(dataclasses.asdict(done[-1])), flush=True)
                rows.append(_row(undisturbed.seconds, done))
                print(rows[-1], file=sys.stderr, flush=True)
    print("\n".join([_HEAD, "|---|" + "---:|" * 7, *rows]))


def _row(seconds: float, done: list[Trial]) -> str:
    half, lost = sum(bool(one.half_visible) for one in done), sum(bool(one.lost) for one in done)
    counts = (len(done), sum(one.met for one in done), half, lost, sum(one.left for one in done))
    still = sum(len(one.leftovers) for one in done)
    return f"| {done[0].command} | {seconds:.1f} | {' | '.join(map(str, counts))} | {still} |"


if __name__ == "__main__":
    main()
