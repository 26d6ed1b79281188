"""dbt tests over many models or columns: one dbt node, and a Dagster check on each of the models.

A node costs dbt some thirty milliseconds, ten times what its SQL takes. Belongs here: which models such a test covers
and in which view dbt stores the failing rows. Does not belong here: running dbt, or reading that view (`choice.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg

from ingestion.storage import parse_json


def check_of(asset: dg.AssetKey, test: Mapping[str, Any]) -> dg.AssetCheckSpec | None:
    """Return the check that a test of many models is on one of them; None for a test of a single model.

    Args:
        asset: of a model that the test reads.
        test: dbt's own node.
    """
    if test.get("attached_node"):
        return None
    severity = str(test["config"].get("severity") or "error").lower()
    description = test["meta"].get("description")
    return dg.AssetCheckSpec(test["name"], asset=asset, blocking=severity == "error", description=description)


def kept_rows(manifest: Path) -> dict[str, str]:
    """Return for each wide test, by name, the view of its failing rows, as the manifest names it."""
    nodes = parse_json(manifest.read_bytes())["nodes"].values()
    return {
        node["name"]: _view(node) for node in nodes if node["resource_type"] == "test" and node.get("relation_name")
    }


def _view(node: Mapping[str, Any]) -> str:
    return f'"{node["schema"]}"."{node["alias"]}"'
