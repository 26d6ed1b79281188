"""What the International Organization for Migration sees and sends: the caseload of its mission, in HTCDS 2.0.

Belongs here: the victims it assists, most of them foreigners, and when it took them on. Its register is no list of a
state body: it presumes and identifies nobody. Does not belong here: the layout of the workbook (`layouts.py`).
"""

from __future__ import annotations

from datetime import date, timedelta

from samples.bodies.sight import IOM, Delivery, Row, federal_events, filed, of_year
from samples.life.chance import Chance
from samples.life.country import Country

_FOREIGNERS_SHARE, _NATIONALS_SHARE = 0.5, 0.03
_LATE_LETTERS = {2021: date(2022, 4, 12)}


def deliveries(country: Country) -> list[Delivery]:
    """Return the mission's files of all years."""
    rows = _caseload(country)
    return [_file(country, rows, year) for year in range(country.first_year, country.last_year + 1)]


def _file(country: Country, rows: list[Row], year: int) -> Delivery:
    name = f"iom_{year}.xlsx"
    letter = _LATE_LETTERS.get(year, date(year + 1, 3, 4 + year % 10))
    table = filed(country, name, "caseload", of_year(rows, "caseload", year))
    return Delivery(IOM, year, "first", letter, name, {"caseload": table})


def _caseload(country: Country) -> list[Row]:
    chance = Chance(country.seed, "the caseload of the mission")
    rows: list[Row] = []
    for event in federal_events(country):
        is_foreign = event["citizenship_code"] != "IRQ"
        is_assisted = chance.flip(_FOREIGNERS_SHARE if is_foreign else _NATIONALS_SHARE)
        has_token = chance.flip(0.9)
        day = min(event["contact_date"] + timedelta(days=chance.between(2, 40)), date(country.last_year, 12, 31))
        years = event["contact_date"].year - event["birth_year"]
        row = {
            "person_token": event["person_token"] if has_token else None,
            "registered_date": day,
            "sex_code": event["sex_code"],
            "age_years": years if chance.flip(0.9) else None,
            "birth_year": None,
            "age_group_code": None,
            "citizenship_code": event["citizenship_code"],
            "governorate_code": event["governorate_code"],
            "exploitation_codes": event["exploitation_codes"],
            "means_codes": event["means_codes"] or None,
        }
        rows.extend([row] if is_assisted else [])
    return rows
