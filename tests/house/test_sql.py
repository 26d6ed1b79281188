"""The SQL of the warehouse keeps one style: sqlfluff over the compiled models, without any data home."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


def lint(target: Path, *files: str, project: Path = PROJECT) -> subprocess.CompletedProcess[str]:
    """Run sqlfluff in the dbt project on two cores; what dbt writes on the way goes to `target`."""
    places = {"MARSAD_RAW": str(target / "raw"), "MARSAD_BUILD": ":memory:", "DBT_LOG_PATH": str(target)}
    places |= {"DBT_TARGET_PATH": str(target)}
    return subprocess.run(
        [sys.executable, "-m", "sqlfluff", "lint", "--disable-progress-bar", "--processes", "2", *files],
        cwd=project,
        env=os.environ | places,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_sql_of_every_model_is_in_style(tmp_path: Path) -> None:
    before = {path for path in PROJECT.rglob("*") if path.is_file()}
    answer = lint(tmp_path, "models")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert {path for path in PROJECT.rglob("*") if path.is_file()} == before
