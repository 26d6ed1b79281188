"""`dbt build --select +<model>` builds whatever its SQL reads: no model and no test reads more than dbt knows of."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.house.conftest import Compiled

_RELATION = re.compile(r'"main"\."(\w+?)(?:__facts)?"')


def unknown_relations(node: dict[str, Any], sql: str) -> list[str]:
    """Return what a compiled text reads and its node does not name, sorted."""
    known = {parent.split(".")[2] for parent in node["depends_on"]["nodes"]} | {node["name"]}
    return sorted(set(_RELATION.findall(sql)) - known)


def test_every_model_and_test_reads_only_what_dbt_builds_before_it(
    manifest: dict[str, Any], compiled: Compiled
) -> None:
    texts = compiled("duckdb")
    nodes = [node for node in manifest["nodes"].values() if node["name"] in texts]
    assert len(nodes) > 200
    found = {node["original_file_path"]: unknown_relations(node, texts[node["name"]]) for node in nodes}
    assert {file: names for file, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("sql", "unknown"),
    [
        ('select a from "w"."main"."fct_case"', []),
        ('select a from "w"."main"."fct_case" join "w"."main"."ind_a__facts"', ["ind_a"]),
        ('select a from "w"."main"."dim_category"', ["dim_category"]),
        ("select a from read_parquet('raw/cases/**/rows.parquet')", []),
    ],
)
def test_a_relation_that_is_written_by_its_name_alone_is_found(sql: str, unknown: list[str]) -> None:
    node = {"name": "ind_b", "depends_on": {"nodes": ["model.marsad.fct_case"]}}
    assert unknown_relations(node, sql) == unknown
