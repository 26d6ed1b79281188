"""The warehouse: dbt, run inside this process, as Dagster assets with its tests as blocking checks.

Belongs here: how dbt is called, where it writes, how its nodes are grouped. Does not belong here: SQL.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets

from assets.house import House
from assets.stages import HOUSE, fingerprint_of, made_for, room
from ingestion.home import Home, sha256_of, sync_folder, write_bytes
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
    """Return dbt's manifest under the home, parsed anew when the project changed since, or the manifest did.

    Raises:
        Refusal: `dbt_failed` with dbt's own words when the project does not parse.
    """
    manifest, stamp = home.dbt_target / "manifest.json", home.build / "manifest.fingerprint"
    project = fingerprint_of(room("dbt_project"))
    known = stamp.read_text(encoding="utf-8") if stamp.exists() and manifest.exists() else ""
    if not known or known != f"{project} {sha256_of(manifest)}":
        _invoke(home, ["parse"])
        write_bytes(stamp, f"{project} {sha256_of(manifest)}".encode())
    return manifest


def dbt_models(house: House) -> dg.AssetsDefinition:
    """Return every model and seed as an asset, every dbt test as a check that blocks what is behind it."""

    # no pool of Dagster's: it outlives a killed run, and the home's lock already lets one writer in
    @dbt_assets(manifest=prepared_manifest(house.home), dagster_dbt_translator=Translator(), name="dbt_models")
    def models() -> Iterator[Any]:
        house.progress("dbt: building the warehouse")
        with house.answering("warehouse"):
            nodes = _build(house.home)
        checks = {spec.name: spec.asset_key for spec in models.check_specs}
        keys = {key.path[-1]: key for key in models.keys}
        for node in nodes:
            yield from _events(node, keys, checks)
        broken = sorted(node.node.name for node in nodes if node.status in {"error", "fail", "skipped"})
        if broken:
            with house.answering("warehouse"):
                raise Refusal("dbt_failed", where=", ".join(broken[:5]), count=len(broken))
        _put_in_place(house)
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
    for left in home.build.glob("warehouse.duckdb*"):  # of a build that was killed: the file, its log, what it spilled
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    command = ["build", "--exclude-resource-type", "unit_test", "--no-write-json"]  # the manifest is that of the parse
    return list(_invoke(home, command).results)


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
        if not isinstance(outcome.exception, Exception):  # somebody stopped the build; dbt hands on what it caught
            raise KeyboardInterrupt from outcome.exception
        said = str(outcome.exception).strip() or type(outcome.exception).__name__
        raise Refusal("dbt_failed", where=said.splitlines()[0], count=1) from outcome.exception
    return outcome.result


def _put_in_place(house: House) -> None:
    """Rename the finished warehouse over the old one: a reader sees the one or the other, never a half."""
    home = house.home
    (home.build / "warehouse.duckdb").replace(home.warehouse)
    sync_folder(home.root)
    read = f"{house.given['warehouse']} {made_for(home, 'warehouse')}"
    write_bytes(home.build / "warehouse.fingerprint", read.encode())
