"""Every released number can be walked back to its files, inside the house."""

from __future__ import annotations

from typing import Any

import pytest

from expectations.candidates import candidate, lineage
from expectations.cards.cells import DIMENSIONS, matches
from expectations.releases import release
from ingestion.home import Home, sha256_of_bytes
from languages.refusal import Refusal
from tests.expectations import toy_home

NATIONAL, GOVERNORATE = "four_ps_national", "four_ps_governorate"
CELL = {"indicator": "PRT-01", "measure": "COUNT", "ref_area": "IQ-FED", "time_period": "2023"}


def _hops(hops: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [hop for hop in hops if hop["hop"] == name]


def test_a_released_cell_is_walked_back_to_its_file_and_each_hop_has_a_hash(released: Home):
    hops = lineage.trace(released, NATIONAL, {**CELL, "sex": "F"})
    assert [hop["hop"] for hop in hops] == ["release", "cell", "indicator", "facts", "rows", "submission", "file"]
    assert all(len(hop["sha256"]) == 64 for hop in hops)
    assert hops[-1] == {
        "hop": "file",
        "path": f"received/{sha256_of_bytes(toy_home.FILE)}",
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
    true = cells[matches(cells, totals | place)]["obs_value"].tolist()
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
    newest = release.latest(released, NATIONAL)
    assert newest is not None and newest.sequence == 2
    assert _hops(lineage.trace(released, NATIONAL, CELL), "facts") == before
    later = _hops(lineage.trace(released, NATIONAL, {**CELL, "time_period": "2024"}), "facts")
    assert later[0]["count"] == before[0]["count"] + 40


def test_a_file_that_changed_since_is_shown_as_not_intact(released: Home):
    (released.received / sha256_of_bytes(toy_home.FILE)).write_bytes(b"other bytes")
    assert lineage.trace(released, NATIONAL, CELL)[-1]["intact"] is False


@pytest.mark.parametrize("place", [{"sex": "X"}, {"colour": "red"}, {"form": "SEXUAL", "sex": "M"}])
def test_a_cell_that_was_never_released_cannot_be_traced(released: Home, place: dict[str, str]):
    with pytest.raises(Refusal) as refusal:
        lineage.trace(released, NATIONAL, {**CELL, **place})
    assert refusal.value.code == "cell_unknown"


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
