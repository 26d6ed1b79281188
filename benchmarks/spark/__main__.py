"""All models on DuckDB and on Spark, every relation of one held against the other: `python -m benchmarks.spark`.

For each number of `--events` it makes raw Parquet (`invented_rows.py`), builds all models with their tests by both
engines on this machine, and compares every relation row for row. `--models` builds some of them without tests, and what
they read. Prints Markdown; the figures go by hand into docs/benchmarks.md. Belongs here: the sizes and the table. Does
not belong here: building and comparing (`tests/second_engine/both_engines.py`), Spark's settings
(`assets/engines/spark_engine.py`).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.invented_rows import make
from benchmarks.scale import room_for
from ingestion.home import Home
from tests.second_engine.both_engines import apart_in_collected, apart_in_spark, built_twice

EVENTS = (100_000, 1_000_000)


def measure(folder: Path, events: int, models: Sequence[str]) -> list[str]:
    """Build and compare one number of events; print its rows of the table, and return what differs or failed.

    Args:
        folder: an empty one.
        events: how many.
        models: in dbt's words; all with their tests and the collection if there are none.
    """
    home = Home.at(folder / "home").open(invented=True)
    make(home, events)
    work = folder / "work"
    work.mkdir()
    chosen = ["--select", *models, "--exclude-resource-type", "test"] if models else []
    with built_twice(home, work, {}, chosen) as two:
        for engine, (cpu, wall) in two.took.items():
            print(f"| {events:,} | {engine} | {cpu:.0f} | {wall:.0f} |", flush=True)
        if two.broken:
            return [f"{events:,}: {name} failed in Spark" for name in two.broken]
        apart, filled = apart_in_spark(two)
        if not models:
            apart |= apart_in_collected(two)
    print(f"| {events:,} | {len(filled)} relations with rows, {len(apart)} of all differ | | |", flush=True)
    return [f"{events:,}: {name}: {count} rows" for name, count in apart.items()]


def main() -> None:
    """Measure every number of events, then print what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="+", default=EVENTS)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where there is room")
    parser.add_argument("--models", nargs="+", default=[], help="as dbt selects: +fct_case with what it reads")
    chosen = parser.parse_args()
    if missing := room_for(2 * max(chosen.events), chosen.folder):
        parser.error(missing)
    print("| victim-events | engine | CPU s | wall s |\n|---:|---|---:|---:|", flush=True)
    wrong: list[str] = []
    for events in sorted(chosen.events):
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            wrong += measure(Path(folder), events, chosen.models)
    print("\n" + ("\n".join(wrong) or "Every relation is equal, row for row, on both engines."))


if __name__ == "__main__":
    main()
