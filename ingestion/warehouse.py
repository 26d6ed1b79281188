"""The only access to DuckDB: opened late, closed early, and shut: it opens no file and no address but those named here.

Belongs here: connections and their settings. Does not belong here: queries, and building the file (dbt is its only
writer; `assets` moves it into place).
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
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
def connect(home: Home, *folders: Path, read_only: bool = True) -> Generator[DuckDBPyConnection]:
    """Open the warehouse of a home and close it again.

    Args:
        home: a data home.
        folders: whose files the queries read besides.
        read_only: whether nothing is written.

    Raises:
        Refusal: `warehouse_missing` if nothing was built yet; `warehouse_busy` if another process writes it, or it
            is no database; `bytes_changed` if it is damaged, even if that shows only while reading.
    """
    import duckdb

    if not home.warehouse.exists():
        raise Refusal("warehouse_missing", where=str(home.warehouse))
    try:
        with _open_connection(home, read_only=read_only) as connection:
            shut(connection, *folders)
            yield connection
    except duckdb.Error as error:
        if any(words in str(error) for words in _DAMAGED):
            raise Refusal("bytes_changed", where=str(home.warehouse)) from error
        raise


@contextmanager
def connect_in_memory(*folders: Path) -> Generator[DuckDBPyConnection]:
    """Open a database of its own in memory, which holds what is registered or created.

    Args:
        folders: whose files it may read.
    """
    import duckdb

    with duckdb.connect(config=SETTINGS) as connection:
        shut(connection, *folders)
        yield connection


def shut(connection: DuckDBPyConnection, *folders: Path) -> None:
    """Close the file system and the network to a connection, for good.

    Senders' values are no SQL here; if one ever were, it could read no file, write none and load no code.

    Args:
        connection: to a database, which stays open.
        folders: whose files stay open.
    """
    if folders:
        connection.execute("SET allowed_directories = ?", [[str(folder) for folder in folders]])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _open_connection(home: Home, *, read_only: bool) -> DuckDBPyConnection:
    import duckdb

    try:
        return duckdb.connect(str(home.warehouse), read_only=read_only, config=SETTINGS)
    except duckdb.IOException as error:
        if any(words in str(error) for words in _DAMAGED):
            raise
        raise Refusal("warehouse_busy", where=str(home.warehouse)) from error
