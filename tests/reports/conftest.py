"""An invented home with both datasets released, and its pages, made once for all tests of the reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.home import Home
from languages.words import languages
from reports import model, page
from reports.model import Report
from tests.reports import released


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return released.build(tmp_path_factory.mktemp("invented"))


@pytest.fixture(scope="session")
def report(home: Home) -> Report:
    return model.load(home)


@pytest.fixture(scope="session")
def pages(home: Home) -> dict[str, Path]:
    return {tag: page.render(home, tag) for tag in languages()}
