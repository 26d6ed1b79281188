"""One demo for all end-to-end tests: both rounds, run once, never changed by a test.

It tells of six years, not of ten: nothing happens in the first four that does not happen in these, and they would take
the suite some minutes.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from ingestion.home import Home
from languages.words import Words
from marsad import demonstration
from samples.life import country


def six_years() -> country.Country:
    """The invented country from the first year that a test asks about."""
    return country.invent(first_year=2020)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Home:
    base = tmp_path_factory.getbasetemp()
    root = (base if worker_id == "master" else base.parent) / "demo"  # one for all processes: the others wait for it
    with FileLock(f"{root}.lock"):
        if not (done := root.with_suffix(".done")).exists():
            assert demonstration.run(Home.at(root), Words.load("en"), lambda _step: None, six_years)
            done.touch()
    return Home.at(root)


@pytest.fixture(scope="session")
def invented() -> country.Country:
    return six_years()


@pytest.fixture
def small_inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "sent"
    folder.mkdir()
    return folder
