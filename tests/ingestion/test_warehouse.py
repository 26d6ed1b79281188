"""The door to DuckDB: missing, hardened, closed again."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from ingestion.home import Home
from ingestion.warehouse import connect, connect_in_memory
from languages.refusal import Refusal
from tests.ingestion.keeping.small_homes import flip
from tests.packages import HOUSE, PACKAGES


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


@pytest.mark.parametrize("place", [0.0, 0.2, 0.4, 0.6, 0.8, 0.99])
def test_a_flipped_bit_is_told_in_words_or_changes_nothing(home: Home, place: float):
    with connect(home, read_only=False) as connection:
        connection.execute("CREATE TABLE many AS SELECT i AS number, 'text ' || i AS word FROM range(20000) rows(i)")
    query = "SELECT sum(hash(number, word)) FROM many"
    with connect(home) as connection:
        right = connection.execute(query).fetchall()
    flip(home.warehouse, place=place)
    try:
        with connect(home) as connection:
            assert connection.execute(query).fetchall() == right
    except Refusal as refused:
        assert (refused.code, refused.where) == ("bytes_changed", str(home.warehouse))


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_file_that_was_cut_is_told_in_words(home: Home, kept: float):
    with connect(home, read_only=False) as connection:
        connection.execute("CREATE TABLE many AS SELECT i AS number, 'text ' || i AS word FROM range(20000) rows(i)")
    data = home.warehouse.read_bytes()
    home.warehouse.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(Refusal) as refused, connect(home) as connection:
        connection.execute("SELECT sum(hash(number, word)) FROM many").fetchall()
    assert refused.value.code in ("bytes_changed", "warehouse_busy")


@pytest.mark.parametrize("setting", ["autoinstall_known_extensions", "autoload_known_extensions"])
def test_nothing_is_installed_or_loaded_from_outside(home: Home, setting: str):
    with connect(home, read_only=False) as connection:
        assert connection.execute("SELECT current_setting(?)", [setting]).fetchall() == [(False,)]
        with pytest.raises(duckdb.Error):
            connection.execute(f"SET {setting} = true")


_OUTSIDE = (
    "SELECT * FROM read_csv('/etc/hostname')",
    "SELECT * FROM read_text('/etc/hostname')",
    "COPY (SELECT 1) TO '{folder}/copied.csv'",
    "ATTACH '{folder}/other.duckdb'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "SET threads = 1",
)


@pytest.mark.parametrize("statement", _OUTSIDE)
@pytest.mark.parametrize("kind", ["read", "written", "with a folder", "in memory", "in memory with a folder"])
def test_a_connection_opens_no_other_file_and_no_setting(home: Home, tmp_path: Path, kind: str, statement: str) -> None:
    folder = tmp_path / "raw 'quoted'"
    folder.mkdir()
    opened = {
        "read": lambda: connect(home),
        "written": lambda: connect(home, read_only=False),
        "with a folder": lambda: connect(home, folder),
        "in memory": connect_in_memory,
        "in memory with a folder": lambda: connect_in_memory(folder),
    }[kind]
    with opened() as connection, pytest.raises((duckdb.PermissionException, duckdb.InvalidInputException)):
        connection.execute(statement.format(folder=tmp_path))
    assert not (tmp_path / "copied.csv").exists()


def test_a_folder_that_is_named_can_be_read(tmp_path: Path) -> None:
    folder = tmp_path / "raw 'quoted'"
    folder.mkdir()
    pd.DataFrame({"number": [7]}).to_parquet(folder / "rows.parquet")
    with connect_in_memory(folder) as connection:
        rows = connection.execute("SELECT number FROM read_parquet(?)", [f"{folder}/*.parquet"]).fetchall()
    assert rows == [(7,)]


_OPENERS = {
    "assets/engines/choice.py": r"\bshut\(connection\)",
    "assets/engines/spark_engine.py": r"\bshut\(connection, self\._folder\)",
    "ingestion/keeping/decoded_files.py": r"\bshut\(connection\)",
    "ingestion/warehouse.py": r"\bshut\(connection, \*folders\)",
    "methods/linkage/record_links.py": r"\"enable_external_access\": False",
}
"""The modules that open DuckDB, and how each shuts it; dbt's own connection is shut by a hook of the project."""


def test_no_other_module_opens_duckdb() -> None:
    paths = (path for package in PACKAGES for path in (HOUSE / package).rglob("*.py"))
    texts = {path.relative_to(HOUSE).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    assert {name for name, text in texts.items() if "duckdb.connect(" in text} == _OPENERS.keys()
    assert [name for name, shutting in _OPENERS.items() if not re.search(shutting, texts[name])] == []
