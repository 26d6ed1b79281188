"""The page for other people's tools says what is so: its example runs as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[3]
PAGE = HOUSE / "docs" / "check_from_python.md"
HEAVY = ("dagster", "dbt", "great_expectations", "pandas", "pyarrow", "duckdb")


def _example() -> str:
    [block] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return block


def test_the_example_of_the_page_runs_and_loads_nothing_heavy() -> None:
    told = "\nimport sys\nassert other.findings and answer['message'] and answer['remedy']"
    told += f"\nassert not set(sys.modules) & set({HEAVY!r})"
    ran = subprocess.run(
        [sys.executable, "-c", _example() + told], cwd=HOUSE, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr


def test_every_name_that_the_page_explains_is_there() -> None:
    from ingestion.entry.file_check import Examination
    from ingestion.findings import Finding

    explained = re.findall(r"^\| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)[1:]
    rows = [re.findall(r"`(?:(\w+)\.)?(\w+)`", row) for row in explained]
    assert len(rows) == 10
    assert [("Examination", "asked")] in rows
    for row in rows:
        owner = {"Examination": Examination, "Finding": Finding}[row[0][0]]
        assert all(name in owner.__dataclass_fields__ or hasattr(owner, name) for _, name in row)
