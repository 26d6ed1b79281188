"""The warehouse: dbt, run inside this process, as Dagster assets with its tests as blocking checks.

Belongs here: how dbt is called, where it writes, how its nodes are grouped. Does not belong here: SQL.
"""

from __future__ import annotations

from collections.abc import Container, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets

from assets import dbt_events, event_metadata
from assets.engines import wide_tests
from assets.engines.choice import WarehouseEngine, chosen_engine
from assets.house import OWNERS, BuildContext
from assets.stages import hash_of_inputs
from ingestion.home import sync_folder, write_bytes
from languages.refusal import Refusal


class GroupTranslator(DagsterDbtTranslator):
    """Names the groups after the folders of the warehouse: staging, core, the pillars, code lists."""

    def __init__(self, code_version: str) -> None:
        """Store the version of the whole project: dbt runs as a whole, so one changed model makes all of it stale."""
        super().__init__()
        self._code_version = code_version

    def get_group_name(self, dbt_resource_props: Any) -> str | None:  # noqa: ANN401 - dbt's own node dictionary
        """Return the pillar of an indicator, else the folder of a model, else `codes` for a seed."""
        if dbt_resource_props["resource_type"] == "seed":
            return "codes"
        folders: list[str] = dbt_resource_props["fqn"][1:-1]
        return folders[-1] if folders else None

    def get_owners(self, dbt_resource_props: Any) -> list[str]:  # noqa: ANN401 - dbt's own node dictionary
        """Return the statisticians, who are responsible for every model."""
        return [OWNERS["warehouse"]] if dbt_resource_props["resource_type"] in {"model", "seed"} else []

    def get_code_version(self, dbt_resource_props: Any) -> str | None:  # noqa: ANN401 - dbt's own node dictionary
        """Return the version of the whole project."""
        return self._code_version

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: Any,  # noqa: ANN401 - dagster-dbt's own
    ) -> dg.AssetCheckSpec | None:
        """Return the check that a test is on a model: a test of all indicators is one check on each of them."""
        own = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        return own or wide_tests.check_of(asset_spec.key, manifest["nodes"][unique_id])


def dbt_models(house: BuildContext) -> dg.AssetsDefinition:
    """Return every model and seed as an asset, every dbt test as a check that blocks what follows it.

    The warehouse is one file that is built whole: selecting one model builds all, but Dagster is told of that one only.
    """

    # no Dagster pool: it would outlive a killed run, and the home's lock already allows only one writer
    @dbt_assets(
        manifest=dbt_events.prepare_manifest(house.home),
        dagster_dbt_translator=GroupTranslator(house.code_version("warehouse")),
        name="dbt_models",
    )
    def build_models() -> Iterator[Any]:
        context = dg.AssetExecutionContext.get()
        version = event_metadata.version_of(_data_version(house))
        chosen = {*context.selected_asset_keys, *context.selected_asset_check_keys}
        events = _NodeEvents(build_models.keys, build_models.check_keys, version, chosen)
        with house.refusals_as_failures("warehouse"), closing(_build_warehouse(house, events)) as node_events:
            yield from node_events
        _put_in_place(house)
        house.finish_stage("warehouse")

    return build_models


def _build_warehouse(house: BuildContext, events: _NodeEvents) -> Generator[Any]:
    """Build the warehouse file by the chosen engine; yield the Dagster events of each node.

    Raises:
        Refusal: `dbt_failed` with the broken nodes, or what the engine refuses.
    """
    engine = chosen_engine(house.home)
    house.progress(f"dbt: building the warehouse ({engine.target})")
    try:
        engine.start()
        yield from _node_events(house, events, engine)
        engine.complete()
    finally:
        engine.stop()


def _node_events(house: BuildContext, events: _NodeEvents, engine: WarehouseEngine) -> Generator[Any]:
    views = wide_tests.kept_rows(house.home.dbt_target / "manifest.json")
    broken: list[str] = []
    failed: list[dbt_events.FinishedNode] = []
    for event in dbt_events.build(house.home, engine):
        if isinstance(event, dbt_events.DbtWarning):
            dg.get_dagster_logger().warning(event.text)
            continue
        if event.name in views and event.status == "fail":  # where it failed is queried once dbt has closed the tables
            failed.append(event)
            continue
        yield from events.events_of(event)
        broken += [event.name] if event.is_broken else []
    for test in failed:
        names = engine.failed_in(views[test.name])
        yield from events.events_of(test, names)
        broken.append(f"{test.name} ({', '.join(names)})")
    if broken:
        raise Refusal("dbt_failed", where=", ".join(sorted(broken)[:5]), count=len(broken))


class _NodeEvents:
    """The Dagster events of each dbt node: a table's rows, a test's result."""

    def __init__(
        self,
        assets: Iterable[dg.AssetKey],
        checks: Iterable[dg.AssetCheckKey],
        version: dg.DataVersion,
        chosen: Container[dg.AssetKey | dg.AssetCheckKey],
    ) -> None:
        """Store what dbt builds.

        Args:
            assets: of all models and seeds.
            checks: of all tests; a wide test is one on several assets.
            version: of the data of each.
            chosen: the selection of this run; Dagster is told of nothing else.
        """
        self._keys = {key.path[-1]: key for key in assets}
        self._version, self._chosen = version, chosen
        self._checks: dict[str, list[dg.AssetCheckKey]] = {}
        for check in checks:
            self._checks.setdefault(check.name, []).append(check)

    def events_of(self, node: dbt_events.FinishedNode, failed_in: Sequence[str] = ()) -> Iterator[Any]:
        """Yield the events of a node.

        Args:
            node: that dbt has finished.
            failed_in: of a wide test that failed, the models or columns in which it did.
        """
        if node.kind in {"model", "seed"} and node.passed and self._keys[node.name] in self._chosen:
            counted = {} if node.rows is None else event_metadata.rows(node.rows)
            yield dg.MaterializeResult(
                asset_key=self._keys[node.name],
                data_version=self._version,
                metadata={**counted, "seconds": node.seconds},
            )
        asked = self._checks.get(node.name, [])
        for check in asked:
            if check not in self._chosen:
                continue
            place = check.asset_key.path[-1]
            holds = node.passed or (len(asked) > 1 and bool(failed_in) and place not in failed_in)
            where = {} if holds or len(asked) > 1 or not failed_in else {"failed_in": ", ".join(failed_in)}
            yield dg.AssetCheckResult(
                passed=holds,
                asset_key=check.asset_key,
                check_name=node.name,
                severity=dg.AssetCheckSeverity.WARN if node.is_warning else dg.AssetCheckSeverity.ERROR,
                metadata={"status": "pass" if holds else node.status, "seconds": node.seconds, **where},
            )


def _data_version(house: BuildContext) -> str:
    return f"{house.given['warehouse']} {hash_of_inputs(house.home, 'warehouse')}"


def _put_in_place(house: BuildContext) -> None:
    """Rename the finished warehouse over the old one: a reader sees one or the other, never a half-written file."""
    home = house.home
    (home.build / "warehouse.duckdb").replace(home.warehouse)
    sync_folder(home.root)
    write_bytes(home.build / "warehouse.fingerprint", _data_version(house).encode())
