"""Bytes of a Parquet file become a table by the thread that asked, so that none of Arrow's holds them to the end."""

from __future__ import annotations

import ast
import io
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion import stored_tables
from ingestion.stored_tables import table_in
from tests.packages import PACKAGES

HOUSE = Path(__file__).resolve().parents[2]
TABLE = pa.table({"place": ["IQ-BG", None] * 500, "count": list(range(1000))})


def _bytes_of(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, write_page_checksum=True, use_dictionary=False, compression="none")
    return sink.getvalue()


def test_the_table_is_the_one_that_was_written():
    assert table_in(_bytes_of(TABLE)).equals(TABLE)


def test_a_damaged_page_raises():
    data = _bytes_of(TABLE)
    place = data.index((500).to_bytes(8, "little"))
    with pytest.raises(OSError, match="CRC"):
        table_in(data[:place] + b"\xff" + data[place + 1 :])


def test_only_the_thread_that_asked_touches_the_bytes(monkeypatch: pytest.MonkeyPatch):
    readers: set[int] = set()

    class WatchedBytes(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            readers.add(threading.get_ident())
            return super().read(size)

    monkeypatch.setattr(stored_tables.io, "BytesIO", WatchedBytes)
    table_in(_bytes_of(TABLE))
    assert readers == {threading.get_ident()}, "a thread of Arrow that outlives the answer aborts the command"


def test_nobody_reads_a_table_from_memory_in_another_way():
    wrong = sorted(
        f"{path.relative_to(HOUSE)}:{call.lineno}: call `table_in`"
        for package in PACKAGES
        for path in (HOUSE / package).rglob("*.py")
        if path.name != "stored_tables.py"
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in {"read_table", "read_parquet", "ParquetFile"}
        and any("BytesIO" in ast.unparse(part) or "BufferReader" in ast.unparse(part) for part in call.args)
    )
    assert wrong == []
