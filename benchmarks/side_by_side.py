"""Time the house against the bare tools it stands on, side by side in one run: `python -m benchmarks.side_by_side`.

Prints a Markdown table of CPU seconds (user + system of the whole process tree), wall seconds and MB; the figures go by
hand into docs/benchmarks.md. `--suite` times the checks and the whole suite instead, on a quiet machine. Belongs here:
what is timed against what. Does not belong here: how a run is measured (`timed_run.py`), assertions.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from assets.stages import STAGE_NAMES
from benchmarks.timed_run import HOUSE, run

MEMORY = HOUSE / "build" / "sql_in_style.json"  # as tests/house/test_sql.py keeps it
RUNS = 3
ROWS = 100_000
MARSAD = [sys.executable, "-c", "from marsad.start import main; main()"]
STAGES = (  # in a process that begins as that of the command does
    "from ingestion.home import Home; from assets.building import run_stages; from marsad.start import run; "
    "run(lambda: run_stages(Home.at(), {names!r}, print))"
)
DBT = "from assets.dbt_assets import bare_build; from ingestion.home import Home; bare_build(Home.at())"
OPENPYXL = "import openpyxl, sys; sum(1 for s in openpyxl.load_workbook(sys.argv[1], read_only=True) for _ in s.values)"


def row(name: str, command: Sequence[str | Path], environment: dict[str, str], runs: int = RUNS) -> None:
    """Print one line of the table: medians of `runs` runs, the greatest peak of memory.

    Raises:
        CalledProcessError: the command failed, so its time means nothing.
    """
    figures = [run(command, environment) for _ in range(runs)]
    if failed := next((one.code for one in figures if one.code), 0):
        raise subprocess.CalledProcessError(failed, [str(part) for part in command])
    cpu, wall = (statistics.median(column) for column in zip(*(one[:2] for one in figures), strict=True))
    peak = max(one.peak_bytes for one in figures) / 1e6
    print(f"| {name} | {cpu:.2f} | {wall:.2f} | {peak:,.0f} |", flush=True)


def large_workbook(path: Path, rows: int = ROWS, columns: int = 10) -> None:
    """Write a workbook of the interior ministry's case list with invented rows, of its first columns."""
    headings = ["ت", "رمز القضية", "تاريخ الإخبار", "المحافظة", "نوع الجريمة", "أسلوب الاستدراج", "المادة القانونية"]
    headings += ["عدد المتهمين", "عدد الضحايا", "الموقف القانوني"]
    rest = ["بغداد", "تسول", "عرض عمل", "6/1", 1, 2, "محال"]
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("القضايا")
    sheet.right_to_left()
    sheet.write_row(0, 0, headings[:columns])
    for number in range(1, rows + 1):
        token = f"k1:{hashlib.sha256(b'invented %d' % number).hexdigest()[:32]}"
        values = [number, token, f"{number % 28 + 1}/{number % 12 + 1}/2024", *rest]
        sheet.write_row(number, 0, values[:columns])
    book.close()


def main() -> None:
    """Run what was asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suite", action="store_true", help="time the checks and the whole suite instead")
    chosen = parser.parse_args()
    print("| what | CPU s | wall s | peak MB |\n|---|---:|---:|---:|")
    if chosen.suite:
        _suite()
    else:
        _house()


def _suite() -> None:
    MEMORY.unlink(missing_ok=True)
    row("`make check`, nothing remembered", ["make", "check"], dict(os.environ), runs=1)
    row("`make check` after it", ["make", "check"], dict(os.environ), runs=1)
    row("`make test` after it", ["make", "test"], dict(os.environ), runs=1)


def _house() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"MARSAD_HOME": f"{folder}/home"}
        workbook = Path(folder) / "large.xlsx"
        large_workbook(workbook)
        row("`marsad demo`: six years, both rounds, from nothing", [*MARSAD, "demo"], environment, runs=1)
        row("bare `dbt build` of the same project", [sys.executable, "-c", DBT], environment)
        graph = STAGES.format(names=["landing", "warehouse"])
        row("the graph without gate and protection", [sys.executable, "-c", graph], environment)
        row("`marsad build`, nothing changed", [*MARSAD, "build"], environment)
        for stage in STAGE_NAMES:
            row(
                f"stage {stage} alone, with Dagster's start",
                [sys.executable, "-c", STAGES.format(names=[stage])],
                environment,
                1,
            )
        row("`marsad build` after it", [*MARSAD, "build"], environment, runs=1)
        ordinary = next((Path(folder) / "home" / "inbox").rglob("*.xlsx"))
        row("`marsad check`, an ordinary file", [*MARSAD, "check", ordinary], environment)
        row(
            f"`marsad check`, {ROWS:,} rows",
            [*MARSAD, "check", workbook, "--source", "iraq_interior_ministry"],
            environment,
        )
        row(f"openpyxl merely reading {ROWS:,} rows", [sys.executable, "-c", OPENPYXL, workbook], environment)


if __name__ == "__main__":
    main()
