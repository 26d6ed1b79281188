"""Insiders: what a body or a counted person learns of the others, against trying every table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from methods.disclosure.auditing import attacker, insiders
from methods.disclosure.auditing.attack_questions import coordinates_of
from methods.disclosure.auditing.audit import AuditQuestion, AuditReport, audit, published_bounds
from methods.disclosure.auditing.insiders import Insider
from methods.disclosure.auditing.vintages import CellBounds, Vintage
from methods.disclosure.table_model import Relation, TableModel, build_model
from tests.methods.disclosure.invented_tables import crossed, frame

COUNT, PART = "PRT-01/COUNT", "PRT-03/NUMERATOR"
SEX, AGE = ("F", "M"), ("Y0T17", "Y_GE18")


def table(published: Sequence[Mapping[str, str]], **categories: Sequence[str]) -> TableModel:
    """One leaf, one measure."""
    rows = frame([{"measure": COUNT, "area": "L1", **row} for row in published])
    return build_model(crossed(COUNT, ("L1",), categories), rows, [], ancestors={}, merged={})


def asked_of(model: TableModel, true: np.ndarray, known: np.ndarray, name: str = "ministry") -> Insider:
    others = model.matrix @ (true - known)
    return Insider(name, known.astype(float), (others >= 1) & (others < 5))


def judged(model: TableModel, bounds: CellBounds, *insiders: Insider, true: np.ndarray | None = None) -> AuditReport:
    return audit(
        Vintage(model, bounds), AuditQuestion(sensitive=np.zeros(len(model.cells), bool), insiders=insiders, table=true)
    )


def test_attack_9_a_body_subtracts_its_own_cases():
    model, true = table([{}, {"sex": "F"}, {"sex": "M"}], sex=SEX), np.array([13, 1])
    bounds = published_bounds(np.array([14, 0, 0]), ["EXACT_11", "HIDDEN", "HIDDEN"])
    body = asked_of(model, true, np.array([12, 0]))
    report = judged(model, bounds, body)
    assert [(one.rule, one.insider, one.coordinates.get("sex"), one.low, one.high) for one in report.failures] == [
        ("insider_certain", "ministry", None, 2, 2)
    ]
    assert judged(model, bounds).passed


def test_what_rounding_leaves_to_a_body_is_counted_and_does_not_fail():
    model, true = table([{}]), np.array([9])
    report = judged(model, published_bounds(np.array([5]), ["ROUNDED_5"]), asked_of(model, true, np.array([8])))
    assert report.failures == []
    assert report.asked_of_insiders == 1
    narrow = report.narrow[0]
    assert (narrow.rule, narrow.insider, narrow.low, narrow.high) == ("insider_narrow", "ministry", 0, 1)


@pytest.mark.parametrize(("least", "certain", "narrow"), [(9.0, 1, 0), (8.0, 0, 1), (7.0, 0, 0)])
def test_who_asks_for_certainty_alone_hears_of_no_narrow_answer_and_of_every_certain_one(
    least: float, certain: int, narrow: int
):
    model, true, bounds = table([{}]), np.array([9]), CellBounds(np.array([least]), np.array([9.0]))
    body, small = asked_of(model, true, np.array([7])), np.zeros(1, bool)
    both, one = (
        audit(Vintage(model, bounds), AuditQuestion(sensitive=small, insiders=[body], counts_narrow=asks))
        for asks in (True, False)
    )
    assert (len(both.failures), len(both.narrow)) == (certain, narrow)
    assert (one.failures, one.narrow) == (both.failures, [])


@pytest.mark.parametrize("enough", [1, 2, 3, 4])
def test_after_enough_failures_nothing_more_is_asked(enough: int):
    """Two figures tell anybody too much, three more the court and two the police."""
    model, true = table([{}, {"sex": "F"}, {"sex": "M"}], sex=SEX), np.array([2, 1])
    bounds = CellBounds(np.array([0.0, 2, 1]), np.array([np.inf, 2, 1]))
    bodies = [asked_of(model, true, np.array(known), name) for known, name in (([1, 0], "court"), ([0, 1], "police"))]
    small = np.array([False, True, True])
    everything = audit(Vintage(model, bounds), AuditQuestion(sensitive=small, insiders=bodies)).failures
    report = audit(Vintage(model, bounds), AuditQuestion(sensitive=small, insiders=bodies, enough=enough))
    assert len(everything) == 7
    assert enough <= len(report.failures) < 7
    assert report.failures == everything[: len(report.failures)]


def test_where_the_public_learns_too_much_nobody_else_need_be_asked():
    model, true = table([{}, {"sex": "F"}, {"sex": "M"}], sex=SEX), np.array([2, 1])
    bounds = CellBounds(np.array([0.0, 2, 1]), np.array([np.inf, 2, 1]))
    bodies, small = [asked_of(model, true, np.array([1, 0]), "court")], np.array([False, True, True])
    everything = audit(Vintage(model, bounds), AuditQuestion(sensitive=small, insiders=bodies))
    report = audit(Vintage(model, bounds), AuditQuestion(sensitive=small, insiders=bodies, public_first=True))
    assert report.asked_of_insiders == 0 < everything.asked_of_insiders
    assert [] != report.failures == [one for one in everything.failures if not one.insider] != everything.failures


def test_where_the_public_learns_nothing_everybody_is_asked():
    model, true = table([{}, {"sex": "F"}, {"sex": "M"}], sex=SEX), np.array([13, 1])
    bounds = published_bounds(np.array([14, 0, 0]), ["EXACT_11", "HIDDEN", "HIDDEN"])
    body, small = asked_of(model, true, np.array([12, 0])), np.zeros(3, bool)
    assert audit(Vintage(model, bounds), AuditQuestion(sensitive=small, insiders=[body], public_first=True)) == judged(
        model, bounds, body
    )


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 2), min_size=4, max_size=4), min_size=3, max_size=4),
    st.lists(st.integers(0, 3), min_size=9, max_size=9),
    st.sampled_from([1, 2, np.inf]),
)
def test_how_many_are_asked_side_by_side_changes_no_answer_and_no_proof(
    sent: list[list[int]], widths: list[int], enough: float
):
    model = table(
        [{}, {"sex": "F"}, {"sex": "M"}, {"age": "Y0T17"}, {"age": "Y_GE18"}]
        + [{"sex": sex, "age": age} for sex in SEX for age in AGE],
        sex=SEX,
        age=AGE,
    )
    true = np.array(sent).sum(axis=0)
    cells = model.matrix @ true
    bounds = CellBounds(np.maximum(0, cells - np.array(widths)), cells + np.array(widths))
    bodies = [asked_of(model, true, np.array(own), f"body {place}") for place, own in enumerate(sent)]
    reports: list[AuditReport] = []
    for count in (1, 2, 3):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(insiders, "SIDE_BY_SIDE", count)
            small = np.zeros(len(cells), bool)
            reports.append(
                audit(
                    Vintage(model, bounds), AuditQuestion(sensitive=small, insiders=bodies, table=true, enough=enough)
                )
            )
    assert reports[0] == reports[1] == reports[2]
    assert len({len(one.proof.tables) for one in reports if one.proof}) <= 1


def test_a_body_that_sent_all_of_a_cell_is_not_asked_about_it():
    model, true = table([{}]), np.array([4])
    report = judged(model, published_bounds(np.array([5]), ["ROUNDED_5"]), asked_of(model, true, true))
    assert (report.asked_of_insiders, report.narrow, report.failures) == (0, [], [])


def test_attack_8_a_person_who_is_alone_narrows_the_others():
    model, true = table([{}, {"sex": "F"}, {"sex": "M"}], sex=SEX), np.array([1, 1])
    bounds = CellBounds(np.array([2.0, 0, 0]), np.array([2.0, np.inf, np.inf]))
    report = judged(model, bounds, asked_of(model, true, np.array([1, 0]), name=""))
    assert {(one.rule, one.low, one.high) for one in report.failures} == {
        ("singleton_learns", 1, 1),  # in all
        ("singleton_learns", 0, 1),  # of the other sex
    }


def test_the_cases_of_others_keep_the_relations_between_measures():
    """All identified victims are the ministry's own: of the others, one whole is left and no part."""
    rows = frame([{"measure": name, "area": "L1"} for name in (COUNT, PART)])
    model = build_model(rows, rows, [Relation(PART, "subset", COUNT)], ancestors={}, merged={})
    bounds = CellBounds(np.array([10.0, 6]), np.array([10.0, 9]))
    true, known = np.array([10, 8]), np.array([8, 6])
    report = judged(model, bounds, asked_of(model, true, known))
    assert [(one.coordinates["measure"], one.low, one.high) for one in report.failures] == [(COUNT, 2, 2)]
    assert report.narrow == []  # 0, 1 or 2 of the two others are identified
    narrower = judged(
        model, CellBounds(np.array([9.0, 6]), np.array([9.0, 9])), asked_of(model, np.array([9, 7]), known)
    )
    assert [(one.low, one.high) for one in narrower.narrow] == [(0, 1)]


def test_an_insider_for_whom_no_table_is_found_is_refused():
    model, true = table([{}]), np.array([8])
    body = asked_of(model, true, np.array([7]))
    impossible = Insider("ministry", np.array([20.0]), body.asked)
    report = judged(model, published_bounds(np.array([5]), ["ROUNDED_5"]), impossible)
    assert [one.rule for one in report.failures] == ["insider_certain"]


def test_nothing_is_safe_that_the_limit_of_nodes_left_unproven(monkeypatch: pytest.MonkeyPatch):
    model = table([{}, {"sex": "F"}, {"sex": "M"}], sex=SEX)
    bounds = published_bounds(np.array([10, 5, 5]), ["ROUNDED_5"] * 3)
    small = np.array([False, True, True])
    assert audit(Vintage(model, bounds), AuditQuestion(sensitive=small)).passed

    def nothing_found(*_: object, **__: object) -> None:
        return None

    monkeypatch.setattr(attacker.Attacker, "_search", nothing_found)
    assert not audit(Vintage(model, bounds), AuditQuestion(sensitive=small)).passed


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
    st.lists(st.integers(0, 3), min_size=9, max_size=9),
    st.booleans(),
)
def test_insiders_learn_what_trying_every_table_says(
    true: list[int], share: list[int], widths: list[int], is_person: bool
):
    model = table(
        [{}, {"sex": "F"}, {"sex": "M"}, {"age": "Y0T17"}, {"age": "Y_GE18"}]
        + [{"sex": sex, "age": age} for sex in SEX for age in AGE],
        sex=SEX,
        age=AGE,
    )
    counts = np.array(true)
    known = np.minimum(counts, np.array(share))
    cells = model.matrix @ counts
    bounds = CellBounds(np.maximum(0, cells - np.array(widths) // 2), cells + np.array(widths) // 3)
    insider = asked_of(model, counts, known, name="" if is_person else "ministry")
    every = np.array(list(product(range(7), repeat=4)))
    sums = every @ model.matrix.T.toarray()
    agreeing = ((sums >= bounds.lower) & (sums <= bounds.upper)).all(axis=1) & (every >= known).all(axis=1)
    others = sums[agreeing] - model.matrix @ known
    expected = {
        (cell, others[:, cell].min(), others[:, cell].max())
        for cell in np.flatnonzero(insider.asked)
        if others[:, cell].max() - others[:, cell].min() < 2
    }
    report = judged(model, bounds, insider, true=counts.astype(float))
    places = [coordinates_of(model, cell) for cell in range(len(model.cells))]
    found = {(places.index(one.coordinates), one.low, one.high) for one in [*report.failures, *report.narrow]}
    certain = {one for one in expected if is_person or one[1] == one[2]}
    assert {cell for cell, _, _ in found} == {cell for cell, _, _ in expected}
    assert {(places.index(one.coordinates), one.low, one.high) for one in report.failures} == certain
