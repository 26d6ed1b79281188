"""The warehouse at any number of victim-events, beside the same questions in plain SQL: `python -m benchmarks.models`.

For each number of `--events` it makes raw Parquet (`invented_rows.py`), builds the real dbt project on it in a child
process (all indicators with their tests; then only the models that the questions of `plain_questions.py` need, without
tests), asks those questions in plain SQL in another child, and compares the answers number for number. Prints Markdown:
CPU seconds, wall seconds and memory, how they grow, the slowest models; the figures go by hand into docs/benchmarks.md.
Belongs here: what is run against what, and the comparison. Does not belong here: the rows, the SQL.

Memory is the greatest sum of resident pages of a tree of processes (`intake.py`). `--memory` caps DuckDB's own memory
in both (`MARSAD_MEMORY_LIMIT`): what does not fit is written to a temporary folder beside the warehouse.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.invented_rows import make
from benchmarks.plain_questions import QUESTIONS
from benchmarks.timed_run import HOUSE, TimedRun, run
from ingestion.home import Home

EVENTS = (10_000, 100_000, 1_000_000)
_SLOWEST = 10
_HOUSE_ROW, _SAME_ROW, _PLAIN_ROW = (
    "`dbt build`, all indicators, with tests",
    f"dbt, the models of {len(QUESTIONS)} questions, no tests",
    f"plain SQL, the same {len(QUESTIONS)} questions",
)


@dataclass(frozen=True)
class MeasuredSize:
    """What was measured at one number of events: a run by name, and the seconds of the nodes of the whole build."""

    events: int
    runs: dict[str, TimedRun]
    seconds_of_nodes: dict[str, float]


def measure(home: Home, events: int, memory: str) -> tuple[MeasuredSize, list[str]]:
    """Return what one number of events took, and what went wrong: failed nodes, answers that differ.

    Prints a row of the table as soon as a run has ended: the larger sizes take long.
    """
    make(home, events)
    environment = os.environ | {"MARSAD_MEMORY_LIMIT": memory}
    plain = home.root / "plain"
    runs: dict[str, TimedRun] = {}

    def told(name: str, command: list[str | Path], more: dict[str, str]) -> None:
        one = runs[name] = run(command, environment | more)
        verdict = "" if one.code == 0 else " (failed)"
        figures = f"{one.cpu_seconds:.1f} | {one.seconds:.1f} | {one.peak_bytes / 1e6:,.0f}"
        print(f"| {events:,} | {name}{verdict} | {figures} |", flush=True)

    told(_PLAIN_ROW, [sys.executable, "-m", "benchmarks.plain_questions", home.root, plain], {})
    told(_HOUSE_ROW, _dbt(home, ["--exclude-resource-type", "unit_test"]), _places(home))
    nodes = _nodes(home)
    wrong = [f"{events:,}: {name} {one['status']}: {one['message']}" for name, one in nodes.items() if _is_bad(one)]
    wrong += [f"{events:,}: {line}" for line in differences(home, plain)]
    chosen = ["--resource-type", "model", "--resource-type", "seed", "--select", *(f"+{name}" for name in QUESTIONS)]
    told(_SAME_ROW, _dbt(home, chosen), _places(home))
    return MeasuredSize(events, runs, {name: float(one["execution_time"]) for name, one in nodes.items()}), wrong


def differences(home: Home, plain: Path) -> Iterator[str]:
    """Yield the questions whose answers are not the cells of the warehouse, number for number; cells of 0 aside."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.build / 'warehouse.duckdb'}' as house (read_only)")
        for name in QUESTIONS:
            path = plain / f"{name}.parquet"
            names = [row[0] for row in connection.execute(f"describe select * from '{path}'").fetchall()]
            columns = ", ".join(f"cast({column} as varchar)" for column in names)
            theirs, ours = f"select {columns} from '{path}'", f"select {columns} from house.{name} where obs_value > 0"
            [(apart, cells)] = connection.execute(f"""
                select
                    (select count(*) from (({theirs} except all {ours}) union all ({ours} except all {theirs}))),
                    (select count(*) from ({theirs}))""").fetchall()
            if apart or not cells:
                yield f"{name}: {apart} of {cells} cells differ"


def growth(small: TimedRun, large: TimedRun, times: float) -> str:
    """Return by which power of the number of events CPU seconds and memory grew from one run to another."""
    pairs = ((small.cpu_seconds, large.cpu_seconds), (small.peak_bytes, large.peak_bytes))
    return " | ".join(f"{math.log(after / before) / math.log(times):.2f}" for before, after in pairs)


def _dbt(home: Home, chosen: Sequence[str]) -> list[str | Path]:
    (home.build / "warehouse.duckdb").unlink(missing_ok=True)
    project = HOUSE / "dbt_project"
    places = ["--project-dir", project, "--profiles-dir", project, "--target-path", home.dbt_target]
    start = "from dbt.cli.main import cli; cli()"
    return [sys.executable, "-c", start, "build", *chosen, *places, "--log-path", home.build, "--quiet"]


def _places(home: Home) -> dict[str, str]:
    return {
        "MARSAD_RAW": str(home.raw),
        "MARSAD_BUILD": str(home.build / "warehouse.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }


def _nodes(home: Home) -> dict[str, dict[str, Any]]:
    results = json.loads((home.dbt_target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return {one["unique_id"].split(".", 2)[-1]: one for one in results}


def _is_bad(node: dict[str, Any]) -> bool:
    return node["status"] not in {"success", "pass", "skipped", "no-op"}


def _print_growth(sizes: list[MeasuredSize]) -> None:
    print("\n| from | to | what | power of CPU s | power of peak memory |\n|---:|---:|---|---:|---:|")
    for small, large in itertools.pairwise(sizes):
        for name in small.runs:
            powers = growth(small.runs[name], large.runs[name], large.events / small.events)
            print(f"| {small.events:,} | {large.events:,} | {name} | {powers} |")


def _print_slowest(size: MeasuredSize) -> None:
    seconds = size.seconds_of_nodes
    print(f"\n| slowest nodes at {size.events:,} | wall s | share |\n|---|---:|---:|")
    for name in sorted(seconds, key=seconds.__getitem__, reverse=True)[:_SLOWEST]:
        print(f"| {name} | {seconds[name]:.1f} | {seconds[name] / sum(seconds.values()):.0%} |")


def main() -> None:
    """Measure every number of events and print the tables, then what failed or differed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=EVENTS)
    parser.add_argument("--memory", default="8GB", help="what DuckDB may use, as its memory_limit")
    chosen = parser.parse_args()
    sizes: list[MeasuredSize] = []
    wrong: list[str] = []
    print("| victim-events | what | CPU s | wall s | peak MB |\n|---:|---|---:|---:|---:|", flush=True)
    for events in sorted(chosen.events):
        with tempfile.TemporaryDirectory() as folder:
            size, faults = measure(Home.at(Path(folder)).open(invented=True), events, chosen.memory)
        sizes.append(size)
        wrong += faults
    _print_growth(sizes)
    _print_slowest(sizes[-1])
    print("\n" + ("\n".join(wrong) or "Every answer in plain SQL equals the cells of the warehouse."))


if __name__ == "__main__":
    main()
