"""Cases that came late for frozen years are told as one line, the same in every dataset."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from expectations.cards.cells import DIMENSIONS, KEY
from expectations.protection import protect_datasets
from expectations.protection.late_cases import LateLine, additions, late_lines
from expectations.published import ledger
from ingestion.home import Home
from tests.expectations import toy_home


def _base(**counts: int) -> pd.DataFrame:
    totals = ["_T"] * len(DIMENSIONS)
    rows = [(*name.split("_"), "IQG08", "2024", *totals, count) for name, count in counts.items()]
    frame = pd.DataFrame(rows, columns=[*KEY, "obs_value"])
    return frame.assign(form=frame["measure"], measure="COUNT")


def test_what_was_taken_out_or_moved_is_not_late_and_a_person_in_two_measures_counts_once():
    then, now = _base(PRT_A=5, PRT_B=9, PRS_A=2), _base(PRT_A=9, PRT_B=3, PRS_A=5, NEW_A=50)
    assert additions(then, now) == 4


def test_units_are_never_added_up_and_blocks_of_one_year_count_once():
    frozen = [("VICTIM", "2023", 9), ("VICTIM", "2023", 7), ("VICTIM", "2022", 1), ("ACCUSED", "2023", 5)]
    assert late_lines(frozen, b"key") == (LateLine("ACCUSED", "fewer", None), LateLine("VICTIM", "fewer", None))


def _released_with(home: Home, late: dict[str, int]) -> dict[str, tuple[list[dict[str, object]], str]]:
    country = toy_home.Country()
    for year, count in late.items():
        country.add(count, year=year, sex="F", age="Y_GE18", form="FORCED_LABOUR")
        codes = ("A5_1" if name == "article" else "_T" for name in DIMENSIONS)
        country.convictions[("IQG08", year, *codes)] += 40  # something else to release
    toy_home.build(home, country)
    toy_home.publish(home)
    found: dict[str, tuple[list[dict[str, object]], str]] = {}
    for dataset in ("four_ps_governorate", "four_ps_national"):
        folder: Path = home.releases / dataset / ledger.entries(home, dataset)[-1].version
        notes = (folder / "notes.en.md").read_text(encoding="utf-8")
        found[dataset] = (json.loads((folder / "manifest.json").read_bytes())["late"], notes)
    return found


def test_fewer_than_eleven_late_cases_are_not_counted_in_public(released: Home):
    for late, notes in _released_with(released, {"2023": 4, "2024": 3}).values():
        assert late == [{"unit": "VICTIM", "said": "fewer", "value": None}]
        assert "notes.past.late_fewer unit=unit.VICTIM cases=11" in notes


def test_eleven_or_more_over_all_frozen_years_are_told_rounded_and_alike_everywhere(released: Home):
    told = _released_with(released, {"2023": 9, "2024": 8})
    for late, notes in told.values():
        assert late == next(iter(told.values()))[0]
        assert late[0]["value"] in (15, 20)
        assert f"notes.past.late_about unit=unit.VICTIM cases={late[0]['value']}" in notes
    assert {outcome.state for outcome in protect_datasets.last_report(released).outcomes} == {"frozen", "revised"}
