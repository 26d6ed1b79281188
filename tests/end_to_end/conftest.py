"""One demo for all end-to-end tests: both rounds, run once, never changed by a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.home import Home
from languages.words import Words
from marsad import demonstration
from samples import country


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.at(tmp_path_factory.mktemp("demo"))
    assert demonstration.run(home, Words.load("en"), lambda _step: None)
    return home


@pytest.fixture(scope="session")
def invented() -> country.Country:
    return country.invent()


@pytest.fixture
def small_inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "sent"
    folder.mkdir()
    return folder
