"""The warehouse: dbt, run inside this process, as Dagster assets with its tests as blocking checks.

Belongs here: how dbt is called, where it writes, how its nodes are grouped. Does not belong here: SQL.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets

from assets.house import House
from assets.stages import HOUSE, STAGES, fingerprint, fingerprint_of, room
from ingestion.home import Home, sync_folder, write_bytes
from languages.refusal import Refusal

PROJECT = HOUSE / "dbt_project"


class Translator(DagsterDbtTranslator):
    """Names the groups after the rooms of the warehouse: staging, core, the pillars, code lists."""

    def get_group_name(self, dbt_resource_props: Any) -> str | None:  # noqa: ANN401 - dbt's own node dictionary
        """Return the pillar of an indicator, else the folder of a model, else `codes` for a seed."""
        if dbt_resource_props["resource_type"] == "seed":
            return "codes"
        folders: list[str] = dbt_resource_props["fqn"][1:-1]
        return folders[-1] if folders else None

    def get_owners(self, dbt_resource_props: Any) -> list[str]:  # noqa: ANN401 - dbt's own node dictionary
        """Return the statisticians: they answer for every model."""
        return ["team:statistics"] if dbt_resource_props["resource_type"] in {"model", "seed"} else []


def prepared_manifest(home: Home) -> Path:
    """Return dbt's manifest under the home, parsed anew when the project changed since.

    Raises:
        Refusal: `dbt_failed` with dbt's own words when the project does not parse.
    """
    manifest, stamp = home.dbt_target / "manifest.json", home.build / "manifest.fingerprint"
    project = fingerprint_of(room("dbt_project"))
    if not manifest.exists() or not stamp.exists() or stamp.read_text() != project:
        _invoke(home, ["parse"])
        write_bytes(stamp, project.encode())
    return manifest


def dbt_models(house: House) -> dg.AssetsDefinition:
    """Return every model and seed as an asset, every dbt test as a check that blocks what is behind it."""

    @dbt_assets(
        manifest=prepared_manifest(house.home),
        dagster_dbt_translator=Translator(),
        name="dbt_models",
        pool="duckdb_writer",
    )
    def models() -> Iterator[Any]:
        house.progress("dbt: building the warehouse")
        with house.answering():
            nodes = _build(house.home)
        checks = {spec.name: spec.asset_key for spec in models.check_specs}
        keys = {key.path[-1]: key for key in models.keys}
        for node in nodes:
            yield from _events(node, keys, checks)
        broken = sorted(node.node.name for node in nodes if node.status in {"error", "fail", "skipped"})
        if broken:
            with house.answering():
                raise Refusal("dbt_failed", where=", ".join(broken[:5]), count=len(broken))
        _put_in_place(house.home)
        house.finished("warehouse")

    return models


def bare_build(home: Home) -> None:
    """Run `dbt build` alone over the same raw rows: what the benchmark of the graph is held against."""
    _build(home)


def _events(node: Any, keys: dict[str, dg.AssetKey], checks: dict[str, dg.AssetKey]) -> Iterator[Any]:  # noqa: ANN401 - dbt's result
    name, kind = node.node.name, str(node.node.resource_type)
    if kind in {"model", "seed"} and node.status == "success":
        yield dg.MaterializeResult(asset_key=keys[name], metadata={"seconds": node.execution_time})
    elif name in checks:
        yield dg.AssetCheckResult(passed=node.status in {"pass", "success"}, asset_key=checks[name], check_name=name)


def _build(home: Home) -> list[Any]:
    (home.build / "warehouse.duckdb").unlink(missing_ok=True)
    return list(_invoke(home, ["build", "--exclude-resource-type", "unit_test"]).results)


def _invoke(home: Home, command: list[str]) -> Any:  # noqa: ANN401 - dbt's result
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # late: two seconds
    from dbt.cli.main import dbtRunner

    os.environ |= {
        "MARSAD_RAW": str(home.raw),
        "MARSAD_BUILD": str(home.build / "warehouse.duckdb"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    flags = [
        "--project-dir",
        PROJECT,
        "--profiles-dir",
        PROJECT,
        "--target-path",
        home.dbt_target,
        "--log-path",
        home.build,
    ]
    outcome = dbtRunner().invoke([*command, *map(str, flags), "--quiet", "--log-level", "none"])
    DuckDBConnectionManager.close_all_connections()  # the file stays locked for every reader otherwise
    if outcome.exception is not None:
        raise Refusal(
            "dbt_failed", where=str(outcome.exception).strip().splitlines()[0], count=1
        ) from outcome.exception
    return outcome.result


def _put_in_place(home: Home) -> None:
    """Rename the finished warehouse over the old one: a reader sees the one or the other, never a half."""
    (home.build / "warehouse.duckdb").replace(home.warehouse)
    sync_folder(home.root)
    warehouse = next(stage for stage in STAGES if stage.name == "warehouse")
    write_bytes(home.build / "warehouse.fingerprint", fingerprint(home, warehouse).encode())
