"""One count is one figure in all that is printed: in a new year, beside exact tables, and after two were printed."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest

from expectations.cards import dataset_card
from expectations.cards.cells import KEY, csv_bytes, find_matches, parquet_bytes, read_parquet
from expectations.cards.release_scheme import Scheme
from expectations.gate import verdicts
from expectations.protection import constraint_systems, protect_datasets, revisions
from expectations.protection.constraint_systems import BlockYear, block_years
from ingestion.home import Home, write_bytes
from methods.disclosure.rounding import additive_rounding
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
CONVICTED, BY_ARTICLE = "PRS-05", "PRS-07"


def _final(home: Home, dataset: str) -> pd.DataFrame:
    return read_parquet(protect_datasets.final_bytes(home, dataset)["data.parquet"])


def _everything(home: Home) -> pd.DataFrame:
    return pd.concat([_final(home, name) for name in (GOVERNORATE, NATIONAL)], ignore_index=True)


def _blocks(home: Home) -> Iterator[BlockYear]:
    """Blocks and years of the final bytes over the base that is behind them."""
    yield from block_years(protect_datasets.pending_base(home), _everything(home), Scheme.read_scheme(home))


def _two_figures(home: Home) -> list[tuple[str, str, str]]:
    """Indicator, area and year of each cell that is printed otherwise than the cell that defines its count."""
    found: list[tuple[str, str, str]] = []
    for block_year in _blocks(home):
        printed = block_year.cells[["obs_value", "disclosure_method"]].reset_index(drop=True)
        is_other = (printed.fillna(-1) != printed.iloc[block_year.same].reset_index(drop=True).fillna(-1)).any(axis=1)
        rows = block_year.cells.reset_index(drop=True)[is_other]
        found += list(zip(rows["indicator"], rows["ref_area"], rows["time_period"], strict=True))
    return found


def _alike(home: Home) -> int:
    """How many cells tell a count that another cell defines."""
    return sum(int((one.same != np.arange(len(one.cells))).sum()) for one in _blocks(home))


@pytest.fixture
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Protect as before one count was one cell, where no relation could be kept; called to end it."""
    with_relations = additive_rounding.LADDER
    alone = property(lambda block_year: np.arange(len(block_year.cells)))
    found = {name: BlockYear.__dict__[name] for name in ("same", "defined")}
    for name in found:
        monkeypatch.setattr(BlockYear, name, alone)
    monkeypatch.setattr(additive_rounding, "LADDER", with_relations[-1:])

    def end() -> None:
        for name, property_of_cells in found.items():
            monkeypatch.setattr(BlockYear, name, property_of_cells)
        monkeypatch.setattr(additive_rounding, "LADDER", with_relations)

    return end


@pytest.fixture
def contradicting(empty_home: Home, as_it_was: Callable[[], None]) -> Home:
    """A home that has printed one count as two figures."""
    toy_home.publish(toy_home.build(empty_home))
    as_it_was()
    assert _two_figures(empty_home)
    return empty_home


def test_in_a_new_year_a_count_is_one_figure_in_all_tables_and_datasets(protected: Home):
    assert _alike(protected) > 4
    assert _two_figures(protected) == []
    assert all(outcome.to_quote == () for outcome in protect_datasets.last_report(protected).outcomes)


def test_a_total_that_is_exact_in_one_table_is_exact_wherever_it_stands(
    empty_home: Home, change_cards: Callable[..., None]
):
    """The convicted have no table of their own: their total is exact because the same total by article is."""
    country = toy_home.Country()
    for key in country.convictions:
        country.convictions[key] = max(country.convictions[key], 12)
    toy_home.build(empty_home, country)
    where = {"measure": "COUNT", "indicator": CONVICTED, "ref_area": "IQ-FED"}
    final = _final(empty_home, NATIONAL)
    assert set(final[find_matches(final, where)]["disclosure_method"]) == {"EXACT_11"}
    assert _two_figures(empty_home) == []


def test_a_year_with_two_figures_stays_as_printed_and_says_which_one_to_quote(contradicting: Home):
    printed = _everything(contradicting)
    toy_home.build(contradicting)
    assert _everything(contradicting).equals(printed)
    assert _two_figures(contradicting)
    outcomes = protect_datasets.last_report(contradicting).outcomes
    assert {pair for outcome in outcomes for pair in outcome.to_quote} == {(BY_ARTICLE, CONVICTED)}
    toy_home.publish(contradicting)
    (folder,) = [one for one in (contradicting.releases / NATIONAL).iterdir() if one.name.startswith("000002")] or [
        max(one for one in (contradicting.releases / NATIONAL).iterdir() if one.is_dir())
    ]
    assert folder.name.startswith("000001")  # the same bytes are released once


def test_a_table_that_joins_a_year_with_two_figures_moves_neither(
    empty_home: Home, as_it_was: Callable[[], None], change_cards: Callable[..., None]
):
    whole = dataset_card.load_dataset(NATIONAL).tables
    change_cards(NATIONAL, tables=[table for table in whole if table != ["form"]])
    toy_home.publish(toy_home.build(empty_home))
    as_it_was()
    before = _everything(empty_home).set_index(list(KEY))["obs_value"].dropna()
    assert _two_figures(empty_home)
    change_cards(NATIONAL, tables=whole)
    toy_home.build(empty_home)
    after = _everything(empty_home).set_index(list(KEY))["obs_value"]
    assert (after.loc[before.index] == before).all()
    toy_home.publish(empty_home)
    manifest = json.loads(next((empty_home.releases / NATIONAL).glob("000002*/manifest.json")).read_bytes())
    assert {(one["indicator"], one["quoted"]) for one in manifest["to_quote"]} == {(BY_ARTICLE, CONVICTED)}
    notes = next((empty_home.releases / NATIONAL).glob("000002*/notes.en.md")).read_text(encoding="utf-8")
    assert f"notes.past.to_quote year=2023 indicator={BY_ARTICLE} quoted={CONVICTED}" in notes or (
        f"notes.past.to_quote year=2024 indicator={BY_ARTICLE} quoted={CONVICTED}" in notes
    )


def test_a_year_with_two_figures_that_is_revised_has_one_from_then_on(contradicting: Home):
    country = toy_home.Country()
    for article in toy_home.ARTICLES[:2]:
        for year in toy_home.YEARS:
            country.convictions[toy_home._key("IQG08", year, article=article)] += 14
    toy_home.build(contradicting, country)
    assert {outcome.state for outcome in protect_datasets.last_report(contradicting).outcomes
            if "PRS-05/COUNT" in outcome.block} == {"revised"}  # fmt: skip
    assert _two_figures(contradicting) == []
    assert verdicts.examine(contradicting, NATIONAL).passed


def test_the_gate_refuses_a_count_that_is_printed_as_two_figures(protected: Home):
    final = _final(protected, NATIONAL)
    where = {
        "indicator": BY_ARTICLE,
        "measure": "NUMERATOR",
        "ref_area": "IQ-FED",
        "time_period": "2024",
        "article": "_T",
    }
    row = final.index[find_matches(final, where)][0]
    (block_year,) = [one for one in _blocks(protected) if one.year == "2024" and "PRS-05/COUNT" in one.block]
    true = block_year.true_cells[find_matches(block_year.cells, where).to_numpy()][0]
    other = {true // 5 * 5, -(-true // 5) * 5} - {final.loc[row, "obs_value"]}
    final.loc[row, ["obs_value", "disclosure_method"]] = [other.pop(), "ROUNDED_5"]
    folder = protected.candidates / NATIONAL / "final"
    write_bytes(folder / "data.parquet", parquet_bytes(final))
    write_bytes(folder / "data.csv", csv_bytes(final))
    assert "one_count_is_one_figure" in {rule.id for rule in verdicts.examine(protected, NATIONAL).broken}


def test_the_gate_refuses_two_figures_in_a_revised_year_even_if_they_were_printed_before(
    contradicting: Home, monkeypatch: pytest.MonkeyPatch
):
    """Only a year in which nothing changed may say again what it said."""
    (block_year, *_) = [one for one in _blocks(contradicting) if "PRS-05/COUNT" in one.block]
    prior = revisions.ReleaseHistory(contradicting).prior_releases(block_year.block, block_year.year)
    assert revisions.is_held(block_year, prior)
    changed = block_year.base.assign(obs_value=block_year.base["obs_value"] + 1)
    assert not revisions.is_held(dataclasses.replace(block_year, base=changed), prior)
    assert constraint_systems.LATE_CASES > 1


def test_the_row_to_quote_is_that_of_the_defining_cell_or_of_the_first_that_was_printed(released: Home):
    (block_year, *_) = [one for one in _blocks(released) if "PRS-05/COUNT" in one.block]
    prior = revisions.ReleaseHistory(released).prior_releases(block_year.block, block_year.year)
    place = int(np.flatnonzero(block_year.same != np.arange(len(block_year.cells)))[0])
    leader = int(block_year.same[place])
    only_part = prior.printed[prior.printed["indicator"] == BY_ARTICLE]
    quoted = dataclasses.replace(prior, printed=only_part).row_of_counts(block_year)
    assert quoted["obs_value"][leader] == prior.row_of(block_year.cells)["obs_value"][place]
    moved = prior.printed.assign(
        obs_value=prior.printed["obs_value"].where(prior.printed["indicator"] != BY_ARTICLE, 1000.0)
    )
    other = dataclasses.replace(prior, printed=moved)
    assert other.row_of_counts(block_year)["obs_value"][place] == prior.row_of(block_year.cells)["obs_value"][leader]
    assert other.find_otherwise_printed(block_year)[place] and not other.find_otherwise_printed(block_year)[leader]
