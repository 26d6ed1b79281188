"""A tiny invented home, released through the door: what exporters read. It holds zeros, silence and withheld cells."""

from __future__ import annotations

import pytest

from expectations.cards.note_languages import voices
from ingestion.home import Home
from languages.words import Words
from reports.released import released_folder as releases
from reports.released.released_folder import Released
from tests.expectations import toy_home
from tests.reports.exchange.invented_rows import with_rows


@pytest.fixture(scope="session")
def released_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = toy_home.build(Home(tmp_path_factory.mktemp("exchange")).open(invented=True))
    toy_home.publish(home, speakers=voices())
    return home


@pytest.fixture(scope="session")
def released(released_home: Home) -> Released:
    """The national dataset."""
    return releases.latest(released_home, "four_ps_national")


@pytest.fixture(scope="session")
def governorates(released_home: Home) -> Released:
    return releases.latest(released_home, "four_ps_governorate")


@pytest.fixture(scope="session")
def english() -> Words:
    return Words.load("en")


@pytest.fixture(scope="session")
def whole(released: Released) -> Released:
    """The national dataset as if presumed victims were identified ones (PRT-02), which the tiny home does not have."""
    victims = ({**row, "indicator": "PRT-02"} for row in released.rows if row["indicator"] == "PRT-01")
    return with_rows(released, *victims, *released.rows)
