"""Dagster's history of one build: its event log stays open from the first event to the last.

Belongs here: how a build opens what Dagster keeps in the home. Does not belong here: what is told
(`event_metadata.py`), nor the history as the interface reads it, which opens it as Dagster does.

Dagster makes an engine and a connection for each event, and being the last to close the file, SQLite then moves its log
into it, with several waits for the disk. A build tells more than a thousand events: that was a third of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from ingestion.home import Home

_BUSY_SECONDS = 60
"""How long a connection waits for the interface, which may write to the same file."""


class KeptOpenEventLog(SqliteEventLogStorage):
    """An event log with one connection a file, which waits for the disk only when SQLite moves its log into the file.

    A killed process loses nothing. A machine that loses its power may lose the last events of a run, and the files stay
    sound (SQLite: `synchronous=NORMAL` with a write-ahead log). No receipt, verdict, release or fingerprint is here.
    """

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Open nothing yet; the folder is made."""
        self._open: dict[str, Connection] = {}
        self._there: set[str] = set()
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Generator[Connection]:
        with self._db_lock:
            connection = self._open.get(shard) or self._opened(shard)
            with connection.begin():
                yield connection

    def _opened(self, shard: str) -> Connection:
        settings = {"timeout": _BUSY_SECONDS, "check_same_thread": False}  # one at a time, by the lock of the caller
        engine = create_engine(self.conn_string_for_shard(shard), poolclass=NullPool, connect_args=settings)
        self._initdb(engine)
        connection = self._open[shard] = engine.connect()
        connection.execute(text("PRAGMA synchronous=NORMAL"))
        connection.commit()
        return connection

    def has_table(self, table_name: str) -> bool:
        """Return whether a table is there; Dagster asks at each event, by a connection of its own."""
        return self._stays(table_name, lambda: SqliteEventLogStorage.has_table(self, table_name))

    def has_secondary_index(self, name: str) -> bool:
        """Return whether an index has been made for all events."""
        return self._stays(f"index {name}", lambda: SqliteEventLogStorage.has_secondary_index(self, name))

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        honest = SqliteEventLogStorage._has_asset_key_col_on_connection
        return self._stays(f"column {column_name}", lambda: honest(self, conn, column_name))

    def _stays(self, name: str, asked: Callable[[], bool]) -> bool:
        """Return whether the files have something; what they had once, no build takes from them."""
        if name not in self._there and asked():
            self._there.add(name)
        return name in self._there

    def dispose(self) -> None:
        """Close all files: each log is moved into its file."""
        super().dispose()
        while self._open:
            _, connection = self._open.popitem()
            with suppress(DatabaseError):  # a full disk: what was told lies in the log
                connection.close()


class BuildStorage(DagsterSqliteStorage):
    """What Dagster keeps in a home, with an event log that stays open."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """Open the storage of a home."""
        super().__init__(base_dir, inst_data)
        self._event_log_storage = KeptOpenEventLog(str(Path(base_dir, "history", "runs")))

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Any) -> BuildStorage:  # noqa: ANN401 - Dagster's
        """Return the storage that the settings describe."""
        return cls(inst_data=inst_data, **config_value)


@contextmanager
def opened(home: Home) -> Generator[dg.DagsterInstance]:
    """Yield the Dagster instance of a home for one build.

    Args:
        home: with Dagster's settings in place (`building.prepare_instance`).
    """
    folder = str(home.dagster)
    custom = {"module": __name__, "class": BuildStorage.__name__, "config": {"base_dir": folder}}
    reference = InstanceRef.from_dir(folder, overrides={"storage": {"custom": custom}})
    with dg.DagsterInstance.from_ref(reference) as instance:
        yield instance
