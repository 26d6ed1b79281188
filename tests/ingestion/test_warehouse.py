"""The door to DuckDB: missing, hardened, closed again."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ingestion.home import Home
from ingestion.warehouse import connect
from languages.refusal import Refusal


@pytest.fixture
def home(tmp_path: Path):
    home = Home.at(tmp_path).open()
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("CREATE TABLE facts AS SELECT 1 AS number")
    return home


def test_a_home_without_a_warehouse_says_so(tmp_path: Path):
    with pytest.raises(Refusal) as refused, connect(Home.at(tmp_path).open()):
        pass
    assert refused.value.code == "warehouse_missing"


def test_a_reader_reads_and_cannot_write(home: Home):
    with connect(home) as connection:
        assert connection.execute("SELECT number FROM facts").fetchall() == [(1,)]
        with pytest.raises(duckdb.Error):
            connection.execute("DELETE FROM facts")


def test_the_file_is_free_again_behind_the_door(home: Home):
    with connect(home):
        pass
    with connect(home, read_only=False) as connection:
        connection.execute("INSERT INTO facts VALUES (2)")


def test_a_damaged_file_is_refused_and_not_read(home: Home):
    home.warehouse.write_bytes(b"no database at all")
    with pytest.raises(Refusal) as refused, connect(home):
        pass
    assert refused.value.code == "warehouse_busy"


@pytest.mark.parametrize("setting", ["autoinstall_known_extensions", "autoload_known_extensions"])
def test_nothing_is_installed_or_loaded_from_outside(home: Home, setting: str):
    with connect(home, read_only=False) as connection:
        assert connection.execute("SELECT current_setting(?)", [setting]).fetchall() == [(False,)]
        with pytest.raises(duckdb.Error):
            connection.execute(f"SET {setting} = true")
