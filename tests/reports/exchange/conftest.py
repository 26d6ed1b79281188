"""A tiny invented home, released through the door: what exporters read. It holds zeros, silence and withheld cells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from expectations.cards.note_languages import voices
from ingestion.home import Home
from languages.words import Words
from reports.released import released_folder as releases
from reports.released.released_folder import ReleasedFolder
from tests.expectations import toy_home
from tests.reports.exchange.invented_rows import with_rows


@pytest.fixture(scope="session")
def released_home(own_copy: Callable[[str, Callable[[Path], object]], Path]) -> Home:
    return Home(own_copy("toy_released_in_all_languages", _release))


def _release(root: Path) -> None:
    toy_home.publish(toy_home.build(Home(root).open(invented=True)), speakers=voices())


@pytest.fixture(scope="session")
def released(released_home: Home) -> ReleasedFolder:
    """The national dataset."""
    return releases.latest_release(released_home, "four_ps_national")


@pytest.fixture(scope="session")
def governorates(released_home: Home) -> ReleasedFolder:
    return releases.latest_release(released_home, "four_ps_governorate")


@pytest.fixture(scope="session")
def english() -> Words:
    return Words.load("en")


@pytest.fixture(scope="session")
def whole(released: ReleasedFolder) -> ReleasedFolder:
    """The national dataset as if presumed victims were identified ones (PRT-02), which the tiny home does not have."""
    victims = ({**row, "indicator": "PRT-02"} for row in released.rows if row["indicator"] == "PRT-01")
    return with_rows(released, *victims, *released.rows)
