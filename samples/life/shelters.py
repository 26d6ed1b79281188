"""Shelter in the invented country.

Belongs here: who asked for shelter, the outcome, and the shelters themselves. The federal side only.
Does not belong here: the register as its ministry types it (`views.py`, `workbooks.py`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

from samples.life import profile
from samples.life.chance import RandomStream

Row = dict[str, Any]
SERVICES = (
    "has_medical_exam",
    "has_psychosocial_support",
    "has_legal_advice",
    "has_interpretation",
    "has_education",
    "has_grant",
    "has_return",
)
_SERVICE_SHARES = (0.85, 0.6, 0.4, 0.15, 0.25, 0.1, 0.2)


class Request(NamedTuple):
    """A request for shelter by one victim, and its outcome."""

    request_number: int
    person_number: int
    facility_code: str | None
    request_date: date
    outcome_code: str
    refusal_reason_code: str | None
    governorate_code: str
    referred_by_code: str
    judge_decision_date: date | None
    entry_date: date | None
    exit_date: date | None
    exit_reason_code: str | None
    service_codes: str


class Facility(NamedTuple):
    """A shelter in one year."""

    facility_code: str
    facility_type_code: str
    governorate_code: str
    reference_year: int
    capacity_count: int


def facilities(first_year: int, last_year: int) -> list[Facility]:
    """Return the shelters of each year."""
    return [
        Facility(code, kind, area, year, places)
        for year in range(first_year, last_year + 1)
        for code, (kind, area, opened, places) in profile.FACILITIES.items()
        if year >= opened
    ]


def ask_all(chance: RandomStream, events: list[Row], last_year: int) -> list[Request]:
    """Return the requests of federal victims up to the end of `last_year`; some ask again after a refusal."""
    requests: list[Request] = []
    for event in events:
        asks = chance.flip(profile.ASKS_FOR_SHELTER_SHARE)
        day: date = event["contact_date"] + timedelta(days=chance.between(1, 75))
        if not (asks and event["is_federal"]):
            continue
        first = _request(chance, event, day, is_second=False)
        requests.append(first)
        if first.outcome_code == "REFUSED" and chance.flip(0.45):
            requests.append(_request(chance, event, day + timedelta(days=chance.between(20, 90)), is_second=True))
    known = [request for request in requests if request.request_date.year <= last_year]
    return [request._replace(request_number=number) for number, request in enumerate(known, start=1)]


def _request(chance: RandomStream, event: Row, day: date, *, is_second: bool) -> Request:
    reason = _refusal(chance, event, day, is_second=is_second)
    outcome = "REFUSED" if reason else chance.pick({"ADMITTED": 0.93, "WITHDRAWN": 0.05, "PENDING": 0.02})
    is_in = outcome == "ADMITTED"
    entry = day + timedelta(days=chance.between(0, 14))
    leaves = entry + timedelta(days=chance.between(7, 300))
    exit_reason = chance.pick({"RETURN_HOME": 0.5, "REPATRIATION": 0.12, "COURT_ORDER": 0.2, "OWN_WISH": 0.18})
    has_left = is_in and leaves <= date(day.year, 12, 31)  # the year's register is closed at its end
    services = [name for name, share in zip(SERVICES, _SERVICE_SHARES, strict=True) if chance.flip(share)]
    return Request(
        request_number=0,
        person_number=int(event["person_number"]),
        facility_code=_facility(event, day) if is_in else None,
        request_date=day,
        outcome_code=outcome,
        refusal_reason_code=reason,
        governorate_code=str(event["governorate_code"]),
        referred_by_code=chance.pick({"INVESTIGATIVE_COURT": 0.5, "POLICE": 0.3, "NGO": 0.1, "SELF": 0.1}),
        judge_decision_date=day - timedelta(days=chance.between(0, 6)) if is_in else None,
        entry_date=entry if is_in else None,
        exit_date=leaves if has_left else None,
        exit_reason_code=exit_reason if has_left else None,
        service_codes=";".join(services) if is_in else "",
    )


def _refusal(chance: RandomStream, event: Row, day: date, *, is_second: bool) -> str | None:
    is_child = day.year - int(event["birth_year"]) < 18
    is_man = event["sex_code"] == "M" and not is_child
    if is_man and day.year < profile.MEN_SHELTER_FROM:
        return "SEX"
    if is_child and chance.flip(0.35):
        return "AGE"
    if chance.flip(0.12 if is_second else 0.30):
        return "NO_JUDGE_ORDER"
    return "NO_COMPLAINT" if chance.flip(0.04) else None


def _facility(event: Row, day: date) -> str:
    if event["sex_code"] == "M" and day.year >= profile.MEN_SHELTER_FROM:
        return "دار ب"
    is_south = event["governorate_code"] in {"IQG02", "IQG03", "IQG04", "IQG05", "IQG14", "IQG17"}
    return "دار ج" if is_south and day.year >= profile.MEN_SHELTER_FROM else "دار أ"
