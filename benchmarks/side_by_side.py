"""Time the house against the bare tools it stands on, side by side in one run: `python benchmarks/side_by_side.py`.

Prints a Markdown table of CPU seconds (user + system of the whole process tree) and wall seconds; the figures go by
hand into docs/benchmarks.md. Belongs here: what is timed against what. Does not belong here: assertions.
"""

from __future__ import annotations

import hashlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from assets.stages import STAGE_NAMES

HOUSE = Path(__file__).resolve().parent.parent
RUNS = 3
ROWS = 100_000
MARSAD = [sys.executable, "-c", "from marsad.command import main; main()"]
STAGES = (
    "from ingestion.home import Home; from assets.building import run_stages; run_stages(Home.at(), {names!r}, print)"
)
DBT = "from assets.dbt_assets import bare_build; from ingestion.home import Home; bare_build(Home.at())"
OPENPYXL = "import openpyxl, sys; sum(1 for s in openpyxl.load_workbook(sys.argv[1], read_only=True) for _ in s.values)"


def timed(command: Sequence[str | Path], environment: dict[str, str]) -> tuple[float, float]:
    """Return CPU and wall seconds of one run of `command`; its output is thrown away.

    Raises:
        CalledProcessError: the command failed, so its time means nothing.
    """
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(
        command, env=environment, cwd=HOUSE, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, end - start


def row(name: str, command: Sequence[str | Path], environment: dict[str, str], runs: int = RUNS) -> None:
    """Print one line of the table: medians of `runs` runs."""
    figures = [timed(command, environment) for _ in range(runs)]
    cpu, wall = (statistics.median(column) for column in zip(*figures, strict=True))
    print(f"| {name} | {cpu:.2f} | {wall:.2f} |", flush=True)


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
    """Run every comparison once and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"MARSAD_HOME": f"{folder}/home"}
        workbook = Path(folder) / "large.xlsx"
        large_workbook(workbook)
        print("| what | CPU s | wall s |\n|---|---:|---:|")
        row("`make demo`: both rounds, from nothing", [*MARSAD, "demo"], environment, runs=1)
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
