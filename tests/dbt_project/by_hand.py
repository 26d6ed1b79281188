"""dbt as an engineer types it: in the folder of the project, with no variable of the environment and no option of ours.

Belongs here: a copy of the project beside rows, and running a tool in it. Does not belong here: the rows, and dbt as
`marsad build` calls it (`invented_raw.py`).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.dbt_project.invented_raw import PROJECT, Warehouse

ROWS, FILE = Path("build/dbt/raw"), Path("dbt_project/target/warehouse.duckdb")
"""Where the project looks for rows, and where it builds, seen from the checkout."""


def copy_project(checkout: Path) -> Path:
    """Copy the project into a checkout that holds nothing else, without what dbt wrote by hand; return its folder."""
    return shutil.copytree(PROJECT, checkout / "dbt_project", ignore=shutil.ignore_patterns("target", "logs"))


def type_in(project: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a tool of the venv in the folder of the project.

    Args:
        project: where it runs.
        words: the tool and its words, `dbt build`.
        settings: what the environment holds besides; nothing of `MARSAD_` and `DBT_` that the tests run under.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MARSAD_", "DBT_"))}
    tool = str(Path(sys.executable).with_name(words[0]))
    return subprocess.run(
        [tool, *words[1:]], cwd=project, env=inherited | settings, capture_output=True, text=True, check=False
    )


def statuses_of(project: Path) -> dict[str, str]:
    """Return what the last run of dbt said of each node, by its name."""
    manifest = json.loads((project / "target" / "manifest.json").read_bytes())
    names = {key: node["name"] for kind in ("nodes", "unit_tests", "exposures") for key, node in manifest[kind].items()}
    results = json.loads((project / "target" / "run_results.json").read_bytes())["results"]
    return {names[result["unique_id"]]: result["status"] for result in results}


def build_by_hand(checkout: Path) -> Warehouse:
    """Type `dbt build` in the copy of the project in `checkout`, over the rows beside it.

    Raises:
        RuntimeError: with what dbt printed, where it gave no results at all.
    """
    project = checkout / "dbt_project"
    answer = type_in(project, "dbt", "build")
    if not (project / "target" / "run_results.json").exists():
        raise RuntimeError(answer.stdout + answer.stderr)
    return Warehouse(checkout / FILE, statuses_of(project))
