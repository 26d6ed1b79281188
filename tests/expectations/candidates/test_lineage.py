"""Every released number can be walked back to its files, inside the house."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from expectations.candidates import candidate, lineage
from expectations.candidates.received_evidence import ReceivedEvidence
from expectations.cards.cells import DIMENSIONS, find_matches
from expectations.releases import release_listing
from ingestion.home import Home, sha256_of_bytes, write_bytes
from ingestion.submissions import receipts, submission_withdrawal
from languages.refusal import Refusal
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
FIRST, LATER, REASON = toy_home.SUBMISSION, b"a later invented workbook", "it lacked a page of victims"
CELL = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQ-FED", "time_period": "2023"}


@pytest.fixture
def released(released: Home) -> Home:
    """The released toy home, with the receipt of its one file."""
    receipts.append(released, toy_home.receipt())
    return released


def _hops(hops: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [hop for hop in hops if hop["hop"] == name]


def test_a_released_cell_is_walked_back_to_its_file_and_each_hop_has_a_hash(released: Home):
    hops = lineage.trace(released, NATIONAL, {**CELL, "sex": "F"})
    assert [hop["hop"] for hop in hops] == ["release", "cell", "indicator", "facts", "rows", "submission", "file"]
    assert all(len(hop["sha256"]) == 64 for hop in hops)
    assert hops[-1] == {
        "hop": "file",
        "evidence": "printed",
        "path": f"taken/{toy_home.SUBMISSION}",
        "state": "present",
        "intact": True,
        "sha256": sha256_of_bytes(toy_home.FILE),
    }


@pytest.mark.parametrize(
    ("dataset", "place"),
    [
        (NATIONAL, {**CELL, "sex": "F"}),
        (NATIONAL, {**CELL, "age": "Y0T17", "form": "BEGGING"}),
        (GOVERNORATE, {**CELL, "ref_area": "IQG02"}),
        (GOVERNORATE, {**CELL, "indicator": "PRS-07", "measure": "NUMERATOR", "ref_area": "IQG08", "article": "A6_A8"}),
    ],
)
def test_the_facts_behind_a_cell_are_as_many_as_its_true_count(released: Home, dataset: str, place: dict[str, str]):
    hops = lineage.trace(released, dataset, place)
    totals = dict.fromkeys(DIMENSIONS, "_T")
    cells = candidate.read_cells(released, dataset)
    true = cells[find_matches(cells, totals | place)]["obs_value"].tolist()
    assert [hop["count"] for hop in _hops(hops, "facts")] == true
    assert _hops(hops, "rows")[0]["count"] == true[0]


def test_a_share_is_walked_back_through_both_of_its_counts(released: Home):
    hops = lineage.trace(released, NATIONAL, {**CELL, "indicator": "PRT-03", "measure": "SHARE"})
    assert [hop["measure"] for hop in _hops(hops, "facts")] == ["PRT-03/NUMERATOR", "PRT-01/COUNT"]
    assert _hops(hops, "facts")[0]["count"] < _hops(hops, "facts")[1]["count"]


def test_a_rate_is_walked_back_to_its_count_and_names_the_residents_it_is_of(
    empty_home: Home, monkeypatch: pytest.MonkeyPatch
):
    plain = dict(toy_home.nodes())
    rate = {"measure": "RATE", "method": "rate", "numerator": "PRT-01/COUNT", "minimum_base": 10}
    plain["model.marsad.ind_presumed"]["config"]["meta"]["derived"] = [rate]
    monkeypatch.setattr(toy_home, "nodes", lambda: iter(plain.items()))
    toy_home.publish(toy_home.build(empty_home), NATIONAL)
    place = {"indicator": "PRT-01", "time_period": "2024", "ref_area": "IQ-FED"}
    hops = lineage.trace(empty_home, NATIONAL, {**place, "measure": "RATE"})
    counted = lineage.trace(empty_home, NATIONAL, {**place, "measure": "COUNT"})
    assert _hops(hops, "facts") == _hops(counted, "facts")
    assert [hop["place"] for hop in _hops(hops, "residents")] == ["IQ-FED, 2024, _T, _T"]


def test_a_share_over_another_indicators_total_finds_it_although_it_lacks_the_dimension(released: Home):
    place = {**CELL, "indicator": "PRS-07", "measure": "SHARE", "article": "A5_1"}
    part, whole = _hops(lineage.trace(released, NATIONAL, place), "facts")
    assert 0 < part["count"] < whole["count"]


def test_a_held_figure_is_walked_back_to_the_facts_it_was_counted_from(released: Home):
    before = _hops(lineage.trace(released, NATIONAL, CELL), "facts")
    country = toy_home.Country()
    country.add(3, year="2023", sex="F", age="Y_GE18", form="SEXUAL")
    country.add(40, year="2024", sex="F", age="Y_GE18", form="SEXUAL")
    toy_home.build(released, country)
    toy_home.publish(released)
    newest = release_listing.latest(released, NATIONAL)
    assert newest is not None and newest.sequence == 2
    assert _hops(lineage.trace(released, NATIONAL, CELL), "facts") == before
    later = _hops(lineage.trace(released, NATIONAL, {**CELL, "time_period": "2024"}), "facts")
    assert later[0]["count"] == before[0]["count"] + 40


def test_a_figure_that_is_held_after_a_revision_is_walked_back_to_the_revision(released: Home):
    """Publish, revise, hold: what is held is the second print, not the first."""
    toy_home.build(released, _late(40))
    toy_home.publish(released)
    revised = _hops(lineage.trace(released, NATIONAL, CELL), "facts")
    second = release_listing.latest(released, NATIONAL)
    toy_home.build(released, _late(43, new=40))
    toy_home.publish(released, NATIONAL)
    hops = lineage.trace(released, NATIONAL, CELL)
    assert second is not None and second.sequence == 2
    assert [hop["version"] for hop in _hops(hops, "release")] != [second.version]
    assert _hops(hops, "facts") == revised
    assert [(hop["dataset"], hop["printed_in"], hop["year"]) for hop in _hops(hops, "frozen")] == [
        (NATIONAL, second.version, "2023")
    ]


def test_a_held_figure_names_the_release_that_first_printed_it_and_a_figure_of_today_names_none(released: Home):
    first = release_listing.latest(released, NATIONAL)
    for late in (3, 4):
        toy_home.build(released, _late(late, new=20 * late))
        toy_home.publish(released)
    assert first is not None
    (frozen,) = _hops(lineage.trace(released, NATIONAL, CELL), "frozen")
    assert (frozen["printed_in"], frozen["sha256"]) == (first.version, first.manifest_sha256)
    assert not _hops(lineage.trace(released, NATIONAL, {**CELL, "time_period": "2024"}), "frozen")


def test_a_held_figure_stands_beside_the_facts_of_today_where_they_are_others(released: Home):
    toy_home.build(released, _late(3))
    toy_home.publish(released)
    hops = lineage.trace(released, NATIONAL, CELL)
    (facts,), (today,) = _hops(hops, "facts"), _hops(hops, "today")
    assert (today["same"], today["added"], today["gone"], today["count"]) == (False, 3, 0, facts["count"] + 3)
    assert [(hop["evidence"], hop["count"]) for hop in _hops(hops, "rows")] == [
        ("printed", facts["count"]),
        ("today", facts["count"] + 3),
    ]


def _late(count: int, new: int = 0) -> toy_home.Country:
    """Late cases of 2023, and new ones of 2024."""
    country = toy_home.Country()
    country.add(count, year="2023", sex="M", age="Y_GE18", form="BEGGING")
    country.add(new, year="2024", sex="F", age="Y_GE18", form="SEXUAL")
    return country


@pytest.fixture
def withdrawn(released: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A second file with three late cases took the place of the first, which was withdrawn: 2023 is frozen."""
    monkeypatch.setattr(toy_home, "FILE", LATER)
    monkeypatch.setattr(toy_home, "SUBMISSION", f"000002-{sha256_of_bytes(LATER)[:12]}")
    receipts.append(released, toy_home.receipt(LATER))
    toy_home.build(released, _late(3))
    toy_home.publish(released)
    day = datetime.date(2026, 3, 1)
    submission_withdrawal.withdraw(released, FIRST, reason=REASON, signed_by="statistics section", today=day)
    toy_home.build(released, _late(3))
    return released


def test_the_evidence_of_a_withdrawn_file_is_erased_with_day_and_reason_and_stands_beside_that_of_today(
    withdrawn: Home,
):
    hops = lineage.trace(withdrawn, NATIONAL, CELL)
    told = [(hop["evidence"], hop["state"], hop["intact"]) for hop in _hops(hops, "file")]
    assert told == [("printed", "erased", False), ("today", "present", True)]
    first, second = _hops(hops, "submission")
    assert (first["submission"], second["submission"]) == (FIRST, toy_home.SUBMISSION)
    assert first["withdrawn"] == {"date": "2026-03-01", "reason": REASON, "signed_by": "statistics section"}
    assert second["withdrawn"] is None


def test_where_today_counts_the_same_facts_the_cell_shows_the_evidence_of_today_and_then_what_is_gone(withdrawn: Home):
    hops = lineage.trace(withdrawn, NATIONAL, {**CELL, "sex": "F"})
    (facts,), (today,), (rows,) = _hops(hops, "facts"), _hops(hops, "today"), _hops(hops, "rows")
    assert (today["same"], today["count"], today["sha256"]) == (True, facts["count"], facts["sha256"])
    assert rows["evidence"] == "today"
    assert all(f"/{toy_home.SUBMISSION}/" in record for record in rows["rows"])
    assert [(hop["evidence"], hop["state"]) for hop in _hops(hops, "file")] == [
        ("today", "present"),
        ("printed", "erased"),
    ]


def test_of_a_share_one_count_with_other_facts_shows_both(withdrawn: Home):
    hops = lineage.trace(withdrawn, NATIONAL, {**CELL, "indicator": "PRT-03", "measure": "SHARE"})
    assert {hop["measure"]: hop["same"] for hop in _hops(hops, "today")}["PRT-01/COUNT"] is False
    assert [hop["evidence"] for hop in _hops(hops, "rows")] == ["printed", "today"]


def test_before_a_build_nothing_is_known_of_today(withdrawn: Home):
    (withdrawn.candidates / "facts.parquet").unlink()
    hops = lineage.trace(withdrawn, NATIONAL, CELL)
    assert [hop["same"] for hop in _hops(hops, "today")] == [None]
    assert [hop["state"] for hop in _hops(hops, "file")] == ["erased"]


def test_a_file_that_is_gone_without_a_withdrawal_is_missing_and_not_erased(withdrawn: Home):
    (withdrawn.taken / toy_home.SUBMISSION).unlink()
    assert [hop["state"] for hop in _hops(lineage.trace(withdrawn, NATIONAL, CELL), "file")] == ["erased", "missing"]


def test_bytes_that_were_sent_anew_after_a_withdrawal_are_another_submission(withdrawn: Home):
    anew = receipts.append(withdrawn, toy_home.receipt(b"an invented workbook"))
    write_bytes(withdrawn.taken / anew.submission, b"an invented workbook")
    evidence = ReceivedEvidence(withdrawn)
    assert (evidence.file_of(FIRST).state, evidence.file_of(anew.submission).state) == ("erased", "present")
    hops = lineage.trace(withdrawn, NATIONAL, CELL)
    assert [hop["state"] for hop in _hops(hops, "file")] == ["erased", "present"]
    assert [hop["withdrawn"] is None for hop in _hops(hops, "submission")] == [False, True]


def test_what_was_taken_of_bytes_sent_anew_after_a_withdrawal_and_is_gone_is_missing(withdrawn: Home):
    anew = receipts.append(withdrawn, toy_home.receipt(b"an invented workbook"))
    evidence = ReceivedEvidence(withdrawn)
    assert (evidence.file_of(FIRST).state, evidence.file_of(anew.submission).state) == ("erased", "missing")


def test_a_file_that_changed_since_is_shown_as_not_intact(released: Home):
    (released.taken / toy_home.SUBMISSION).write_bytes(b"other bytes")
    last = lineage.trace(released, NATIONAL, CELL)[-1]
    assert (last["intact"], last["state"]) == (False, "altered")


def _refused(released: Home, dataset: str, cell: dict[str, str]) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        lineage.trace(released, dataset, cell)
    return refusal.value


@pytest.mark.parametrize(
    ("place", "code", "told"),
    [
        ({"sex": "X"}, "cell_value", "F"),
        ({"sexx": "F"}, "trace_column", "sex"),
        ({"form": "SEXUAL", "sex": "M"}, "cell_value", ""),
        ({"indicator": "PRT-99"}, "cell_value", "PRT-01"),
    ],
)
def test_a_cell_that_was_never_released_is_refused_with_what_there_is(
    released: Home, place: dict[str, str], code: str, told: str
):
    refusal = _refused(released, NATIONAL, {**CELL, **place})
    assert refusal.code == code
    assert told in str(refusal.arguments["nearest"]).split(", ") or not told


def test_a_place_that_another_dataset_prints_is_refused_with_its_name(released: Home):
    refusal = _refused(released, NATIONAL, {**CELL, "ref_area": "Baghdad"})
    assert (refusal.code, refusal.arguments["others"]) == ("cell_elsewhere", "four_ps_governorate")
    assert refusal.where == "ref_area=Baghdad (IQG08)"


def test_coordinates_that_several_cells_have_are_refused_with_what_parts_them(released: Home):
    refusal = _refused(released, NATIONAL, {"indicator": CELL["indicator"]})
    assert refusal.code == "cell_several"
    assert {"ref_area", "time_period"} <= set(str(refusal.arguments["missing"]).split(", "))


@pytest.mark.parametrize("typed", ["PRT-01", "prt-01", "PRT-1", "prt 1", "PRT1"])
def test_the_code_of_an_indicator_may_be_typed_as_people_write_it(released: Home, typed: str):
    hops = lineage.trace(released, NATIONAL, {**CELL, "indicator": typed})
    assert hops[1]["indicator"] == "PRT-01"


def test_a_home_without_a_release_has_nothing_to_trace(protected: Home):
    with pytest.raises(Refusal) as refusal:
        lineage.trace(protected, NATIONAL, CELL)
    assert refusal.value.code == "nothing_released"


def test_a_damaged_lineage_is_noticed_and_not_read(released: Home):
    path = next((released.lineage / NATIONAL).glob("*.parquet"))
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(Refusal) as refusal:
        lineage.trace(released, NATIONAL, CELL)
    assert refusal.value.code == "bytes_changed"
