"""Requests for shelter: who asked in a year and what came of it, and the help that an identified victim had.

Belongs here: one person in one year of asking, the first refusal, admission and stay, help by item of Article 11.
Does not belong here: how an indicator counts it.

Sources: docs/reference/law.md (Article 11), docs/reference/indicators.md (PRT-08 to PRT-26); docs/decisions/0030.
"""

from __future__ import annotations

from collections import defaultdict

from tests.second_warehouse.ages import CHILD, Ages, group_of, nearest_ages
from tests.second_warehouse.landed_rows import (
    Fact,
    answer,
    citizenship_group,
    duration_band,
    first_known,
    is_known,
    place_of,
)
from tests.second_warehouse.persons import event_before, events_by_person, school_age

HELP = (
    "has_medical_exam",
    "has_interpretation",
    "has_legal_advice",
    "has_family_contact",
    "has_psychosocial_support",
    "has_grant",
    "has_education",
    "has_work_placement",
    "has_residence_measure",
    "is_enrolled_in_school",
    "has_best_interests_determination",
)


def seekers(services: list[Fact]) -> list[Fact]:
    """Return one fact a person and year in which the person asked, however often; a row without a token is a person."""
    grouped: dict[str, list[Fact]] = defaultdict(list)
    for place, record in enumerate(services):
        person = record["person_token"] or f"row {place}"
        grouped[f"{person}|{record['request_date'].year}"].append(record)
    return [_seeker(key, rows) for key, rows in grouped.items()]


def _seeker(key: str, believed: list[Fact]) -> Fact:
    """Where the person asked first decides the place; of what the person is, the body that is believed first."""
    rows = sorted(believed, key=lambda row: row["request_date"])
    first = rows[0]
    ages = nearest_ages(believed, (row["request_date"] for row in believed), first["request_date"])
    admitted = [row for row in rows if row["outcome_code"] == "ADMITTED"]
    refused = [row for row in rows if row["outcome_code"] == "REFUSED"]
    stays = [
        row for row in admitted if row["entry_date"] and row["exit_date"] and row["exit_date"] >= row["entry_date"]
    ]
    nights = (stays[0]["exit_date"] - stays[0]["entry_date"]).days if stays else None
    return place_of(first["governorate_code"]) | {
        "key": key,
        "year": first["request_date"].year,
        "sex": first_known(believed, "sex_code") or "_U",
        "citizenship": citizenship_group(first_known(believed, "citizenship_code")),
        "age": group_of(ages),
        "ages": ages,
        "child_band": child_band(ages),
        "is_admitted": bool(admitted),
        "refusal": f"REFUSAL_{refused[0]['refusal_reason_code'] or 'U'}" if refused else None,
        "condition": _condition(admitted[0]) if admitted else None,
        "has_left": bool(stays),
        "stay_band": duration_band(nights),
        "exit_condition": _exit_condition(stays[0]) if stays else None,
    }


def child_band(ages: Ages | None) -> str | None:
    """Return the band of a child's age; a child whose age is open between two bands stands under CHILD_U."""
    if group_of(ages) != CHILD or ages is None:
        return None
    bands = ((0, 5, "CHILD_0_5"), (6, 11, "CHILD_6_11"), (12, 17, "CHILD_12_17"))
    return next((band for low, high, band in bands if low <= ages.youngest and ages.oldest <= high), "CHILD_U")


def _condition(row: Fact) -> str | None:
    if is_known(row["admission_condition_code"]):
        return f"CONDITION_{row['admission_condition_code']}"
    return "CONDITION_JUDGE_ORDER" if row["judge_decision_date"] else None


def _exit_condition(row: Fact) -> str | None:
    if is_known(row["exit_condition_code"]):
        return str(row["exit_condition_code"])
    return "COURT_ORDER" if row["exit_reason_code"] == "COURT_ORDER" else None


def assisted(events: list[Fact], services: list[Fact]) -> list[Fact]:
    """Return the events that a judge identified, with the help of the requests that belong to each of them."""
    known = events_by_person(events)
    help_of: dict[str, list[Fact]] = defaultdict(list)
    for row in services:
        event = event_before(known.get(row["person_token"] or "", []), row["request_date"])
        if event:
            help_of[event["key"]].append(row)
    identified = [event for event in events if event["identified_year"]]
    return [event | _help(help_of[event["key"]]) | {"is_of_school_age": school_age(event)} for event in identified]


def _help(rows: list[Fact]) -> Fact:
    told = {item: _any_yes([answer(row[item]) for row in rows]) for item in HELP}
    return told | {"has_work_or_education": _any_yes([told["has_work_placement"], told["has_education"]])}


def _any_yes(answers: list[bool | None]) -> bool | None:
    """Yes if anybody says yes, no if somebody answered and nobody said yes, None where nobody answered."""
    known = [one for one in answers if one is not None]
    return any(known) if known else None
