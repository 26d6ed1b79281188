"""What the Higher Judicial Council sees and sends.

Belongs here: judgments, decisions that identify victims, the yearly count of cases, and what the courts lack.
Does not belong here: how it types them (`spelling.py`, `workbooks.py`).
"""

from __future__ import annotations

from datetime import date

from samples.bodies.sight import (
    JUDICIAL,
    LetterDelivery,
    Row,
    draw_blank_or_unknown,
    draw_known,
    federal_accused_rows,
    federal_events,
    file_rows,
    gaps,
    lacking_fields,
    person_fields,
    select_year,
    unrecorded_fields,
    untokened_share,
)
from samples.life import profile
from samples.life.chance import RandomStream
from samples.life.country import Country, rows_of
from samples.life.courts import dockets
from samples.life.spelling import words_of

_CSV_YEAR = 2017  # the decisions of this year come as a separate text file
_LATE_LETTERS = {2021: date(2022, 7, 14)}
_SEES_SHARE = 0.97  # of the judgments


def deliveries(country: Country) -> list[LetterDelivery]:
    """Return the council's files of all years."""
    tables = {"judgments": _judgments(country), "identifications": _identifications(country)}
    return [
        _file(country, tables, year, name, names)
        for year in range(country.first_year, country.last_year + 1)
        for name, names in _files(year).items()
    ]


def _files(year: int) -> dict[str, tuple[str, ...]]:
    if year == _CSV_YEAR:
        return {
            f"judicial_{year}_identifications.csv": ("identifications",),
            f"judicial_{year}_judgments.xlsx": ("judgments", "workload"),
        }
    return {f"judicial_{year}.xlsx": ("judgments", "identifications", "workload")}


def _file(
    country: Country, tables: dict[str, list[Row]], year: int, name: str, names: tuple[str, ...]
) -> LetterDelivery:
    letter = _LATE_LETTERS.get(year, date(year + 1, 3, 8 + year % 15))
    listed = [table for table in names if table in tables]
    content = {table: file_rows(country, name, table, select_year(tables[table], table, year)) for table in listed}
    if "workload" in names:
        content["workload"] = _workload(country, year)
    return LetterDelivery(JUDICIAL, year, "first", letter, name, content)


def _identifications(country: Country) -> list[Row]:
    chance = RandomStream(country.seed, "the judicial council writes identifications")
    events = federal_events(country)
    unrecorded = unrecorded_fields(country, events)
    shares = {"sex": 0.004, "age": 0.05, "area": 0.005}
    rows: list[Row] = []
    for event in events:
        if event["identified_date"] is None:
            continue
        untokened = {"token": untokened_share(country, event)}
        lacks = lacking_fields(chance, event, unrecorded[event["event_number"]], shares | untokened)
        row = person_fields(chance, event, lacks)
        row.update(
            event_number=event["event_number"],
            case_token=event["case_token"],
            contact_date=None if chance.flip(0.04) else event["contact_date"],
            birth_year=None if "age" in lacks else event["birth_year"],
            exploitation_codes=draw_blank_or_unknown(chance) if "form" in lacks else event["exploitation_codes"],
            act_codes=draw_known(chance, event["act_codes"], 0.92),
            means_codes=draw_known(chance, event["means_codes"], 0.92),
            identified_date=event["identified_date"],
            charge_law_codes=draw_known(chance, event["charge_law_codes"], 0.70),
        )
        rows.append(row)
    return rows


def _workload(country: Country, year: int) -> tuple[Row, ...]:
    """Return the cases before each court of appeal; the courts count their own cases completely."""
    trials = {proceeding["accused_number"]: proceeding for proceeding in rows_of(country.proceedings)}
    rows: list[Row] = []
    for docket in dockets(federal_accused_rows(country), trials, year):
        place = words_of("governorate")[docket.governorate_code][0]
        side = ("الكرخ", "الرصافة")[docket.court]
        area = f"{place}/{side}" if place == "بغداد" else place
        names = {"reporting_area": f"رئاسة محكمة استئناف {area}", "reporting_unit": "محكمة الجنايات"}
        rows.append({**docket._asdict(), **names, "reference_year": year})
    return tuple(rows)


def _judgments(country: Country) -> list[Row]:
    chance = RandomStream(country.seed, "the judicial council writes judgments")
    suspensions = RandomStream(country.seed, "the courts suspend sentences")
    trials = {proceeding["accused_number"]: proceeding for proceeding in rows_of(country.proceedings)}
    rows: list[Row] = []
    for accused in federal_accused_rows(country):
        lacks = gaps(chance, {"sex": 0.005, "age": 0.04, "area": 0.01, "token": 0.01})
        is_mild = suspensions.flip(profile.SUSPENDED_SHARE)
        is_reported, cites = chance.flip(_SEES_SHARE), chance.flip(0.5)
        trial = trials.get(accused["accused_number"])
        if trial is None or not is_reported:
            continue
        row = {**person_fields(chance, accused, lacks), **trial, "case_token": accused["case_token"]}
        row["birth_year"] = None if "age" in lacks else accused["birth_year"]
        row["fine_iqd"] = trial["fine_iqd"] or chance.pick({"blank": 0.6, "dash": 0.3, "none": 0.1})
        row["is_suspended"] = _write_suspension(trial["sentence_years"], is_mild=is_mild)
        if trial["verdict_code"] != "CONVICTED" and not cites:
            row["law_code"] = None  # an acquittal is often filed without the article
        rows.append(row)
    return rows


def _write_suspension(years: float | None, *, is_mild: bool) -> str | None:
    """Return whether a term is suspended, as the courts write it; blank if there is no term."""
    if years is None:
        return None
    return "Y" if is_mild and years <= 5 else "N"
