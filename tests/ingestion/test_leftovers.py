"""What a killed process left is found, named and swept, and nothing of a living one is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ingestion import intake_lock, leftovers, writer_lock
from ingestion.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").open()


@pytest.fixture
def dead() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def _left(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a sender's whole file")
    return path


def test_every_room_is_swept_of_what_the_dead_left(home: Home, dead: int):
    left = [_left(home.root / f".receipts.jsonl.{dead}.tmp"), _left(home.taken / f".abc.{dead}.tmp")]
    left += [_left(home.raw / "victims" / "source=x" / f".rows.parquet.{dead}.tmp")]
    left += [_left(home.reports / "r" / f".ar.{dead}.tmp" / "charts" / "a.svg").parent.parent]
    left += [_left(home.inbox / "iraq_interior_ministry" / f".a.xlsx.receipt.json.{dead}.tmp")]
    left += [_left(home.dbt_target / f".manifest.json.{dead}.tmp")]
    assert leftovers.leftovers(home.root) == sorted(left)
    with home.lock("test") as tidied:
        assert tidied.swept == sorted(left)
    assert not any(path.exists() for path in left)
    assert leftovers.leftovers(home.root) == []


def test_a_writer_of_received_sweeps_what_an_earlier_one_left_of_a_senders_file(home: Home):
    left = _left(home.taken / f".abc.{os.getpid()}.tmp")  # even if another process has got the number since
    with intake_lock.lock(home):
        assert not left.exists()


def test_what_a_living_process_writes_and_what_senders_drop_stay(home: Home, dead: int):
    alive = [_left(home.taken / f".abc.{os.getpid()}.tmp"), _left(home.build / f".manifest.{os.getpid()}.tmp")]
    dropped = [_left(home.inbox / "iraq_interior_ministry" / f".export.xlsx.{dead}.tmp")]
    others = [_left(home.prose / "notes.tmp"), _left(home.prose / ".hidden"), _left(home.raw / "x.tmp")]
    with home.lock("test") as tidied:
        assert tidied.swept == []
    assert all(path.exists() for path in [*alive, *dropped, *others])


def test_a_half_built_warehouse_goes_and_the_built_one_stays(home: Home):
    half = [_left(home.build / name) for name in ("warehouse.duckdb", "warehouse.duckdb.wal")]
    spilled = _left(home.build / "warehouse.duckdb.tmp" / "spill.bin")
    half.append(_left(home.build / "spark" / "tables" / "part.parquet"))
    _left(home.build / "warehouse.fingerprint")
    _left(home.warehouse)
    with home.lock("test"):
        assert not any(path.exists() for path in [*half, spilled])
    assert home.warehouse.exists()
    assert (home.build / "warehouse.fingerprint").exists()


def test_a_report_put_aside_for_one_that_never_came_is_put_back(home: Home):
    alone = _left(home.reports / "r" / ".ar.before" / "index.html")
    _left(home.reports / "r" / ".en.before" / "index.html")
    _left(home.reports / "r" / "en" / "index.html").write_bytes(b"the new one")
    with home.lock("test"):
        assert not alone.exists()
        assert (home.reports / "r" / "ar" / "index.html").read_bytes() == b"a sender's whole file"
        assert (home.reports / "r" / "en" / "index.html").read_bytes() == b"the new one"
        assert not (home.reports / "r" / ".en.before").exists()


@pytest.mark.parametrize("name", ["lock", "receipts.lock", "inbox.lock"])
def test_who_takes_a_lock_sweeps_what_the_one_before_left_of_its_name(home: Home, dead: int, name: str):
    left = _left(home.root / f".{name}.holder.{dead}.tmp")
    others = _left(home.root / ".other.lock.holder.1.tmp")
    with writer_lock.hold_lock(home.root / name, "test", where=home.root):
        assert not left.exists()
        assert others.exists()


@pytest.mark.parametrize("place", ["", "backups"])
@pytest.mark.parametrize("name", ["receipts.head", "receipts.jsonl", "decisions.head"])
def test_who_takes_the_lock_of_the_receipts_sweeps_what_was_left_of_their_logs(
    home: Home, dead: int, name: str, place: str
):
    left, others = _left(home.root / place / f".{name}.{dead}.tmp"), _left(home.root / f".home.json.{os.getpid()}.tmp")
    with intake_lock.lock(home):
        assert (left.exists(), others.exists()) == (False, True)
