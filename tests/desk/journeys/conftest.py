"""One desk over a copy of the demo's home, one browser; each journey is walked in each language."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser

from ingestion.home import Home
from languages.words import languages
from tests.desk.journeys.walking import Walk, walking
from tests.desk.served import served
from tests.end_to_end.conftest import demo as demo
from tests.reports.browsing import chromium


class Desk(NamedTuple):
    """A served desk: its home, its port, and the folder of its temporary files."""

    home: Home
    port: int
    temporary: Path


@pytest.fixture(autouse=True)
def undone() -> None:
    """The desk of a journey is another process: nothing in this one is taken back."""


@pytest.fixture(scope="module")
def desk(demo: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    home = Home(shutil.copytree(demo.root, folder / "home", symlinks=True))
    temporary = folder / "temporary"
    temporary.mkdir()
    with served(home, folder=temporary) as port:
        yield Desk(home, port, temporary)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(params=languages())
def tag(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def walk(browser: Browser, desk: Desk, tag: str) -> Iterator[Walk]:
    with walking(browser, desk.port, tag) as window:
        yield window
