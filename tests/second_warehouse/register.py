"""The register of activities, the shelters of a year, and cells of tables that came as tables.

Belongs here: one activity of one sender, what its fields say, nights and places of a shelter, figures.
Does not belong here: how an indicator counts it.

Sources: docs/reference/indicators.md; ingestion/shapes/activities.yml, facilities.yml, counts.yml; docs/decisions/0032.
"""

from __future__ import annotations

from calendar import isleap
from collections import defaultdict
from collections.abc import Iterable

from tests.second_warehouse.landed_rows import Fact, Landed, answer, codes_of, first_known, place_of

_COUNTS = (
    "men_count",
    "women_count",
    "inspected_count",
    "violation_count",
    "contact_count",
    "referral_count",
    "target_count",
    "pre_test_mark",
    "post_test_mark",
    "sanctioned_count",
    "closed_count",
    "licensed_count",
    "found_child_count",
    "helped_child_count",
)
_TOLD = (
    "activity_type_code",
    "activity_date",
    "governorate_code",
    "organising_body_code",
    "audience_codes",
    "is_planned",
    "is_held",
    "due_date",
)
_COOPERATION = ("LEGAL_ASSISTANCE", "EXTRADITION", "INTERPOL_NOTICE", "JOINT_OPERATION")
_KINDS = ("TRAINING", "MEETING", "INSPECTION", "CAMPAIGN")


def activities(rows: list[Fact]) -> list[Fact]:
    """Return one fact an activity; a sender's own code makes it one, however often it is entered."""
    grouped: dict[str, list[Fact]] = defaultdict(list)
    for row in rows:
        grouped[f"{row['source']}|{row['activity_code']}"].append(row)
    facts = [_activity(key, records) for key, records in grouped.items()]
    _tell_licences_once(facts)
    return facts


def _activity(key: str, records: list[Fact]) -> Fact:
    fact: Fact = {field: first_known(records, field) for field in (*_COUNTS, *_TOLD)}
    day, kind = fact["activity_date"], fact["activity_type_code"]
    audiences = codes_of(fact["audience_codes"])
    one = next(iter(audiences), "U") if len(audiences) < 2 else "SEVERAL"
    fact |= place_of(fact["governorate_code"]) | {"key": key, "year": day.year, "source": records[0]["source"]}
    fact |= {"quarter": f"QUARTER_{(day.month + 2) // 3}", "audience": f"AUDIENCE_{one}"}
    fact |= {"kind": f"ACTIVITY_{kind if kind in _KINDS else 'OTHER'}", "participants": _participants(fact)}
    fact |= {"is_planned": answer(fact["is_planned"]), "is_held": answer(fact["is_held"]) is not False}
    fact |= {"cooperation": f"COOPERATION_{kind}" if kind in _COOPERATION else None, "gain": _gain(fact)}
    fact |= {"outcome": f"INSPECTION_{_outcome(fact)}", "punctuality": f"REPORT_{_punctuality(fact)}"}
    return fact | {"helped_children": _helped(fact)}


def _participants(fact: Fact) -> int | None:
    counted = [fact[field] for field in ("men_count", "women_count") if fact[field] is not None]
    return sum(counted) if counted else None


def _gain(fact: Fact) -> str | None:
    before, after = fact["pre_test_mark"], fact["post_test_mark"]
    if before is None or after is None:
        return None
    points = after - before
    bands = ((0, "GAIN_NONE"), (9, "GAIN_1_9"), (19, "GAIN_10_19"), (29, "GAIN_20_29"))
    return next((band for last, band in bands if points <= last), "GAIN_GE_30")


def _outcome(fact: Fact) -> str:
    if fact["referral_count"]:
        return "REFERRAL"
    if fact["violation_count"]:
        return "VIOLATION"
    return "U" if fact["violation_count"] is None else "CLEAN"


def _punctuality(fact: Fact) -> str:
    if fact["due_date"] is None:
        return "DUE_U"
    late = (fact["activity_date"] - fact["due_date"]).days
    bands = ((0, "ON_TIME"), (30, "LATE_1_30"), (90, "LATE_31_90"))
    return next((band for last, band in bands if late <= last), "LATE_GE_91")


def _helped(fact: Fact) -> int | None:
    found, helped = fact["found_child_count"], fact["helped_child_count"]
    return None if found is None or helped is None else min(found, helped)


def _tell_licences_once(facts: Iterable[Fact]) -> None:
    """Licensed agencies are a stock: of one governorate and year the last that was told counts (PRV-06)."""
    last: dict[tuple[str, int], Fact] = {}
    for fact in sorted(facts, key=lambda fact: (fact["activity_date"], fact["key"])):
        fact["licences"] = None
        if fact["licensed_count"] is not None and fact["activity_type_code"] == "AGENCY_INSPECTION" and fact["is_held"]:
            last[fact["governorate"], fact["year"]] = fact
    for fact in last.values():
        fact["licences"] = fact["licensed_count"]


def shelters(rows: list[Fact]) -> list[Fact]:
    """Return one fact a shelter and year."""
    grouped: dict[tuple[str, str, int], list[Fact]] = defaultdict(list)
    for row in rows:
        grouped[row["source"], row["facility_code"], row["reference_year"]].append(row)
    return [_shelter(year, records) for (_, _, year), records in grouped.items()]


def _shelter(year: int, records: list[Fact]) -> Fact:
    fields = ("facility_type_code", "governorate_code", "capacity_count", "resident_night_count", "open_night_count")
    fact: Fact = {field: first_known(records, field) for field in fields}
    nights, beds, opened = fact["resident_night_count"], fact["capacity_count"], fact["open_night_count"]
    opened = 365 + isleap(year) if opened is None else opened
    return place_of(fact["governorate_code"]) | {
        "year": year,
        "type": fact["facility_type_code"],
        "nights": None if nights is None else (nights + 500) // 1000 * 1000,
        "place_nights": None if beds is None else beds * opened,
    }


def figures(landed: Landed) -> list[Fact]:
    """Return one fact a cell; its region is that of the governorate, else of the body that owes the table."""
    regions = {call["source"]: call["region_code"] for call in landed.calendar}
    found: list[Fact] = []
    for row in landed.rows["counts"]:
        region = place_of(row["governorate_code"])["region"] if row["governorate_code"] else regions.get(row["source"])
        found.append(row | {"region": region, "year": row["reference_year"]})
    return found
