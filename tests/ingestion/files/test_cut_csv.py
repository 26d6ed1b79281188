"""A csv that was cut on its way: no byte of its end may be missing without a word, in whatever encoding it is."""

from __future__ import annotations

import datetime
import subprocess
import sys

import pytest

from ingestion.entry.file_check import examine
from tests.ingestion.workbooks import Grid, case, csv, squared, victim, victims

MINISTRY = "iraq_interior_ministry"
TODAY = datetime.date(2025, 6, 1)
ROWS = 8


def _victims() -> Grid:
    """Good victims, without title and footer: the last line is a row."""
    return victims(*[victim(number, charge="تسول") for number in range(1, ROWS + 1)])[1:-2]


def _cases() -> Grid:
    """Good cases, whose last cell is a figure: `12` may have been `120`."""
    header = ["ت", "رمز القضية", "تاريخ الإخبار", "المحافظة", "عدد المتهمين", "عدد الضحايا"]
    return squared([header, *[[number, *case(number, victims=120)] for number in range(1, ROWS + 1)]])


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize(("name", "grid"), [("الضحايا.csv", _victims()), ("القضايا.csv", _cases())])
def test_a_csv_that_lost_any_of_its_last_sixty_bytes_is_refused_or_asks_for_a_look(
    encoding: str, delimiter: str, name: str, grid: Grid
):
    whole = csv(grid, encoding=encoding, delimiter=delimiter)
    line_end = 4 if encoding == "utf-16" else 2
    for lost in (*range(line_end, 60, 7), *range(line_end, line_end + 8)):
        answer = examine(whole[:-lost], name, MINISTRY, today=TODAY)
        kinds = {finding.kind for finding in answer.findings}
        assert answer.verdict == "refused" or "csv_end_open" in kinds, (lost, kinds)


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1256", "utf-16"])
def test_a_whole_csv_is_not_suspected(encoding: str):
    answer = examine(csv(_cases(), encoding=encoding), "القضايا.csv", MINISTRY, today=TODAY)
    assert (answer.verdict, [one for one in answer.findings if one.kind.startswith("csv")]) == ("accepted", [])


_ASKED_ALONE = """
import resource
from datetime import date
from ingestion.entry.file_check import examine
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
answer = examine(b"a\\n" * 25_000_000, "x.csv", "iraq_interior_ministry", today=date(2025, 6, 1))
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(answer.verdict, grown, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def test_millions_of_short_lines_are_refused_in_little_memory():
    """In a process of its own: the greatest memory of a process that ran other tests is theirs."""
    asked = subprocess.run(
        [sys.executable, "-c", _ASKED_ALONE], capture_output=True, text=True, check=True, timeout=300
    )
    verdict, grown, of_child = asked.stdout.split()
    assert verdict == "refused"
    assert int(grown) < 400_000  # kB; the bytes themselves are 50 MB
    assert int(of_child) < 1_000_000
