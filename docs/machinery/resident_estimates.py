"""Makes the seed of residents: by governorate, region, country, year, sex, and under or over 18.

Belongs here: published figures, typed in with their sources, and the steps from them to cells that nobody published.
`python docs/machinery/resident_estimates.py` writes `dbt_project/seeds/population.csv`; a new year is a line here.
Does not belong here: the rates (`expectations/protection/derived_figures.py`).

`docs/methods/residents.md` tells the steps and how far they can be trusted.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

SEED = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds" / "population.csv"
HEAD = ("ref_area", "time_period", "sex", "age", "person_count", "basis")
PUBLISHED, ESTIMATED = "published", "estimated"
TOTAL, CHILDREN, ADULTS = "_T", "Y0T17", "Y_GE18"
SEXES = ("F", "M")
KURDISTAN = ("IQG06", "IQG06Q05", "IQG09", "IQG11")

# The country by sex as published. 2024: census of November 2024, final results of the Ministry of Planning, reported on
# 24 February 2025. 2025: United Nations, World Population Prospects 2024 (CC BY 3.0 IGO), medium variant, 1 July.
COUNTRY = {2024: {"M": 23_161_604, "F": 22_957_189}, 2025: {"M": 23_866_940, "F": 23_648_481}}

# Births in thousands and births per thousand residents, World Population Prospects 2024: their ratio is the residents
# on 1 July, which that edition tells by itself only from 2024 on.
BIRTHS = {
    2016: (1146.998, 29.816),
    2017: (1113.403, 28.304),
    2018: (1113.895, 27.664),
    2019: (1122.563, 27.252),
    2020: (1130.421, 26.840),
    2021: (1139.167, 26.448),
    2022: (1145.989, 26.004),
    2023: (1159.682, 25.728),
}

# Thousands aged 0-14, 15-19 and in all, World Population Prospects 2019 (CC BY 3.0 IGO), by year and sex.
AGES = {
    2015: {"F": (6799.861, 1864.143, 17588.528), "M": (7183.823, 1953.876, 17983.741)},
    2020: {"F": (7372.881, 2022.766, 19864.725), "M": (7796.530, 2128.810, 20357.778)},
    2025: {"F": (7919.488, 2212.926, 22301.103), "M": (8376.538, 2331.216, 22886.150)},
}
UNDER_18_OF_15_TO_19 = 3 / 5

# Projection of the Central Statistical Organization for 2018. The total of 38,124,182, Baghdad and Muthanna stand in
# Elaph of 1 October 2018; the others as public compilations reproduce them. Halabja is what is left of the total.
PROJECTION_TOTAL = 38_124_182
PROJECTION = {
    "IQG01": 1_771_656,
    "IQG02": 2_908_491,
    "IQG03": 814_371,
    "IQG04": 1_471_592,
    "IQG05": 1_291_048,
    "IQG06": 2_053_305,
    "IQG07": 2_065_042,
    "IQG08": 8_126_755,
    "IQG09": 1_292_535,
    "IQG10": 1_637_226,
    "IQG11": 1_854_778,
    "IQG12": 1_218_732,
    "IQG13": 1_597_876,
    "IQG14": 1_112_673,
    "IQG15": 3_729_998,
    "IQG16": 1_595_235,
    "IQG17": 2_095_172,
    "IQG18": 1_378_723,
}


def rows() -> Iterator[tuple[str | int, ...]]:
    """Yield the rows of the seed, by area, year, sex and age: all cells add up in every direction."""
    estimates = [row for year in (*BIRTHS, *COUNTRY) for row in _rows_of_year(year)]
    yield from sorted(estimates, key=lambda row: row[:4])


def share_out(whole: int, weights: Mapping[str, float]) -> dict[str, int]:
    """Return `whole` in parts as near to the weights as whole persons allow: the largest remainders are rounded up."""
    exact = {name: whole * weight / sum(weights.values()) for name, weight in weights.items()}
    parts = {name: int(value) for name, value in exact.items()}
    by_remainder = sorted(weights, key=lambda name: (parts[name] - exact[name], name))
    for name in by_remainder[: whole - sum(parts.values())]:
        parts[name] += 1
    return parts


def _rows_of_year(year: int) -> Iterator[tuple[str | int, ...]]:
    leaves = PROJECTION | {"IQG06Q05": PROJECTION_TOTAL - sum(PROJECTION.values())}
    cells: dict[tuple[str, str, str], int] = {}
    for sex, persons in _sexes(year).items():
        young = round(persons * _share_of_children(year, sex))
        for age, whole in ((CHILDREN, young), (ADULTS, persons - young)):
            for leaf, part in share_out(whole, leaves).items():
                region = "IQ-KR" if leaf in KURDISTAN else "IQ-FED"
                for place in ((a, s, g) for a in (leaf, region, "IQ") for s in (sex, TOTAL) for g in (age, TOTAL)):
                    cells[place] = cells.get(place, 0) + part
    for (area, sex, age), persons in cells.items():
        basis = PUBLISHED if area == "IQ" and age == TOTAL and year in COUNTRY else ESTIMATED
        yield area, year, sex, age, persons, basis


def _sexes(year: int) -> Mapping[str, int]:
    if year in COUNTRY:
        return COUNTRY[year]
    births, per_thousand = BIRTHS[year]
    shares = {sex: _interpolate(year, {when: ages[sex][2] for when, ages in AGES.items()}) for sex in SEXES}
    return share_out(round(births / per_thousand * 1e6), shares)


def _share_of_children(year: int, sex: str) -> float:
    known = {when: (ages[sex][0] + UNDER_18_OF_15_TO_19 * ages[sex][1]) / ages[sex][2] for when, ages in AGES.items()}
    return _interpolate(year, known)


def _interpolate(year: int, known: Mapping[int, float]) -> float:
    """The value of a year on the straight line between the years before and after it."""
    first, last = max(when for when in known if when <= year), min(when for when in known if when >= year)
    return known[first] + (known[last] - known[first]) * (year - first) / max(last - first, 1)


if __name__ == "__main__":
    with SEED.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([HEAD, *rows()])
