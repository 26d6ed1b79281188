"""The invented country, its files and its truth, made once for all tests of this room."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from samples import views
from samples.bodies.sight import Row, federal_events
from samples.expected import truth
from samples.life import country
from samples.life.story import MANY_YEARS


@pytest.fixture(scope="session")
def invented() -> country.Country:
    return country.invent_country()


@pytest.fixture(scope="session")
def events(invented: country.Country) -> list[Row]:
    return federal_events(invented)


@pytest.fixture(scope="session")
def sent(invented: country.Country) -> list[views.Delivery]:
    return views.deliveries(invented)


@pytest.fixture(scope="session")
def much_changed() -> country.Country:
    """A country of few years, most of which change after they are over."""
    return country.invent_country(first_year=2022, story=MANY_YEARS)


@pytest.fixture(scope="session")
def cells(invented: country.Country) -> pd.DataFrame:
    return truth.expected_cells(invented)


@pytest.fixture(scope="session")
def cells_of_first_round(invented: country.Country) -> pd.DataFrame:
    return truth.expected_cells(invented, sent_until=date(2025, 6, 30))
