"""dbt tests that ask many models or columns at once: one node of dbt, a check of Dagster on each model that is asked.

A node costs dbt some thirty milliseconds, ten times what its SQL takes. Belongs here: which models such a test asks and
what it found, by the column `failed_in` of the view that dbt keeps of its rows. Does not belong here: running dbt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb


def check_of(asset: dg.AssetKey, test: Mapping[str, Any]) -> dg.AssetCheckSpec | None:
    """Return the check that a test of many models is on one of them; None for a test that belongs to one model.

    Args:
        asset: of a model that the test reads.
        test: dbt's own node.
    """
    if test.get("attached_node"):
        return None
    severity = str(test["config"].get("severity") or "error").lower()
    return dg.AssetCheckSpec(test["name"], asset=asset, blocking=severity == "error", description=test["description"])


def kept_rows(manifest: Path) -> dict[str, str]:
    """Return for each wide test by name the view of the rows that break it, as the manifest names it."""
    nodes = json.loads(manifest.read_bytes())["nodes"].values()
    return {
        node["name"]: _view(node) for node in nodes if node["resource_type"] == "test" and node.get("relation_name")
    }


def failed_in(warehouse: Path, view: str) -> list[str]:
    """Return the models, or the columns of one model, in which rows break a wide test, sorted; names and no values."""
    with duckdb.connect(str(warehouse)) as connection:
        rows = connection.execute(f"select distinct failed_in from {view} order by all").fetchall()  # noqa: S608 - dbt's own name
    return [str(name) for (name,) in rows]


def _view(node: Mapping[str, Any]) -> str:
    return f'"{node["schema"]}"."{node["alias"]}"'
