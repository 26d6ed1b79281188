"""Withdrawn cases, figures that others published, contradictions, rows of one kind, and base 3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from methods.disclosure.auditing import attacker, unexplained_figures, vintages
from methods.disclosure.auditing import audit as audit_module
from methods.disclosure.auditing.audit import AuditQuestion, audit, published_bounds
from methods.disclosure.auditing.vintages import CellBounds, Vintage, joint_system
from methods.disclosure.auditing.withdrawn_cases import LeastCases, find_least_withdrawals
from methods.disclosure.rounding.additive_rounding import WantedCells, controlled_rounding
from methods.disclosure.table_model import Relation, TableModel, build_model
from tests.methods.disclosure.invented_tables import VICTIMS, crossed, frame, victim_model, victim_year

COUNT = "PRT-01/COUNT"
FORMS = ("SEXUAL", "BEGGING", "ORGAN")


def table(
    published: Sequence[Mapping[str, str]], areas: Sequence[str] = ("L1",), **categories: Sequence[str]
) -> TableModel:
    rows = frame([{"measure": COUNT, "area": "L1", **row} for row in published])
    region = {"L1": ("R",), "L2": ("R",), "L3": ("R",)}
    return build_model(crossed(COUNT, areas, categories), rows, [], ancestors=region, merged={})


def printed(*values: int, method: str = "EXACT_11") -> CellBounds:
    return published_bounds(np.array(values), [method] * len(values))


def unasked(model: TableModel) -> np.ndarray:
    return np.zeros(len(model.cells), dtype=bool)


def test_a_withdrawn_case_is_seen_between_exact_vintages():
    model = table([{}])
    report = audit(
        Vintage(model, printed(37)), AuditQuestion(sensitive=unasked(model), earlier=[Vintage(model, printed(38))])
    )
    assert [(one.rule, one.low, one.high) for one in report.failures] == [("too_few_values", 1, 1)]
    assert report.withdrawn == 1


def test_withdrawn_cases_between_rounded_vintages_stay_uncertain():
    model = table([{}])
    earlier = [Vintage(model, printed(20, method="ROUNDED_5"))]
    report = audit(
        Vintage(model, printed(10, method="ROUNDED_5")), AuditQuestion(sensitive=unasked(model), earlier=earlier)
    )
    assert report.passed
    assert report.withdrawn == 2


def test_a_vintage_that_withdrawals_explain_is_not_forgotten():
    """Four women less: at least four were withdrawn. Of the five men printed before at most two more can be gone."""
    old, new = table([{"sex": "F"}, {"sex": "M"}], sex=("F", "M")), table([{"sex": "F"}], sex=("F", "M"))
    men, now = [{"sex": "M"}], CellBounds(np.array([4.0]), np.array([6.0]))
    assert audit(Vintage(new, now), AuditQuestion(sensitive=unasked(new), never=men)).passed
    report = audit(
        Vintage(new, now), AuditQuestion(sensitive=unasked(new), never=men, earlier=[Vintage(old, printed(10, 5))])
    )
    assert report.withdrawn == 4
    assert ("never_cell_certain", 3) in {(one.rule, one.low) for one in report.failures}


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 4), min_size=2, max_size=2),
    st.lists(st.integers(0, 4), min_size=2, max_size=2),
    st.lists(st.integers(0, 3), min_size=6, max_size=6),
)
def test_the_least_withdrawals_are_what_trying_every_pair_finds(before: list[int], after: list[int], widths: list[int]):
    model = table([{}, {"sex": "F"}, {"sex": "M"}], sex=("F", "M"))
    cells = [model.matrix @ np.array(one) for one in (before, after)]
    spread = (np.array(widths[:3]), np.array(widths[3:]))
    then, now = (
        CellBounds(np.maximum(0, one - wide // 2), one + wide // 3) for one, wide in zip(cells, spread, strict=True)
    )
    every = np.array(list(product(range(7), repeat=4)))
    old, new = every[:, :2] @ model.matrix.T.toarray(), every[:, 2:] @ model.matrix.T.toarray()
    agreeing = ((old >= then.lower) & (old <= then.upper) & (new >= now.lower) & (new <= now.upper)).all(axis=1)
    fewest = int(np.maximum(every[:, :2] - every[:, 2:], 0).sum(axis=1)[agreeing].min())
    found = find_least_withdrawals(joint_system([Vintage(model, then), Vintage(model, now)], withdrawals=True))
    assert found is not None
    assert (found.cases, found.is_proven) == (fewest, True)
    report = audit(Vintage(model, now), AuditQuestion(sensitive=unasked(model), earlier=[Vintage(model, then)]))
    assert report.withdrawn == fewest


def test_a_least_number_that_is_not_proven_is_refused(monkeypatch: pytest.MonkeyPatch):
    model = table([{}])

    def unproven(_: object) -> LeastCases:
        return LeastCases(3, is_proven=False, table=np.zeros(3))

    monkeypatch.setattr(audit_module, "find_least_withdrawals", unproven)
    report = audit(
        Vintage(model, printed(37)), AuditQuestion(sensitive=unasked(model), earlier=[Vintage(model, printed(38))])
    )
    assert [one.rule for one in report.failures] == ["not_proven"]


def test_a_system_of_which_nothing_is_known_within_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch):
    model = table([{}])

    def nothing(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr(attacker.Attacker, "_search", nothing)
    monkeypatch.setattr(unexplained_figures._FigureSearch, "is_feasible", nothing)  # pyright: ignore[reportPrivateUsage]
    report = audit(Vintage(model, printed(37)), AuditQuestion(sensitive=unasked(model)))
    assert [one.rule for one in report.failures] == ["not_proven"]


def test_a_figure_of_others_narrows_a_small_cell():
    model = table([{}, {"form": "ORGAN"}], form=FORMS)
    now, small = printed(20, 5, method="ROUNDED_5"), np.array([False, True])
    outside = table([{"form": "ORGAN"}], form=FORMS)
    assert audit(Vintage(model, now), AuditQuestion(sensitive=small)).passed
    report = audit(Vintage(model, now), AuditQuestion(sensitive=small, external=[Vintage(outside, printed(3))]))
    assert [(one.rule, one.low, one.high) for one in report.failures] == [("too_few_values", 3, 3)]


def test_figures_of_others_and_ours_that_contradict_each_other_are_named():
    model = table([{}, {"form": "ORGAN"}, {"form": "BEGGING"}], form=FORMS)
    outside = table([{"form": "SEXUAL"}, {"form": "BEGGING"}], form=FORMS)
    external = [Vintage(outside, printed(40, 10))]
    report = audit(
        Vintage(model, printed(20, 5, 10, method="ROUNDED_5")),
        AuditQuestion(sensitive=unasked(model), external=external),
    )
    assert [one.rule for one in report.failures] == ["impossible"]
    named = [(one.is_external, one.coordinates.get("form"), one.lower, one.upper) for one in report.contradiction]
    assert named == [(False, None, 16, 24), (True, "SEXUAL", 40, 40)]


def test_a_contradiction_of_whole_persons_only_is_named_too():
    """Half a case in each of two cells would explain it; no whole table does."""
    cells = [{"area": "G1"}, {"area": "G2"}, {"area": "G3"}, {"area": "L4"}]
    groups = {"L1": ("G1", "G3"), "L2": ("G1", "G2"), "L3": ("G2", "G3"), "L4": ()}
    rows = frame([{"measure": COUNT, **row} for row in cells])
    model = build_model(crossed(COUNT, tuple(groups), {}), rows, [], ancestors=groups, merged={})
    report = audit(Vintage(model, printed(1, 1, 1, 7)), AuditQuestion(sensitive=unasked(model)))
    assert [one.rule for one in report.failures] == ["impossible"]
    assert {one.coordinates["area"] for one in report.contradiction} == {"G1", "G2", "G3"}


def test_attack_17_a_row_of_one_kind_tells_the_kind_of_all():
    model = table([{}, *({"form": form} for form in FORMS)], form=FORMS)
    pair = np.array([[1, 0]])
    for values, fails in (
        ((12, 12, 0, 0), True),
        ((30, 27, 3, 0), True),
        ((30, 26, 4, 0), False),
        ((4, 4, 0, 0), False),
    ):
        report = audit(Vintage(model, printed(*values)), AuditQuestion(sensitive=unasked(model), of_one_kind=pair))
        assert [one.rule for one in report.failures] == ["one_kind_certain"] * fails, values
    rounded = printed(15, 15, 0, 0, method="ROUNDED_5")
    assert audit(Vintage(model, rounded), AuditQuestion(sensitive=unasked(model), of_one_kind=pair)).passed


def test_base_three_is_read_from_the_method_and_a_year_rounded_to_it_passes():
    assert published_bounds(np.array([3, 0]), ["ROUNDED_3"] * 2).lower.tolist() == [1, 0]
    assert published_bounds(np.array([3, 0]), ["ROUNDED_3"] * 2).upper.tolist() == [5, 2]
    model = victim_model(measures=VICTIMS[:1])
    true = victim_year(12, 300)[: len(model.base)]
    values = controlled_rounding(model, true, base=3, key=b"an invented key", label="2021")
    cells = model.matrix @ true
    bounds = published_bounds(values, ["ROUNDED_3"] * len(values))
    assert ((bounds.lower <= cells) & (cells <= bounds.upper)).all()
    assert audit(Vintage(model, bounds), AuditQuestion(sensitive=(cells > 0) & (cells < 5))).passed


def test_a_value_that_told_too_much_is_rounded_the_other_way():
    model = build_model(crossed("A", ("L1",), {}), crossed("A", ("L1",), {}), [], ancestors={}, merged={})
    for told, other in ((10.0, 15), (15.0, 10)):
        values = controlled_rounding(
            model, np.array([12]), key=b"k", label="2021", wanted=WantedCells(avoided=np.array([told]))
        )
        assert values.tolist() == [other]
    assert (
        controlled_rounding(model, np.array([10]), key=b"k", label="2021", wanted=WantedCells(avoided=np.array([10.0])))
        == 10
    )


@pytest.mark.parametrize(("ages", "wholes"), [(3, 3), (40, vintages.MOST_WHOLES)])
def test_a_part_moves_with_all_crosses_of_its_whole_or_with_a_few_of_many(ages: int, wholes: int):
    part = crossed("X/COUNT", ("L1", "L2"), {})
    whole = crossed(COUNT, ("L1", "L2"), {"age": [f"A{number}" for number in range(ages)]})
    cells = frame([{"measure": COUNT, "area": "L1"}, {"measure": "X/COUNT", "area": "L1"}])
    relations = [Relation("X/COUNT", "subset", COUNT)]
    model = build_model(pd.concat([part, whole]), cells, relations, ancestors={}, merged={})
    pairs = joint_system([Vintage(model, printed(9, 4))]).system.pairs
    assert len({(int(one), int(other)) for one, other in pairs}) == 2 * wholes
    area, measure = model.base["area"].to_numpy(), model.base["measure"].to_numpy()
    assert (area[pairs[:, 0]] == area[pairs[:, 1]]).all()
    assert set(measure[pairs[:, 0]]) == {"X/COUNT"}
    assert set(measure[pairs[:, 1]]) == {COUNT}
