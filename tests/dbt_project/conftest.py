"""Builds shared by the tests of the warehouse; none is changed by a test."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from tests.dbt_project.invented_raw import RawFiles, Warehouse, build
from tests.dbt_project.small_country import land_small_country


@pytest.fixture(scope="session")
def new_raw_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], RawFiles]:
    """Return a maker of empty raw folders, always at one place: dbt then parses the project once."""
    folder = tmp_path_factory.mktemp("home")

    def make() -> RawFiles:
        shutil.rmtree(folder / "raw", ignore_errors=True)
        return RawFiles(folder / "raw")

    return make


@pytest.fixture(scope="session")
def warehouse(new_raw_files: Callable[[], RawFiles], tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A small country: two years, three bodies that owe exports and one publisher; built with all unit tests."""
    raw = new_raw_files()
    land_small_country(raw)
    built = build(raw)
    kept = tmp_path_factory.mktemp("built") / "warehouse.duckdb"
    shutil.copy(built.path, kept)
    return Warehouse(kept, built.statuses)
