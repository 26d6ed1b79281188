"""What every test shares: where real input lies, and that a skipped test is counted and never hidden in CI."""

from __future__ import annotations

import errno
import gc
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import settings

from ingestion.home import Home
from tests.needed_programs import NEEDS

HOUSE = Path(__file__).resolve().parent.parent
REAL_INPUT = HOUSE.parent / "shared" / "data"

gc.disable()  # until all tests are collected: nothing that is loaded for them is garbage

# A busy machine breaks no promise, and no draw decides whether `make test` is green: the same examples in each run.
settings.register_profile("same_examples", deadline=None, derandomize=True, database=None)
settings.register_profile("drawn", deadline=None)  # `make fuzz`
settings.load_profile("same_examples")

os.fsync = lambda _descriptor: None
"""No test pulls the plug of the machine: thousands of small files need not wait for the disk. What is written is the
same, in the same order, and outlives a process that is killed; a test of the disk puts its own in this place."""

CALLED: list[str] = []
"""Machines that something asked for while the tests ran, in this process: nobody may (docs/promises.md, 9)."""


def _keep_the_cable_out() -> None:
    """Let every test run with the cable out: this machine alone is reached, and any other is remembered by its name.

    Some libraries call home and swallow that nobody answers: so it is remembered, and the test fails at its end.
    """
    connect, look_up = socket.socket.connect, socket.getaddrinfo
    here = ("None", "", "localhost", "0.0.0.0", "::1", socket.gethostname())  # noqa: S104 (asked for, not bound)

    def refuse(host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name not in here and not name.startswith("127."):
            CALLED.append(name)
            raise OSError(errno.ENETUNREACH, "no test calls another machine", name)

    def connect_here(self: socket.socket, address: Any, /) -> None:  # noqa: ANN401 - as a socket has it
        if self.family in (socket.AF_INET, socket.AF_INET6):
            refuse(address[0])
        connect(self, address)

    def look_up_here(host: Any, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - as `getaddrinfo`
        refuse(host)
        return look_up(host, *arguments, **named)

    socket.socket.connect = connect_here
    socket.getaddrinfo = look_up_here


_keep_the_cable_out()


_NEEDS = {"real_input": (REAL_INPUT.is_dir, "needs ../shared/data beside the checkout"), **NEEDS}


DEAR = ("demo", "fronts", "warehouse", "withheld_home")
"""What one process makes for all and takes longest, the dearest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with a file for each dear fixture, go on with all others that ask for it, and end with the small files.

    So no process stands waiting while another one makes it, nor at the end of a run beside a file that takes long. The
    whole homes ask for one dear fixture only: those that make their own come while it is made.
    """
    turns: dict[Path, int] = {}
    for place, name in enumerate(DEAR):
        asking = dict.fromkeys(item.path for item in items if name in getattr(item, "fixturenames", ()))
        new = [path for path in asking if path not in turns]
        turns |= {path: place if path == new[0] else len(DEAR) + 1 + place for path in new}
    whole = {item.path for item in items if item.get_closest_marker("whole_home")} - turns.keys()
    turns |= dict.fromkeys(whole, len(DEAR))
    items.sort(key=lambda item: turns.get(item.path, 2 * len(DEAR) + 1))


def pytest_collection_finish() -> None:
    """Let the collector of garbage look at what tests make, not at seven thousand tests and all modules each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_runtest_setup(item: pytest.Item) -> None:
    for name, (is_there, reason) in _NEEDS.items():
        if item.get_closest_marker(name) and not is_there():
            pytest.skip(reason)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", [])) if reporter else 0
    if skipped and os.environ.get("CI") and exitstatus == 0:
        reporter.write_line(f"\nCI: {skipped} skipped; nothing may be skipped here", red=True)
        session.exitstatus = 1


@pytest.fixture(autouse=True)
def nobody_is_called() -> Iterator[None]:
    """Fail the test in which another machine was asked for."""
    yield
    called, CALLED[:] = list(CALLED), []
    assert called == []


@pytest.fixture(scope="session")
def made_once(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Callable[[str, Callable[[Path], object]], Path]:
    """A maker of folders that one process makes for all of a run, and that no test changes.

    `made_once(name, make)` returns the folder; `make` writes it. Where tests do change what they read, they take
    `own_copy`.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "made_once"

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        shared.mkdir(exist_ok=True)
        with FileLock(shared / f"{name}.lock"):  # the other processes wait for the first
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)  # of one that failed
                folder.mkdir()
                make(folder)
                done.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def own_copy(
    made_once: Callable[[str, Callable[[Path], object]], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Callable[[Path], object]], Path]:
    """As `made_once`, but each process has a copy of its own, so that no test of another one sees a change."""
    return lambda name, make: Path(
        shutil.copytree(made_once(name, make), tmp_path_factory.mktemp("copies") / name, symlinks=True)
    )


@pytest.fixture(scope="session")
def parsed_home(
    made_once: Callable[[str, Callable[[Path], object]], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], Home]:
    """A maker of places for a home in which dbt has read its project: it did so once for all of a run, for no home."""
    from assets.dbt_events import prepare_manifest

    def copied() -> Home:
        parsed = Home(made_once("parsed_project", lambda root: prepare_manifest(Home(root))))
        home = Home(tmp_path_factory.mktemp("parsed"))
        shutil.copytree(parsed.build, home.build)
        return home

    return copied


@pytest.fixture(scope="session")
def parsed_rows(own_copy: Callable[[str, Callable[[Path], object]], Path]) -> Callable[[], Path]:
    """A maker of folders for invented rows in which dbt has read its project: it did so for all of a run."""
    from tests.dbt_project.invented_raw import run_dbt

    return lambda: own_copy("parsed_rows", lambda folder: run_dbt(folder, "parse"))


@pytest.fixture(scope="session")
def toy_protected(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The home of the toy country, protected; no test changes it."""
    from tests.expectations import toy_home

    return made_once("toy_protected", lambda root: toy_home.build(Home(root).open(invented=True)))


@pytest.fixture(scope="session")
def toy_released(toy_protected: Path, made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The home of the toy country, both datasets released in two plain voices; no test changes it."""
    from tests.expectations import toy_home

    def make(root: Path) -> None:
        shutil.copytree(toy_protected, root, dirs_exist_ok=True)
        toy_home.publish(Home(root))

    return made_once("toy_released", make)


@pytest.fixture(scope="module")
def own_released(toy_released: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A copy of the released toy home for one file of tests."""
    return Home(shutil.copytree(toy_released, tmp_path_factory.mktemp("own") / "home"))


@pytest.fixture
def real_input() -> Path:
    return REAL_INPUT
