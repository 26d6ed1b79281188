"""One demo for all end-to-end tests, that of `make demo`: both rounds, run once, never changed by a test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.home import Home
from languages.words import Words
from marsad import demonstration
from samples.life import country


def six_years() -> country.Country:
    return demonstration.country_of(6)


@pytest.fixture(scope="session")
def demo(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Home:
    return Home.at(made_once("demo", _run))


def _run(root: Path) -> None:
    assert demonstration.run(Home.at(root), Words.load("en"), lambda _step: None, six_years).passed


@pytest.fixture(scope="session")
def invented() -> country.Country:
    return six_years()


@pytest.fixture
def small_inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "sent"
    folder.mkdir()
    return folder
