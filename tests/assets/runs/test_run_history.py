"""Dagster's history is written without a wait for the disk at each event, and is whole once a build has ended."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage

from assets.building import prepare_instance
from assets.runs.run_history import opened
from ingestion.home import Home

TOLD = 3


def tell(instance: dg.DagsterInstance, times: int = TOLD) -> None:
    for _ in range(times):
        instance.report_runless_asset_event(dg.AssetMaterialization("a_table"))


def prepared(folder: Path) -> Home:
    home = Home(folder)
    home.open()
    prepare_instance(home)
    return home


def index_of(home: Home) -> Path:
    return home.dagster / "history" / "runs" / "index.db"


def counted(path: Path) -> int:
    with sqlite3.connect(path) as connection:
        return int(connection.execute("SELECT count(*) FROM event_logs").fetchone()[0])


def test_the_log_stays_open_between_two_events_of_a_build_and_is_gone_after_it(tmp_path: Path) -> None:
    home = prepared(tmp_path / "home")
    log = index_of(home).with_name("index.db-wal")
    with opened(home) as instance:
        tell(instance)
        assert log.stat().st_size
    assert not log.exists()
    assert counted(index_of(home)) == TOLD


def test_what_dagster_asks_of_its_tables_at_each_event_is_asked_until_it_is_there_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    honest = SqliteEventLogStorage.has_table

    def has_table(log: SqliteEventLogStorage, name: str) -> bool:
        asked.append(name)
        return honest(log, name)

    monkeypatch.setattr(SqliteEventLogStorage, "has_table", has_table)
    home = prepared(tmp_path / "home")
    with opened(home) as instance:
        for passed in (True, False, True):
            instance.report_runless_asset_event(
                dg.AssetCheckEvaluation(asset_key=dg.AssetKey("a_table"), check_name="whole", passed=passed)
            )
        assert [instance.event_log_storage.has_table("nowhere") for _ in range(TOLD)] == [False] * TOLD  # pyright: ignore[reportAttributeAccessIssue]
    counted_names = Counter(asked)
    assert counted_names.pop("nowhere") == TOLD
    assert set(counted_names.values()) == {1}
    assert counted(index_of(home)) == TOLD


def test_what_was_told_before_a_build_was_killed_is_there(tmp_path: Path) -> None:
    home = prepared(tmp_path / "home")
    with opened(home) as instance:
        tell(instance)
        for one in index_of(home).parent.glob("index.db*"):  # what a killed process leaves
            (tmp_path / one.name).write_bytes(one.read_bytes())
    assert counted(tmp_path / "index.db") == TOLD


def test_the_interface_reads_while_a_build_writes_and_writes_what_a_build_then_reads(tmp_path: Path) -> None:
    home = prepared(tmp_path / "home")
    with opened(home) as instance, dg.DagsterInstance.from_config(str(home.dagster)) as interface:
        tell(instance)
        tell(interface, times=1)
        for reader in (instance, interface):
            assert len(reader.fetch_materializations(dg.AssetKey("a_table"), limit=10).records) == TOLD + 1


def test_what_a_refused_event_began_is_taken_back(tmp_path: Path) -> None:
    home = prepared(tmp_path / "home")
    with opened(home) as instance:
        tell(instance)
        try:
            with instance.event_log_storage.index_connection() as connection:
                connection.exec_driver_sql("DELETE FROM event_logs")
                raise ValueError("in the middle")
        except ValueError:
            pass
        tell(instance, times=1)
    assert counted(index_of(home)) == TOLD + 1
