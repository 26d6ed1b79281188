"""Residents: the seed is what its sources and steps make, adds up, and lies near what else was published."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from docs.machinery.resident_estimates import AGES, BIRTHS, HEAD, KURDISTAN, SEED, rows, share_out
from expectations.cards.areas import all_leaves, region_of
from expectations.cards.population import residents

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "population"
YEARS = [str(year) for year in range(2016, 2026)]
CELLS = [(sex, age) for sex in ("F", "M", "_T") for age in ("Y0T17", "Y_GE18", "_T")]


def test_the_seed_is_what_the_published_figures_and_steps_make() -> None:
    with SEED.open(encoding="utf-8", newline="") as stream:
        assert [tuple(row) for row in csv.reader(stream)] == [HEAD, *(tuple(map(str, row)) for row in rows())]


def test_cells_add_up_over_places_sexes_and_ages() -> None:
    known = residents()
    leaves = [leaf for leaf in all_leaves() if leaf != "IQ-FED-U"]
    assert {leaf for leaf in leaves if region_of(leaf) == "IQ-KR"} == set(KURDISTAN)
    for year in YEARS:
        for sex, age in CELLS:
            assert known["IQ", year, sex, age] == sum(known[leaf, year, sex, age] for leaf in leaves)
            assert known["IQ", year, sex, age] == sum(known[area, year, sex, age] for area in ("IQ-FED", "IQ-KR"))
        for area in ("IQ", *leaves):
            assert known[area, year, "_T", "_T"] == sum(known[area, year, sex, "_T"] for sex in "FM")
            assert known[area, year, "F", "_T"] == sum(known[area, year, "F", age] for age in ("Y0T17", "Y_GE18"))


def test_a_place_that_nobody_lives_in_has_no_residents() -> None:
    assert ("IQ-FED-U", "2024", "_T", "_T") not in residents()
    assert ("IQ", "2015", "_T", "_T") not in residents()
    assert ("IQ", "2024", "_U", "_T") not in residents()


def test_estimates_lie_near_what_was_published_and_not_used() -> None:
    """The census: 6.37 million in the Kurdistan Region (rounded). The ministry's estimate of 2021: Baghdad 21.3 %."""
    known = residents()
    assert known["IQ-KR", "2024", "_T", "_T"] == pytest.approx(6_370_000, rel=0.02)
    baghdad, country = (known[area, "2021", "_T", "_T"] for area in ("IQG08", "IQ"))
    assert baghdad / country == pytest.approx(8_780_422 / 41_190_658, rel=0.001)


@pytest.mark.parametrize("whole", [0, 1, 7, 100])
def test_parts_are_whole_and_make_the_whole(whole: int) -> None:
    parts = share_out(whole, {"a": 1, "b": 1, "c": 1.5})
    assert sum(parts.values()) == whole
    assert all(abs(parts[name] - whole * weight / 3.5) < 1 for name, weight in {"a": 1, "b": 1, "c": 1.5}.items())


@pytest.mark.real_input
def test_typed_figures_are_those_of_the_tables() -> None:
    with (SHARED / "wpp2024_iraq_births_deaths_change_1950-2023.csv").open(encoding="utf-8", newline="") as stream:
        births = {int(row["year"]): (float(row["births"]), float(row["cbr"])) for row in csv.DictReader(stream)}
    assert {year: births[year] for year in BIRTHS} == BIRTHS
    with (SHARED / "wpp2019_iraq_by_age_sex_5yearly_1950-2100.csv").open(encoding="utf-8", newline="") as stream:
        ages = list(csv.DictReader(stream))
    for year, sexes in AGES.items():
        for sex, typed in sexes.items():
            own = [row for row in ages if row["year"] == str(year) and row["sex"] == sex]
            groups = (("0-4", "5-9", "10-14"), ("15-19",), {row["age"] for row in own})
            found = [sum(float(row["population_thousands"]) for row in own if row["age"] in one) for one in groups]
            assert found == pytest.approx(typed, abs=0.001)
