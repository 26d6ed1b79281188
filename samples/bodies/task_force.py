"""What the secretariat of the task force keeps and sends: its register of activities.

Belongs here: the trainings, meetings, inspections, campaigns and hotline months of each year, unknown to every other
part of the country. Does not belong here: how they are typed (`spelling.py`, `layouts.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from samples.bodies.sight import TASK_FORCE, LetterDelivery, Row, file_rows
from samples.life import profile
from samples.life.chance import RandomStream
from samples.life.country import Country

STAYED_FROM = 2025  # first year whose register counts who stayed to the end of a training; before, who came
_LEFT_EARLY = 6  # one in six leaves before the last day
_HEADS = ("men_count", "women_count")
_LATE_LETTERS = {2018: date(2019, 2, 20)}
_TRAINERS = {"UN": 0.35, "CENTRAL_COMMITTEE": 0.2, "INTERIOR": 0.2, "JUDICIARY": 0.1, "NGO": 0.15}
_TRAINED = {
    "JUDGES": 0.2, "POLICE": 0.3, "BORDER_STAFF": 0.1, "SHELTER_STAFF": 0.15, "INSPECTORS": 0.15, "HEALTH_STAFF": 0.1,
}  # fmt: skip
_ADDRESSED = {"PUBLIC": 0.4, "STUDENTS": 0.35, "TEACHERS": 0.15, "EMPLOYERS": 0.1}
_BLANK = {
    "governorate_code": None, "organising_body_code": None, "audience_codes": None, "day_count": None,
    "men_count": None, "women_count": None, "inspected_count": None, "violation_count": None, "contact_count": None,
    "referral_count": None, "is_planned": None, "is_held": None, "target_count": None,
}  # fmt: skip


def deliveries(country: Country) -> list[LetterDelivery]:
    """Return the register of each year."""
    return [_file(country, year) for year in range(country.first_year, country.last_year + 1)]


def _file(country: Country, year: int) -> LetterDelivery:
    name = f"task_force_{year}.xlsx"
    letter = _LATE_LETTERS.get(year, date(year + 1, 1, 12 + year % 9))
    rows = _activities(RandomStream(country.seed, f"activities of {year}"), year)
    plan = RandomStream(country.seed, f"plan of {year}")
    entered = [_count_at_the_end(_add_plan(plan, row), year) for row in rows]
    known = file_rows(country, name, "activities", entered)
    rows = (*known, *_planned_but_not_held(plan, year, len(rows)))
    return LetterDelivery(TASK_FORCE, year, "first", letter, name, {"activities": rows})


def _activities(chance: RandomStream, year: int) -> list[Row]:
    """Return the activities of a year in the order of entry, each with its own code."""
    kinds: dict[Callable[[RandomStream], Row], int] = {
        _training: 12 + 2 * (year % 5), _meeting: 8, _inspection: 10, _campaign: 6,
    }  # fmt: skip
    rows = [
        {"activity_date": chance.day_of(year), **make(chance)} for make, count in kinds.items() for _ in range(count)
    ]
    rows += [{"activity_date": date(year, month, 1), **_hotline(chance)} for month in range(1, 13)]
    rows += _extra_inspections(year)
    return [
        {**_BLANK, **row, "activity_code": f"TF{year % 100:02}-{number:03}"} for number, row in enumerate(rows, start=1)
    ]


def _extra_inspections(year: int) -> list[Row]:
    """Return the extra inspections of the governorate that inspects more, in the years in which it does."""
    chance = RandomStream(0, f"inspections of {profile.LOOKING_AREA} in {year}")
    count = profile.LOOKING_INSPECTIONS if year >= profile.LOOKING_FROM else 0
    return [
        {"activity_date": chance.day_of(year), **_inspection(chance), "governorate_code": profile.LOOKING_AREA}
        for _ in range(count)
    ]


def _add_plan(chance: RandomStream, row: Row) -> Row:
    """Return an activity with whether it was in the year's plan, and a training with its expected attendance."""
    if row["activity_type_code"] == "HOTLINE":
        return row
    counts = [row[name] for name in _HEADS if isinstance(row[name], int)]
    target = {"target_count": sum(counts) + chance.between(0, 6)} if row["activity_type_code"] == "TRAINING" else {}
    return {**row, "is_planned": "Y" if chance.flip(0.8) else "N", "is_held": "Y", **target}


def _count_at_the_end(row: Row, year: int) -> Row:
    """Return a training as the register counts it: from a year on without those who left before its last day."""
    if row["activity_type_code"] != "TRAINING" or row["day_count"] == 1 or year < STAYED_FROM:
        return row
    stayed = {name: row[name] - row[name] // _LEFT_EARLY for name in _HEADS if isinstance(row[name], int)}
    return {**row, **stayed}


def _planned_but_not_held(chance: RandomStream, year: int, entered: int) -> list[Row]:
    """Return what was planned but not held, entered last: two trainings, a meeting, a campaign."""
    trainings = [{"activity_type_code": "TRAINING", "target_count": chance.between(20, 30)} for _ in range(2)]
    meeting = {"activity_type_code": "MEETING", "organising_body_code": "CENTRAL_COMMITTEE"}
    return [
        {
            **_BLANK,
            "is_planned": "Y",
            "is_held": "N",
            "activity_date": chance.day_of(year),
            **row,
            "activity_code": f"TF{year % 100:02}-{number:03}",
        }
        for number, row in enumerate([*trainings, meeting, {"activity_type_code": "CAMPAIGN"}], start=entered + 1)
    ]


def _training(chance: RandomStream) -> Row:
    return {
        "activity_type_code": "TRAINING",
        "governorate_code": chance.pick(profile.FEDERAL_AREAS),
        "organising_body_code": chance.pick(_TRAINERS),
        "audience_codes": ";".join(sorted({chance.pick(_TRAINED), chance.pick(_TRAINED)})),
        "day_count": chance.between(1, 5),
        **_participants(chance, chance.between(14, 40), 0.3),
    }


def _meeting(chance: RandomStream) -> Row:
    is_central = chance.flip(0.5)
    return {
        "activity_type_code": "MEETING",
        "governorate_code": "IQG08" if is_central else chance.pick(profile.FEDERAL_AREAS),
        "organising_body_code": "CENTRAL_COMMITTEE" if is_central else "SUB_COMMITTEE",
        "audience_codes": "COMMITTEE_MEMBERS",
        "day_count": 1,
        **_participants(chance, chance.between(9, 18), 0.2),
    }


def _inspection(chance: RandomStream) -> Row:
    inspected = chance.between(4, 30)
    return {
        "activity_type_code": "INSPECTION",
        "governorate_code": chance.pick(profile.FEDERAL_AREAS),
        "organising_body_code": "LABOUR" if chance.flip(0.8) else "INTERIOR",
        "audience_codes": "EMPLOYERS",
        "day_count": chance.between(1, 3),
        "inspected_count": inspected,
        "violation_count": chance.between(0, inspected // 3) or "none",
        "referral_count": chance.between(0, 2) or "none",
    }


def _campaign(chance: RandomStream) -> Row:
    # participants are seldom counted at a campaign: a blank is not a zero
    counted = _participants(chance, chance.between(60, 400), 0.5) if chance.flip(0.6) else {}
    return {
        "activity_type_code": "CAMPAIGN",
        "governorate_code": chance.pick(profile.FEDERAL_AREAS),
        "organising_body_code": chance.pick({"NGO": 0.5, "EDUCATION": 0.3, "HEALTH": 0.2}),
        "audience_codes": chance.pick(_ADDRESSED),
        "day_count": chance.between(1, 10),
        **counted,
    }


def _hotline(chance: RandomStream) -> Row:
    return {
        "activity_type_code": "HOTLINE",
        "organising_body_code": "INTERIOR",
        "audience_codes": "PUBLIC",
        "contact_count": chance.pick({"": 0.95, "not_received": 0.05}) or chance.between(30, 160),
        "referral_count": chance.between(0, 6) or "none",
    }


def _participants(chance: RandomStream, count: int, women_share: float) -> Row:
    women = sum(chance.flip(women_share) for _ in range(count))
    return {"men_count": count - women or "none", "women_count": women or "none"}
