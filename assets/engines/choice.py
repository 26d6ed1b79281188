"""Which engine builds the warehouse: DuckDB in this process, or Apache Spark if `MARSAD_TARGET` says so.

Belongs here: what dbt and Dagster require of any engine, DuckDB's implementation, and the choice. Does not belong here:
Spark (`spark_engine.py`).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Protocol

from ingestion.home import Home
from ingestion.warehouse import shut
from languages.refusal import Refusal


class WarehouseEngine(Protocol):
    """An engine that builds tables for dbt; at its end `build/warehouse.duckdb` holds what the packages above read."""

    target: str
    """The name of its output in `dbt_project/profiles.yml`."""
    environment: dict[str, str]
    """The environment variables that the profile and the models read."""

    def start(self) -> None:
        """Remove what a killed build left, and get ready for dbt."""
        ...

    def row_count(self, relation: str) -> int | None:
        """Return how many rows a table has that dbt has just made; None if counting is expensive."""
        ...

    def let_go(self) -> None:
        """Close dbt's connections."""
        ...

    def interrupt(self) -> None:
        """End the running query, if there is one."""
        ...

    def failed_in(self, view: str) -> list[str]:
        """Return the models or columns with rows that fail a wide test, by dbt's view of those rows, sorted."""
        ...

    def complete(self) -> None:
        """Write what the packages above read into the warehouse file."""
        ...

    def stop(self) -> None:
        """Stop the engine and remove what only it needed; may be called twice."""
        ...


class DuckdbEngine:
    """DuckDB in this process: dbt writes the warehouse file itself."""

    target = "duckdb"

    def __init__(self, home: Home) -> None:
        """Build in the home's build folder."""
        self._file = home.build / "warehouse.duckdb"
        self.environment = {"MARSAD_RAW": str(home.raw), "MARSAD_BUILD": str(self._file)}

    def start(self) -> None:
        """Remove what a killed build left: the file, its log, its spilled data."""
        for left in self._file.parent.glob(f"{self._file.name}*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()

    def row_count(self, relation: str) -> int:
        """Count over this process's connection; it could not open another one."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # imported late: two seconds

        handle: Any = DuckDBConnectionManager.env().handle()
        try:
            row = handle.cursor().execute(f"SELECT count(*) FROM {relation}").fetchone()  # noqa: S608 - dbt's own
        finally:
            handle.close()
        return int(row[0])

    def let_go(self) -> None:
        """Close all connections: otherwise the file stays locked for every reader."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager

        DuckDBConnectionManager.close_all_connections()

    def interrupt(self) -> None:
        """Do nothing: dbt ends DuckDB's query itself."""

    def failed_in(self, view: str) -> list[str]:
        """Query the file, which dbt has closed."""
        return failed_in(self._file, view)

    def complete(self) -> None:
        """Do nothing: dbt has written the file."""

    def stop(self) -> None:
        """Do nothing: there is no separate process."""


def failed_in(warehouse: Path, view: str) -> list[str]:
    """Return the models, or the columns of one model, with rows that fail a wide test, sorted; names and no values."""
    import duckdb

    with duckdb.connect(str(warehouse)) as connection:
        shut(connection)
        rows = connection.execute(f"select distinct failed_in from {view} order by all").fetchall()  # noqa: S608 - dbt's own name
    return [str(name) for (name,) in rows]


def chosen_engine(home: Home) -> WarehouseEngine:
    """Return the engine that `MARSAD_TARGET` names, DuckDB by default; nothing is started.

    Raises:
        Refusal: `target_unknown`, or what `SparkEngine` raises if Spark is not installed.
    """
    name = os.environ.get("MARSAD_TARGET", DuckdbEngine.target)
    if name == DuckdbEngine.target:
        return DuckdbEngine(home)
    if name != "spark":
        raise Refusal("target_unknown", where=name)
    from assets.engines.spark_engine import SparkEngine

    return SparkEngine(home)
