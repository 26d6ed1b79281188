"""Who knows a part: what each body sent, persons counted alone, and what is rounded or refused because of them."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import yaml

from expectations.candidates import candidate
from expectations.candidates.contributions import count_contributions, list_contributions
from expectations.cards import dataset_card
from expectations.cards.cells import KEY, csv_bytes, find_matches, parquet_bytes, read_parquet
from expectations.cards.release_scheme import Scheme
from expectations.gate import disclosure_audit, verdicts
from expectations.protection import constraint_systems, protect_block, protect_datasets
from expectations.protection.constraint_systems import AttackerKnowledge, BlockYear, PrintedCells
from expectations.protection.insider_knowledge import Contributions, insiders_of
from expectations.protection.revisions import ReleaseHistory
from expectations.published import ledger
from ingestion.home import Home, write_bytes
from languages.refusal import Refusal
from methods.disclosure.auditing.audit import AuditFailure, AuditReport
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
BODY = "iraq_interior_ministry"
WOMEN = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQG08", "time_period": "2023", "sex": "F"}


def _key(**codes: str) -> dict[str, str]:
    place = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQG08", "time_period": "2023"}
    return {name: codes.get(name, place.get(name, "_T")) for name in KEY}


def _written(home: Home, frame: pd.DataFrame) -> None:
    write_bytes(home.candidates / "contributions.parquet", parquet_bytes(frame))


def _all_but(home: Home, count: int, **place: str) -> pd.DataFrame:
    """Contributions of a body that sent everything but a few cases of one base cell."""
    sent = read_parquet((home.candidates / "contributions.parquet").read_bytes())
    rows = find_matches(sent, place) & (sent["obs_value"] > count)
    sent.loc[sent.index[rows][0], "obs_value"] -= count
    return sent


def _year(home: Home, block: str = "PRT-01/COUNT") -> BlockYear:
    cells = pd.concat([candidate.read_cells(home, name) for name in (NATIONAL, GOVERNORATE)])
    years = constraint_systems.block_years(candidate.read_base(home), cells, Scheme.read_scheme(home))
    return next(one for one in years if block in one.block and one.year == "2023")


def test_a_case_of_two_bodies_is_known_to_both_and_counted_once_for_each():
    members = pd.DataFrame([{**_key(sex="F"), "member": "a"}, {**_key(sex="F"), "member": "b"}])
    records = [("a", "ministry/1/sheet/2"), ("a", "ministry/1/sheet/9"), ("a", "court/2/sheet/3"), ("b", "court/2/s/4")]
    facts = pd.DataFrame([{"indicator": "PRT-01", "member": member, "record": record} for member, record in records])
    frame = count_contributions(members, facts)
    assert frame[["sex", "source", "obs_value"]].to_numpy().tolist() == [["F", "court", 2], ["F", "ministry", 1]]
    lineage = pd.DataFrame([{**_key(sex="F"), "member": member, "record": record} for member, record in records])
    pd.testing.assert_frame_equal(list_contributions(lineage)[list(frame.columns)], frame, check_dtype=False)
    assert list_contributions(lineage.iloc[:0]).empty, "a year in which nobody was counted"


def test_the_contributions_of_the_only_body_are_all_the_counted_cases(protected: Home):
    year = _year(protected)
    (body, *persons) = insiders_of(year, Contributions(protected).select_block_year(year))
    assert body.name == BODY
    part = year.base["indicator"].to_numpy() == "PRT-01"
    assert (body.known[part] == year.true_base[part]).all()
    assert not body.asked[np.asarray(year.model.matrix @ part) > 0].any()
    assert {person.name for person in persons} <= {""}
    assert (protected.candidates / "contributions.parquet").stat().st_mode & 0o077 == 0


def test_a_person_counted_alone_knows_herself_in_every_measure(empty_home: Home):
    country = toy_home.Country()
    for key in country.victims:
        if key[:2] == ("IQG02", "2023"):
            country.victims[key] = 0
    country.add(1, leaf="IQG02", year="2023", sex="F", age="Y_GE18", form="BEGGING")
    country.add(3, leaf="IQG02", year="2023", sex="M", age="Y_GE18", form="BEGGING")
    toy_home.prepare(empty_home, country)
    candidate.build(empty_home)
    year = _year(empty_home)
    persons = [one for one in insiders_of(year, Contributions(empty_home).select_block_year(year)) if not one.name]
    place = {"ref_area": "IQG02", "sex": "F", "indicator": "PRT-01"}
    herself = next(one for one in persons if one.known[find_matches(year.base, place).to_numpy()].any())
    assert herself.known.sum() == 1  # she is not identified, so she knows of no other measure
    asked = year.cells[herself.asked]
    assert {"_T"} == set(asked["sex"])  # where she is with the three men
    assert not herself.asked[find_matches(year.cells, {"ref_area": "IQG08"}).to_numpy()].any()


def test_candidates_without_contributions_are_refused(protected: Home):
    (protected.candidates / "contributions.parquet").unlink()
    with pytest.raises(Refusal) as refusal:
        verdicts.examine(protected, NATIONAL)
    assert refusal.value.code == "file_missing"
    with pytest.raises(Refusal):
        protect_datasets.protect(protected)


def test_an_exact_table_from_which_a_body_could_subtract_its_own_is_rounded(protected: Home):
    def exact() -> pd.DataFrame:
        final = read_parquet(protect_datasets.final_bytes(protected, NATIONAL)["data.parquet"])
        rows = find_matches(
            final, {"indicator": "PRT-01", "measure": "COUNT", "time_period": "2023", "ref_area": "IQ-FED"}
        )
        return final[rows & (final["disclosure_method"] == "EXACT_11")]

    before = exact()
    assert {"F", "M"} <= set(before["sex"])
    _written(protected, _all_but(protected, 2, **WOMEN, form="SEXUAL"))
    protect_datasets.protect(protected)
    after = exact()
    assert "F" not in set(after["sex"])
    assert verdicts.examine(protected, NATIONAL).passed


def test_what_a_body_could_subtract_fails_the_gate_and_is_named_in_the_house_only(protected: Home):
    _written(protected, _all_but(protected, 2, **WOMEN, form="SEXUAL"))
    verdict = verdicts.examine(protected, NATIONAL)
    assert verdict.reasons == ["audit_failed"]
    findings = json.loads((protected.verdicts / f"{NATIONAL}.sealed.json").read_bytes())
    found = [one for one in findings if one["rule"] == "insider_certain"]
    assert found
    assert {(one["coordinates"]["insider"], one["low"], one["high"]) for one in found} == {(BODY, 2, 2)}
    assert BODY not in json.dumps([rule.id for rule in verdict.rules])


def test_what_a_body_learns_later_of_a_year_that_is_out_is_watched_and_stops_nothing(released: Home):
    """The figures are public as they stand: to refuse them anew would protect nobody and hold back all later years."""
    _written(released, _all_but(released, 2, **WOMEN, form="SEXUAL"))
    protect_datasets.protect(released)
    verdict = verdicts.examine(released, NATIONAL)
    assert verdict.passed
    assert [(rule.id, rule.unexpected) for rule in verdict.watched] == [("insider_narrow", 1)]
    findings = json.loads((released.verdicts / f"{NATIONAL}.sealed.json").read_bytes())
    assert {one["rule"] for one in findings} >= {"insider_certain"}


def test_what_a_body_can_narrow_is_watched_by_years_and_not_by_cells(protected: Home):
    frame = read_parquet(protect_datasets.final_bytes(protected, GOVERNORATE)["data.parquet"])
    watched = {rule.id: rule for rule in verdicts.examine(protected, GOVERNORATE).rules}["insider_narrow"]
    assert (watched.severity, watched.passed) == ("warning", True)
    assert watched.evaluated < len(frame) / 10


def test_a_held_year_is_known_by_those_who_had_sent_its_cases_when_it_was_printed(released: Home):
    before = Contributions(released).select_block_year(_year(released))
    country = toy_home.Country()
    country.add(3, year="2023", sex="F", age="Y_GE18", form="SEXUAL")
    toy_home.build(released, country)
    year = _year(released)
    held = BlockYear(year.block, year.year, _sealed(released, year), year.cells, year.scheme)
    counted = Contributions(released)
    assert counted.select_block_year(held)["obs_value"].sum() == before["obs_value"].sum()
    assert counted.select_block_year(year)["obs_value"].sum() > before["obs_value"].sum()


def _sealed(home: Home, year: BlockYear) -> pd.DataFrame:
    sealed = ledger.sealed_of(home, ledger.entries(home)[-1])
    own = sealed[sealed["time_period"].eq(year.year) & (sealed["indicator"] + "/" + sealed["measure"]).isin(year.block)]
    return own.sort_values(list(KEY)).reset_index(drop=True)


def test_a_figure_that_others_published_is_part_of_the_audit(protected: Home):
    year = _year(protected)
    true = year.true_cells
    small = np.flatnonzero((true >= 1) & (true < 5))[0]
    rounded = np.round(true / 5) * 5
    printed = constraint_systems.PrintedCells(rounded, ("ROUNDED_5",) * len(true))
    outside = year.cells.iloc[[small]][list(KEY)].assign(lower=true[small], upper=true[small])
    assert constraint_systems.attack(year, printed, AttackerKnowledge()).passed
    report = constraint_systems.attack(year, printed, AttackerKnowledge(external=outside))
    assert "too_few_values" in {one.rule for one in report.failures}
    elsewhere = outside.assign(time_period="2024")
    assert constraint_systems.attack(year, printed, AttackerKnowledge(external=elsewhere)).passed


def test_only_a_year_of_which_somebody_knows_more_is_audited_again(protected: Home, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    attack = disclosure_audit.attack

    def listening(block_year: BlockYear, *others: object, **limits: object) -> AuditReport:
        asked.append(block_year.label)
        return attack(block_year, *others, **limits)  # type: ignore[arg-type]

    monkeypatch.setattr(disclosure_audit, "attack", listening)
    verdicts.examine(protected, GOVERNORATE)
    assert len(asked) == len(set(asked)) > 2
    asked.clear()
    _written(protected, _all_but(protected, 1, **WOMEN))
    verdicts.examine(protected, GOVERNORATE)
    assert asked == [_year(protected).label]


def test_a_card_may_round_to_three_and_the_gate_reads_it_so(empty_home: Home, change_cards: Callable[..., None]):
    for name in dataset_card.dataset_names():
        content = yaml.safe_load((dataset_card.DATASETS / f"{name}.yml").read_text(encoding="utf-8"))
        units = {
            unit: one | ({"base": 3} if one["method"] == "rounding" else {})
            for unit, one in content["protection"].items()
        }
        change_cards(name, protection=units)
    toy_home.build(empty_home)
    verdict = verdicts.examine(empty_home, GOVERNORATE)
    final = read_parquet(protect_datasets.final_bytes(empty_home, GOVERNORATE)["data.parquet"])
    assert "ROUNDED_3" in set(final["disclosure_method"])
    assert verdict.passed


def test_the_bytes_of_contributions_do_not_change_from_build_to_build(protected: Home):
    path = protected.candidates / "contributions.parquet"
    first = path.read_bytes()
    candidate.build(protected)
    assert path.read_bytes() == first
    assert csv_bytes(read_parquet(first)).count(b"\n") > 1


def test_of_withheld_tables_the_most_important_is_given_back_first(protected: Home, monkeypatch: pytest.MonkeyPatch):
    year = _year(protected)
    fine, middle, coarse = (
        find_matches(year.cells, _key(ref_area="IQG02", **{name: code})).to_numpy()
        for name, code in (("form", "BEGGING"), ("age", "Y0T17"), ("sex", "F"))
    )
    failing = {"measure": "PRT-01/COUNT", "area": "IQG02", "form": "BEGGING", "age": "Y0T17", "sex": "F"}

    def judge(_: BlockYear, printed: PrintedCells, *others: object, **wanted: object) -> AuditReport:
        is_hidden = [bool(np.isnan(printed.values[cell]).all()) for cell in (fine, middle, coarse)]
        passes = is_hidden[2] and (is_hidden[0] or is_hidden[1])
        return AuditReport([] if passes else [AuditFailure("singleton_learns", failing, 1, 1)], 1, 1, 1)

    monkeypatch.setattr(protect_block, "attack", judge)
    readers = protect_block.ReaderKnowledge(Contributions(protected))
    block_protected = protect_block.protect_block(
        protect_block.context_of(year, ReleaseHistory(protected).prior_releases(year.block, year.year), readers), b"key"
    )
    shown = [block_protected.printed.loc[cell, "obs_status"].tolist() for cell in (fine, middle, coarse)]
    assert shown == [["Q"], ["A"], ["Q"]]


@pytest.mark.parametrize("is_turned", [True, False])
def test_a_cell_that_tells_too_much_is_rounded_the_other_way_or_else_withheld(
    protected: Home, monkeypatch: pytest.MonkeyPatch, is_turned: bool
):
    year = _year(protected)
    place = find_matches(year.cells, _key(ref_area="IQG02", form="BEGGING")).to_numpy()
    told: list[float] = []

    def judge(_: BlockYear, printed: PrintedCells, *others: object, **wanted: object) -> AuditReport:
        value = float(printed.values[place][0])
        told.append(value)
        fails = not np.isnan(value) and (value == told[0] or not is_turned)
        cell = {"measure": "PRT-01/COUNT", "area": "IQG02", "form": "BEGGING"}
        return AuditReport([AuditFailure("singleton_learns", cell, 1, 1)] * fails, 1, 1, 1)

    monkeypatch.setattr(protect_block, "attack", judge)
    readers = protect_block.ReaderKnowledge(Contributions(protected))
    block_protected = protect_block.protect_block(
        protect_block.context_of(year, ReleaseHistory(protected).prior_releases(year.block, year.year), readers), b"key"
    )
    shown = block_protected.printed[place]
    assert block_protected.report is not None and block_protected.report.passed
    if is_turned:
        assert abs(shown["obs_value"].iloc[0] - told[0]) == 5
    else:
        assert shown["disclosure_method"].tolist() == ["WITHHELD"]
