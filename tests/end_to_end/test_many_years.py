"""A second release in which most past years change, on a small country: the hardest case of protection."""

from __future__ import annotations

import pandas as pd
import pytest

from assets.building import build
from expectations.cards.cells import KEY, read_parquet
from expectations.cards.dataset_card import dataset_names
from expectations.protection import protect_datasets
from expectations.published import ledger
from ingestion.home import Home, sha256_of_bytes
from ingestion.submissions import receipts
from languages.words import Words
from marsad import demonstration
from samples import workbooks
from samples.bodies.sight import INTERIOR
from samples.expected import truth
from samples.life import country
from samples.life.country import Country
from samples.life.story import MANY_YEARS
from samples.views import deliveries
from tests.end_to_end import told_of_links

pytestmark = pytest.mark.whole_home
BY_VICTIM = "PRT-01/COUNT"


@pytest.fixture(scope="module")
def small() -> Country:
    return country.invent_country(first_year=2022, size=0.2, story=MANY_YEARS)


@pytest.fixture(scope="module")
def twice(small: Country, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Its home after both rounds of the demo, up to the verdicts of the second."""
    home = Home.at(tmp_path_factory.mktemp("many_years"))
    assert demonstration.run(home, Words.load("en"), lambda _step: None, lambda: small, until="gates").passed
    return home


def _counts(cells: pd.DataFrame) -> pd.Series:
    """The counts that are not 0, by their place."""
    return cells[cells["obs_value"].fillna(0) > 0].set_index(list(KEY))["obs_value"].astype(int).sort_index()


def test_a_year_is_frozen_revised_or_extended_as_its_late_cases_ask(twice: Home) -> None:
    outcomes = protect_datasets.last_report(twice).outcomes
    states = {one.year: one.state for one in outcomes if BY_VICTIM in one.block}
    assert all(one.safe for one in outcomes)
    assert (states["2022"], states["2023"], states["2025"]) == ("frozen", "revised", "first")
    assert "unchanged" not in states.values()


def test_every_dataset_passes_its_gate_twice_and_the_candidates_are_the_truth(twice: Home, small: Country) -> None:
    for name in dataset_names():
        assert (twice.verdicts / f"{name}.json").exists()
        assert len(ledger.entries(twice, name)) == 1
    base = read_parquet((twice.candidates / "base.parquet").read_bytes())
    found = base[base["time_period"] >= str(small.first_year)]  # before it exports are due by the cards, and none came
    expected = truth.expected_cells(
        small, sent_until=demonstration.ROUNDS[-1], linked=told_of_links.linked(twice, small)
    )
    pd.testing.assert_series_equal(_counts(found), _counts(expected), check_index_type=False)


def test_a_file_that_was_taken_back_leaves_the_one_before_it_as_the_one_that_counts(
    twice: Home, small: Country
) -> None:
    first, mistaken = (one for one in deliveries(small) if (one.source, one.period_year) == (INTERIOR, 2024))
    was_first, was_mistaken = (sha256_of_bytes(workbooks.file_content(small, one)) for one in (first, mistaken))
    alive = {one.sha256 for one in receipts.live_receipts(twice)}
    assert was_first in alive
    assert was_mistaken not in alive
    assert build(twice, progress=lambda _step: None, until="gates").stages == ()
