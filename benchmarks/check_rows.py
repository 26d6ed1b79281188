"""`marsad check` and `marsad receive` of a large workbook, beside openpyxl merely reading it.

`python -m benchmarks.check_rows [--rows 100000] [--columns 10] [--runs 1]` writes a workbook of the interior ministry's
case list, all invented, for each number of rows and prints a Markdown table: medians of the seconds, greatest peak of
memory. Belongs here: what is run over which workbook. Does not belong here: how a run is measured (`timed_run.py`).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from benchmarks.timed_run import MARSAD, run

SOURCE = "iraq_interior_ministry"
HEADINGS = (
    *("ت", "رمز القضية", "تاريخ الإخبار", "المحافظة", "نوع الجريمة", "أسلوب الاستدراج", "المادة القانونية"),
    *("عدد المتهمين", "عدد الضحايا", "الموقف القانوني"),
)
SAME_IN_EACH_ROW = ("بغداد", "تسول", "عرض عمل", "6/1", 1, 2, "محال")
OPENPYXL = "import openpyxl, sys; sum(1 for s in openpyxl.load_workbook(sys.argv[1], read_only=True) for _ in s.values)"


def write_workbook(path: Path, rows: int, columns: int) -> None:
    """Write the case list with so many invented rows, and only its first columns."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("القضايا")
    sheet.right_to_left()
    sheet.write_row(0, 0, HEADINGS[:columns])
    for number in range(1, rows + 1):
        token = f"k1:{hashlib.sha256(b'invented %d' % number).hexdigest()[:32]}"
        values = [number, token, f"{number % 28 + 1}/{number % 12 + 1}/2024", *SAME_IN_EACH_ROW]
        sheet.write_row(number, 0, values[:columns])
    book.close()


def measure(rows: int, columns: int, runs: int) -> Iterator[str]:
    """Yield the table's lines for one workbook."""
    with tempfile.TemporaryDirectory() as folder:
        workbook = Path(folder) / "cases.xlsx"
        write_workbook(workbook, rows, columns)
        commands: dict[str, list[str | Path]] = {
            "`marsad check`": [*MARSAD, "check", workbook, "--source", SOURCE],
            "`marsad receive`": [*MARSAD, "receive", SOURCE, workbook],
            "openpyxl, read-only, merely reading": [sys.executable, "-c", OPENPYXL, workbook],
        }
        size = f"{rows:,} x {columns} ({workbook.stat().st_size / 1e6:.1f} MB)"
        for name, command in commands.items():
            done = [run(command, os.environ | {"MARSAD_HOME": f"{folder}/home{number}"}) for number in range(runs)]
            cpu = statistics.median(each.cpu_seconds for each in done)
            seconds = statistics.median(each.seconds for each in done)
            peak = max(each.peak_bytes for each in done) / 1e6
            verdict = "" if all(each.code == 0 for each in done) else " (refused)"
            yield f"| {size} | {name}{verdict} | {cpu:.2f} | {seconds:.2f} | {peak:,.0f} |"


def main() -> None:
    """Print one table for all numbers of rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000])
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--runs", type=int, default=1)
    chosen = parser.parse_args()
    print("| rows x columns | what | CPU s | wall s | peak MB |\n|---:|---|---:|---:|---:|")
    for rows in chosen.rows:
        for line in measure(rows, chosen.columns, chosen.runs):
            print(line, flush=True)


if __name__ == "__main__":
    main()
