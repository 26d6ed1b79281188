"""What the International Organization for Migration sees and sends: the caseload of its mission, in HTCDS 2.0.

Belongs here: the victims it assists, most of them foreigners, and when it took them on. Its register is no list of a
state agency: it presumes and identifies nobody. From 2023 on it closes a list every month, of the year so far and the
year before, in which a victim appears as soon as somebody has typed the record: up to a year later. It handed over the
lists of the first months of 2025 in July, each with its own date. Victims of the newest year have pseudonymous IDs made
with another key, which nobody can compare with those of the other agencies. Does not belong here: the layout of the
workbook (`layouts.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from samples.bodies.sight import IOM, LetterDelivery, Row, federal_events, file_rows, select_year
from samples.life.chance import RandomStream
from samples.life.country import Country, make_token

_FOREIGNERS_SHARE, _NATIONALS_SHARE = 0.5, 0.03
_LATE_LETTERS = {2021: date(2022, 4, 12)}
_MONTHLY_FROM = 2023
_LAST_MONTHS = 3  # of the following year, in which lists still come
_HANDED_OVER = {2025: date(2025, 7, 10)}  # the first list after that day brings those before it
_TYPED_AFTER = {0: 0.18, 1: 0.16, 2: 0.13, 3: 0.11, 4: 0.1, 6: 0.1, 8: 0.08, 10: 0.08, 12: 0.06}
"""Months from registration to the typed record."""


class _CaseList(NamedTuple):
    """A list as closed: its newest year, its date, its name, and its rows."""

    year: int
    day: date
    file_name: str
    rows: list[Row]


def deliveries(country: Country) -> list[LetterDelivery]:
    """Return the mission's files of all years."""
    rows = _caseload(country)
    lists = [*_yearly(country, rows), *_monthly(country, rows)]
    return [_delivery(country, case_list) for case_list in lists if case_list.rows]


def _delivery(country: Country, case_list: _CaseList) -> LetterDelivery:
    handed_over = _HANDED_OVER.get(case_list.year)
    return LetterDelivery(
        IOM,
        case_list.year,
        "corrected" if case_list.year >= _MONTHLY_FROM else "first",
        case_list.day,
        case_list.file_name,
        {"caseload": file_rows(country, case_list.file_name, "caseload", case_list.rows)},
        handed_over=handed_over if handed_over and case_list.day < handed_over else None,
    )


def _yearly(country: Country, rows: list[Row]) -> Iterator[_CaseList]:
    """Yield the lists of the years before monthly lists, each complete."""
    for year in range(country.first_year, min(country.last_year + 1, _MONTHLY_FROM)):
        letter = _LATE_LETTERS.get(year, date(year + 1, 3, 4 + year % 10))
        yield _CaseList(year, letter, f"iom_{year}.xlsx", select_year(rows, "caseload", year))


def _monthly(country: Country, rows: list[Row]) -> Iterator[_CaseList]:
    """Yield the list of each month and, once every record is typed, a last one."""
    first, last = max(country.first_year, _MONTHLY_FROM), country.last_year
    if first > last:
        return
    months = [(year, month) for year in range(first, last + 1) for month in range(1, 13)]
    months += [(last + 1, month) for month in range(1, _LAST_MONTHS + 1)]
    for year, month in months:
        known = [row for row in rows if row["registered_date"].year >= max(first, year - 1)]
        day = date(year + month // 12, month % 12 + 1, 8)
        yield _CaseList(min(year, last), day, f"iom_{year}_{month:02}.xlsx", _rows_typed_by(known, year, month))
    yield _CaseList(last, date(last + 1, 12, 31), f"iom_{last}.xlsx", select_year(rows, "caseload", last))


def _rows_typed_by(rows: list[Row], year: int, month: int) -> list[Row]:
    """Return the rows that were registered, and typed, by the end of a month."""
    end = 12 * year + month
    return [row for row in rows if _month(row["registered_date"]) + row["typed_after"] <= end]


def _month(day: date) -> int:
    return 12 * day.year + day.month


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
            "person_token": _make_token(country, event) if has_token else None,
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


def _make_token(country: Country, event: Row) -> str:
    """Return the pseudonymous ID that the mission makes: in the newest year with its own key."""
    is_new = event["contact_date"].year == country.last_year
    return make_token("person", event["person_number"], version="k02") if is_new else event["person_token"]
