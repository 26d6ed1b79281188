"""The only access to DuckDB: opened late, closed early, with nothing installed or loaded from outside.

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

# Extensions come from the network and run as code: none is installed, and only built-in ones are loaded.
SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "allow_unsigned_extensions": False,
}


_DAMAGED = ("Corrupt database file", "Could not read enough bytes")
"""DuckDB's messages for a file with wrong checksums, or one that was cut."""


@contextmanager
def connect(home: Home, *, read_only: bool = True) -> Generator[DuckDBPyConnection]:
    """Open the warehouse of a home and close it again.

    Raises:
        Refusal: `warehouse_missing` if nothing was built yet; `warehouse_busy` if another process writes it, or it
            is no database; `bytes_changed` if it is damaged, even if that shows only while reading.
    """
    import duckdb

    if not home.warehouse.exists():
        raise Refusal("warehouse_missing", where=str(home.warehouse))
    try:
        connection = _open_connection(home, read_only=read_only)
        try:
            connection.execute("SET lock_configuration = true")
            yield connection
        finally:
            connection.close()
    except duckdb.Error as error:
        if any(words in str(error) for words in _DAMAGED):
            raise Refusal("bytes_changed", where=str(home.warehouse)) from error
        raise


def _open_connection(home: Home, *, read_only: bool) -> DuckDBPyConnection:
    import duckdb

    try:
        return duckdb.connect(str(home.warehouse), read_only=read_only, config=SETTINGS)
    except duckdb.IOException as error:
        if any(words in str(error) for words in _DAMAGED):
            raise
        raise Refusal("warehouse_busy", where=str(home.warehouse)) from error
