"""A national dataset whose card wants exact figures: what is hidden, what the audit says, and what late cases do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

from expectations.candidates import candidate
from expectations.cards import dataset_card
from expectations.cards.cells import COUNTED, KEY, TOTAL, find_matches, parquet_bytes, read_parquet
from expectations.cards.release_scheme import Scheme
from expectations.gate import verdicts
from expectations.protection import protect_datasets
from ingestion.home import Home
from languages.refusal import Refusal
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
Change = Callable[..., None]


def _exact_keys() -> dict[str, object]:
    """Keys of the national card that suppress victims; the card of the governorates rounds them."""
    known = dataset_card.load_dataset(NATIONAL)
    units = {unit: one.model_dump(exclude_none=True) for unit, one in known.protection.items()}
    units["VICTIM"] = {"method": "suppression", "threshold": 5, "reason": "the committee insists on exact figures"}
    return {"protection": units}


@pytest.fixture
def exact_country(change_cards: Change) -> None:
    change_cards(NATIONAL, **_exact_keys())


@pytest.fixture(scope="module")
def _built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Built once; the tests take copies."""
    folder = tmp_path_factory.mktemp("cards") / "datasets"
    shutil.copytree(dataset_card.DATASETS, folder)
    path = folder / f"{NATIONAL}.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8")) | _exact_keys()
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dataset_card, "DATASETS", folder)
        return toy_home.build(Home(tmp_path_factory.mktemp("suppressed")).open(invented=True), few_children())


@pytest.fixture
def suppressed(exact_country: None, _built: Home, tmp_path: Path) -> Home:
    shutil.copytree(_built.root, tmp_path / "home")
    return Home(tmp_path / "home")


def few_children() -> toy_home.Country:
    """Some crosses of sex and age of the country are small."""
    country = toy_home.Country()
    for key in country.victims:
        if key[3] == "Y0T17" and key[2] == "M":
            country.victims[key] = 3 if key[0] == "IQG08" and key[4] == "BEGGING" else 0
    return country


def _victims(home: Home) -> pd.DataFrame:
    final = read_parquet(protect_datasets.final_bytes(home, NATIONAL)["data.parquet"])
    chosen = final["unit_measure"].eq("VICTIM") & final["measure"].isin(COUNTED) & final["obs_status"].ne("O")
    return final[chosen].merge(candidate.read_cells(home, NATIONAL), on=list(KEY), suffixes=("", "_true"))


def test_small_figures_and_those_that_would_give_them_away_are_hidden_and_the_others_exact(suppressed: Home):
    victims = _victims(suppressed)
    assert set(victims["disclosure_method"]) == {"SUPPRESSION_5"}
    small = victims["obs_value_true"].between(1, 4)
    assert small.any()
    hidden = victims["obs_status"].eq("Q")
    assert hidden[small].all()
    assert victims.loc[hidden & ~small, "obs_value_true"].count() >= 1, "a small cell alone is had by subtraction"
    assert (~hidden).mean() > 0.5
    assert (victims.loc[~hidden, "obs_value"] == victims.loc[~hidden, "obs_value_true"]).all()


def test_the_gate_passes_what_suppression_made_beside_rounded_governorates(suppressed: Home):
    for dataset in (NATIONAL, GOVERNORATE):
        verdict = verdicts.examine(suppressed, dataset)
        assert verdict.passed, verdict.reasons
    final = read_parquet(protect_datasets.final_bytes(suppressed, GOVERNORATE)["data.parquet"])
    counted = final[final["measure"].isin(COUNTED) & final["obs_value"].notna()]
    assert set(counted["disclosure_method"]) == {"ROUNDED_5"}


def test_one_hidden_figure_that_is_printed_after_all_fails_the_gate(suppressed: Home):
    path = suppressed.candidates / NATIONAL / "final" / "data.parquet"
    frame = read_parquet(path.read_bytes())
    true = candidate.read_cells(suppressed, NATIONAL)
    both = frame.merge(true, on=list(KEY), how="left", suffixes=("", "_true"))
    row = both.index[both["disclosure_method"].eq("SUPPRESSION_5") & both["obs_status"].eq("Q")].tolist()[0]
    frame.loc[row, "obs_value"] = both["obs_value_true"].to_numpy()[row]
    frame.loc[row, "obs_status"] = "A"
    path.write_bytes(protect_datasets.parquet_bytes(frame))
    (path.parent / "data.csv").write_bytes(protect_datasets.csv_bytes(frame))
    verdict = verdicts.examine(suppressed, NATIONAL)
    assert {"disclosure_audit", "exact_is_large_enough"} & {rule.id for rule in verdict.rules if not rule.passed}


def test_an_unchanged_year_is_printed_again_to_the_letter(suppressed: Home):
    toy_home.publish(suppressed)
    before = protect_datasets.final_bytes(suppressed, NATIONAL)
    toy_home.build(suppressed, few_children())
    assert protect_datasets.final_bytes(suppressed, NATIONAL) == before


def test_a_revised_year_is_exact_no_more_and_passes_beside_what_was_printed(suppressed: Home):
    toy_home.publish(suppressed)
    country = few_children()
    country.add(12, sex="F", age="Y_GE18", form="BEGGING")
    toy_home.build(suppressed, country)
    victims = _victims(suppressed)
    revised = victims[victims["time_period"].eq("2023")]
    states = {(one.block[0], one.year): one.state for one in protect_datasets.last_report(suppressed).outcomes}
    assert states["PRT-01/COUNT", "2023"] == "revised"
    assert set(revised["disclosure_method"]) <= {"ROUNDED_5", "WITHHELD"}
    assert set(victims.loc[victims["time_period"].eq("2024"), "disclosure_method"]) == {"SUPPRESSION_5"}
    verdict = verdicts.examine(suppressed, NATIONAL)
    assert verdict.passed, verdict.reasons


def test_a_table_that_joins_hides_what_was_hidden_and_shows_what_was_shown(suppressed: Home, change_cards: Change):
    whole = dataset_card.load_dataset(NATIONAL).tables
    change_cards(NATIONAL, tables=[table for table in whole if table != ["form", "age"]])
    toy_home.build(suppressed, few_children())
    toy_home.publish(suppressed)
    before = _victims(suppressed)
    change_cards(NATIONAL, tables=whole)
    toy_home.build(suppressed, few_children())
    both = before.merge(_victims(suppressed), on=list(KEY), suffixes=("_before", "_after"))
    assert len(both) == len(before)
    assert (both["obs_status_before"] == both["obs_status_after"]).all()
    assert verdicts.examine(suppressed, NATIONAL).passed


def test_a_share_of_a_hidden_figure_is_hidden(suppressed: Home):
    final = read_parquet(protect_datasets.final_bytes(suppressed, NATIONAL)["data.parquet"])
    parts = final[final["indicator"].eq("PRT-03") & final["measure"].eq("NUMERATOR") & final["obs_status"].eq("Q")]
    shares = final[final["indicator"].eq("PRT-03") & final["measure"].eq("SHARE")]
    places = [name for name in KEY if name not in ("measure", "indicator")]
    both = parts.merge(shares, on=places, suffixes=("", "_share"))
    assert len(both) > 0
    assert set(both["obs_status_share"]) == {"Q"}


@pytest.mark.parametrize(
    ("keys", "field"),
    [
        ({"method": "supression", "reason": "a slip"}, "protection.VICTIM.method"),
        ({"method": "suppression"}, "protection.VICTIM"),
        ({"method": "suppression", "reason": "some body", "threshold": 4}, "protection.VICTIM.threshold"),
        ({"method": "suppression", "reason": "some body", "exact_from": 11}, "protection.VICTIM"),
        ({"method": "suppression", "reason": "some body", "search": "best"}, "protection.VICTIM.search"),
    ],
)
def test_a_suppression_without_reason_or_under_five_is_refused(
    change_cards: Change, keys: dict[str, object], field: str
):
    change_cards(NATIONAL, protection={"VICTIM": keys})
    with pytest.raises(Refusal) as refusal:
        dataset_card.load_dataset(NATIONAL)
    assert (refusal.value.code, refusal.value.arguments["field"]) == ("card_invalid", field)


def test_governorates_are_never_suppressed(change_cards: Change):
    change_cards(GOVERNORATE, protection={"VICTIM": {"method": "suppression", "reason": "some body"}})
    with pytest.raises(Refusal) as refusal:
        dataset_card.load_dataset(GOVERNORATE)
    assert refusal.value.arguments["field"] == "protection"


def test_two_cards_that_print_one_level_rounded_and_exact_are_refused(
    exact_country: None, change_cards: Change, protected: Home
):
    change_cards(GOVERNORATE, levels=["region", "governorate"])
    with pytest.raises(Refusal) as refusal:
        Scheme.read_scheme(protected)
    assert (refusal.value.code, refusal.value.arguments["field"]) == ("cards_disagree", "protection.VICTIM")


def test_the_optimum_of_more_cells_than_can_be_proved_is_refused_and_not_guessed(
    suppressed: Home, change_cards: Change, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("methods.disclosure.suppression.suppression_of_blocks.MOST_CELLS", 10)
    units = dataset_card.load_dataset(NATIONAL).model_dump(exclude_none=True)["protection"]
    change_cards(NATIONAL, protection=units | {"VICTIM": units["VICTIM"] | {"search": "optimal"}})
    with pytest.raises(Refusal) as refusal:
        protect_datasets.protect(suppressed)
    assert refusal.value.arguments["nearest"] == "greedy"


def test_rounding_to_base_three_is_multiples_of_three_less_than_three_away_and_passes(
    empty_home: Home, change_cards: Change
):
    for dataset in (NATIONAL, GOVERNORATE):
        known = dataset_card.load_dataset(dataset).model_dump(exclude_none=True, exclude={"name"})
        for unit in ("VICTIM", "ACCUSED"):
            known["protection"][unit] |= {"base": 3}
        change_cards(dataset, protection=known["protection"])
    toy_home.build(empty_home)
    final = read_parquet(protect_datasets.final_bytes(empty_home, GOVERNORATE)["data.parquet"])
    both = final.merge(candidate.read_cells(empty_home, GOVERNORATE), on=list(KEY), suffixes=("", "_true"))
    rounded = both[both["disclosure_method"].eq("ROUNDED_3")]
    assert len(rounded) > 20
    assert (rounded["obs_value"] % 3 == 0).all()
    assert ((rounded["obs_value"] - rounded["obs_value_true"]).abs() < 3).all()
    for dataset in (NATIONAL, GOVERNORATE):
        assert verdicts.examine(empty_home, dataset).passed
    assert TOTAL in set(rounded["sex"])


def test_exact_figures_from_which_a_body_could_subtract_its_own_are_rounded(suppressed: Home):
    _leave_two_to_others(suppressed)
    protect_datasets.protect(suppressed)
    victims = _victims(suppressed)
    told = victims["indicator"].eq("PRT-01") & victims["time_period"].eq("2023")
    assert set(victims.loc[told, "disclosure_method"]) <= {"ROUNDED_5", "EXACT_11", "WITHHELD"}
    assert "ROUNDED_5" in set(victims.loc[told, "disclosure_method"])
    assert set(victims.loc[~told, "disclosure_method"]) >= {"SUPPRESSION_5"}
    verdict = verdicts.examine(suppressed, NATIONAL)
    assert verdict.passed, verdict.reasons


def test_what_a_body_learns_later_of_exact_figures_that_are_out_is_watched_and_stops_nothing(suppressed: Home):
    toy_home.publish(suppressed)
    _leave_two_to_others(suppressed)
    protect_datasets.protect(suppressed)
    verdict = verdicts.examine(suppressed, NATIONAL)
    assert verdict.passed, verdict.reasons
    assert {rule.id: rule.unexpected for rule in verdict.watched}["insider_narrow"] == 1


def _leave_two_to_others(home: Home) -> None:
    """A body sent all women of 2023 but two."""
    path = home.candidates / "contributions.parquet"
    sent = read_parquet(path.read_bytes())
    place = {"indicator": "PRT-01", "measure": "COUNT", "time_period": "2023", "sex": "F"}
    sent.loc[sent.index[find_matches(sent, place) & (sent["obs_value"] > 2)][0], "obs_value"] -= 2
    path.write_bytes(parquet_bytes(sent))
