"""Builds shared by the tests of the warehouse; none is changed by a test."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dbt_project.invented_raw import RawFiles, Warehouse, build, let_go
from tests.dbt_project.small_country import land_small_country


@pytest.fixture(scope="session")
def new_raw_files(parsed_rows: Callable[[], Path]) -> Callable[[], RawFiles]:
    """Return a maker of empty raw folders, always at one place, where dbt knows its project."""
    folder = parsed_rows()

    def make() -> RawFiles:
        let_go()
        shutil.rmtree(folder / "raw", ignore_errors=True)
        return RawFiles(folder / "raw")

    return make


@pytest.fixture(scope="session")
def warehouse(
    new_raw_files: Callable[[], RawFiles], made_once: Callable[[str, Callable[[Path], object]], Path]
) -> Warehouse:
    """A small country: two years, three bodies that owe exports and one publisher; built with all unit tests."""

    def make(folder: Path) -> None:
        raw = new_raw_files()
        land_small_country(raw)
        built = build(raw)
        shutil.copy(built.path, folder / "warehouse.duckdb")
        (folder / "statuses.json").write_text(json.dumps(built.statuses), encoding="utf-8")

    folder = made_once("small_country", make)
    return Warehouse(folder / "warehouse.duckdb", json.loads((folder / "statuses.json").read_bytes()))
