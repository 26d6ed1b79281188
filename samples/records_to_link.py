"""What five holders know of the persons of the invented country, as records to link, with the truth.

Belongs here: which holder sees whom, and the errors in each field, at the shares used to measure the method.
Does not belong here: linking (`methods/linkage`); the exports that the agencies send (`bodies/`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pandas as pd

from methods.linkage import name_codes
from methods.linkage.name_spelling import spell_parts
from samples.life import naming, profile
from samples.life.chance import RandomStream
from samples.life.country import Country, invent_country, rows_of

HOLDERS: Mapping[str, tuple[float, naming.Script]] = {
    "court": (0.25, "arabic"),
    "kurdistan": (0.20, "sorani"),
    "migration_agency": (0.20, "latin"),
    "police": (0.24, "arabic"),
    "shelter": (0.18, "arabic"),
}
"""Holder -> the share of victims that it sees, and the script in which its clerks type names."""

_YEARS = (2023, 2025)
_KEY = name_codes.key_of_year(b"marsad demo holders' key: public", 2025)
_NEAR_YEARS = {-2: 0.02, -1: 0.04, 0: 0.88, 1: 0.04, 2: 0.02}
_OTHER = {"governorate_code": 0.15, "form_code": 0.15, "citizenship_code": 0.03, "sex_code": 0.01}
_MISSING = {"birth_year": 0.05, "governorate_code": 0.03, "form_code": 0.04, "citizenship_code": 0.03}
_COURT_DELAY = 60  # days on average


def records_of(seed: int, count: int, *, tokens_missing: float, codes_held: float) -> pd.DataFrame:
    """Return about `count` records of five holders, three years of them.

    Args:
        seed: seed of the country and of all errors.
        count: number of records, give or take one.
        tokens_missing: share of records without a pseudonymous ID.
        codes_held: share of records with codes of names.

    Returns:
        The columns of `methods.linkage.person_records.COLUMNS`, `token` (None if there is none), and `person`, the
        truth.
    """
    chance = RandomStream(seed, "records to link")
    seen = _seen_victims(chance, invent_country(seed, *_YEARS, size=count / 700))
    rows: list[dict[str, Any]] = []
    for victim, holder in seen[:count]:
        row = _type_record(chance, victim, holder) | _code_names(chance, seed, victim, holder, codes_held)
        row |= {"record": f"{holder}/{len(rows):05d}", "holder": holder, "person": victim["person_number"]}
        row["token"] = None if chance.flip(tokens_missing) else victim["person_token"]
        rows.append(row)
    return pd.DataFrame(rows)


def _seen_victims(chance: RandomStream, country: Country) -> list[tuple[dict[str, Any], str]]:
    """Return victims with the holders that see them, each person by one of its events, in random order."""
    joined = country.episodes.merge(country.persons, on="person_number").merge(country.cases, on="case_number")
    victims = rows_of(joined.drop_duplicates("person_number"))
    pairs = [(victim, holder) for victim in victims for holder, (share, _) in HOLDERS.items() if chance.flip(share)]
    of_person = {victim["person_number"]: chance.between(0, 10**9) for victim in victims}
    return sorted(pairs, key=lambda pair: (of_person[pair[0]["person_number"]], pair[1]))


def _type_record(chance: RandomStream, victim: dict[str, Any], holder: str) -> dict[str, Any]:
    delay = chance.between(0, 2 * _COURT_DELAY) if holder == "court" else chance.between(0, 6)
    row = {
        "birth_year": victim["birth_year"] + chance.pick(_NEAR_YEARS),
        "sex_code": victim["sex_code"],
        "governorate_code": victim["governorate_code"],
        "citizenship_code": victim["citizenship_code"],
        "form_code": victim["form_code"],
        "first_date": victim["contact_date"] + timedelta(days=delay),
    }
    others: dict[str, list[str]] = {
        "governorate_code": [*profile.FEDERAL_AREAS],
        "form_code": [*profile.FORMS],
        "citizenship_code": ["IRQ", "SYR", "IRN"],
        "sex_code": ["F", "M"],
    }
    row |= {field: chance.one_of(others[field]) for field, share in _OTHER.items() if chance.flip(share)}
    return row | {field: None for field, share in _MISSING.items() if chance.flip(share)}


def _code_names(
    chance: RandomStream, seed: int, victim: dict[str, Any], holder: str, held: float
) -> dict[str, str | None]:
    if not chance.flip(held):
        return {f"{part}_code": None for part in name_codes.PARTS}
    name = naming.name_of(seed, victim["person_number"], victim["sex_code"])
    script = HOLDERS[holder][1]
    full = naming.spell_name(chance, [name.given, name.father, name.grandfather, name.family], script)
    mother = naming.spell_name(chance, [name.mother], script)
    return name_codes.codes_of(_KEY, spell_parts(full), spell_parts(mother))
