"""Tests of dbt that ask many models or columns at once see each fault, and say where it stands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable

import duckdb
import pytest

from assets.engines.choice import failed_in
from assets.engines.wide_tests import kept_rows
from tests.dbt_project.invented_raw import RawFiles, Warehouse, run_dbt

Found = dict[str, list[str]]  # a test of dbt, and the names that it failed in
# One indicator a fault: what is done to the cells of it, or to the view of what they count.
TWICE = {"ind_prosecution__persons_convicted": "insert into {name} (select * from {name} limit 1)"}
UNSOUND = {
    "ind_protection__presumed_victims": "update {name} set obs_status = 'X'",
    "ind_protection__shelter_coverage": "update {name} set obs_value = null where obs_status = 'A'",
    "ind_protection__detection_rate": "update {name} set obs_value = 0 where obs_status = 'O'",
    "ind_prosecution__article_mix": "update {name} set obs_value = -1 where obs_value = 0",
    "ind_prosecution__suspects_in_formal_contact": "update {name} set reports_received_count = 9",
    "ind_protection__victims_charged": "update {name} set obs_value = 2 where obs_value = 1",
    "ind_protection__formally_identified_victims": "{view} select * from {facts} limit 1",
    "ind_protection__identification_rate": "{view} select * from {facts} union all select * from {facts} limit 0",
}
SOUND = {"ind_protection__shelter_occupancy": "{view} select * from {facts} limit 0"}  # it adds up amounts


@pytest.fixture(scope="module")
def broken(warehouse: Warehouse, new_raw_files: Callable[[], RawFiles]) -> tuple[Found, Found]:
    """A copy of the built warehouse with one fault of each kind: what failed in which names, and the codes spoilt."""
    folder = new_raw_files().root.parent
    shutil.copy(warehouse.path, folder / "warehouse.duckdb")
    run_dbt(folder, "parse")
    nodes = json.loads((folder / "target" / "manifest.json").read_bytes())["nodes"].values()
    of_codes = [node for node in nodes if node.get("test_metadata", {}).get("name") == "in_categories"]
    tests = {node["attached_node"].split(".")[-1]: node["name"] for node in of_codes}
    coded = {node["attached_node"].split(".")[-1]: node["test_metadata"]["kwargs"]["columns"] for node in of_codes}
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        for name, change in (TWICE | UNSOUND | SOUND).items():
            connection.execute(f"create table {name}_kept as select * from {name}__facts")  # noqa: S608 - our own names
            connection.execute(
                change.format(name=name, facts=f"{name}_kept", view=f"create or replace view {name}__facts as")
            )
        for table, columns in coded.items():
            nonsense = ", ".join(f"{name} = 'NONSENSE'" for name in columns)
            connection.execute(f"update {table} set {nonsense}")  # noqa: S608 - our own names
        spoilt = {table: sorted(coded[table]) for table in coded if connection.table(table).limit(1).fetchall()}
    statuses = run_dbt(folder, "test", "--select", "test_name:in_categories", "one_row_per_cell", "sound_cells")
    views = kept_rows(folder / "target" / "manifest.json")
    found = {name: failed_in(folder / "warehouse.duckdb", views[name]) for name in statuses if statuses[name] == "fail"}
    return found, {tests[table]: columns for table, columns in spoilt.items()}


def test_a_cell_that_stands_twice_is_found_in_its_indicator(broken: tuple[Found, Found]) -> None:
    assert broken[0]["one_row_per_cell"] == sorted(TWICE)


def test_every_unsound_cell_is_found_in_its_indicator_and_no_sound_one(
    broken: tuple[Found, Found],
) -> None:
    found = set(broken[0]["sound_cells"])
    assert found >= set(UNSOUND)
    assert not found & set(SOUND)
    assert not any(
        name.startswith("ind_prevention__") for name in found
    )  # facts of victims were spoilt, none of theirs


def test_a_code_that_is_no_category_is_found_in_every_column(broken: tuple[Found, Found]) -> None:
    found, spoilt = broken
    assert len(spoilt) >= 8
    assert {name: found[name] for name in spoilt} == spoilt
