"""What the views of all agencies share: a delivery, which events are federal, what nobody recorded.

Belongs here: the form of a file that was sent, and the ways in which any agency knows less than the truth.
Does not belong here: one agency's own habits (its module), or spelling and layout.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from samples.life.chance import RandomStream
from samples.life.country import Country, rows_of

Row = dict[str, Any]
Rows = tuple[Row, ...]
Part = Literal["first", "corrected"]

INTERIOR = "iraq_interior_ministry"
JUDICIAL = "iraq_judicial_council"
LABOUR = "iraq_labour_ministry"
UNODC = "unodc_glotip"
TASK_FORCE = "task_force_activities"
KURDISTAN = "kurdistan_interior_ministry"
RESIDENCE = "iraq_residence_directorate"
IOM = "iom_caseload"

# table -> the field that decides which year's file a row belongs to
PERIOD_FIELDS = {
    "cases": "reported_date",
    "victims": "contact_date",
    "accused": "contact_date",
    "judgments": "verdict_date",
    "identifications": "identified_date",
    "workload": "reference_year",
    "shelter_register": "request_date",
    "facilities": "reference_year",
    "glotip": "reference_year",
    "activities": "activity_date",
    "region_victims": "contact_date",
    "residence_measures": "measure_date",
    "caseload": "registered_date",
}
_REPEATED = 0.01
_UNTOKENED, _UNTOKENED_NEWEST = 0.03, 0.16  # of the victims on lists: a new form left the ID out


@dataclass(frozen=True)
class LetterDelivery:
    """One file that an agency sends with one letter.

    `part` is `first` or `corrected` (replaces what was sent for the same year). `tables` maps the table names of the
    source card to rows of canonical codes; a row whose `flaw` is not empty is typed so that it cannot be read.
    `taken_back` is the day on which the agency withdrew the file; it counts until then. `handed_over` is the day on
    which it arrived, if later than its letter.
    """

    source: str
    period_year: int
    part: Part
    letter_date: date
    file_name: str
    tables: Mapping[str, Rows]
    taken_back: date | None = None
    handed_over: date | None = None

    @property
    def came_on(self) -> date:
        """The day on which the file arrived."""
        return self.handed_over or self.letter_date

    def counts_on(self, day: date | None) -> bool:
        """Return whether the file has been sent and not withdrawn by that day; None for the end of the story."""
        if day is None:
            return self.taken_back is None
        return self.came_on <= day and (self.taken_back is None or self.taken_back > day)


def federal_events(country: Country) -> list[Row]:
    """Return the victim-events outside the Kurdistan Region with person, case and charges, by event number."""
    return [event for event in _events(country) if event["is_federal"]]


def region_events(country: Country) -> list[Row]:
    """Return the victim-events of the Kurdistan Region with person, case and charges, by event number."""
    return [event for event in _events(country) if not event["is_federal"]]


def _events(country: Country) -> list[Row]:
    charges: dict[int, list[str]] = defaultdict(list)
    for charge in rows_of(country.charges):
        charges[charge["event_number"]].append(charge["law_code"])
    joined = country.episodes.merge(country.persons, on="person_number").merge(country.cases, on="case_number")
    events = rows_of(joined.sort_values("event_number"))
    return [{**event, "charge_law_codes": ";".join(charges[event["event_number"]])} for event in events]


def federal_accused_rows(country: Country) -> list[Row]:
    """Return the accused outside the Kurdistan Region with person and case, by accused number."""
    joined = country.accused.merge(country.persons, on="person_number").merge(country.cases, on="case_number")
    return rows_of(joined[joined["is_federal"]].sort_values("accused_number"))


def select_year(rows: list[Row], table: str, year: int) -> list[Row]:
    """Return the rows of a table that belong to the file of `year`."""
    return [row for row in rows if row[PERIOD_FIELDS[table]].year == year]


def file_rows(country: Country, file_name: str, table: str, rows: list[Row]) -> Rows:
    """Return the rows by date as filed: about one in a hundred is repeated.

    A row without a person's pseudonymous ID is never repeated: nobody could tell that it is the same person.
    """
    chance = RandomStream(country.seed, f"repeats in {file_name}, {table}")
    ordered: list[Row] = []
    for row in sorted(rows, key=lambda filed_row: filed_row[PERIOD_FIELDS[table]]):
        has_token = row.get("person_token") or "person_token" not in row
        ordered.extend([row, row] if chance.flip(_REPEATED) and has_token else [row])
    return tuple(ordered)


def unrecorded_fields(country: Country, events: list[Row]) -> dict[int, set[str]]:
    """Return, for each event number, what no agency recorded: sex, age, area or form."""
    chance = RandomStream(country.seed, "never recorded")
    shares = {"sex": 0.008, "age": 0.035, "area": 0.018, "form": 0.015}
    return {event["event_number"]: {what for what, share in shares.items() if chance.flip(share)} for event in events}


def untokened_share(country: Country, event: Row) -> float:
    """Return the share of victims without a pseudonymous ID in an authority's lists: greater in the newest year."""
    return _UNTOKENED_NEWEST if event["contact_date"].year == country.last_year else _UNTOKENED


def gaps(chance: RandomStream, shares: Mapping[str, float]) -> set[str]:
    """Return what one agency lacks about one person or event."""
    return {what for what, share in shares.items() if chance.flip(share)}


def lacking_fields(chance: RandomStream, event: Row, unrecorded: set[str], shares: Mapping[str, float]) -> set[str]:
    """Return what one agency lacks about a victim-event: what nobody recorded, and its own gaps."""
    lacks = unrecorded | gaps(chance, shares)
    is_rare_male = event["sex_code"] == "M" and "SEXUAL" in event["exploitation_codes"]
    # a rare event stays in its large governorate: in the small leaf of unknown places it could be identified
    return lacks - {"area"} if is_rare_male else lacks


def draw_known(chance: RandomStream, value: str, share: float) -> str | None:
    """Return the value in `share` of the draws, else None (left blank)."""
    return value if chance.flip(share) and value else None


def draw_blank_or_unknown(chance: RandomStream) -> str | None:
    """Return one of the two ways to give no code: a blank, or `_U` for a typed "unknown"."""
    return "_U" if chance.flip(0.5) else None


def person_fields(chance: RandomStream, person: Row, lacks: set[str]) -> Row:
    """Return the columns about a person as one agency fills them in; the age is left to the agency."""
    is_woman = person["sex_code"] == "F" and "sex" not in lacks
    return {
        "person_token": None if "token" in lacks else person["person_token"],
        "sex_code": draw_blank_or_unknown(chance) if "sex" in lacks else person["sex_code"],
        "governorate_code": draw_blank_or_unknown(chance) if "area" in lacks else person["governorate_code"],
        "citizenship_code": draw_blank_or_unknown(chance) if chance.flip(0.02) else person["citizenship_code"],
        "is_feminine": is_woman,  # gender of the typed adjective: an Iraqi man, an Iraqi woman
        "age_years": None,
        "birth_year": None,
        "age_group_code": None,
    }
