"""The warehouse of a million victim-events on DuckDB, and on Spark beside it.

`python -m benchmarks.million_events [--events 1000000] [--memory 1GB]` makes raw Parquet (`invented_rows.py`) and lets
dbt build all models with their tests on DuckDB. With `--spark` both engines build them, and every relation of the one
is compared with that of the other, row for row; `--models` chooses some models and what they read, without tests.
`--memory` caps DuckDB (`MARSAD_MEMORY_LIMIT`): what does not fit is spilled beside the warehouse. The room on the disk
that a run needs is stated first, and a run that has less is refused. Belongs here: the sizes and the table. Does not
belong here: the rows, building on two engines and comparing (`tests/second_engine/both_engines.py`).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.invented_rows import make
from benchmarks.timed_run import HOUSE, run
from ingestion.home import Home

BYTES_PER_EVENT = 3_000  # measured at a million, in bytes: raw files 144, warehouse and spill the rest
_START_DBT = "from dbt.cli.main import cli; cli()"


def measure_duckdb(home: Home, events: int) -> list[str]:
    """Build everything on DuckDB in a process of its own; print its row, and return the nodes that failed."""
    make(home, events)
    project = HOUSE / "dbt_project"
    places = ["--project-dir", project, "--profiles-dir", project, "--target-path", home.dbt_target]
    build = [sys.executable, "-c", _START_DBT, "build", "--exclude-resource-type", "unit_test", *places]
    environment = os.environ | {
        "MARSAD_RAW": str(home.raw),
        "MARSAD_BUILD": str(home.build / "warehouse.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    command = [*build, "--log-path", home.build, "--quiet"]
    done = run(command, environment, spill=home.build / "warehouse.duckdb.tmp")
    memory = f"{done.peak_bytes / 1e6:,.0f} | {done.spilled_bytes / 1e6:,.0f}"
    print(f"| {events:,} | DuckDB | {done.cpu_seconds:.1f} | {done.seconds:.1f} | {memory} |", flush=True)
    nodes = json.loads((home.dbt_target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return [f"{events:,}: {node['unique_id']} {node['status']}: {node['message']}" for node in nodes if _is_bad(node)]


def _is_bad(node: dict[str, Any]) -> bool:
    return node["status"] not in {"success", "pass", "skipped", "no-op"}


def compare_engines(home: Home, events: int, models: Sequence[str]) -> list[str]:
    """Build on both engines and compare; print the rows of the table, and return what differs or failed.

    Args:
        home: an empty one.
        events: how many are made.
        models: in dbt's words; all with their tests and the collection if there are none.
    """
    from tests.second_engine.both_engines import apart_in_collected, apart_in_spark, built_twice  # needs `make spark`

    make(home, events)
    work = home.root.with_name("work")
    work.mkdir()
    chosen = ["--select", *models, "--exclude-resource-type", "test"] if models else []
    with built_twice(home, work, {}, chosen) as two:
        for engine, (cpu, wall) in two.took.items():
            print(f"| {events:,} | {engine} | {cpu:.0f} | {wall:.0f} | | |", flush=True)
        if two.broken:
            return [f"{events:,}: {name} failed in Spark" for name in two.broken]
        apart, filled = apart_in_spark(two)
        if not models:
            apart |= apart_in_collected(two)
    print(f"| {events:,} | {len(filled)} relations with rows, {len(apart)} of all differ | | | | |", flush=True)
    return [f"{events:,}: {name}: {count} rows" for name, count in apart.items()]


def missing_room(events: int, folder: Path) -> str | None:
    """Return what is missing if the disk under `folder` has less room than that many events need; None if enough."""
    needed, free = events * BYTES_PER_EVENT, shutil.disk_usage(folder).free
    print(f"{events:,} events need {needed / 1e9:.1f} GB in {folder}; {free / 1e9:.1f} GB are free.\n", flush=True)
    return None if needed <= free else f"{(needed - free) / 1e9:.1f} GB are missing in {folder}: name another --folder"


def main() -> None:
    """Measure every number of events, then print what failed or differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--memory", help="of DuckDB, as its memory_limit: 1GB; with --spark what the house may use")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where the disk has room")
    parser.add_argument("--spark", action="store_true", help="both engines, compared; needs `make spark`")
    parser.add_argument("--models", nargs="+", default=[], help="with --spark, as dbt selects: +fct_case")
    chosen = parser.parse_args()
    if missing := missing_room((2 if chosen.spark else 1) * max(chosen.events), chosen.folder):
        parser.error(missing)
    if chosen.memory or not chosen.spark:
        os.environ["MARSAD_MEMORY_LIMIT"] = chosen.memory or "1GB"
    measure = partial(compare_engines, models=chosen.models) if chosen.spark else measure_duckdb
    print("| victim-events | engine | CPU s | wall s | peak MB | spilled MB |")
    print("|---:|---|---:|---:|---:|---:|", flush=True)
    wrong: list[str] = []
    for events in sorted(chosen.events):
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            wrong += measure(Home.at(Path(folder) / "home").open(invented=True), events)
    fine = "Every relation is equal, row for row, on both engines." if chosen.spark else "No node failed."
    print("\n" + ("\n".join(wrong) or fine))


if __name__ == "__main__":
    main()
