"""How one value is read from the records of one fact: the semantics that all expected figures share.

Belongs here: which record's value counts, and the area, sex, age, citizenship and form in the records.
Does not belong here: which records are one fact (`truth.py`), or what is counted of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from samples.bodies.sight import Row

UNKNOWN, AMBIGUOUS = "_U", "AMBIGUOUS"
_ADULT = 18
# the day on which an agency wrote a record: its last act, a judgment or a decision if there is one
_WRITTEN_ON = (
    "verdict_date", "identified_date", "prosecuted_date", "contact_date", "request_date", "measure_date",
    "registered_date",
)  # fmt: skip
FEDERAL, FEDERAL_UNKNOWN, REGION = "IQ-FED", "IQ-FED-U", "IQ-KR"
REGION_LEAVES = ("IQG06", "IQG09", "IQG11", "IQG06Q05")
_LAST_DAYS = (
    (7, "D_0_7"), (30, "D_8_30"), (90, "D_31_90"), (180, "D_91_180"), (365, "D_181_365"), (730, "D_366_730"),
)  # fmt: skip
FORMS = ("SEXUAL", "FORCED_LABOUR", "BEGGING", "ORGAN", "CHILD_SALE", "OTHER", "MULTIPLE", UNKNOWN)


def first_known(records: Sequence[Row], field: str) -> Any:  # noqa: ANN401 - whatever the field holds
    """Return the first known value: agencies agree on dates, so the first is also the earliest."""
    return next((row[field] for row in records if row.get(field) not in (None, UNKNOWN)), None)


def area(records: Sequence[Row]) -> str:
    """Return the governorate, or the leaf of the federal rows without one."""
    return first_known(records, "governorate_code") or FEDERAL_UNKNOWN


def sex(records: Sequence[Row]) -> str:
    """Return the sex as recorded."""
    return first_known(records, "sex_code") or UNKNOWN


def ages_on(records: Sequence[Row], day: date) -> tuple[int, int] | None:
    """Return the youngest and the oldest possible age of the person on that day; None if no age was recorded.

    Each record states between which two days the person was born. The nearest one that settles whether the person was a
    child is used; if none does, the nearest.
    """
    read = [(abs((_written_day(row) - day).days), _ages(row, day)) for row in records if _is_age_told(row)]
    # stable sort: precedence decides
    nearest = sorted(read, key=lambda reading: (reading[1][0] < _ADULT <= reading[1][1], reading[0]))
    return nearest[0][1] if nearest else None


def _written_day(row: Row) -> date:
    return next(row[name] for name in _WRITTEN_ON if row.get(name))


def _is_age_told(row: Row) -> bool:
    ages = (row.get("age_years"), row.get("birth_year"))
    return ages != (None, None) or row.get("age_group_code") not in (None, UNKNOWN)


def _ages(row: Row, day: date) -> tuple[int, int]:
    if row.get("age_years") is not None:
        born = _born(_written_day(row), row["age_years"], row["age_years"])
    elif row.get("birth_year") is not None:
        born = date(row["birth_year"], 1, 1), date(row["birth_year"], 12, 31)
    elif row.get("age_group_code") == "Y0T17":
        oldest = _age(_born(_written_day(row), 17, 17)[0], day)
        return 0, oldest
    else:
        return _age(_born(_written_day(row), _ADULT, _ADULT)[1], day), 150
    return _age(born[1], day), _age(born[0], day)


def _born(written: date, youngest: int, oldest: int) -> tuple[date, date]:
    """Return the first and the last possible day of birth of somebody of these ages."""
    return _years_before(written, oldest + 1) + timedelta(days=1), _years_before(written, youngest)


def _years_before(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year - years, 2, 28) if is_leap_day else day.replace(year=day.year - years)


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age(records: Sequence[Row], day: date) -> str:
    """Return whether the person was under eighteen on that day, was not, may have been, or is unknown."""
    ages = ages_on(records, day)
    if ages is None:
        return UNKNOWN
    return "Y0T17" if ages[1] < _ADULT else "Y_GE18" if ages[0] >= _ADULT else AMBIGUOUS


def region(records: Sequence[Row]) -> str:
    """Return the region of the area."""
    return REGION if area(records) in REGION_LEAVES else FEDERAL


def citizenship(records: Sequence[Row]) -> str:
    """Return Iraqi, foreign (including stateless persons) or unknown."""
    code = first_known(records, "citizenship_code")
    return UNKNOWN if code is None else "IRQ" if code == "IRQ" else "FOREIGN"


def form(records: Sequence[Row]) -> str:
    """Return the published form of exploitation."""
    codes = first_known(records, "exploitation_codes")
    if codes is None:
        return UNKNOWN
    forms = {code if code in FORMS else "OTHER" for code in codes.split(";")}
    return forms.pop() if len(forms) == 1 else "MULTIPLE"


def first_day(records: Sequence[Row]) -> date:
    """Return the day of first contact with a victim, else that of the decision that identified it."""
    return first_known(records, "contact_date") or first_known(records, "identified_date")


def duration_band(days: int) -> str:
    """Return the band of a number of days."""
    return next((band for last, band in _LAST_DAYS if days <= last), "D_GE_731")
