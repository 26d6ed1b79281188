"""The invented country in a home of its own, and its warehouse by both engines: made once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ingestion.cards.source_card import source_names
from ingestion.home import Home
from ingestion.submissions import current_submissions, landing
from marsad.demonstration import country_of
from samples import workbooks
from tests.second_engine.both_engines import FEW, TwoWarehouses, built_twice


@pytest.fixture(scope="session")
def two_warehouses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoWarehouses]:
    folder = tmp_path_factory.mktemp("two")
    home = Home.at(folder / "بيت one").open(invented=True)
    for sent in workbooks.write(country_of(2), home.inbox):
        landing.receive(home, sent.source, sent.path, letter_date=sent.letter_date, letter_number=sent.letter_number)
    for source in source_names():
        landing.land(home, source)
    current_submissions.write(home)
    with built_twice(home, folder, FEW) as two:
        yield two
