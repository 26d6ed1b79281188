"""Commands killed at random moments: `python -m benchmarks.faults --trials 40 --command receive --seed 13`.

Prints a line of JSON for each trial and then a Markdown table: trials, kills that met the command at work, what was
half visible, what was lost, what still lay there after the next run. The figures go by hand into docs/benchmarks.md.
Belongs here: the table. Does not belong here: a trial (`killed_trials.py`).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import random
import sys
import tempfile
from pathlib import Path

from benchmarks.faults import killed_commands
from benchmarks.faults.killed_trials import Trial, measure, trial

_HEAD = (
    "| command | s undisturbed | trials | killed at work | half visible | lost | left by the killed | left at last |"
)


def main() -> None:
    """Run the trials of one command, or of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=40, help="of each command, or of each stage of a build")
    parser.add_argument("--command", choices=killed_commands.NAMES, action="append")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--folder", type=Path, help="for the prepared homes, which another run uses again")
    chosen = parser.parse_args()
    rows = list[str]()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as work:
        homes = chosen.folder or Path(work)
        for name in chosen.command or killed_commands.NAMES:
            for command in killed_commands.commands(homes.resolve(), name):
                undisturbed = measure(command, Path(work))
                chance = random.Random(f"{chosen.seed} {command.name}")  # noqa: S311 (moments, no secret)
                done = list[Trial]()
                for number in range(chosen.trials):
                    done.append(trial(command, undisturbed, Path(work), chance, by_clock=number % 2 == 0))
                    print(json.dumps(dataclasses.asdict(done[-1])), flush=True)
                rows.append(_row(undisturbed.seconds, done))
                print(rows[-1], file=sys.stderr, flush=True)
    print("\n".join([_HEAD, "|---|" + "---:|" * 7, *rows]))


def _row(seconds: float, done: list[Trial]) -> str:
    half, lost = sum(bool(one.half_visible) for one in done), sum(bool(one.lost) for one in done)
    counts = (len(done), sum(one.killed for one in done), half, lost, sum(one.left for one in done))
    still = sum(len(one.leftovers) for one in done)
    return f"| {done[0].command} | {seconds:.1f} | {' | '.join(map(str, counts))} | {still} |"


if __name__ == "__main__":
    main()
