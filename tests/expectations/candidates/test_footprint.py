"""Every file can be walked forward to the released cells that it touched, and never to others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from expectations.candidates import candidate, lineage
from expectations.candidates.footprint import Footprint, TouchedRelease, footprint
from expectations.cards.cells import KEY, TOTAL, find_matches
from expectations.published import release_withdrawal
from ingestion.home import Home, sha256_of_bytes
from ingestion.submissions import receipts
from languages.refusal import Refusal
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
SOURCE = "iraq_interior_ministry"


@pytest.fixture
def traced(released: Home) -> Home:
    """The released toy home, with the receipt of its one file."""
    kept = receipts.append(released, toy_home.receipt())
    assert kept.submission == toy_home.SUBMISSION
    return released


def _release(found: Footprint, dataset: str) -> TouchedRelease:
    return next(one for one in found.releases if one.dataset == dataset)


def _facts_at(cells: pd.DataFrame, place: Mapping[str, str]) -> int:
    whole = {**dict.fromkeys(KEY[4:], TOTAL), **place}
    return int(cells.loc[find_matches(cells, whole), "facts"].iloc[0])


@pytest.mark.parametrize("asked", ["sha256", "path", "submission"])
def test_a_file_is_found_by_its_hash_its_path_and_its_submission(traced: Home, tmp_path: Path, asked: str) -> None:
    sha256 = sha256_of_bytes(toy_home.FILE)
    own = tmp_path / "the sender's copy.xlsx"
    own.write_bytes(toy_home.FILE)
    names = {"sha256": sha256, "path": str(own), "submission": toy_home.SUBMISSION}
    found = footprint(traced, names[asked])
    assert (found.source, found.sha256, found.submissions) == (SOURCE, sha256, (toy_home.SUBMISSION,))
    assert found.state == "counting"
    assert {one.dataset for one in found.releases} == {NATIONAL, GOVERNORATE}


def test_of_the_only_file_of_a_house_every_counted_cell_has_all_its_facts(traced: Home) -> None:
    found = footprint(traced, toy_home.SUBMISSION)
    for dataset in (NATIONAL, GOVERNORATE):
        true = candidate.read_cells(traced, dataset)
        counted = true[(true["obs_value"] > 0) & (true["indicator"] != "PAR-07")]
        expected = counted.set_index(list(KEY))["obs_value"].astype(int)
        told = _release(found, dataset).cells
        told = told[told["measure"].isin(["COUNT", "NUMERATOR", "DENOMINATOR"])].set_index(list(KEY))["facts"]
        assert told.sort_index().to_dict() == expected.sort_index().to_dict()


def test_a_share_is_touched_through_either_of_its_counts_and_a_zero_is_not_touched(traced: Home) -> None:
    cells = _release(footprint(traced, toy_home.SUBMISSION), NATIONAL).cells
    place = {"ref_area": "IQ-FED", "time_period": "2023"}
    part = _facts_at(cells, {**place, "indicator": "PRS-07", "measure": "NUMERATOR", "article": "A5_1"})
    whole = _facts_at(cells, {**place, "indicator": "PRS-05", "measure": "COUNT"})
    share = _facts_at(cells, {**place, "indicator": "PRS-07", "measure": "SHARE", "article": "A5_1"})
    assert 0 < part < whole
    assert share == part + whole
    nobody = {**place, "indicator": "PRT-01", "measure": "COUNT", "sex": "M", "form": "SEXUAL"}
    assert not find_matches(cells, nobody).any()


def test_the_way_forward_and_the_way_back_meet(traced: Home) -> None:
    found = footprint(traced, toy_home.SUBMISSION)
    place = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQ-FED", "time_period": "2023", "sex": "F"}
    back = lineage.trace(traced, NATIONAL, place)
    facts = next(hop["facts"] for hop in back if hop["hop"] == "facts")
    rows = next(hop["rows"] for hop in back if hop["hop"] == "rows")
    assert set(rows) <= set(found.rows)
    assert {fact for row in rows for fact in found.rows[row]} == set(facts)
    assert _facts_at(_release(found, NATIONAL).cells, place) == len(facts)


def test_a_file_that_shares_a_house_with_another_touches_its_own_cells_only(traced: Home) -> None:
    other = receipts.append(traced, toy_home.receipt(b"another invented workbook", source="iraq_judicial_council"))
    path = lineage.path_of(traced, NATIONAL, _release(footprint(traced, toy_home.SUBMISSION), NATIONAL).version)
    rows = lineage.read_parquet(path.read_bytes())
    theirs = rows["indicator"].eq("PRS-05") & rows["time_period"].eq("2024")
    rows.loc[theirs, "submission"] = other.submission
    toy_home.reseal(traced, path, rows)
    found = footprint(traced, other.submission)
    assert set(_release(found, NATIONAL).cells["time_period"]) == {"2024"}
    assert set(_release(found, NATIONAL).cells["indicator"]) == {"PRS-05", "PRS-07"}  # the share of articles too
    assert set(found.indicators) == {"PRS-05/COUNT"}


def test_a_withdrawn_release_is_told_as_such_and_keeps_its_cells(traced: Home) -> None:
    version = _release(footprint(traced, toy_home.SUBMISSION), NATIONAL).version
    release_withdrawal.withdraw(traced, NATIONAL, version, reason="an invented error", signed_by="statistics section")
    after = _release(footprint(traced, toy_home.SUBMISSION), NATIONAL)
    assert (after.is_withdrawn, len(after.cells) > 0) == (True, True)


def test_a_replaced_file_still_answers_for_what_was_released_of_it(traced: Home) -> None:
    receipts.append(traced, toy_home.receipt(b"a later file", letter_date="2025-03-01"))
    found = footprint(traced, toy_home.SUBMISSION)
    assert (found.state, len(found.releases)) == ("replaced", 2)


def _refusal(home: Home, asked: str) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        footprint(home, asked)
    return refusal.value


def test_a_file_that_was_never_received_is_refused_with_the_nearest_submission(traced: Home) -> None:
    refusal = _refusal(traced, toy_home.SUBMISSION[:-1])
    assert (refusal.code, refusal.arguments["nearest"]) == ("trace_unknown_file", toy_home.SUBMISSION)


def test_a_refused_file_is_refused_with_the_kinds_of_its_findings(traced: Home) -> None:
    refused = toy_home.receipt(b"a workbook of no table", verdict="refused", kinds={"sheet_missing": 1})
    receipts.append(traced, refused)
    refusal = _refusal(traced, refused.sha256)
    assert (refusal.code, refusal.arguments["kinds"]) == ("trace_refused_file", "sheet_missing")


def test_a_file_replaced_before_anything_was_released_of_it_names_what_counts_instead(traced: Home) -> None:
    first = receipts.append(traced, toy_home.receipt(b"first", source="iraq_labour_ministry"))
    second = receipts.append(
        traced, toy_home.receipt(b"second", source="iraq_labour_ministry", letter_date="2025-02-01")
    )
    refusal = _refusal(traced, first.submission)
    assert (refusal.code, refusal.arguments["by"]) == ("trace_replaced_file", second.submission)


def test_a_file_withdrawn_before_anything_was_released_of_it_is_told_with_day_and_reason(traced: Home) -> None:
    kept = receipts.append(traced, toy_home.receipt(b"first", source="iraq_labour_ministry"))
    gone = {"verdict": "withdrawn", "withdraws": kept.submission, "reason": "sent twice", "signed_by": "a section"}
    receipts.append(traced, toy_home.receipt(b"first", source="iraq_labour_ministry", **gone))
    refusal = _refusal(traced, kept.submission)
    assert (refusal.code, refusal.arguments["reason"]) == ("trace_withdrawn_file", "sent twice")


def test_a_file_that_no_build_has_landed_yet_says_so(traced: Home) -> None:
    kept = receipts.append(traced, toy_home.receipt(b"first", source="iraq_labour_ministry"))
    assert _refusal(traced, kept.submission).code == "trace_unbuilt_file"


def test_a_file_of_which_every_row_was_held_back_was_built_and_says_how_many(traced: Home) -> None:
    kept = receipts.append(traced, toy_home.receipt(b"first", source="iraq_labour_ministry"))
    reasons = [{"sheet": "a", "row_number": row, "cell": f"B{row}", "kind": "unknown_code"} for row in (4, 4, 5)]
    empty = {name: {} for name in ("files", "shape_rows", "periods", "kinds")}
    head = {"rules": "", **empty, "quarantined": 2, "corrections": {}, "flagged": []}
    lines = [json.dumps(line) for line in (head, *reasons)]
    (traced.quarantine / f"{kept.submission}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = footprint(traced, kept.submission)
    assert (found.state, found.rows, found.held_back, found.releases) == ("counting", {}, 2, ())
    assert found.as_json()["rows_quarantined"] == 2


def test_rows_that_made_no_fact_are_told_beside_those_that_did(traced: Home) -> None:
    folder = traced.raw / "victims" / f"source={SOURCE}" / f"submission={toy_home.SUBMISSION}"
    folder.mkdir(parents=True)
    pd.DataFrame({"sheet": ["a sheet"], "row_number": [9]}).to_parquet(folder / "rows.parquet")
    found = footprint(traced, toy_home.SUBMISSION)
    assert found.rows[f"{SOURCE}/{toy_home.SUBMISSION}/a_sheet/9"] == []
    assert sum(bool(facts) for facts in found.rows.values()) == len(found.rows) - 1
