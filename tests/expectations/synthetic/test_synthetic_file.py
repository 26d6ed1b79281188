"""Synthetic files: which records, what they cost, what is judged, and what lies in the folder."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from frictionless import Package

from expectations.cards.cells import csv_bytes, parquet_bytes, read_parquet
from expectations.cards.codes import codes_of
from expectations.releases.verification import verify
from expectations.synthetic import ctdc_columns, privacy_budget, synthetic_file, synthetic_rules, synthetic_source
from expectations.synthetic.privacy_budget import Spending
from ingestion.home import Home
from languages.refusal import Refusal
from languages.words import Words, languages
from methods.disclosure.noise.privacy_loss import Noise
from methods.disclosure.noise.synthetic_records import TableError

TODAY = datetime.date(2025, 6, 1)


def _events(count: int, year: int) -> pd.DataFrame:
    """Invented victim-events, each of a person of her own."""
    chance = np.random.default_rng(year)
    form = chance.choice(["SEXUAL", "FORCED_LABOUR", "BEGGING", "ORGAN", "_U"], count)
    events = {
        "fact_key": [f"{year}-{number:05d}" for number in range(count)],
        "person_token": [f"person-{year}-{number:05d}" for number in range(count)],
        "contact_year": [year] * count,
        "region_code": chance.choice(["IQ-FED", "IQ-KR"], count, p=[0.9, 0.1]),
        "sex_code": np.where(form == "SEXUAL", "F", chance.choice(["F", "M"], count)),
        "age_group_code": chance.choice(["Y0T17", "Y_GE18", "_U"], count),
        "form_code": form,
        "citizenship_code": chance.choice(["IRQ", "SYR", "XXA", "_U"], count),
        "means_codes": chance.choice(["MEANS_FRAUD", "MEANS_FRAUD;MEANS_APOV", "NONE", ""], count),
    }
    return pd.DataFrame(events).replace({"means_codes": {"": None}})


def _home(root: Path, events: pd.DataFrame) -> Home:
    home = Home(root).open(invented=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.register("events", events)
        connection.execute("create or replace table fct_victim_event as select * from events")
    return home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return _home(tmp_path, _events(500, 2024))


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """For what happens before the model is fitted, the packages of the extra are not needed."""
    monkeypatch.setattr(synthetic_file, "PACKAGES", ())


class Killed(BaseException):
    """The process ends here."""


def _killed(counts: Sequence[int], scale: float) -> list[int]:
    raise Killed


def _silent(counts: Sequence[int], scale: float) -> list[int]:
    return [0] * len(counts)


def _seeded(seed: int) -> Noise:
    chance = np.random.default_rng(seed)
    return lambda counts, scale: [int(count + round(chance.normal(0, scale))) for count in counts]


def _refused(home: Home, year: str = "2024", *, revised: bool = False, noise: Noise = _silent) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        synthetic_file.issue(home, year, 2.0 if revised else 4.0, revised=revised, noise=noise, today=TODAY)
    return refusal.value


@pytest.mark.usefixtures("without_extra")
def test_a_process_killed_before_the_noise_has_spent_the_budget(home: Home) -> None:
    with pytest.raises(Killed):
        synthetic_file.issue(home, "2024", noise=_killed, today=TODAY)
    assert [one.epsilon for one in privacy_budget.spendings(home, "2024")] == [4.0]
    assert list(home.research.iterdir()) == []
    assert _refused(home).code == "budget_spent"


@pytest.mark.usefixtures("without_extra")
def test_a_file_that_never_came_out_may_still_have_the_revision_of_its_year(home: Home) -> None:
    with pytest.raises(Killed):
        synthetic_file.issue(home, "2024", noise=_killed, today=TODAY)
    assert _refused(home, revised=True).code == "synthetic_too_few"  # it got as far as the silent noise
    assert [one.issue for one in privacy_budget.spendings(home)] == [1, 2]


@pytest.mark.usefixtures("without_extra")
def test_too_few_is_an_answer_that_was_paid_for_and_tells_no_true_number(home: Home) -> None:
    refusal = _refused(home)
    assert (refusal.code, refusal.where) == ("synthetic_too_few", "2024")
    assert "500" not in str(refusal.arguments.values())
    assert len(privacy_budget.spendings(home)) == 1


@pytest.mark.usefixtures("without_extra")
@pytest.mark.parametrize(
    ("year", "code"),
    [("2025", "synthetic_year_open"), ("1999", "synthetic_year_unknown"), ("last", "synthetic_year_unknown")],
)
def test_a_year_that_cannot_be_costs_nothing(home: Home, year: str, code: str) -> None:
    assert _refused(home, year).code == code
    assert privacy_budget.spendings(home) == []


@pytest.mark.usefixtures("without_extra")
@pytest.mark.parametrize(
    ("field", "column"), [("form_code", "form"), ("means_codes", "means"), ("region_code", "ref_area")]
)
def test_an_unknown_category_is_refused_for_its_column_and_costs_nothing(
    tmp_path: Path, field: str, column: str
) -> None:
    events = _events(30, 2024)
    events.loc[7, field] = "SECRET"
    refusal = _refused(_home(tmp_path, events))
    assert (refusal.code, refusal.where) == ("synthetic_code_unknown", column)
    assert "SECRET" not in f"{refusal} {refusal.arguments}"
    assert privacy_budget.spendings(Home(tmp_path)) == []


def test_without_the_extra_it_says_what_to_run_and_costs_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(synthetic_file, "PACKAGES", ("a_package_that_nobody_has",))
    assert _refused(home).code == "synthetic_not_installed"
    assert privacy_budget.spendings(home) == []
    for tag in languages():
        remedy = Words.load(tag).text("refusal.synthetic_not_installed.remedy", where="mbi")
        assert "make synthetic" in remedy


def test_a_person_stands_in_one_row_of_the_year_of_the_first_registration(tmp_path: Path) -> None:
    events = _events(4, 2024)
    again = events.head(2).assign(fact_key=["a", "b"], contact_year=2023, form_code="ORGAN")
    twice = events.tail(1).assign(fact_key="2024-99999", form_code="ORGAN")
    nobody_known = events.head(2).assign(fact_key=["c", "d"], person_token=None)
    home = _home(tmp_path, pd.concat([events, again, twice, nobody_known]))
    assert list(synthetic_source.records(home, "2023")["form"]) == ["ORGAN", "ORGAN"]
    assert (
        len(synthetic_source.records(home, "2024")) == 2 + 2
    )  # the two whose first year it is, and two without a token


@pytest.mark.usefixtures("without_extra")
def test_a_person_whose_earlier_event_comes_late_is_left_out_where_the_cap_would_break(tmp_path: Path) -> None:
    late = _events(3, 2024)
    home = _home(tmp_path, late)
    assert _refused(home).code == "synthetic_too_few"  # paid for, as if it had come out
    earlier = pd.concat([late.head(1).assign(fact_key="early", contact_year=2023), _events(5, 2023)])
    _home(tmp_path, pd.concat([late, earlier]))
    assert len(synthetic_source.records(home, "2023")) == 6
    heard: list[int] = []

    def _listening(counts: Sequence[int], scale: float) -> list[int]:
        heard.extend(counts)
        return [0] * len(counts)

    assert _refused(home, "2023", noise=_listening).code == "synthetic_too_few"
    assert sum(heard) <= 15 * 5  # fifteen tables of the other five
    seal = json.loads((home.ledger / "sealed" / "research" / "2023-1.json").read_bytes())
    assert len(seal["persons"]) == 5
    assert "person-2023" not in str(seal)


@pytest.mark.usefixtures("without_extra")
def test_a_seal_that_was_lost_while_its_file_is_out_is_noticed(home: Home) -> None:
    assert _refused(home).code == "synthetic_too_few"
    (home.research / "synthetic_victims_2024" / "000001-0123456789ab").mkdir(parents=True)
    (home.ledger / "sealed" / "research" / "2024-1.json").unlink()
    assert _refused(home, revised=True).code == "ledger_broken"


def test_six_coarse_columns_whose_codes_come_from_the_lists_and_no_governorate(home: Home) -> None:
    domains = synthetic_source.domains()
    assert list(domains) == list(synthetic_source.COLUMNS)
    assert len(domains) == 6
    assert domains["ref_area"] == ["IQ-FED", "IQ-KR"]
    assert {"sex": "M", "form": "SEXUAL"} in synthetic_source.never_combinations()
    for column, codes in synthetic_source.records(home, "2024").items():
        assert set(codes) <= set(domains[str(column)])


def test_every_means_of_the_warehouse_has_a_group() -> None:
    assert set(synthetic_source.MEANS) == synthetic_source.known_means()
    assert synthetic_source.means_group("MEANS_FRAUD;MEANS_DECEPTION") == "DECEPTION"
    assert synthetic_source.means_group("MEANS_FRAUD;MEANS_APOV") == "MULTIPLE"
    assert synthetic_source.means_group("") == "_U"


def _record(**codes: str) -> pd.DataFrame:
    usual = {"ref_area": "IQ-KR", "sex": "F", "age": "_U", "form": "_U", "citizenship": "_U", "means": "_U"}
    return pd.DataFrame([usual | codes])


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ({}, {"gender": "Female"}),
        ({"sex": "_U", "age": "Y0T17"}, {"ageBroad": "0--17"}),
        ({"sex": "_U", "age": "AMBIGUOUS"}, {}),
        (
            {"form": "SEXUAL"},
            {"gender": "Female", "isSexualExploit": "1", "isForcedLabour": "0", "isOtherExploit": "0"},
        ),
        ({"sex": "_U", "form": "MULTIPLE"}, {}),
        ({"sex": "_U", "citizenship": "FOREIGN", "means": "FORCE"}, {}),
        (
            {"sex": "_U", "citizenship": "IRQ", "means": "DECEPTION"},
            {"citizenship": "IRQ", "meansOfControlFalsePromises": "1"},
        ),
        (
            {"sex": "M", "form": "BEGGING"},
            {
                "gender": "Male",
                "isForcedLabour": "1",
                "isSexualExploit": "0",
                "isOtherExploit": "0",
                "typeOfLabourOther": "1",
            },
        ),
    ],
)
def test_ctdc_columns_tell_what_their_categories_can_say_and_nothing_else(
    codes: dict[str, str], told: dict[str, str]
) -> None:
    row = ctdc_columns.lay_out_records(_record(**codes), "2024").iloc[0].dropna().to_dict()
    assert row == {"yearOfRegistration": "2024", "CountryOfExploitation": "IRQ"} | told


def test_every_age_of_the_warehouse_is_a_union_of_ctdc_bands_or_blank() -> None:
    told = {age: ctdc_columns.lay_out_records(_record(age=age), "2024")["ageBroad"].iloc[0] for age in codes_of("age")}
    assert told == {"Y0T17": "0--17", "Y_GE18": "18+", "AMBIGUOUS": None, "_U": None}


def test_ctdc_has_thirty_seven_columns_and_no_region() -> None:
    frame = ctdc_columns.lay_out_records(_record(), "2024")
    assert (len(frame.columns), len(set(frame.columns))) == (37, 37)
    assert max(len(name) for name in frame.columns) == 32
    assert "IQ-KR" not in frame.to_csv()


def _case(frame: pd.DataFrame | None = None, **changes: object) -> synthetic_rules.SyntheticSubject:
    made = pd.concat([_record(sex="F"), _record(sex="M")], ignore_index=True)
    made.insert(0, "time_period", "2024")
    frame = made if frame is None else frame
    errors = (TableError(1, 0.01, 0.01), TableError(2, 0.05, 0.01), TableError(3, 0.1, 0.01))
    files = {
        "data.csv": csv_bytes(frame),
        "data.parquet": parquet_bytes(frame),
        "ctdc.csv": csv_bytes(ctdc_columns.lay_out_records(frame, "2024")),
        "errors.csv": synthetic_rules.errors_bytes(errors),
    }
    spending = Spending(1, "2024", 1, 4.0, 1e-5, "")
    return dataclasses.replace(synthetic_rules.SyntheticSubject(files, spending, [spending], errors, 2), **changes)  # type: ignore[arg-type]


def _broken(case: synthetic_rules.SyntheticSubject) -> list[str]:
    return [rule.id for rule in synthetic_rules.evaluate(case) if not rule.passed]


def test_a_sound_file_passes_and_each_rule_has_words_in_every_language() -> None:
    assert _broken(_case()) == []
    for tag in languages():
        assert all(Words.load(tag).text(f"rule.{rule.id}") for rule in synthetic_rules.evaluate(_case()))


def test_each_rule_can_fail() -> None:
    sound = read_parquet(_case().files["data.parquet"])
    far = (TableError(2, 0.5, 0.01),)
    cases = {
        "only_allowed_columns": _case(sound.assign(ref_leaf="IQG08")),
        "synthetic_codes_known": _case(sound.assign(ref_area=["IQG08", "IQG09"])),
        "synthetic_never_absent": _case(sound.assign(form="SEXUAL")),
        "synthetic_sorted_by_code": _case(sound.iloc[::-1].reset_index(drop=True)),
        "synthetic_enough_records": _case(least=3),
        "synthetic_budget_booked": _case(booked=[]),
        "synthetic_error_small": _case(
            errors=far, files=dict(_case().files) | {"errors.csv": synthetic_rules.errors_bytes(far)}
        ),
        "files_agree": _case(files=dict(_case().files) | {"ctdc.csv": b"something else\n"}),
    }
    assert {name: _broken(case) for name, case in cases.items()} == {name: [name] for name in cases}


@pytest.mark.needs_synthetic
def test_a_file_is_issued_verified_told_in_three_languages_and_never_twice(home: Home) -> None:
    made = synthetic_file.issue(home, "2024", noise=_seeded(5), chance=np.random.default_rng(6), today=TODAY)
    assert verify(made.path).problems == []
    assert Package(str(made.path / "datapackage.json")).validate().valid
    manifest = json.loads((made.path / "manifest.json").read_bytes())
    assert manifest["budget"]["epsilon"] == 4.0
    assert (manifest["synthetic"], manifest["invented"], manifest["rows"]) == (True, True, made.records)
    assert all((made.path / f"notes.{tag}.md").exists() for tag in languages())
    notes = (made.path / "notes.en.md").read_text(encoding="utf-8").translate({0x2068: None, 0x2069: None})
    assert "ε = 4 and δ = 0.00001" in notes
    assert _refused(home).code == "budget_spent"
    assert _refused(home, revised=True).code == "synthetic_unchanged"
    _home(home.root, pd.concat([_events(500, 2024), _events(40, 2023).assign(contact_year=2024)]))
    second = synthetic_file.issue(home, "2024", 2, revised=True, noise=_seeded(7), today=TODAY)
    assert second.version.startswith("000002-")
    assert verify(made.path).ok
    (made.path / "data.csv").write_bytes(b"edited\n")
    assert not verify(made.path).ok


@pytest.mark.needs_synthetic
def test_a_file_that_breaks_a_rule_is_not_released_and_its_budget_is_gone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthetic_rules, "_WORST_ERROR", -1.0)
    refusal = _refused(home, noise=_seeded(5))
    assert (refusal.code, refusal.arguments["rules"]) == ("synthetic_failed", "synthetic_error_small")
    assert list(home.research.iterdir()) == []
    assert len(privacy_budget.spendings(home)) == 1
