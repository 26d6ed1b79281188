"""Which engine builds the warehouse: DuckDB in this process, or Apache Spark where `MARSAD_TARGET` says so.

Belongs here: what dbt and Dagster ask of any engine, DuckDB's answers, and the choice. Does not belong here: Spark
(`spark_engine.py`).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Protocol

from ingestion.home import Home
from languages.refusal import Refusal


class WarehouseEngine(Protocol):
    """What builds tables for dbt. When it is done, `build/warehouse.duckdb` holds what the floors above read."""

    target: str
    """The name of its output in `dbt_project/profiles.yml`."""
    environment: dict[str, str]
    """What the profile and the models read of the environment."""

    def start(self) -> None:
        """Remove what a killed build left, and be ready for dbt."""
        ...

    def row_count(self, relation: str) -> int | None:
        """Return how many rows a table has that dbt has just made; None where counting is work of its own."""
        ...

    def let_go(self) -> None:
        """Close what dbt has opened."""
        ...

    def interrupt(self) -> None:
        """End the query that runs, if one does."""
        ...

    def failed_in(self, view: str) -> list[str]:
        """Return the models or columns in which rows break a wide test, by the view that dbt kept of them, sorted."""
        ...

    def complete(self) -> None:
        """Bring what the floors above read into the warehouse file."""
        ...

    def stop(self) -> None:
        """End it and remove what only it needed; may be called twice."""
        ...


class DuckdbEngine:
    """DuckDB in this process: dbt writes the warehouse file itself."""

    target = "duckdb"

    def __init__(self, home: Home) -> None:
        """Build in the home's build folder."""
        self._file = home.build / "warehouse.duckdb"
        self.environment = {"MARSAD_RAW": str(home.raw), "MARSAD_BUILD": str(self._file)}

    def start(self) -> None:
        """Remove what a killed build left: the file, its log, what it spilled."""
        for left in self._file.parent.glob(f"{self._file.name}*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()

    def row_count(self, relation: str) -> int:
        """Count by the connection that this process has: another one it would not get."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # late: two seconds

        handle: Any = DuckDBConnectionManager.env().handle()
        try:
            row = handle.cursor().execute(f"SELECT count(*) FROM {relation}").fetchone()  # noqa: S608 - dbt's own
        finally:
            handle.close()
        return int(row[0])

    def let_go(self) -> None:
        """Close all connections: the file stays locked for every reader otherwise."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        DuckDBConnectionManager.close_all_connections()

    def interrupt(self) -> None:
        """Do nothing: dbt ends DuckDB's query itself."""

    def failed_in(self, view: str) -> list[str]:
        """Ask the file that dbt has let go of."""
        return failed_in(self._file, view)

    def complete(self) -> None:
        """Do nothing: dbt has written the file."""

    def stop(self) -> None:
        """Do nothing: it has no process of its own."""


def failed_in(warehouse: Path, view: str) -> list[str]:
    """Return the models, or the columns of one model, in which rows break a wide test, sorted; names and no values."""
    import duckdb

    with duckdb.connect(str(warehouse)) as connection:
        rows = connection.execute(f"select distinct failed_in from {view} order by all").fetchall()  # noqa: S608 - dbt's own name
    return [str(name) for (name,) in rows]


def chosen_engine(home: Home) -> WarehouseEngine:
    """Return the engine that `MARSAD_TARGET` names, DuckDB where it names none; nothing is started.

    Raises:
        Refusal: `target_unknown`, or what `SparkEngine` raises where Spark is not installed.
    """
    name = os.environ.get("MARSAD_TARGET", DuckdbEngine.target)
    if name == DuckdbEngine.target:
        return DuckdbEngine(home)
    if name != "spark":
        raise Refusal("target_unknown", where=name)
    from assets.engines.spark_engine import SparkEngine

    return SparkEngine(home)
