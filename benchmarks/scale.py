"""The warehouse at 10⁴ to 10⁸ victim-events, beside the same questions asked otherwise: `python -m benchmarks.scale`.

For each number of `--events` it makes raw Parquet (`invented_rows.py`), reads every column of it once (the bare scan:
no answer is sooner), asks the questions of `plain_questions.py` in plain SQL, one of them in polars, builds the real
dbt project (all indicators with their tests; then only the models of those questions, without tests), and compares the
answers number for number. Prints Markdown: CPU and wall seconds, memory, what was spilled, how they grow, the slowest
models; the figures go by hand into docs/benchmarks.md. Belongs here: what is run against what, and the comparison. Does
not belong here: the rows, the SQL.

Memory is the greatest sum of resident pages of a tree of processes (`timed_run.py`). `--memory` caps DuckDB's own
memory everywhere (`MARSAD_MEMORY_LIMIT`): what does not fit is written to a temporary folder beside the warehouse. The
room on the disk that a run needs is stated before anything is written, and a run that has less is refused.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from benchmarks.invented_rows import make
from benchmarks.plain_questions import QUESTIONS, limits
from benchmarks.timed_run import HOUSE, TimedRun, run
from ingestion.home import Home

EVENTS = (10_000, 100_000, 1_000_000)
BYTES_PER_EVENT = 3_000  # measured at a million, in bytes: raw files 144, warehouse and spill the rest
_SLOWEST = 10
_SCAN_ROW, _POLARS_ROW, _PLAIN_ROW, _HOUSE_ROW, _SAME_ROW = (
    "bare scan of the Parquet files",
    "polars, one of the questions",
    f"plain SQL, {len(QUESTIONS)} questions",
    "`dbt build`, all indicators, with tests",
    f"dbt, the models of {len(QUESTIONS)} questions, no tests",
)
_POLARS_QUESTION = "ind_prosecution__investigations_opened"
_FORMS = ["SEXUAL", "FORCED_LABOUR", "BEGGING", "ORGAN", "CHILD_SALE"]
_REGION = ["IQG06", "IQG09", "IQG11", "IQG06Q05"]


@dataclass(frozen=True)
class MeasuredSize:
    """What was measured at one number of events: a run by name, and the seconds of the nodes of the whole build."""

    events: int
    runs: dict[str, TimedRun]
    seconds_of_nodes: dict[str, float]


def measure(home: Home, events: int, memory: str, *, alone: bool = False) -> tuple[MeasuredSize, list[str]]:
    """Return what one number of events took, and what went wrong: failed nodes, answers that differ.

    Prints a row of the table as soon as a run has ended: the larger sizes take long.

    Args:
        home: an empty one.
        events: how many are made.
        memory: that DuckDB may use.
        alone: the whole build, and nothing beside it.
    """
    make(home, events)
    environment = os.environ | {"MARSAD_MEMORY_LIMIT": memory}
    plain = home.root / "plain"
    runs: dict[str, TimedRun] = {}

    def told(name: str, command: list[str | Path], more: dict[str, str]) -> None:
        one = runs[name] = run(command, environment | more, spill=home.build / "warehouse.duckdb.tmp")
        verdict = "" if one.code == 0 else " (failed)"
        figures = f"{one.cpu_seconds:.1f} | {one.seconds:.1f} | {one.peak_bytes / 1e6:,.0f}"
        print(f"| {events:,} | {name}{verdict} | {figures} | {one.spilled_bytes / 1e6:,.0f} |", flush=True)

    for name, step in () if alone else ((_SCAN_ROW, scan), (_POLARS_ROW, ask_polars)):
        code = f"import sys, pathlib, benchmarks.scale; benchmarks.scale.{step.__name__}(pathlib.Path(sys.argv[1]))"
        told(name, [sys.executable, "-c", code, home.raw], {})
    if not alone:
        told(_PLAIN_ROW, [sys.executable, "-m", "benchmarks.plain_questions", home.root, plain], {})
    told(_HOUSE_ROW, _dbt(home, ["--exclude-resource-type", "unit_test"]), _places(home))
    nodes = _nodes(home)
    wrong = [f"{events:,}: {name} {one['status']}: {one['message']}" for name, one in nodes.items() if _is_bad(one)]
    if not alone:
        wrong += [f"{events:,}: {line}" for line in differences(home, plain)]
        chosen = ["--resource-type", "model", "--resource-type", "seed"]
        told(_SAME_ROW, _dbt(home, [*chosen, "--select", *(f"+{name}" for name in QUESTIONS)]), _places(home))
    held = {"raw files": _bytes_of(home.raw), "warehouse": _bytes_of(home.build)}
    print(
        f"| {events:,} | {', '.join(f'{name} {size / 1e6:,.0f} MB' for name, size in held.items())} | | | | |",
        flush=True,
    )
    return MeasuredSize(events, runs, {name: float(one["execution_time"]) for name, one in nodes.items()}), wrong


def _bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def differences(home: Home, plain: Path) -> Iterator[str]:
    """Yield the questions whose answers are not the cells of the warehouse, number for number; cells of 0 aside."""
    answers = [(name, plain / f"{name}.parquet") for name in QUESTIONS]
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.build / 'warehouse.duckdb'}' as house (read_only)")
        for name, path in [*answers, (_POLARS_QUESTION, home.root / "polars.parquet")]:
            names = [row[0] for row in connection.execute(f"describe select * from '{path}'").fetchall()]
            columns = ", ".join(f"cast({column} as varchar)" for column in names)
            theirs, ours = f"select {columns} from '{path}'", f"select {columns} from house.{name} where obs_value > 0"
            [(apart, cells)] = connection.execute(f"""
                select
                    (select count(*) from (({theirs} except all {ours}) union all ({ours} except all {theirs}))),
                    (select count(*) from ({theirs}))""").fetchall()
            if apart or not cells:
                yield f"{path.stem}: {apart} of {cells} cells of {name} differ"


def scan(raw: Path) -> None:
    """Read every column of every raw file once, in DuckDB: the limit of whatever asks all of them."""
    with duckdb.connect(config=limits()) as connection:
        for shape in sorted(path.name for path in raw.iterdir() if path.is_dir()):
            connection.execute(f"select bit_xor(hash(*columns(*))) from '{raw}/{shape}/*/*/rows.parquet'").fetchall()


def ask_polars(raw: Path) -> None:
    """Answer one question of `plain_questions.py` in polars, into a file beside `raw`: cases under Law 28."""
    rows = pl.scan_parquet(raw / "cases" / "*" / "*" / "rows.parquet", hive_partitioning=True)
    known = [
        pl.col(name).sort_by("period", "row_number").filter(pl.col(name) != "_U").first()
        for name in ("governorate_code", "exploitation_codes", "law_codes")
    ]
    form = pl.when(pl.element().is_in(_FORMS)).then(pl.element()).otherwise(pl.lit("OTHER"))
    forms = pl.col("exploitation_codes").str.split(";").list.eval(form).list.unique()
    several = pl.when(forms.list.len() > 1).then(pl.lit("MULTIPLE")).otherwise(forms.list.first().fill_null("_U"))
    is_north = pl.col("governorate_code").is_in(_REGION).fill_null(value=False)
    cases = rows.group_by("case_token").agg(pl.col("reported_date").min(), *known)
    cells = (
        cases.filter(pl.col("law_codes").str.split(";").list.contains("L28_2012"))
        .select(
            measure=pl.lit("COUNT"),
            ref_area=pl.when(is_north).then(pl.lit("IQ-KR")).otherwise(pl.lit("IQ-FED")),
            time_period=pl.col("reported_date").dt.year(),
            form=several,
        )
        .group_by("measure", "ref_area", "time_period", "form")
        .agg(obs_value=pl.len())
    )
    cells.collect(engine="streaming").write_parquet(raw.parent / "polars.parquet")


def room_for(events: int, folder: Path) -> str | None:
    """Return what is missing where the disk under `folder` has less room than that many events need; None if enough."""
    needed, free = events * BYTES_PER_EVENT, shutil.disk_usage(folder).free
    print(f"{events:,} events need {needed / 1e9:.1f} GB in {folder}; {free / 1e9:.1f} GB are free.\n", flush=True)
    return None if needed <= free else f"{(needed - free) / 1e9:.1f} GB are missing in {folder}: name another --folder"


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
    parser.add_argument("--memory", default="1GB", help="what DuckDB may use, as its memory_limit")
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()), help="where there is room on the disk"
    )
    parser.add_argument("--alone", action="store_true", help="the whole build, and nothing beside it")
    chosen = parser.parse_args()
    if missing := room_for(max(chosen.events), chosen.folder):
        parser.error(missing)
    sizes: list[MeasuredSize] = []
    wrong: list[str] = []
    print(
        "| victim-events | what | CPU s | wall s | peak MB | spilled MB |\n|---:|---|---:|---:|---:|---:|", flush=True
    )
    for events in sorted(chosen.events):
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            size, faults = measure(Home.at(Path(folder)).open(invented=True), events, chosen.memory, alone=chosen.alone)
        sizes.append(size)
        wrong += faults
    _print_growth(sizes)
    _print_slowest(sizes[-1])
    fine = (
        "No node failed." if chosen.alone else "Every answer in plain SQL and polars equals the cells of the warehouse."
    )
    print("\n" + ("\n".join(wrong) or fine))


if __name__ == "__main__":
    main()
