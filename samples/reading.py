"""How one value is read from the records of one fact: the semantics that all expected figures share.

Belongs here: which record's value counts, and the area, sex, age, citizenship and form that records tell of.
Does not belong here: which records are one fact (`truth.py`), or what is counted of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from samples.bodies.sight import Row

UNKNOWN = "_U"
FEDERAL, FEDERAL_UNKNOWN, REGION = "IQ-FED", "IQ-FED-U", "IQ-KR"
REGION_LEAVES = ("IQG06", "IQG09", "IQG11", "IQG06Q05")
FORMS = ("SEXUAL", "FORCED_LABOUR", "BEGGING", "ORGAN", "CHILD_SALE", "OTHER", "MULTIPLE", UNKNOWN)


def first(records: Sequence[Row], field: str) -> Any:  # noqa: ANN401 - whatever the field holds
    """Return the first known value: bodies agree on dates, so the first is also the earliest."""
    return next((row[field] for row in records if row.get(field) not in (None, UNKNOWN)), None)


def area(records: Sequence[Row]) -> str:
    """Return the governorate, or the leaf of the federal rows without one."""
    return first(records, "governorate_code") or FEDERAL_UNKNOWN


def sex(records: Sequence[Row]) -> str:
    """Return the sex as recorded."""
    return first(records, "sex_code") or UNKNOWN


def age_in_years(records: Sequence[Row], year: int) -> int | None:
    """Return the age as told, else the year less that of birth."""
    years, birth_year = first(records, "age_years"), first(records, "birth_year")
    return year - birth_year if years is None and birth_year is not None else years


def age(records: Sequence[Row], year: int) -> str:
    """Return under eighteen or not."""
    years = age_in_years(records, year)
    if years is None:
        return first(records, "age_group_code") or UNKNOWN
    return "Y0T17" if years < 18 else "Y_GE18"


def region(records: Sequence[Row]) -> str:
    """Return the region of the area."""
    return REGION if area(records) in REGION_LEAVES else FEDERAL


def citizenship(records: Sequence[Row]) -> str:
    """Return Iraqi, foreign (stateless persons with them) or unknown."""
    code = first(records, "citizenship_code")
    return UNKNOWN if code is None else "IRQ" if code == "IRQ" else "FOREIGN"


def form(records: Sequence[Row]) -> str:
    """Return the published form of exploitation."""
    codes = first(records, "exploitation_codes")
    if codes is None:
        return UNKNOWN
    forms = {code if code in FORMS else "OTHER" for code in codes.split(";")}
    return forms.pop() if len(forms) == 1 else "MULTIPLE"
