"""A count that joins later by another breakdown: earlier years stay as printed, and the new cells tell no more."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from expectations.candidates import candidate, lineage
from expectations.cards.areas import level_of
from expectations.cards.cells import DIMENSIONS, KEY, REPORTS, TOTAL, read_parquet
from expectations.cards.release_scheme import Scheme
from expectations.gate import verdicts
from expectations.protection import protect_block, protect_datasets
from expectations.protection.constraint_systems import blocks_of_years
from expectations.published import ledger
from expectations.releases.public_audit import audit_release
from ingestion.home import Home, write_json
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
CODE, PART, FIRST, BEFORE = "PRT-31", "PRT-29", "2024", "2023"
GROUPS = ("IRQ", "FOREIGN", "_U")
SMALL = "IQG02"  # the smaller governorate
LATE = {"sex": "F", "age": "Y_GE18", "form": "BEGGING", "ref_area": "IQG08"}


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


def _join_part(home: Home, since: str) -> None:
    """Let a part of the presumed victims join, too: as many in each cell as are identified."""
    with duckdb.connect(str(home.warehouse)) as connection:
        for suffix in ("", "__facts"):
            rows = f"select * from ind_identified{suffix} where time_period >= '{since}'"  # noqa: S608
            connection.execute(f"create table ind_part{suffix} as {rows}")
    meta = {
        "code": PART, "pillar": "protection", "unit_measure": "VICTIM", "dimensions": ["sex", "age", "form"],
        "datasets": [NATIONAL], "first_year": int(since),
        "relations": [{"measure": "NUMERATOR", "kind": "subset", "of": "PRT-01/COUNT"}],
    }  # fmt: skip
    manifest = home.dbt_target / "manifest.json"
    content = json.loads(manifest.read_bytes())
    node = toy_home._node("ind_part", meta)  # pyright: ignore[reportPrivateUsage]
    write_json(manifest, {"nodes": {**content["nodes"], "model.marsad.part": node}})


def _printed(home: Home, dataset: str = NATIONAL) -> pd.DataFrame:
    return read_parquet(protect_datasets.final_bytes(home, dataset)["data.parquet"])


def _again(
    home: Home, first_year: int | None, country: toy_home.Country | None = None, *, part_since: str = ""
) -> None:
    toy_home.prepare(home, country)
    _join(home, first_year)
    if part_since:
        _join_part(home, part_since)
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


def _late(count: int, year: str = FIRST, leaf: str = LATE["ref_area"]) -> toy_home.Country:
    """The toy country with late cases, all of one kind in one governorate."""
    country = toy_home.Country()
    country.add(count, leaf=leaf, year=year, **{name: LATE[name] for name in ("sex", "age", "form")})
    return country


def _outcome(home: Home, year: str = FIRST) -> protect_datasets.BlockOutcome:
    outcomes = protect_datasets.last_report(home).outcomes
    return next(outcome for outcome in outcomes if outcome.year == year and "PRT-01/COUNT" in outcome.block)


def _joined_statuses(home: Home, year: str = FIRST) -> dict[str, set[str]]:
    """Return the marks of the joined count in a year, by area."""
    rows = _printed(home)
    joined = rows[(rows["indicator"] == CODE) & (rows["time_period"] == year)]
    return joined.groupby("ref_area")["obs_status"].agg(set).to_dict()


def _learnt_from_moves(before: Sequence[pd.DataFrame], now: Sequence[pd.DataFrame]) -> dict[str, str]:
    """Return what somebody learns of late cases who lays two releases beside each other.

    A figure that moves contains one of them; what all that moved have in common is theirs.
    """
    both = [
        earlier[earlier["measure"] == "COUNT"].merge(later, on=list(KEY), suffixes=("_then", "_now"))
        for earlier, later in zip(before, now, strict=True)
    ]
    rows = pd.concat(both)
    moved = rows[rows["obs_value_then"].fillna(-1) != rows["obs_value_now"].fillna(-1)]
    codes = {name: set(moved[name]) - {TOTAL} for name in DIMENSIONS}
    codes["ref_area"] = {area for area in moved["ref_area"] if level_of(area) == "governorate"}
    return {name: str(*known) for name, known in codes.items() if len(known) == 1}


@pytest.mark.parametrize(
    ("late", "leaf", "part_since"), [(3, LATE["ref_area"], ""), (4, SMALL, FIRST)], ids=["breakdown", "cohort"]
)
def test_attack_06_few_late_cases_of_a_year_that_a_count_joins_move_no_figure(
    released: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: int, leaf: str, part_since: str
):
    """Printed anew because of the joined count, late cases would be told by governorate, sex, age and form."""
    datasets, country = (NATIONAL, GOVERNORATE), _late(late, leaf=leaf)
    before = [_printed(released, name) for name in datasets]
    anew = Home(shutil.copytree(released.root, tmp_path / "anew"))
    with monkeypatch.context() as patch:
        patch.setattr(protect_block, "frozen_block_year", lambda *_: None)
        _again(anew, int(FIRST), country, part_since=part_since)
    assert _learnt_from_moves(before, [_printed(anew, name) for name in datasets]) == LATE | {"ref_area": leaf}
    _again(released, int(FIRST), country, part_since=part_since)
    assert _learnt_from_moves(before, [_printed(released, name) for name in datasets]) == {}


@pytest.mark.parametrize(
    ("late", "state", "marks"), [(1, "frozen", {"Q"}), (10, "frozen", {"Q"}), (11, "revised", {"A"})]
)
def test_a_count_that_joins_a_year_with_late_cases_is_withheld_there_until_they_are_eleven(
    released: Home, late: int, state: str, marks: set[str]
):
    before = _printed(released)
    _again(released, int(FIRST), _late(late))
    outcome = _outcome(released)
    assert (outcome.state, outcome.safe) == (state, True)
    assert _joined_statuses(released) == {"IQ": {"O"}, "IQ-FED": marks, "IQ-KR": {"O"}}
    now = _printed(released)
    assert now[now["indicator"] != CODE].reset_index(drop=True).equals(before) == (state == "frozen")
    assert all(verdicts.examine(released, name).passed for name in (NATIONAL, GOVERNORATE))
    behind = protect_datasets.pending_base(released)
    sums = behind[behind["time_period"] == FIRST].groupby("indicator")["obs_value"].sum()
    assert sums.get(CODE, sums["PRT-01"]) == sums["PRT-01"], "both count the same persons"


def test_a_part_that_joins_a_frozen_year_is_printed_beside_a_count_that_waits(released: Home):
    """A part of the printed count contradicts no frozen figure: nothing that was printed follows from it."""
    before = _printed(released)
    _again(released, int(FIRST), _late(3), part_since=FIRST)
    assert (_outcome(released).state, _joined_statuses(released)["IQ-FED"]) == ("frozen", {"Q"})
    now = _printed(released)
    part = now[(now["indicator"] == PART) & (now["ref_area"] == "IQ-FED")]
    assert set(part["obs_status"]) == {"A"}
    assert now[~now["indicator"].isin([CODE, PART])].reset_index(drop=True).equals(before)
    assert all(verdicts.examine(released, name).passed for name in (NATIONAL, GOVERNORATE))


def test_a_part_that_joins_a_frozen_year_is_walked_back_although_a_release_has_it_of_another_year(released: Home):
    _again(released, int(FIRST), part_since=FIRST)
    toy_home.publish(released)
    _again(released, int(FIRST), _late(3, BEFORE), part_since=BEFORE)
    assert _outcome(released, BEFORE).state == "frozen"
    toy_home.publish(released)
    entry = ledger.entries(released, NATIONAL)[-1]
    rows = read_parquet(lineage.path_of(released, NATIONAL, entry.version).read_bytes())
    behind = rows[(rows["indicator"] == PART) & (rows["time_period"] == BEFORE)]
    base = ledger.sealed_of(released, entry)
    counted = base[(base["indicator"] == PART) & (base["time_period"] == BEFORE)]["obs_value"].sum()
    assert len(behind.drop_duplicates([*KEY, "member"])) == counted > 0


@pytest.mark.parametrize(("late", "state", "mark"), [(3, "frozen", "Q"), (10, "frozen", "Q"), (11, "revised", "A")])
def test_a_part_that_is_more_than_its_frozen_whole_is_withheld_until_eleven_cases_are_late(
    released: Home, late: int, state: str, mark: str
):
    """In the smaller governorate one woman was counted; with three late ones the part alone has two."""
    before = _printed(released)
    _again(released, int(FIRST), _late(late, leaf=SMALL), part_since=FIRST)
    assert (_outcome(released).state, _joined_statuses(released)["IQ-FED"]) == (state, {mark})
    now = _printed(released)
    part = now[(now["indicator"] == PART) & (now["ref_area"] == "IQ-FED")]
    assert set(part["obs_status"]) == {mark}
    assert now[~now["indicator"].isin([CODE, PART])].reset_index(drop=True).equals(before) == (state == "frozen")
    assert all(verdicts.examine(released, name).passed for name in (NATIONAL, GOVERNORATE))
    toy_home.publish(released)
    assert audit_release(toy_home.latest_folder(released, NATIONAL)).ok


def test_a_count_that_waits_in_a_frozen_year_is_printed_once_the_year_is_revised(released: Home):
    for late, mark in ((3, "Q"), (0, "Q"), (14, "A")):
        _again(released, int(FIRST), _late(late))
        assert _joined_statuses(released)["IQ-FED"] == {mark}, late
        assert not _outcome(released).to_quote, "what is withheld is no other figure"
        toy_home.publish(released)
        assert audit_release(toy_home.latest_folder(released, NATIONAL)).ok


def test_a_year_in_which_a_count_waits_is_audited_by_strangers(released: Home):
    """The count has figures in the other year, so the years have different cells behind one block."""
    _again(released, int(BEFORE), _late(3, BEFORE))
    assert (_joined_statuses(released, BEFORE)["IQ-FED"], _joined_statuses(released)["IQ-FED"]) == ({"Q"}, {"A"})
    toy_home.publish(released)
    assert audit_release(toy_home.latest_folder(released, NATIONAL)).ok
