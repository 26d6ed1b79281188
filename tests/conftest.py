"""What every test shares: where real input lies, and that a skipped test is counted and never hidden in CI."""

from __future__ import annotations

import gc
import importlib.util
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

HOUSE = Path(__file__).resolve().parent.parent
REAL_INPUT = HOUSE.parent / "shared" / "data"

settings.register_profile("marsad", deadline=None)  # a busy machine breaks no promise
settings.load_profile("ci" if os.environ.get("CI") else "marsad")

_NEEDS = {
    "real_input": (REAL_INPUT.is_dir, "needs ../shared/data beside the checkout"),
    "needs_browser": (lambda: bool(shutil.which("chromium")), "needs Chromium on the PATH"),
    "needs_synthetic": (
        lambda: all(importlib.util.find_spec(name) for name in ("mbi", "opendp")),
        "needs the extra of make synthetic",
    ),
    "needs_office": (lambda: bool(shutil.which("soffice")), "needs LibreOffice on the PATH"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with one file that needs the demo and end with the others: no process stands waiting while it is built."""
    asking = list(dict.fromkeys(item.path for item in items if "demo" in getattr(item, "fixturenames", ())))
    turn = {path: place > 0 for place, path in enumerate(asking)}
    items.sort(key=lambda item: (0, 0) if item.path in asking[:1] else (1, turn.get(item.path, False)))


def pytest_collection_finish() -> None:
    """Let the collector of garbage look at what tests make, not at seven thousand tests and all modules each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


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


@pytest.fixture
def real_input() -> Path:
    return REAL_INPUT
