"""The bytes of a file in the clear: archives, tables, databases and documents are opened, because they compress.

Belongs here: what a file holds in whatever form. Does not belong here: what is looked for in it, or which files may
hold it (`marsad/answers/forgetting.py`).
"""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ingestion.stored_tables import table_in
from ingestion.warehouse import SETTINGS, shut


def decode(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file, then whatever it holds in another form.

    Raises:
        ValueError: if a part of it cannot be opened; the bytes as they are came first.
    """
    import duckdb
    import pikepdf
    import pyarrow as pa

    data = path.read_bytes()
    yield data
    try:
        if data[8:12] == b"DUCK":
            yield from _decode_duckdb(path)
        elif data.startswith(b"SQLite format 3\0"):
            yield from _decode_sqlite(path)
        else:
            yield from _decode_bytes(data)
    except (duckdb.Error, sqlite3.Error, pa.ArrowException, pikepdf.PdfError) as error:
        raise ValueError(str(path)) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise ValueError(str(path)) from error


def _decode_bytes(data: bytes) -> Iterator[bytes]:
    """Yield what bytes hold that are packed, part by part."""
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from _with_parts(archive.read(name))
    elif data.startswith(b"\x1f\x8b"):
        yield from _with_parts(gzip.decompress(data))
    elif data.startswith(b"PAR1"):
        for column in table_in(data).columns:
            yield "\n".join(map(str, column.unique().to_pylist())).encode()
    elif data.startswith(b"%PDF"):
        import pikepdf

        with pikepdf.open(io.BytesIO(data)) as document:
            streams = (part for part in document.objects if isinstance(part, pikepdf.Stream))
            yield from (part.read_bytes() for part in streams if part.get("/Subtype") != "/Image")


def _with_parts(data: bytes) -> Iterator[bytes]:
    yield data
    yield from _decode_bytes(data)


def _decode_duckdb(path: Path) -> Iterator[bytes]:
    import duckdb

    with duckdb.connect(str(path), read_only=True, config=SETTINGS) as connection:
        shut(connection)
        columns = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() join duckdb_tables()"
            " using (database_name, schema_name, table_name)"
        ).fetchall()
        for schema, table, column in columns:
            texts = f'select distinct cast("{column}" as varchar) from "{schema}"."{table}"'  # noqa: S608 - its own names
            yield "\n".join(str(text) for (text,) in connection.execute(texts).fetchall()).encode()


def _decode_sqlite(path: Path) -> Iterator[bytes]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        connection.text_factory = bytes
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            for row in connection.execute(f'select * from "{table.decode()}"'):  # noqa: S608 - its own names
                for value in row:
                    yield from _with_parts(value if isinstance(value, bytes) else str(value).encode())
