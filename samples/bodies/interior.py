"""What the Ministry of Interior sees and sends.

Belongs here: which events, cases and arrests it knows, how late, what it lacks, its partial and corrected files, and
the file that it sent by mistake and withdrew.
Does not belong here: how it types them (`spelling.py`, `workbooks.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from samples.bodies.sight import (
    INTERIOR,
    PERIOD_FIELDS,
    LetterDelivery,
    Part,
    Row,
    Rows,
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
from samples.life.country import Country

_ALWAYS, _NEVER = date.min, date.max
_SEES_SHARE = 0.85
_PARTIAL_YEAR, _PARTIAL_UNTIL = 2020, date(2020, 9, 30)
_PARTIAL_SENT, _FULL_SENT = date(2020, 10, 20), date(2021, 4, 18)
_FLAWED_YEAR = 2022  # its first file has rows that must be quarantined; the corrected file has them right
_FLAWS_MENDED = date(2023, 5, 22)
_FLAWS = ("unknown_form", "unknown_form", "unknown_form", "unknown_area", "no_date", "no_date")
_MISTAKEN_YEAR, _MISTAKEN_SENT, _MISTAKEN_UNTIL = 2024, date(2025, 6, 2), date(2025, 7, 8)
_LEFT_OUT = 15  # victims missing from the mistaken correction, which lacked its last page
_LATE_LETTERS = {2017: date(2018, 4, 2), 2023: date(2024, 3, 20)}
_STATUS = {"UNDER_INVESTIGATION": 0.25, "REFERRED": 0.35, "DECIDED": 0.3, "CLOSED": 0.07, "_U": 0.03}


def deliveries(country: Country) -> list[LetterDelivery]:
    """Return the ministry's files of all years."""
    events = federal_events(country)
    seen_from = _first_letter_dates(country, events)
    tables = {
        "cases": _cases(country, events, seen_from),
        "victims": _victims(country, events, seen_from),
        "accused": _accused_rows(country, events, seen_from),
    }
    years = range(country.first_year, country.last_year + 1)
    return [
        _correct_delivery(country, tables, letter) if letter.day == _MISTAKEN_SENT else _file(country, tables, letter)
        for year in years
        for letter in _letters(country, year)
    ]


class _Letter(NamedTuple):
    """A letter with one year's file: its number among that year's letters, and the last day that the file covers."""

    year: int
    day: date
    number: int
    until: date = date.max

    @property
    def file_name(self) -> str:
        """The name of its file: a second correction of a year has a number."""
        ending = {0: "", 1: "_corrected"}.get(self.number, f"_corrected_{self.number}")
        return f"interior_{self.year}{ending}.xlsx"


def _correct_delivery(country: Country, tables: dict[str, list[Row]], letter: _Letter) -> LetterDelivery:
    """Return the correction of a file that the ministry withdrew: the victims on its last page are missing."""
    first = _file(country, tables, _letters(country, letter.year)[0])
    victims = first.tables["victims"]
    return replace(
        first,
        part="corrected",
        letter_date=letter.day,
        file_name=letter.file_name,
        tables={**first.tables, "victims": victims[: -min(_LEFT_OUT, len(victims) // 2)]},
        taken_back=_MISTAKEN_UNTIL,
    )


def _file(country: Country, tables: dict[str, list[Row]], letter: _Letter) -> LetterDelivery:
    year, name = letter.year, letter.file_name
    content: dict[str, Rows] = {}
    for table, rows in tables.items():
        field = PERIOD_FIELDS[table]
        known_then = [row for row in rows if row["seen_from"] <= letter.day and row[field] <= letter.until]
        content[table] = file_rows(country, name, table, select_year(known_then, table, year))
    part: Part = "corrected" if letter.number else "first"
    if year == _FLAWED_YEAR and part == "first":
        content["victims"] = _add_flaws(country, content["victims"])
    return LetterDelivery(INTERIOR, year, part, letter.day, name, content)


def _letters(country: Country, year: int) -> list[_Letter]:
    """Return the letters for a year: the first one and its corrections."""
    days = [_LATE_LETTERS.get(year, date(year + 1, 2, 10 + year % 12))]
    if year == _PARTIAL_YEAR:
        days = [_PARTIAL_SENT, _FULL_SENT]
    days += [_FLAWS_MENDED] if year == _FLAWED_YEAR else []
    later = [_MISTAKEN_SENT] if year == _MISTAKEN_YEAR else []
    later += [country.story.late[year][1]] if year in country.story.late else []
    days += later if country.last_year >= _MISTAKEN_SENT.year else []
    until = {_PARTIAL_SENT: _PARTIAL_UNTIL}
    return [_Letter(year, day, number, until.get(day, date.max)) for number, day in enumerate(days)]


def _first_letter_dates(country: Country, events: list[Row]) -> dict[int, date]:
    """Return for each event the letter date from which the ministry reports it."""
    chance = RandomStream(country.seed, "the interior ministry sees")
    seen = {event["event_number"]: _ALWAYS if chance.flip(_SEES_SHARE) else _NEVER for event in events}
    for year, (count, letter) in country.story.late.items():
        # what is late here is not known earlier through a judge's decision either
        unidentified = [
            event for event in events if event["contact_date"].year == year and event["identified_date"] is None
        ]
        for event in chance.some_of(unidentified, count):
            seen[event["event_number"]] = letter
    return seen


def _victims(country: Country, events: list[Row], seen_from: dict[int, date]) -> list[Row]:
    chance = RandomStream(country.seed, "the interior ministry writes victims")
    unrecorded = unrecorded_fields(country, events)
    shares = {"sex": 0.004, "age": 0.02, "area": 0.005}
    rows: list[Row] = []
    for event in events:
        untokened = {"token": untokened_share(country, event)}
        lacks = lacking_fields(chance, event, unrecorded[event["event_number"]], shares | untokened)
        forms = event["exploitation_codes"].split(";")
        # the first impression is a single form; the judge's decision names both
        first = forms[:1] if chance.flip(0.3) else forms
        row = person_fields(chance, event, lacks)
        if "age" not in lacks:
            row.update(_age_in_years(chance, event["contact_date"].year - event["birth_year"]))
        row.update(
            event_number=event["event_number"],
            seen_from=seen_from[event["event_number"]],
            flaw="",
            case_token=event["case_token"],
            contact_date=event["contact_date"],
            exploitation_codes=draw_blank_or_unknown(chance) if "form" in lacks else ";".join(first),
            act_codes=draw_known(chance, event["act_codes"], 0.92),
            means_codes=draw_known(chance, event["means_codes"], 0.92),
            detected_by_code=event["detected_by_code"],
            charge_law_codes=draw_known(chance, event["charge_law_codes"], 0.85),
            referred_to_code=event["referred_to_code"],
        )
        rows.append(row)
    return rows


def _age_in_years(chance: RandomStream, years: int) -> Row:
    if chance.flip(0.12):
        return {"age_group_code": "Y0T17" if years < 18 else "Y_GE18"}
    return {"age_years": years}


def _cases(country: Country, events: list[Row], seen_from: dict[int, date]) -> list[Row]:
    chance = RandomStream(country.seed, "the interior ministry writes cases")
    channels = RandomStream(country.seed, "how cases were reported")
    offenders = Counter(int(number) for number in country.accused["case_number"])
    by_case: dict[int, list[Row]] = defaultdict(list)
    for event in events:
        by_case[event["case_number"]].append(event)
    rows: list[Row] = []
    for number, victims in by_case.items():
        case = victims[0]
        rows.append({
            "seen_from": min(seen_from[victim["event_number"]] for victim in victims),
            "case_token": case["case_token"],
            "reported_date": case["reported_date"],
            "governorate_code": case["governorate_code"],
            "exploitation_codes": case["form_code"],
            "recruitment_code": case["recruitment_code"],
            "channel_code": channels.pick(profile.REPORT_CHANNELS),
            **_draw_law(chance, case["form_code"]),
            "accused_count": _write_count(chance, offenders[number]),
            "victim_count": _write_count(chance, len(victims)),
            "status_code": chance.pick(_STATUS),
            "referred_to_code": chance.pick({"INVESTIGATIVE_COURT": 0.7, "FELONY_COURT": 0.3}),
        })  # fmt: skip
    return rows


def _write_count(chance: RandomStream, count: int) -> int | str | None:
    """Return a count as a ministry writes it: a number, or one of the ways to give none."""
    if count == 0:
        return "none"
    gaps: dict[str, float] = {"": 0.94, "blank": 0.03, "dash": 0.02, "not_received": 0.01}
    return chance.pick(gaps) or count


def _draw_law(chance: RandomStream, form: str) -> Row:
    drawn = chance.pick({"A5_1": 0.35, "A5_2": 0.3, "A6": 0.15, "": 0.2})
    if drawn:
        return {"law_code": "L28_2012", "article_codes": drawn}
    return {"law_code": "L08_1988" if form == "SEXUAL" else "PC_OTHER", "article_codes": ""}


def _accused_rows(country: Country, events: list[Row], seen_from: dict[int, date]) -> list[Row]:
    chance = RandomStream(country.seed, "the interior ministry writes accused")
    case_seen: dict[int, date] = {}
    for event in events:
        seen = seen_from[event["event_number"]]
        case_seen[event["case_number"]] = min(seen, case_seen.get(event["case_number"], _NEVER))
    rows: list[Row] = []
    for accused in federal_accused_rows(country):
        lacks = gaps(chance, {"sex": 0.005, "age": 0.04, "area": 0.01, "token": 0.01})
        if accused["arrest_date"] is None:
            continue
        row = person_fields(chance, accused, lacks)
        if "age" not in lacks:
            row.update(_age_in_years(chance, accused["arrest_date"].year - accused["birth_year"]))
        row.update(
            accused_number=accused["accused_number"],
            seen_from=case_seen[accused["case_number"]],
            case_token=accused["case_token"],
            contact_date=accused["arrest_date"],
            status_code=chance.pick({"ARRESTED": 0.5, "DETAINED": 0.2, "BAIL": 0.1, "PROSECUTED": 0.2}),
            **_draw_law(chance, accused["form_code"]),
        )
        rows.append(row)
    return rows


def _add_flaws(country: Country, rows: Rows) -> Rows:
    """Return the rows with a few typed so that they must be quarantined."""
    chance = RandomStream(country.seed, "flaws")
    once = Counter(row["event_number"] for row in rows)
    plain = [row for row in rows if row["person_token"] and once[row["event_number"]] == 1]
    chosen = chance.some_of(plain, len(_FLAWS))
    flaws = {row["event_number"]: flaw for row, flaw in zip(chosen, _FLAWS, strict=False)}
    return tuple({**row, "flaw": flaws.get(row["event_number"], "")} for row in rows)
