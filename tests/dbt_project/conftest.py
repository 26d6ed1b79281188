"""Builds shared by the tests of the warehouse; none is changed by a test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.dbt_project.by_hand import FILE, ROWS, build_by_hand, copy_project, statuses_of
from tests.dbt_project.invented_raw import RawFiles, Warehouse, let_go
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
def checkout(made_once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A copy of the project beside the rows of a small country, after `dbt build` by hand, with all unit tests.

    Two years, three bodies that owe exports and one publisher. No test changes it: what dbt writes anew goes elsewhere.
    """

    def make(folder: Path) -> None:
        copy_project(folder)
        raw = RawFiles(folder / ROWS)
        land_small_country(raw)
        raw.finish()
        build_by_hand(folder)

    return made_once("small_country", make)


@pytest.fixture(scope="session")
def warehouse(checkout: Path) -> Warehouse:
    """The warehouse of the small country."""
    return Warehouse(checkout / FILE, statuses_of(checkout / "dbt_project"))
