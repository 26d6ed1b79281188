"""Which one-way tables may be exact: decided here alone, so that no joint audit has to catch what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from expectations.candidates import candidate
from expectations.cards.cells import DIMENSIONS, KEY, LATE_CASES, TOTAL, find_matches
from expectations.cards.release_scheme import Scheme
from expectations.protection.constraint_systems import BlockYear, block_years
from expectations.protection.exactness import (
    drop_telling_tables,
    exact_after_revision,
    exact_at_first,
    exact_threshold,
    one_way_tables,
)
from expectations.protection.revisions import PriorReleases
from ingestion.home import Home
from tests.expectations import toy_home

NATIONAL = "four_ps_national"
YEAR = "2023"
NEVER_PRINTED = PriorReleases(pd.DataFrame(columns=[*KEY, "obs_value", "obs_status", "disclosure_method"]))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which every article has at least twelve convictions."""
    country = toy_home.Country()
    for key in country.convictions:
        country.convictions[key] = max(country.convictions[key], 12)
    home = toy_home.prepare(Home(tmp_path_factory.mktemp("exact") / "home").open(invented=True), country)
    candidate.build(home)
    return home


def _block(home: Home, measure: str) -> BlockYear:
    cells = candidate.read_cells(home, NATIONAL)
    return next(
        one for one in block_years(candidate.read_base(home), cells, Scheme.read_scheme(home))
        if one.year == YEAR and measure in one.block
    )  # fmt: skip


@pytest.fixture
def convictions(large: Home) -> BlockYear:
    return _block(large, "PRS-07/NUMERATOR")


@pytest.fixture
def victims(large: Home) -> BlockYear:
    return _block(large, "PRT-01/COUNT")


def _articles(block_year: BlockYear) -> pd.Series:
    where = {"indicator": "PRS-07", "measure": "NUMERATOR", "ref_area": "IQ-FED"}
    return find_matches(block_year.cells, where) & (block_year.cells["article"] != TOTAL)


def _with_articles(block_year: BlockYear, articles: Sequence[str]) -> BlockYear:
    """The block with only these articles in the country's table."""
    cells, chosen = block_year.cells, _articles(block_year)
    shown = cells[chosen].iloc[[0]]
    rows = [cells[~chosen], *(shown.assign(article=article) for article in articles)]
    return replace(block_year, cells=pd.concat(rows).sort_values(list(KEY)).reset_index(drop=True))


def _is_exact(block_year: BlockYear, exact: np.ndarray) -> bool:
    (answer,) = set(exact[_articles(block_year).to_numpy()].tolist())
    return answer


@pytest.mark.parametrize(
    ("articles", "sum_is", "is_exact"),
    [
        (["A6_A8"], "below", False),  # the missing one is the total less this one
        (["A5_1", "A6_A8"], "at", True),
        (["A5_1", "A6", "A6_A8"], "above", False),  # what is counted twice is the sum less the total
    ],
)
def test_a_table_is_exact_only_where_its_categories_are_its_total(
    convictions: BlockYear, articles: list[str], sum_is: str, is_exact: bool
):
    block_year = _with_articles(convictions, articles)
    values = block_year.true_cells[_articles(block_year).to_numpy()]
    where = {"indicator": "PRS-07", "measure": "NUMERATOR", "ref_area": "IQ-FED", "article": TOTAL}
    (total,) = block_year.true_cells[find_matches(block_year.cells, where).to_numpy()]
    assert {-1: "below", 0: "at", 1: "above"}[int(np.sign(values.sum() - total))] == sum_is
    assert values.min() >= 11
    assert _is_exact(block_year, exact_at_first(block_year, NEVER_PRINTED)) is is_exact


def test_a_table_without_a_printed_total_is_judged_by_its_categories(convictions: BlockYear):
    block_year = _with_articles(convictions, ["A5_1", "A6_A8"])
    totals = find_matches(block_year.cells, {"indicator": "PRS-07", "measure": "NUMERATOR", "article": TOTAL})
    alone = replace(block_year, cells=block_year.cells[~totals].reset_index(drop=True))
    assert _is_exact(alone, exact_at_first(alone, NEVER_PRINTED))


@pytest.mark.parametrize(("least", "is_exact"), [(10, False), (11, True), (12, True)])
def test_each_category_has_to_reach_the_threshold(convictions: BlockYear, least: int, is_exact: bool):
    base = convictions.base.copy()
    of_one = find_matches(base, {"indicator": "PRS-07", "article": "A5_1"}).to_numpy()
    base.loc[of_one, "obs_value"] = [least, *[0] * (int(of_one.sum()) - 1)]
    whole = base[find_matches(base, {"indicator": "PRS-07"})].groupby("ref_area")["obs_value"].sum()
    convicted = find_matches(base, {"indicator": "PRS-05"}).to_numpy()
    base.loc[convicted, "obs_value"] = base.loc[convicted, "ref_area"].map(whole)
    block_year = replace(convictions, base=base)
    assert exact_threshold(block_year) == 11
    assert _is_exact(block_year, exact_at_first(block_year, NEVER_PRINTED)) is is_exact


def test_governorates_and_crosses_are_never_exact(victims: BlockYear):
    for table in one_way_tables(victims):
        cells = victims.cells.iloc[table.categories]
        assert set(cells["ref_area"]) == {table.area} <= {"IQ", "IQ-FED"}
        assert ((cells[list(DIMENSIONS)] != TOTAL).sum(axis=1) == 1).all()


@pytest.mark.parametrize(("rest", "is_exact"), [(10, False), (11, True)])
def test_a_part_is_exact_only_where_it_leaves_enough_of_its_whole(victims: BlockYear, rest: int, is_exact: bool):
    """Of each sex so many are not identified: the difference of two exact tables would tell them."""
    base = victims.base.assign(obs_value=0.0)
    for sex in ("F", "M"):
        for code, value in (("PRT-01", 40.0 + rest), ("PRT-03", 40.0)):
            here = {"indicator": code, "sex": sex, "ref_area": "IQG08", "age": "Y_GE18", "form": "FORCED_LABOUR"}
            assert find_matches(base, here).sum() == 1
            base.loc[find_matches(base, here), "obs_value"] = value
    block_year = replace(victims, base=base)
    exact = exact_at_first(block_year, NEVER_PRINTED)
    by_sex = (block_year.cells["ref_area"] == "IQ-FED") & (block_year.cells["sex"] != TOTAL)
    by_sex &= (block_year.cells[["age", "form"]] == TOTAL).all(axis=1)
    answers = {
        code: set(exact[(by_sex & (block_year.cells["indicator"] == code)).to_numpy()]) for code in ("PRT-01", "PRT-03")
    }
    assert answers == {"PRT-01": {True}, "PRT-03": {is_exact}}


def _printed(block_year: BlockYear, methods: np.ndarray, values: np.ndarray) -> PriorReleases:
    rows = block_year.cells.loc[:, list(KEY)].assign(obs_value=values, obs_status="A", disclosure_method=methods)
    return PriorReleases(rows, [block_year.base])


@pytest.mark.parametrize(("changed", "stays"), [(LATE_CASES - 1, True), (LATE_CASES, False)])
def test_an_exact_table_stays_while_fewer_than_eleven_of_its_cases_changed(
    convictions: BlockYear, changed: int, stays: bool
):
    exact = exact_at_first(convictions, NEVER_PRINTED)
    values = convictions.true_cells.copy()
    place = np.flatnonzero(_articles(convictions).to_numpy())[0]
    values[place] -= changed
    prior = _printed(convictions, np.where(exact, "EXACT_11", "ROUNDED_5"), values)
    kept, printed = exact_after_revision(convictions, prior)
    assert _is_exact(convictions, kept) is stays
    assert printed[place] == values[place]


def test_changes_up_and_down_of_one_table_are_added_and_do_not_cancel(convictions: BlockYear):
    exact = exact_at_first(convictions, NEVER_PRINTED)
    values = convictions.true_cells.copy()
    first, second = np.flatnonzero(_articles(convictions).to_numpy())[:2]
    values[[first, second]] += [-6, 6]
    kept, _ = exact_after_revision(convictions, _printed(convictions, np.where(exact, "EXACT_11", "ROUNDED_5"), values))
    assert not _is_exact(convictions, kept)


@pytest.mark.parametrize("method", ["ROUNDED_5", "WITHHELD", "EXACT_11"])
def test_a_table_of_which_one_category_was_printed_is_not_first_printed_now(convictions: BlockYear, method: str):
    (place, *_) = np.flatnonzero(_articles(convictions).to_numpy())
    rows = convictions.cells.loc[[place], list(KEY)].assign(obs_value=40.0, obs_status="A", disclosure_method=method)
    assert not _is_exact(convictions, exact_at_first(convictions, PriorReleases(rows)))


@pytest.mark.parametrize(("method", "is_exact"), [("ROUNDED_5", False), ("EXACT_11", True)])
def test_a_total_that_was_rounded_keeps_its_table_rounded(convictions: BlockYear, method: str, is_exact: bool):
    """The rounded total is another figure of the same count; an exact one is the sum anyway."""
    where = {"indicator": "PRS-07", "measure": "NUMERATOR", "ref_area": "IQ-FED", "article": TOTAL}
    rows = convictions.cells.loc[find_matches(convictions.cells, where), list(KEY)]
    prior = PriorReleases(rows.assign(obs_value=40.0, obs_status="A", disclosure_method=method))
    assert _is_exact(convictions, exact_at_first(convictions, prior)) is is_exact


def test_a_table_with_a_cell_that_tells_too_much_is_rounded_as_a_whole(convictions: BlockYear):
    exact = exact_at_first(convictions, NEVER_PRINTED)
    told = np.zeros(len(exact), dtype=bool)
    assert (drop_telling_tables(convictions, exact, told) == exact).all()
    told[np.flatnonzero(_articles(convictions).to_numpy())[0]] = True
    assert not _is_exact(convictions, drop_telling_tables(convictions, exact, told))
