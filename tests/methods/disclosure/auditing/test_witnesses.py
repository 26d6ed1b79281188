"""A proof that is handed over saves the search, and no proof, however wrong, makes anything safe."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from methods.disclosure.auditing import attacker
from methods.disclosure.auditing.audit import AuditQuestion, AuditReport, audit
from methods.disclosure.auditing.insiders import Insider
from methods.disclosure.auditing.vintages import CellBounds, Vintage
from methods.disclosure.auditing.witnesses import Proof, Recalled
from methods.disclosure.table_model import TableModel, build_model
from tests.methods.disclosure.invented_tables import crossed, frame

COUNT = "PRT-01/COUNT"
SEX, AGE = ("F", "M"), ("Y0T17", "Y_GE18")


def square() -> TableModel:
    """Sex by age of one leaf, all margins printed."""
    cells = [{}, {"sex": "F"}, {"sex": "M"}, {"age": "Y0T17"}, {"age": "Y_GE18"}]
    cells += [{"sex": sex, "age": age} for sex in SEX for age in AGE]
    rows = frame([{"measure": COUNT, "area": "L1", **row} for row in cells])
    return build_model(crossed(COUNT, ("L1",), {"sex": SEX, "age": AGE}), rows, [], ancestors={}, merged={})


def asking(true: list[int], widths: list[int]) -> Callable[[Proof | None], AuditReport]:
    """An audit of every cell, and of a body that sent one case of each filled cell."""
    model, counts = square(), np.array(true)
    cells, known = model.matrix @ counts, np.minimum(counts, 1)
    bounds = CellBounds(np.maximum(0, cells - np.array(widths) // 2), cells + np.array(widths) // 3)
    others = cells - model.matrix @ known
    body = Insider("ministry", known.astype(float), (others >= 1) & (others < 5))
    return lambda proof: audit(
        Vintage(model, bounds), AuditQuestion(sensitive=np.ones(9, bool), insiders=[body], proof=proof)
    )


FOUR = st.lists(st.integers(0, 3), min_size=4, max_size=4)
NINE = st.lists(st.integers(0, 4), min_size=9, max_size=9)


@settings(max_examples=15, deadline=None)
@given(FOUR, NINE, st.integers(0, 2**32 - 1))
def test_whatever_a_proof_claims_what_is_unsafe_stays_unsafe(true: list[int], widths: list[int], seed: int):
    random = np.random.default_rng(seed)
    forged = Proof(
        random.integers(-1, 6, (5, 4)),
        random.integers(0, 5, 30),
        sp.csr_matrix(random.integers(-4, 5, (30, 4))),
    )
    asked = asking(true, widths)
    honest, deceived = asked(None), asked(forged)
    assert deceived.failures == honest.failures
    assert deceived.narrow == honest.narrow


@settings(max_examples=15, deadline=None)
@given(FOUR, NINE)
def test_each_witness_of_a_proof_is_a_whole_table_that_keeps_every_row(true: list[int], widths: list[int]):
    model, proof = square(), asking(true, widths)(None).proof
    assert proof is not None
    cells = model.matrix @ np.array(true)
    lower, upper = np.maximum(0, cells - np.array(widths) // 2), cells + np.array(widths) // 3
    shown = np.vstack([proof.tables, proof.tables[proof.origin] + proof.changes.toarray()])
    sums = shown @ model.matrix.T.toarray()
    assert (shown >= 0).all() and (sums >= lower).all() and (sums <= upper).all()


def test_what_a_proof_answers_is_not_searched_again(monkeypatch: pytest.MonkeyPatch):
    asked = asking([3, 2, 3, 3], [4] * 9)
    first = asked(None)
    assert first.passed and first.programmes > 0

    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a programme was solved")

    monkeypatch.setattr(attacker.Attacker, "_solver", forbidden)
    assert asked(first.proof).passed
    with pytest.raises(AssertionError):
        asked(None)


def test_a_proof_over_other_unknowns_is_left_out():
    asked = asking([3, 2, 3, 3], [4] * 9)
    other = Proof(np.ones((1, 5), dtype=np.int64), np.zeros(0, dtype=np.int64), sp.csr_matrix((0, 5)))
    assert asked(other) == asked(None)


def test_joined_proofs_hold_each_table_once_and_keep_their_changes():
    one = Proof(np.array([[1, 2]]), np.array([0]), sp.csr_matrix([[1, 0]]))
    other = Proof(np.array([[3, 3], [1, 2]]), np.array([1, 0]), sp.csr_matrix([[0, 1], [0, -1]]))
    joined = Proof.join([one, other])
    assert joined.tables.tolist() == [[1, 2], [3, 3]]
    shown = joined.tables[joined.origin] + joined.changes.toarray()
    assert shown.tolist() == [[2, 2], [1, 3], [3, 2]]


def test_a_change_is_a_witness_only_where_its_own_rows_hold_too():
    proof = Proof(np.array([[2, 2], [9, 0]]), np.array([0, 0, 1]), sp.csr_matrix([[1, 0], [2, 0], [-8, 0]]))
    recalled = Recalled(proof, sp.csr_matrix([[1.0, 1.0]]))
    agreeing = recalled.find_agreeing(np.array([0.0]), np.array([5.0]))
    assert agreeing.tables.tolist() == [True, False]
    assert agreeing.changes.tolist() == [True, False, False]  # the last one fits, but what it is a change of does not
    assert recalled.answers(sp.csr_matrix([[1.0, 0.0]]), agreeing).tolist() == [[2, 3]]
