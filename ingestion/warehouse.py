"""The only door to DuckDB: open late, close early, with nothing installed or loaded from outside.

Belongs here: connections and their settings. Does not belong here: queries, and building the file (dbt is its only
writer; `assets` moves it into place).
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ingestion.home import Home
from languages.refusal import Refusal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# Extensions come from the network and run as code: none is installed, and only those built in are loaded.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_unsigned_extensions": False,
}


@contextmanager
def connect(home: Home, *, read_only: bool = True) -> Generator[DuckDBPyConnection]:
    """Open the warehouse of a home and close it again.

    Raises:
        Refusal: `warehouse_missing` when nothing was built yet; `warehouse_busy` when another process writes it.
    """
    import duckdb

    if not home.warehouse.exists():
        raise Refusal("warehouse_missing", where=str(home.warehouse))
    try:
        connection = duckdb.connect(str(home.warehouse), read_only=read_only, config=SETTINGS)
    except duckdb.IOException as error:
        raise Refusal("warehouse_busy", where=str(home.warehouse)) from error
    try:
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()
