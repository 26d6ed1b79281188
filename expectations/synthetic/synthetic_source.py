"""The source of a synthetic file: one row per person registered in a year, in six coarse columns.

Belongs here: the columns, their codes, how citizenship and means are grouped, and which event represents a person.
Does not belong here: noise (`methods/disclosure/noise/synthetic_records.py`), the budget (`privacy_budget.py`), the
released files.

A person appears in one row of one year: that of her first registration. So the files of several years share nobody, and
a person's privacy loss is one year's budget, not the sum over years.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from expectations.cards.areas import REGIONS
from expectations.cards.codes import SEEDS, codes_of, standing_never_entries
from ingestion.home import Home
from ingestion.warehouse import connect
from languages.refusal import Refusal

COLUMNS = ("ref_area", "sex", "age", "form", "citizenship", "means")
UNKNOWN = "_U"
NATIONAL = "IRQ"
FOREIGN = "FOREIGN"  # includes stateless persons
SEVERAL = "MULTIPLE"
# Article 1 of Law 28/2012 and Article 3 of the Palermo Protocol list the means; few enough to be published together.
MEANS = {
    "MEANS_FORCE_THREAT": "FORCE",
    "MEANS_COERCION": "FORCE",
    "MEANS_ABDUCTION": "FORCE",
    "MEANS_FRAUD": "DECEPTION",
    "MEANS_DECEPTION": "DECEPTION",
    "MEANS_ABUSE_POWER": "ABUSE",
    "MEANS_APOV": "ABUSE",
    "MEANS_PAYMENT": "PAYMENT",
    "NONE": "NONE",
}
_QUERY = """
    select
        coalesce(person_token, fact_key) as person,
        contact_year, region_code, sex_code, age_group_code, form_code, citizenship_code, means_codes
    from fct_victim_event
    where contact_year is not null
    qualify row_number() over (
        partition by coalesce(person_token, fact_key) order by contact_year, fact_key
    ) = 1
"""


def domains() -> dict[str, list[str]]:
    """Return column -> its codes, from the code lists, whatever codes the data hold."""
    return {
        "ref_area": list(REGIONS),
        "sex": sorted(codes_of("sex")),
        "age": sorted(codes_of("age")),
        "form": sorted(codes_of("form")),
        "citizenship": [FOREIGN, NATIONAL, UNKNOWN],
        "means": sorted({*MEANS.values(), SEVERAL, UNKNOWN}),
    }


def never_combinations() -> list[Mapping[str, str]]:
    """Return the combinations that no synthetic record has: those that no release prints."""
    return standing_never_entries([COLUMNS])


def records(home: Home, year: str) -> pd.DataFrame:
    """Return the true records of a registration year (`COLUMNS`), labelled by person. Sealed: only noised tables leave.

    Raises:
        Refusal: `warehouse_missing`, `warehouse_busy`; `synthetic_year_unknown` for a year without a single record.
    """
    with connect(home, read_only=True) as connection:
        events = connection.execute(_QUERY).df()
    of_year = events[events["contact_year"] == int(year)] if year.isdecimal() else events.head(0)
    if of_year.empty:
        raise Refusal("synthetic_year_unknown", where=year)
    frame = pd.DataFrame(
        {
            "ref_area": of_year["region_code"],
            "sex": of_year["sex_code"],
            "age": of_year["age_group_code"],
            "form": of_year["form_code"],
            "citizenship": [citizenship_group(code) for code in of_year["citizenship_code"]],
            "means": [
                means_group(codes)
                for codes in of_year["means_codes"].astype(object).where(of_year["means_codes"].notna(), "")
            ],
        },
        columns=list(COLUMNS),
    )
    return frame.set_axis(pd.Index(of_year["person"], name="person"))


def citizenship_group(code: str) -> str:
    """Return `IRQ`, `FOREIGN` or `_U` for a citizenship of the warehouse."""
    return code if code in (NATIONAL, UNKNOWN) else FOREIGN


def means_group(codes: str) -> str:
    """Return the group of the means in a list `MEANS_FRAUD;MEANS_APOV`: MULTIPLE over two groups, _U for none.

    Raises:
        Refusal: `synthetic_code_unknown` for a means that is on no code list.
    """
    stated = [code for code in codes.split(";") if code not in ("", UNKNOWN)]
    if not known_means().issuperset(stated):
        raise Refusal("synthetic_code_unknown", where="means")
    groups = {MEANS[code] for code in stated}
    return (groups.pop() if groups else UNKNOWN) if len(groups) < 2 else SEVERAL


@lru_cache(maxsize=1)
def known_means() -> frozenset[str]:
    """Return the means of the warehouse's code list."""
    with (SEEDS / "means.csv").open(encoding="utf-8", newline="") as stream:
        return frozenset(row["code"] for row in csv.DictReader(stream))
