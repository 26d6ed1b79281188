"""The whole house against the invented truth: what was counted, what was protected, what left."""

from __future__ import annotations

import re

import duckdb
import pandas as pd
import pytest

from expectations.candidates import lineage
from expectations.cards import indicator_card
from expectations.cards.cells import KEY
from expectations.protection.protect_datasets import last_report
from expectations.published import ledger
from expectations.releases import verification
from ingestion.home import Home
from languages.words import Words, languages
from marsad.demonstration import ROUNDS
from reports.publishing.issue_report import EXPLORER
from samples.expected import truth
from samples.life.country import Country
from samples.life.story import LIFE
from tests.end_to_end import told_of_links

pytestmark = pytest.mark.whole_home

CELL = list(KEY)
DATASETS = ("four_ps_governorate", "four_ps_national")
REGION_SINCE = str(LIFE.region_since)


def _parquet(path: str) -> pd.DataFrame:
    with duckdb.connect() as connection:
        return connection.execute("select * from read_parquet(?)", [path]).df()


def _released(home: Home, dataset: str, version: str | None = None) -> pd.DataFrame:
    folder = home.releases / dataset / (version or (home.releases / dataset / "latest").read_text().strip())
    return _parquet(str(folder / "data.parquet"))


def _versions(home: Home, dataset: str) -> list[str]:
    return sorted(path.name for path in (home.releases / dataset).iterdir() if path.is_dir())


def test_candidates_equal_the_truth_as_each_body_could_have_seen_it(demo: Home, invented: Country) -> None:
    expected = truth.expected_cells(invented, sent_until=ROUNDS[-1], linked=told_of_links.linked(demo, invented))
    found = _parquet(str(demo.candidates / "base.parquet"))
    assert set(expected["indicator"]) == set(found["indicator"])
    both = found.merge(expected, on=CELL, how="outer", suffixes=("_found", "_true"), indicator=True)
    assert not (both["_merge"] == "right_only").any()
    told = both["_merge"].eq("both")
    too_early = ~told & (both["time_period"] < str(invented.first_year))  # due by the bodies' cards, sent by none
    assert (both["obs_status_found"].eq("O") | both["indicator"].eq("PAR-07"))[too_early].all()  # which counts the due
    assert (both.loc[told, "obs_status_found"] == both.loc[told, "obs_status_true"]).all()
    assert (both.loc[~told & ~too_early, "obs_value_found"] == 0).all()  # the truth leaves zeros out
    different = both[told & (both["obs_value_found"].fillna(-1) != both["obs_value_true"].astype("Float64").fillna(-1))]
    assert different[CELL].to_dict("records") == []


@pytest.mark.parametrize("dataset", DATASETS)
def test_each_released_rounded_count_is_within_its_base(demo: Home, dataset: str) -> None:
    cells = _parquet(str(demo.candidates / dataset / "cells.parquet"))
    both = _released(demo, dataset).merge(cells, on=CELL, suffixes=("", "_true"))
    rounded = both[both["disclosure_method"].eq("ROUNDED_5")]
    frozen = {
        (measure, one.year) for one in last_report(demo).outcomes if one.state == "frozen" for measure in one.block
    }
    printed = list(zip(rounded["indicator"] + "/" + rounded["measure"], rounded["time_period"], strict=True))
    free = rounded[[cell not in frozen for cell in printed]]
    assert frozen
    assert len(free) > 1000
    assert (free["obs_value"] % 5 == 0).all()
    assert ((free["obs_value"] - free["obs_value_true"]).abs() < 5).all()


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_second_round_is_released_on_top_and_stays_sticky(demo: Home, dataset: str) -> None:
    first, second = _versions(demo, dataset)
    before, after = _released(demo, dataset, first), _released(demo, dataset, second)
    assert after["time_period"].max() == "2025" > before["time_period"].max()
    both = before.merge(after, on=CELL, suffixes=("_before", "_after"))
    counts = both[both["disclosure_method_before"].eq("ROUNDED_5") & both["disclosure_method_after"].eq("ROUNDED_5")]
    changed = counts[counts["obs_value_before"] != counts["obs_value_after"]]
    assert 0 < len(changed) < len(counts) / 10


@pytest.mark.parametrize("dataset", DATASETS)
def test_no_cell_of_the_never_list_leaves(demo: Home, dataset: str) -> None:
    for version in _versions(demo, dataset):
        released = _released(demo, dataset, version)
        assert released[released["sex"].eq("M") & released["form"].eq("SEXUAL")].empty
        assert released[released["article"].eq("A8")].empty
        assert "members" not in released.columns


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_release_verifies_and_stands_in_the_ledger(demo: Home, dataset: str) -> None:
    for version in _versions(demo, dataset):
        outcome = verification.verify(demo.releases / dataset / version)
        assert outcome.ok, outcome.problems
    assert set(_versions(demo, dataset)) <= set(ledger.read_published_cells(demo, ledger.entries(demo))["version"])


def test_zero_missing_and_suppressed_stay_three_things(demo: Home) -> None:
    released = _released(demo, "four_ps_national")
    kurdistan = released[released["ref_area"].eq("IQ-KR") & released["unit_measure"].isin(["VICTIM", "ACCUSED"])]
    presumed = kurdistan["indicator"].eq("PRT-01") & kurdistan["time_period"].ge(REGION_SINCE)
    assert set(kurdistan.loc[presumed, "obs_status"]) == {"A"}
    of_presumed = kurdistan["indicator"].isin(["PRT-01", "PRT-31", "PRT-04", "PAR-05", "PAR-08"])
    told = of_presumed & kurdistan["time_period"].ge(REGION_SINCE)
    assert kurdistan.loc[~told, "obs_value"].isna().all()
    assert set(kurdistan.loc[~told, "obs_status"]) == {"O"}
    silent = released[
        released["indicator"].eq("PRT-08") & released["time_period"].eq("2020") & released["ref_area"].eq("IQ-FED")
    ]
    assert set(silent["obs_status"]) == {"O"}
    assert (released.loc[released["obs_status"].eq("A"), "obs_value"].notna()).all()


def test_a_released_number_walks_back_to_the_files_it_came_from(demo: Home) -> None:
    hops = lineage.trace(
        demo,
        "four_ps_national",
        {"indicator": "PRT-02", "measure": "COUNT", "ref_area": "IQ-FED", "time_period": "2024"},
    )
    assert any(demo.taken.joinpath(str(hop.get("submission", "-"))).is_file() for hop in hops)


def test_an_indicator_has_figures_where_a_body_tells_them_and_is_missing_where_none_does(
    demo: Home, invented: Country
) -> None:
    expected = truth.expected_cells(invented, sent_until=ROUNDS[-1], linked=told_of_links.linked(demo, invented))
    missing = expected[expected["ref_area"].eq("IQ-FED") & expected["obs_status"].eq("O")]
    silent_years = missing.groupby("indicator")["time_period"].nunique()
    unfed_ones = set(silent_years.index[silent_years.eq(expected["time_period"].nunique())])
    fed = set(expected["indicator"]) - unfed_ones  # a fed one may be zero throughout: the truth leaves zeros out
    released = _released(demo, "four_ps_national")
    assert set(released.loc[released["obs_value"].notna(), "indicator"]) == fed
    unfed = released[~released["indicator"].isin(fed)]
    assert set(unfed["indicator"]) == set(indicator_card.indicators(demo)) - fed - {"PRS-14"}  # which never leaves
    assert set(unfed["obs_status"]) == {"O"}


def test_the_pages_of_three_languages_tell_it_and_say_that_it_is_invented(demo: Home) -> None:
    pages = sorted(demo.reports.rglob("*.html"))
    assert {page.parent.name for page in pages} == set(languages())
    for page in pages:
        text, words = page.read_text(encoding="utf-8"), Words.load(page.parent.name)
        assert words.text("page.invented" if page.name == EXPLORER else "edition.invented") in text
        assert not re.search(r"""(?:src|href)=["']?https?://""", text)
