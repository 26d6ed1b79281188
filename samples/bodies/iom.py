"""What the International Organization for Migration sees and sends: the caseload of its mission, in HTCDS 2.0.

Belongs here: the victims it assists, most of them foreigners, and when it took them on. Its register is no list of a
state body: it presumes and identifies nobody. For three years it sent a list every month, of the year so far, in which
a victim stands as soon as somebody has typed the record. Does not belong here: the layout of the workbook
(`layouts.py`).
"""

from __future__ import annotations

from datetime import date, timedelta

from samples.bodies.sight import IOM, LetterDelivery, Row, federal_events, filed, of_year
from samples.life.chance import RandomStream
from samples.life.country import Country

_FOREIGNERS_SHARE, _NATIONALS_SHARE = 0.5, 0.03
_LATE_LETTERS = {2021: date(2022, 4, 12)}
_MONTHLY_YEARS = range(2022, 2025)
_TYPED_AFTER = {0: 0.45, 1: 0.25, 2: 0.14, 3: 0.08, 4: 0.05, 6: 0.03}  # months from registration to the typed record


def deliveries(country: Country) -> list[LetterDelivery]:
    """Return the mission's files of all years."""
    rows = _caseload(country)
    return [one for year in range(country.first_year, country.last_year + 1) for one in _files(country, rows, year)]


def _files(country: Country, rows: list[Row], year: int) -> list[LetterDelivery]:
    """Return the lists of a year: those of its months, each of the year so far, then that of the whole year."""
    of_the_year = of_year(rows, "caseload", year)
    months = range(1, 13) if year in _MONTHLY_YEARS else ()
    lists = [
        (date(year + month // 12, month % 12 + 1, 8), f"iom_{year}_{month:02}.xlsx", _typed_by(of_the_year, month))
        for month in months
    ]
    letter = _LATE_LETTERS.get(year, date(year + 1, 3, 4 + year % 10))
    lists = [*(one for one in lists if one[2]), (letter, f"iom_{year}.xlsx", of_the_year)]
    return [
        LetterDelivery(
            IOM,
            year,
            "corrected" if number else "first",
            day,
            name,
            {"caseload": filed(country, name, "caseload", known)},
        )
        for number, (day, name, known) in enumerate(lists)
    ]


def _typed_by(rows: list[Row], month: int) -> list[Row]:
    """Return the rows of a year that were registered, and typed, by the end of a month."""
    return [row for row in rows if row["registered_date"].month + row["typed_after"] <= month]


def _caseload(country: Country) -> list[Row]:
    chance = RandomStream(country.seed, "the caseload of the mission")
    typing = RandomStream(country.seed, "the mission types its records")
    rows: list[Row] = []
    for event in federal_events(country):
        is_foreign = event["citizenship_code"] != "IRQ"
        is_assisted = chance.flip(_FOREIGNERS_SHARE if is_foreign else _NATIONALS_SHARE)
        has_token = chance.flip(0.9)
        day = min(event["contact_date"] + timedelta(days=chance.between(2, 40)), date(country.last_year, 12, 31))
        years = event["contact_date"].year - event["birth_year"]
        row = {
            "event_number": event["event_number"],
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
            "typed_after": typing.pick(_TYPED_AFTER),
        }
        rows.extend([row] if is_assisted else [])
    return rows
