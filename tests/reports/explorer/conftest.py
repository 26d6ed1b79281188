"""The explorer of each language, and a browser to open it in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from languages.words import Words, languages
from reports.explorer import cube as cubes
from reports.explorer import explorer_page
from reports.explorer.cube import ExplorerCube
from reports.released.report_model import Report
from tests.reports.browsing import chromium


@pytest.fixture(scope="module")
def made(report: Report) -> dict[str, ExplorerCube]:
    return {tag: cubes.cube(report, Words.load(tag)) for tag in languages()}


@pytest.fixture(scope="module")
def files(made: dict[str, ExplorerCube], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("explorers")
    for tag, cube in made.items():
        (folder / tag).mkdir()
        (folder / tag / "explorer.html").write_bytes(explorer_page.render(cube))
    return {tag: folder / tag / "explorer.html" for tag in made}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started
