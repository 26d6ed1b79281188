"""One count, told by several measures: which published cells are it, and that rounding makes it one figure."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from methods.disclosure.rounding import additive_rounding
from methods.disclosure.rounding.additive_rounding import LADDER, Rung, WantedCells, controlled_rounding
from methods.disclosure.same_counts import same_counts
from methods.disclosure.table_model import Relation, TableModel, build_model
from tests.methods.disclosure.invented_tables import crossed, frame

WHOLE, RATE, CHANNEL, SELF, CHILDREN = "PRT-01/COUNT", "PAR-08/NUMERATOR", "PRT-06/COUNT", "PRT-07/NUMERATOR", "A/COUNT"
AGES = {"age": ("Y0T17", "Y_GE18")}
WAYS = {"cust_breakdown": ("SELF", "POLICE")}
ANCESTORS = {"L1": ("R1", "C"), "L2": ("R1", "C"), "L3": ("R2", "C"), "R1": ("C",), "R2": ("C",)}
RELATIONS = (
    Relation(RATE, "partition", WHOLE),
    Relation(SELF, "partition", CHANNEL, {"cust_breakdown": "SELF"}),
    Relation(CHANNEL, "partition", WHOLE),
    Relation(CHILDREN, "partition", WHOLE, {"age": "Y0T17"}),
)


@lru_cache
def model() -> TableModel:
    """Victims by leaf; their rate by region; their channel in one region only; children by leaf."""
    rows = [
        crossed(WHOLE, ("L1", "L2", "L3"), AGES),
        crossed(RATE, ("R1", "R2"), AGES),
        crossed(CHANNEL, ("R1",), WAYS),
        crossed(SELF, ("R1",), {}),
        crossed(CHILDREN, ("L1", "L2", "L3"), {}),
    ]
    shown = [
        *(crossed(measure, areas, table) for measure in (RATE, WHOLE) for areas in (("C", "R1", "R2"),)
          for table in ({}, AGES)),
        crossed(WHOLE, ("L1", "L3"), AGES),
        *(crossed(CHANNEL, ("C", "R1"), table) for table in ({}, WAYS)),
        crossed(SELF, ("C", "R1"), {}),
        crossed(CHILDREN, ("C", "R2", "L3"), {}),
    ]  # fmt: skip
    base, cells = (frame([row for one in part for row in one.to_dict("records")]) for part in (rows, shown))
    return build_model(base, cells, RELATIONS, ancestors=ANCESTORS, merged={})


@st.composite
def countries(draw: st.DrawFn) -> np.ndarray:
    """True counts that keep the relations."""
    victims = np.array(draw(st.lists(st.integers(0, 40), min_size=6, max_size=6)))
    by_region = np.concatenate([victims[:2] + victims[2:4], victims[4:]])
    here = int(by_region[:2].sum())
    of_their_own = draw(st.integers(0, here))
    ways = [of_their_own, here - of_their_own]
    return np.concatenate([victims, by_region, ways, [of_their_own], victims[::2]])


def named(cell: int) -> str:
    row = model().cells.iloc[cell]
    codes = [str(row[name]) for name in ("age", "cust_breakdown") if row[name] != "_T"]
    return " ".join([str(row["measure"]), str(row["area"]), *codes])


def test_the_cells_of_one_count_lead_to_the_measure_that_defines_it():
    leads = {named(cell): named(int(leader)) for cell, leader in enumerate(same_counts(model()))}
    wanted = {
        "PRT-01/COUNT R1": "PRT-01/COUNT R1",
        "PAR-08/NUMERATOR R1": "PRT-01/COUNT R1",
        "PAR-08/NUMERATOR R1 Y0T17": "PRT-01/COUNT R1 Y0T17",
        "PRT-06/COUNT R1": "PRT-01/COUNT R1",
        "PRT-06/COUNT C": "PRT-01/COUNT R1",  # nobody tells the channel in the other region
        "PRT-06/COUNT R1 POLICE": "PRT-06/COUNT C POLICE",
        "PRT-07/NUMERATOR R1": "PRT-06/COUNT C SELF",
        "A/COUNT C": "PRT-01/COUNT C Y0T17",
        "A/COUNT L3": "PRT-01/COUNT R2 Y0T17",  # the only leaf of its region
    }
    assert {name: leads[name] for name in wanted} == wanted


@settings(max_examples=60, deadline=None)
@given(st.lists(countries(), min_size=6, max_size=6))
def test_the_same_counts_are_equal_in_every_country_that_keeps_the_relations(told: list[np.ndarray]):
    same = same_counts(model())
    for true in told:
        counts = model().matrix @ true
        assert (counts == counts[same]).all()


def test_cells_that_are_equal_in_every_country_are_the_same_count():
    draw = np.random.default_rng(3)
    columns: list[np.ndarray] = []
    for _ in range(40):
        victims, own = draw.integers(0, 1000, 6), int(draw.integers(0, 500))
        by_region = np.concatenate([victims[:2] + victims[2:4], victims[4:]])
        true = np.concatenate([victims, by_region, [own, by_region[:2].sum() - own], [own], victims[::2]])
        columns.append(model().matrix @ true)
    counts = np.stack(columns)
    equal = (counts[:, :, None] == counts[:, None, :]).all(axis=0)
    same = same_counts(model())
    assert (equal == (same[:, None] == same[None, :])).all()


@pytest.mark.parametrize("rung", LADDER)
@settings(max_examples=10, deadline=None)
@given(true=countries(), key=st.binary(min_size=1, max_size=8))
def test_one_count_is_rounded_to_one_figure_whatever_else_is_given_up(rung: Rung, true: np.ndarray, key: bytes):
    same = same_counts(model())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(additive_rounding, "LADDER", (rung,))
        printed = controlled_rounding(model(), true, key=key, label="2024", wanted=WantedCells(same=same))
    assert (printed == printed[same]).all()
    assert (np.abs(printed - model().matrix @ true) < 5).all()


@settings(max_examples=30, deadline=None)
@given(true=countries(), key=st.binary(min_size=1, max_size=8))
def test_a_count_that_is_exact_everywhere_contradicts_no_relation(true: np.ndarray, key: bytes):
    """A part and its whole that are both printed as they are bound each other in no multiple."""
    same = same_counts(model())
    cells = model().cells
    totals = (cells[["age", "cust_breakdown"]] == "_T").all(axis=1) & (cells["area"] == "R1")
    exact = np.isin(same, same[(totals & (cells["measure"] == WHOLE)).to_numpy()])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(additive_rounding, "LADDER", LADDER[:1])
        printed = controlled_rounding(model(), true, key=key, label="2024", wanted=WantedCells(same=same, exact=exact))
    assert (printed[exact] == (model().matrix @ true)[exact]).all()


def test_a_count_goes_up_as_often_as_its_fraction_says_however_many_cells_tell_it():
    """Of 31 one fifth goes up; four draws of their own would send it up half as often."""
    rows, columns = (frame([{"measure": name, "area": "L1"} for name in (WHOLE, RATE, "B/N", "D/N")]) for _ in range(2))
    relations = [Relation(name, "partition", WHOLE) for name in (RATE, "B/N", "D/N")]
    alike = build_model(rows, columns, relations, ancestors={}, merged={})
    true, same = np.full(4, 31.0), same_counts(alike)
    up = [
        controlled_rounding(alike, true, key=b"key", label=str(year), wanted=WantedCells(same=same))[0] == 35
        for year in range(1500)
    ]
    assert 0.17 < np.mean(up) < 0.23


def test_what_was_printed_stays_before_a_relation_where_nothing_changed():
    """A part was printed above its whole: it stays so while nothing changes, and is mended with the next cases."""
    rows = frame([{"measure": name, "area": "L1"} for name in (WHOLE, "B/N")])
    model = build_model(rows, rows, [Relation("B/N", "subset", WHOLE)], ancestors={}, merged={})
    true, previous = np.array([12.0, 11.0]), np.array([10.0, 15.0])
    held, revised = (
        controlled_rounding(
            model, true, key=b"key", label="2024", wanted=WantedCells(previous=previous, is_held=is_held)
        ).tolist()
        for is_held in (True, False)
    )
    assert held == [10, 15]
    assert revised[0] >= revised[1]
