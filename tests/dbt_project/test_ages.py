"""Who was a child at first contact, from what bodies wrote on other days (decision 41)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.dbt_project.invented_raw import INTERIOR, JUDICIAL, LABOUR, RawFiles, Row, Warehouse, build, day

_FACTS = ("fct_victim_event", "fct_accused_proceeding", "fct_shelter_seeker", "fct_service", "fct_residence_measure")
_WHOLE = ("+dim_person", "+dim_category", *(f"+{fact}" for fact in _FACTS))
_MODELS = ("--select", *_WHOLE, "--exclude-resource-type", "unit_test")
CONTACT, LATER = day("2024-03-10"), "2024-09-10"
# what was written: on the day of contact by the police, and by the court with its decision on another day
VICTIMS: dict[str, tuple[Row, Row, str, tuple[str, str]]] = {
    "stated_17": ({"age_years": 17}, {}, LATER, ("Y0T17", "YEARS_STATED")),
    "stated_18": ({"age_years": 18}, {}, LATER, ("Y_GE18", "YEARS_STATED")),
    "turns_17": ({"birth_year": 2007}, {}, LATER, ("Y0T17", "BIRTH_YEAR")),
    "turns_18": ({"birth_year": 2006}, {}, LATER, ("AMBIGUOUS", "YEAR_AMBIGUOUS")),
    "turns_19": ({"birth_year": 2005}, {}, LATER, ("Y_GE18", "BIRTH_YEAR")),
    "court_17_later": ({}, {"age_years": 17}, LATER, ("Y0T17", "YEARS_MOVED")),
    "court_18_later": ({}, {"age_years": 18}, LATER, ("AMBIGUOUS", "YEAR_AMBIGUOUS")),
    "court_19_later": ({}, {"age_years": 19}, LATER, ("Y_GE18", "YEARS_MOVED")),
    "court_18_same_day": ({}, {"age_years": 18}, "2024-03-10", ("Y_GE18", "YEARS_STATED")),
    "court_18_next_day": ({}, {"age_years": 18}, "2024-03-11", ("AMBIGUOUS", "YEAR_AMBIGUOUS")),
    "court_19_a_year_less_a_day": ({}, {"age_years": 19}, "2025-03-09", ("Y_GE18", "YEARS_MOVED")),
    "court_19_a_year": ({}, {"age_years": 19}, "2025-03-10", ("Y_GE18", "YEARS_MOVED")),
    "court_19_a_year_and_a_day": ({}, {"age_years": 19}, "2025-03-11", ("AMBIGUOUS", "YEAR_AMBIGUOUS")),
    "court_18_a_year": ({}, {"age_years": 18}, "2025-03-10", ("Y0T17", "YEARS_MOVED")),
    "the_police_settle_it": ({"age_years": 17}, {"birth_year": 2006}, LATER, ("Y0T17", "YEARS_STATED")),
    "the_court_settles_it": ({"birth_year": 2006}, {"age_years": 17}, LATER, ("Y0T17", "YEARS_MOVED")),
    "the_nearest_of_two": ({"age_years": 17}, {"age_years": 30}, LATER, ("Y0T17", "YEARS_STATED")),
    "child_later": ({}, {"age_group_code": "Y0T17"}, LATER, ("Y0T17", "GROUP_STATED")),
    "adult_later": ({}, {"age_group_code": "Y_GE18"}, LATER, ("AMBIGUOUS", "YEAR_AMBIGUOUS")),
    "adult_then": ({"age_group_code": "Y_GE18"}, {}, LATER, ("Y_GE18", "GROUP_STATED")),
    "unknown": ({"age_group_code": "_U"}, {}, LATER, ("_U", "UNKNOWN")),
    "nothing": ({}, {}, LATER, ("_U", "UNKNOWN")),
}
# requests of one person in one year -> her band
SEEKERS: dict[str, tuple[list[tuple[str, Row]], tuple[str, str | None]]] = {
    "five": ([("2024-02-01", {"age_years": 5})], ("Y0T17", "CHILD_0_5")),
    "six": ([("2024-02-01", {"age_years": 6})], ("Y0T17", "CHILD_6_11")),
    "eleven": ([("2024-02-01", {"age_years": 11})], ("Y0T17", "CHILD_6_11")),
    "twelve": ([("2024-02-01", {"age_years": 12})], ("Y0T17", "CHILD_12_17")),
    "seventeen": ([("2024-02-01", {"age_years": 17})], ("Y0T17", "CHILD_12_17")),
    "eighteen": ([("2024-02-01", {"age_years": 18})], ("Y_GE18", None)),
    "turns_12": ([("2024-02-01", {"birth_year": 2012})], ("Y0T17", "CHILD_U")),
    "turns_18": ([("2024-02-01", {"birth_year": 2006})], ("AMBIGUOUS", None)),
    "asked_again_at_18": ([("2024-02-01", {}), ("2024-09-01", {"age_years": 18})], ("AMBIGUOUS", None)),
    "asked_again_at_17": ([("2024-02-01", {}), ("2024-09-01", {"age_years": 17})], ("Y0T17", "CHILD_12_17")),
    "turned_18_by_the_last_day": ([("2024-12-31", {"birth_year": 2006})], ("Y_GE18", None)),
    "turned_12_by_the_last_day": ([("2024-12-31", {"birth_year": 2012})], ("Y0T17", "CHILD_12_17")),
    "perhaps_18_a_day_before": ([("2024-12-30", {"birth_year": 2006})], ("AMBIGUOUS", None)),
    "typed": ([("2024-02-01", {"age_group_code": "Y0T17"})], ("Y0T17", "CHILD_U")),
}


def _victim(person: str, **fields: object) -> Row:
    return {"period": "2024", "person_token": person, "case_token": "c1", "governorate_code": "IQG08"} | fields


@pytest.fixture(scope="module")
def built(new_raw_files: Callable[[], RawFiles]) -> Warehouse:
    raw = new_raw_files()
    raw.expect(INTERIOR, 2024)
    police = [_victim(person, contact_date=CONTACT, **told) for person, (told, *_) in VICTIMS.items()]
    court = [
        _victim(person, contact_date=CONTACT, identified_date=day(decided), **told)
        for person, (_, told, decided, _) in VICTIMS.items()
    ]
    arrested = [_victim(person, contact_date=CONTACT, **told) for person, (told, *_) in VICTIMS.items()]
    judged = [_victim(person, verdict_date=day(date), **told) for person, (_, told, date, _) in VICTIMS.items()]
    asked = [
        _victim(person, request_date=day(date), outcome_code="ADMITTED", **told)
        for person, (requests, _) in SEEKERS.items()
        for date, told in requests
    ]
    for row in asked:
        row.pop("case_token")
    held = [
        {"period": "2024", "person_token": person, "measure_date": CONTACT, "action_code": "DETENTION", **told}
        for person, (told, *_) in VICTIMS.items()
    ]
    raw.land(INTERIOR, 1, "2025-04-01", victims=police, accused=arrested, residence_measures=held)
    raw.land(JUDICIAL, 2, "2025-05-01", victims=court, accused=judged)
    raw.land(LABOUR, 3, "2025-05-01", services=asked)
    return build(raw, *_MODELS)


def test_every_check_of_the_facts_passes(built: Warehouse) -> None:
    assert built.not_passed() == {}


@pytest.mark.parametrize("fact", ["fct_victim_event", "fct_accused_proceeding"])
def test_an_age_is_that_of_first_contact_or_is_said_to_be_uncertain(built: Warehouse, fact: str) -> None:
    found = built.rows(f"select person_token, age_group_code, age_basis from {fact}")  # noqa: S608
    told = {person: (group, basis) for person, group, basis in found}
    assert told == {person: expected for person, (*_, expected) in VICTIMS.items()}


def test_a_measure_against_a_person_knows_the_age_of_its_day_only(built: Warehouse) -> None:
    sql = "select person_token, age_group_code from fct_residence_measure"
    on_the_day = {person: group for person, (told, *_, (group, _)) in VICTIMS.items() if told}
    on_the_day |= {"the_court_settles_it": "AMBIGUOUS"}
    found = dict(built.rows(sql))
    assert {person: found[person] for person in on_the_day} == on_the_day


def test_the_bands_of_children_add_up_to_those_who_are_surely_children(built: Warehouse) -> None:
    sql = "select person_token, age_group_code, child_age_code from fct_shelter_seeker"
    found = {person: (group, band) for person, group, band in built.rows(sql)}
    assert found == {person: expected for person, (_, expected) in SEEKERS.items()}
    assert all((band is not None) == (group == "Y0T17") for group, band in found.values())


def test_the_age_of_one_request_is_that_of_its_own_day(built: Warehouse) -> None:
    sql = "select age_group_code from fct_service where person_token = 'asked_again_at_18' order by request_date"
    assert [group for (group,) in built.rows(sql)] == ["_U", "Y_GE18"]
