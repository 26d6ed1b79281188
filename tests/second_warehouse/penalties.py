"""Measures against persons whom nobody accuses of trafficking, and the victims among them.

Belongs here: one measure on one day against one person, the victim-event to which it belongs.
Does not belong here: how an indicator counts it.

Sources: docs/reference/law.md (laws under which victims are punished), docs/reference/indicators.md;
docs/decisions/0013.
"""

from __future__ import annotations

from collections import defaultdict

from tests.second_warehouse.ages import group_of, nearest_ages
from tests.second_warehouse.landed_rows import Fact, answer, duration_band, first_known, place_of
from tests.second_warehouse.persons import event_before, events_by_person

_PENALTIES = {"FINE", "DETENTION", "EXPULSION", "REMOVAL", "REFORMATORY"}
_ANSWERS = ("is_screened", "is_found_victim", "is_referred_to_protection")


def measures(rows: list[Fact]) -> list[Fact]:
    """Return one fact a person, day and action; a row without a token is a fact of its own."""
    grouped: dict[str, list[Fact]] = defaultdict(list)
    for place, row in enumerate(rows):
        person = row["person_token"] or f"row {place}"
        grouped[f"{person}|{row['measure_date']}|{row['action_code']}"].append(row)
    return [_measure(key, records) for key, records in grouped.items()]


def _measure(key: str, records: list[Fact]) -> Fact:
    day, action = records[0]["measure_date"], records[0]["action_code"]
    released = first_known(records, "released_date")
    days = (released - day).days if action == "DETENTION" and released else None
    ages = nearest_ages(records, (day for _ in records), day)
    fact = {field: answer(first_known(records, field)) for field in _ANSWERS}
    fact |= {"key": key, "person": records[0]["person_token"], "day": day, "year": day.year, "action": action}
    fact |= {"sex": first_known(records, "sex_code") or "_U", "age": group_of(ages), "ages": ages}
    fact |= {"reason": first_known(records, "reason_code"), "is_penalty": action in _PENALTIES}
    fact |= {"detained_days": days if days is not None and days >= 0 else None}
    return fact | place_of(first_known(records, "governorate_code"))


def penalised(events: list[Fact], against: list[Fact]) -> list[Fact]:
    """Return every victim-event, with the measures of the same person that belong to it."""
    known = events_by_person(events)
    measures_of: dict[str, list[Fact]] = defaultdict(list)
    for measure in against:
        event = event_before(known.get(measure["person"] or "", []), measure["day"])
        if event:
            measures_of[event["key"]].append(measure)
    return [event | _penalty(measures_of[event["key"]]) for event in events]


def _penalty(found: list[Fact]) -> Fact:
    longest = max((one["detained_days"] for one in found if one["detained_days"] is not None), default=None)
    return {"is_penalised": any(one["is_penalty"] for one in found), "detention_band": duration_band(longest)}
