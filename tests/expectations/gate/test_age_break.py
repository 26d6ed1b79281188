"""Ages from decision 41 on: what every card must know, and what becomes of a home that released before."""

from __future__ import annotations

import itertools

import pandas as pd
import pytest

from expectations.cards.cells import TOTAL, find_matches, read_parquet
from expectations.cards.codes import codes_of
from expectations.cards.dataset_card import dataset_names, load_dataset
from expectations.gate import verdicts
from expectations.protection import protect_datasets
from expectations.releases import release_listing, verification
from expectations.releases.public_audit import audit_release
from ingestion.home import Home
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"


@pytest.mark.parametrize("dataset", dataset_names())
@pytest.mark.parametrize("dimension", ["sex", "age", "form", "article"])
def test_the_check_of_a_card_knows_every_code_that_the_warehouse_counts(dataset: str, dimension: str) -> None:
    card = load_dataset(dataset)
    merged = card.merge.get(dimension, {})
    counted = {merged.get(code, code) for code in codes_of(dimension)}
    sets = [check.kwargs["value_set"] for check in card.checks if check.kwargs.get("column") == dimension]
    assert sets != [] or dimension not in card.columns
    for known in sets:
        assert set(known) == counted | {TOTAL}


def _relabelled() -> toy_home.Country:
    """The same persons, up to three adults of each cell of 2023 now not certain: the rule changed, nobody came late."""
    country = toy_home.Country()
    categories = (toy_home.CATEGORIES[name] for name in ("sex", "form"))
    places = itertools.product(toy_home.LEAVES, toy_home.YEARS, *categories)
    for leaf, year, sex, form in places:
        adult, unsure = ((leaf, year, sex, age, form, *[TOTAL] * 4) for age in ("Y_GE18", "AMBIGUOUS"))
        count = min(3, country.victims[adult]) if year == "2023" else 0
        country.victims[adult] -= count
        country.victims[unsure] = count
    return country


def _ages(home: Home, year: str) -> pd.DataFrame:
    frame = read_parquet(protect_datasets.final_bytes(home, NATIONAL)["data.parquet"])
    where = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQ-FED", "time_period": year}
    return frame[find_matches(frame, where | {"sex": TOTAL, "form": TOTAL})].set_index("age")


@pytest.mark.whole_home
def test_a_home_that_released_before_releases_again_and_no_small_difference_can_be_had(
    protected: Home,
) -> None:
    released = protected
    toy_home.publish(released)
    datasets = (GOVERNORATE, NATIONAL)
    folders = [record.path for dataset in datasets if (record := release_listing.latest(released, dataset))]
    before = {year: _ages(released, year) for year in toy_home.YEARS}
    toy_home.build(released, _relabelled())
    outcomes = protect_datasets.last_report(released).outcomes
    states = {(outcome.block[0], outcome.year): outcome.state for outcome in outcomes}
    assert {state for (block, _), state in states.items() if block.startswith("PRT")} == {"revised"}
    assert {state for (block, _), state in states.items() if block.startswith("PRS")} == {"unchanged"}
    for year, was in before.items():
        now = _ages(released, year)
        assert set(was["disclosure_method"]) == {"EXACT_11"}  # two exact figures of one age would give the difference
        assert set(now.loc[["Y0T17", "Y_GE18", "AMBIGUOUS"], "disclosure_method"]) == {"ROUNDED_5"}
        assert [float(frame.at[TOTAL, "obs_value"]) for frame in (now, was)] == [169, 169]  # pyright: ignore[reportArgumentType]
    for dataset in (GOVERNORATE, NATIONAL):
        passed = {rule.id: rule.passed for rule in verdicts.examine(released, dataset).rules}
        assert passed["rows_kept"] and passed["reporting_kept"] and passed["disclosure_audit"]
    assert all(toy_home.publish(released, GOVERNORATE, NATIONAL))
    later = [record.path for dataset in datasets if (record := release_listing.latest(released, dataset))]
    for folder in (*folders, *later):
        assert verification.verify(folder).ok
        answer = audit_release(folder)
        assert (answer.ok, answer.missing) == (True, ())
    for folder in later:
        assert "- `AMBIGUOUS` notes.mark.ambiguous" in (folder / "notes.en.md").read_text(encoding="utf-8")
    toy_home.build(released, _relabelled())
    assert {outcome.state for outcome in protect_datasets.last_report(released).outcomes} == {"unchanged"}
