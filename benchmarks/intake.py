"""Time and memory of the intake desk against tools that merely read: `python -m benchmarks.intake --rows 1000 10000`.

Writes a workbook of the interior ministry's case list for each number of rows, all invented, and runs `marsad check`,
`marsad receive`, openpyxl (read-only) and pandas (with openpyxl and with calamine) over it, one after the other. Prints
a Markdown table; the figures go by hand into docs/benchmarks.md. Belongs here: what is timed against what, and how the
memory of a tree of processes is watched. Does not belong here: assertions.

Memory is the greatest sum of the resident pages of a process and all its children, looked at every 20 milliseconds
(Linux); pages that two processes share count twice.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.side_by_side import MARSAD, OPENPYXL, large_workbook
from benchmarks.timed_run import run

SOURCE = "iraq_interior_ministry"
ROWS = (1_000, 10_000, 100_000, 1_000_000)
_PANDAS = "import pandas, sys; pandas.read_excel(sys.argv[1], engine='{engine}')"


def commands(workbook: Path) -> dict[str, list[str | Path]]:
    """Return what is run over one workbook, by the name of its row."""
    return {
        "`marsad check`": [*MARSAD, "check", workbook, "--source", SOURCE],
        "`marsad receive`": [*MARSAD, "receive", SOURCE, workbook],
        "openpyxl, read-only, reading": [sys.executable, "-c", OPENPYXL, workbook],
        "pandas with openpyxl, reading": [sys.executable, "-c", _PANDAS.format(engine="openpyxl"), workbook],
        "pandas with calamine, reading": [sys.executable, "-c", _PANDAS.format(engine="calamine"), workbook],
    }


def measure(rows: int, columns: int, runs: int) -> Iterator[str]:
    """Yield the table's lines for one workbook; medians of time, the greatest peak of memory."""
    with tempfile.TemporaryDirectory() as folder:
        workbook = Path(folder) / "cases.xlsx"
        large_workbook(workbook, rows, columns)
        size = f"{rows:,} x {columns} ({workbook.stat().st_size / 1e6:.1f} MB)"
        for name, command in commands(workbook).items():
            done = [run(command, os.environ | {"MARSAD_HOME": f"{folder}/home{number}"}) for number in range(runs)]
            cpu, seconds = (statistics.median(column) for column in zip(*((one[:2]) for one in done), strict=True))
            peak = max(one.peak_bytes for one in done) / 1e6
            verdict = "" if all(one.code == 0 for one in done) else " (refused)"
            yield f"| {size} | {name}{verdict} | {cpu:.2f} | {seconds:.2f} | {peak:,.0f} |"


def main() -> None:
    """Print one table for all numbers of rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS)
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--runs", type=int, default=1)
    chosen = parser.parse_args()
    print("| rows x columns | what | CPU s | wall s | peak MB |\n|---:|---|---:|---:|---:|")
    for rows in chosen.rows:
        for line in measure(rows, chosen.columns, chosen.runs):
            print(line, flush=True)


if __name__ == "__main__":
    main()
