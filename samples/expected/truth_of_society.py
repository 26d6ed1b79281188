"""The expected base cells of the prevention and partnership indicators (PRV-01 to PRV-11, PAR-01 to PAR-09 but PAR-07).

Belongs here: their base cells, counted a second time in plain Python from the rows that each agency could have seen.
Does not belong here: how a value is read from records (`reading.py`), or which files count and the missing cells
(`truth.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import product
from typing import Any

from samples.bodies.sight import INTERIOR, JUDICIAL, KURDISTAN, TASK_FORCE, Row
from samples.expected.measures import BY, Answered, CountedMeasure, Place, SentRows, answered_years, unsent_measures
from samples.expected.reading import (
    FEDERAL,
    FEDERAL_UNKNOWN,
    UNKNOWN,
    age,
    area,
    citizenship,
    first_day,
    first_known,
    form,
    region,
    sex,
)

_GOVERNORATES = 15  # outside the Kurdistan Region
_AUTHORITIES = (INTERIOR, JUDICIAL, KURDISTAN)
_KINDS = ("ACTIVITY_TRAINING", "ACTIVITY_MEETING", "ACTIVITY_INSPECTION", "ACTIVITY_CAMPAIGN")
_COMMITTEE, _SUB_COMMITTEE = "CENTRAL_COMMITTEE", "SUB_COMMITTEE"
_REFERRED = {
    "INVESTIGATIVE_COURT": "REFERRED_JUSTICE", "FELONY_COURT": "REFERRED_JUSTICE", "POLICE": "REFERRED_JUSTICE",
    "SHELTER": "REFERRED_SHELTER", "HOSPITAL": "REFERRED_HOSPITAL", "NGO": "REFERRED_NGO",
    "EMBASSY": "REFERRED_EMBASSY",
}  # fmt: skip
_UNSENT = (
    ("PRV-04", ("COUNT",), BY, "gain", (TASK_FORCE,)),
    ("PRV-06", ("DENOMINATOR", "NUMERATOR"), BY, "agency_step", (TASK_FORCE,)),
    ("PRV-07", ("DENOMINATOR", "NUMERATOR"), (), "", (TASK_FORCE,)),
    ("PRV-08", ("NUMERATOR",), BY, "driver", _AUTHORITIES),
    ("PRV-09", ("NUMERATOR",), (), "", _AUTHORITIES),
    ("PRV-10", ("DENOMINATOR", "NUMERATOR"), (), "", (TASK_FORCE,)),
    ("PRV-11", ("DENOMINATOR", "NUMERATOR"), (), "", (TASK_FORCE,)),
    ("PAR-04", ("COUNT",), BY, "punctuality", (TASK_FORCE,)),
    ("PAR-06", ("COUNT",), BY, "cooperation", (TASK_FORCE,)),
)


def count_measures(seen: SentRows) -> list[CountedMeasure]:
    """Return the measures, all recorded by region."""
    return [*_activity_measures(seen), *_committee_measures(seen), *_victim_measures(seen), *unsent_measures(_UNSENT)]


# The register of activities: each entry once, however often it was repeated


def _register(seen: SentRows) -> list[Row]:
    return list({row["activity_code"]: row for row in reversed(list(seen.rows("activities")))}.values())


def _row_place(row: Row) -> Place:
    return {"ref_area": region([row]), "time_period": row["activity_date"].year}


def _number(value: object) -> int | None:
    """Return a count as a reader understands it: `none` is zero; blanks and "not received" are no count."""
    return value if isinstance(value, int) else 0 if value == "none" else None


def _count_heads(row: Row) -> int | None:
    counts = [count for count in map(_number, (row["men_count"], row["women_count"])) if count is not None]
    return sum(counts) if counts else None


def _repeat_places(rows: Iterable[Row], amount: Callable[[Row], int | None], breakdown: str = "") -> list[Place]:
    """Return the place of each row as often as its amount: the amount is what is counted."""
    return [
        _row_place(row) | ({BY[0]: _audience(row)} if breakdown else {})
        for row in rows
        for _ in range(amount(row) or 0)
    ]


def _answered_years(rows: Iterable[Row], amount: Callable[[Row], object]) -> Answered:
    return answered_years(_row_place(row) for row in rows if amount(row) is not None)


def _audience(row: Row) -> str:
    codes = str(row["audience_codes"] or "U")
    return "AUDIENCE_SEVERAL" if ";" in codes else f"AUDIENCE_{codes}"


def _activity_measures(seen: SentRows) -> Iterator[CountedMeasure]:
    register = _register(seen)
    held = [row for row in register if row["is_held"] != "N"]
    kinds = {kind: [row for row in held if row["activity_type_code"] == kind] for kind in ("HOTLINE", "CAMPAIGN")}
    hotline = [row for row in kinds["HOTLINE"] if _number(row["contact_count"]) is not None]
    answered = _answered_years(hotline, _contacts)
    by = (TASK_FORCE,)
    yield CountedMeasure(("PRV-01", "DENOMINATOR"), (), "", by, _repeat_places(hotline, _contacts), answered)
    yield CountedMeasure(("PRV-01", "NUMERATOR"), (), "", by, _repeat_places(hotline, _referrals), answered)
    campaigns = kinds["CAMPAIGN"]
    reached = _repeat_places(campaigns, _count_heads, "audience")
    yield CountedMeasure(("PRV-02", "COUNT"), BY, "audience", by, reached, _answered_years(campaigns, _count_heads))
    courses = [row for row in register if row["activity_type_code"] == "TRAINING"]
    trained = [row for row in courses if row["is_held"] != "N"]
    aimed_at, trainees = _repeat_places(courses, _target, "audience"), _repeat_places(trained, _count_heads, "audience")
    yield CountedMeasure(("PRV-03", "DENOMINATOR"), BY, "audience", by, aimed_at, _answered_years(courses, _target))
    yield CountedMeasure(("PRV-03", "NUMERATOR"), BY, "audience", by, trainees, _answered_years(trained, _count_heads))
    inspections = [
        _row_place(row) | {BY[0]: _outcome(row)} for row in held if row["activity_type_code"] == "INSPECTION"
    ]
    yield CountedMeasure(("PRV-05", "COUNT"), BY, "inspection_outcome", by, inspections)


def _contacts(row: Row) -> int | None:
    return _number(row["contact_count"])


def _referrals(row: Row) -> int | None:
    return _number(row["referral_count"])


def _target(row: Row) -> int | None:
    return _number(row["target_count"])


def _outcome(row: Row) -> str:
    violations = _number(row["violation_count"])
    if _referrals(row):
        return "INSPECTION_REFERRAL"
    return "INSPECTION_U" if violations is None else "INSPECTION_VIOLATION" if violations else "INSPECTION_CLEAN"


def _committee_measures(seen: SentRows) -> Iterator[CountedMeasure]:
    register, by = _register(seen), (TASK_FORCE,)
    planned = [row for row in register if row["is_planned"] == "Y"]
    done = [row for row in planned if row["is_held"] != "N"]
    answered = _answered_years(register, _plan)
    central = [row for row in register if _is_meeting_of(row, _COMMITTEE)]
    met = [_row_place(row) for row in central if row["is_held"] != "N"]
    foreseen = [_row_place(row) for row in central if row["is_planned"] == "Y"]
    yield CountedMeasure(("PAR-01", "DENOMINATOR"), (), "", by, foreseen, _answered_years(central, _plan))
    yield CountedMeasure(("PAR-01", "NUMERATOR"), (), "", by, met)
    yield from _sub_committee_measures(register, seen)
    for measure, rows in (("DENOMINATOR", planned), ("NUMERATOR", done)):
        places = [_row_place(row) | {BY[0]: _activity_kind(row)} for row in rows]
        yield CountedMeasure(("PAR-03", measure), BY, "activity_kind", by, places, answered)


def _plan(row: Row) -> object:
    return row["is_planned"]


def _activity_kind(row: Row) -> str:
    kind = f"ACTIVITY_{row['activity_type_code']}"
    return kind if kind in _KINDS else "ACTIVITY_OTHER"


def _is_meeting_of(row: Row, body: str) -> bool:
    return row["activity_type_code"] == "MEETING" and row["organising_body_code"] == body


def _sub_committee_measures(register: Sequence[Row], seen: SentRows) -> Iterator[CountedMeasure]:
    years = sorted({row["activity_date"].year for row in register})
    active = {
        (row["activity_date"].year, (row["activity_date"].month + 2) // 3, row["governorate_code"])
        for row in register
        if _is_meeting_of(row, _SUB_COMMITTEE) and row["is_held"] != "N" and area([row]) != FEDERAL_UNKNOWN
    }
    slots = [(year, quarter) for year, quarter in product(years, range(1, 5)) for _ in range(_GOVERNORATES)]
    for measure, quarters in (("DENOMINATOR", slots), ("NUMERATOR", [(year, quarter) for year, quarter, _ in active])):
        places = [{"ref_area": FEDERAL, "time_period": year, BY[0]: f"QUARTER_{quarter}"} for year, quarter in quarters]
        yield CountedMeasure(("PAR-02", measure), BY, "quarter", (TASK_FORCE,), places)


# Victim-events


def _victim_measures(seen: SentRows) -> list[CountedMeasure]:
    referred: list[Place] = []
    complete: list[Place] = []
    matched: list[Place] = []
    with_token: set[tuple[str, int]] = set()
    for records in seen.victim_events():
        start = first_day(records)
        year = start.year
        place: dict[str, Any] = {"ref_area": region(records), "time_period": year}
        complete.append(place | {BY[0]: _gap(records, start)})
        group = _REFERRED.get(first_known(records, "referred_to_code"))
        referred += [place | {BY[0]: group}] if group else []
        if records[0]["person_token"]:
            with_token.add((place["ref_area"], year))
        # a judge's record, one of the federal police, and one of the region's, which names no case
        if len({("identified_date" in row, "case_token" in row) for row in records}) > 1:
            matched.append(place)
    answered = answered_years(referred)
    return [
        CountedMeasure(("PAR-05", "NUMERATOR"), BY, "referral", _AUTHORITIES, referred, answered),
        CountedMeasure(("PAR-08", "NUMERATOR"), BY, "core_gap", _AUTHORITIES, complete),
        CountedMeasure(("PAR-09", "NUMERATOR"), (), "", _AUTHORITIES, matched, frozenset(with_token)),
    ]


def _gap(records: Sequence[Row], day: date) -> str:
    lacks = {
        "SEX": sex(records) == UNKNOWN,
        "AGE": age(records, day) == UNKNOWN,
        "CITIZENSHIP": citizenship(records) == UNKNOWN,
        "AREA": area(records) == FEDERAL_UNKNOWN,
        "FORM": form(records) == UNKNOWN,
        "ACT": not first_known(records, "act_codes"),
        "MEANS": not first_known(records, "means_codes"),
    }
    missing = [name for name, is_missing in lacks.items() if is_missing]
    if len(missing) > 1:
        return "CORE_LACKS_SEVERAL"
    return f"CORE_LACKS_{missing[0]}" if missing else "CORE_COMPLETE"
