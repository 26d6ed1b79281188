"""Every line of README's tour does what it says, in the demo's home and in a folder of one's own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion.home import Home

pytestmark = pytest.mark.whole_home

HOUSE = Path(__file__).resolve().parents[2]
ELSEWHERE = {
    "marsad ui": "tests/assets/interface/test_attacks.py",  # runs until it is told to end
    "marsad report": "tests/end_to_end/test_forms_of_the_report.py",  # minutes; the demo has written it already
    # publishes: the demo's home is never changed
    "marsad custom-table": "tests/expectations/custom/test_custom_tables.py",
    # minutes on the demo: every question of the gate, from outside
    "--audit": "tests/marsad/answers/test_releasing.py",
}
"""Lines of the tour that other tests run, and where."""

FOUND = {"marsad audit table.csv --json": 1}
"""Exit codes that are no 0: the hidden cell of that table can be told."""


def _lines() -> list[str]:
    tour = (HOUSE / "README.md").read_text(encoding="utf-8").partition("## A five-minute tour")[2].partition("\n## ")[0]
    lines = [line.strip() for line in re.findall(r"^    (\S.*)$", tour, re.MULTILINE)]
    return [re.sub(r"\s{2,}#.*$", "", line) for line in lines if not line.startswith("export ")]


def _told_elsewhere(line: str) -> str:
    return next((test for part, test in ELSEWHERE.items() if _has(line, part)), "")


def _has(line: str, part: str) -> bool:
    """Return whether a line is of a command, or has an option at its end."""
    return line.endswith(f" {part}") if part.startswith("--") else line.startswith(part)


def test_the_tour_has_the_lines_that_other_tests_run() -> None:
    lines = _lines()
    assert len(lines) > 20
    assert all(any(_has(line, part) for line in lines) for part in ELSEWHERE)
    for part, test in ELSEWHERE.items():
        assert (HOUSE / test).exists(), part


def test_every_other_line_of_the_tour_runs(demo: Home, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "demo").symlink_to(demo.root)
    (tmp_path / "ingestion").symlink_to(HOUSE / "ingestion")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"MARSAD_HOME": "home/demo", "PATH": path}
    wrong: dict[str, str] = {}
    for line in _lines():
        if _told_elsewhere(line):
            continue
        answer = subprocess.run(
            ["/bin/sh", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        if answer.returncode != FOUND.get(line, 0) or "Traceback" in answer.stderr:
            wrong[line] = f"{answer.returncode}: {answer.stderr[-500:]}"
    assert wrong == {}
    assert {"mine.xlsx", "marked.xlsx", "to_send.xlsx", "dictionary"} <= {path.name for path in tmp_path.iterdir()}
