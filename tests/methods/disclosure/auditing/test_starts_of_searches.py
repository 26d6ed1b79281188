"""A search that begins at a known table finds the best one, also where the solver gives its start back."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from methods.disclosure.auditing.attacked_system import Questions, System
from methods.disclosure.auditing.attacker import Attacker
from methods.disclosure.auditing.small_moves import Moves


def searcher(rows: np.ndarray, lower: np.ndarray, upper: np.ndarray, known: np.ndarray, asked: np.ndarray) -> Attacker:
    """Somebody who knows the sums within bounds, and one whole table that agrees with them."""
    size = rows.shape[1]
    nobody = np.zeros(size)
    system = System(
        sp.csr_matrix(rows), lower, upper, np.zeros((0, 2), dtype=np.int64), np.arange(size, dtype=np.int64), nobody
    )
    questions = Questions(sp.csr_matrix(asked[np.newaxis, :]), np.array([3.0]), np.array([-np.inf]))
    return Attacker(system, questions, Moves(system), [known])


# Presolve alone solves these: HiGHS 1.16 tells their optimum and gives back the start.
STARTS = [
    (
        [[0, 0, 1, 1], [1, 0, 0, 0], [1, 0, 1, 1], [1, 1, 1, 1]],
        [(3, 9), (0, 5), (5, 8), (5, 7)], [1, 1, 3, 2], [0, 0, 1, 0], 0,
    ),
    (
        [[1, 1, 1, 0, 1], [1, 1, 1, 1, 1], [0, 1, 0, 0, 1], [0, 0, 0, 1, 1]],
        [(5, 6), (9, 13), (0, 1), (2, 7)], [3, 0, 3, 3, 0], [1, -1, 1, 1, -1], 7,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "bounds", "known", "asked", "least"), STARTS)
def test_a_start_that_comes_back_as_the_solution_is_not_believed(
    rows: list[list[int]], bounds: list[tuple[int, int]], known: list[int], asked: list[int], least: int
):
    lower, upper = np.array(bounds, dtype=float).T
    attacker = searcher(np.array(rows, dtype=float), lower, upper, np.array(known, float), np.array(asked, float))
    assert attacker.minimise(np.array(asked, dtype=float)) == (least, least)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_from_any_start_the_least_answer_is_that_of_all_tables(seed: int):
    random = np.random.default_rng(seed)
    size, count = int(random.integers(2, 5)), int(random.integers(1, 5))
    rows = np.vstack([(random.random((count, size)) < 0.6).astype(float), np.ones(size)])
    known = random.integers(0, 4, size).astype(float)
    slack = random.integers(0, 4, (2, count + 1))
    lower, upper = np.maximum(rows @ known - slack[0], 0), rows @ known + slack[1]
    asked = random.choice([-1.0, 0.0, 1.0], size)
    tables = np.array(list(product(range(int(upper[-1]) + 1), repeat=size)), dtype=float)
    sums = tables @ rows.T
    possible = tables[((sums >= lower) & (sums <= upper)).all(axis=1)]
    least = float((possible @ asked).min())
    assert searcher(rows, lower, upper, known, asked).minimise(asked) == (least, least)
