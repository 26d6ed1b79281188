"""The gate: what it lets through, and each thing it refuses, with its reason code and place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from expectations.candidates import candidate
from expectations.cards.cells import COUNTED, KEY, csv_bytes, find_matches, keys_of, parquet_bytes, read_parquet
from expectations.cards.release_scheme import Scheme
from expectations.gate import disclosure_audit, stored_verdict, verdicts
from expectations.protection import constraint_systems, protect_datasets
from expectations.protection.constraint_systems import AttackerKnowledge, BlockYear, PrintedCells
from ingestion.home import Home, write_bytes
from languages.refusal import Refusal
from methods.disclosure.auditing.audit import AuditQuestion, AuditReport
from methods.disclosure.auditing.vintages import Vintage
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"


def _final(home: Home, dataset: str) -> pd.DataFrame:
    return read_parquet(protect_datasets.final_bytes(home, dataset)["data.parquet"])


def _plant(home: Home, dataset: str, frame: pd.DataFrame) -> None:
    """Put other bytes where the final ones were, as a careless hand would."""
    folder = home.candidates / dataset / "final"
    write_bytes(folder / "data.parquet", parquet_bytes(frame))
    write_bytes(folder / "data.csv", csv_bytes(frame))


def _broken(verdict: stored_verdict.Verdict) -> set[str]:
    return {rule.id for rule in verdict.broken}


@pytest.mark.parametrize("dataset", [NATIONAL, GOVERNORATE])
def test_a_protected_dataset_passes_and_every_rule_was_looked_at(protected: Home, dataset: str):
    verdict = verdicts.examine(protected, dataset)
    assert (verdict.passed, verdict.reasons) == (True, [])
    assert verdict.audit["checked"] > 0 == verdict.audit["failures"]
    assert {"keys_are_unique", "something_is_said", "disclosure_audit"} <= {rule.id for rule in verdict.rules}
    assert all(rule.evaluated > 0 for rule in verdict.rules if rule.origin == "card")


def test_the_verdict_is_the_same_to_the_byte_and_names_no_cell(protected: Home):
    path = stored_verdict.verdict_path(protected, NATIONAL)
    verdicts.examine(protected, NATIONAL)
    first = path.read_bytes()
    (protected.candidates / "audit.json").unlink()
    verdicts.examine(protected, NATIONAL)
    assert path.read_bytes() == first
    content = json.loads(first)
    assert set(content) == {
        "as_of",
        "audit",
        "card_sha256",
        "dataset",
        "files",
        "in_the_way",
        "passed",
        "previous",
        "reasons",
        "rules",
        "standards_sha256",
        "suite_sha256",
        "versions",
        "waived",
    }
    assert all(
        set(rule) == {"id", "origin", "severity", "passed", "evaluated", "unexpected"} for rule in content["rules"]
    )
    assert b"IQG08" not in first


def test_a_verdict_read_back_is_the_verdict(protected: Home):
    verdict = verdicts.examine(protected, GOVERNORATE)
    assert (
        stored_verdict.Verdict.from_bytes(stored_verdict.verdict_path(protected, GOVERNORATE).read_bytes()) == verdict
    )


def test_a_planted_small_cell_fails_the_audit_and_its_place_stays_in_the_house(protected: Home):
    true = candidate.read_cells(protected, GOVERNORATE)
    small = true[(true["obs_value"] >= 1) & (true["obs_value"] < 5)].iloc[0]
    frame = _final(protected, GOVERNORATE)
    place = find_matches(frame, {name: small[name] for name in KEY})
    frame.loc[place, ["obs_value", "disclosure_method"]] = [small["obs_value"], "EXACT_11"]
    _plant(protected, GOVERNORATE, frame)
    verdict = verdicts.examine(protected, GOVERNORATE)
    assert not verdict.passed
    assert "audit_failed" in verdict.reasons
    refusal = next(refusal for refusal in verdict.refusals if refusal.code == "audit_failed")
    assert refusal.where == GOVERNORATE
    sealed = protected.verdicts / f"{GOVERNORATE}.sealed.json"
    assert small["ref_area"] in sealed.read_text(encoding="utf-8")
    assert sealed.stat().st_mode & 0o077 == 0
    assert small["ref_area"] not in stored_verdict.verdict_path(protected, GOVERNORATE).read_text(encoding="utf-8")


def test_a_small_cell_that_can_be_had_by_subtraction_fails_the_audit(protected: Home):
    """Exact values for all categories but one, and for their total: the last one follows."""
    frame, true = _final(protected, GOVERNORATE), candidate.read_cells(protected, GOVERNORATE)
    where = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQG02", "time_period": "2023", "sex": "_T"}
    table = true[find_matches(true, where | {"age": "_T"})]
    small = table[(table["form"] != "_T") & (table["obs_value"] < 5) & (table["obs_value"] > 0)]["form"].tolist()
    assert small
    for row in table[table["form"] != small[0]].to_dict("records"):
        place = find_matches(frame, {name: row[name] for name in KEY})
        frame.loc[place, ["obs_value", "disclosure_method"]] = [row["obs_value"], "EXACT_11"]
    _plant(protected, GOVERNORATE, frame)
    assert "audit_failed" in verdicts.examine(protected, GOVERNORATE).reasons


def test_a_leak_in_one_dataset_stops_the_other_that_shares_its_figures(protected: Home):
    frame, true = _final(protected, GOVERNORATE), candidate.read_cells(protected, GOVERNORATE)
    small = true[(true["indicator"] == "PRT-01") & (true["obs_value"] >= 1) & (true["obs_value"] < 5)].iloc[0]
    place = find_matches(frame, {name: small[name] for name in KEY})
    frame.loc[place, ["obs_value", "disclosure_method"]] = [small["obs_value"], "EXACT_11"]
    _plant(protected, GOVERNORATE, frame)
    assert verdicts.examine(protected, NATIONAL).reasons == ["audit_failed"]


def test_a_value_that_is_no_multiple_of_its_base_is_refused(protected: Home):
    frame = _final(protected, NATIONAL)
    row = frame.index[(frame["disclosure_method"] == "ROUNDED_5") & (frame["obs_value"] > 5)][0]
    frame.loc[row, "obs_value"] += 1
    _plant(protected, NATIONAL, frame)
    assert "rounded_to_base" in _broken(verdicts.examine(protected, NATIONAL))


def test_a_count_of_persons_that_claims_to_need_no_protection_is_refused(protected: Home):
    frame = _final(protected, NATIONAL)
    row = frame.index[frame["disclosure_method"] == "ROUNDED_5"][0]
    frame.loc[row, "disclosure_method"] = "NONE"
    _plant(protected, NATIONAL, frame)
    assert "methods_fit_units" in _broken(verdicts.examine(protected, NATIONAL))


def test_a_cell_on_the_never_list_is_refused_even_as_a_zero(protected: Home):
    frame = _final(protected, NATIONAL)
    row = frame[
        find_matches(frame, {"indicator": "PRT-01", "measure": "COUNT", "sex": "M", "ref_area": "IQ-FED"})
    ].iloc[:1]
    planted = row.assign(form="SEXUAL", age="_T", obs_value=0.0, disclosure_method="ROUNDED_5")
    _plant(protected, NATIONAL, pd.concat([frame, planted], ignore_index=True))
    assert "nothing_on_the_never_list" in _broken(verdicts.examine(protected, NATIONAL))


def test_a_figure_that_nobody_counted_is_refused(protected: Home):
    frame = _final(protected, NATIONAL)
    row = frame.index[(frame["disclosure_method"] == "ROUNDED_5") & (frame["time_period"] == "2024")][0]
    frame.loc[row, "time_period"] = "2031"
    _plant(protected, NATIONAL, frame)
    assert "values_follow_the_candidate" in _broken(verdicts.examine(protected, NATIONAL))


def test_a_rounded_value_far_from_the_truth_is_refused(protected: Home):
    frame = _final(protected, NATIONAL)
    row = frame.index[frame["disclosure_method"] == "ROUNDED_5"][0]
    frame.loc[row, "obs_value"] += 50
    _plant(protected, NATIONAL, frame)
    assert "values_follow_the_candidate" in _broken(verdicts.examine(protected, NATIONAL))


def test_a_cell_that_stands_twice_is_refused_and_both_of_its_values_are_noticed(protected: Home):
    frame = _final(protected, GOVERNORATE)
    row = frame[frame["disclosure_method"] == "ROUNDED_5"].iloc[:1]
    _plant(protected, GOVERNORATE, pd.concat([frame, row.assign(obs_value=row["obs_value"] + 5)], ignore_index=True))
    assert {"keys_are_unique", "values_follow_the_candidate"} <= _broken(verdicts.examine(protected, GOVERNORATE))


def test_totals_that_do_not_add_up_are_refused(protected: Home):
    frame = _final(protected, GOVERNORATE)
    total = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQG08", "time_period": "2024"}
    totals = find_matches(frame, total | {"sex": "_T", "age": "_T", "form": "_T"})
    frame.loc[totals, "obs_value"] += 5
    _plant(protected, GOVERNORATE, frame)
    assert "totals_add_up" in _broken(verdicts.examine(protected, GOVERNORATE))


def test_a_column_that_no_line_allows_is_refused(protected: Home):
    _plant(protected, NATIONAL, _final(protected, NATIONAL).assign(members="x"))
    verdict = verdicts.examine(protected, NATIONAL)
    assert _broken(verdict) == {"only_allowed_columns"}
    assert verdicts.examine(protected, GOVERNORATE).passed


def test_two_files_that_differ_are_refused(protected: Home):
    path = protected.candidates / NATIONAL / "final" / "data.csv"
    write_bytes(path, path.read_bytes().replace(b"2023", b"2022", 1))
    assert _broken(verdicts.examine(protected, NATIONAL)) == {"files_agree"}


def test_a_value_under_a_missing_mark_is_refused(protected: Home):
    frame = _final(protected, NATIONAL)
    frame.loc[frame.index[frame["obs_status"] == "O"][0], "obs_value"] = 0.0
    _plant(protected, NATIONAL, frame)
    assert "marks_match_values" in _broken(verdicts.examine(protected, NATIONAL))


def test_an_unknown_code_is_refused_by_the_cards_own_check(protected: Home):
    frame = _final(protected, NATIONAL)
    frame.loc[frame.index[frame["obs_status"] == "O"][0], "sex"] = "X"
    _plant(protected, NATIONAL, frame)
    verdict = verdicts.examine(protected, NATIONAL)
    assert "sexes_are_known" in _broken(verdict)
    refusal = next(refusal for refusal in verdict.refusals if refusal.arguments["rule"] == "sexes_are_known")
    assert (refusal.code, refusal.where, refusal.arguments["broken"]) == ("rule_failed", NATIONAL, 1)


def test_an_empty_candidate_is_refused(empty_home: Home):
    toy_home.build(empty_home, toy_home.Country(silent=toy_home.LEAVES))
    verdict = verdicts.examine(empty_home, GOVERNORATE)
    assert verdict.reasons == ["candidate_empty"]
    assert verdict.refusals[0].code == "candidate_empty"
    assert verdict.refusals[0].where == GOVERNORATE


def test_a_candidate_without_a_single_row_is_refused(protected: Home):
    _plant(protected, GOVERNORATE, _final(protected, GOVERNORATE).iloc[:0])
    assert "candidate_empty" in verdicts.examine(protected, GOVERNORATE).reasons


def test_a_body_that_falls_silent_shrinks_the_coverage(released: Home):
    toy_home.build(released, toy_home.Country(reporting=1))
    verdict = verdicts.examine(released, NATIONAL)
    assert verdict.reasons == ["coverage_shrunk"]
    assert verdict.refusals[0].arguments["rule"] == "reporting_kept"


def test_figures_that_are_gone_shrink_the_coverage(released: Home):
    toy_home.build(released, toy_home.Country(silent=("IQG06", "IQG02")))
    verdict = verdicts.examine(released, GOVERNORATE)
    assert "coverage_shrunk" in verdict.reasons
    assert _broken(verdict) >= {"rows_kept", "reporting_kept"}


def test_a_table_that_is_dropped_on_purpose_passes_once_its_card_says_so(
    released: Home, change_cards: Callable[..., None]
):
    change_cards(GOVERNORATE, tables=[[], ["sex"], ["form"], ["article"]])
    toy_home.build(released)
    assert verdicts.examine(released, GOVERNORATE).reasons == ["coverage_shrunk"]
    change_cards(GOVERNORATE, coverage={"keep_rows": 0.5})
    assert verdicts.examine(released, GOVERNORATE).passed


def test_a_watched_rule_does_not_block_and_is_kept_for_the_notes(empty_home: Home):
    toy_home.build(empty_home, toy_home.Country(reporting=1))
    verdict = verdicts.examine(empty_home, NATIONAL)
    assert verdict.passed
    assert [rule.id for rule in verdict.watched] == ["all_expected_bodies_reported"]


def test_an_expectation_that_does_not_exist_is_refused(protected: Home, change_cards: Callable[..., None]):
    check = {"id": "odd", "expectation": "expect_column_values_to_be_odd", "severity": "critical"}
    change_cards(GOVERNORATE, checks=[check])
    with pytest.raises(Refusal) as refusal:
        verdicts.examine(protected, GOVERNORATE)
    assert (refusal.value.code, refusal.value.arguments["check"]) == ("check_invalid", "odd")


def test_a_check_of_a_missing_column_fails_instead_of_passing_over_nothing(
    protected: Home, change_cards: Callable[..., None]
):
    kwargs = {"column": "colour", "value_set": ["red"]}
    check = {"id": "hue", "expectation": "expect_column_values_to_be_in_set", "kwargs": kwargs, "severity": "critical"}
    change_cards(GOVERNORATE, checks=[check])
    assert "hue" in _broken(verdicts.examine(protected, GOVERNORATE))


def test_bytes_that_are_no_parquet_are_refused(protected: Home):
    write_bytes(protected.candidates / NATIONAL / "final" / "data.parquet", b"not a table")
    with pytest.raises(Refusal) as refusal:
        verdicts.examine(protected, NATIONAL)
    assert refusal.value.code == "final_unreadable"


def test_the_gate_compares_rounded_counts_with_the_pending_truth_and_not_with_a_changed_one(protected: Home):
    path = protected.candidates / "pending.parquet"
    pending = read_parquet(path.read_bytes())
    write_bytes(path, parquet_bytes(pending.assign(obs_value=pending["obs_value"] + 1)))
    with pytest.raises(Refusal) as refusal:
        verdicts.examine(protected, NATIONAL)
    assert refusal.value.code == "bytes_changed"


def test_every_counted_value_of_persons_went_through_the_audit(protected: Home):
    final = _final(protected, NATIONAL)
    persons = final[final["unit_measure"].isin(["VICTIM", "ACCUSED"]) & final["measure"].isin(COUNTED)]
    assert persons["obs_value"].notna().sum() > 50
    verdict = verdicts.examine(protected, NATIONAL)
    followed = next(rule for rule in verdict.rules if rule.id == "values_follow_the_candidate")
    assert (followed.evaluated, followed.unexpected) == (len(final), 0)


def test_a_share_that_does_not_follow_from_the_printed_counts_is_refused(protected: Home):
    """A true ratio beside rounded counts would tell what the rounding hides."""
    frame, true = _final(protected, NATIONAL), candidate.read_cells(protected, NATIONAL)
    counts = pd.Series(true["obs_value"].to_numpy(), index=keys_of(true))
    shares = frame.index[(frame["indicator"] == "PRT-03") & (frame["measure"] == "SHARE") & frame["obs_value"].notna()]
    part = counts.reindex(keys_of(frame.loc[shares].assign(measure="NUMERATOR"))).to_numpy()
    whole = counts.reindex(keys_of(frame.loc[shares].assign(indicator="PRT-01", measure="COUNT"))).to_numpy()
    differs = (part / whole).round(3) != frame.loc[shares, "obs_value"].to_numpy()
    assert differs.any()
    frame.loc[shares, "obs_value"] = part / whole
    _plant(protected, NATIONAL, frame)
    verdict = verdicts.examine(protected, NATIONAL)
    assert _broken(verdict) == {"derived_follow_printed", "derived_tell_nothing_more"}
    rule = verdict.broken[0]
    assert rule.unexpected >= differs.sum()
    assert rule.evaluated == int((~frame["measure"].isin(COUNTED)).sum())


@pytest.mark.parametrize("change", ["withheld_shown", "shown_withheld", "unknown_measure"])
def test_a_derived_row_is_shown_withheld_and_named_only_as_its_operands_allow(protected: Home, change: str):
    frame = _final(protected, GOVERNORATE)
    of_share = (frame["indicator"] == "PRT-03") & (frame["measure"] == "SHARE")
    if change == "withheld_shown":
        row = frame.index[of_share & (frame["obs_status"] == "Q")][0]
        frame.loc[row, ["obs_value", "obs_status"]] = [0.5, "A"]
    else:
        row = frame.index[of_share & (frame["obs_status"] == "A")][0]
        change_to = {"shown_withheld": [float("nan"), "Q", "SHARE"], "unknown_measure": [0.5, "A", "RELATIVE_GAP"]}
        frame.loc[row, ["obs_value", "obs_status", "measure"]] = change_to[change]
    _plant(protected, GOVERNORATE, frame)
    assert "derived_follow_printed" in _broken(verdicts.examine(protected, GOVERNORATE))


def test_the_public_verdict_counts_printed_cells_and_not_the_small_ones(empty_home: Home, protected: Home):
    """The number of questions grows with the number of true counts of 1-4; the number of printed cells does not."""
    country = toy_home.Country()
    for key, count in country.victims.items():
        country.victims[key] = 0 if 0 < count < 5 else count
    toy_home.build(empty_home, country)
    seen = [verdicts.examine(home, GOVERNORATE).audit["checked"] for home in (protected, empty_home)]
    printed = pd.concat([_final(protected, name) for name in (GOVERNORATE, NATIONAL)])
    persons = printed[printed["measure"].isin(COUNTED) & printed["obs_status"].isin(["A", "Q"])]
    persons = persons[persons["unit_measure"] != "INSTITUTION"]
    assert seen == [len(persons.drop_duplicates(list(KEY)))] * 2


def test_an_earlier_vintage_that_late_cases_cannot_explain_is_said_in_the_verdict(released: Home):
    before = verdicts.examine(released, NATIONAL)
    assert "earlier_vintage_withdrawn" in {rule.id for rule in before.rules}
    assert before.watched == []
    country = toy_home.Country()
    country.add(-15, sex="F", age="Y_GE18", form="SEXUAL")
    toy_home.build(released, country)
    for dataset in (NATIONAL, GOVERNORATE):
        verdict = verdicts.examine(released, dataset)
        assert verdict.passed
        assert [(rule.id, rule.unexpected) for rule in verdict.watched] == [("earlier_vintage_withdrawn", 1)]


def test_an_audit_is_asked_again_when_what_it_calculates_with_is_another(
    protected: Home, monkeypatch: pytest.MonkeyPatch
):
    asked: list[str] = []
    attack = disclosure_audit.attack

    def listening(block_year: BlockYear, *others: object, **limits: object) -> AuditReport:
        asked.append(block_year.label)
        return attack(block_year, *others, **limits)  # type: ignore[arg-type]

    monkeypatch.setattr(disclosure_audit, "attack", listening)
    verdicts.examine(protected, NATIONAL)
    first = len(asked)
    verdicts.examine(protected, NATIONAL)
    assert len(asked) == first > 0

    def another(tool: str) -> str:
        return f"another {tool}"

    monkeypatch.setattr(disclosure_audit, "version", another)
    verdicts.examine(protected, NATIONAL)
    assert len(asked) == 2 * first


def test_a_count_of_one_to_four_is_small_whatever_a_card_rounds_to(protected: Home, monkeypatch: pytest.MonkeyPatch):
    small: list[np.ndarray] = []
    judge = constraint_systems.audit

    def listening(now: Vintage, question: AuditQuestion) -> AuditReport:
        small.append(question.sensitive)
        return judge(now, question)

    monkeypatch.setattr(constraint_systems, "audit", listening)
    scheme = Scheme.read_scheme(protected)
    units = {unit: one.model_copy(update={"base": 2}) for unit, one in scheme.units.items()}
    cells = candidate.read_cells(protected, GOVERNORATE).assign(disclosure_method="EXACT_11")
    loose = replace(scheme, units=units)
    for block_year in constraint_systems.block_years(candidate.read_base(protected), cells, loose):
        exact = PrintedCells(block_year.true_cells, ("EXACT_11",) * len(block_year.cells))
        constraint_systems.attack(block_year, exact, AttackerKnowledge())
        true = block_year.true_cells
        assert small[-1].tolist() == ((true >= 1) & (true <= 4)).tolist()
    assert sum(flags.sum() for flags in small) > 0
