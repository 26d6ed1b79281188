"""What no form of a finished report may say: false intervals and trends, broken rules, identifiers turned round.

In three languages, read back by readers of their own (`tests/reports/read_back/`) and compared with the releases.
"""

from __future__ import annotations

import pytest

from ingestion.home import Home
from languages.words import languages
from tests.reports.read_back import faults
from tests.reports.read_back.faults import FinishedReport
from tests.reports.read_back.released_cells import read_released

pytestmark = [pytest.mark.whole_home, pytest.mark.needs_poppler]


@pytest.fixture(scope="module")
def finished(demo: Home) -> FinishedReport:
    (folder,) = (path for path in demo.reports.iterdir() if (path / "en").is_dir())
    return FinishedReport(folder, read_released(demo.releases, languages()), languages())


def _first(found: list[str], most: int = 20) -> list[str]:
    return [f"{len(found)} in all", *found[:most]] if found else []


@pytest.mark.parametrize("tag", languages())
def test_every_interval_of_every_text_is_a_released_one(finished: FinishedReport, tag: str) -> None:
    assert _first(faults.intervals_in_texts(finished, tag)) == []


@pytest.mark.parametrize("tag", languages())
def test_number_and_versions_are_held_from_left_to_right(finished: FinishedReport, tag: str) -> None:
    assert _first(faults.identifiers_not_isolated(finished, tag)) == []
