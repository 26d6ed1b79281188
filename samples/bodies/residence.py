"""What the Residence Directorate of the Ministry of Interior sees and sends: measures against foreigners.

Belongs here: the foreigners who are stopped in a year, some of them victims whom nobody screened.
Does not belong here: how they are typed (`spelling.py`, `layouts.py`).
"""

from __future__ import annotations

from datetime import date, timedelta

from samples.bodies.sight import (
    RESIDENCE,
    LetterDelivery,
    Row,
    draw_blank_or_unknown,
    federal_events,
    file_rows,
    select_year,
)
from samples.life import profile
from samples.life.chance import RandomStream
from samples.life.country import Country, make_token

_LAW_FROM = 2018  # the first full year of Law 76/2017
_FOREIGNERS_A_YEAR = 36  # a few sheets' worth: the file shows the form, not realistic numbers
_KNOWN_VICTIMS_SHARE = 0.6  # of the victims charged under the residence law
_LATE_LETTERS = {2019: date(2020, 3, 25)}
_REASONS = {
    "EXPIRED_RESIDENCE": 0.4, "NO_WORK_PERMIT": 0.25, "LEFT_EMPLOYER": 0.15, "ILLEGAL_ENTRY": 0.12,
    "NO_DOCUMENTS": 0.06, "_U": 0.02,
}  # fmt: skip
_ACTIONS = {"FINE": 0.45, "EXPULSION": 0.2, "REMOVAL": 0.2, "DETENTION": 0.1, "RELEASE": 0.05}
_CITIZENSHIPS = {code: share for code, share in profile.CITIZENSHIPS["FORCED_LABOUR"].items() if code != "IRQ"}


def deliveries(country: Country) -> list[LetterDelivery]:
    """Return the directorate's files of all years."""
    rows = _stopped_victims(country)
    years = range(country.first_year, country.last_year + 1)
    return [
        _file(country, year, _foreigners(country, year) + select_year(rows, "residence_measures", year))
        for year in years
    ]


def _file(country: Country, year: int, rows: list[Row]) -> LetterDelivery:
    name = f"residence_{year}.xlsx"
    letter = _LATE_LETTERS.get(year, date(year + 1, 2, 6 + year % 14))
    return LetterDelivery(RESIDENCE, year, "first", letter, name, {
        "residence_measures": file_rows(country, name, "residence_measures", rows)
    })  # fmt: skip


def _foreigners(country: Country, year: int) -> list[Row]:
    """Return measures against persons unknown to the rest of the invented country."""
    chance = RandomStream(country.seed, f"foreigners stopped in {year}")
    rows: list[Row] = []
    for number in range(_FOREIGNERS_A_YEAR):
        sex = "M" if chance.flip(0.7) else "F"
        has_token = chance.flip(0.9)
        rows.append({
            "person_token": make_token("foreigner", year * 1000 + number) if has_token else None,
            "measure_date": chance.day_of(year),
            "sex_code": sex,
            "citizenship_code": chance.pick(_CITIZENSHIPS),
            **_measure(chance, sex, year),
        })  # fmt: skip
    return rows


def _stopped_victims(country: Country) -> list[Row]:
    """Return measures against victims: those charged under the residence law, most of them never screened."""
    chance = RandomStream(country.seed, "victims stopped for their residence")
    rows: list[Row] = []
    for event in federal_events(country):
        is_known = chance.flip(_KNOWN_VICTIMS_SHARE)
        day = min(event["contact_date"] + timedelta(days=chance.between(0, 20)), date(country.last_year, 12, 31))
        measure = _measure(chance, event["sex_code"], day.year)
        if "L76_2017" in event["charge_law_codes"].split(";") and is_known:
            place = {"person_token": event["person_token"], "measure_date": day}
            known = {"sex_code": event["sex_code"], "citizenship_code": event["citizenship_code"]}
            rows.append({**place, **known, **measure})
    return rows


def _measure(chance: RandomStream, sex: str, year: int) -> Row:
    screened = chance.pick({"Y": 0.2, "N": 0.7, "": 0.1})
    return {
        "reason_code": chance.pick(_REASONS),
        "law_code": "L76_2017" if year >= _LAW_FROM and chance.flip(0.9) else None,
        "article_codes": "",
        "action_code": chance.pick(_ACTIONS),
        "is_screened": screened or draw_blank_or_unknown(chance),
        "is_feminine": sex == "F",
    }
