"""A count that joins later by another breakdown: earlier years stay as printed, and the new cells tell no more."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from expectations.candidates import candidate
from expectations.cards.cells import DIMENSIONS, KEY, REPORTS, TOTAL, read_parquet
from expectations.cards.release_scheme import Scheme
from expectations.gate import verdicts
from expectations.protection import protect_datasets
from expectations.protection.constraint_systems import blocks_of_years
from ingestion.home import Home, write_json
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
CODE, FIRST, BEFORE = "PRT-31", "2024", "2023"
GROUPS = ("IRQ", "FOREIGN", "_U")


def _join(home: Home, first_year: int | None) -> None:
    """Let presumed victims by citizenship join the warehouse of a toy home, each third one foreign."""
    since = str(first_year or 0)
    with duckdb.connect(str(home.warehouse)) as connection:
        facts = connection.execute("select * from ind_presumed__facts order by time_period, fact_key").df()
        facts = facts[facts["time_period"] >= since].reset_index(drop=True)
        third = (facts.groupby("time_period").cumcount() % 3 == 0).map({True: "FOREIGN", False: "IRQ"})
        facts = facts.assign(ref_area="IQ-FED", **dict.fromkeys(DIMENSIONS, TOTAL)).assign(citizenship=third)
        counted = facts.groupby(["time_period", "citizenship"]).size()
        cells = pd.DataFrame(
            {
                "measure": "COUNT", "ref_area": area, "time_period": year, **dict.fromkeys(DIMENSIONS, TOTAL),
                "citizenship": code, "obs_value": int(counted.get((year, code), 0)) if area == "IQ-FED" else None,
                "obs_status": "A" if area == "IQ-FED" else "O",
                **dict.fromkeys(REPORTS, 2 if area == "IQ-FED" else 0),
            }
            for area in ("IQ-FED", "IQ-KR") for year in sorted(set(facts["time_period"])) for code in GROUPS
        ).astype({"obs_value": "Int64"})  # fmt: skip
        for name, frame in (("ind_by_citizenship__facts", facts), ("ind_by_citizenship", cells)):
            connection.register("incoming", frame)
            connection.execute(f"create table {name} as select * from incoming")  # noqa: S608
            connection.unregister("incoming")
    meta = {
        "code": CODE, "pillar": "protection", "unit_measure": "VICTIM", "dimensions": ["citizenship"],
        "level": "region", "datasets": [NATIONAL], **({"first_year": first_year} if first_year else {}),
        "relations": [{"measure": "COUNT", "kind": "partition", "of": "PRT-01/COUNT"}],
    }  # fmt: skip
    node = toy_home._node("ind_by_citizenship", meta)  # pyright: ignore[reportPrivateUsage]
    write_json(home.dbt_target / "manifest.json", {"nodes": {**dict(toy_home.nodes()), "model.marsad.joined": node}})


def _printed(home: Home, dataset: str = NATIONAL) -> pd.DataFrame:
    return read_parquet(protect_datasets.final_bytes(home, dataset)["data.parquet"])


def _again(home: Home, first_year: int | None, country: toy_home.Country | None = None) -> None:
    toy_home.prepare(home, country)
    _join(home, first_year)
    candidate.build(home)
    protect_datasets.protect(home)


@pytest.mark.parametrize("first_year", [None, 2024])
def test_all_that_was_printed_stays_when_the_same_count_joins_by_another_breakdown(
    released: Home, first_year: int | None
):
    before = {name: _printed(released, name) for name in (NATIONAL, GOVERNORATE)}
    _again(released, first_year)
    for name, rows in before.items():
        now = _printed(released, name)
        assert now[now["indicator"] != CODE].reset_index(drop=True).equals(rows)
        assert verdicts.examine(released, name).passed, "with the earlier release at hand"


def test_no_cell_stands_before_the_first_year_and_the_joined_total_is_the_printed_one(released: Home):
    _again(released, int(FIRST))
    rows = _printed(released)
    joined = rows[rows["indicator"] == CODE]
    assert set(joined["time_period"]) == {FIRST}
    keys = ["ref_area", "time_period"]
    totals = rows[(rows[list(DIMENSIONS)] == TOTAL).all(axis=1) & (rows["measure"] == "COUNT")]
    own, first = (totals[totals["indicator"] == code].set_index(keys)["obs_value"] for code in (CODE, "PRT-01"))
    assert own.dropna().to_dict() == first[own.dropna().index].to_dict() != {}
    federal = joined[(joined["ref_area"] == "IQ-FED") & (joined["citizenship"] != TOTAL)]
    assert abs(federal["obs_value"].sum() - own["IQ-FED", FIRST]) < 5, "a whole that was printed exactly stays exact"


def test_a_measure_belongs_to_no_block_before_its_first_year(protected: Home):
    measures = ["PRT-01/COUNT", "PRT-03/NUMERATOR"]
    scheme = Scheme.read_scheme(protected)
    known = blocks_of_years(measures, [BEFORE, FIRST], scheme)
    _again(protected, int(FIRST))
    joined = blocks_of_years([*measures, f"{CODE}/COUNT"], [BEFORE, FIRST], Scheme.read_scheme(protected))
    assert [block for block, year in joined if year == BEFORE] == [block for block, year in known if year == BEFORE]
    assert [f"{CODE}/COUNT" in block for block, year in joined if year == FIRST] == [True]


@pytest.mark.parametrize("late", [10, 11])
def test_late_cases_of_the_first_year_are_behind_no_joined_cell_until_they_are_eleven(released: Home, late: int):
    """With ten the joined cells are rounded from the frozen base; with eleven the year is revised as always."""
    country = toy_home.Country()
    country.add(late, year=FIRST, sex="F", age="Y_GE18", form="BEGGING")
    _again(released, int(FIRST), country)
    outcome = next(
        outcome
        for outcome in protect_datasets.last_report(released).outcomes
        if outcome.year == FIRST and f"{CODE}/COUNT" in outcome.block
    )
    assert outcome.safe
    assert all(verdicts.examine(released, name).passed for name in (NATIONAL, GOVERNORATE))
    behind = protect_datasets.pending_base(released)
    sums = behind[behind["time_period"] == FIRST].groupby("indicator")["obs_value"].sum()
    assert sums[CODE] == sums["PRT-01"], "both count the same persons"
    assert list(behind.columns)[: len(KEY)] == list(KEY)
