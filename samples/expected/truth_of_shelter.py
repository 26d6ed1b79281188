"""The expected base cells of the indicators of shelter and of assistance under Law 28 Article 11 (PRT-09 to PRT-26).

Belongs here: their base cells, counted a second time in plain Python from the rows that each agency could have seen.
Does not belong here: how a value is read from records (`reading.py`), or which files count and the missing cells
(`truth.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from samples.bodies.sight import LABOUR, Row
from samples.expected.measures import BY, Answered, CountedMeasure, Place, SentRows, answered_years
from samples.expected.reading import (
    FEDERAL,
    age,
    ages_on,
    area,
    citizenship,
    duration_band,
    first_day,
    first_known,
    region,
    sex,
)

_GOVERNORATES = 15  # outside the Kurdistan Region
_FEWEST_SHELTERS = 3  # of fewer the nights offered are the beds of each
# indicator -> the question that the shelters answer about a victim
_HELP = {
    "PRT-17": "has_medical_exam",
    "PRT-18": "has_interpretation",
    "PRT-19": "has_legal_advice",
    "PRT-20": "has_family_contact",
    "PRT-21": "has_psychosocial_support",
    "PRT-22": "has_grant",
    "PRT-23": "has_education",
    "PRT-24": "has_residence_measure",
    "PRT-25": "is_enrolled_in_school",
    "PRT-26": "has_best_interests_determination",
}


def count_measures(seen: SentRows) -> list[CountedMeasure]:
    """Return the measures of PRT-09 to PRT-26, all by region and from the labour ministry's reports."""
    return [*_seeker_measures(seen), *_shelter_measures(seen), *_help_measures(seen)]


def _measure(
    indicator: str,
    measure: str,
    dimensions: tuple[str, ...],
    breakdown: str,
    places: Sequence[Place],
    answered: Answered | None = None,
    amounts: Sequence[int] = (),
) -> CountedMeasure:
    """Return a measure of what the labour ministry reports."""
    return CountedMeasure((indicator, measure), dimensions, breakdown, (LABOUR,), places, answered, amounts)


# Persons who asked for shelter, each once per year


@dataclass(frozen=True)
class _Seeker:
    place: Place
    sex: str
    citizenship: str
    child_age: str | None
    is_admitted: bool
    refusal: str | None
    condition: str | None
    nights: int | None
    left_by_court: bool


def _seekers(seen: SentRows) -> Iterator[_Seeker]:
    for of_person in seen.facts("person_number", "shelter_register"):
        for year in sorted({row["request_date"].year for row in of_person}):
            yield _seeker([row for row in of_person if row["request_date"].year == year], year)


def _seeker(requests: Sequence[Row], year: int) -> _Seeker:
    by_day = sorted(requests, key=lambda row: row["request_date"])
    admitted = [row for row in by_day if row["outcome_code"] == "ADMITTED"]
    refused = [row for row in by_day if row["outcome_code"] == "REFUSED"]
    left = [row for row in admitted if row["entry_date"] and row["exit_date"] and row["exit_date"] >= row["entry_date"]]
    return _Seeker(
        place={"ref_area": region(by_day[:1]), "time_period": year},
        sex=sex(requests),
        citizenship=citizenship(requests),
        child_age=_child_age(requests, by_day[0]["request_date"]),
        is_admitted=bool(admitted),
        refusal=f"REFUSAL_{first_known(refused[:1], 'refusal_reason_code') or 'U'}" if refused else None,
        condition="CONDITION_JUDGE_ORDER" if first_known(admitted, "judge_decision_date") else None,
        nights=(left[0]["exit_date"] - left[0]["entry_date"]).days if left else None,
        left_by_court=bool(left) and left[0]["exit_reason_code"] == "COURT_ORDER",  # the first stay that ended
    )


def _child_age(requests: Sequence[Row], day: date) -> str | None:
    if age(requests, day) != "Y0T17":
        return None
    youngest, oldest = ages_on(requests, day) or (0, 17)
    bands = {
        "CHILD_0_5" if years <= 5 else "CHILD_6_11" if years <= 11 else "CHILD_12_17" for years in (youngest, oldest)
    }
    return bands.pop() if len(bands) == 1 else "CHILD_U"


def _seeker_measures(seen: SentRows) -> list[CountedMeasure]:
    seekers = list(_seekers(seen))
    males = [seeker for seeker in seekers if seeker.sex == "M"]
    children = [seeker for seeker in seekers if seeker.child_age]
    refused, conditional = (
        [seeker for seeker in seekers if getattr(seeker, name)] for name in ("refusal", "condition")
    )
    left = [seeker for seeker in seekers if seeker.nights is not None]
    told_conditions, told_exits = (
        answered_years(seeker.place for seeker in conditional),
        answered_years(seeker.place for seeker in left),
    )
    of_males = [(seeker, {"citizenship": seeker.citizenship}) for seeker in males]
    of_children = [(seeker, {BY[0]: seeker.child_age}) for seeker in children]
    reasons = [seeker.place | {BY[0]: seeker.refusal} for seeker in refused]
    conditions = [seeker.place | {BY[0]: seeker.condition} for seeker in conditional]
    by_court = [seeker.place for seeker in left if seeker.left_by_court]
    stays = [seeker.place | {BY[0]: duration_band(seeker.nights or 0)} for seeker in left]
    return [
        *_admission_measures("PRT-09", ("citizenship",), "", of_males),
        *_admission_measures("PRT-10", BY, "child_age", of_children),
        _measure("PRT-11", "NUMERATOR", BY, "refusal_reason", reasons),
        _measure("PRT-12", "NUMERATOR", BY, "admission_condition", conditions, told_conditions),
        _measure("PRT-13", "DENOMINATOR", (), "", [seeker.place for seeker in left], told_exits),
        _measure("PRT-13", "NUMERATOR", (), "", by_court, told_exits),
        _measure("PRT-16", "COUNT", BY, "duration", stays, told_exits),
    ]


def _admission_measures(
    indicator: str, dimensions: tuple[str, ...], breakdown: str, seekers: Sequence[tuple[_Seeker, Place]]
) -> list[CountedMeasure]:
    asked = [seeker.place | more for seeker, more in seekers]
    admitted = [seeker.place | more for seeker, more in seekers if seeker.is_admitted]
    return [
        _measure(indicator, "DENOMINATOR", dimensions, breakdown, asked),
        _measure(indicator, "NUMERATOR", dimensions, breakdown, admitted),
    ]


# Shelters


def _shelter_measures(seen: SentRows) -> list[CountedMeasure]:
    taken_in = ("TAKES_WOMEN", "TAKES_MEN", "TAKES_CHILDREN")
    groups_taken_in: set[tuple[str, int, str, str]] = set()
    answered: set[tuple[str, int]] = set()
    for row in seen.rows("facilities"):
        place = (region([row]), row["reference_year"])
        answered.add(place)
        for group in taken_in:
            if row["facility_type_code"] in ("SHELTER_MIXED", group.replace("TAKES_", "SHELTER_")):
                groups_taken_in.add((*place, area([row]), group))
    served = [
        {"ref_area": where, "time_period": year, BY[0]: group} for where, year, _, group in sorted(groups_taken_in)
    ]
    all_of_them = [
        {"ref_area": FEDERAL, "time_period": year, BY[0]: group}
        for where, year in sorted(answered)
        for group in taken_in
        for _ in range(_GOVERNORATES)
        if where == FEDERAL
    ]
    return [
        *_occupancy(seen),
        _measure("PRT-15", "DENOMINATOR", BY, "taken_in", all_of_them, frozenset(answered)),
        _measure("PRT-15", "NUMERATOR", BY, "taken_in", served, frozenset(answered)),
    ]


def _occupancy(seen: SentRows) -> list[CountedMeasure]:
    """Return nights of residents, to the thousand for each shelter, and nights of beds; of one or two none is told."""
    rows = [row for row in seen.rows("facilities") if isinstance(row["resident_night_count"], int)]
    places = [{"ref_area": region([row]), "time_period": row["reference_year"]} for row in rows]
    spent = [(row["resident_night_count"] + 500) // 1000 * 1000 for row in rows]
    beds = [row["capacity_count"] * date(row["reference_year"], 12, 31).timetuple().tm_yday for row in rows]
    answered = answered_years(places)
    shelters = Counter((place["ref_area"], place["time_period"]) for place in places)
    withheld = frozenset(place for place, number in shelters.items() if number < _FEWEST_SHELTERS)
    return [
        replace(_measure("PRT-14", name, (), "", places, answered, amounts), withheld=withheld)
        for name, amounts in (("DENOMINATOR", beds), ("NUMERATOR", spent))
    ]


# Help to identified victims


@dataclass(frozen=True)
class _ShelterEvent:
    start: date
    records: Sequence[Row]
    help_rows: list[Row]

    @property
    def identified(self) -> date | None:
        return first_known(self.records, "identified_date")

    def answer(self, question: str) -> bool | None:
        """Return yes if any row says yes, no if any says no, else None."""
        answers = {row.get(question) for row in self.help_rows} & {"Y", "N"}
        return "Y" in answers if answers else None


def _events(seen: SentRows) -> list[_ShelterEvent]:
    """Return the identified victim-events, each with the requests for shelter that belong to it.

    A request belongs to the last event that began before it; if none did, to the person's first one.
    """
    events: list[_ShelterEvent] = []
    of_person: dict[str | None, list[_ShelterEvent]] = defaultdict(list)
    for records in seen.victim_events():
        event = _ShelterEvent(first_day(records), records, [])
        events.append(event)
        of_person[records[0]["person_token"]].append(event)
    for row in seen.rows("shelter_register"):
        known = of_person[row["person_token"]] if row["person_token"] else []
        if known:
            _nearest_event(known, row["request_date"]).help_rows.append(row)
    return [event for event in events if event.identified]


def _nearest_event(events: Sequence[_ShelterEvent], day: date) -> _ShelterEvent:
    before = [event for event in events if event.start <= day]
    return max(before, key=lambda event: event.start) if before else min(events, key=lambda event: event.start)


def _help_measures(seen: SentRows) -> list[CountedMeasure]:
    events = _events(seen)
    made: list[CountedMeasure] = []
    for indicator, question in _HELP.items():
        dimensions = ("sex",) if indicator in ("PRT-25", "PRT-26") else ("sex", "age")
        asked = [event for event in events if _is_meant(indicator, event)]
        answered = answered_years(_event_place(event, ()) for event in asked if event.answer(question) is not None)
        whole = [_event_place(event, dimensions) for event in asked]
        part = [_event_place(event, dimensions) for event in asked if event.answer(question)]
        if indicator in ("PRT-18", "PRT-25"):
            answered_places = [place for place in whole if (place["ref_area"], place["time_period"]) in answered]
            made.append(_measure(indicator, "DENOMINATOR", dimensions, "", answered_places, answered))
        made.append(_measure(indicator, "NUMERATOR", dimensions, "", part, answered))
    return made


def _is_meant(indicator: str, event: _ShelterEvent) -> bool:
    youngest, oldest = ages_on(event.records, event.start) or (0, 150)
    meant = {
        "PRT-18": citizenship(event.records) == "FOREIGN",
        "PRT-24": citizenship(event.records) == "FOREIGN",
        "PRT-25": youngest >= 6 and oldest <= 17,
        "PRT-26": age(event.records, event.start) == "Y0T17",
    }
    return meant.get(indicator, True)


def _event_place(event: _ShelterEvent, dimensions: Sequence[str]) -> Place:
    place: Place = {"ref_area": region(event.records), "time_period": event.identified.year if event.identified else 0}
    codes = {"sex": sex(event.records), "age": age(event.records, event.start)}
    return place | {name: codes[name] for name in dimensions}
