"""An invented home with both datasets released, and its report, made once for all tests of the reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingestion.home import Home
from languages.words import languages
from reports.publishing.issue_report import EXPLORER, issue
from reports.released import report_model
from reports.released.report_model import Report
from tests.reports import released, withheld


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return released.build(tmp_path_factory.mktemp("invented"))


@pytest.fixture(scope="session")
def report(home: Home) -> Report:
    return report_model.load(home)


@pytest.fixture(scope="session")
def fronts(home: Home) -> dict[str, Path]:
    """The front page of each language, with the whole report beside it."""
    return {tag: issue(home, tag) for tag in languages()}


@pytest.fixture(scope="session")
def sites(fronts: dict[str, Path]) -> dict[str, dict[str, str]]:
    """The pages of each language, by file, without the explorer."""
    return {
        tag: {
            path.name: path.read_text(encoding="utf-8")
            for path in sorted(front.parent.glob("*.html"))
            if path.name != EXPLORER
        }
        for tag, front in fronts.items()
    }


@pytest.fixture(scope="session")
def withheld_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A small home in which figures are withheld."""
    return withheld.build(tmp_path_factory.mktemp("withheld"))


@pytest.fixture(scope="session")
def withheld_forms(withheld_home: Home) -> dict[str, dict[str, bytes]]:
    """Every file of its report, by language and name."""
    report = withheld.read(withheld_home)
    return {tag: withheld.files(withheld_home, report, tag) for tag in languages()}
