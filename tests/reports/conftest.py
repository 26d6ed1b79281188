"""An invented home with both datasets released, and its report, made once for all tests of the reports."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ingestion.home import Home
from languages.words import languages
from reports.publishing.issue_report import EXPLORER, issue
from reports.released import report_model
from reports.released.report_model import Report
from tests.reports import invented_releases, withheld

MadeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def home(own_copy: MadeOnce) -> Home:
    return Home.at(own_copy("reported", invented_releases.build))


@pytest.fixture(scope="session")
def report(home: Home) -> Report:
    return report_model.load(home)


@pytest.fixture(scope="session")
def fronts(home: Home, report: Report, made_once: MadeOnce) -> dict[str, Path]:
    """The front page of each language, with the whole report beside it."""

    def write(root: Path) -> None:
        shutil.copytree(made_once("reported", invented_releases.build), root, dirs_exist_ok=True)
        for tag in languages():
            issue(Home.at(root), tag)

    shutil.copytree(made_once("reports", write) / "reports", home.reports, dirs_exist_ok=True)
    return {tag: home.reports / report.id / tag / "index.html" for tag in languages()}


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
def withheld_home(own_copy: MadeOnce) -> Home:
    """A small home in which figures are withheld."""
    return Home.at(own_copy("withheld", withheld.build))


@pytest.fixture(scope="session")
def withheld_forms(withheld_home: Home, made_once: MadeOnce) -> dict[str, dict[str, bytes]]:
    """Every file of its report, by language and name."""

    def make(folder: Path) -> None:
        report = withheld.read(withheld_home)
        forms = {tag: withheld.files(withheld_home, report, tag) for tag in languages()}
        (folder / "forms").write_bytes(pickle.dumps(forms))

    return pickle.loads((made_once("withheld_forms", make) / "forms").read_bytes())  # noqa: S301 - of this very run
