"""No ratio, product or difference of exact released figures gives a figure that is withheld or not released.

The first public figure of this kind was a number of beds: nights offered by the only shelter for men, divided by the
days of the year. What rounding leaves open is asked by the joint audit; this search asks what nobody rounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd
import pytest

from expectations.candidates import candidate
from expectations.cards.cells import DIMENSIONS, KEY, TOTAL, measure_ids
from expectations.cards.dataset_card import dataset_names
from expectations.cards.population import residents
from ingestion.home import Home
from ingestion.warehouse import connect
from tests.end_to_end.arithmetic_search import DAYS, Revealed, Series, find_revealed

EXACT = ("NONE", "PUBLISHED", "EXACT", "DERIVED")
FEW = 3
"""What is told of fewer institutions is each one's own."""

BEDS = {"2022": 50.0, "2023": 50.0, "2024": 60.0}
NIGHTS = {"2022": 18250.0, "2023": 18250.0, "2024": 21960.0}
OF_ALL = {"2022": 62050.0, "2023": 62050.0, "2024": 65880.0}


def by_area(rows: pd.DataFrame, names: pd.Series) -> dict[str, dict[str, Series]]:
    """The figures of each series by area, name and year."""
    found: defaultdict[str, defaultdict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    columns = (rows["ref_area"], names, rows["time_period"], rows["obs_value"])
    for area, name, year, value in zip(*columns, strict=True):
        found[str(area)][str(name)][str(year)] = float(value)
    return {area: dict(series) for area, series in found.items()}


def _names(rows: pd.DataFrame) -> pd.Series:
    codes = rows[list(DIMENSIONS)].astype(str).agg(lambda row: " ".join(code for code in row if code != TOTAL), axis=1)
    return measure_ids(rows).astype(str) + " " + codes


def released_rows(home: Home) -> pd.DataFrame:
    """The newest released rows of all datasets, each cell once, read from the bytes that anybody has."""
    folders = [home.releases / name for name in dataset_names()]
    files = [folder / (folder / "latest").read_text(encoding="utf-8").strip() / "data.csv" for folder in folders]
    rows = pd.concat([pd.read_csv(path, dtype="str", keep_default_na=False) for path in files], ignore_index=True)
    return rows.assign(obs_value=pd.to_numeric(rows["obs_value"])).drop_duplicates(list(KEY))


def exact_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Those that are as they were counted; a share of rounded counts is none of them."""
    rounded = set(rows.loc[rows["disclosure_method"].str.startswith("ROUNDED"), "indicator"])
    is_exact = rows["disclosure_method"].str.startswith(EXACT) & rows["obs_value"].notna()
    return rows[is_exact & ~((rows["disclosure_method"] == "DERIVED") & rows["indicator"].isin(rounded))]


def of_few_institutions(home: Home) -> dict[str, dict[str, Series]]:
    """What fewer than three shelters tell of themselves, by each code that a shelter has: beds, residents, nights."""
    with connect(home, read_only=True) as connection:
        shelters = connection.execute("select * from fct_facility").df()
    amounts = ["capacity_count", "resident_count", "occupied_night_count", "place_night_count"]
    found: dict[str, dict[str, Series]] = defaultdict(dict)
    for column in ("", "facility_type_code", "governorate_code", "facility_code"):
        keys = ["region_code", "reference_year", *([column] if column else [])]
        sums = shelters.groupby(keys)[amounts].sum().assign(shelters=shelters.groupby(keys).size())
        for place, row in sums[sums["shelters"] < FEW].iterrows():
            region, year, *code = place if isinstance(place, tuple) else (place,)
            for amount in amounts:
                name = f"{amount} of {' '.join(map(str, code)) or 'all'}"
                found[str(region)].setdefault(name, {})[str(year)] = float(row[amount])  # pyright: ignore[reportIndexIssue]
    return found


def hidden_cells(home: Home, released: pd.DataFrame) -> dict[str, dict[str, Series]]:
    """The true figures of cells whose release says something else, or nothing."""
    cells = pd.concat([candidate.read_cells(home, name) for name in dataset_names()]).drop_duplicates(list(KEY))
    cells = cells[cells["obs_value"].notna()]
    exact = exact_rows(released).set_index(list(KEY)).index
    hidden = cells[~cells.set_index(list(KEY)).index.isin(exact)]
    return by_area(hidden, _names(hidden))


def revealed_of(home: Home) -> list[Revealed]:
    """What the newest releases of a home reveal by arithmetic."""
    released = released_rows(home)
    exact = exact_rows(released)
    shown, cells, shelters = by_area(exact, _names(exact)), hidden_cells(home, released), of_few_institutions(home)
    people: dict[str, dict[str, Series]] = {
        area: {"residents": {year: value for (place, year, *codes), value in residents().items()
                             if place == area and set(codes) == {TOTAL}}}
        for area in shown
    }  # fmt: skip
    return [
        revealed
        for area, series in sorted(shown.items())
        for hidden in (cells.get(area, {}), shelters.get(area, {}))
        for revealed in find_revealed(series, hidden, people[area])
    ]


@pytest.mark.whole_home
def test_arithmetic_over_released_figures_gives_no_figure_that_is_not_released(demo: Home) -> None:
    assert revealed_of(demo) == []


@pytest.mark.parametrize(
    ("released", "how"),
    [
        ({"nights": NIGHTS}, f"nights / {DAYS}"),
        ({"nights of all": OF_ALL, "nights of women": {year: OF_ALL[year] - NIGHTS[year] for year in OF_ALL}},
         f"(nights of all - nights of women) / {DAYS}"),
        ({"nights": {year: 2 * value for year, value in NIGHTS.items()}, "shelters": dict.fromkeys(NIGHTS, 2.0)}, ""),
    ],
)  # fmt: skip
def test_beds_behind_nights_are_found(released: Mapping[str, Series], how: str) -> None:
    found = find_revealed(released, {"beds": BEDS}, {})
    assert (Revealed("beds", how) in found) == bool(how)


def test_a_withheld_part_is_found_as_the_rest_of_its_whole_and_by_its_share() -> None:
    whole, part = {"2022": 4811.0, "2023": 5377.0, "2024": 6102.0}, {"2022": 1207.0, "2023": 1311.0, "2024": 1502.0}
    rest = {year: whole[year] - part[year] for year in whole}
    assert find_revealed({"whole": whole, "rest": rest}, {"part": part}, {}) == [Revealed("part", "whole - rest")]
    per_place = {year: value * 15 for year, value in part.items()}
    found = find_revealed({"sum": per_place, "places": dict.fromkeys(whole, 15.0)}, {"part": part}, {})
    assert found == [Revealed("part", "sum / places")]
    assert find_revealed({"whole": whole}, {"part": part}, {"residents": rest}) == [
        Revealed("part", "whole - residents")
    ]


def test_small_figures_that_agree_by_chance_and_figures_that_are_released_are_no_finding() -> None:
    small = {"a": {"2023": 5.0, "2024": 4.0}, "b": {"2023": 3.0, "2024": 1.0}}
    assert find_revealed(small, {"c": {"2023": 2.0, "2024": 3.0}}, {}) == []
    assert find_revealed({"nights": NIGHTS, "beds": BEDS}, {"the same beds": BEDS}, {}) == []
