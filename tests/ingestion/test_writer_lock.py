"""One writer at a time: the second waits or says who holds the lock and since when, and a dead holder holds nothing."""

from __future__ import annotations

import errno
import fcntl
import math
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingestion import writer_lock
from ingestion.home import Home
from languages.refusal import Refusal

HOLDING = """
import sys, time
from pathlib import Path
from ingestion import writer_lock
path = Path(sys.argv[1])
with writer_lock.hold_lock(path, "marsad build", where=path.parent):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@contextmanager
def _holder(path: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", HOLDING, path, str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout and process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "lock"


def _refused(path: Path, wait: float = 0.0) -> Refusal:
    with pytest.raises(Refusal) as refused, writer_lock.hold_lock(path, "marsad report", where=path.parent, wait=wait):
        pass
    return refused.value


def test_the_second_says_who_holds_it_since_when_and_the_dead_hold_nothing(path: Path) -> None:
    with _holder(path, 60) as first:
        refused = _refused(path)
        assert (refused.code, refused.where) == ("lock_held", str(path.parent))
        assert refused.arguments["holder"] == f"marsad build, process {first.pid}"
        since = time.mktime(time.strptime(str(refused.arguments["since"]), "%Y-%m-%d %H:%M:%S"))
        assert abs(time.time() - since) < 60
        first.kill()
        first.wait()
        assert writer_lock.holder_of(path).exists()
        with writer_lock.hold_lock(path, "marsad report", where=path.parent):
            assert "marsad report" in writer_lock.holder_of(path).read_text()
    assert not writer_lock.holder_of(path).exists()


def test_who_waits_is_told_once_who_holds_it_and_gets_it_when_it_is_free(path: Path) -> None:
    told: list[Refusal] = []
    with (
        _holder(path, 0.6) as first,
        writer_lock.hold_lock(path, "marsad build", where=path.parent, wait=math.inf, on_wait=told.append),
    ):
        assert first.wait(10) == 0
    assert [one.arguments["holder"] for one in told] == [f"marsad build, process {first.pid}"]


def test_who_waits_too_short_is_refused_when_the_time_is_over(path: Path) -> None:
    with _holder(path, 60):
        begun = time.monotonic()
        assert _refused(path, wait=0.3).code == "lock_held"
        assert 0.3 <= time.monotonic() - begun < 10


def test_nobody_waits_and_nobody_is_told_where_it_is_free(path: Path) -> None:
    told: list[Refusal] = []
    with writer_lock.hold_lock(path, "marsad build", where=path.parent, wait=9, on_wait=told.append):
        assert told == []


@pytest.mark.parametrize("holder", [None, "", "{}", "[1]", '{"holder": "x"}'])
def test_a_holder_without_a_readable_name_is_a_holder(path: Path, holder: str | None) -> None:
    with _holder(path, 60):
        beside = writer_lock.holder_of(path)
        beside.unlink() if holder is None else beside.write_text(holder)
        assert _refused(path).arguments == {"holder": "?", "since": "?"}


@pytest.mark.parametrize("number", sorted(writer_lock.WITHOUT_LOCKS))
def test_a_file_system_without_locks_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """A lock that is a mere file would outlive a killed holder."""

    def flock(*_arguments: object) -> None:
        raise OSError(number, "no locks here")

    monkeypatch.setattr(fcntl, "flock", flock)
    assert (_refused(path).code, _refused(path).where) == ("locks_missing", str(path))


def test_another_error_of_the_disk_stays_what_it_is(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def flock(*_arguments: object) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(OSError, match="broken"), writer_lock.hold_lock(path, "x", where=path.parent):
        pass


def test_two_mount_namespaces_see_one_lock(tmp_path: Path) -> None:
    home, other = Home.at(tmp_path / "home").open(), tmp_path / "elsewhere"
    other.mkdir()
    script = f"mount --bind '{home.root}' '{other}' && exec '{sys.executable}' -c '{HOLDING}' '{other}/lock' 0"
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]
    if subprocess.run([*command[:4], "mount", "--bind", other, other], capture_output=True, check=False).returncode:
        pytest.skip("this machine allows no mount namespaces")
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout) == (0, "held\n"), answer.stderr
    with home.lock("marsad build"):
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode != 0
    assert "lock_held" in answer.stderr
