"""Cells that count the very same persons are printed as one figure, whatever their cards say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from expectations.cards.cells import DIMENSIONS, KEY, TOTAL
from expectations.gate import verdicts
from expectations.protection import protect_block, protect_datasets
from expectations.protection.constraint_systems import BlockYear, join_same_persons
from expectations.protection.person_sets import PERSON_SET, add_person_sets
from ingestion.home import Home
from methods.disclosure.rounding.additive_rounding import RoundingImpossible, WantedCells, controlled_rounding
from tests.end_to_end.test_counts_equal_in_truth import printed_otherwise
from tests.expectations import toy_home

AREA = "IQ-FED"
MANY = 30  # more cells than repeat a count of the toy country by its cards


def _joined(sets: list[int], counts: list[int], defined: list[int] | None = None, areas: str = "") -> list[int]:
    definitions = np.arange(len(sets)) if defined is None else np.array(defined)
    places = np.array([AREA] * len(sets) if not areas else areas.split(), dtype=object)
    return join_same_persons(
        definitions, np.array(sets, dtype=np.uint64), np.array(counts, dtype=float), places
    ).tolist()


def test_two_cells_of_the_same_persons_have_one_figure():
    assert _joined([7, 9, 7], [2, 2, 2]) == [0, 1, 0]


def test_cells_of_nobody_are_not_joined():
    assert _joined([0, 0], [0, 0]) == [0, 1]


def test_cells_are_joined_only_where_the_counts_behind_a_frozen_year_agree_too():
    assert _joined([7, 7], [3, 2]) == [0, 1]


def test_a_region_and_its_country_are_not_joined():
    assert _joined([7, 7], [2, 2], areas="IQ IQ-FED") == [0, 1]


def test_what_is_one_count_by_definition_follows_the_cell_that_is_joined():
    assert _joined([5, 7, 9, 7], [3, 2, 2, 2], defined=[0, 1, 1, 3]) == [0, 1, 1, 1]


def test_the_number_of_a_sum_of_cells_is_that_of_the_facts_of_all():
    codes = dict.fromkeys(DIMENSIONS, TOTAL)
    rows = [
        {"indicator": "PRT-01", "measure": name, "ref_area": AREA, "time_period": "2024", **codes, "sex": sex}
        for name, sex in (("COUNT", "F"), ("COUNT", "M"), ("NUMERATOR", TOTAL), ("DENOMINATOR", TOTAL))
    ]
    facts = [["p1", "p2"], ["p3"], ["p3", "p1", "p2"], ["p4", "p1", "p2"]]
    base = pd.DataFrame(rows)
    members = base.assign(member=facts).explode("member")
    sets = add_person_sets(base, members)[PERSON_SET].to_numpy()
    assert sets[0] + sets[1] == sets[2] != sets[3]
    empty = add_person_sets(base, members[members["sex"] == "F"])[PERSON_SET].to_numpy()
    assert empty.tolist() == [sets[0], 0, 0, 0]


@pytest.fixture
def all_identified(empty_home: Home) -> Home:
    """A home in which identified victims are the presumed ones, which no card says."""
    return toy_home.build(empty_home, toy_home.Country(identifies_all=True))


def _printed_apart(home: Home) -> int:
    """How many cells of presumed victims are printed otherwise than the same cell of identified ones."""
    paths = sorted(home.candidates.glob("*/final/data.parquet"))
    final = pd.concat([pd.read_parquet(path) for path in paths]).drop_duplicates(list(KEY))
    places = [name for name in KEY if name not in ("indicator", "measure")]
    counts = final[final["indicator"].isin(["PRT-01", "PRT-03"]) & final["measure"].isin(["COUNT", "NUMERATOR"])]
    figures = counts.pivot(index=places, columns="indicator", values="obs_value").dropna()
    assert len(figures) > 40
    return int((figures["PRT-01"] != figures["PRT-03"]).sum())


def test_in_print_the_same_persons_are_one_figure_and_the_gate_agrees(all_identified: Home):
    assert _printed_apart(all_identified) == 0
    assert verdicts.examine(all_identified, "four_ps_national").passed


def test_by_their_cards_alone_they_are_printed_apart(empty_home: Home, monkeypatch: pytest.MonkeyPatch):
    """So the test above can fail."""
    monkeypatch.setattr(BlockYear, "same", property(lambda block_year: block_year.defined))
    assert _printed_apart(toy_home.build(empty_home, toy_home.Country(identifies_all=True))) > 0


def test_of_all_pairs_of_series_that_are_equal_in_truth_none_is_released_as_two_figures(all_identified: Home):
    """The small edition of the search over the demo: a pair that no card declares, and its parts by sex, age, form."""
    toy_home.publish(all_identified)
    undeclared = {("PRT-01/COUNT", "PRT-03/NUMERATOR"), ("PRT-01/COUNT at sex=M", "PRT-03/NUMERATOR at sex=M")}
    assert printed_otherwise(all_identified, undeclared) == {}


def test_by_their_cards_alone_the_search_finds_them(empty_home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(BlockYear, "same", property(lambda block_year: block_year.defined))
    home = toy_home.build(empty_home, toy_home.Country(identifies_all=True))
    toy_home.publish(home)
    assert printed_otherwise(home, set())


def test_the_notes_name_no_pair_of_cells_that_count_the_same_persons_by_chance(all_identified: Home):
    outcomes = protect_datasets.last_report(all_identified).outcomes
    assert outcomes and all(outcome.to_quote == () for outcome in outcomes)


def test_where_nothing_adds_up_with_them_alike_those_that_are_one_count_by_definition_still_are(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch
):
    def refuse_sets(*block: object, wanted: WantedCells, **names: object) -> np.ndarray:
        if wanted.same is not None and (wanted.same != np.arange(len(wanted.same))).sum() > MANY:
            raise RoundingImpossible("all alike")
        return controlled_rounding(*block, wanted=wanted, **names)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(protect_block, "controlled_rounding", refuse_sets)
    home = toy_home.build(empty_home, toy_home.Country(identifies_all=True))
    assert _printed_apart(home) > 0
    assert verdicts.examine(home, "four_ps_national").passed
