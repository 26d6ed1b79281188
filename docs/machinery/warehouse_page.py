"""The page of the warehouse: what dbt knows of models, columns and exposures, as one file that needs no server.

Belongs here: the columns of the indicators, which stand in the macro `cell` and in no model: dbt alone shows none.
Does not belong here: what a column means (`dbt_project/macros/indicator.yml`, `dbt_project/models/columns.md`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from dbt.artifacts.resources import ColumnInfo
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

HOUSE = Path(__file__).resolve().parents[2]
PROJECT = HOUSE / "dbt_project"
_CELL = "macro.marsad.cell"
_OF_UNIT_TESTS = "fact_keys"


def with_columns(manifest: Manifest) -> Manifest:
    """Give every indicator the columns that the macro `cell` writes, each with its type and its meaning.

    Args:
        manifest: of the project, as parsed; it is changed.

    Returns:
        The same manifest.
    """
    arguments = [argument for argument in manifest.macros[_CELL].arguments if argument.name != _OF_UNIT_TESTS]
    for node in manifest.nodes.values():
        if node.resource_type == "model" and node.name.startswith("ind_"):
            columns = (
                ColumnInfo(name=argument.name, description=argument.description, data_type=argument.type)
                for argument in arguments
            )
            node.columns = {**{column.name: column for column in columns}, **node.columns}
    return manifest


def write_page(folder: Path) -> Path:
    """Write the page and return it.

    Args:
        folder: of what dbt writes.

    Raises:
        RuntimeError: if dbt cannot read the project.
    """
    # dbt asks for these places even where it reads no rows
    os.environ |= {"MARSAD_RAW": str(folder / "raw"), "MARSAD_BUILD": str(folder / "warehouse.duckdb")}
    places = [
        "--project-dir",
        PROJECT,
        "--profiles-dir",
        PROJECT,
        "--target-path",
        folder,
        "--log-path",
        folder / "logs",
    ]
    shared = ["--quiet", *map(str, places)]
    parsed = _run_dbt(dbtRunner(), ["parse", *shared])
    _run_dbt(dbtRunner(manifest=with_columns(parsed)), ["docs", "generate", "--static", "--empty-catalog", *shared])
    return folder / "static_index.html"


def _run_dbt(dbt: dbtRunner, words: list[str]) -> Manifest:
    result = dbt.invoke(words)
    if not result.success:
        raise RuntimeError(f"dbt {words[0]} failed; its words stand above and in the log") from result.exception
    return result.result  # pyright: ignore[reportReturnType] of `parse`; nobody asks for the other one


if __name__ == "__main__":
    (HOUSE / "build" / "docs" / "warehouse.html").write_bytes(write_page(Path(sys.argv[1])).read_bytes())
