"""Protection: what is printed, what is frozen, and what a second release does to the first."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from expectations.candidates import candidate
from expectations.cards import dataset_card
from expectations.cards.cells import COUNTED, KEY, TOTAL, find_matches, keys_of, read_parquet
from expectations.gate import verdicts
from expectations.protection import protect_datasets, revisions
from expectations.published import ledger
from ingestion.home import Home
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"


def _final(home: Home, dataset: str) -> pd.DataFrame:
    return read_parquet(protect_datasets.final_bytes(home, dataset)["data.parquet"])


def _states(home: Home) -> dict[tuple[str, str], str]:
    return {(one.block[0], one.year): one.state for one in protect_datasets.last_report(home).outcomes}


def _values(frame: pd.DataFrame, **coordinates: str) -> pd.Series:
    found = frame[find_matches(frame, coordinates)]
    return pd.Series(found["obs_value"].to_numpy(), index=keys_of(found)).sort_index()


@pytest.mark.parametrize("dataset", [NATIONAL, GOVERNORATE])
def test_every_rounded_count_is_a_multiple_of_five_less_than_five_from_the_true_one(protected: Home, dataset: str):
    true = candidate.read_cells(protected, dataset)
    final = _final(protected, dataset)
    both = final[final["measure"].isin(COUNTED)].merge(true, on=list(KEY), suffixes=("", "_true"))
    rounded = both[both["disclosure_method"] == "ROUNDED_5"]
    assert len(rounded) > 20
    assert (rounded["obs_value"] % 5 == 0).all()
    assert ((rounded["obs_value"] - rounded["obs_value_true"]).abs() < 5).all()


def test_an_exact_figure_is_true_and_every_category_of_its_table_reaches_eleven(protected: Home):
    true = candidate.read_cells(protected, NATIONAL)
    final = _final(protected, NATIONAL)
    both = final[final["measure"].isin(COUNTED)].merge(true, on=list(KEY), suffixes=("", "_true"))
    exact = both[both["disclosure_method"] == "EXACT_11"]
    assert len(exact) > 0
    assert (exact["obs_value"] == exact["obs_value_true"]).all()
    assert (exact["obs_value"] >= 11).all()
    assert set(exact["ref_area"]) == {"IQ-FED"}


def test_one_category_under_eleven_rounds_its_whole_table(empty_home: Home):
    country = toy_home.Country()
    for key in country.victims:
        if key[2] == "M":
            country.victims[key] = 2 if key[0] == "IQG08" and key[4] == "BEGGING" else 0
    toy_home.build(empty_home, country)
    final = _final(empty_home, NATIONAL)
    by_sex = final[find_matches(final, {"indicator": "PRT-01", "measure": "COUNT", "age": TOTAL, "form": TOTAL})]
    by_sex = by_sex[(by_sex["sex"] != TOTAL) & by_sex["obs_value"].notna()]
    assert set(by_sex["disclosure_method"]) == {"ROUNDED_5"}


def test_governorates_are_always_rounded(protected: Home):
    final = _final(protected, GOVERNORATE)
    counted = final[final["measure"].isin(COUNTED) & final["obs_value"].notna()]
    assert set(counted["disclosure_method"]) == {"ROUNDED_5"}


def test_a_share_is_computed_from_printed_figures_and_from_no_others(protected: Home):
    final = _final(protected, GOVERNORATE)
    where = {"indicator": "PRT-03", "time_period": "2023", "ref_area": "IQG08", "sex": TOTAL, "age": TOTAL}
    share = final[find_matches(final, {**where, "measure": "SHARE", "form": TOTAL})].iloc[0]
    part = final[find_matches(final, {**where, "measure": "NUMERATOR", "form": TOTAL})]["obs_value"].iloc[0]
    whole = final[find_matches(final, {**where, "indicator": "PRT-01", "measure": "COUNT", "form": TOTAL})]["obs_value"]
    assert share["obs_value"] == round(part / whole.iloc[0], 3)
    assert share["disclosure_method"] == "DERIVED"


def test_a_share_of_a_base_under_twenty_is_withheld_and_not_missing(protected: Home):
    final = _final(protected, GOVERNORATE)
    small = final[
        find_matches(final, {"indicator": "PRT-03", "measure": "SHARE", "ref_area": "IQG02", "form": "SEXUAL"})
    ]
    assert set(small["obs_status"]) == {"Q"}
    silent = final[find_matches(final, {"indicator": "PRT-03", "measure": "SHARE", "ref_area": "IQG06"})]
    assert set(silent["obs_status"]) == {"O"}


def test_bodies_are_not_persons_and_are_printed_as_they_are(protected: Home):
    final = _final(protected, NATIONAL)
    bodies = final[(final["indicator"] == "PAR-07") & (final["measure"] != "SHARE")]
    assert set(bodies["disclosure_method"]) == {"NONE"}
    assert set(bodies["obs_value"]) == {0.0, 1.0}


def test_the_same_input_and_key_give_the_same_bytes(protected: Home, empty_home: Home):
    toy_home.build(empty_home)
    for dataset in (NATIONAL, GOVERNORATE):
        assert protect_datasets.final_bytes(empty_home, dataset) == protect_datasets.final_bytes(protected, dataset)


def test_protection_alone_leaves_no_trace_in_the_ledger(protected: Home):
    assert ledger.entries(protected) == []
    assert list(protected.ledger.rglob("*")) == []


def test_what_only_men_could_explain_is_withheld(toy_men: Path, tmp_path: Path):
    """If more persons were sexually exploited than there are women, men were: the form table must go."""
    men = Home(shutil.copytree(toy_men, tmp_path / "men"))
    final = _final(men, NATIONAL)
    forms = final[find_matches(final, {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQ-FED"})]
    forms = forms[forms["form"] != TOTAL]
    assert set(forms["obs_status"]) == {"Q"}
    assert set(forms["disclosure_method"]) == {"WITHHELD"}
    assert verdicts.examine(men, NATIONAL).passed
    others = final[
        find_matches(final, {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQ-FED", "form": TOTAL})
    ]
    assert set(others["obs_status"]) == {"A"}, "only what must be withheld is"


def test_an_unchanged_year_is_printed_again_to_the_letter(released: Home):
    before = {dataset: protect_datasets.final_bytes(released, dataset) for dataset in (NATIONAL, GOVERNORATE)}
    toy_home.build(released)
    assert set(_states(released).values()) == {"unchanged"}
    assert {dataset: protect_datasets.final_bytes(released, dataset) for dataset in before} == before


def test_fewer_than_eleven_late_cases_are_frozen_and_the_printed_values_stay(released: Home):
    before = _final(released, NATIONAL)
    country = toy_home.Country()
    country.add(10, sex="F", age="Y_GE18", form="SEXUAL")
    toy_home.build(released, country)
    assert _states(released)["PRT-01/COUNT", "2023"] == "frozen"
    assert _states(released)["PRT-01/COUNT", "2024"] == "unchanged"
    assert _final(released, NATIONAL).equals(before)


def test_eleven_late_cases_revise_the_year_and_printed_values_stay_wherever_tables_allow(released: Home):
    before = _final(released, GOVERNORATE)
    country = toy_home.Country()
    country.add(12, sex="F", age="Y_GE18", form="SEXUAL")
    toy_home.build(released, country)
    assert _states(released)["PRT-01/COUNT", "2023"] == "revised"
    after = _final(released, GOVERNORATE)
    true = candidate.read_cells(released, GOVERNORATE)
    where = {"indicator": "PRT-01", "measure": "COUNT", "time_period": "2023"}
    old, new, now = (_values(frame, **where).dropna() for frame in (before, after, true))
    is_legal = (old - now).abs() < 5
    assert is_legal.any() and not is_legal.all()
    is_elsewhere = np.array(["|IQG02|" in key for key in old.index])
    assert (old[is_elsewhere] == new[is_elsewhere]).all()
    assert (old[is_legal] == new[is_legal]).mean() >= 0.9
    assert ((new - now).abs() < 5).all()
    assert verdicts.examine(released, GOVERNORATE).passed


def test_an_exact_table_stays_only_while_fewer_than_eleven_of_its_cases_changed(released: Home):
    before = _final(released, NATIONAL)
    country = toy_home.Country()
    country.add(10, sex="F", age="Y_GE18", form="SEXUAL")
    country.add(10, sex="M", age="Y0T17", form="BEGGING")
    country.add(-9, sex="F", age="Y0T17", form="BEGGING")
    toy_home.build(released, country)
    assert _states(released)["PRT-01/COUNT", "2023"] == "revised"
    after = _final(released, NATIONAL)
    for dimension, changed in (("sex", {"F": 1, "M": 10}), ("age", {"Y0T17": 1, "Y_GE18": 10})):
        where = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQ-FED", "time_period": "2023"}
        where |= {name: TOTAL for name in ("sex", "age", "form") if name != dimension}
        old, new = (frame[find_matches(frame, where)].set_index(dimension) for frame in (before, after))
        assert set(old["disclosure_method"]) == {"EXACT_11"}
        assert sum(changed.values()) >= 11
        assert set(new.loc[list(changed), "disclosure_method"]) == {"ROUNDED_5"}
    assert verdicts.examine(released, NATIONAL).passed


def test_an_exact_table_keeps_its_printed_value_in_a_revised_year_if_its_own_cases_changed_little(released: Home):
    before = _final(released, NATIONAL)
    country = toy_home.Country()
    country.add(9, sex="F", age="Y_GE18", form="SEXUAL")
    country.add(-9, sex="F", age="Y_GE18", form="FORCED_LABOUR")
    toy_home.build(released, country)
    assert _states(released)["PRT-01/COUNT", "2023"] == "revised"
    after = _final(released, NATIONAL)
    where = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQ-FED", "time_period": "2023", "age": TOTAL}
    by_sex = [frame[find_matches(frame, where | {"form": TOTAL})] for frame in (before, after)]
    assert set(by_sex[1]["disclosure_method"]) == {"EXACT_11"}
    assert by_sex[0]["obs_value"].tolist() == by_sex[1]["obs_value"].tolist()
    by_form = after[find_matches(after, where | {"sex": TOTAL})]
    assert set(by_form[by_form["form"] != TOTAL]["disclosure_method"]) == {"ROUNDED_5"}
    assert verdicts.examine(released, NATIONAL).passed


def test_a_table_that_is_released_later_is_exact_beside_unchanged_ones_and_moves_nothing(
    protected: Home, change_cards: Callable[..., None]
):
    whole = dataset_card.load_dataset(NATIONAL).tables
    change_cards(NATIONAL, tables=[table for table in whole if table != ["form"]])
    toy_home.build(protected)
    toy_home.publish(protected)
    before = _values(_final(protected, NATIONAL), measure="COUNT").dropna()
    change_cards(NATIONAL, tables=whole)
    toy_home.build(protected)
    final = _final(protected, NATIONAL)
    after = _values(final, measure="COUNT").dropna()
    assert len(after) > len(before)
    assert (after[before.index] == before).all()
    forms = final[find_matches(final, {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQ-FED", "age": TOTAL})]
    assert set(forms[forms["form"] != TOTAL]["disclosure_method"]) == {"EXACT_11"}
    assert verdicts.examine(protected, NATIONAL).passed


def test_late_cases_that_come_one_by_one_are_added_up_until_they_are_eleven(released: Home):
    country = toy_home.Country()
    states: list[str] = []
    for _ in range(2):
        country.add(6, sex="F", age="Y_GE18", form="SEXUAL")
        country.add(20, year="2024", sex="M", age="Y_GE18", form="BEGGING")
        toy_home.build(released, country)
        states.append(_states(released)["PRT-01/COUNT", "2023"])
        toy_home.publish(released)
    assert states == ["frozen", "revised"]


def test_progress_names_every_block_and_year(protected: Home):
    heard: list[str] = []
    protect_datasets.protect(protected, heard.append)
    assert [line.rpartition(":")[0] for line in heard] == [
        "protection: PRS-05 PRS-07, 2023",
        "protection: PRS-05 PRS-07, 2024",
        "protection: PRT-01 PRT-03, 2023",
        "protection: PRT-01 PRT-03, 2024",
    ]


def test_sealed_files_are_for_the_house_only(released: Home):
    sealed = [*released.candidates.glob("*.parquet"), *(released.ledger / "sealed").rglob("*.parquet")]
    sealed += list(released.lineage.rglob("*.parquet"))
    assert len(sealed) >= 7
    for path in sealed:
        assert Path(path).stat().st_mode & 0o077 == 0


def test_printed_tables_add_up_to_the_last_unit(protected: Home):
    final = _final(protected, GOVERNORATE)
    where = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQG08", "time_period": "2024"}
    rows = final[find_matches(final, where)]
    total = rows[(rows[["sex", "age", "form"]] == TOTAL).all(axis=1)]["obs_value"].iloc[0]
    for dimension in ("sex", "age", "form"):
        assert np.isclose(rows[rows[dimension] != TOTAL]["obs_value"].sum(), total)


def test_a_killed_run_does_not_let_one_late_case_move_what_the_other_dataset_printed(released: Home):
    """The governorates of a revised year are out, the country is not: the next case is frozen for both."""
    country = toy_home.Country()
    country.add(12, sex="F", age="Y_GE18", form="SEXUAL")
    toy_home.build(released, country)
    toy_home.publish(released, GOVERNORATE)
    printed, due = _final(released, GOVERNORATE), _final(released, NATIONAL)
    country.add(1, leaf="IQG02", sex="F", age="Y_GE18", form="BEGGING")
    toy_home.build(released, country)
    assert _states(released)["PRT-01/COUNT", "2023"] == "frozen"
    assert _final(released, GOVERNORATE).equals(printed)
    assert _final(released, NATIONAL).equals(due)
    toy_home.publish(released)
    toy_home.build(released, country)
    assert _states(released)["PRT-01/COUNT", "2023"] == "frozen"
    sealed = ledger.sealed_of(released, ledger.entries(released, NATIONAL)[-1])
    begging = {"indicator": "PRT-01", "ref_area": "IQG02", "sex": "F", "age": "Y_GE18", "form": "BEGGING"}
    before = toy_home.victims()["IQG02", "2023", "F", "Y_GE18", "BEGGING", *[TOTAL] * 4]
    assert sealed[find_matches(sealed, begging | {"time_period": "2023"})]["obs_value"].tolist() == [before]


def test_a_table_that_joins_does_not_print_a_few_late_cases(protected: Home, change_cards: Callable[..., None]):
    whole = dataset_card.load_dataset(GOVERNORATE).tables
    change_cards(GOVERNORATE, tables=[table for table in whole if table != ["age"]])
    toy_home.build(protected)
    toy_home.publish(protected)
    before = _values(_final(protected, GOVERNORATE), measure="COUNT").dropna()
    change_cards(GOVERNORATE, tables=whole)
    country = toy_home.Country()
    for leaf, form in (("IQG02", "BEGGING"), ("IQG08", "SEXUAL")):
        country.add(4, leaf=leaf, sex="F", age="Y0T17", form=form)
    toy_home.build(protected, country)
    assert _states(protected)["PRT-01/COUNT", "2023"] == "frozen"
    after = _values(_final(protected, GOVERNORATE), measure="COUNT").dropna()
    assert (after[before.index] == before).all()
    assert len(after) > len(before)
    where = {"indicator": "PRT-01", "measure": "COUNT", "time_period": "2023", "ref_area": "IQG08", "age": "Y0T17"}
    base = pd.Series(toy_home.victims())
    young = sum(count for key, count in base.items() if key[:2] == ("IQG08", "2023") and key[3] == "Y0T17")
    assert (_values(_final(protected, GOVERNORATE), **where) - young).abs().max() < 5
    assert verdicts.examine(protected, GOVERNORATE).passed


def test_two_figures_of_one_cell_are_two_vintages_even_of_one_base(released: Home, monkeypatch: pytest.MonkeyPatch):
    history = revisions.ReleaseHistory(released)
    row = dict.fromkeys(KEY, TOTAL) | {"indicator": "PRT-01", "measure": "COUNT", "time_period": "2023"}
    first = {**row, "obs_value": 5.0, "obs_status": "A", "disclosure_method": "ROUNDED_5", "dataset": "g", "order": 1}
    hidden = {**first, "obs_value": float("nan"), "obs_status": "Q", "disclosure_method": "WITHHELD", "order": 2}
    other = {**first, "sex": "F", "order": 3, "dataset": "n"}
    monkeypatch.setattr(history, "_base", lambda *_: pd.DataFrame({"one": ["base"]}))
    rows = pd.DataFrame([first, hidden, other])
    found = history._vintages(rows, ("PRT-01/COUNT",), "2023")
    assert [vintage["disclosure_method"].tolist() for vintage in found] == [["ROUNDED_5"], ["WITHHELD", "ROUNDED_5"]]
    joined = history._vintages(pd.DataFrame([first, other]), ("PRT-01/COUNT",), "2023")
    assert [len(vintage) for vintage in joined] == [2]


def test_a_figure_of_a_part_of_a_year_is_protected_like_any_other_and_says_so(empty_home: Home):
    toy_home.prepare(empty_home, toy_home.Country(in_part=("2023",)))
    candidate.build(empty_home)
    protect_datasets.protect(empty_home)
    whole = toy_home.prepare(Home.at(empty_home.root.parent / "whole").open(invented=True))
    candidate.build(whole)
    shutil.copytree(empty_home.keys, whole.keys, dirs_exist_ok=True)
    protect_datasets.protect(whole)
    part, plain = _final(empty_home, "four_ps_national"), _final(whole, "four_ps_national")
    assert set(part.loc[part["obs_status"] == "P", "time_period"]) == {"2023"}
    told = part[(part["time_period"] == "2023") & part["obs_value"].notna()]
    assert set(told["obs_status"]) == {"P"}
    columns = [*KEY, "obs_value", "disclosure_method"]
    pd.testing.assert_frame_equal(part[columns], plain[columns])
