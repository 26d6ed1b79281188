"""What the Ministry of Interior of the Kurdistan Region sees and sends: a list of victims without pseudonymous IDs.

Belongs here: which events of the region it knows, what it lacks, the years for which it sends nothing, and its late
start: one letter brought its lists of several years, with the first victims of Halabja that anybody reported.
Does not belong here: how it types them (`spelling.py`, `layouts.py`).
"""

from __future__ import annotations

from datetime import date

from samples.bodies.sight import (
    KURDISTAN,
    LetterDelivery,
    Row,
    draw_blank_or_unknown,
    file_rows,
    gaps,
    person_fields,
    region_events,
    select_year,
)
from samples.life.chance import RandomStream
from samples.life.country import Country

_FIRST_LETTER = date(2025, 9, 14)  # with the lists of all years until then
_SEES_SHARE = 0.8
_STATUS = {"UNDER_INVESTIGATION": 0.4, "REFERRED": 0.3, "DECIDED": 0.25, "_U": 0.05}


def deliveries(country: Country) -> list[LetterDelivery]:
    """Return the ministry's files of the years in which it sent any."""
    rows = _victims(country)
    first_year = max(country.first_year, country.story.region_since)  # it has no lists of earlier years
    return [_file(country, rows, year) for year in range(first_year, country.last_year + 1)]


def _file(country: Country, rows: list[Row], year: int) -> LetterDelivery:
    name = f"kurdistan_{year}.xlsx"
    letter = max(date(year + 1, 3, 1 + year % 11), _FIRST_LETTER)
    table = file_rows(country, name, "region_victims", select_year(rows, "region_victims", year))
    return LetterDelivery(KURDISTAN, year, "first", letter, name, {"region_victims": table})


def _victims(country: Country) -> list[Row]:
    chance = RandomStream(country.seed, "the ministry of the region writes victims")
    rows: list[Row] = []
    for event in region_events(country):
        is_seen = chance.flip(_SEES_SHARE)
        lacks = gaps(chance, {"sex": 0.01, "age": 0.06, "form": 0.02}) | {"token"}
        row = person_fields(chance, event, lacks)
        if "age" not in lacks:
            row["age_group_code"] = "Y0T17" if event["contact_date"].year - event["birth_year"] < 18 else "Y_GE18"
        row.update(
            event_number=event["event_number"],
            contact_date=event["contact_date"],
            exploitation_codes=draw_blank_or_unknown(chance) if "form" in lacks else event["exploitation_codes"],
            referred_to_code=event["referred_to_code"],
            status_code=chance.pick(_STATUS),
        )
        rows.extend([row] if is_seen else [])
    return rows
