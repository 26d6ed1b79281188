"""What the Ministry of Labour and Social Affairs sees and sends.

Belongs here: the register of its shelters and the shelters, and the years in which it sent nothing.
Does not belong here: how it types them (`spelling.py`, `workbooks.py`).
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from samples.bodies.sight import LABOUR, LetterDelivery, Row, file_rows, gaps, person_fields, select_year
from samples.life import shelters
from samples.life.chance import RandomStream
from samples.life.country import Country, rows_of

_SILENT = (2019, 2020)
_LATE_LETTERS = {2022: date(2023, 3, 2)}


def deliveries(country: Country) -> list[LetterDelivery]:
    """Return the ministry's files of the years in which it sent any."""
    requests = _requests(country)
    years = [year for year in range(country.first_year, country.last_year + 1) if year not in _SILENT]
    return [_file(country, select_year(requests, "shelter_register", year), year) for year in years]


def _file(country: Country, requests: list[Row], year: int) -> LetterDelivery:
    name = f"labour_{year}.xlsx"
    letter = _LATE_LETTERS.get(year, date(year + 1, 1, 18 + year % 12))
    tables = {
        "shelter_register": file_rows(country, name, "shelter_register", requests),
        "facilities": tuple(_facilities(country, year, requests)),
    }
    return LetterDelivery(LABOUR, year, "first", letter, name, tables)


def _requests(country: Country) -> list[Row]:
    joined = rows_of(country.shelter_requests.merge(country.persons, on="person_number").sort_values("request_number"))
    rows: list[Row] = []
    for request in joined:
        # by person, not by request: a register knows its residents
        chance = RandomStream(country.seed, f"the shelter writes person {request['person_number']}")
        lacks = gaps(chance, {"sex": 0.005, "age": 0.04, "area": 0.02, "token": 0.01})
        given = set(request["service_codes"].split(";"))
        row = {**request, **person_fields(chance, request, lacks)}
        row["birth_year"] = None if "age" in lacks else request["birth_year"]
        for service in shelters.SERVICES:
            row[service] = None if request["outcome_code"] != "ADMITTED" else "Y" if service in given else "N"
        rows.append(row)
    return rows


def _facilities(country: Country, year: int, requests: list[Row]) -> list[Row]:
    admitted = [row for row in requests if row["outcome_code"] == "ADMITTED"]
    residents = Counter(row["facility_code"] for row in admitted)
    nights: Counter[str] = Counter()
    for row in admitted:  # the year's register is closed at its end
        nights[row["facility_code"]] += max(0, ((row["exit_date"] or date(year, 12, 31)) - row["entry_date"]).days)
    of_year = [facility for facility in rows_of(country.facilities) if facility["reference_year"] == year]
    counts = [
        (residents[facility["facility_code"]] or "none", nights[facility["facility_code"]]) for facility in of_year
    ]
    return [
        {**facility, "resident_count": count, "resident_night_count": spent}
        for facility, (count, spent) in zip(of_year, counts, strict=True)
    ]
