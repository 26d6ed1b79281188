"""The bytes of a file in the clear: archives, tables, databases and documents are opened, because they compress."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pikepdf
import pyarrow.parquet as pq


def decoded(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, then whatever it holds in another form."""
    data = path.read_bytes()
    if path.suffix == ".duckdb":
        yield from _of_duckdb(path)
    elif data.startswith(b"SQLite format 3\0"):
        yield from _of_sqlite(path)
    yield from _of_bytes(data)


def _of_bytes(data: bytes) -> Iterator[bytes]:
    yield data
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from _of_bytes(archive.read(name))
    elif data.startswith(b"\x1f\x8b"):
        yield from _of_bytes(gzip.decompress(data))
    elif data.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(data))
        for column in table.columns:
            yield "\n".join(set(map(str, column.to_pylist()))).encode()
    elif data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as document:
            yield from (part.read_bytes() for part in document.objects if _is_readable(part))


def _is_readable(part: object) -> bool:
    """Return whether a part of a document is a stream that the library unpacks: pictures stay as they are."""
    return isinstance(part, pikepdf.Stream) and part.get("/Subtype") != "/Image"


def _of_duckdb(path: Path) -> Iterator[bytes]:
    with duckdb.connect(str(path), read_only=True) as connection:
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() join duckdb_tables()"
            " using (database_name, schema_name, table_name)"
        ).fetchall()
        for schema, table, column in columns:
            asked = f'select distinct cast("{column}" as varchar) from "{schema}"."{table}"'  # noqa: S608 - its own names
            yield "\n".join(str(text) for (text,) in connection.execute(asked).fetchall()).encode()


def _of_sqlite(path: Path) -> Iterator[bytes]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        connection.text_factory = bytes
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            for row in connection.execute(f'select * from "{table.decode()}"'):  # noqa: S608 - its own names
                for value in row:
                    yield from _of_bytes(value if isinstance(value, bytes) else str(value).encode())
