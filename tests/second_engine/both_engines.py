"""One home's warehouse by DuckDB and by Spark, and what differs between the two, row for row.

Belongs here: building both, and the comparison. Does not belong here: which home (`conftest.py`), or what must hold.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from assets import dbt_events
from assets.dbt_events import prepare_manifest
from assets.engines.choice import DuckdbEngine, WarehouseEngine
from assets.engines.spark_engine import SparkEngine, settings_of_this_machine, write_settings
from benchmarks.timed_run import cpu_seconds
from ingestion.home import Home

Columns = list[tuple[str, str]]
FEW = {
    "spark.sql.shuffle.partitions": "1",
    "spark.driver.maxResultSize": "8m",  # what a process takes in of the workers at once; no relation needs it
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m",
}
"""Settings for few rows: most of the time goes into starting what many rows would need."""
_ROWS_AT_ONCE = 3_000_000


@dataclass(frozen=True)
class TwoWarehouses:
    """The relations of one home, built twice.

    Attributes:
        home: whose rows both engines read.
        ours: the warehouse file of DuckDB.
        collected: the warehouse file that Spark's relations were collected into.
        engine: Spark, still running.
        broken: nodes of dbt that failed in Spark.
        took: CPU seconds of all processes and wall seconds that each engine took, collection included.
    """

    home: Home
    ours: Path
    collected: Path
    engine: SparkEngine
    broken: list[str]
    took: dict[str, tuple[float, float]]


@contextmanager
def built_twice(
    home: Home, folder: Path, settings: dict[str, str], chosen: Sequence[str] = ()
) -> Generator[TwoWarehouses]:
    """Build the warehouse of landed rows by both engines; Spark runs until the context ends.

    Args:
        home: with `raw/`.
        folder: an empty one, for DuckDB's file and Spark's settings.
        settings: of Spark, beside those of this machine.
        chosen: dbt's own words for a part of the warehouse, which nothing is collected of; all of it without them.
    """
    prepare_manifest(home)
    took: dict[str, tuple[float, float]] = {}
    began = time.process_time(), time.monotonic()
    assert broken_nodes(home, DuckdbEngine(home), chosen) == []
    took["duckdb"] = (time.process_time() - began[0], time.monotonic() - began[1])
    ours = (home.build / "warehouse.duckdb").replace(folder / "ours.duckdb")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SPARK_CONF_DIR", str(settings_for(home, folder / "conf", settings)))
        engine = SparkEngine(home)
        began = time.process_time(), time.monotonic()
        try:
            broken = broken_nodes(home, engine, chosen)
            if not broken and not chosen:
                engine.complete()
            used = time.process_time() - began[0] + cpu_seconds(engine.java.process.pid)
            took["spark"] = (used, time.monotonic() - began[1])
            yield TwoWarehouses(home, ours, home.build / "warehouse.duckdb", engine, broken, took)
        finally:
            engine.stop()


def settings_for(home: Home, folder: Path, settings: dict[str, str]) -> Path:
    """Write Spark's settings of this machine with others beside them into a folder, and return it."""
    write_settings(folder, settings_of_this_machine(home.build / "spark") | settings)
    return folder


def broken_nodes(home: Home, engine: WarehouseEngine, chosen: Sequence[str]) -> list[str]:
    """Start an engine, let dbt build everything or what is chosen in it, and return the nodes that failed."""
    engine.start()
    told = [one for one in dbt_events.build(home, engine, chosen) if isinstance(one, dbt_events.FinishedNode)]
    assert len(told) > (0 if chosen else 200)
    return sorted(one.name for one in told if one.is_broken)


def relations(file: Path) -> dict[str, Columns]:
    """Return each relation of a warehouse file with its columns and their types."""
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute(
            "select table_name, column_name, data_type from information_schema.columns"
            " where table_schema = 'main' order by table_name, ordinal_position"
        ).fetchall()
    found: dict[str, Columns] = {}
    for table, column, kind in rows:
        found.setdefault(table, []).append((column, kind))
    return found


def apart_in_spark(two: TwoWarehouses, only: Collection[str] = ()) -> tuple[dict[str, int], list[str]]:
    """Return how many rows only one engine holds, of each relation where it is not 0, and the relations with rows."""
    apart: dict[str, int] = {}
    found, filled = relations(two.ours), list[str]()
    with _attached(two.ours) as connection:
        for name, columns in ((name, found[name]) for name in only or found):
            with two.engine.bring_relation(name) as files:
                first = connection.execute("select * from read_parquet($1) limit 1", [files]).fetchall()
                if [column[0] for column in connection.description] != [column for column, _ in columns]:
                    apart[name] = -1
                    continue
                filled += [name] if first else []
                apart[name] = _rows_apart(connection, name, columns, f"read_parquet('{files}')")
    return {name: count for name, count in apart.items() if count}, filled


def apart_in_collected(two: TwoWarehouses) -> dict[str, int]:
    """Return the same of the relations that were collected into the warehouse file."""
    with _attached(two.ours) as connection:
        connection.execute(f"attach '{two.collected}' as theirs (read_only)")
        found = relations(two.collected)
        apart = {name: _rows_apart(connection, name, found[name], f"theirs.main.{name}") for name in found}
    return {name: count for name, count in apart.items() if count}


@contextmanager
def _attached(ours: Path) -> Generator[Any]:
    memory = os.environ.get("MARSAD_MEMORY_LIMIT", "80%")
    limits = {"memory_limit": memory, "temp_directory": str(ours.parent / "spill")}
    with duckdb.connect(config=limits) as connection:
        connection.execute(f"attach '{ours}' as ours (read_only)")
        yield connection


def _rows_apart(connection: Any, name: str, columns: Columns, theirs: str) -> int:  # noqa: ANN401
    """Count the rows that one of the two holds and the other does not, each as often as it is held.

    Rows are asked about in parts, by a hash of all their columns: equal rows have one hash, and a large relation whose
    both sides are sorted at once spills several times its size.
    """
    typed = ", ".join(f"cast({column} as {kind}) as {column}" for column, kind in columns)
    own, other = f"select * from ours.main.{name}", f"select {typed} from {theirs}"  # noqa: S608
    parts = 1 + connection.execute(f"select count(*) from ours.main.{name}").fetchone()[0] // _ROWS_AT_ONCE  # noqa: S608
    names = ", ".join(column for column, _ in columns)

    def apart(part: int) -> int:
        both = [f"select * from ({one}) where hash({names}) % {parts} = {part}" for one in (own, other)]  # noqa: S608
        lacking = [f"({first} except all {second})" for first, second in (both, both[::-1])]
        return connection.execute(f"select count(*) from ({' union all '.join(lacking)})").fetchone()[0]  # noqa: S608

    return sum(apart(part) for part in range(parts))
