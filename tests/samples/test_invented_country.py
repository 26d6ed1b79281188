"""The truth: scale, shares, order of events, and what must never be inferable."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter

import pandas as pd

from samples.bodies.sight import Row
from samples.life import country, profile


def _is_child(event: Row) -> bool:
    return event["contact_date"].year - event["birth_year"] < 18


def test_the_same_seed_gives_the_same_country(invented: country.Country):
    again = country.invent_country()
    for field in dataclasses.fields(invented):
        first, second = getattr(invented, field.name), getattr(again, field.name)
        if isinstance(first, pd.DataFrame):
            pd.testing.assert_frame_equal(first, second)


def test_another_seed_gives_another_country_of_the_same_scale():
    small, other = (country.invent_country(seed, 2022, 2023) for seed in (28, 29))
    assert not small.persons.equals(other.persons)
    assert len(small.episodes) == len(other.episodes)


def test_the_federal_side_has_some_hundred_victims_a_year(events: list[Row]):
    by_year = Counter(event["contact_date"].year for event in events)
    assert list(by_year) == list(range(2016, 2026))
    assert all(200 <= count <= 450 for count in by_year.values())


def test_the_shares_stay_in_the_stated_bands(invented: country.Country, events: list[Row]):
    def share(condition: list[bool]) -> float:
        return sum(condition) / len(condition)

    assert 0.30 <= share([_is_child(event) for event in events]) <= 0.40
    assert 0.06 <= share([";" in event["exploitation_codes"] for event in events]) <= 0.10
    assert 0.08 <= share([bool(event["charge_law_codes"]) for event in events]) <= 0.12
    long_ago = [event for event in events if event["contact_date"].year < 2024]
    assert 0.60 <= share([event["identified_date"] is not None for event in long_ago]) <= 0.72
    assert 0.45 <= share([event["governorate_code"] == "IQG08" for event in events]) <= 0.55
    law = invented.proceedings["law_code"] != "L28_2012"
    assert 0.11 <= float(law.mean()) <= 0.19


def test_male_victims_of_sexual_exploitation_are_few_in_one_large_place_and_never_charged(events: list[Row]):
    males = [event for event in events if event["sex_code"] == "M"]
    rare = [event for event in males if "SEXUAL" in event["exploitation_codes"].split(";")]
    assert 0.01 <= len(rare) / len(males) <= 0.04
    assert {event["governorate_code"] for event in rare} == {profile.MALE_SEXUAL_AREA}
    assert not any(event["charge_law_codes"] for event in rare)


def test_males_stay_under_the_other_forms_in_every_federal_year(events: list[Row]):
    for year in range(2016, 2026):
        of_year = [event for event in events if event["contact_date"].year == year]
        males = sum(event["sex_code"] == "M" for event in of_year)
        others = sum("SEXUAL" not in event["exploitation_codes"] for event in of_year)
        assert males + 20 < others


def test_tokens_are_keyed_hashes_and_never_shared(invented: country.Country):
    for tokens in (invented.persons["person_token"], invented.cases["case_token"]):
        assert tokens.is_unique
        assert all(re.fullmatch(r"k01:[0-9a-f]{32}", token) for token in tokens)


def test_nobody_is_twice_in_a_case(invented: country.Country):
    for table in (invented.episodes, invented.accused):
        assert not table.duplicated(["person_number", "case_number"]).any()


def test_some_victims_come_back_in_a_later_case(invented: country.Country):
    again = invented.episodes["person_number"].duplicated().mean()
    assert 0.01 <= again <= 0.06


def test_dates_follow_each_other(invented: country.Country, events: list[Row]):
    assert all(event["contact_date"] >= event["reported_date"] for event in events)
    assert all(event["identified_date"] > event["contact_date"] for event in events if event["identified_date"])
    tried = invented.proceedings.merge(invented.accused, on="accused_number").dropna(subset="arrest_date")
    delays = [(verdict - arrest).days for verdict, arrest in zip(tried.verdict_date, tried.arrest_date, strict=True)]
    assert min(delays) >= 90
    assert max(delays) <= 730 + profile.BACKLOG_DAYS  # which cases wait so long: `test_story.py`


def test_circumstances_of_article_six_fit_the_victims_of_the_case(invented: country.Country, events: list[Row]):
    children = {event["case_number"] for event in events if _is_child(event)}
    women = {event["case_number"] for event in events if event["sex_code"] == "F"}
    federal = {event["case_number"] for event in events}
    tried = country.rows_of(invented.proceedings.merge(invented.accused, on="accused_number"))
    cited = [(row["case_number"], set(row["article_codes"].split(";"))) for row in tried]
    assert {case for case, articles in cited if "A6_1" in articles} & federal <= children
    assert {case for case, articles in cited if "A6_2" in articles} & federal <= women


def test_very_few_victims_died(invented: country.Country):
    deaths = invented.proceedings["article_codes"] == "A8"
    assert 2 <= int(deaths.sum()) <= 6
    assert set(invented.proceedings.loc[deaths, "verdict_code"]) == {"CONVICTED"}


def test_men_find_no_shelter_before_there_is_one_for_them(invented: country.Country):
    joined = country.rows_of(invented.shelter_requests.merge(invented.persons, on="person_number"))
    early = [row for row in joined if row["request_date"].year < profile.MEN_SHELTER_FROM and row["sex_code"] == "M"]
    men = [row for row in early if row["request_date"].year - row["birth_year"] >= 18]
    assert {row["outcome_code"] for row in men} == {"REFUSED"}


def test_somebody_is_refused_and_admitted_in_the_same_year(invented: country.Country):
    outcomes: dict[tuple[int, int], set[str]] = {}
    for row in country.rows_of(invented.shelter_requests):
        outcomes.setdefault((row["person_number"], row["request_date"].year), set()).add(row["outcome_code"])
    assert sum({"REFUSED", "ADMITTED"} <= found for found in outcomes.values()) > 20
