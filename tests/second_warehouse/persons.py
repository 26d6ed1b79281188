"""Victim-events: one person in one case, whichever bodies saw it, and what is known of it.

Belongs here: which rows tell of one event, what each field says, the two legal flags, what follows from other shapes.
Does not belong here: how an indicator counts it.

Sources: docs/reference/law.md (Articles 1 and 11), docs/reference/institutions.md (one event, one victim);
docs/decisions/0014, 0030, 0032, 0040, 0041.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable

from tests.second_warehouse.ages import CHILD, Ages, group_of, nearest_ages
from tests.second_warehouse.landed_rows import (
    Fact,
    answer,
    citizenship_group,
    codes_of,
    duration_band,
    first_known,
    is_known,
    place_of,
    read_seed,
)

Interval = tuple[datetime.date | None, datetime.date | None]

_FORMS = {row["code"]: row for row in read_seed("exploitation_form")}
_MEANS = {row["code"]: row for row in read_seed("means")}
_CODE_FIELDS = ("exploitation_codes", "act_codes", "means_codes", "driver_codes")
_FIELDS = (
    "sex_code",
    "governorate_code",
    "citizenship_code",
    "detected_by_code",
    "identified_by_code",
    "referred_to_code",
)
_ANSWERS = ("has_charge_dropped", "has_compensation_award", "has_compensation_paid")
_DATES = ("identified_date", "return_asked_date", "returned_date", "repatriated_date")
_GROUPS_OF_REFERRAL = {
    "INVESTIGATIVE_COURT": "REFERRED_JUSTICE",
    "FELONY_COURT": "REFERRED_JUSTICE",
    "POLICE": "REFERRED_JUSTICE",
    "SHELTER": "REFERRED_SHELTER",
    "HOSPITAL": "REFERRED_HOSPITAL",
    "NGO": "REFERRED_NGO",
    "EMBASSY": "REFERRED_EMBASSY",
}


def join_records(
    records: Iterable[Fact],
    day_of: Callable[[Fact], datetime.date | None],
    verdict_of: Callable[[str, list[Fact]], datetime.date | None],
) -> dict[str, list[Fact]]:
    """Return fact key -> records: person and case, a blank case joined where it can only be one (docs/decisions/0040).

    A row without a person is a fact of its own. A row of a person that names no case belongs to the person's one case;
    of several to the one whose time from contact to verdict holds the day of the row, if exactly one does; else it
    stays apart.
    """
    facts: dict[str, list[Fact]] = defaultdict(list)
    blank: list[Fact] = []
    cases: dict[str, set[str]] = defaultdict(set)
    for record in records:
        person, case = record["person_token"], record["case_token"]
        if person is None:
            facts[_record_key(record)].append(record)
        elif case is None and _is_of_no_authority(record):
            facts[f"{person}|-"].append(record)
        elif case is None:
            blank.append(record)
        else:
            cases[person].add(case)
            facts[f"{person}|{case}"].append(record)
    spans = {
        (person, case): (_first_day(facts[f"{person}|{case}"], day_of), verdict_of(case, facts[f"{person}|{case}"]))
        for person, known in cases.items()
        for case in known
    }
    joined: list[tuple[str, Fact]] = []
    for record in blank:
        person = record["person_token"]
        case = _case_of(day_of(record), {case: spans[person, case] for case in cases[person]})
        joined.append((f"{person}|{case or '-'}", record))
    for key, record in joined:
        facts[key].append(record)
    return facts


def _first_day(records: list[Fact], day_of: Callable[[Fact], datetime.date | None]) -> datetime.date | None:
    return min((day for record in records if (day := day_of(record))), default=None)


def _is_of_no_authority(record: Fact) -> bool:
    """A body that took a person on has no contact of the state to tell of: its row stays apart (decision 14)."""
    return record.get("registered_date") is not None and record["contact_date"] is None


def _record_key(record: Fact) -> str:
    return "{source}/{submission}/{sheet}/{row_number}".format_map(record).replace(" ", "_")


def _case_of(day: datetime.date | None, spans: dict[str, Interval]) -> str | None:
    if len(spans) == 1:
        return next(iter(spans))
    held = [case for case, (first, last) in spans.items() if _holds(day, first, last)]
    return held[0] if len(held) == 1 else None


def _holds(day: datetime.date | None, first: datetime.date | None, last: datetime.date | None) -> bool:
    return day is not None and first is not None and first <= day and (last is None or day <= last)


def last_verdicts(judged: Iterable[Fact]) -> dict[str, datetime.date]:
    """Return case -> day of the last verdict on anybody accused in it."""
    days: dict[str, datetime.date] = {}
    for proceeding in judged:
        case, day = proceeding["case"], proceeding["verdict_date"]
        if case and day:
            days[case] = max(day, days.get(case, day))
    return days


def victim_events(victims: list[Fact], verdicts: dict[str, datetime.date]) -> list[Fact]:
    """Return one fact a victim-event."""
    order = {id(record): place for place, record in enumerate(victims)}
    facts = join_records(victims, _dealt_with_on, lambda case, _: verdicts.get(case))
    persons = {record["person_token"] for record in victims if record["person_token"] and record["case_token"]}
    return [
        _victim_event(key, sorted(records, key=lambda one: order[id(one)]), verdicts, persons)
        for key, records in facts.items()
    ]


def _dealt_with_on(record: Fact) -> datetime.date | None:
    return record["contact_date"] or record["identified_date"]


def written_on(record: Fact) -> datetime.date | None:
    """Return the day on which the age of a row was written: the judge's decision, else contact, else registration."""
    return record["identified_date"] or record["contact_date"] or record["registered_date"]


def earliest(records: Iterable[Fact], field: str) -> datetime.date | None:
    """Return the first day that any record tells: a person is met, identified, brought home once."""
    return min((record[field] for record in records if record[field]), default=None)


def _victim_event(
    key: str, records: list[Fact], verdicts: dict[str, datetime.date], persons_with_a_case: set[str]
) -> Fact:
    fact: Fact = {field: first_known(records, field) for field in (*_FIELDS, *_ANSWERS)}
    fact |= {field: earliest(records, field) for field in _DATES}
    fact |= {field: _first_codes(records, field) for field in _CODE_FIELDS}
    contact = earliest(records, "contact_date")
    decided = fact["identified_date"]
    first_seen = contact or decided or earliest(records, "registered_date")
    ages = nearest_ages(records, map(written_on, records), first_seen)
    case = next((record["case_token"] for record in records if record["case_token"]), None)
    fact |= {
        "key": key,
        "unresolved": case is None and records[0]["person_token"] in persons_with_a_case,
        "person": records[0]["person_token"],
        "case": case,
        "sources": len({r["source"] for r in records}),
    }
    fact |= place_of(fact["governorate_code"])
    fact |= {"sex": fact["sex_code"] or "_U", "age": group_of(ages), "ages": ages, "contact_date": contact}
    fact |= {"citizenship": citizenship_group(fact["citizenship_code"]), "form": form_of(fact["exploitation_codes"])}
    fact |= {"contact_year": _year(contact or decided), "identified_year": _year(decided)}
    fact |= {
        "is_identified": decided is not None,
        "charges": set().union(*(codes_of(r["charge_law_codes"]) for r in records)),
    }
    fact |= {"case_concluded": case in verdicts, "driver": _one_or_several(fact["driver_codes"], "DRIVER")}
    fact |= {"referral": _GROUPS_OF_REFERRAL.get(fact["referred_to_code"] or ""), "core_gap": _core_gap(fact, ages)}
    fact |= {field: answer(fact[field]) for field in _ANSWERS}
    return fact | _elements(fact) | _course(fact)


def _first_codes(records: Iterable[Fact], field: str) -> set[str]:
    return next((codes for record in records if (codes := codes_of(record[field]))), set[str]())


def _year(day: datetime.date | None) -> int | None:
    return day.year if day else None


def form_of(codes: set[str]) -> str:
    """Return the released form of exploitation; two forms or more are MULTIPLE (docs/reference/indicators.md)."""
    forms = {_FORMS[code]["form_code"] for code in codes}
    return "MULTIPLE" if len(forms) > 1 else next(iter(forms), "_U")


def _one_or_several(codes: set[str], prefix: str) -> str | None:
    if len(codes) > 1:
        return f"{prefix}_SEVERAL"
    return f"{prefix}_{next(iter(codes))}" if codes else None


def _core_gap(fact: Fact, ages: Ages | None) -> str:
    """The core variable that no body recorded (PAR-08); an age that leaves both readings open is recorded."""
    if fact["unresolved"]:
        return "CORE_CASE_UNRESOLVED"
    gaps = {
        "SEX": fact["sex"] == "_U",
        "AGE": ages is None,
        "CITIZENSHIP": not is_known(fact["citizenship_code"]),
        "AREA": not is_known(fact["governorate_code"]),
        "FORM": not fact["exploitation_codes"],
        "ACT": not fact["act_codes"],
        "MEANS": not fact["means_codes"],
    }
    missing = [name for name, lacks in gaps.items() if lacks]
    if not missing:
        return "CORE_COMPLETE"
    return "CORE_LACKS_SEVERAL" if len(missing) > 1 else f"CORE_LACKS_{missing[0]}"


def _elements(fact: Fact) -> Fact:
    """Law 28/2012 Art. 1 asks for act, means and purpose; Palermo Art. 3(c) waives the means for a child."""
    acts, means = fact["act_codes"] - {"NONE"}, fact["means_codes"]
    purposes = [_FORMS[code] for code in fact["exploitation_codes"]]
    listed = any(row["is_law28_purpose"] == "true" for row in purposes)
    law_means = any(_MEANS[code]["is_law28_means"] == "true" for code in means)
    palermo_means = any(_MEANS[code]["is_palermo_means"] == "true" for code in means)
    palermo_purpose = any(row["is_palermo_purpose"] == "true" for row in purposes)
    palermo = bool(acts) and palermo_purpose and (palermo_means or fact["age"] == CHILD)
    gap = None
    if palermo and not (listed and law_means):
        gap = "GAP_NO_MEANS" if means and not law_means else "GAP_NOT_RECORDED" if listed else "GAP_PURPOSE_NOT_LISTED"
    return {"gap": gap}


def _course(fact: Fact) -> Fact:
    detected = fact["detected_by_code"]
    both = fact["contact_date"] and fact["identified_date"]
    days = (fact["identified_date"] - fact["contact_date"]).days if both else None
    foreign = fact["citizenship"] == "FOREIGN"
    return {
        "detection": f"DETECTED_{detected or 'U'}",
        "self_reported": None if detected is None else detected == "SELF",
        "days_to_identification": duration_band(days),
        "is_child": fact["age"] == CHILD,
        "is_foreign": foreign,
        "return_asked_year": _year(fact["return_asked_date"]),
        "repatriated_year": _year(fact["repatriated_date"]),
        "is_returned": fact["returned_date"] is not None,
    }


def mark_met_again(events: list[Fact]) -> None:
    """Tell of each event with a person and a day whether a later first contact followed within 730 days (PRT-29)."""
    days: dict[str, list[datetime.date]] = defaultdict(list)
    for event in events:
        if event["person"] and event["contact_date"]:
            days[event["person"]].append(event["contact_date"])
    for event in events:
        event["met_again"] = None
        if event["person"] and event["contact_date"]:
            gaps = [(day - event["contact_date"]).days for day in days[event["person"]]]
            event["met_again"] = any(1 <= gap <= 730 for gap in gaps)


def events_by_person(events: list[Fact]) -> dict[str, list[Fact]]:
    """Return person -> events with a day, in order; the day is that of first contact, else of the judge's decision."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for event in events:
        if event["person"]:
            found[event["person"]].append(event)
    for known in found.values():
        known.sort(key=lambda event: (began_on(event) or datetime.date.max, event["key"]))
    return found


def began_on(event: Fact) -> datetime.date | None:
    """Return the day on which an event began: first contact, else the decision."""
    return event["contact_date"] or event["identified_date"]


def event_before(events: list[Fact], day: datetime.date) -> Fact | None:
    """Return the last event that did not begin after `day`; where there is none, the first (docs/decisions/0030)."""
    before = [event for event in events if (start := began_on(event)) and start <= day]
    if not before:
        return next(iter(events), None)
    return next(event for event in before if began_on(event) == began_on(before[-1]))


def school_age(event: Fact) -> bool:
    """Six to seventeen years old at first contact, by an age in years that leaves no doubt."""
    ages = event["ages"]
    return ages is not None and ages.in_years and ages.youngest >= 6 and ages.oldest <= 17
