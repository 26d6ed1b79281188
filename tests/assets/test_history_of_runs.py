"""Dagster's history is written without a wait for the disk at each event, and is whole once a build has ended."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from assets.building import history_kept_open


def tell(path: Path, *, times: int = 1) -> int:
    """Write as Dagster does, a connection for each event; return how SQLite waits for the disk (2: at each event)."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    for _ in range(times):
        with engine.connect() as connection:
            connection.execute(text("PRAGMA journal_mode=WAL"))
            waits = connection.execute(text("PRAGMA synchronous")).scalar_one()
            connection.execute(text("CREATE TABLE IF NOT EXISTS told (id INTEGER)"))
            connection.execute(text("INSERT INTO told VALUES (1)"))
            connection.commit()
    return int(waits)


def log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def test_the_log_stays_open_between_two_events_of_a_build_and_is_gone_after_it(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    with history_kept_open():
        assert tell(path, times=2) == 1
        assert log_of(path).stat().st_size
    assert not log_of(path).exists()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM told").fetchone() == (2,)


def test_outside_of_a_build_each_event_waits_for_the_disk(tmp_path: Path) -> None:
    with history_kept_open():
        pass
    assert tell(tmp_path / "runs.db", times=2) == 2
    assert not log_of(tmp_path / "runs.db").exists()


def test_what_was_told_before_a_build_was_killed_is_there(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    with history_kept_open():
        tell(path, times=3)
        for one in (path, log_of(path)):  # what a killed process leaves
            (tmp_path / f"left-{one.name}").write_bytes(one.read_bytes())
    with sqlite3.connect(tmp_path / "left-runs.db") as connection:
        assert connection.execute("SELECT count(*) FROM told").fetchone() == (3,)
