"""The expected cells of detection, identification and non-punishment indicators (PRT-05 to 07, 27 to 30, NCR-02 to 11).

Belongs here: their base cells, counted a second time in plain Python from the rows that each agency could have seen.
Does not belong here: how a value is read from records (`reading.py`), or which files count and the missing cells
(`truth.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from samples.bodies.sight import INTERIOR, IOM, JUDICIAL, LABOUR, RESIDENCE, TASK_FORCE, Row
from samples.expected.measures import BY, CountedMeasure, Place, SentRows, answered_years, unsent_measures
from samples.expected.reading import FEDERAL, age, citizenship, duration_band, first_day, first_known, form, region, sex

_PERSON = ("sex", "age")
_AGAIN_WITHIN_DAYS = 730
_PENALTIES = {"FINE", "DETENTION", "EXPULSION", "REMOVAL"}
_UNSENT = (
    ("PRT-27", ("DENOMINATOR", "NUMERATOR"), ("sex",), "", (IOM,)),
    ("PRT-28", ("COUNT",), _PERSON, "", (IOM,)),
    ("PRT-30", ("DENOMINATOR", "NUMERATOR", "COUNT"), _PERSON, "", (JUDICIAL,)),
    ("NCR-06", ("NUMERATOR",), ("sex",), "", (RESIDENCE,)),
    ("NCR-07", ("COUNT",), BY, "duration", (RESIDENCE,)),
    ("NCR-08", ("NUMERATOR",), ("sex",), "", (JUDICIAL,)),
    ("NCR-09", ("DENOMINATOR", "NUMERATOR"), (), "", (LABOUR,)),
    ("NCR-10", ("DENOMINATOR", "NUMERATOR"), ("sex",), "", (JUDICIAL,)),
)


@dataclass
class _VictimEvent:
    """One victim-event, and whether a measure was taken against the same person afterwards."""

    records: Sequence[Row]
    is_penalised: bool = False

    @property
    def token(self) -> str | None:
        return self.records[0]["person_token"]

    @property
    def contact(self) -> date | None:
        return first_known(self.records, "contact_date")

    @property
    def identified(self) -> date | None:
        return first_known(self.records, "identified_date")

    @property
    def start(self) -> date:
        return first_day(self.records)

    def place_by(self, *dimensions: str) -> Place:
        """Return region, year of first contact and the requested dimensions."""
        codes: Place = {"sex": sex(self.records), "age": age(self.records, self.start)}
        place: Place = {"ref_area": region(self.records), "time_period": self.start.year}
        return place | {name: codes[name] for name in dimensions}

    def is_charged_under(self, law: str) -> bool:
        """Return whether an agency recorded a charge under that law."""
        return law in (first_known(self.records, "charge_law_codes") or "").split(";")


def count_measures(seen: SentRows) -> list[CountedMeasure]:
    """Return the measures, all recorded by region."""
    events = [_VictimEvent(records) for records in seen.victim_events()]
    _join_measures(seen, events)
    return [
        _days_to_identification(events),
        *_channels(events),
        _repeat_measure(events),
        *_charges(events),
        *_penalties(events),
        *_screenings(seen),
        CountedMeasure(("NCR-11", "COUNT"), (), "", (TASK_FORCE,), []),
        *unsent_measures(_UNSENT),
    ]


def _days_to_identification(events: Iterable[_VictimEvent]) -> CountedMeasure:
    places: list[Place] = []
    for event in events:
        if event.contact and event.identified:
            band = duration_band((event.identified - event.contact).days)
            places.append(event.place_by() | {"time_period": event.identified.year, "cust_breakdown": band})
    return CountedMeasure(("PRT-05", "COUNT"), BY, "duration", (JUDICIAL,), places, answered_years(places))


def _channels(events: Sequence[_VictimEvent]) -> Iterator[CountedMeasure]:
    channels = [(event, first_known(event.records, "detected_by_code")) for event in events]
    answered = answered_years(event.place_by() for event, channel in channels if channel)
    by_channel = [event.place_by() | {"cust_breakdown": f"DETECTED_{channel or 'U'}"} for event, channel in channels]
    themselves = [event.place_by(*_PERSON) for event, channel in channels if channel == "SELF"]
    yield CountedMeasure(("PRT-06", "COUNT"), BY, "detection", (INTERIOR, JUDICIAL), by_channel, answered)
    yield CountedMeasure(("PRT-07", "NUMERATOR"), _PERSON, "", (INTERIOR, JUDICIAL), themselves, answered)


def _repeat_measure(events: Sequence[_VictimEvent]) -> CountedMeasure:
    days: dict[str, set[date]] = defaultdict(set)
    known = [(event, event.token, event.contact) for event in events]
    for _, token, contact in known:
        if token and contact:
            days[token].add(contact)
    again: list[Place] = []
    for event, token, contact in known:
        gaps = [(later - contact).days for later in days[token]] if token and contact else []
        if any(0 < gap <= _AGAIN_WITHIN_DAYS for gap in gaps):
            again.append(event.place_by(*_PERSON))
    answered = answered_years(event.place_by() for event, token, contact in known if token and contact)
    return CountedMeasure(("PRT-29", "NUMERATOR"), _PERSON, "", (INTERIOR, JUDICIAL), again, answered)


def _charges(events: Sequence[_VictimEvent]) -> Iterator[CountedMeasure]:
    prostitution = [
        event.place_by("age")
        for event in events
        if form(event.records) == "SEXUAL" and event.is_charged_under("L08_1988")
    ]  # fmt: skip
    begging = [
        event.place_by("sex")
        for event in events
        if form(event.records) == "BEGGING"
        and event.place_by("age")["age"] == "Y0T17"
        and event.is_charged_under("PC_390_392")
    ]
    yield CountedMeasure(("NCR-02", "NUMERATOR"), ("age",), "", (INTERIOR, JUDICIAL), prostitution)
    yield CountedMeasure(("NCR-04", "NUMERATOR"), ("sex",), "", (INTERIOR, JUDICIAL), begging)


# Measures of the Residence Directorate


def _join_measures(seen: SentRows, events: Iterable[_VictimEvent]) -> None:
    """Join measures to events: to the last event that began before; if none did, to the person's first one."""
    of_person: dict[str | None, list[_VictimEvent]] = defaultdict(list)
    for event in events:
        of_person[event.token].append(event)
    for row in seen.rows("residence_measures"):
        known = of_person[row["person_token"]] if row["person_token"] else []
        if known and row["action_code"] in _PENALTIES:
            before = [event for event in known if event.start <= row["measure_date"]]
            nearest = max(before, key=_start) if before else min(known, key=_start)
            nearest.is_penalised = True


def _start(event: _VictimEvent) -> date:
    return event.start


def _penalties(events: Sequence[_VictimEvent]) -> Iterator[CountedMeasure]:
    answered = answered_years(event.place_by() for event in events)
    foreign = [event for event in events if citizenship(event.records) == "FOREIGN"]
    penalised = [event.place_by("sex") for event in foreign if event.is_penalised]
    whole = [event.place_by("sex") for event in foreign]
    yield CountedMeasure(("NCR-03", "DENOMINATOR"), ("sex",), "", (RESIDENCE,), whole, answered)
    yield CountedMeasure(("NCR-03", "NUMERATOR"), ("sex",), "", (RESIDENCE,), penalised, answered)


def _screenings(seen: SentRows) -> Iterator[CountedMeasure]:
    measures: dict[Hashable, list[Row]] = defaultdict(list)
    for number, row in enumerate(seen.rows("residence_measures")):
        token = row["person_token"]
        measures[(token, row["measure_date"], row["action_code"]) if token else number].append(row)
    taken: list[Place] = []
    screened: list[Place] = []
    answered: set[tuple[str, int]] = set()
    for records in measures.values():
        place: Any = {"ref_area": FEDERAL, "time_period": records[0]["measure_date"].year, "sex": sex(records)}
        answer = first_known(records, "is_screened")
        if answer:
            answered.add((FEDERAL, place["time_period"]))
        if records[0]["action_code"] in _PENALTIES:
            taken.append(place)
            screened += [place] if answer == "Y" else []
    yield CountedMeasure(("NCR-05", "DENOMINATOR"), ("sex",), "", (RESIDENCE,), taken, frozenset(answered))
    yield CountedMeasure(("NCR-05", "NUMERATOR"), ("sex",), "", (RESIDENCE,), screened, frozenset(answered))
