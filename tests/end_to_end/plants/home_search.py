"""A search of a folder for plants: each file as its bytes, and opened, with whatever lies inside of what was opened.

Belongs here: which containers are opened and how, and finding many texts in many bytes.
Does not belong here: what is planted (`plant_texts.py`) and by what forms it is recognised.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import sqlite3
import tarfile
import tempfile
import threading
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.end_to_end.plants.plant_texts import forms_of, is_name, stem_forms

_BITS = 22
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(64 - _BITS)


class Found(NamedTuple):
    """A plant, and where it was found: the path of a file, then the way inside of it."""

    where: str
    plant: str


class Plants:
    """All forms of the plants, ready to be looked for."""

    def __init__(self, plants: Iterable[str]) -> None:
        forms = stem_forms()
        for plant in plants:
            # The stem finds a name in every encoding; beside it only what has no stem any more: hashes and base64.
            forms |= {form: plant for form in forms_of(plant) if not (is_name(plant) and _has_stem(form))}
        self._short = {form: plant for form, plant in forms.items() if len(form) < 8}
        self._long: dict[int, list[bytes]] = defaultdict(list)
        for form in forms:
            if len(form) >= 8:
                self._long[int.from_bytes(form[:8], "little")].append(form)
        self._plants = forms
        self._table = np.zeros(1 << _BITS, dtype=bool)
        self._table[(np.array(list(self._long), dtype=np.uint64) * _FACTOR) >> _SHIFT] = True

    def in_bytes(self, data: bytes) -> set[str]:
        """The plants that stand in the bytes, in any of their forms.

        Eight bytes at each place are looked up in a table that rules out nearly all of them; the others are compared.
        """
        found = {plant for form, plant in self._short.items() if form in data}
        for offset in range(min(8, max(0, len(data) - 7))):
            words = np.frombuffer(data, dtype="<u8", count=(len(data) - offset) // 8, offset=offset)
            for place in np.flatnonzero(self._table[(words * _FACTOR) >> _SHIFT]).tolist():
                begun = self._long.get(int(words[place]), ())
                found |= {self._plants[form] for form in begun if data.startswith(form, offset + 8 * place)}
        return found

    def in_folder(self, folder: Path) -> list[Found]:
        """The plants in the names and files of a folder, everything opened that can be."""
        found: list[Found] = []
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            target = str(path.readlink()) if path.is_symlink() else ""
            found += [Found(f"{name} (name)", plant) for plant in self.in_bytes(f"{name}\n{target}".encode())]
            if path.is_file():
                found += [Found(where, plant) for where, data in contents(path, name) for plant in self.in_bytes(data)]
        return found


def _has_stem(form: bytes) -> bool:
    return any(stem in form for stem in _STEMS)


_STEMS = tuple(stem_forms())


def contents(path: Path, name: str) -> Iterator[tuple[str, bytes]]:
    """The bytes of a file, then all that lies inside; databases are opened with the logs beside them."""
    data = path.read_bytes()
    yield from _opened(name, data)
    for (begins, place), values_of in _DATABASES.items():
        if data[place:].startswith(begins):
            with tempfile.TemporaryDirectory() as folder:
                for beside in path.parent.glob(f"{path.name}*"):
                    if beside.is_file():
                        shutil.copy(beside, folder)
                yield from _inside(name, values_of(Path(folder) / path.name))


def _opened(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Bytes, and those of whatever they hold."""
    yield name, data
    for begins, unpacked in _PACKED.items():
        if data.startswith(begins):
            yield from _inside(name, unpacked(data))
    if zipfile.is_zipfile(io.BytesIO(data)):
        yield from _inside(name, _zip_entries(data))
    if data[257:262] == b"ustar":
        yield from _inside(name, _tar_entries(data))


def _inside(name: str, entries: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for inner, data in entries:
        yield from _opened(f"{name} > {inner}", data)


def _zip_entries(data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield "remark", archive.comment
        for entry in archive.infolist():
            yield "entry", entry.filename.encode() + b"\n" + entry.comment + entry.extra
            yield entry.filename, archive.read(entry)


def _tar_entries(data: bytes) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for entry in archive:
            read = archive.extractfile(entry)
            yield entry.name, read.read() if read else b""


def _table_values(table: pa.Table) -> Iterator[tuple[str, bytes]]:
    """The description of a table, and each of its columns as text."""
    yield "schema", str(table.schema.to_string(show_schema_metadata=True, truncate_metadata=False)).encode()
    for name, column in zip(table.column_names, table.columns, strict=True):
        yield name, _as_bytes(column.to_pylist())


def _as_bytes(values: Iterable[object]) -> bytes:
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in values)


def _sqlite_values(path: Path) -> Iterator[tuple[str, bytes]]:
    with closing(sqlite3.connect(path)) as database:
        database.text_factory = bytes
        tables = [name.decode() for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = database.execute(f'SELECT * FROM "{table}"').fetchall()  # noqa: S608 - its own name of the table
            yield table, b"\n".join(map(_as_bytes, rows))
            yield from ((table, value) for row in rows for value in row if _is_packed(value))


def _is_packed(value: object) -> bool:
    return isinstance(value, bytes) and value.startswith((*_PACKED, b"PK"))


def _duckdb_values(path: Path) -> Iterator[tuple[str, bytes]]:
    with closing(duckdb.connect(path)) as database:
        for about in ("duckdb_tables", "duckdb_columns", "duckdb_views", "duckdb_constraints", "duckdb_types"):
            yield about, _as_bytes(database.execute(f"SELECT * FROM {about}()").fetchall())  # noqa: S608 - as above
        tables = database.execute("SELECT database_name, schema_name, table_name FROM duckdb_tables()").fetchall()
        for table in tables:
            name = ".".join(f'"{part}"' for part in table)
            yield from _table_values(database.execute(f"SELECT * FROM {name}").to_arrow_table())  # noqa: S608


_PACKED: dict[bytes, Callable[[bytes], Iterable[tuple[str, bytes]]]] = {
    b"\x1f\x8b": lambda data: [("gzip", gzip.decompress(data))],
    b"BZh": lambda data: [("bzip2", bz2.decompress(data))],
    b"\xfd7zXZ": lambda data: [("xz", lzma.decompress(data))],
    b"\x28\xb5\x2f\xfd": lambda data: [("zstd", pa.CompressedInputStream(pa.BufferReader(data), "zstd").read())],
    b"PAR1": lambda data: _table_values(pq.ParquetFile(io.BytesIO(data)).read()),
    b"ARROW1": lambda data: _table_values(pa.ipc.open_file(data).read_all()),
}
"""Formats by their first bytes, and what lies inside."""

_DATABASES: dict[tuple[bytes, int], Callable[[Path], Iterator[tuple[str, bytes]]]] = {
    (b"SQLite format 3\0", 0): _sqlite_values,
    (b"DUCK", 8): _duckdb_values,
}
"""Databases by bytes and where these stand; they are opened as files, because logs lie beside them."""


class TemporaryFiles:
    """What comes and goes in a folder while commands run: each new file is copied as soon as it is seen."""

    def __init__(self, folder: Path, copies: Path) -> None:
        self._folder, self._copies = folder, copies
        self._ended = threading.Event()
        self._seen: dict[tuple[str, int, int], None] = {}
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> TemporaryFiles:
        self._folder.mkdir(exist_ok=True)
        self._copies.mkdir()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.005):
            for path in self._folder.rglob("*"):
                with suppress(OSError):  # gone meanwhile
                    about = path.stat()
                    seen = (str(path), about.st_size, about.st_mtime_ns)
                    if path.is_file() and seen not in self._seen:
                        self._seen[seen] = None
                        shutil.copy(path, self._copies / f"{len(self._seen)} {path.name}")

    @property
    def count(self) -> int:
        """How many files were seen."""
        return len(self._seen)
